"""Land of cells on which no file of a source lies."""

import logging
from typing import Final

import numpy as np
import shapely

from entropice.crs import LON_LAT_CRS, POLAR_CRS
from entropice.raster.utm_zones import transformer
from entropice.types import FloatArray, Geometries
from entropice.units import M2_PER_KM2

LEAST_SHARE: Final = 1e-3
"""Of a cell; less is rounding along the edges of files."""

logger = logging.getLogger(__name__)


def missed_land_m2(polygons: Geometries, land_fraction: FloatArray, grounds: Geometries) -> FloatArray:
    """Land of each cell that cannot but lie on no ground: what is beside all grounds, less the cell's sea.

    missed = A(cell − ∪ grounds) − (1 − `land_fraction`) · A(cell), A the area: the least that must be missed, as it is
    not asked where in a cell the sea lies.

    Parameters
    ----------
    polygons, grounds
        In EPSG:3413; areas are planar there. Polygons of the cells, shape (n_cells,), and of the files' ground, shape
        (n_files,), which may overlap; without any all land is missed.
    land_fraction
        Of each cell, shape (n_cells,), 0 to 1 without NaN.

    Returns
    -------
    FloatArray
        m², shape (n_cells,); 0 where it is less than a thousandth of the cell.

    Examples
    --------
    The ground leaves 50 of 100 m² out, of which 25 may be sea:

    >>> cell, ground = shapely.box([0], 0, 10, 10), shapely.box([0], 0, 5, 10)
    >>> missed_land_m2(cell, np.array([0.75]), ground).tolist()
    [25.0]
    """
    covered = shapely.union_all(grounds)
    shapely.prepare(covered)
    areas_m2, missed_m2 = shapely.area(polygons), np.zeros(len(polygons))
    # Most cells lie wholly on files, which is asked at once; only the others are cut, which takes long.
    beside = np.flatnonzero(~shapely.covers(covered, polygons))
    missed_m2[beside] = shapely.area(shapely.difference(polygons[beside], covered))
    missed_m2 -= (1 - land_fraction) * areas_m2
    missed_m2[missed_m2 < LEAST_SHARE * areas_m2] = 0.0
    return missed_m2


def report_missed_land(source: str, polygons: Geometries, land_fraction: FloatArray, grounds: Geometries) -> int:
    """Warn of the cells whose land lies on no file of a source, wholly or in part.

    The warning goes to the log, where there are such cells: how many of how many, their missed land together (km²), and
    the centre of the cell that misses most.

    Parameters
    ----------
    source
        Name of the source in the warning.
    polygons, land_fraction, grounds
        As of `missed_land_m2`.

    Returns
    -------
    int
        How many cells they are.
    """
    missed_m2 = missed_land_m2(polygons, land_fraction, grounds)
    cells = np.flatnonzero(missed_m2)
    if len(cells):
        worst = shapely.centroid(polygons[missed_m2.argmax()])
        lon_deg, lat_deg = transformer(POLAR_CRS, LON_LAT_CRS).transform(worst.x, worst.y)
        logger.warning(
            "%s: of %d of %d cells land lies on no file, %.0f km² or more, most of it in a cell near %.2f° N %.2f° E; "
            "what lies there stays unknown",
            source,
            len(cells),
            len(polygons),
            missed_m2.sum() / M2_PER_KM2,
            lat_deg,
            lon_deg,
        )
    return len(cells)

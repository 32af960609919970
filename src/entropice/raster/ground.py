"""Cells on which no file of a source lies."""

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


def uncovered_m2(polygons: Geometries, grounds: Geometries) -> FloatArray:
    """Planar area of each cell that lies on no ground; all in EPSG:3413, float64, shape (n_cells,)."""
    covered = shapely.union_all(grounds)
    shapely.prepare(covered)
    areas_m2 = np.zeros(len(polygons))
    beyond = np.flatnonzero(~shapely.covers(covered, polygons))
    areas_m2[beyond] = shapely.area(shapely.difference(polygons[beyond], covered))
    areas_m2[areas_m2 < LEAST_SHARE * shapely.area(polygons)] = 0.0
    return areas_m2


def report_uncovered(source: str, polygons: Geometries, grounds: Geometries) -> int:
    """Warn of the cells (EPSG:3413) that lie on no file of a source, wholly or in part.

    Returns
    -------
    int
        How many they are.
    """
    areas_m2 = uncovered_m2(polygons, grounds)
    beyond = np.flatnonzero(areas_m2)
    if len(beyond):
        is_whole = areas_m2[beyond] >= (1 - LEAST_SHARE) * shapely.area(polygons[beyond])
        first = shapely.centroid(polygons[beyond[0]])
        lon_deg, lat_deg = transformer(POLAR_CRS, LON_LAT_CRS).transform(first.x, first.y)
        logger.warning(
            "%s: %d of %d cells lie on no file and %d in part, %.0f km² in all, such as one near %.2f° N %.2f° E; "
            "what lies there stays unknown",
            source,
            is_whole.sum(),
            len(polygons),
            (~is_whole).sum(),
            areas_m2.sum() / M2_PER_KM2,
            lat_deg,
            lon_deg,
        )
    return len(beyond)

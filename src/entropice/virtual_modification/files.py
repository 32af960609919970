"""A virtual land as the files that it is published in."""

from collections.abc import Iterator

import numpy as np

from entropice.crs import POLAR_CRS
from entropice.sources.imagery.placing import RasterPlace
from entropice.sources.series.declaration import StoredUnit
from entropice.sources.series.human_modification import HUMAN_MODIFICATION
from entropice.sources.series.writing import SeriesFile, stored_numbers
from entropice.virtual_modification.specification import ModificationSpecification
from entropice.virtual_modification.world import ModifiedWorld


def modification_files(world: ModifiedWorld, unit: StoredUnit) -> Iterator[SeriesFile]:
    """Every map in a unit of `HUMAN_MODIFICATION`, and the elevation, which is 0 on water.

    Years come in order, then the elevation (m, float32); a map's file is ``hm/HM_<year>.tif``, that of the elevation
    ``static/elevation.tif``, below the folder of the source; the values of a map are stored in the unit, with a number
    of its own where the map has no data. Nothing is written here.
    """
    place = place_of(world.specification)
    for year, values in zip(world.specification.years, world.maps(), strict=True):
        numbers, nodata = stored_numbers(values, unit)
        yield SeriesFile(f"{HUMAN_MODIFICATION.folder}/HM_{year}.tif", numbers, place, nodata)
    yield SeriesFile(HUMAN_MODIFICATION.fixed["elevation"], world.ground.elevation_m, place, np.nan)


def place_of(specification: ModificationSpecification) -> RasterPlace:
    """Where the land lies: EPSG:3413, outer corner, pixel, rows and columns."""
    return RasterPlace(
        POLAR_CRS,
        specification.left_m,
        specification.top_m,
        specification.pixel_m,
        specification.n_rows,
        specification.n_columns,
    )

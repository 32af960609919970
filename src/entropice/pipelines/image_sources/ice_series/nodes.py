"""Nodes of real series of ice."""

from pathlib import Path

from entropice.pipelines.image_sources.ice_series.parameters import IceSeriesParameters
from entropice.types import Dataset


def read_fields(files: Path, parameters: IceSeriesParameters) -> Dataset:
    """Concentration of every step, unknown where the product has a flag."""
    from entropice.crs import POLAR_CRS
    from entropice.sources.ice.series import read_ice_series
    from entropice.sources.imagery.placing import RasterPlace

    grid = parameters.grid
    place = RasterPlace(POLAR_CRS, grid.left_m, grid.top_m, grid.pixel_m, grid.n_rows, grid.n_columns)
    return read_ice_series(files, parameters.declared, place)

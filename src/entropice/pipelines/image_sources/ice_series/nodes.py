"""Nodes of real series of ice."""

from pathlib import Path

from entropice.pipelines.image_sources.ice_series.parameters import IceSeriesParameters
from entropice.types import Dataset


def read_fields(files: Path, parameters: IceSeriesParameters) -> Dataset:
    """Concentration of every step, unknown where the product has a flag.

    Parameters
    ----------
    files
        Folder of the product's files, all of them: rasters by the product's names, or ``*.nc``, in subfolders too.
    parameters
        Product, and the grid (EPSG:3413) onto which its files are warped.

    Returns
    -------
    Dataset
        The dataset ``fields``: float32 (time, y, x), share of ice 0 to 1, NaN where unknown; ``time`` is the first day
        of each step, ``y`` descends, ``x`` ascends, middles of pixels in metres; all in memory.

    Raises
    ------
    InputFileError
        There is no file, a file is not of the product, or steps are missing or come twice: before any field is read.
    """
    from entropice.crs import POLAR_CRS
    from entropice.sources.ice.series import read_ice_series
    from entropice.sources.imagery.placing import RasterPlace

    grid = parameters.grid
    place = RasterPlace(POLAR_CRS, grid.left_m, grid.top_m, grid.pixel_m, grid.n_rows, grid.n_columns)
    return read_ice_series(files, parameters.declared, place)

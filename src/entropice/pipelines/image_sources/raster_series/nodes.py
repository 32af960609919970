"""Nodes of a folder of rasters."""

from pathlib import Path

from entropice.pipelines.image_sources.raster_series.parameters import RasterSeriesParameters
from entropice.types import Dataset


def read_fields(files: Path, parameters: RasterSeriesParameters) -> Dataset:
    """Fields of all steps; the files are checked first, and read in parts.

    Parameters
    ----------
    files
        Folder of rasters of one quantity, a file a step, named by its date as the product's files are
        (`RasterProduct.pattern`).
    parameters
        Product, and the unit in which its files store it.

    Returns
    -------
    Dataset
        The dataset ``fields``: float32 (time, y, x) of the product's band, converted from the files' unit to that of
        the band (attribute ``units``), and (y, x) of what does not change, such as heights in metres; NaN where
        unknown, and where a file has a flag; ``time`` is the first day of each step, ``y`` descends, ``x`` ascends,
        middles of pixels in metres. Nothing is in memory.

    Raises
    ------
    InputFileError
        A file is missing, of another product, place or unit; while parts are read, a number beyond the unit's range.
    """
    from entropice.sources.series.fields import read_series

    return read_series(files, *parameters.declared)

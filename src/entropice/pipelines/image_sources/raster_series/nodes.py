"""Nodes of a folder of rasters."""

from pathlib import Path

from entropice.pipelines.image_sources.raster_series.parameters import RasterSeriesParameters
from entropice.types import Dataset


def read_fields(files: Path, parameters: RasterSeriesParameters) -> Dataset:
    """Fields of all steps; the files are checked first, and read in parts."""
    from entropice.sources.series.fields import read_series

    return read_series(files, *parameters.declared)

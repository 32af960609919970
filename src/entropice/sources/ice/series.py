"""Folders of files of ice concentration as fields: rasters and NetCDF are two ways to open their steps."""

from collections.abc import Iterator
from pathlib import Path

from entropice.errors import InputFileError
from entropice.sources.ice.fields import DatedField, fields_of, require_one_series
from entropice.sources.ice.netcdf import places_of_days, read_days
from entropice.sources.imagery.placing import RasterPlace
from entropice.sources.series.declaration import NetcdfProduct, RasterProduct
from entropice.sources.series.fields import read_series
from entropice.types import Dataset


def read_ice_series(folder: Path, product: RasterProduct | NetcdfProduct, place: RasterPlace) -> Dataset:
    """Fields of concentration on a grid of the house (see `fields_of`) from all files of a folder.

    Files of a raster product have the names that it declares; of NetCDF all ``*.nc`` count, in subfolders too.

    Returns
    -------
    Dataset
        The product's band, float32 (time, y, x), shares from 0 to 1, NaN where unknown; all in memory. Coordinates
        ``time`` (first day of each step), ``y`` descending and ``x`` ascending, pixel middles in metres.

    Raises
    ------
    InputFileError
        There is no file, or one that is not of the product; flags, unit, grid or time are not declared, or a number is
        none of them; nothing is known within the grid. Gaps, doubled days and other grids are refused before any field
        is read.
    """
    if isinstance(product, NetcdfProduct):
        return fields_of(_of_netcdf(folder, product), place, product)
    return fields_of(_of_rasters(folder, product), place, product)


def _of_rasters(folder: Path, product: RasterProduct) -> Iterator[DatedField]:
    (unit,) = product.units
    fields = read_series(folder, product, unit)
    place = _place(fields)
    for number, day in enumerate(fields.indexes["time"]):
        yield DatedField(day=day, shares=fields[product.band][number].to_numpy(), place=place, path=folder)


def _place(fields: Dataset) -> RasterPlace:
    pixel_m = float(fields.attrs["pixel_m"])
    left_m, top_m = float(fields["x"][0]) - pixel_m / 2, float(fields["y"][0]) + pixel_m / 2
    return RasterPlace(fields.attrs["crs"], left_m, top_m, pixel_m, fields.sizes["y"], fields.sizes["x"])


def _of_netcdf(folder: Path, product: NetcdfProduct) -> Iterator[DatedField]:
    paths = sorted(folder.rglob("*.nc"))
    if not paths:
        raise InputFileError(
            "The folder holds no file of the series.",
            path=folder,
            field="folder",
            got="no such file" if folder.is_dir() else "no such folder",
            expected=f"files *.nc of {product.title}, also in subfolders",
            fix="fetch them (docs/ice-sources.md), or correct the folder",
        )
    require_one_series([place for path in paths for place in places_of_days(path, product)], product.step)
    for path in paths:
        yield from read_days(path, product)

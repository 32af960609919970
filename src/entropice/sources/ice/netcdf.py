"""Daily concentration from NetCDF files."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import xarray as xr

from entropice.errors import InputFileError
from entropice.sources.files.formats import FileFormat, check_format
from entropice.sources.ice.attributes import coding_of, is_flagged
from entropice.sources.ice.fields import DatedField, DatedPlace
from entropice.sources.ice.placed import axes_of, days_of, upright
from entropice.sources.ice.shares import shares_of
from entropice.sources.series.declaration import NetcdfProduct
from entropice.types import DataArray, Dataset

FORMATS: Final = (FileFormat.NETCDF3, FileFormat.NETCDF4)


def read_days(path: Path, product: NetcdfProduct) -> Iterator[DatedField]:
    """The days of one file of a product, in its order, each on the file's own grid.

    Shares are float32, 0 to 1; NaN stands for flags, for what is missing, and for what the product's status says is
    unknown.

    Raises
    ------
    InputFileError
        It is no NetCDF or not of the product; flags, unit, grid or time are not declared.
    """
    with opened_netcdf(path) as file:
        variable = _variable(file, product, path)
        axes = axes_of(file, str(variable.name), path, product.crs)
        shares = _shares(file, variable, product, path)
        for number, day in enumerate(days_of(file, path)):
            upright_shares = upright(shares.isel({axes.time: number}), axes)
            yield DatedField(day=day, shares=upright_shares, place=axes.place, path=path)


def places_of_days(path: Path, product: NetcdfProduct) -> list[DatedPlace]:
    """What the header of a file says of its days; no field is read.

    In the order of the file; a day that comes twice is there twice.

    Raises
    ------
    InputFileError
        It is no NetCDF or not of the product; grid or time are not declared.
    """
    with opened_netcdf(path) as file:
        place = axes_of(file, str(_variable(file, product, path).name), path, product.crs).place
        return [DatedPlace(day=day, place=place, path=path) for day in days_of(file, path)]


@contextmanager
def opened_netcdf(path: Path) -> Iterator[Dataset]:
    """A file with its numbers as they are stored, and its time as dates.

    Scale, offset and fill values stay attributes, and are not applied; coordinates but for ``time`` are as stored. The
    file is read where its variables are, and closed after the block.

    Raises
    ------
    InputFileError
        It is no NetCDF, is damaged, or has a time without a date; also where that shows only in the block.
    """
    check_format(path, FORMATS)
    try:
        with xr.open_dataset(path, mask_and_scale=False, decode_times=False, decode_coords=False) as stored:
            yield _dated(stored, path)
    except (OSError, RuntimeError) as error:
        raise InputFileError(
            "The NetCDF file cannot be read to its end.",
            path=path,
            field="file",
            got=error,
            expected="a whole file",
            fix="it is truncated or damaged: fetch it again",
        ) from error


def _dated(stored: Dataset, path: Path) -> Dataset:
    if "time" not in stored.variables:
        return stored
    try:
        dates = xr.decode_cf(stored[["time"]].reset_coords(), mask_and_scale=False)["time"]
    except ValueError as error:
        raise InputFileError(
            "The file's time is no date.",
            path=path,
            field="time:units",
            got=stored["time"].attrs.get("units", "none"),
            expected="days or seconds since a date",
            fix="correct the attribute with ncatted",
        ) from error
    return stored.assign(time=dates)


def _variable(file: Dataset, product: NetcdfProduct, path: Path) -> DataArray:
    found = [name for name in map(str, file.variables) if re.fullmatch(product.variable, name)]
    if len(found) != 1:
        raise InputFileError(
            "The file does not hold one concentration as the product has it.",
            path=path,
            field="variable",
            got=", ".join(found) or f"none among {', '.join(map(str, file.variables))}",
            expected=f"one {product.variable}, as in {product.title}",
            fix="name the product that the file is of; of several sensors on one day keep the one you want",
        )
    return file[found[0]]


def _shares(file: Dataset, variable: DataArray, product: NetcdfProduct, path: Path) -> DataArray:
    shares = variable.copy(data=shares_of(variable.values, coding_of(variable, path), path))
    if product.status is None:
        return shares
    if product.status not in file.variables:
        raise InputFileError(
            "The file does not say where its concentration counts.",
            path=path,
            field=product.status,
            got="no such variable",
            expected=f"the flags of {product.title}",
            fix="fetch the whole file, not a subset of its variables",
        )
    status = file[product.status]
    return shares.where(~status.copy(data=is_flagged(status, product.unknown, path)))

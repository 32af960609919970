"""Series of concentration that come as folders of files, one entry each."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

from entropice.errors import ConfigError, InputFileError, suggestion
from entropice.sources.ice.fields import DatedField, fields_of
from entropice.sources.ice.netcdf import read_days
from entropice.sources.ice.products import PRODUCTS, ConcentrationProduct
from entropice.sources.ice.sea_ice_index import SEA_ICE_INDEX
from entropice.sources.imagery.placing import RasterPlace
from entropice.sources.series.declaration import SeriesProduct
from entropice.sources.series.fields import read_series
from entropice.types import Dataset


@dataclass(frozen=True)
class IceSeries:
    """A product whose folder of files is one series.

    Attributes
    ----------
    name
        How parameters call it.
    title
        How people call it.
    read
        The days or months of a folder's files, each on its own grid.
    """

    name: str
    title: str
    read: Callable[[Path], Iterable[DatedField]]


def read_ice_series(folder: Path, series: IceSeries, place: RasterPlace, licence: str) -> Dataset:
    """Fields of concentration on a grid of the house (see `fields_of`) from all files of a folder.

    Raises
    ------
    InputFileError
        There is no file, and what the product's files and `fields_of` refuse.
    """
    return fields_of(series.read(folder), place, series.title, licence)


def _from_rasters(folder: Path, product: SeriesProduct) -> Iterator[DatedField]:
    (unit,) = product.units
    fields = read_series(folder, product, unit)
    place = _place(fields)
    for number, day in enumerate(fields.indexes["time"]):
        yield DatedField(day, product.step, fields[product.band][number].to_numpy(), place, folder)


def _place(fields: Dataset) -> RasterPlace:
    pixel_m = float(fields.attrs["pixel_m"])
    left_m, top_m = float(fields["x"][0]) - pixel_m / 2, float(fields["y"][0]) + pixel_m / 2
    return RasterPlace(fields.attrs["crs"], left_m, top_m, pixel_m, fields.sizes["y"], fields.sizes["x"])


def _from_netcdf(folder: Path, product: ConcentrationProduct) -> Iterator[DatedField]:
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
    for path in paths:
        yield from read_days(path, product)


SERIES: Final[tuple[IceSeries, ...]] = (
    *(IceSeries(product.name, product.title, partial(_from_rasters, product=product)) for product in SEA_ICE_INDEX),
    *(IceSeries(product.name, product.title, partial(_from_netcdf, product=product)) for product in PRODUCTS),
)


def ice_series_named(name: str) -> IceSeries:
    """The declared series of a name.

    Raises
    ------
    ConfigError
        There is none.
    """
    by_name = {series.name: series for series in SERIES}
    if name not in by_name:
        raise ConfigError(
            f"There is no series of ice {name!r}{suggestion(name, by_name)}",
            field="product",
            got=name,
            expected=", ".join(by_name),
            fix="name one of these, or declare it in entropice/sources/ice/series.py",
        )
    return by_name[name]

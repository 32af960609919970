"""Series of concentration that come as folders of files, one entry each."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

from entropice.errors import ConfigError, InputFileError, suggestion
from entropice.sources.ice.fields import DatedField, fields_of
from entropice.sources.ice.netcdf import read_days
from entropice.sources.ice.products import PRODUCTS
from entropice.sources.ice.sea_ice_index import TITLE, read_index_file
from entropice.sources.imagery.placing import RasterPlace
from entropice.types import Dataset


@dataclass(frozen=True)
class Series:
    """A product whose folder of files is one series.

    Attributes
    ----------
    name
        How parameters call it.
    title
        How people call it.
    suffix
        Of its files; others in the folder are left alone.
    read
        The days or months of one file.
    """

    name: str
    title: str
    suffix: str
    read: Callable[[Path], Iterable[DatedField]]


SERIES: Final[tuple[Series, ...]] = (
    Series("sea_ice_index", TITLE, ".tif", lambda path: [read_index_file(path)]),
    *(Series(product.name, product.title, ".nc", partial(read_days, product=product)) for product in PRODUCTS),
)


def series_named(name: str) -> Series:
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


def read_series(folder: Path, series: Series, place: RasterPlace, licence: str) -> Dataset:
    """Fields of concentration (see `fields_of`) from all files of a folder and of its subfolders.

    Raises
    ------
    InputFileError
        There is no file, and what the product's files and `fields_of` refuse.
    """
    paths = sorted(folder.rglob(f"*{series.suffix}"))
    if not paths:
        raise InputFileError(
            "The folder holds no file of the series.",
            path=folder,
            field="folder",
            got="no such file" if folder.is_dir() else "no such folder",
            expected=f"files *{series.suffix} of {series.title}",
            fix="fetch them (docs/ice-sources.md), or correct the folder",
        )
    return fields_of((field for path in paths for field in series.read(path)), place, series.title, licence)

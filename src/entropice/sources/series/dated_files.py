"""Files of a series in order of time, every step once."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final, NoReturn

import pandas as pd

from entropice.errors import InputFileError
from entropice.sources.series.declaration import RasterProduct
from entropice.sources.series.following import require_following

SUFFIXES: Final = (".tif", ".tiff")


@dataclass(frozen=True)
class DatedFile:
    """A file, the first day of its step, and the letters of the series that it is of (often none)."""

    path: Path
    day: pd.Timestamp
    series: str


def dated_files(folder: Path, product: RasterProduct) -> list[DatedFile]:
    """All rasters in the product's part of a folder, in order of time.

    Rasters end in ``.tif`` or ``.tiff``, in any case, in that folder itself; what begins with a dot is left out. No
    file is opened. The product's `pattern` says the date of a name; without a month or day in it, the first one.

    Raises
    ------
    InputFileError
        There is none; a name that is not the product's; two series in one folder; two files of one date, one that is
        missing, or steps of another length.
    """
    place = folder / product.folder
    paths = sorted(
        path for path in place.glob("*") if path.suffix.lower() in SUFFIXES and not path.name.startswith(".")
    )
    if not paths:
        _refuse("The folder holds no map.", place, "files", "none", f"files such as {product.example}", "fetch them")
    files = sorted((_dated(path, product) for path in paths), key=lambda file: (file.day, file.path))
    _refuse_other_series(files, product)
    require_following(files, product.step)
    return files


def _dated(path: Path, product: RasterProduct) -> DatedFile:
    found = re.fullmatch(product.pattern, path.stem)
    said = found.groupdict() if found is not None else {}
    try:
        day = datetime(int(said["year"]), int(said.get("month") or 1), int(said.get("day") or 1))
    except (KeyError, ValueError):
        fix = "keep the publisher's names, and nothing else in the folder"
        _refuse("The file's name does not say its date.", path, "name", path.name, product.example, fix)
    return DatedFile(path, pd.Timestamp(day), said.get("series") or "")


def _refuse_other_series(files: Sequence[DatedFile], product: RasterProduct) -> None:
    first = files[0]
    other = next((file for file in files if file.series != first.series), None)
    if other is not None:
        _refuse(
            f"The folder holds two series of {product.title}, whose differences are no changes.",
            other.path,
            "series",
            f"{other.series or 'no letter'}, beside {first.series or 'no letter'} ({first.path.name})",
            "maps of one series",
            f"keep the files of one series in {first.path.parent}",
        )


def _refuse(what: str, path: Path, field: str, got: str, expected: str, fix: str) -> NoReturn:
    raise InputFileError(what, path=path, field=field, got=got, expected=expected, fix=fix)

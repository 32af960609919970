"""Files of a series in order of time, every step once."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from typing import Final, NoReturn

import pandas as pd

from entropice.errors import InputFileError
from entropice.sources.series.declaration import SeriesProduct

SUFFIXES: Final = (".tif", ".tiff")
_DURATION: Final = re.compile(r"P(\d+)([YMD])")
_STEPS: Final = {"Y": pd.DateOffset(years=1), "M": pd.DateOffset(months=1), "D": pd.DateOffset(days=1)}


@dataclass(frozen=True)
class DatedFile:
    """A file, the first day of its step, and the letters of the series that it is of (often none)."""

    path: Path
    day: pd.Timestamp
    series: str


def dated_files(folder: Path, product: SeriesProduct) -> list[DatedFile]:
    """All rasters in the product's part of a folder, in order of time.

    Raises
    ------
    InputFileError
        There is none; a name that is not the product's; two series in one folder; two files of one date; a date that
        is missing, or steps of another length.
    """
    place = folder / product.folder
    paths = sorted(
        path for path in place.glob("*") if path.suffix.lower() in SUFFIXES and not path.name.startswith(".")
    )
    if not paths:
        _refuse("The folder holds no map.", place, "files", "none", f"files such as {product.example}", "fetch them")
    files = sorted((_dated(path, product) for path in paths), key=lambda file: (file.day, file.path))
    _refuse_other_series(files, product)
    _refuse_other_steps(files, step_of(product.step))
    return files


def step_of(duration: str) -> pd.DateOffset:
    """What an ISO 8601 duration of one unit adds to a date.

    Raises
    ------
    ValueError
        It is no such duration.
    """
    found = _DURATION.fullmatch(duration)
    if found is None:
        raise ValueError(f"{duration!r} is no duration such as P5Y, P1M or P1D")
    return int(found[1]) * _STEPS[found[2]]


def _dated(path: Path, product: SeriesProduct) -> DatedFile:
    found = re.fullmatch(product.pattern, path.stem)
    said = found.groupdict() if found is not None else {}
    try:
        day = datetime(int(said["year"]), int(said.get("month") or 1), int(said.get("day") or 1))
    except (KeyError, ValueError):
        fix = "keep the publisher's names, and nothing else in the folder"
        _refuse("The file's name does not say its date.", path, "name", path.name, product.example, fix)
    return DatedFile(path, pd.Timestamp(day), said.get("series") or "")


def _refuse_other_series(files: Sequence[DatedFile], product: SeriesProduct) -> None:
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


def _refuse_other_steps(files: Sequence[DatedFile], step: pd.DateOffset) -> None:
    for before, after in pairwise(files):
        expected = before.day + step
        if after.day != expected:
            is_double = after.day == before.day
            _refuse(
                "Two files are of one date." if is_double else "The maps do not follow each other in equal steps.",
                after.path,
                "time",
                f"{after.day:%Y-%m-%d} after {before.day:%Y-%m-%d} ({before.path.name})",
                f"{expected:%Y-%m-%d}",
                "keep one of them" if is_double else "fetch what is missing, or leave out what is of other steps",
            )


def _refuse(what: str, path: Path, field: str, got: str, expected: str, fix: str) -> NoReturn:
    raise InputFileError(what, path=path, field=field, got=got, expected=expected, fix=fix)

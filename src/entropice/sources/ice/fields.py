"""Fields of concentration: every day or month once, one grid, what is unknown as NaN."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd
import xarray as xr

from entropice.crs import POLAR_CRS
from entropice.errors import InputFileError
from entropice.imagery.bands import band_named
from entropice.sources.ice.warping import warped
from entropice.sources.imagery.placing import RasterPlace, require_same_place
from entropice.sources.series.dated_files import step_of
from entropice.types import Dataset, Float32Array

BAND: Final = "ice_concentration"
DAY: Final = "P1D"


@dataclass(frozen=True)
class DatedField:
    """Shares of ice of one day or month.

    Attributes
    ----------
    day
        Midnight of the day, or of the first day of the month.
    step
        How long it holds (ISO 8601), such as ``P1D``.
    shares
        (row, column), row 0 in the north; NaN where unknown.
    place
        Where the pixels lie.
    path
        The file that they are of.
    """

    day: pd.Timestamp
    step: str
    shares: Float32Array
    place: RasterPlace
    path: Path


def fields_of(dated: Iterable[DatedField], place: RasterPlace, source: str, licence: str) -> Dataset:
    """Days or months of one grid, in order of time, warped to a grid of the house (see `warped`).

    Returns
    -------
    Dataset
        Variable ``ice_concentration``, float32 (time, y, x), NaN where unknown; coordinates and attributes are those
        of all fields: ``crs``, ``step``, ``pixel_m``, ``source``, ``licence``.

    Raises
    ------
    InputFileError
        No field, two of one date, one that is missing, days beside months, another grid on one of them, or nothing
        known on any.
    """
    # one at a time, so that files may be much larger than the grid
    on_grid = [replace(field, shares=warped(field.shares, field.place, place)) for field in dated]
    _refuse_other_grids(on_grid)
    ordered = sorted(on_grid, key=lambda field: field.day)
    _refuse_other_steps(ordered)
    shares = np.stack([field.shares for field in ordered])
    _refuse_nothing_known(shares, ordered[0], place)
    said = {"step": ordered[0].step, "source": source, "licence": licence}
    return _dataset(shares, pd.DatetimeIndex([field.day for field in ordered]), place, said)


def _refuse_other_grids(fields: Sequence[DatedField]) -> None:
    for field in fields[1:]:
        require_same_place(field.place, fields[0].place, field.path)


def _refuse_other_steps(fields: Sequence[DatedField]) -> None:
    if not fields:
        raise InputFileError(
            "There is no field.", field="files", got="none", expected="files", fix="correct the folder"
        )
    for before, after in pairwise(fields):
        expected = before.day + step_of(before.step)
        if (after.day, after.step) != (expected, before.step):
            raise InputFileError(
                "The fields do not follow each other.",
                path=after.path,
                field="time",
                got=f"{after.day:%Y-%m-%d} ({after.step}) after {before.day:%Y-%m-%d} ({before.path.name})",
                expected=f"{expected:%Y-%m-%d} ({before.step}): every step once, all of one length",
                fix="fetch what is missing, or leave out the second file of a date",
            )


def _refuse_nothing_known(shares: Float32Array, field: DatedField, place: RasterPlace) -> None:
    if np.isnan(shares).all():
        raise InputFileError(
            "Nothing is known in the grid at any time.",
            path=field.path,
            field="grid",
            got=str(field.place),
            expected=f"sea within {place}",
            fix="take the files of the northern hemisphere, or another grid",
        )


def _dataset(shares: Float32Array, days: pd.DatetimeIndex, place: RasterPlace, said: dict[str, str]) -> Dataset:
    band = band_named(BAND)
    x_m = place.left_m + (np.arange(place.n_columns) + 0.5) * place.pixel_m
    y_m = place.top_m - (np.arange(place.n_rows) + 0.5) * place.pixel_m
    return xr.Dataset(
        {BAND: (("time", "y", "x"), shares, {"units": band.unit, "long_name": band.title})},
        coords={"time": days.as_unit("ns"), "y": y_m, "x": x_m},
        attrs={"crs": POLAR_CRS, "pixel_m": place.pixel_m} | said,
    )

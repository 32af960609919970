"""Fields of daily concentration: every day once, one grid, what is unknown as NaN."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
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
from entropice.types import Dataset, Float32Array

BAND: Final = "ice_concentration"
STEP: Final = "P1D"


@dataclass(frozen=True)
class DayField:
    """Shares of ice of one day.

    Attributes
    ----------
    day
        Midnight of the day.
    shares
        (row, column), row 0 in the north; NaN where unknown.
    place
        Where the pixels lie.
    path
        The file that they are of.
    """

    day: pd.Timestamp
    shares: Float32Array
    place: RasterPlace
    path: Path


def fields_of(days: Iterable[DayField], place: RasterPlace, source: str, licence: str) -> Dataset:
    """Days of one grid, in order of time, warped to a grid of the house (see `warped`).

    Returns
    -------
    Dataset
        Variable ``ice_concentration``, float32 (time, y, x), NaN where unknown; coordinates and attributes are those
        of all fields: ``crs``, ``step``, ``pixel_m``, ``source``, ``licence``.

    Raises
    ------
    InputFileError
        No day, a day twice, a day that is missing, another grid on one of the days, or nothing known on any.
    """
    ordered = sorted(days, key=lambda field: field.day)
    _refuse_other_grids(ordered)
    _refuse_other_steps(ordered)
    shares = np.stack([warped(field.shares, field.place, place) for field in ordered])
    _refuse_nothing_known(shares, ordered[0], place)
    return _dataset(shares, pd.DatetimeIndex([field.day for field in ordered]), place, source, licence)


def _refuse_other_grids(fields: Sequence[DayField]) -> None:
    for field in fields[1:]:
        require_same_place(field.place, fields[0].place, field.path)


def _refuse_other_steps(fields: Sequence[DayField]) -> None:
    if not fields:
        raise InputFileError("There is no day.", field="files", got="none", expected="files", fix="correct the folder")
    for before, after in pairwise(fields):
        n_days = (after.day - before.day).days
        if n_days != 1:
            raise InputFileError(
                "The days do not follow each other.",
                path=after.path,
                field="time",
                got=f"{after.day:%Y-%m-%d}, {n_days} days after {before.day:%Y-%m-%d} ({before.path.name})",
                expected="every day once",
                fix="fetch the missing days, or leave out the second file of a day",
            )


def _refuse_nothing_known(shares: Float32Array, field: DayField, place: RasterPlace) -> None:
    if np.isnan(shares).all():
        raise InputFileError(
            "Nothing is known in the grid on any day.",
            path=field.path,
            field="grid",
            got=str(field.place),
            expected=f"sea within {place}",
            fix="take the files of the northern hemisphere, or another grid",
        )


def _dataset(shares: Float32Array, days: pd.DatetimeIndex, place: RasterPlace, source: str, licence: str) -> Dataset:
    band = band_named(BAND)
    x_m = place.left_m + (np.arange(place.n_columns) + 0.5) * place.pixel_m
    y_m = place.top_m - (np.arange(place.n_rows) + 0.5) * place.pixel_m
    return xr.Dataset(
        {BAND: (("time", "y", "x"), shares, {"units": band.unit, "long_name": band.title})},
        coords={"time": days.as_unit("ns"), "y": y_m, "x": x_m},
        attrs={"crs": POLAR_CRS, "step": STEP, "pixel_m": place.pixel_m, "source": source, "licence": licence},
    )

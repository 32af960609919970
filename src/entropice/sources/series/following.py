"""Steps of a series in order of time: each once, all of one length, with pauses between seasons where days are told."""

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

import numpy as np
import pandas as pd

from entropice.errors import InputFileError
from entropice.imagery.frames.steps import step_of


class Dated(Protocol):
    """What is of one step."""

    @property
    def day(self) -> pd.Timestamp:
        """The first day of the step."""

    @property
    def path(self) -> Path:
        """The file that it is of."""


def require_following(steps: Sequence[Dated], duration: str) -> None:
    """Pass only steps that follow each other as frames of the series must (`entropice.imagery.frames.steps.runs_of`).

    Parameters
    ----------
    steps
        In order of time.
    duration
        ISO 8601, of one unit: ``P1D``. Of steps of days, a pause of 60 days or more is one between seasons, and no gap;
        series of months and years have none.

    Raises
    ------
    InputFileError
        Two steps of one date, one that is missing, or steps of another length; names the later file.

    Examples
    --------
    A day is missing; two months are a pause between seasons:

    >>> from types import SimpleNamespace
    >>> days = [SimpleNamespace(day=pd.Timestamp(day), path=Path(f"{day}.nc")) for day in ("2020-01-01", "2020-01-03")]
    >>> try:
    ...     require_following(days, "P1D")
    ... except InputFileError as error:
    ...     error.expected
    '2020-01-02 (P1D)'
    >>> days[1].day = pd.Timestamp("2020-03-01")
    >>> require_following(days, "P1D")
    """
    step = step_of(duration)
    days = np.array([one.day for one in steps], dtype="datetime64[D]")
    expected = step.after(days[:-1], 1)
    is_pause = step.is_season(np.diff(days).astype(np.int64))
    for number in np.flatnonzero((days[1:] != expected) & ~is_pause)[:1]:
        _refuse(steps[number], steps[number + 1], str(expected[number]), duration)


def _refuse(before: Dated, after: Dated, expected: str, duration: str) -> None:
    is_double = after.day == before.day
    raise InputFileError(
        "Two maps are of one date." if is_double else "The maps do not follow each other in equal steps.",
        path=after.path,
        field="time",
        got=f"{after.day:%Y-%m-%d} after {before.day:%Y-%m-%d} ({before.path.name})",
        expected=f"{expected} ({duration})",
        fix="keep one of them" if is_double else "fetch what is missing, or leave out what is of other steps",
    )

"""Folds as a run folder tells them: what each does with every cell, and its scores by itself."""

import re
from collections.abc import Iterator
from functools import reduce
from operator import add
from typing import Final

import numpy as np
import pandas as pd

from entropice.report.table import Meaning
from entropice.types import DataFrame, Series

TESTED: Final = "T"
LEARNED: Final = "L"
LEFT_OUT: Final = "B"
LETTERS: Final = {"test": TESTED, "train": LEARNED, "buffer": LEFT_OUT}
"""By the role in the dataset ``folds``."""

WITHOUT_SLUMPS: Final = "no slumps in the fold"
SLUMPS_EVERYWHERE: Final = "slumps in every cell and year of the fold"
UNDEFINED: Final = "not defined for these forecasts"


def fold_roles(folds: DataFrame, observed: DataFrame) -> DataFrame:
    """The dataset ``folds``, a row for each cell and a letter for each fold.

    Parameters
    ----------
    folds
        ``scheme fold cell_id year role``; every cell has a role in every fold of a scheme, folds count from 0.
    observed
        ``cell_id year`` of the training rows.

    Returns
    -------
    DataFrame
        ``cell_id`` (int64, ascending), then a column ``<scheme>`` for each scheme whose roles hold for every year of a
        cell, or ``<scheme>_<year>`` where they differ by year: one of `LETTERS` for each fold. Null where a cell was
        not observed in the year.
    """
    columns = dict(_columns(folds, observed.astype({"cell_id": np.int64})))
    return pd.DataFrame(columns).rename_axis("cell_id").sort_index().reset_index()


def _columns(folds: DataFrame, observed: DataFrame) -> Iterator[tuple[str, Series]]:
    told = folds.assign(cell_id=folds["cell_id"].astype(np.int64), letter=folds["role"].map(LETTERS))
    for (scheme, year), roles in told.groupby(["scheme", "year"], sort=False, dropna=False):
        letters = reduce(add, (of_fold.set_index("cell_id")["letter"] for _, of_fold in roles.groupby("fold")))
        if roles["year"].isna().all():
            yield str(scheme), letters
        else:
            seen = observed.loc[observed["year"] == year, "cell_id"]
            yield f"{scheme}_{year}", letters.where(letters.index.isin(seen))


def roles_of_scheme(roles: DataFrame, scheme: str) -> DataFrame:
    """The columns of `fold_roles` that tell of a scheme: one, or one a year; none where it has none."""
    return roles.filter(regex=rf"^{re.escape(scheme)}(_\d+)?$")


def role_meanings(roles: DataFrame) -> dict[str, Meaning]:
    """What each column of `fold_roles` but the first says."""
    letters = f"{TESTED} is tested, {LEARNED} is learned from, {LEFT_OUT} is left out so that it gives nothing away"
    return {
        str(name): (None, f"Role of the cell in each fold of the scheme, from fold 0: {letters}.")
        for name in roles
        if name != "cell_id"
    }


def with_reasons(fold_scores: DataFrame) -> DataFrame:
    """Scores fold by fold, with the column ``undefined_because``: null where the value is known.

    Columns ``value n_cell_years n_positive`` and more.
    """
    n_positive = fold_scores["n_positive"]
    cases = [(n_positive == 0, WITHOUT_SLUMPS), (n_positive == fold_scores["n_cell_years"], SLUMPS_EVERYWHERE)]
    conditions, reasons = zip(*cases, strict=True)
    reason = pd.Series(np.select(conditions, reasons, UNDEFINED), fold_scores.index, dtype="str")
    return fold_scores.assign(undefined_because=reason.where(fold_scores["value"].isna()))

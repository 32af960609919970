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
        ``scheme fold cell_id year role``; every cell has a role in every fold of a scheme, folds count from 0. ``year``
        is null where a role holds for every year of the cell.
    observed
        ``cell_id year`` of the training rows.

    Returns
    -------
    DataFrame
        ``cell_id`` (int64, ascending), then a column ``<scheme>`` for each scheme whose roles hold for every year of a
        cell, or ``<scheme>_<year>`` where they differ by year: a letter for each fold, from fold 0: ``T`` tested, ``L``
        learned from, ``B`` left out as a buffer. Null where a cell was not observed in the year.

    Examples
    --------
    Two folds: cell 7 is tested by the first and learned from in the second, cell 5 the other way round.

    >>> folds = pd.DataFrame({"scheme": "spatial", "fold": [0, 0, 1, 1], "cell_id": [7, 5, 7, 5], "year": None,
    ...                       "role": ["test", "train", "train", "test"]})
    >>> fold_roles(folds, pd.DataFrame({"cell_id": [5, 7], "year": 2020})).to_numpy().tolist()
    [[5, 'LT'], [7, 'TL']]
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
    """The columns of `fold_roles` that tell of a scheme: one, or one a year; none where it has none.

    A column is the scheme's where its name is that of the scheme, alone or with ``_`` and digits behind.

    Examples
    --------
    >>> roles = pd.DataFrame(columns=["cell_id", "year_2020", "year_2021", "region", "regional"])
    >>> list(roles_of_scheme(roles, "year")), list(roles_of_scheme(roles, "region"))
    (['year_2020', 'year_2021'], ['region'])
    """
    return roles.filter(regex=rf"^{re.escape(scheme)}(_\d+)?$")


def role_meanings(roles: DataFrame) -> dict[str, Meaning]:
    """What each column of `fold_roles` but ``cell_id`` says: unit (none, it is text) and description by name.

    Examples
    --------
    >>> role_meanings(pd.DataFrame(columns=["cell_id", "spatial"]))["spatial"][1].partition(":")[0]
    'Role of the cell in each fold of the scheme, from fold 0'
    """
    letters = f"{TESTED} is tested, {LEARNED} is learned from, {LEFT_OUT} is left out so that it gives nothing away"
    return {
        str(name): (None, f"Role of the cell in each fold of the scheme, from fold 0: {letters}.")
        for name in roles
        if name != "cell_id"
    }


def with_reasons(fold_scores: DataFrame) -> DataFrame:
    """Scores fold by fold, with the column ``undefined_because``: null where the value is known.

    Columns ``value n_cell_years n_positive`` and more, all of which are kept; the given frame is not changed. Where a
    value is NaN, the reason is that there are no slumps in the fold, or slumps in every cell and year of it, or else
    that the score is not defined for these forecasts.

    Examples
    --------
    >>> nan = float("nan")
    >>> scores = pd.DataFrame({"value": [0.5, nan, nan], "n_cell_years": [9, 9, 9], "n_positive": [0, 0, 9]})
    >>> with_reasons(scores)["undefined_because"].fillna("–").tolist()
    ['–', 'no slumps in the fold', 'slumps in every cell and year of the fold']
    """
    n_positive = fold_scores["n_positive"]
    cases = [(n_positive == 0, WITHOUT_SLUMPS), (n_positive == fold_scores["n_cell_years"], SLUMPS_EVERYWHERE)]
    conditions, reasons = zip(*cases, strict=True)
    reason = pd.Series(np.select(conditions, reasons, UNDEFINED), fold_scores.index, dtype="str")
    return fold_scores.assign(undefined_because=reason.where(fold_scores["value"].isna()))

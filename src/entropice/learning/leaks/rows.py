"""Rows that are in training and test at once."""

from collections.abc import Iterator
from typing import Final

import numpy as np
import pandas as pd

from entropice.learning.leaks.artefacts import Artefacts
from entropice.learning.leaks.check import Check, Finding
from entropice.types import IntArray

KIND: Final = "rows duplicated across folds"
FEWEST_KNOWN: Final = 5
DECIMALS: Final = 5
"""Of features in units of their standard deviation: rows that agree to this are the same."""


def duplicates(artefacts: Artefacts) -> Iterator[Finding]:
    """Cells with two roles in a fold, and rows whose features are those of a training row of another cell.

    Also rows of the training table that occur again. One finding, or none: how many cells (and years, where roles are
    by year) have two roles in a fold, how many rows repeat a cell and year, and by fold how many test rows are `twins`
    of a training row. The evidence is ``n_two_roles n_repeated_rows n_twins_by_fold``, the last by "scheme/fold" of all
    schemes.
    """
    by_role = artefacts.folds.drop_duplicates(["scheme", "fold", "cell_id", "year", "role"])
    n_twice = int(by_role.duplicated(["scheme", "fold", "cell_id", "year"]).sum())
    n_repeated = int(artefacts.table.duplicated(["cell_id", "year"]).sum())
    twin = twins(artefacts)
    n_twins = {
        name: int(np.isin(twin[is_test & (twin >= 0)], twin[is_train]).sum())
        for name, is_train, is_test in artefacts.masks(apart=False)
    }
    if n_twice or n_repeated or any(n_twins.values()):
        yield Finding(
            KIND,
            f"{n_twice} cells have two roles in one fold, {n_repeated} rows of the training table occur again, and "
            f"up to {max(n_twins.values())} test rows of a fold have the features of a training row of another cell.",
            {"n_two_roles": n_twice, "n_repeated_rows": n_repeated, "n_twins_by_fold": n_twins},
        )


def twins(artefacts: Artefacts) -> IntArray:
    """Number (n,) of the group of rows with the same features in different cells; −1 in none.

    The same are features that agree to five decimals when the mean is subtracted and divided by the standard deviation
    (n − 1 in the denominator), unknown ones in the same places; rows that know fewer than five features
    (`FEWEST_KNOWN`) are in no group, for such agree by chance.

    Examples
    --------
    Cells 1 and 2 have the same five features; cell 3 has others.

    >>> import xarray as xr
    >>> table = pd.DataFrame({"cell_id": [1, 2, 3], "year": 2020}).assign(**dict.fromkeys("abcde", [0.5, 0.5, 0.7]))
    >>> run = Artefacts(table, table, {}, table, xr.Dataset(), table, 0.0, 2, 0, refit=lambda some_folds: table)
    >>> numbers = twins(run)
    >>> bool(numbers[0] == numbers[1] >= 0), int(numbers[2])
    (True, -1)
    """
    features = artefacts.features
    scaled = pd.DataFrame({name: _rounded(feature) for name, feature in features.items()})
    # By hash, in time that grows with the rows; comparing pairs would grow with their square.
    group = pd.util.hash_pandas_object(scaled, index=False)
    n_cells = artefacts.table["cell_id"].groupby(group.to_numpy()).transform("nunique").to_numpy()
    is_twin = (n_cells > 1) & (features.notna().sum(axis=1) >= FEWEST_KNOWN).to_numpy()
    codes, _ = pd.factorize(group)
    return np.where(is_twin, codes, -1)


def _rounded(feature: pd.Series) -> pd.Series:
    """A feature in units of its standard deviation, to `DECIMALS`; 0 has one sign."""
    return ((feature - feature.mean()) / (feature.std() or 1.0)).round(DECIMALS) + 0.0


DUPLICATES: Final = Check(KIND, duplicates)

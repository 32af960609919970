"""The table of folds: the role of every cell, or cell and year, in every fold of every scheme."""

from collections.abc import Sequence
from typing import Final

import numpy as np
import pandas as pd

from entropice.errors import LabelError
from entropice.learning.folds import SCHEMES, TRAIN, Ground
from entropice.types import BoolArray

SPREAD: Final = "use fewer folds, a smaller buffer, more label years or a larger region"
SEARCHED: Final = "give the ground that was searched without a find (coverage_file)"


def make_folds(ground: Ground, schemes: Sequence[str], random_seed: int) -> pd.DataFrame:
    """Give every cell a role in every fold of some schemes; the folds of one do not depend on which others there are.

    Parameters
    ----------
    ground
        The cells that are dealt (n).
    schemes
        Of ``spatial knndm region year random`` (`SCHEMES`); one at least, else ValueError. Others are passed over, and
        names come once each.
    random_seed
        Of every scheme alike: the same seed deals the same folds.

    Returns
    -------
    DataFrame
        Columns ``scheme fold cell_id year role``, schemes in the order of the registry. Where ``year`` is null the role
        is that of every year of the cell, else of the one; `has_role` reads both. Roles are train, test and buffer,
        which is neither trained on nor tested.

    Raises
    ------
    LabelError
        If a scheme cannot be dealt from these cells and years; its note names the scheme.

    Examples
    --------
    >>> ids, places_m = np.arange(4, dtype=np.uint64), np.zeros((4, 2))
    >>> folds = make_folds(Ground(ids, ids, places_m, places_m, np.array([2020]), 2, 0.0), ["random"], random_seed=0)
    >>> len(folds), sorted(folds.loc[folds["role"] == "test", "cell_id"].tolist())
    (8, [0, 1, 2, 3])
    """
    chosen = [name for name in SCHEMES if name in schemes]
    pieces = [_deal(name, ground, random_seed) for name in chosen]
    return pd.concat(pieces, ignore_index=True)[["scheme", "fold", "cell_id", "year", "role"]]


def _deal(name: str, ground: Ground, random_seed: int) -> pd.DataFrame:
    try:
        roles = SCHEMES[name].deal(ground, np.random.default_rng(random_seed))
    except LabelError as error:
        error.add_note(f"This happened in folds of the scheme {name}.")
        raise
    return roles.assign(scheme=name)


def has_role(rows: pd.DataFrame, roles: pd.DataFrame, role: str) -> BoolArray:
    """Whether each row has a role among those of one fold, shape (n,).

    Parameters
    ----------
    rows
        Columns ``cell_id year``, (n).
    roles
        Columns ``cell_id year role`` of one fold; a null year stands for every year of the cell.
    role
        Train, test or buffer. A cell and year without a row among the roles has none.

    Examples
    --------
    >>> import pandas as pd
    >>> rows = pd.DataFrame({"cell_id": [1, 1, 2], "year": [2019, 2020, 2020]})
    >>> years = pd.array([2019, pd.NA], dtype="Int64")
    >>> roles = pd.DataFrame({"cell_id": [1, 2], "year": years, "role": ["train", "train"]})
    >>> has_role(rows, roles, "train").tolist()
    [True, False, True]
    """
    holders = roles[roles["role"] == role]
    is_whole = holders["year"].isna()
    by_cell = rows["cell_id"].isin(holders.loc[is_whole, "cell_id"]).to_numpy()
    keys = pd.MultiIndex.from_frame(holders.loc[~is_whole, ["cell_id", "year"]].astype({"year": np.int64}))
    return np.asarray(by_cell | pd.MultiIndex.from_frame(rows[["cell_id", "year"]]).isin(keys))


def require_contrast(folds: pd.DataFrame, rows: pd.DataFrame) -> None:
    """Pass only where every fold trains on rows with and on rows without slumps.

    Parameters
    ----------
    folds
        Columns as `make_folds` returns them.
    rows
        Columns ``cell_id year rts_area_fraction``, (n); 0 is without slumps, all else with, NaN (slumps of unknown
        area) too.

    Raises
    ------
    LabelError
        Names the folds that lack either (rows with slumps are looked for first).

    Examples
    --------
    The fold trains on cell 2 alone, which has slumps.

    >>> years = pd.array([pd.NA, pd.NA], dtype="Int64")
    >>> folds = pd.DataFrame({"cell_id": [1, 2], "year": years, "role": ["test", "train"]})
    >>> rows = pd.DataFrame({"cell_id": [1, 2], "year": 2020, "rts_area_fraction": [0.0, np.nan]})
    >>> require_contrast(folds.assign(scheme="spatial", fold=0), rows)
    Traceback (most recent call last):
        ...
    entropice.errors.LabelError: Some folds train on no row without slumps...
    """
    # Unequal to 0, not above it: slumps of unknown area are NaN, and count as slumps.
    is_positive = (rows["rts_area_fraction"] != 0).to_numpy()
    _require_in_training(folds, rows, is_positive, "with slumps", SPREAD)
    _require_in_training(folds, rows, ~is_positive, "without slumps", f"{SEARCHED}, or {SPREAD}")


def _require_in_training(folds: pd.DataFrame, rows: pd.DataFrame, is_wanted: BoolArray, wanted: str, fix: str) -> None:
    lacking = [
        f"{scheme}/{fold}"
        for (scheme, fold), roles in folds.groupby(["scheme", "fold"], sort=False)
        if not (is_wanted & has_role(rows, roles, TRAIN)).any()
    ]
    if lacking:
        raise LabelError(
            f"Some folds train on no row {wanted}.",
            field="rts_area_fraction",
            got=f"{len(lacking)} such folds, {is_wanted.sum()} of {len(rows)} rows {wanted} in all",
            expected=f"at least one row {wanted} in the training rows of each fold",
            sample=lacking,
            fix=fix,
        )

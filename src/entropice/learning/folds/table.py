"""The table of folds: the role of every cell, or cell and year, in every fold of every scheme."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from entropice.errors import LabelError
from entropice.learning.folds import SCHEMES, TRAIN, Ground
from entropice.types import BoolArray


def make_folds(ground: Ground, schemes: Sequence[str], random_seed: int) -> pd.DataFrame:
    """Give every cell a role in every fold of some schemes; the folds of one do not depend on which others there are.

    Parameters
    ----------
    schemes
        Names in the registry.

    Returns
    -------
    DataFrame
        ``scheme fold cell_id year role``, schemes in the order of the registry. Where ``year`` is null the role is
        that of every year of the cell, else of the one; `has_role` reads both.

    Raises
    ------
    LabelError
        If a scheme cannot be dealt from these cells and years; its note names the scheme.
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
    """Whether each row ``cell_id year`` has a role among the `roles` of one fold."""
    holders = roles[roles["role"] == role]
    is_whole = holders["year"].isna()
    by_cell = rows["cell_id"].isin(holders.loc[is_whole, "cell_id"]).to_numpy()
    keys = pd.MultiIndex.from_frame(holders.loc[~is_whole, ["cell_id", "year"]].astype({"year": np.int64}))
    return np.asarray(by_cell | pd.MultiIndex.from_frame(rows[["cell_id", "year"]]).isin(keys))


def require_positives(folds: pd.DataFrame, rows: pd.DataFrame) -> None:
    """Raise LabelError if a fold of some rows ``cell_id year rts_area_fraction`` trains without a single slump."""
    is_positive = (rows["rts_area_fraction"] != 0).to_numpy()
    without = [
        f"{scheme}/{fold}"
        for (scheme, fold), roles in folds.groupby(["scheme", "fold"], sort=False)
        if not (is_positive & has_role(rows, roles, TRAIN)).any()
    ]
    if without:
        raise LabelError(
            "The training rows of some folds have no slumps.",
            field="rts_area_fraction",
            got=f"{len(without)} folds, {is_positive.sum()} rows with slumps in all",
            expected="at least one row with slumps in the training rows of each fold",
            sample=without,
            fix="use fewer folds, a smaller buffer, more label years or a larger region",
        )

"""A budget of tiles spread over many cells: some of each of the best, and some at random from all others.

A budget spent on the best tiles alone ends in a handful of cells, whose tiles all promise the same. Here no cell gets
more than a number of tiles, which are drawn from its own at random, so that what is found there stands for the cell;
and a share of the budget is drawn from all tiles of the cells that are not among the best, so that what is found there
stands for them. Each cell among the best is a stratum of `entropice.learning.two_stage.design`, all others are one.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from entropice.errors import ConfigError
from entropice.types import CellIds, DataFrame, FloatArray

OTHERS: Final = "others"
"""The stratum of all cells that are not among the best."""


@dataclass(frozen=True)
class Budget:
    """How many tiles are looked at.

    Attributes
    ----------
    n_tiles
        All of them, 3 or more.
    random_share
        Of these, drawn from the cells that are not among the best: in 0..1, both excluded; rounded, two tiles at least.
    max_per_cell
        Most of a cell among the best, 1 or more.
    """

    n_tiles: int
    random_share: float
    max_per_cell: int


def spread_tiles(cell_id: CellIds, expected: FloatArray, budget: Budget, seed: int) -> DataFrame:
    """Choose tiles, from the cell that promises most downwards.

    Parameters
    ----------
    cell_id
        (n_tile,) of every tile that there is.
    expected
        (n_tile,) objects expected in it; a cell promises what its tiles expect on average (NaN aside), and one with NaN
        in all of them is none of the best. Of cells that promise alike that of the smaller number is first.
    budget
        How many, and how they are spread: max(2, ``random_share · n_tiles`` rounded, halves to the even number) are
        drawn from the others, the rest goes to the best, each cell taking as many as it has or may have until none are
        left.
    seed
        The same seed chooses the same tiles.

    Returns
    -------
    DataFrame
        Indexed by the positions of chosen tiles, rising: ``stratum inclusion is_best``. The stratum is the cell of the
        best as a text, else "others"; ``inclusion`` is the chance of a tile to be chosen, the same within a stratum.
        Fewer than the budget where other cells have not as many tiles as are to be drawn from them.

    Raises
    ------
    ConfigError
        There are not more tiles than the budget, the budget is below 3, or a share or the most of a cell is out of
        bounds.

    Examples
    --------
    Three tiles are for the best: two of cell 1, which may have no more, and one of cell 2. Two are drawn from cell 3.

    >>> cells = np.array([1, 1, 1, 2, 2, 2, 3, 3, 3], dtype=np.uint64)
    >>> expected = np.array([9.0, 9.0, 9.0, 5.0, 5.0, 5.0, 1.0, 1.0, 1.0])
    >>> chosen = spread_tiles(cells, expected, Budget(n_tiles=5, random_share=0.4, max_per_cell=2), seed=0)
    >>> chosen.groupby("stratum")["inclusion"].agg(["size", "first"]).round(4).T.to_dict("list")
    {'1': [2.0, 0.6667], '2': [1.0, 0.3333], 'others': [2.0, 0.6667]}
    """
    _require(budget, len(cell_id))
    # A stream of its own: with the bare seed, tiles would hang together with whatever else was drawn by it.
    random = np.random.default_rng([seed, *b"tiles to look at"])
    # One shuffle of all tiles: the first of each cell in it are a random draw of its own, and so are the first of the
    # rest.
    shuffled = pd.Series(cell_id).iloc[random.permutation(len(cell_id))]
    ranked = pd.Series(expected).groupby(cell_id).mean().dropna().sort_values(ascending=False, kind="stable")
    n_random = max(2, round(budget.random_share * budget.n_tiles))
    best = _best(shuffled, ranked.index.to_numpy(), budget.n_tiles - n_random, budget.max_per_cell)
    others = shuffled[~shuffled.isin(best["cell_id"])]
    n_drawn = min(n_random, len(others))
    drawn = others.iloc[:n_drawn].to_frame("cell_id").assign(inclusion=n_drawn / max(len(others), 1))
    chosen = pd.concat([best.assign(is_best=True), drawn.assign(is_best=False)])
    stratum = chosen["cell_id"].astype(str).where(chosen["is_best"], OTHERS)
    return chosen.assign(stratum=stratum)[["stratum", "inclusion", "is_best"]].sort_index()


def _best(shuffled: "pd.Series[int]", ranked: CellIds, n_tiles: int, max_per_cell: int) -> DataFrame:
    """Tiles ``cell_id inclusion`` of the first cells that use `n_tiles` up, each cell with as many as it may have."""
    sizes = shuffled.value_counts().reindex(ranked)
    taken = np.minimum(sizes.to_numpy(), max_per_cell)
    n_before = taken.cumsum() - taken
    of_cell = pd.Series(np.clip(n_tiles - n_before, 0, taken), index=ranked)
    place = shuffled.groupby(shuffled).cumcount()
    is_taken = place < shuffled.map(of_cell).fillna(0)
    best = shuffled[is_taken]
    return pd.DataFrame({"cell_id": best, "inclusion": (of_cell / sizes).reindex(best.to_numpy()).to_numpy()})


def _require(budget: Budget, n_all: int) -> None:
    if not 2 < budget.n_tiles < n_all:
        raise ConfigError(
            "A budget is some of the tiles that there are.",
            field="n_tiles",
            got=budget.n_tiles,
            expected=f"3 to {n_all - 1:,}",
            fix="lower the budget, or take smaller tiles",
        )
    if not 0 < budget.random_share < 1 or budget.max_per_cell < 1:
        raise ConfigError(
            "A budget is spent on the best and on others.",
            field="random_share, max_per_cell",
            got=(budget.random_share, budget.max_per_cell),
            expected="a share between 0 and 1, and 1 tile or more",
        )

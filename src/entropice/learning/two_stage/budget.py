"""The best tiles that a budget allows, and some at random, so that what is found stands for all tiles.

Looking only where much is expected makes what is found say nothing of the rest. A share of the budget therefore goes to
tiles drawn at random from those that are not among the best: every tile has a known chance above 0 to be chosen, and
`entropice.learning.two_stage.design` weighs what is found by its inverse.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from entropice.errors import ConfigError
from entropice.types import BoolArray, FloatArray

RANDOM_SHARE: Final = 0.1


@dataclass(frozen=True)
class ChosenTiles:
    """Which tiles are looked at.

    Attributes
    ----------
    is_chosen
        (n_tile,) whether a tile is looked at.
    is_best
        (n_tile,) whether a tile is chosen whatever chance says; the others are the stratum that tiles are drawn from.
    inclusion
        (n_tile,) chance to be chosen: 1 of the best, the same of all others.
    """

    is_chosen: BoolArray
    is_best: BoolArray
    inclusion: FloatArray


def choose_tiles(expected: FloatArray, n_chosen: int, random_share: float, seed: int) -> ChosenTiles:
    """Choose the tiles with the most expected objects, and a share of the budget at random from the rest.

    Parameters
    ----------
    expected
        (n_tile,) expected objects in each tile; one with NaN is none of the best, but may be drawn. Of equal ones the
        first is taken.
    n_chosen
        Tiles to choose, 1 or more; all where there are no more.
    random_share
        Of `n_chosen`, more than 0 and at most 1: rounded (halves to the even number), at least one tile.
    seed
        The same seed chooses the same tiles.

    Returns
    -------
    ChosenTiles
        In the order of `expected`. Where all are chosen, all count as the best.

    Raises
    ------
    ConfigError
        The budget is not positive, or the share not in 0..1, without 0.

    Examples
    --------
    Half of two tiles at random: the best is certain, each of the other three has one chance in three.

    >>> chosen = choose_tiles(np.array([1.0, 5.0, 3.0, np.nan]), n_chosen=2, random_share=0.5, seed=0)
    >>> chosen.is_best.tolist(), chosen.inclusion.round(4).tolist(), int(chosen.is_chosen.sum())
    ([False, True, False, False], [0.3333, 1.0, 0.3333, 0.3333], 2)
    """
    _require(n_chosen, random_share)
    n_tiles = len(expected)
    if n_chosen >= n_tiles:
        everything = np.ones(n_tiles, dtype=bool)
        return ChosenTiles(everything, everything, everything.astype(np.float64))
    n_random = max(1, round(random_share * n_chosen))
    is_best = _are_largest(expected, n_chosen - n_random)
    rest = np.flatnonzero(~is_best)
    is_chosen = is_best.copy()
    is_chosen[np.random.default_rng([seed, n_tiles]).choice(rest, n_random, replace=False)] = True
    return ChosenTiles(is_chosen, is_best, np.where(is_best, 1.0, n_random / len(rest)))


def _are_largest(expected: FloatArray, n: int) -> BoolArray:
    known = int((~np.isnan(expected)).sum())
    are_largest = np.zeros(len(expected), dtype=bool)
    are_largest[np.argsort(-expected, kind="stable")[: min(n, known)]] = True
    return are_largest


def _require(n_chosen: int, random_share: float) -> None:
    if n_chosen < 1:
        raise ConfigError("A budget allows some tiles.", field="n_tiles", got=n_chosen, expected="at least 1")
    if not 0 < random_share <= 1:
        raise ConfigError(
            "Some tiles are chosen at random.",
            field="random_share",
            got=random_share,
            expected="more than 0, at most 1",
            fix="a tenth is plenty; without any, what is found stands for nothing but itself",
        )

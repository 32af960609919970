"""How much change is said of ground that cannot have changed, such as land beside sea ice."""

from collections.abc import Iterator, Mapping
from typing import Final

import numpy as np
import pandas as pd

from entropice.errors import SchemaError
from entropice.imagery.block_bootstrap import Estimate, bootstrap, paired_difference
from entropice.quotients import quotient
from entropice.types import BoolArray, DataFrame, FloatArray, IntArray

FALSE_CHANGE: Final = "false_change"
_SAID, _ALL = 0, 1


def unchanged_counts(said: BoolArray, unchanged: BoolArray, block_px: int) -> IntArray:
    """Unchanged pixels that are said to have changed, and all of them, by square: int64 (n_block, 2).

    Squares without unchanged ground are left out.

    Squares are in order, row by row; those at the right and lower edge may be smaller.

    Parameters
    ----------
    said, unchanged
        Where a model says that something has changed, and where nothing can have; (row, column).
    block_px
        Edge of the squares, which begin at the first pixel.

    Raises
    ------
    SchemaError
        Shapes differ, or nothing is unchanged.

    Examples
    --------
    >>> said, unchanged = np.array([[True, False, True, True]]), np.array([[True, True, True, False]])
    >>> unchanged_counts(said, unchanged, block_px=2).tolist()
    [[1, 2], [1, 1]]
    """
    if said.shape != unchanged.shape or not unchanged.any():
        got = f"{said.shape}, {int(unchanged.sum())} unchanged pixels"
        raise SchemaError("False change cannot be counted.", field="said", got=got, expected=f"{unchanged.shape}, some")
    rows, columns = (np.arange(n) // block_px for n in unchanged.shape)
    block = rows[:, None] * (columns[-1] + 1) + columns
    n_all, n_said = (np.bincount(block[where], minlength=block.max() + 1) for where in (unchanged, said & unchanged))
    return np.stack([n_said, n_all], axis=1)[n_all > 0].astype(np.int64)


def false_change_table(counts: Mapping[str, IntArray], weights: FloatArray) -> DataFrame:
    """Share of the unchanged ground that each model says has changed, and the first one's less each other's.

    Parameters
    ----------
    counts
        By model, of the same ground: `unchanged_counts`; one or more, the first is that which is compared. That the
        ground is the same is not checked, but for the number of blocks.
    weights
        (n_replicate, n_block): `entropice.learning.scores.table.block_replicates`, which gives no replicate of one
        block alone.

    Returns
    -------
    DataFrame
        ``model compared_with score value low_95 high_95 n_blocks n``; ``score`` is ``false_change``, ``low_95`` and
        ``high_95`` are the ends of the central 95 % of the replicates (NaN where `weights` has none; of a difference,
        both models in the same replicates), ``n`` is the number of unchanged pixels by the first model's counts. Models
        come first, in their order, then the differences.
        ``compared_with`` is null, or the model whose share is taken from the first one's; 0 is best.

    Raises
    ------
    SchemaError
        Models, or weights, are of different numbers of blocks.
    ValueError
        There is no model.

    Examples
    --------
    >>> counts = {"net": np.array([[1, 4], [1, 4]]), "rival": np.array([[2, 4], [2, 4]])}
    >>> table = false_change_table(counts, np.array([[1.0, 1.0]]))
    >>> table[["model", "value", "n"]].to_numpy().tolist()
    [['net', 0.25, 8], ['rival', 0.5, 8], ['net', -0.25, 8]]
    """
    return pd.DataFrame(list(_rows(counts, weights)))


def _rows(counts: Mapping[str, IntArray], weights: FloatArray) -> Iterator[dict[str, object]]:
    first, *others = counts
    n_pixels = int(counts[first][:, _ALL].sum())
    for name, of_model in counts.items():
        yield _row(name, None, bootstrap(_share, of_model, weights), n_pixels)
    for name in others:
        less = paired_difference(_share, counts[first], _share, counts[name], weights)
        yield _row(first, name, less, n_pixels)


def _row(model: str, compared_with: str | None, estimate: Estimate, n_pixels: int) -> dict[str, object]:
    return {
        "model": model,
        "compared_with": compared_with,
        "score": FALSE_CHANGE,
        "value": estimate.value,
        "low_95": estimate.low_95,
        "high_95": estimate.high_95,
        "n_blocks": estimate.n_blocks,
        "n": n_pixels,
    }


def _share(counts: FloatArray) -> FloatArray:
    return quotient(counts[..., _SAID], counts[..., _ALL])

"""Intervals of scores by drawing whole blocks, for pixels and objects of one block are no independent evidence.

Every score of imagery is a function of counts that add up over blocks, so a replicate costs a product. Two models are
compared in the same replicates: what makes a block hard is hard for both, and cancels.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np

from entropice.errors import SchemaError
from entropice.types import FloatArray, IntArray

ScoreOfCounts = Callable[[FloatArray], FloatArray]
"""A score (…,) of counts (…, *shape)."""

QUANTILES: Final = (0.025, 0.975)
_REPLICATES_AT_ONCE: Final = 100


@dataclass(frozen=True)
class Estimate:
    """A score of all blocks, and what drawing blocks makes of it.

    Attributes
    ----------
    value
        The score of all blocks together.
    mean, low_95, high_95
        Mean and central 95 % of the replicates in which it is defined; NaN where there is none.
    n_blocks, n_undefined
        Blocks that are drawn, and replicates that have no score.
    """

    value: float
    mean: float
    low_95: float
    high_95: float
    n_blocks: int
    n_undefined: int


def bootstrap(score: ScoreOfCounts, counts: IntArray | FloatArray, weights: FloatArray) -> Estimate:
    """A score with its interval.

    Parameters
    ----------
    score
        Of counts (…, *shape), NaN where it is not defined. It gets up to 100 replicates at once, and the sum of all
        blocks without a leading dimension; what it raises is passed on, as scores of pixels do where none of what they
        get has a positive, or a negative.
    counts
        (n_block, *shape), such as histograms (n_block, 2, n_bin) or (n_block, 3) objects found, wrong and missed.
    weights
        (n_replicate, n_block) how often each replicate holds a block: `entropice.learning.scores.table.
        block_replicates`.

    Returns
    -------
    Estimate
        The interval is from the 2.5 % to the 97.5 % quantile of the replicates with a score, interpolated linearly; NaN
        without any.

    Raises
    ------
    SchemaError
        Weights and counts have not the same number of blocks.

    Notes
    -----
    A replicate's score is score(Σ w_b n_b) of its weights w and the counts n of blocks b, not a mean of scores of
    blocks.

    Examples
    --------
    Found and missed objects of two blocks, of which replicates hold one or the other twice:

    >>> recall = lambda counts: counts[..., 0] / counts.sum(axis=-1)
    >>> estimate = bootstrap(recall, np.array([[9, 1], [3, 7]]), np.array([[2.0, 0.0], [0.0, 2.0]]))
    >>> estimate.value, round(estimate.mean, 6), round(estimate.low_95, 6), round(estimate.high_95, 6)
    (0.6, 0.6, 0.315, 0.885)
    """
    return _estimate(*_scores(score, counts, weights), n_blocks=len(counts))


def paired_difference(
    first_score: ScoreOfCounts,
    first: IntArray | FloatArray,
    second_score: ScoreOfCounts,
    second: IntArray | FloatArray,
    weights: FloatArray,
) -> Estimate:
    """How much higher the first model's score is than the second's, over the same blocks in the same replicates.

    Parameters
    ----------
    first_score, second_score
        The same score with each model's own calibration and threshold; one function twice where it needs neither.
    first, second
        The models' counts by block, as for `bootstrap`: (n_block, *shape) each.
    weights
        (n_replicate, n_block) how often each replicate holds a block.

    Returns
    -------
    Estimate
        Of the difference; a replicate in which either score is not defined has none.

    Raises
    ------
    SchemaError
        Models or weights have not the same blocks.

    Examples
    --------
    Found and missed objects of two blocks: the models differ by a tenth in either, and so in every replicate.

    >>> recall = lambda counts: counts[..., 0] / counts.sum(axis=-1)
    >>> first, second = np.array([[9, 1], [3, 7]]), np.array([[8, 2], [2, 8]])
    >>> estimate = paired_difference(recall, first, recall, second, np.array([[2.0, 0.0], [1.0, 1.0], [0.0, 2.0]]))
    >>> round(estimate.value, 6), round(estimate.low_95, 6), round(estimate.high_95, 6)
    (0.1, 0.1, 0.1)
    """
    if len(first) != len(second):
        raise SchemaError("Two models were not scored on the same blocks.", got=len(first), expected=len(second))
    value_1, replicates_1 = _scores(first_score, first, weights)
    value_2, replicates_2 = _scores(second_score, second, weights)
    return _estimate(value_1 - value_2, replicates_1 - replicates_2, n_blocks=len(first))


def _scores(score: ScoreOfCounts, counts: IntArray | FloatArray, weights: FloatArray) -> tuple[float, FloatArray]:
    """The score of all blocks, and those (n_replicate,) of the replicates."""
    if weights.shape[1:] != counts.shape[:1]:
        raise SchemaError("Replicates are of other blocks.", got=weights.shape, expected=f"(…, {len(counts)})")
    flat = counts.reshape(len(counts), -1).astype(np.float64)
    # A hundred at a time: counts of all replicates at once would be the size of the histograms times a thousand.
    drawn = [
        score((weights[start : start + _REPLICATES_AT_ONCE] @ flat).reshape(-1, *counts.shape[1:]))
        for start in range(0, len(weights), _REPLICATES_AT_ONCE)
    ]
    return float(score(flat.sum(axis=0).reshape(counts.shape[1:]))), np.concatenate([np.empty(0), *drawn])


def _estimate(value: float, replicates: FloatArray, n_blocks: int) -> Estimate:
    # A replicate without a positive has no recall: taken for 0 it would draw the interval down, so it is left out and
    # counted.
    defined = replicates[~np.isnan(replicates)]
    low, high = np.quantile(defined, QUANTILES) if len(defined) else (np.nan, np.nan)
    mean = float(defined.mean()) if len(defined) else np.nan
    return Estimate(value, mean, float(low), float(high), n_blocks, len(replicates) - len(defined))

"""Scores of more pixels than memory holds, as counts in fine bins of the logit.

Counts are int64, so histograms of parts add up to that of the whole whatever the order, and those of blocks are what a
bootstrap draws. What depends on the order of pixels alone is exact but for the order within a bin
(`entropice.imagery.prevalence.average_precision_bounds` bounds that); at a threshold that is an edge of a bin, such
as 0, it is exact. A logit differs from the middle of its bin by `BIN_LOGIT` / 2 = 1/256 at most within ±`LIMIT_LOGIT`,
so a mean log score by 1/256 of the mean |error| of the probabilities, to first order. Beyond ±16 (a chance of 1e-7) all
logits share the outer bins.
"""

from typing import Final

import numpy as np

from entropice.errors import SchemaError
from entropice.imagery.score_steps import Steps, require_known, require_same_shape
from entropice.types import BoolArray, Float32Array, FloatArray, IntArray

LIMIT_LOGIT: Final = 16.0
BIN_LOGIT: Final = 1 / 128
N_BINS: Final = round(2 * LIMIT_LOGIT / BIN_LOGIT)

_EDGES: Final = np.linspace(-LIMIT_LOGIT, LIMIT_LOGIT, N_BINS + 1)
_PIXELS_AT_ONCE: Final = 1 << 18


def score_counts(
    logits: FloatArray | Float32Array, is_positive: BoolArray | IntArray, is_scored: BoolArray, n_parts: int = 1
) -> IntArray:
    """Count negatives and positives by bin of the logit: int64 (1 + n_parts, `N_BINS`), logits rising.

    Parameters
    ----------
    logits
        Any shape; infinite ones fall into the outer bins, those not scored may be NaN.
    is_positive, is_scored
        Truth, and where it counts; same shape.
    n_parts
        Parts into which positives fall; truth is then 0 of negatives, or the number of a part, from 1.

    Returns
    -------
    IntArray
        Row 0 are negatives, row k the positives of part k. Bin j of 4,096 holds logits from −16 + j / 128, that edge
        included, to the next one, excluded; the outermost bins hold all that lies beyond.

    Raises
    ------
    SchemaError
        A scored logit is NaN, scored truth is neither 0 nor a part, or the shapes differ.

    Examples
    --------
    Of four pixels one is not scored; a logit at an edge, here 0, lies in the bin above it.

    >>> logits = np.array([0.0, 20.0, -0.001, np.nan])
    >>> counts = score_counts(logits, np.array([True, True, False, True]), np.array([True, True, True, False]))
    >>> [(int(row), int(bin) - N_BINS // 2) for row, bin in np.argwhere(counts)]
    [(0, -1), (1, 0), (1, 2047)]
    """
    require_same_shape(logits, is_positive, is_scored)
    flat, truth, scored = (np.ravel(values) for values in (logits, is_positive, is_scored))
    counts = np.zeros((1 + n_parts) * N_BINS, dtype=np.int64)
    for start in range(0, len(flat), _PIXELS_AT_ONCE):
        part = slice(start, start + _PIXELS_AT_ONCE)
        kept = scored[part].astype(bool, copy=False)
        counts += _counts(flat[part][kept], truth[part][kept], len(counts))
    return counts.reshape(-1, N_BINS)


def _counts(logits: FloatArray | Float32Array, is_positive: BoolArray | IntArray, n_counts: int) -> IntArray:
    require_known(logits)
    # the product is exact, for the bins' width is a power of two: a logit at an edge is never put below it
    place = np.floor(np.clip(logits / BIN_LOGIT, -N_BINS // 2, N_BINS // 2 - 1)).astype(np.int64) + N_BINS // 2
    counts = np.bincount(place + N_BINS * is_positive.astype(np.int64), minlength=n_counts)
    if len(counts) > n_counts:
        expected = ", ".join(map(str, range(n_counts // N_BINS)))
        raise SchemaError("Truth is neither yes nor no.", field="is_positive", got=is_positive.max(), expected=expected)
    return counts


def steps_of_counts(counts: IntArray | FloatArray) -> Steps:
    """Steps, shape (n_step,), of counts (…, 2, `N_BINS`), without the bins that are empty in all leading dimensions.

    Bins are those of `score_counts`. A step's logit is the middle of its bin, its threshold the lower edge; logits fall
    from step to step, and the counts are (…, 2, n_step) in that order.

    Examples
    --------
    >>> steps = steps_of_counts(score_counts(np.array([0.0, 1.0]), np.array([True, False]), np.ones(2, bool)))
    >>> steps.thresholds.tolist(), steps.logits.tolist(), steps.counts.tolist()
    ([1.0, 0.0], [1.00390625, 0.00390625], [[1, 0], [0, 1]])
    """
    is_used = counts.reshape(-1, N_BINS).sum(axis=0)[::-1] > 0
    lower, upper = _EDGES[:-1][::-1][is_used], _EDGES[1:][::-1][is_used]
    return Steps((lower + upper) / 2, lower, counts[..., ::-1][..., is_used])


def is_chosen(threshold: float) -> BoolArray:
    """Which bins, shape (`N_BINS`,), logits rising, a threshold chooses: those wholly above it.

    Examples
    --------
    From 0 up it is half of them; a threshold within a bin leaves that bin out.

    >>> [int(is_chosen(threshold).sum()) for threshold in (0.0, 0.001, 1 / 128, 17.0)]
    [2048, 2047, 2047, 0]
    """
    return np.asarray(_EDGES[:-1] >= threshold, dtype=bool)

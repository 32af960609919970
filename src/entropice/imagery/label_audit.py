"""Scores that hold although labels are wrong: an audit of some chips corrects what labels say of all.

Some chips were outlined again with care, drawn at random, each with the same chance; given their number each choice is
equally likely, so that a chip was audited with probability π = n / N. A sum over all N chips of what counts, such as
the pixels I of intersections, is then estimated by the *difference estimator*

    Î = Σ_all I_label + Σ_audited (I_audit − I_label) / π,

which is unbiased whatever the labels are like, and the less uncertain the better they agree with the audit (Särndal,
Swensson and Wretman 1992, *Model Assisted Survey Sampling*; with predictions in place of labels: Angelopoulos et al.
2023, doi:10.1126/science.adi6000). Scores are quotients of such sums: nearly unbiased where the audit is not small.
"""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Final

import numpy as np
import pandas as pd

from entropice.imagery.block_bootstrap import bootstrap
from entropice.quotients import quotient
from entropice.types import DataFrame, FloatArray

RAW: Final = "raw"
CORRECTED: Final = "corrected"
COUNTS: Final = ("n_true", "n_said", "n_both")
"""What scores are made of: positive pixels, chosen ones, and those that are both."""

SUMS: Final = (*COUNTS, "n_chips", *(f"{name}_difference" for name in COUNTS), "n_audited")
"""What chips add up to in a block."""

AUDIT_SCORES: Final[dict[str, Callable[[FloatArray], FloatArray]]] = {
    "global_iou": lambda counts: quotient(counts[..., 2], counts[..., 0] + counts[..., 1] - counts[..., 2]),
    "precision": lambda counts: quotient(counts[..., 2], counts[..., 1]),
    "recall": lambda counts: quotient(counts[..., 2], counts[..., 0]),
}
"""Scores (…,) of `COUNTS` (…, 3)."""


def raw_counts(sums: FloatArray) -> FloatArray:
    """Counts (…, 3) of sums (…, 8) by labels alone: positive pixels, chosen ones, and those that are both.

    They are the first three of `SUMS`.

    Examples
    --------
    >>> raw_counts(np.array([10.0, 8.0, 6.0, 4.0, 2.0, 0.0, 1.0, 2.0])).tolist()
    [10.0, 8.0, 6.0]
    """
    return sums[..., :3]


def corrected_counts(sums: FloatArray) -> FloatArray:
    """Counts (…, 3) of sums (…, 8) by the difference estimator; NaN where no chip was audited.

    `SUMS` are positive pixels, chosen ones, and both, in all N chips; N; how much more of each the audit has in the n
    chips that were audited; n.

    A count is Σ_all + Σ_differences · N / n (Särndal, Swensson and Wretman 1992, *Model Assisted Survey Sampling*).

    Examples
    --------
    Labels have 10 positive pixels in four chips; in the two that were audited two more were found.

    >>> corrected_counts(np.array([10.0, 8.0, 6.0, 4.0, 2.0, 0.0, 1.0, 2.0])).tolist()
    [14.0, 8.0, 8.0]
    """
    n_chips, n_audited = sums[..., 3:4], sums[..., 7:8]
    # N / n of the replicate itself, not of all: a replicate with many audited blocks would count their corrections
    # twice.
    return sums[..., :3] + sums[..., 4:7] * quotient(n_chips, n_audited)


COUNTED_BY: Final = {RAW: raw_counts, CORRECTED: corrected_counts}


def audited_sums(chips: DataFrame, audited: DataFrame) -> FloatArray:
    """`SUMS` (n_block, 8) of each block, blocks sorted, float64.

    They are ``n_true n_said n_both`` of all chips by their labels, ``n_chips``, audit less label of the same three in
    the audited chips, and ``n_audited``.

    Parameters
    ----------
    chips
        ``key block n_true n_said n_both`` of all chips, against their labels.
    audited
        ``key n_true n_said n_both`` of those that were audited, against the audit: a subset. Rows of other keys are
        left out.

    Raises
    ------
    pandas.errors.MergeError
        A key occurs twice in either.

    Examples
    --------
    >>> chips = pd.DataFrame({"key": ["a", "b"], "block": 1, "n_true": [6, 4], "n_said": [5, 3], "n_both": [4, 2]})
    >>> audited = pd.DataFrame({"key": ["a"], "n_true": [8], "n_said": [5], "n_both": [5]})
    >>> audited_sums(chips, audited).tolist()
    [[10.0, 8.0, 6.0, 2.0, 2.0, 0.0, 1.0, 1.0]]
    """
    both = chips.merge(audited[["key", *COUNTS]], on="key", how="left", suffixes=("", "_audit"), validate="one_to_one")
    is_audited = both[f"{COUNTS[0]}_audit"].notna()
    differences = {f"{name}_difference": (both[f"{name}_audit"] - both[name]).fillna(0.0) for name in COUNTS}
    columns = both.assign(n_chips=1, n_audited=is_audited, **differences)
    return columns.groupby("block", sort=True)[list(SUMS)].sum().to_numpy(np.float64)


def audited_score_table(chips: DataFrame, audited: DataFrame, replicates: Callable[[int], FloatArray]) -> DataFrame:
    """Global IoU, precision and recall of pixels by labels alone, and corrected by an audit of some chips.

    Parameters
    ----------
    chips, audited
        As in `audited_sums`.
    replicates
        How often each replicate holds each of so many blocks: `entropice.learning.scores.table.block_replicates`. A
        block is drawn with its audits, so that intervals tell of both: which chips there are, and which were audited.

    Returns
    -------
    DataFrame
        ``labels score value low_95 high_95 n_chips n_audited``, a row a score; ``labels`` is ``raw`` or ``corrected``,
        ``score`` ``global_iou``, ``precision`` or ``recall``. ``low_95`` and ``high_95`` are the ends of the central 95
        % of the replicates. Corrected values are NaN where nothing was audited; intervals leave out replicates without
        an audit. ``n_chips`` and ``n_audited`` are how many rows were given. IoU is B / (T + S − B), precision B / S,
        recall B / T of the counts T ``n_true``, S ``n_said`` and B ``n_both`` of `raw_counts` or `corrected_counts`.

    Raises
    ------
    pandas.errors.MergeError
        A key occurs twice.
    """
    sums = audited_sums(chips, audited)
    return pd.DataFrame(list(_rows(sums, replicates(len(sums)), len(chips), len(audited))))


def _rows(sums: FloatArray, weights: FloatArray, n_chips: int, n_audited: int) -> Iterator[dict[str, object]]:
    for labels, counted in COUNTED_BY.items():
        for name, score in AUDIT_SCORES.items():
            estimate = bootstrap(partial(_score_of, score, counted), sums, weights)
            yield {
                "labels": labels,
                "score": name,
                "value": estimate.value,
                "low_95": estimate.low_95,
                "high_95": estimate.high_95,
                "n_chips": n_chips,
                "n_audited": n_audited,
            }


def _score_of(
    score: Callable[[FloatArray], FloatArray], counted: Callable[[FloatArray], FloatArray], sums: FloatArray
) -> FloatArray:
    return score(counted(sums))

"""Scores against the truth, from labels of all chips and outlines that were drawn again for a random share of them.

Labels are wrong in ways that an audit of some chips tells. Where every chip is audited with the same chance, sums over
chips against the truth are estimated without bias by the difference estimator (Särndal, Swensson and Wretman 1992,
doi:10.1007/978-1-4612-4378-6, ch. 6; as prediction-powered inference Angelopoulos et al. 2023,
doi:10.1126/science.adi6000)

    Ŝ = Σ s(label) + n / m Σ (s(audit) − s(label)),

the first sum over all n chips and the second over the m that were audited. Scores are ratios of such sums.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from entropice.errors import LabelError
from entropice.imagery.block_bootstrap import bootstrap
from entropice.quotients import quotient
from entropice.types import DataFrame, FloatArray

PIXELS: Final = ("n_true", "n_said", "n_both")
"""What is counted of a chip: pixels that are there, that a model marks, and both."""

MIN_AUDITED: Final = 5


@dataclass(frozen=True)
class AuditedScore:
    """One score of sums of pixels.

    Attributes
    ----------
    name, title
        In tables, and for people.
    score
        Of true, marked and common pixels (…,).
    """

    name: str
    title: str
    score: Callable[[FloatArray, FloatArray, FloatArray], FloatArray]


AUDITED_SCORES: Final[tuple[AuditedScore, ...]] = (
    AuditedScore("audited_iou", "global IoU with the truth, from an audit", lambda t, s, b: quotient(b, t + s - b)),
    AuditedScore("audited_precision", "precision by the truth, from an audit", lambda _, s, b: quotient(b, s)),
    AuditedScore("audited_recall", "recall by the truth, from an audit", lambda t, _, b: quotient(b, t)),
)

RAW: Final = "raw"
CORRECTED: Final = "corrected"


def audited_score_table(labelled: DataFrame, audited: DataFrame, replicates: Callable[[int], FloatArray]) -> DataFrame:
    """Every score against the labels as they are, and against the truth.

    Parameters
    ----------
    labelled
        ``key block n_true n_said n_both``: all chips, against their labels.
    audited
        ``key n_true n_said n_both``: some of them at random, against the outlines that were drawn again.
    replicates
        Weights (n_replicate, n_block) of so many blocks; a block is drawn with its audits.

    Returns
    -------
    DataFrame
        ``labels score value low_95 high_95 n_blocks n_chips n_audited``; ``labels`` is `RAW` or `CORRECTED`.

    Raises
    ------
    LabelError
        Fewer than `MIN_AUDITED` of the chips were audited.
    """
    chips = labelled.merge(audited, on="key", how="left", suffixes=("", "_audited"), validate="one_to_one")
    n_audited = int(chips["n_true_audited"].notna().sum())
    _require_audited(n_audited, len(chips))
    sums = block_sums(chips)
    weights = replicates(len(sums))
    rows = []
    for labels, pixels in ((RAW, raw_pixels), (CORRECTED, corrected_pixels)):
        for each in AUDITED_SCORES:
            estimate = bootstrap(_of_sums(each, pixels), sums, weights)
            rows.append(
                {
                    "labels": labels,
                    "score": each.name,
                    "value": estimate.value,
                    "low_95": estimate.low_95,
                    "high_95": estimate.high_95,
                    "n_blocks": estimate.n_blocks,
                    "n_chips": len(chips),
                    "n_audited": n_audited,
                }
            )
    return pd.DataFrame(rows)


def block_sums(chips: DataFrame) -> FloatArray:
    """Chips, audited chips, `PIXELS`, and by how much they differ in the audit: (n_block, 8), blocks sorted."""
    is_audited = chips["n_true_audited"].notna()
    columns = {"n_chips": 1, "n_audited": is_audited, **{name: chips[name] for name in PIXELS}}
    columns |= {f"{name}_more": (chips[f"{name}_audited"] - chips[name]).fillna(0) for name in PIXELS}
    return pd.DataFrame(columns, dtype=np.float64).groupby(chips["block"], sort=True).sum().to_numpy(np.float64)


def raw_pixels(sums: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
    """True, marked and common pixels (…,) by the labels, of sums (…, 8)."""
    return sums[..., 2], sums[..., 3], sums[..., 4]


def corrected_pixels(sums: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
    """The same by the truth; NaN where nothing of it was audited."""
    n_for_each = quotient(sums[..., 0], sums[..., 1])
    true, said, both = (sums[..., 2 + place] + n_for_each * sums[..., 5 + place] for place in range(len(PIXELS)))
    return true, said, both


def _of_sums(
    each: AuditedScore, pixels: Callable[[FloatArray], tuple[FloatArray, FloatArray, FloatArray]]
) -> Callable[[FloatArray], FloatArray]:
    return lambda sums: each.score(*pixels(sums))


def _require_audited(n_audited: int, n_chips: int) -> None:
    if n_audited < MIN_AUDITED:
        raise LabelError(
            "Too few test chips were drawn again to say how wrong their labels are.",
            field="audits",
            got=f"{n_audited} of {n_chips} test chips",
            expected=f"{MIN_AUDITED} or more, drawn at random",
            fix="draw more of them again, or leave the pipeline label_audit out of composition.yml",
        )

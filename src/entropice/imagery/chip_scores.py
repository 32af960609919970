"""How well masks fit chip by chip, on all test chips together and in each region.

With I and U the pixels of intersection and union in a chip, *global IoU* is Σ I / Σ U: large objects weigh most. *Mean
chip IoU* is the mean of I / U over chips with U > 0: chips that neither truth nor model marks do not count, and a chip
with a wrong pixel alone counts 0. Pixels are as they are, not weighted to a ratio of positives to negatives.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from entropice.imagery.block_bootstrap import Estimate, bootstrap, paired_difference
from entropice.imagery.tile_counts import TileCounts
from entropice.quotients import quotient
from entropice.types import DataFrame, FloatArray

Replicates = Callable[[int], FloatArray]
"""Weights (n_replicate, n_block) of so many blocks."""

CHOSEN: Final = "chosen"
HALF: Final = "half"
CUTS: Final = {CHOSEN: "at the threshold chosen on validation tiles", HALF: "at a chance of .5"}
"""From which chance on pixels are chosen, by name."""

SUMS: Final = ("n_both", "n_union", "iou", "is_counted")
"""What chips add up to in a block."""


@dataclass(frozen=True)
class ChipScore:
    """One score, for computing and for readers.

    Attributes
    ----------
    name, title
        In tables, and for people.
    cut
        One of `CUTS`.
    score
        The score (…,) of `SUMS` (…, 4).
    """

    name: str
    title: str
    cut: str
    score: Callable[[FloatArray], FloatArray]


def global_iou(sums: FloatArray) -> FloatArray:
    """Σ I / Σ U (…,); NaN of nothing.

    The sums (…, 4) are pixels in both masks, pixels in either, the chips' IoU, and chips in which something is marked.

    Examples
    --------
    >>> global_iou(np.array([[6.0, 8.0, 1.5, 2.0], [0.0, 0.0, 0.0, 0.0]])).tolist()
    [0.75, nan]
    """
    return quotient(sums[..., 0], sums[..., 1])


def mean_chip_iou(sums: FloatArray) -> FloatArray:
    """Mean of I / U (…,) over chips in which something is marked; NaN without any.

    The sums (…, 4) are pixels in both masks, pixels in either, the chips' IoU, and chips in which something is marked.

    Examples
    --------
    >>> mean_chip_iou(np.array([[6.0, 8.0, 1.5, 2.0], [0.0, 0.0, 0.0, 0.0]])).tolist()
    [0.75, nan]
    """
    return quotient(sums[..., 2], sums[..., 3])


CHIP_SCORES: Final[tuple[ChipScore, ...]] = (
    ChipScore("global_iou", f"global IoU, {CUTS[CHOSEN]}", CHOSEN, global_iou),
    ChipScore("global_iou_half", f"global IoU, {CUTS[HALF]}", HALF, global_iou),
    ChipScore("chip_iou", f"mean IoU of chips with truth or finding, {CUTS[CHOSEN]}", CHOSEN, mean_chip_iou),
    ChipScore("chip_iou_half", f"mean IoU of chips with truth or finding, {CUTS[HALF]}", HALF, mean_chip_iou),
)


def chip_table(counts: TileCounts, threshold: float) -> DataFrame:
    """Chips as a raw logit chooses their pixels: ``key block n_true n_said n_both iou``, a row a chip.

    In the order of the counts. ``n_true`` scored pixels are positive, ``n_said`` are chosen, ``n_both`` are both;
    ``iou`` is their quotient n_both / (n_true + n_said − n_both), NaN of a chip with nothing.

    Parameters
    ----------
    threshold
        Raw logit from which a pixel is chosen; one within a bin of the histogram counts as the bin's upper edge.

    Examples
    --------
    >>> from entropice.imagery.score_histograms import score_counts
    >>> from entropice.imagery.tile_counts import sparse_row
    >>> counts = score_counts(np.array([2.0, -1.0, 1.0]), np.array([True, True, False]), np.ones(3, bool))
    >>> tile = TileCounts(np.array(["a"]), np.array([7], np.uint64), sparse_row(counts))
    >>> chip_table(tile, 0.0).round(4).to_numpy().tolist()
    [['a', 7, 2, 2, 1, 0.3333]]
    """
    n_true, n_said, n_both = counts.chosen(threshold).T
    iou = quotient(n_both.astype(np.float64), n_true + n_said - n_both)
    columns = {"key": counts.keys, "block": counts.blocks, "n_true": n_true, "n_said": n_said, "n_both": n_both}
    return pd.DataFrame({**columns, "iou": iou})


def chip_score_table(chips: DataFrame, first: str, replicates: Replicates, min_positive: int) -> DataFrame:
    """Every declared score of every model, and the first model's lead over each other one, paired by block.

    Parameters
    ----------
    chips
        ``model cut region`` beside `chip_table`: the same chips for each model and cut, a row for each of `CUTS`.
    first
        Name of the model that is compared with the others.
    replicates
        How often each replicate holds each of so many blocks: `entropice.learning.scores.table.block_replicates`.
    min_positive
        Regions with fewer positive pixels, ``n_true`` of each key counted once, are left out.

    Returns
    -------
    DataFrame
        ``model compared_with score part value low_95 high_95 n_blocks n``: ``part`` is null for all chips, else the
        region; ``n`` is the number of chips, ``score`` is ``global_iou`` or ``chip_iou`` at the chosen threshold, and
        both with ``_half`` at a chance of one half. ``low_95`` and ``high_95`` are the ends of the central 95 % of the
        replicates. Where ``compared_with`` names a model, the value is the first model's score less that one's; else it
        is null. Scores are `global_iou` and `mean_chip_iou` of the `block_sums`; rows go by part, all chips first, then
        by score.

    Raises
    ------
    SchemaError
        Models were scored in different numbers of blocks.
    """
    parts = [(None, chips), *((region, of_region) for region, of_region in chips.groupby("region", sort=False))]
    rows = [
        {**row, "part": part}
        for part, of_part in parts
        if part is None or _n_positive(of_part) >= min_positive
        for row in _rows(of_part, first, replicates)
    ]
    table = pd.DataFrame(rows).astype({"compared_with": object, "part": object})
    return table[["model", "compared_with", "score", "part", "value", "low_95", "high_95", "n_blocks", "n"]]


def _rows(chips: DataFrame, first: str, replicates: Replicates) -> Iterator[dict[str, object]]:
    weights = replicates(chips["block"].nunique())
    sums = {group: block_sums(of_group) for group, of_group in chips.groupby(["model", "cut"], sort=False)}
    others = [model for model in dict.fromkeys(chips["model"]) if model != first]
    n_chips = chips["key"].nunique()
    for each in CHIP_SCORES:
        for model in (first, *others):
            estimate = bootstrap(each.score, sums[model, each.cut], weights)
            yield {"model": model, "compared_with": None, "score": each.name, **told(estimate), "n": n_chips}
        for model in others:
            lead = paired_difference(each.score, sums[first, each.cut], each.score, sums[model, each.cut], weights)
            yield {"model": first, "compared_with": model, "score": each.name, **told(lead), "n": n_chips}


def block_sums(chips: DataFrame) -> FloatArray:
    """Sums ``n_both n_union iou is_counted`` (n_block, 4) of the chips of each block, blocks sorted, float64.

    `chips` are rows of `chip_table` of one model and cut; chips with nothing in them add nothing to ``iou`` and
    ``is_counted``.

    Examples
    --------
    >>> chips = pd.DataFrame({"block": [2, 1, 1], "n_true": [4, 3, 0], "n_said": [4, 1, 0], "n_both": [2, 1, 0]})
    >>> block_sums(chips.assign(iou=[1 / 3, 1 / 3, np.nan])).round(4).tolist()
    [[1.0, 3.0, 0.3333, 1.0], [2.0, 6.0, 0.3333, 1.0]]
    """
    n_union = chips["n_true"] + chips["n_said"] - chips["n_both"]
    summed = chips.assign(n_union=n_union, is_counted=n_union > 0).groupby("block", sort=True)[list(SUMS)].sum()
    return summed.to_numpy(np.float64)


def _n_positive(chips: DataFrame) -> int:
    return int(chips.drop_duplicates("key")["n_true"].sum())


def told(estimate: Estimate) -> dict[str, object]:
    """What tables tell of an estimate: its ``value low_95 high_95 n_blocks``, by these names."""
    return {name: getattr(estimate, name) for name in ("value", "low_95", "high_95", "n_blocks")}

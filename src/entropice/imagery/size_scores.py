"""How much of objects is found by their size: scores of all pixels are those of large objects."""

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import Final

import numpy as np
import pandas as pd

from entropice.imagery.block_bootstrap import bootstrap, paired_difference
from entropice.imagery.chip_scores import Replicates, told
from entropice.imagery.tile_counts import TileCounts
from entropice.quotients import quotient
from entropice.types import DataFrame, FloatArray

RECALL_BY_AREA: Final = "recall_by_area"
TITLE: Final = "share of the pixels of objects of a size that are found, at the threshold chosen on validation tiles"
COLUMNS: Final = ("model", "compared_with", "score", "part", "value", "low_95", "high_95", "n_blocks", "n")


def size_score_table(
    models: Mapping[str, TileCounts],
    thresholds: Mapping[str, float],
    classes: Sequence[str],
    first: str,
    replicates: Replicates,
) -> DataFrame:
    """Recall of pixels in every class of sizes by every model, and the first model's lead, paired by block.

    Parameters
    ----------
    models
        Counts of the same tiles, a part a class.
    thresholds
        By model, raw logits from which pixels are chosen.
    classes
        Names of the classes, in the order of the parts.
    first
        The model that is compared with each other one.
    replicates
        How often each replicate holds each of so many blocks: `entropice.learning.scores.table.block_replicates`.

    Returns
    -------
    DataFrame
        ``model compared_with score part value low_95 high_95 n_blocks n``: where ``compared_with`` names a model the
        value is the first model's recall less that one's, else it is null; ``low_95`` and ``high_95`` are the ends of
        the central 95 % of the replicates, ``part`` is the class, ``n`` its pixels. Classes without pixels have no row.
        ``score`` is ``recall_by_area``, the chosen pixels of a class over all of it, summed over blocks; replicates
        that hold none of a class are left out. Rows go by class, each model first and then the leads.

    Raises
    ------
    SchemaError
        Models were counted in different numbers of blocks.
    """
    sums = {name: block_sums(counts, thresholds[name]) for name, counts in models.items()}
    weights = replicates(len(sums[first]))
    rows = [row for number, part in enumerate(classes) for row in _rows(number, part, sums, first, weights)]
    return pd.DataFrame(rows, columns=list(COLUMNS)).astype({"compared_with": object})


def block_sums(counts: TileCounts, threshold: float) -> FloatArray:
    """Positive pixels (n_block, n_part, 2), and those of them that are chosen; blocks sorted.

    Float64; the parts are in their order.

    Examples
    --------
    >>> from entropice.imagery.score_histograms import score_counts
    >>> from entropice.imagery.tile_counts import sparse_row
    >>> counts = score_counts(np.array([2.0, -1.0, 1.0]), np.array([1, 1, 2]), np.ones(3, bool), n_parts=2)
    >>> block_sums(TileCounts(np.array(["a"]), np.array([7], np.uint64), sparse_row(counts)), 0.0).tolist()
    [[[2.0, 1.0], [1.0, 1.0]]]
    """
    blocks, place = np.unique(counts.blocks, return_inverse=True)
    sums = np.zeros((len(blocks), counts.n_parts, 2))
    np.add.at(sums, place, counts.chosen_by_part(threshold))
    return sums


def _rows(
    number: int, part: str, sums: Mapping[str, FloatArray], first: str, weights: FloatArray
) -> Iterator[dict[str, object]]:
    n_pixels = int(sums[first][:, number, 0].sum())
    if n_pixels == 0:
        return
    score = partial(_recall, number)
    row = {"score": RECALL_BY_AREA, "part": part, "n": n_pixels}
    for model, of_model in sums.items():
        yield {"model": model, "compared_with": None, **row, **told(bootstrap(score, of_model, weights))}
    for model in (name for name in sums if name != first):
        lead = paired_difference(score, sums[first], score, sums[model], weights)
        yield {"model": first, "compared_with": model, **row, **told(lead)}


def _recall(number: int, sums: FloatArray) -> FloatArray:
    return quotient(sums[..., number, 1], sums[..., number, 0])

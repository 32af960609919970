"""How well objects are told from lookalikes by pixels alone, with a hard gate, and joined with what cells expect.

Objects come from tiles that hold true ones more often than land does. Where positive : negative pixels = 1 : r on land
and P and N in the tiles, a false object weighs w = r P / N, as in `entropice.imagery.objects.at_ratio`. Average
precision is Σ ΔR P over objects from the highest score down, with recall R over *all* true objects: those that no pixel
shows, and those whose cell a gate leaves out, are never found.
"""

from collections.abc import Mapping, Sequence
from itertools import combinations
from typing import Final

import numpy as np
import pandas as pd

from entropice.learning.scores.interval import QUANTILES
from entropice.quotients import quotient
from entropice.types import BoolArray, DataFrame, FloatArray, IntArray

PR_AUC: Final = "pr_auc"
"""Average precision, as scores of pixels call it."""


def joint_score_table(
    scores: Mapping[str, FloatArray],
    is_true: BoolArray,
    block: IntArray,
    ground: DataFrame,
    ratios: Sequence[float],
    weights: FloatArray,
) -> DataFrame:
    """Average precision of several ways to score objects at several ratios, and their differences in the same blocks.

    Parameters
    ----------
    scores
        By way, (n_object,) of found objects; -inf where the way leaves an object out. Ties go by position.
    is_true, block
        (n_object,) truth, and the number of the block, from 0.
    ground
        ``n_true n_positive n_negative`` by number of the block: true objects, found or not, and scored pixels.
    ratios
        r of positive : negative pixels = 1 : r on land, by which false objects weigh r P / N.
    weights
        (n_replicate, n_block): `entropice.learning.scores.table.block_replicates`.

    Returns
    -------
    DataFrame
        ``way compared_with ratio score value low_95 high_95 n_true n_found``: the average precision ``Σ ΔR P``, with
        the central 95 % of the replicates in which it is defined (quantiles 2.5 % and 97.5 %, linear; NaN without any).
        ``score`` is "pr_auc", ``n_true`` all true objects of the ground, ``n_found`` those among the scored ones. Where
        ``compared_with`` names a way, that one comes before ``way`` in `scores`, and its score is taken from that of
        ``way`` in the same blocks; else it is null. NaN without true objects.

    Examples
    --------
    True objects at ranks 1 and 3 of three, false ones weighing 1: (1 + 2/3) / 2. A gate that drops the last finds one.

    >>> scores = {"pixels": np.array([0.9, 0.8, 0.7]), "gate": np.array([0.9, 0.8, -np.inf])}
    >>> ground = pd.DataFrame({"n_true": [2], "n_positive": [1], "n_negative": [1]})
    >>> true, weights = np.array([True, False, True]), np.ones((1, 1))
    >>> table = joint_score_table(scores, true, np.zeros(3, dtype=np.int64), ground, [1.0], weights)
    >>> table[["way", "compared_with", "value"]].round(4).values.tolist()
    [['pixels', nan, 0.8333], ['gate', nan, 0.5], ['gate', 'pixels', -0.3333]]
    """
    everything = np.vstack([np.ones(len(ground)), weights])
    found: dict[tuple[str, str | None, float], FloatArray] = {
        (way, None, ratio): _average_precision(score, is_true, block, ground, ratio, everything)
        for way, score in scores.items()
        for ratio in ratios
    }
    leads: dict[tuple[str, str | None, float], FloatArray] = {
        (one, other, ratio): found[one, None, ratio] - found[other, None, ratio]
        for other, one in combinations(scores, 2)
        for ratio in ratios
    }
    rows = [_row(*key, values) for key, values in (found | leads).items()]
    return pd.DataFrame(rows).assign(n_true=int(ground["n_true"].sum()), n_found=int(is_true.sum()))


def _average_precision(
    score: FloatArray, is_true: BoolArray, block: IntArray, ground: DataFrame, ratio: float, weights: FloatArray
) -> FloatArray:
    """Of all replicates (n_replicate,), by how often each holds a block."""
    # What a way leaves out is never found, but stays among the true ones that could be.
    order = np.argsort(-score, kind="stable")[: int(np.isfinite(score).sum())]
    times = weights[:, block[order]]
    of_ground = weights @ ground[["n_true", "n_positive", "n_negative"]].to_numpy(np.float64)
    n_true, n_positive, n_negative = of_ground.T
    right = times * is_true[order]
    wrong = (times - right) * quotient(ratio * n_positive, n_negative)[:, None]
    above, below = right.cumsum(axis=1), wrong.cumsum(axis=1)
    precision = np.divide(above, above + below, out=np.zeros_like(above), where=above > 0)
    return quotient((right * precision).sum(axis=1), n_true)


def _row(way: str, compared_with: str | None, ratio: float, values: FloatArray) -> dict[str, object]:
    value, drawn = values[0], values[1:][~np.isnan(values[1:])]
    low, high = np.quantile(drawn, QUANTILES) if len(drawn) else (np.nan, np.nan)
    names = {"way": way, "compared_with": compared_with, "ratio": ratio, "score": PR_AUC}
    return {**names, "value": value, "low_95": low, "high_95": high}

"""Scores of objects at several ratios with intervals over blocks, and which sizes are found."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from typing import Final

import numpy as np
import pandas as pd

from entropice.imagery.block_bootstrap import bootstrap
from entropice.imagery.held_out_objects import FOUND, TRUE, matched_at
from entropice.imagery.object_rules import ObjectRules
from entropice.imagery.object_sizes import SizeRecall, lagging_sizes, recall_by_size
from entropice.imagery.objects import at_ratio, f_one, precision, recall
from entropice.types import BoolArray, CellIds, DataFrame, FloatArray, IntArray, Series

RECALL_OF_SIZE: Final = "recall_of_size"
ADVISES_RESOLUTIONS: Final = "advises_resolutions"


@dataclass(frozen=True)
class ObjectScore:
    """One score, for computing and for readers.

    Attributes
    ----------
    name, title
        In tables, and for people.
    score
        The score (…,) of counts (…, 3) found, wrong, missed.
    """

    name: str
    title: str
    score: Callable[[FloatArray], FloatArray]


OBJECT_SCORES: Final[tuple[ObjectScore, ...]] = (
    ObjectScore("precision", "precision of objects", precision),
    ObjectScore("recall", "recall of objects", recall),
    ObjectScore("f_one", "F1 of objects", f_one),
)


def counts_of_blocks(objects: DataFrame, ground: DataFrame, min_iou: float) -> tuple[CellIds, IntArray]:
    """What a bootstrap of blocks draws.

    Parameters
    ----------
    objects, ground
        Of `entropice.imagery.held_out_objects`, with their ``block``; blocks without objects are in the ground alone.

    Returns
    -------
    CellIds, IntArray
        (n_block,) sorted, and (n_block, 5) found, wrong and missed objects, negative and positive pixels. An object
        that is neither matched nor judged counts as none of them.

    Raises
    ------
    KeyError
        Objects were not matched at this bound.

    Examples
    --------
    >>> kinds = {"kind": [FOUND, FOUND, TRUE, TRUE], "matched_at_0.5": [True, False, True, False], "is_judged": True}
    >>> objects = pd.DataFrame({**kinds, "block": [1, 1, 1, 2]})
    >>> ground = pd.DataFrame({"block": [1, 2, 3], "n_negative": 100, "n_positive": [9, 4, 0]})
    >>> blocks, counts = counts_of_blocks(objects, ground, 0.5)
    >>> blocks.tolist(), counts.tolist()
    ([1, 2, 3], [[1, 1, 0, 100, 9], [0, 0, 1, 100, 4], [0, 0, 0, 100, 0]])
    """
    pixels = ground.groupby("block")[["n_negative", "n_positive"]].sum().sort_index()
    is_matched, is_found = objects[matched_at(min_iou)], objects["kind"] == FOUND
    left = ~is_matched & objects["is_judged"]
    kinds = {"found": is_found & is_matched, "wrong": is_found & left, "missed": ~is_found & left}
    counts = pd.DataFrame(kinds).groupby(objects["block"]).sum().reindex(pixels.index, fill_value=0)
    return pixels.index.to_numpy(np.uint64), np.hstack([counts, pixels]).astype(np.int64)


def object_score_table(
    objects: DataFrame, ground: DataFrame, rules: ObjectRules, weights: FloatArray, ratios: Sequence[float]
) -> DataFrame:
    """Every declared score at every bound of IoU and ratio, and the recall of every class of sizes.

    Parameters
    ----------
    objects, ground
        As in `counts_of_blocks`, of one split.
    rules
        Bounds of IoU, classes of sizes, and how far recall may fall behind.
    weights
        (n_replicate, n_block): `entropice.learning.scores.table.block_replicates`.
    ratios
        Negative pixels for each positive one.

    Returns
    -------
    DataFrame
        ``score min_iou ratio low_m high_m value mean low_95 high_95 n_blocks n_undefined n_true n_found``, by bound:
        first ``precision``, ``recall`` and ``f_one`` at each ratio, then the classes of sizes. Of the first ``n_true``
        and ``n_found`` are true and found objects, ``low_m`` and ``high_m`` NaN, and ``mean``, ``low_95`` and
        ``high_95`` those of the replicates, of which ``n_undefined`` have no score; wrong objects are weighed by
        `entropice.imagery.objects.at_ratio`. Rows ``recall_of_size`` have
        Wilson's interval and the true objects of a class with those of them that are found; ``ratio``, ``mean`` and
        ``n_undefined`` are NaN there, ``high_m`` in the last class, which is open, too. Their like
        ``advises_resolutions`` is 1 where a class falls behind (`object_sizes.lagging_sizes`), else 0.

    Raises
    ------
    SchemaError
        Weights are of another number of blocks.
    """
    rows = [
        row
        for min_iou in rules.min_ious
        for row in (
            *_score_rows(objects, ground, min_iou, weights, ratios),
            *_size_rows(objects, min_iou, rules, ground["block"].nunique()),
        )
    ]
    return pd.DataFrame(rows)


def counted(objects: DataFrame, kind: str, min_iou: float) -> DataFrame:
    """Rows, all columns, of the objects of a kind that count: those that are matched at a bound, or judged.

    Parameters
    ----------
    objects
        `entropice.imagery.held_out_objects.tile_objects`; its index is kept.
    kind
        ``found`` or ``true``.
    min_iou
        One of the bounds that the objects were matched at.

    Raises
    ------
    KeyError
        It is none of them.

    Examples
    --------
    >>> matches = {"matched_at_0.5": [True, False, False], "is_judged": [False, True, False]}
    >>> counted(pd.DataFrame({"kind": FOUND, **matches}), FOUND, 0.5).index.tolist()
    [0, 1]
    """
    counts: Series = (objects["kind"] == kind) & (objects[matched_at(min_iou)] | objects["is_judged"])
    return objects[counts]


def _score_rows(
    objects: DataFrame, ground: DataFrame, min_iou: float, weights: FloatArray, ratios: Sequence[float]
) -> Iterator[dict[str, object]]:
    _, counts = counts_of_blocks(objects, ground, min_iou)
    found, wrong, missed = counts[:, :3].sum(axis=0).tolist()
    for ratio in ratios:
        for each in OBJECT_SCORES:
            estimate = bootstrap(partial(_at_ratio, each, ratio), counts, weights)
            yield {
                "score": each.name,
                "min_iou": min_iou,
                "ratio": ratio,
                "low_m": np.nan,
                "high_m": np.nan,
                **asdict(estimate),
                "n_true": found + missed,
                "n_found": found + wrong,
            }


def _at_ratio(declared: ObjectScore, ratio: float, counts: FloatArray) -> FloatArray:
    return declared.score(at_ratio(counts[..., :3], counts[..., 3], counts[..., 4], ratio))


def _size_rows(objects: DataFrame, min_iou: float, rules: ObjectRules, n_blocks: int) -> Iterator[dict[str, object]]:
    there = counted(objects, TRUE, min_iou)
    is_found: BoolArray = there[matched_at(min_iou)].to_numpy(bool)
    recalls = recall_by_size(there["extent_m"].to_numpy(np.float64), is_found, rules.size_edges_m)
    lagging = lagging_sizes(recalls, rules.max_recall_gap)
    for each in recalls:
        common = _of_size(each, min_iou, n_blocks)
        yield {"score": RECALL_OF_SIZE, **common, "value": each.recall, "low_95": each.low_95, "high_95": each.high_95}
        yield {"score": ADVISES_RESOLUTIONS, **common, "value": float(each in lagging)}


def _of_size(recalls: SizeRecall, min_iou: float, n_blocks: int) -> dict[str, object]:
    high_m = recalls.high_m if np.isfinite(recalls.high_m) else np.nan
    return {
        "min_iou": min_iou,
        "low_m": recalls.low_m,
        "high_m": high_m,
        "n_blocks": n_blocks,
        "n_true": recalls.n,
        "n_found": recalls.n_found,
    }

"""How objects are calibrated and scored, from the table of those in held-out tiles."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from entropice.imagery.held_out_objects import FOUND, TRUE, matched_at
from entropice.imagery.object_calibration import fit_objects
from entropice.imagery.object_score_table import counted, object_score_table
from entropice.imagery.splits import TEST, VALIDATION
from entropice.learning.scores.table import block_replicates
from entropice.pipelines.kinds.mask.evaluation.parameters import EvaluationParameters
from entropice.pipelines.kinds.mask.evaluation.pixels import object_threshold
from entropice.types import DataFrame


def object_calibration(
    objects: DataFrame, ground: DataFrame, calibration: Mapping[str, Any], evaluation: EvaluationParameters
) -> dict[str, Any]:
    """An `ObjectCalibration` of the validation tiles, and how to make objects that it is of.

    ``threshold_logit`` and ``min_px`` make them of the network's logits, ``true_at`` is the IoU from which they count
    as true, ``base_rates`` are the shares of true ones at every ratio, as ``ratio base_rate``; other entries are those
    of `ObjectCalibration.to_json`.

    `objects` has the columns ``split kind mean_logit extent_m is_judged matched_at_<iou>``, `ground` ``split n_negative
    n_positive``; objects that are neither matched nor judged do not count.

    Raises
    ------
    LabelError
        Nothing was found or nothing is there, or no threshold does what the rule asks.
    """
    rules = evaluation.objects
    validation = objects[objects["split"] == VALIDATION]
    found, there = (counted(validation, kind, rules.true_at) for kind in (FOUND, TRUE))
    is_right, is_found = (each[matched_at(rules.true_at)].to_numpy(bool) for each in (found, there))
    fitted = fit_objects(
        found["mean_logit"].to_numpy(np.float64),
        is_right,
        there["extent_m"].to_numpy(np.float64),
        is_found,
        rules.size_edges_m,
    )
    pixels = ground.loc[ground["split"] == VALIDATION, ["n_negative", "n_positive"]].sum()
    base_rates = [
        {"ratio": ratio, "base_rate": fitted.base_rate(ratio, int(pixels["n_negative"]), int(pixels["n_positive"]))}
        for ratio in evaluation.ratios
    ]
    made = {"threshold_logit": object_threshold(calibration, evaluation), "min_px": rules.min_px}
    return {**made, "true_at": rules.true_at, **fitted.to_json(), "base_rates": base_rates}


def object_scores(
    objects: DataFrame, ground: DataFrame, evaluation: EvaluationParameters, random_seed: int
) -> DataFrame:
    """Rows of `entropice.imagery.object_score_table` of the test tiles, scores as of the node `score_objects`.

    ``score min_iou ratio low_m high_m value mean low_95 high_95 n_blocks n_undefined n_true n_found``. `objects` has a
    row a found or a true object (``split block tile kind extent_m is_judged matched_at_<iou>…`` and more), `ground`
    ``split block n_negative n_positive``; the blocks that are drawn are those with scored ground.
    """
    tested, tested_ground = (table[table["split"] == TEST] for table in (objects, ground))
    weights = block_replicates(tested_ground["block"].nunique(), random_seed, evaluation.n_bootstrap)
    return object_score_table(tested, tested_ground, evaluation.objects, weights, evaluation.ratios)

"""How well masks fit chip by chip, from counts of held-out tiles: at the threshold in use, and along all chances."""

from collections.abc import Mapping
from functools import partial
from typing import Any

import numpy as np
import pandas as pd

from entropice.imagery.calibration import Calibration
from entropice.imagery.chip_scores import CHOSEN, HALF, chip_score_table, chip_table
from entropice.imagery.sectors import regions_of_tiles
from entropice.imagery.size_classes import size_class_names
from entropice.imagery.size_scores import size_score_table
from entropice.imagery.splits import TEST
from entropice.imagery.threshold_sweep import sweep_table
from entropice.imagery.tile_counts import from_arrays
from entropice.io.arrays import Arrays
from entropice.learning.scores.table import block_replicates
from entropice.pipelines.kinds.mask.evaluation.judging import HELD_OUT
from entropice.pipelines.kinds.mask.evaluation.parameters import NETWORK, EvaluationParameters
from entropice.pipelines.kinds.mask.evaluation.pixels import MIN_REGIONAL_POSITIVE, models_of, threshold_of
from entropice.types import DataFrame

COLUMNS = ["key", "block", "split", "region", "year", "model", "cut", "n_true", "n_said", "n_both", "iou"]


def chips_of(
    held_out: Arrays, calibration: Mapping[str, Any], tiles: DataFrame, evaluation: EvaluationParameters
) -> DataFrame:
    """Rows of `COLUMNS`: every chip of validation and test, as every model marks it at every cut.

    ``key block split region year model cut n_true n_said n_both iou``. ``cut`` is ``chosen``, the threshold chosen on
    the validation tiles, or ``half``, a calibrated chance of .5 at the ratio ``calibrated_at``; a threshold within a
    bin of the counts (1/128) is taken for its upper edge. ``n_true n_said n_both`` are scored pixels, ``iou`` is n_both
    / (n_true + n_said − n_both), NaN of a chip without either. ``region`` is that of `tiles` (``key year left_m top_m
    pixel_m n_pixels``), or its sector of longitude where these have none.
    """
    about = tiles[["key", "year"]].assign(region=regions_of_tiles(tiles))
    tables = [
        chip_table(from_arrays(held_out.arrays, model, split), threshold).assign(model=model, split=split, cut=cut)
        for model in models_of(held_out)
        for cut, threshold in _cuts(calibration[model], evaluation).items()
        for split in HELD_OUT
    ]
    return pd.concat(tables).merge(about, on="key", how="left", validate="many_to_one")[COLUMNS]


def sweeps_of(held_out: Arrays, calibration: Mapping[str, Any], evaluation: EvaluationParameters) -> DataFrame:
    """``model split threshold is_chosen iou precision recall``: `entropice.imagery.threshold_sweep` of both splits.

    Thresholds are calibrated chances at the ratio ``calibrated_at``, .05, .10 … .95 and the one in use, rising; scores
    are of all pixels of a split together, as they are, NaN where they are not defined.
    """
    tables = [
        sweep_table(
            from_arrays(held_out.arrays, model, split),
            _calibration(calibration[model]),
            evaluation.calibrated_at,
            threshold_of(calibration[model], evaluation.threshold),
        ).assign(model=model, split=split)
        for model in models_of(held_out)
        for split in HELD_OUT
    ]
    return pd.concat(tables, ignore_index=True)[
        ["model", "split", "threshold", "is_chosen", "iou", "precision", "recall"]
    ]


def chip_scores_of_test(chips: DataFrame, evaluation: EvaluationParameters, random_seed: int) -> DataFrame:
    """Rows of ``task_scores`` of the test chips: of all together, and of each region that has enough positives.

    `chips` are those of `chips_of`; ``part`` is null or the region, ``horizon`` null, ``n`` chips. A region needs 1,000
    positive pixels (`MIN_REGIONAL_POSITIVE`). Scores are ``global_iou`` and ``chip_iou``, the mean of chips with
    anything true or said, and the same with ``_half`` at that cut, the network's lead over each rival among them, with
    intervals over blocks.
    """
    replicates = partial(block_replicates, random_seed=random_seed, n_replicates=evaluation.n_bootstrap)
    table = chip_score_table(chips[chips["split"] == TEST], NETWORK, replicates, MIN_REGIONAL_POSITIVE)
    return table.assign(horizon=np.nan)


def size_scores_of_test(
    held_out: Arrays, calibration: Mapping[str, Any], evaluation: EvaluationParameters, random_seed: int
) -> DataFrame:
    """Rows of ``task_scores`` of the test chips by size of object, where the parameters tell sizes apart.

    The score ``recall_by_area`` is the share of the pixels of objects that are marked; ``part`` is the class of sizes,
    ``n`` its pixels, and classes without any have no row. No rows where sizes are not told apart.
    """
    return size_score_table(
        {model: from_arrays(held_out.arrays, model, TEST) for model in models_of(held_out)},
        {model: threshold_of(calibration[model], evaluation.threshold) for model in models_of(held_out)},
        size_class_names(evaluation.objects.area_edges_m2),
        NETWORK,
        partial(block_replicates, random_seed=random_seed, n_replicates=evaluation.n_bootstrap),
    ).assign(horizon=np.nan)


def _cuts(calibration: Mapping[str, Any], evaluation: EvaluationParameters) -> dict[str, float]:
    """Raw logits from which a model's pixels are chosen."""
    half = _calibration(calibration).raw_logits(np.zeros(1), evaluation.calibrated_at)
    return {CHOSEN: threshold_of(calibration, evaluation.threshold), HALF: float(half[0])}


def _calibration(calibration: Mapping[str, Any]) -> Calibration:
    return Calibration.from_json(calibration["calibration"])

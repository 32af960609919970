"""What a network that marks changes and its rivals say of pairs that none has learned from."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from typing import Any, Final

import numpy as np
import pandas as pd

from entropice.imagery.calibration import Calibration, fit_line
from entropice.imagery.changes.pair_models import PAIR_MODELS
from entropice.imagery.changes.score_table import change_difference_table, change_score_table, natural_ratio
from entropice.imagery.held_out import Predict, counts_by_block
from entropice.imagery.loading import SampleView
from entropice.imagery.pixel_score_table import ScoredModel
from entropice.imagery.samples import Samples
from entropice.imagery.score_histograms import steps_of_counts
from entropice.imagery.splits import TEST, TRAIN, VALIDATION
from entropice.imagery.threshold_rules import rule_named
from entropice.imagery.thresholds import choose_threshold
from entropice.io.arrays import Arrays
from entropice.io.networks import TrainedNetwork
from entropice.learning.scores.table import block_replicates
from entropice.pipelines.kinds.change.parameters import ChangeEvaluationParameters, ChangeSampleParameters
from entropice.pipelines.kinds.pixels import network_logits, rival_logits
from entropice.pipelines.kinds.views import judged_view
from entropice.pipelines.training.parameters import TrainingParameters
from entropice.types import DataFrame, IntArray

HELD_OUT: Final = (VALIDATION, TEST)
NETWORK: Final = "network"
SCORE_COLUMNS: Final = (
    "model", "compared_with", "score", "part", "horizon", "value", "low_95", "high_95", "n_blocks", "n"
)  # fmt: skip


def held_out_counts(
    network: TrainedNetwork,
    images: Samples,
    splits: DataFrame,
    statistics: Mapping[str, Any],
    samples: ChangeSampleParameters,
    training: TrainingParameters,
    evaluation: ChangeEvaluationParameters,
) -> Arrays:
    """Arrays ``<model>_<split>`` (n_block, 2, n_bin) and ``blocks_<split>`` (n_block,).

    Counts of scored pixels, int64: unchanged and changed, by bin of the raw logit, of 4,096 of which bin j holds −16 +
    j / 128 up to the next edge; splits are validation and test, models ``network``, ``difference``, ``pair_logistic``
    and ``pair_boosting``, in the metadata ``models``. Rivals learn from the first training pairs, as many as the
    parameters say. `splits` has the columns ``key block split``.

    Raises
    ------
    ModelFileError
        The network was trained with other statistics.
    InputFileError
        The statistics are of other bands or another version of the data.
    LabelError
        The pairs that rivals learn from hold one class only.
    """
    view = judged_view(network, images, statistics, samples, samples.ignored_edge_px)
    learned = list(splits.loc[splits["split"] == TRAIN, "key"])
    says = network_logits(network, training, evaluation.batch_size)
    models = {NETWORK: says, **dict(_rivals(view, learned, training, evaluation))}
    arrays: dict[str, Any] = {}
    for split in HELD_OUT:
        tiles = splits[splits["split"] == split]
        arrays[f"blocks_{split}"], counts = counts_by_block(
            view, list(tiles["key"]), tiles["block"].to_numpy(np.uint64), models, evaluation.batch_size
        )
        arrays |= {f"{name}_{split}": of_model for name, of_model in counts.items()}
    return Arrays(arrays, {"models": list(models)})


def _rivals(
    view: SampleView, keys: Sequence[str], training: TrainingParameters, evaluation: ChangeEvaluationParameters
) -> Iterator[tuple[str, Predict]]:
    learned = list(keys[: evaluation.n_rival_tiles])
    for model in PAIR_MODELS:
        yield model.name, rival_logits(model, view, learned, evaluation.n_rival_pixels, training.seed)


def calibrations(held_out: Arrays, evaluation: ChangeEvaluationParameters) -> dict[str, Any]:
    """By model its ``calibration`` and its ``threshold``, a raw logit, on the validation pairs as they are.

    The logit of a threshold that no pixel keeps is null: nothing is said to have changed. `held_out` is what
    `held_out_counts` makes; a calibration (``slope intercept ratio``) is slope × logit + intercept, and logits are
    calibrated at the ratio of unchanged to changed pixels that the pairs have. A threshold has ``logit is_reached
    precision recall iou f_half rule ratio chosen_on n_positive``, chosen by the rule of the parameters.

    Raises
    ------
    LabelError
        No validation pixel has changed, or all have, or logits do not tell them apart.
    """
    return {
        model: _calibrated(held_out.arrays[f"{model}_{VALIDATION}"].astype(np.int64), evaluation)
        for model in held_out.metadata["models"]
    }


def _calibrated(counts: IntArray, evaluation: ChangeEvaluationParameters) -> dict[str, Any]:
    steps = steps_of_counts(counts)
    ratio = natural_ratio(steps)
    chosen = asdict(choose_threshold(steps, ratio, rule_named(evaluation.threshold)))
    logit = chosen["logit"] if chosen["is_reached"] else None
    return {"calibration": fit_line(steps, ratio).to_json(), "threshold": chosen | {"logit": logit}}


def scores_of_test(
    held_out: Arrays, calibration: Mapping[str, Any], evaluation: ChangeEvaluationParameters, random_seed: int
) -> DataFrame:
    """``task_scores`` of the test pairs at the share of change of the validation pairs.

    Returns
    -------
    DataFrame
        ``model compared_with score part horizon value low_95 high_95 n_blocks n``: each model's scores, then the
        network's less each rival's (``compared_with``), paired by block. ``score`` is one of ``accuracy f_1 pr_auc
        precision_at_recall_50 precision_at_recall_80 iou precision recall f_half log_score log_skill slope intercept
        predicted_over_observed predicted_over_observed_at_the_top ece``, ``part`` and ``horizon`` are null; ``n`` are
        scored pixels. Intervals are those of blocks drawn with replacement, NaN with fewer than two blocks.

    Raises
    ------
    LabelError
        No block of the test has a changed pixel, or none an unchanged one.
    """
    models = {name: _scored(held_out, name, calibration[name]) for name in held_out.metadata["models"]}
    ratio = Calibration.from_json(calibration[NETWORK]["calibration"]).ratio
    weights = block_replicates(len(models[NETWORK].counts), random_seed, evaluation.n_bootstrap)
    own = [change_score_table(model, weights, ratio).assign(model=name) for name, model in models.items()]
    leads = [
        change_difference_table(models[NETWORK], model, weights, ratio).assign(model=NETWORK, compared_with=name)
        for name, model in models.items()
        if name != NETWORK
    ]
    table = pd.concat([*own, *leads], ignore_index=True).assign(part=None, horizon=np.nan)
    return table[list(SCORE_COLUMNS)]


def _scored(held_out: Arrays, name: str, calibration: Mapping[str, Any]) -> ScoredModel:
    return ScoredModel(
        held_out.arrays[f"{name}_{TEST}"].astype(np.int64),
        Calibration.from_json(calibration["calibration"]),
        threshold_of(calibration),
    )


def threshold_of(calibration: Mapping[str, Any]) -> float:
    """Raw logit from which, it included, a model's pixels are said to have changed; infinite where none is.

    >>> threshold_of({"threshold": {"logit": 0.5}}), threshold_of({"threshold": {"logit": None}})
    (0.5, inf)
    """
    logit = calibration["threshold"]["logit"]
    return np.inf if logit is None else float(logit)

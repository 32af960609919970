"""How a trained network and its rivals are judged, from datasets of the catalog."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict
from typing import Any, Final

import numpy as np
import pandas as pd

from entropice.imagery.calibration import Calibration, fit_line
from entropice.imagery.held_out import Predict, counts_by_block
from entropice.imagery.loading import SampleView
from entropice.imagery.pixel_models import PIXEL_MODELS, FittedPixelModel, PixelModel, fit_pixel_model
from entropice.imagery.pixel_score_table import ScoredModel, pixel_difference_table, pixel_score_table
from entropice.imagery.samples import Samples
from entropice.imagery.score_histograms import steps_of_counts
from entropice.imagery.splits import TEST, TRAIN, VALIDATION
from entropice.imagery.threshold_rules import RULES
from entropice.imagery.thresholds import choose_threshold
from entropice.io.arrays import Arrays
from entropice.io.networks import TrainedNetwork
from entropice.learning.scores.table import block_replicates
from entropice.networks.export import network_of, require_statistics
from entropice.networks.inference import predictor
from entropice.pipelines.evaluation.parameters import EvaluationParameters
from entropice.pipelines.samples.parameters import SampleParameters
from entropice.pipelines.training.job import machine_of, masks_of, sample_view
from entropice.pipelines.training.parameters import TrainingParameters
from entropice.sha256 import sha256_of_value
from entropice.types import BoolArray, DataFrame, Float32Array

NETWORK: Final = "network"
HELD_OUT: Final = (VALIDATION, TEST)


def held_out_counts(
    network: TrainedNetwork,
    images: Samples,
    splits: DataFrame,
    statistics: Mapping[str, Any],
    samples: SampleParameters,
    training: TrainingParameters,
    evaluation: EvaluationParameters,
) -> Arrays:
    """Arrays ``<model>_<split>`` (n_block, 2, n_bin) and ``blocks_<split>`` (n_block,)."""
    require_statistics(network.checkpoint, sha256_of_value(statistics), network.path)
    view = sample_view(images, statistics, network.checkpoint.specification.bands, samples)
    arrays: dict[str, Any] = {}
    models = dict(_models(network, view, splits, training, evaluation))
    for split in HELD_OUT:
        tiles = splits[splits["split"] == split]
        arrays[f"blocks_{split}"], counts = counts_by_block(
            view, list(tiles["key"]), tiles["block"].to_numpy(np.uint64), models, evaluation.batch_size
        )
        arrays |= {f"{name}_{split}": of_model for name, of_model in counts.items()}
    return Arrays(arrays, {"models": list(models)})


def _models(
    network: TrainedNetwork,
    view: SampleView,
    splits: DataFrame,
    training: TrainingParameters,
    evaluation: EvaluationParameters,
) -> Iterator[tuple[str, Predict]]:
    checkpoint, machine = network.checkpoint, machine_of(training)
    predict = predictor(network_of(checkpoint, network.path), checkpoint.weights, machine, evaluation.batch_size)
    yield NETWORK, masks_of(predict)
    for model in PIXEL_MODELS:
        yield model.name, _one_by_one(_fitted(model, view, splits, training, evaluation))


def _fitted(
    model: PixelModel,
    view: SampleView,
    splits: DataFrame,
    training: TrainingParameters,
    evaluation: EvaluationParameters,
) -> FittedPixelModel:
    """Fitted to as many positive as other tiles, so that both kinds of pixels are well known."""
    learned = splits[splits["split"] == TRAIN]
    half = evaluation.n_rival_tiles // 2
    positive, other = (learned.loc[which, "key"] for which in (learned["n_positive"] > 0, learned["n_positive"] == 0))
    tiles = (_tile(view, key) for key in [*positive[:half], *other[:half]])
    return fit_pixel_model(model, tiles, evaluation.n_rival_pixels, training.seed)


def _tile(view: SampleView, key: str) -> tuple[Float32Array, BoolArray, BoolArray]:
    inputs, target, scored = view.seen([key])
    return inputs[0], target[0] > 0, scored[0]


def _one_by_one(fitted: FittedPixelModel) -> Callable[[Float32Array], Float32Array]:
    return lambda inputs: np.stack([fitted.logits(values) for values in inputs])


def calibrations(held_out: Arrays, evaluation: EvaluationParameters) -> dict[str, Any]:
    """By model: its ``calibration``, and its ``thresholds`` by rule, raw logits chosen at one ratio."""
    return {model: _calibrated(held_out.arrays[f"{model}_{VALIDATION}"], evaluation) for model in _names(held_out)}


def _calibrated(counts: Any, evaluation: EvaluationParameters) -> dict[str, Any]:
    steps = steps_of_counts(counts)
    chosen = {rule.name: choose_threshold(steps, evaluation.calibrated_at, rule) for rule in RULES}
    return {
        "calibration": fit_line(steps, evaluation.calibrated_at).to_json(),
        "thresholds": {name: _finite(asdict(threshold)) for name, threshold in chosen.items()},
    }


def _finite(document: dict[str, Any]) -> dict[str, Any]:
    """Plain JSON: a threshold that nothing reaches is null."""
    return {name: None if value == np.inf else value for name, value in document.items()}


def scores_of_test(
    held_out: Arrays, calibration: Mapping[str, Any], evaluation: EvaluationParameters, random_seed: int
) -> DataFrame:
    """Rows ``model compared_with ratio score value mean low_95 high_95 n_blocks n_undefined`` of the test tiles.

    Where a model is compared with another, values are its score less the other's, paired by block.
    """
    models = {name: _scored(held_out, name, calibration[name], evaluation.threshold) for name in _names(held_out)}
    weights = block_replicates(len(models[NETWORK].counts), random_seed, evaluation.n_bootstrap)
    own = [
        pixel_score_table(model, weights, evaluation.ratios).assign(model=name, compared_with=None)
        for name, model in models.items()
    ]
    leads = [
        pixel_difference_table(models[NETWORK], model, weights, evaluation.ratios).assign(
            model=NETWORK, compared_with=name
        )
        for name, model in models.items()
        if name != NETWORK
    ]
    table = pd.concat([*own, *leads], ignore_index=True)
    return table[["model", "compared_with", *table.columns.drop(["model", "compared_with"])]]


def _scored(held_out: Arrays, name: str, calibration: Mapping[str, Any], rule: str) -> ScoredModel:
    threshold = calibration["thresholds"][rule]["logit"]
    return ScoredModel(
        held_out.arrays[f"{name}_{TEST}"].astype(np.int64),
        Calibration.from_json(calibration["calibration"]),
        np.inf if threshold is None else threshold,
    )


def _names(held_out: Arrays) -> list[str]:
    return list(held_out.metadata["models"])

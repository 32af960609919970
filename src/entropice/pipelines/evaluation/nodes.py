"""Nodes of evaluation: network and rivals on tiles that neither has learned from."""

from typing import TYPE_CHECKING, Any

from entropice.imagery.drift_rules import DriftRules
from entropice.io.arrays import Arrays
from entropice.io.networks import TrainedNetwork
from entropice.pipelines.evaluation.parameters import EvaluationParameters
from entropice.pipelines.samples.parameters import SampleParameters
from entropice.pipelines.training.parameters import TrainingParameters
from entropice.types import DataFrame

if TYPE_CHECKING:
    from entropice.imagery.samples import Samples
else:
    Samples = Any


def judge_held_out(
    network: TrainedNetwork,
    images: Samples,
    splits: DataFrame,
    statistics: dict[str, Any],
    samples: SampleParameters,
    training: TrainingParameters,
    evaluation: EvaluationParameters,
) -> Arrays:
    """What network and pixel models say of the validation and test tiles, counted by block and bin of the logit."""
    from entropice.pipelines.evaluation.judging import held_out_counts

    return held_out_counts(network, images, splits, statistics, samples, training, evaluation)


def calibrate(
    held_out: Arrays, splits: DataFrame, tiles: DataFrame, evaluation: EvaluationParameters
) -> dict[str, Any]:
    """A calibration of every model on the validation tiles, and its thresholds, everywhere and by sector."""
    from entropice.pipelines.evaluation.pixels import calibrations

    return calibrations(held_out, splits, tiles, evaluation)


def score_images(
    held_out: Arrays, calibration: dict[str, Any], evaluation: EvaluationParameters, random_seed: int
) -> DataFrame:
    """Scores of every model on the test tiles at every ratio, and the network's lead, with intervals over blocks."""
    from entropice.pipelines.evaluation.pixels import scores_of_test

    return scores_of_test(held_out, calibration, evaluation, random_seed)


def draw_curves(held_out: Arrays, calibration: dict[str, Any], evaluation: EvaluationParameters) -> DataFrame:
    """Precision against recall, and frequency against chance, of every model on the test tiles at every ratio."""
    from entropice.pipelines.evaluation.pixels import curves_of_test

    return curves_of_test(held_out, calibration, evaluation)


def judge_objects(
    network: TrainedNetwork,
    images: Samples,
    splits: DataFrame,
    statistics: dict[str, Any],
    calibration: dict[str, Any],
    samples: SampleParameters,
    training: TrainingParameters,
    evaluation: EvaluationParameters,
) -> tuple[DataFrame, DataFrame]:
    """Objects that the network finds in validation and test tiles with those that are there, and the ground scored."""
    from entropice.pipelines.evaluation.judging import held_out_object_tables

    return held_out_object_tables(network, images, splits, statistics, calibration, samples, training, evaluation)


def calibrate_objects(
    objects: DataFrame, ground: DataFrame, calibration: dict[str, Any], evaluation: EvaluationParameters
) -> dict[str, Any]:
    """The log-odds that a found object of the validation tiles is true, and the chance that a true one is found."""
    from entropice.pipelines.evaluation.objects import object_calibration

    return object_calibration(objects, ground, calibration, evaluation)


def score_objects(
    objects: DataFrame, ground: DataFrame, evaluation: EvaluationParameters, random_seed: int
) -> DataFrame:
    """Scores of the network's objects in the test tiles at every ratio, and which sizes it finds."""
    from entropice.pipelines.evaluation.objects import object_scores

    return object_scores(objects, ground, evaluation, random_seed)


def measure_drift(
    images: Samples,
    splits: DataFrame,
    statistics: dict[str, Any],
    bands: list[str],
    samples: SampleParameters,
    rules: DriftRules,
    random_seed: int,
) -> dict[str, Any]:
    """How far every band of the test tiles is from the training tiles, and which have drifted."""
    from entropice.pipelines.evaluation.drift import drift_of_test

    return drift_of_test(images, splits, statistics, bands, samples, rules, random_seed)

"""Nodes of evaluation: network and rivals on tiles that neither has learned from."""

from typing import TYPE_CHECKING, Any

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


def calibrate(held_out: Arrays, evaluation: EvaluationParameters) -> dict[str, Any]:
    """A calibration of every model on the validation tiles, and its thresholds at every ratio."""
    from entropice.pipelines.evaluation.judging import calibrations

    return calibrations(held_out, evaluation)


def score_images(
    held_out: Arrays, calibration: dict[str, Any], evaluation: EvaluationParameters, random_seed: int
) -> DataFrame:
    """Scores of every model on the test tiles at every ratio, and the network's lead, with intervals over blocks."""
    from entropice.pipelines.evaluation.judging import scores_of_test

    return scores_of_test(held_out, calibration, evaluation, random_seed)

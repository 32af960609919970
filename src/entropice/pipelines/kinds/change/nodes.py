"""Nodes of a task that asks where something has changed between two images."""

from typing import TYPE_CHECKING, Any

from entropice.imagery.split_rules import SplitRules
from entropice.io.arrays import Arrays
from entropice.io.networks import TrainedNetwork
from entropice.pipelines.kinds.change.parameters import ChangeEvaluationParameters, ChangeSampleParameters
from entropice.pipelines.training.parameters import NetworkParameters, TrainingParameters
from entropice.types import DataFrame

if TYPE_CHECKING:
    from entropice.imagery.map_layers import MapLayer
    from entropice.imagery.panels import Panel
    from entropice.imagery.samples import Samples
    from entropice.networks.job import TrainingJob
else:
    MapLayer = Panel = Samples = TrainingJob = Any


def split_pairs(
    tiles: DataFrame, images: Samples, grid: str, rules: SplitRules, ignored_edge_px: int, random_seed: int
) -> DataFrame:
    """The split and block of every pair, and how many pixels have changed; one where nothing counts is unseen."""
    from entropice.imagery.sensor_rules import Sensors
    from entropice.pipelines.kinds.pixels import counted_splits

    return counted_splits(tiles, images, grid, rules, ignored_edge_px, Sensors(), random_seed)


def train_network(
    images: Samples,
    splits: DataFrame,
    statistics: dict[str, Any],
    _data_check: dict[str, Any],
    bands: list[str],
    samples: ChangeSampleParameters,
    network: NetworkParameters,
    training: TrainingParameters,
) -> TrainingJob:
    """A network that learns where something has changed; saving it carries the training out.

    Nothing is trained on samples that have not been checked.
    """
    from entropice.pipelines.kinds.change.job import change_job

    return change_job(images, splits, statistics, bands, samples, network, training)


def judge_held_out(
    network: TrainedNetwork,
    images: Samples,
    splits: DataFrame,
    statistics: dict[str, Any],
    samples: ChangeSampleParameters,
    training: TrainingParameters,
    evaluation: ChangeEvaluationParameters,
) -> Arrays:
    """What network and rivals say of the validation and test pairs, counted by block and bin of the logit."""
    from entropice.pipelines.kinds.change.judging import held_out_counts

    return held_out_counts(network, images, splits, statistics, samples, training, evaluation)


def calibrate(held_out: Arrays, evaluation: ChangeEvaluationParameters) -> dict[str, Any]:
    """A calibration and a threshold of every model on the validation pairs."""
    from entropice.pipelines.kinds.change.judging import calibrations

    return calibrations(held_out, evaluation)


def score(
    held_out: Arrays, calibration: dict[str, Any], evaluation: ChangeEvaluationParameters, random_seed: int
) -> DataFrame:
    """Scores of every model on the test pairs, and the network's lead, with intervals over blocks."""
    from entropice.pipelines.kinds.change.judging import scores_of_test

    return scores_of_test(held_out, calibration, evaluation, random_seed)


def show(
    network: TrainedNetwork,
    images: Samples,
    splits: DataFrame,
    statistics: dict[str, Any],
    calibration: dict[str, Any],
    samples: ChangeSampleParameters,
    training: TrainingParameters,
    evaluation: ChangeEvaluationParameters,
) -> tuple[list[MapLayer], Panel]:
    """Chances of change where the test pairs are, and some of these pairs."""
    from entropice.pipelines.kinds.change.answers import layers_and_panel

    return layers_and_panel(network, images, splits, statistics, calibration, samples, training, evaluation)


def tell_facts(
    task_scores: DataFrame,
    splits: DataFrame,
    tiles: DataFrame,
    bands: list[str],
    evaluation: ChangeEvaluationParameters,
) -> dict[str, Any]:
    """What only this kind knows of a model card."""
    from entropice.pipelines.kinds.change.answers import facts_of

    return facts_of(task_scores, splits, tiles, bands, evaluation)

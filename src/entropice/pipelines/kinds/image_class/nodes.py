"""Nodes of a task that asks which class an image shows."""

from typing import TYPE_CHECKING, Any

from entropice.imagery.split_rules import SplitRules
from entropice.io.arrays import Arrays
from entropice.io.networks import TrainedNetwork
from entropice.pipelines.kinds.image_class.parameters import ClassEvaluationParameters, ClassSampleParameters
from entropice.pipelines.training.parameters import NetworkParameters, TrainingParameters
from entropice.types import DataFrame

if TYPE_CHECKING:
    from entropice.imagery.map_layers import MapLayer
    from entropice.imagery.panels import Panel
    from entropice.imagery.samples import Samples
    from entropice.networks.job import TrainingJob
else:
    MapLayer = Panel = Samples = TrainingJob = Any


def split_images(tiles: DataFrame, images: Samples, grid: str, rules: SplitRules, random_seed: int) -> DataFrame:
    """The split, block and label of every image; one in which nothing is seen is in none."""
    import numpy as np

    from entropice.dggs import parse_grid
    from entropice.imagery.loading import counted
    from entropice.imagery.splits import UNSEEN
    from entropice.imagery.splits import split_tiles as split

    splits = split(tiles, parse_grid(grid), rules, random_seed)
    looked_at = [(int(sample.target), bool(counted(sample, 0))) for sample in map(images.read, splits["key"])]
    labels, is_seen = (np.array(each) for each in zip(*looked_at, strict=True))
    return splits.assign(split=np.where(is_seen, splits["split"], UNSEEN), label=labels.astype(np.int64))


def check_classes(
    images: Samples, splits: DataFrame, statistics: dict[str, Any], bands: list[str], samples: ClassSampleParameters
) -> dict[str, Any]:
    """What a person would spot in the images and their classes; nothing goes on where it is found."""
    from entropice.imagery.check_data import ExpectedData, check_data
    from entropice.imagery.findings import require_clean
    from entropice.imagery.loading import BandView
    from entropice.imagery.sample_record import ExpectedTarget

    target = ExpectedTarget((), "int64", low=0, high=len(samples.classes) - 1)
    expected = ExpectedData(samples.statistics.dataset_version, target, samples.checks)
    require_clean(check_data(BandView(images, tuple(bands), samples.derivation), splits, expected, statistics))
    return {"n_tiles": len(splits), "findings": []}


def train_network(
    images: Samples,
    splits: DataFrame,
    statistics: dict[str, Any],
    _data_check: dict[str, Any],
    bands: list[str],
    samples: ClassSampleParameters,
    network: NetworkParameters,
    training: TrainingParameters,
) -> TrainingJob:
    """A network that learns which class an image shows; saving it carries the training out.

    Nothing is trained on samples that have not been checked.
    """
    from entropice.pipelines.kinds.image_class.job import class_job

    return class_job(images, splits, statistics, bands, samples, network, training)


def judge_held_out(
    network: TrainedNetwork,
    images: Samples,
    splits: DataFrame,
    statistics: dict[str, Any],
    samples: ClassSampleParameters,
    training: TrainingParameters,
    evaluation: ClassEvaluationParameters,
) -> tuple[Arrays, Arrays]:
    """What network and rivals say of the validation and test images, and when the alarm "none of these" rings."""
    from entropice.pipelines.kinds.image_class.judging import held_out_logits

    return held_out_logits(network, images, splits, statistics, samples, training, evaluation)


def calibrate(held_out: Arrays) -> dict[str, Any]:
    """A calibration of every model on the validation images."""
    from entropice.pipelines.kinds.image_class.judging import calibrations

    return calibrations(held_out)


def score(
    held_out: Arrays,
    alarm: Arrays,
    calibration: dict[str, Any],
    samples: ClassSampleParameters,
    evaluation: ClassEvaluationParameters,
    random_seed: int,
) -> DataFrame:
    """Scores of every model on the test images, the network's lead, and what the alarm costs and spares."""
    from entropice.pipelines.kinds.image_class.judging import scores_of_test

    return scores_of_test(held_out, alarm, calibration, samples, evaluation, random_seed)


def draw_layers(
    held_out: Arrays,
    alarm: Arrays,
    calibration: dict[str, Any],
    splits: DataFrame,
    tiles: DataFrame,
    samples: ClassSampleParameters,
) -> list[MapLayer]:
    """What is said where the test images are, and its chance."""
    from entropice.pipelines.kinds.image_class.answers import layers_of_test

    return layers_of_test(held_out, alarm, calibration, splits, tiles, samples)


def draw_panel(
    held_out: Arrays,
    alarm: Arrays,
    calibration: dict[str, Any],
    images: Samples,
    splits: DataFrame,
    samples: ClassSampleParameters,
    n_shown: int,
) -> Panel:
    """Test images with what is true and what is said, the most wrong ones first."""
    from entropice.pipelines.kinds.image_class.answers import panel_of_test

    return panel_of_test(held_out, alarm, calibration, images, splits, samples, n_shown)


def tell_facts(
    task_scores: DataFrame,
    alarm: Arrays,
    splits: DataFrame,
    tiles: DataFrame,
    bands: list[str],
    samples: ClassSampleParameters,
    evaluation: ClassEvaluationParameters,
) -> dict[str, Any]:
    """What only this kind knows of a model card."""
    from entropice.pipelines.kinds.image_class.answers import facts_of

    return facts_of(task_scores, alarm, splits, tiles, bands, samples, evaluation)

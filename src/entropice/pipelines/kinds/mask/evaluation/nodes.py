"""Nodes of evaluation: network and rivals on tiles that neither has learned from."""

from typing import TYPE_CHECKING, Any

from entropice.imagery.drift_rules import DriftRules
from entropice.io.arrays import Arrays
from entropice.io.networks import TrainedNetwork
from entropice.pipelines.kinds.mask.evaluation.parameters import EvaluationParameters
from entropice.pipelines.kinds.mask.parameters import MaskSampleParameters
from entropice.pipelines.training.parameters import TrainingParameters
from entropice.types import DataFrame

if TYPE_CHECKING:
    from entropice.imagery.map_layers import MapLayer
    from entropice.imagery.panels import Panel
    from entropice.imagery.samples import Samples
else:
    MapLayer = Panel = Samples = Any


def judge_held_out(
    network: TrainedNetwork,
    images: Samples,
    splits: DataFrame,
    statistics: dict[str, Any],
    samples: MaskSampleParameters,
    training: TrainingParameters,
    evaluation: EvaluationParameters,
) -> Arrays:
    """What network and pixel models say of the validation and test tiles, counted by tile and bin of the logit."""
    from entropice.pipelines.kinds.mask.evaluation.judging import held_out_counts

    return held_out_counts(network, images, splits, statistics, samples, training, evaluation)


def calibrate(
    held_out: Arrays, splits: DataFrame, tiles: DataFrame, evaluation: EvaluationParameters
) -> dict[str, Any]:
    """A calibration of every model on the validation tiles, and its thresholds, everywhere and by sector."""
    from entropice.pipelines.kinds.mask.evaluation.pixels import calibrations

    return calibrations(held_out, splits, tiles, evaluation)


def score_images(
    held_out: Arrays, calibration: dict[str, Any], evaluation: EvaluationParameters, random_seed: int
) -> DataFrame:
    """Scores of every model on the test tiles at every ratio, and the network's lead, with intervals over blocks."""
    from entropice.pipelines.kinds.mask.evaluation.pixels import scores_of_test

    return scores_of_test(held_out, calibration, evaluation, random_seed)


def score_chips(
    held_out: Arrays, calibration: dict[str, Any], tiles: DataFrame, evaluation: EvaluationParameters
) -> tuple[DataFrame, DataFrame]:
    """How every model marks each held-out chip, and what every threshold would have chosen of all of them."""
    from entropice.pipelines.kinds.mask.evaluation.chips import chips_of, sweeps_of

    return chips_of(held_out, calibration, tiles, evaluation), sweeps_of(held_out, calibration, evaluation)


def tell_scores(
    image_scores: DataFrame,
    chip_scores: DataFrame,
    held_out: Arrays,
    calibration: dict[str, Any],
    evaluation: EvaluationParameters,
    random_seed: int,
) -> DataFrame:
    """The scores as every kind tells them: ratios, regions and sizes of objects are parts."""
    import numpy as np
    import pandas as pd

    from entropice.pipelines.kinds.mask.evaluation.chips import chip_scores_of_test, size_scores_of_test

    told = image_scores.assign(
        part=[f"1:{ratio:g}" for ratio in image_scores["ratio"]], horizon=np.nan, n=image_scores["n_blocks"]
    )
    columns = ["model", "compared_with", "score", "part", "horizon", "value", "low_95", "high_95", "n_blocks", "n"]
    of_chips = chip_scores_of_test(chip_scores, evaluation, random_seed)
    of_sizes = size_scores_of_test(held_out, calibration, evaluation, random_seed)
    tables = [table[columns] for table in (told, of_chips, of_sizes) if len(table)]
    return pd.concat(tables, ignore_index=True)


def draw_curves(held_out: Arrays, calibration: dict[str, Any], evaluation: EvaluationParameters) -> DataFrame:
    """Precision against recall, and frequency against chance, of every model on the test tiles at every ratio."""
    from entropice.pipelines.kinds.mask.evaluation.pixels import curves_of_test

    return curves_of_test(held_out, calibration, evaluation)


def judge_objects(
    network: TrainedNetwork,
    images: Samples,
    splits: DataFrame,
    statistics: dict[str, Any],
    calibration: dict[str, Any],
    samples: MaskSampleParameters,
    training: TrainingParameters,
    evaluation: EvaluationParameters,
) -> tuple[DataFrame, DataFrame]:
    """Objects that the network finds in validation and test tiles with those that are there, and the ground scored."""
    from entropice.pipelines.kinds.mask.evaluation.judging import held_out_object_tables

    return held_out_object_tables(network, images, splits, statistics, calibration, samples, training, evaluation)


def calibrate_objects(
    objects: DataFrame, ground: DataFrame, calibration: dict[str, Any], evaluation: EvaluationParameters
) -> dict[str, Any]:
    """The log-odds that a found object of the validation tiles is true, and the chance that a true one is found."""
    from entropice.pipelines.kinds.mask.evaluation.objects import object_calibration

    return object_calibration(objects, ground, calibration, evaluation)


def score_objects(
    objects: DataFrame, ground: DataFrame, evaluation: EvaluationParameters, random_seed: int
) -> DataFrame:
    """Scores of the network's objects in the test tiles at every ratio, and which sizes it finds."""
    from entropice.pipelines.kinds.mask.evaluation.objects import object_scores

    return object_scores(objects, ground, evaluation, random_seed)


def measure_drift(
    images: Samples,
    splits: DataFrame,
    statistics: dict[str, Any],
    bands: list[str],
    samples: MaskSampleParameters,
    rules: DriftRules,
    random_seed: int,
) -> dict[str, Any]:
    """How far every band of the test tiles is from the training tiles, and which have drifted."""
    from entropice.pipelines.kinds.mask.evaluation.drift import drift_of_test

    return drift_of_test(images, splits, statistics, bands, samples, rules, random_seed)


def map_chances(
    network: TrainedNetwork,
    images: Samples,
    splits: DataFrame,
    statistics: dict[str, Any],
    calibration: dict[str, Any],
    samples: MaskSampleParameters,
    training: TrainingParameters,
    evaluation: EvaluationParameters,
) -> list[MapLayer]:
    """The calibrated chance of every pixel of the test tiles, as one layer of a map."""
    from entropice.pipelines.kinds.mask.showing import chance_layers

    return chance_layers(network, images, splits, statistics, calibration, samples, training, evaluation)


def draw_panel(
    network: TrainedNetwork,
    images: Samples,
    splits: DataFrame,
    statistics: dict[str, Any],
    calibration: dict[str, Any],
    samples: MaskSampleParameters,
    training: TrainingParameters,
    evaluation: EvaluationParameters,
) -> Panel:
    """Test tiles with most of what is looked for: what they look like, what is there, what the network says."""
    from entropice.pipelines.kinds.mask.showing import mask_panel

    return mask_panel(network, images, splits, statistics, calibration, samples, training, evaluation)


def tell_facts(splits: DataFrame, bands: list[str], evaluation: EvaluationParameters) -> dict[str, Any]:
    """What the model card says of inputs, outputs, tiles and limits."""
    from entropice.pipelines.kinds.mask.showing import mask_facts

    return mask_facts(splits, bands, evaluation)

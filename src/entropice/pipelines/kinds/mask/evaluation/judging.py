"""What a trained network and its rivals say of tiles that neither has learned from."""

from collections.abc import Mapping
from typing import Any, Final

import numpy as np

from entropice.imagery.held_out import counts_by_tile
from entropice.imagery.held_out_objects import held_out_objects
from entropice.imagery.samples import Samples
from entropice.imagery.splits import TEST, VALIDATION
from entropice.imagery.threshold_rules import rule_named
from entropice.imagery.tile_counts import to_arrays
from entropice.io.arrays import Arrays
from entropice.io.networks import TrainedNetwork
from entropice.pipelines.kinds.mask.evaluation.models import judged_models, judged_view, network_predict
from entropice.pipelines.kinds.mask.evaluation.parameters import EvaluationParameters
from entropice.pipelines.kinds.mask.evaluation.pixels import object_threshold
from entropice.pipelines.kinds.mask.parameters import MaskSampleParameters
from entropice.pipelines.training.parameters import TrainingParameters
from entropice.types import DataFrame

HELD_OUT: Final = (VALIDATION, TEST)


def held_out_counts(
    network: TrainedNetwork,
    images: Samples,
    splits: DataFrame,
    statistics: Mapping[str, Any],
    samples: MaskSampleParameters,
    training: TrainingParameters,
    evaluation: EvaluationParameters,
) -> Arrays:
    """Arrays ``keys_<split>`` and ``blocks_<split>`` (n_tile,), and by model those of `imagery.tile_counts.to_arrays`.

    These are ``<model>_<split>_counts _columns _starts _width`` of a sparse matrix (n_tile, (1 + n_part) · 4096), how
    many scored pixels of each tile are negative, and positive of each class of sizes (one where the parameters tell
    none apart), by bin of the raw logit: bin j holds −16 + j / 128 up to the next edge, the outermost all beyond.
    Splits are validation and test, models the network and its rivals, whose names are told beside. `splits` has the
    columns ``key block split n_positive``; each held-out tile is read once.

    Raises
    ------
    ConfigError
        A rule of thresholds, or what is averaged, is not known; that is said here, before anything is computed.
    ModelFileError
        The network was trained with other statistics.
    InputFileError
        The statistics are of other bands or another version of the data.
    LabelError
        The tiles that rivals learn from hold one class only.
    """
    # Both are used by later steps alone, after hours in which the network was asked.
    for rule in (evaluation.threshold, evaluation.objects.threshold):
        rule_named(rule)
    view = judged_view(network, images, statistics, samples)
    models = judged_models(network, view, splits, training, evaluation)
    arrays: dict[str, Any] = {}
    for split in HELD_OUT:
        tiles = splits[splits["split"] == split]
        keys, blocks = list(tiles["key"]), tiles["block"].to_numpy(np.uint64)
        arrays |= {f"keys_{split}": np.array(keys, dtype=np.str_), f"blocks_{split}": blocks}
        counts = counts_by_tile(view, keys, blocks, models, evaluation.batch_size, evaluation.objects.area_edges_m2)
        for name, of_model in counts.items():
            arrays |= to_arrays(name, split, of_model.counts)
    return Arrays(arrays, {"models": list(models)})


def held_out_object_tables(
    network: TrainedNetwork,
    images: Samples,
    splits: DataFrame,
    statistics: Mapping[str, Any],
    calibration: Mapping[str, Any],
    samples: MaskSampleParameters,
    training: TrainingParameters,
    evaluation: EvaluationParameters,
) -> tuple[DataFrame, DataFrame]:
    """Objects and scored ground of `entropice.imagery.held_out_objects`, with ``split`` and ``block``.

    `splits` has the columns ``key block split``. The first table has a row a found or a true object (columns as
    `entropice.imagery.held_out_objects.tile_objects` says), ``split block tile kind year x_m y_m n_pixels area_m2
    extent_m mean_logit iou is_judged matched_at_<iou>…``, the second ``split block tile n_negative n_positive`` of each
    tile of validation and test.

    Raises
    ------
    LabelError
        No threshold does what the rule asks, so that nothing could be found.
    ModelFileError
        The network was trained with other statistics.
    InputFileError
        The statistics are of other bands or another version of the data.
    """
    threshold = object_threshold(calibration, evaluation)
    view = judged_view(network, images, statistics, samples)
    tiles = splits.loc[splits["split"].isin(HELD_OUT), ["split", "block", "key"]].rename(columns={"key": "tile"})
    predict = network_predict(network, training, evaluation)
    tables = held_out_objects(view, list(tiles["tile"]), predict, threshold, evaluation.objects, evaluation.batch_size)
    objects, ground = (tiles.merge(table, on="tile", validate="one_to_many") for table in tables)
    return objects, ground

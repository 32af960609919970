"""The training of a network that marks changes, from parameters and samples."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import numpy as np

from entropice.imagery.changes.score_table import CHANGE_SCORES, natural_ratio
from entropice.imagery.epochs import require_batch, shuffled_batches
from entropice.imagery.held_out import counts_by_block
from entropice.imagery.loading import SampleView, TrainingView
from entropice.imagery.samples import Samples
from entropice.imagery.score_histograms import steps_of_counts
from entropice.imagery.splits import TRAIN, VALIDATION
from entropice.networks.inference import Predictor
from entropice.networks.job import TrainingJob
from entropice.networks.objective import mask_objective
from entropice.pipelines.kinds.change.measures import SCORES
from entropice.pipelines.kinds.change.parameters import ChangeSampleParameters
from entropice.pipelines.kinds.pixels import masks_of
from entropice.pipelines.kinds.views import sample_view
from entropice.pipelines.training.job import loss_of_training, machine_of, plan_of, specification_of
from entropice.pipelines.training.parameters import NetworkParameters, TrainingParameters
from entropice.pipelines.training.tracked import tracking_of
from entropice.sha256 import sha256_of_value
from entropice.types import DataFrame


def change_job(
    images: Samples,
    splits: DataFrame,
    statistics: Mapping[str, Any],
    bands: Sequence[str],
    samples: ChangeSampleParameters,
    network: NetworkParameters,
    training: TrainingParameters,
) -> TrainingJob:
    """All that training needs, checked; nothing is trained yet.

    `splits` has the columns ``key block split``: pairs of training are shuffled anew each epoch, those of validation
    judge it. Images of the pairs are all of one size, that of the first. `bands` are what the network sees, in this
    order.

    Raises
    ------
    ConfigError
        An option of the network or a loss is not known, or does not go with the rest.
    InputFileError
        The statistics are of other images.
    LabelError
        There are fewer training pairs than one batch holds.
    """
    view = sample_view(images, statistics, bands, samples, samples.ignored_edge_px)
    n_pixels = images.read(images.keys[0]).place.n_pixels
    keys = tuple(splits.loc[splits["split"] == TRAIN, "key"])
    require_batch(len(keys), training.batch_size)
    return TrainingJob(
        specification=specification_of(network, bands, n_pixels),
        encoder_weights=network.encoder_weights,
        begun_from=network.begun_from,
        plan=plan_of(lambda epoch: shuffled_batches(keys, training.batch_size, None, training.seed, epoch), training),
        objective=mask_objective(loss_of_training(training, "change"), "changed"),
        loader=TrainingView(view, samples.augmentation, training.seed),
        validate=partial(validated, view, splits[splits["split"] == VALIDATION], training.batch_size),
        machine=machine_of(training),
        statistics_sha256=sha256_of_value(statistics),
        tracking=tracking_of(
            bands,
            n_pixels,
            samples,
            network,
            training,
            statistics,
            {"boundary_ignore_width": samples.ignored_edge_px},
        ),
    )


def validated(view: SampleView, tiles: DataFrame, batch_size: int, predict: Predictor, _epoch: int) -> dict[str, float]:
    """Every declared measure of the validation pairs; pixels with a logit from 0 up are said to have changed.

    Parameters
    ----------
    view
        Pairs as the network sees them.
    tiles
        ``key block`` of the validation pairs.
    predict
        Inputs (n, 2, band, row, column) to logits (n, 1, row, column).

    Returns
    -------
    dict
        ``val_<score>`` for each of ``iou f_1 accuracy pr_auc log_skill`` (`SCORES`), at the pairs' own share of change;
        NaN where a score is not defined.

    Raises
    ------
    LabelError
        No scored pixel has changed, or all have.
    """
    blocks, models = tiles["block"].to_numpy(np.uint64), {"network": masks_of(predict)}
    _, counts = counts_by_block(view, list(tiles["key"]), blocks, models, batch_size)
    steps = steps_of_counts(counts["network"].sum(axis=0))
    ratio, by_name = natural_ratio(steps), {each.name: each.score for each in CHANGE_SCORES}
    return {f"val_{score}": float(by_name[score](steps, ratio, 0.0)) for score in SCORES}

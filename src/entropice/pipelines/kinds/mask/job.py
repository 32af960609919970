"""The training of a network that marks pixels, from parameters and samples."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import numpy as np

from entropice.imagery.batches import batches_of_epoch, check_reachable
from entropice.imagery.check_batches import check_batches
from entropice.imagery.distances import Distances
from entropice.imagery.findings import require_clean
from entropice.imagery.held_out import counts_by_block
from entropice.imagery.loading import SampleView, TrainingView
from entropice.imagery.pixel_scores import at_threshold
from entropice.imagery.prevalence import average_precision
from entropice.imagery.samples import Samples
from entropice.imagery.score_histograms import steps_of_counts
from entropice.imagery.splits import TRAIN, VALIDATION
from entropice.networks.inference import Predictor
from entropice.networks.job import TrainingJob
from entropice.networks.objective import mask_objective
from entropice.networks.plan import Plan
from entropice.pipelines.kinds import views
from entropice.pipelines.kinds.mask.measures import BALANCED, SCORES, measure
from entropice.pipelines.kinds.mask.parameters import MaskSampleParameters
from entropice.pipelines.kinds.pixels import masks_of
from entropice.pipelines.training.job import loss_of_training, machine_of, plan_of, specification_of
from entropice.pipelines.training.parameters import NetworkParameters, TrainingParameters
from entropice.pipelines.training.tracked import tracking_of
from entropice.sha256 import sha256_of_value
from entropice.types import DataFrame


def mask_job(
    images: Samples,
    splits: DataFrame,
    statistics: Mapping[str, Any],
    bands: Sequence[str],
    samples: MaskSampleParameters,
    network: NetworkParameters,
    training: TrainingParameters,
    ratios: Sequence[float],
    distances: Distances | None,
) -> TrainingJob:
    """All that training needs, checked; nothing is trained yet.

    `splits` has the columns ``key block split n_positive``; images are all of one size, that of the first. `ratios` are
    those at which validation tells its measures, `distances` those to the edges of labels, read where a loss needs
    them.

    Raises
    ------
    ConfigError
        An option of the network or a loss is not known, or does not go with the rest; or a batch is too small for the
        curriculum.
    LabelError
        The curriculum asks for more tiles than there are.
    SchemaError
        Batches of a phase are not what they must be.
    InputFileError
        The statistics are of other images.
    """
    view = sample_view(images, statistics, bands, samples)
    n_pixels = images.read(images.keys[0]).place.n_pixels
    return TrainingJob(
        specification=specification_of(network, bands, n_pixels),
        encoder_weights=network.encoder_weights,
        begun_from=network.begun_from,
        plan=mask_plan(splits, samples, training),
        objective=mask_objective(loss_of_training(training, "mask"), "positive"),
        loader=TrainingView(view, samples.augmentation, training.seed, distances if training.needs_distances else None),
        validate=partial(_validated, view, splits[splits["split"] == VALIDATION], tuple(ratios), training.batch_size),
        machine=machine_of(training),
        statistics_sha256=sha256_of_value(statistics),
        tracking=tracking_of(bands, n_pixels, samples, network, training, statistics, noted_of(samples)),
    )


def sample_view(
    images: Samples, statistics: Mapping[str, Any], bands: Sequence[str], samples: MaskSampleParameters
) -> SampleView:
    """Samples as network and rivals see them, without edges of labels.

    Raises
    ------
    InputFileError
        The statistics are of other images.
    SchemaError
        A standard deviation is not above 0.
    """
    return views.sample_view(images, statistics, bands, samples, samples.ignored_edge_px)


def mask_plan(splits: DataFrame, samples: MaskSampleParameters, training: TrainingParameters) -> Plan:
    """What training will do: batches of tiles by the curriculum, each tile at most once an epoch, and the rates.

    The first epoch of each phase of the curriculum is looked at here; a tile with any positive pixel counts as
    positive.

    Parameters
    ----------
    splits
        ``key split n_positive``.

    Raises
    ------
    ConfigError, LabelError
        A ratio of the curriculum cannot be reached.
    SchemaError
        Batches of a phase are not what they must be.
    """
    learned = splits[splits["split"] == TRAIN]
    is_positive = learned["n_positive"] > 0
    positives, negatives = (tuple(learned.loc[which, "key"]) for which in (is_positive, ~is_positive))
    rules = samples.curriculum
    check_reachable(len(positives), len(negatives), rules, training.batch_size)
    batches = partial(batches_of_epoch, positives, negatives, rules, training.batch_size, training.seed)
    # Ratios change from phase to phase, and within one all epochs are alike.
    for epoch in (1, *(phase.last_epoch + 1 for phase in rules.phases[:-1])):
        require_clean(check_batches(batches(epoch), splits))
    # Plans count epochs from 0, phases of the curriculum from 1.
    return plan_of(lambda epoch: batches(epoch + 1), training)


def _validated(
    view: SampleView, tiles: DataFrame, ratios: Sequence[float], batch_size: int, predict: Predictor, _epoch: int
) -> dict[str, float]:
    """PR-AUC and IoU of likely pixels in the validation tiles, balanced and at every ratio."""
    blocks, models = tiles["block"].to_numpy(np.uint64), {"network": masks_of(predict)}
    _, counts = counts_by_block(view, list(tiles["key"]), blocks, models, batch_size)
    steps = steps_of_counts(counts["network"].sum(axis=0))
    values = {
        ratio: (average_precision(steps, ratio), at_threshold(steps, ratio, 0.0).iou[0])
        for ratio in (BALANCED, *ratios)
    }
    return {
        measure(ratio, score): float(value)
        for ratio, of_ratio in values.items()
        for score, value in zip(SCORES, of_ratio, strict=True)
    }


def noted_of(samples: MaskSampleParameters) -> dict[str, object]:
    """What trackers are told of the samples: pixels ignored at edges, the last ratio, and the curriculum as a text."""
    phases = samples.curriculum.phases
    return {
        "boundary_ignore_width": samples.ignored_edge_px,
        "train_pos_neg_ratio": f"1:{phases[-1].negatives_per_positive:g}",
        "curriculum_schedule": ", ".join(
            f"1:{phase.negatives_per_positive:g} to epoch {phase.last_epoch}" for phase in phases
        ),
    }

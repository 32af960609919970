"""The training of a network that forecasts frames, from parameters and fields."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import numpy as np

from entropice.imagery.check_data import STATISTICS_FILE
from entropice.imagery.epochs import require_batch, shuffled_batches
from entropice.imagery.frames.fields import FieldSeries, at_hand
from entropice.imagery.frames.rollout import network_forecaster
from entropice.imagery.frames.sums import forecast_sums
from entropice.imagery.frames.view import FrameSamples, TrainingFrames, horizons_of
from entropice.imagery.frames.window_splits import keys_of
from entropice.imagery.splits import TRAIN, VALIDATION
from entropice.imagery.statistics import BandStatistics
from entropice.imagery.statistics_document import from_document
from entropice.networks.inference import Predictor
from entropice.networks.job import TrainingJob
from entropice.networks.objective import frames_objective
from entropice.networks.plan import Plan
from entropice.pipelines.kinds.frames.measures import measure
from entropice.pipelines.kinds.frames.parameters import FrameSampleParameters
from entropice.pipelines.training.job import loss_of_training, machine_of, plan_of, specification_of
from entropice.pipelines.training.parameters import NetworkParameters, TrainingParameters
from entropice.pipelines.training.tracked import tracking_of
from entropice.sha256 import sha256_of_value
from entropice.types import DataFrame, Dataset


def frames_job(
    fields: Dataset,
    tiles: DataFrame,
    splits: DataFrame,
    statistics: Mapping[str, Any],
    bands: Sequence[str],
    target_bands: Sequence[str],
    samples: FrameSampleParameters,
    network: NetworkParameters,
    training: TrainingParameters,
) -> TrainingJob:
    """All that training needs, checked; nothing is trained yet.

    `fields` are float32 (time, y, x), `tiles` has ``key left_m top_m pixel_m n_pixels year first``, `splits` ``key
    horizon step split``. Targets of training alone are learned from; validation rolls forecasts out as far as they are
    judged.

    Raises
    ------
    ConfigError
        An option of the network or a loss is not known, or does not go with the rest; or as `frame_samples`.
    LabelError
        There are fewer sequences with a training target than a batch holds.
    InputFileError
        The statistics are of other fields.
    """
    sequences = frame_samples(fields, tiles, bands, target_bands, samples)
    measured = measured_statistics(statistics, bands, samples)
    windows = samples.windows
    learned = horizons_of(splits, TRAIN, windows.forecast_horizon)
    return TrainingJob(
        specification=specification_of(network, bands, windows.n_pixels),
        encoder_weights=network.encoder_weights,
        begun_from=network.begun_from,
        plan=frames_plan(splits, samples, training),
        objective=frames_objective(
            loss_of_training(training, "frames"),
            windows.forecast_horizon,
        ),
        loader=TrainingFrames(sequences, measured, learned, samples.symmetry_probability, training.seed),
        validate=partial(_validated, sequences, splits, measured, training.batch_size),
        machine=machine_of(training),
        statistics_sha256=sha256_of_value(statistics),
        tracking=tracking_of(bands, windows.n_pixels, samples, network, training, statistics, noted_of(samples)),
    )


def frame_samples(
    fields: Dataset,
    tiles: DataFrame,
    bands: Sequence[str],
    target_bands: Sequence[str],
    samples: FrameSampleParameters,
) -> FrameSamples:
    """Sequences as network and rivals see them, by the ``key`` of `tiles`, each read when asked for.

    `fields` are float32 (time, y, x), of which `bands` are seen and `target_bands` forecast, each in this order. Fields
    of up to 256 MiB are taken into memory here; larger ones stay in their file.

    Raises
    ------
    ConfigError
        What is forecast is nothing, not seen, does not change with time, or has several units.
    """
    windows = tiles.set_index("key")
    return FrameSamples(FieldSeries(at_hand(fields)), windows, tuple(bands), tuple(target_bands), samples.windows)


def measured_statistics(
    statistics: Mapping[str, Any], bands: Sequence[str], samples: FrameSampleParameters
) -> BandStatistics:
    """Statistics of the inputs, in the order of the bands.

    Raises
    ------
    InputFileError
        They are of other bands or another version of the data, or the document is not whole.
    SchemaError
        A standard deviation is not above 0.
    """
    return from_document(statistics, STATISTICS_FILE, samples.statistics.dataset_version, tuple(bands))


def frames_plan(splits: DataFrame, samples: FrameSampleParameters, training: TrainingParameters) -> Plan:
    """What training will do: every sequence with a target of training is seen once an epoch.

    Where the parameters say how many batches an epoch has, it has so many. `splits` has the columns ``key horizon
    split``; a fall of the metric counts as better.

    Raises
    ------
    LabelError
        There are fewer sequences than a batch holds.
    """
    keys = keys_of(splits, TRAIN, samples.windows.forecast_horizon)
    batches = partial(shuffled_batches, keys, training.batch_size, samples.steps_per_epoch, training.seed)
    require_batch(len(keys), training.batch_size)
    return plan_of(batches, training, bigger_is_better=False)


def _validated(
    sequences: FrameSamples,
    splits: DataFrame,
    statistics: BandStatistics,
    batch_size: int,
    predict: Predictor,
    _epoch: int,
) -> dict[str, float]:
    """Errors at every horizon in physical units, rolled out as far as they are judged; NaN where no truth is known."""
    n_horizons = sequences.rules.future_horizons
    forecast = network_forecaster(predict, statistics, sequences.target_bands, n_horizons)
    sums = forecast_sums(sequences, splits, (VALIDATION,), {"network": forecast}, batch_size)
    totals = sums.groupby("horizon")[["n", "squared", "absolute"]].sum().reindex(range(1, n_horizons + 1))
    by_score = {name: totals[column] / totals["n"] for name, column in (("mse", "squared"), ("mae", "absolute"))}
    means = {measure(score): float(np.mean(values.dropna())) for score, values in by_score.items()}
    return means | {
        measure(score, horizon): float(value)
        for score, values in by_score.items()
        for horizon, value in zip(values.index.tolist(), values, strict=True)
    }


def noted_of(samples: FrameSampleParameters) -> dict[str, object]:
    """What trackers are told of the samples: ``frames_in``, ``forecast_horizon`` and ``future_horizons``, in steps."""
    windows = samples.windows
    return {
        "frames_in": windows.n_frames_in,
        "forecast_horizon": windows.forecast_horizon,
        "future_horizons": windows.future_horizons,
    }

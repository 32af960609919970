"""The training of a network that forecasts frames, from parameters and fields."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import numpy as np

from entropice.imagery.check_data import STATISTICS_FILE
from entropice.imagery.epochs import require_batch, shuffled_batches
from entropice.imagery.frames.fields import FieldSeries
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
    """All that training needs, checked.

    Raises
    ------
    ConfigError
        A name is not known, or a batch holds more than there is.
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
    """Sequences as network and rivals see them."""
    windows = tiles.set_index("key")
    return FrameSamples(FieldSeries(fields), windows, tuple(bands), tuple(target_bands), samples.windows)


def measured_statistics(
    statistics: Mapping[str, Any], bands: Sequence[str], samples: FrameSampleParameters
) -> BandStatistics:
    """Statistics of the inputs; InputFileError where they are of others."""
    return from_document(statistics, STATISTICS_FILE, samples.statistics.dataset_version, tuple(bands))


def frames_plan(splits: DataFrame, samples: FrameSampleParameters, training: TrainingParameters) -> Plan:
    """What training will do: every sequence with a target of training is seen once an epoch.

    Raises
    ------
    ConfigError
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
    """What trackers are told of the samples."""
    windows = samples.windows
    return {
        "frames_in": windows.n_frames_in,
        "forecast_horizon": windows.forecast_horizon,
        "future_horizons": windows.future_horizons,
    }

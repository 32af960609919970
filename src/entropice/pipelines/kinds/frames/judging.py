"""What a trained network, its rivals and the law itself, where it is known, say of sequences not learned from."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import pandas as pd

from entropice.imagery.frames.given import given_forecasters
from entropice.imagery.frames.rivals import rival_named
from entropice.imagery.frames.rollout import Forecaster, network_forecaster
from entropice.imagery.frames.score_table import score_table
from entropice.imagery.frames.sums import forecast_sums
from entropice.imagery.frames.view import horizons_of
from entropice.imagery.frames.window_splits import TESTS
from entropice.imagery.splits import TRAIN, VALIDATION
from entropice.io.networks import TrainedNetwork
from entropice.learning.scores.table import block_replicates
from entropice.networks.export import network_of, require_statistics
from entropice.networks.inference import predictor
from entropice.pipelines.kinds.frames.job import frame_samples, measured_statistics
from entropice.pipelines.kinds.frames.parameters import FrameEvaluationParameters, FrameSampleParameters
from entropice.pipelines.training.job import machine_of
from entropice.pipelines.training.parameters import TrainingParameters
from entropice.sha256 import sha256_of_value
from entropice.types import DataFrame, Dataset

NETWORK: Final = "network"
"""What the trained network is called beside its rivals."""


def judged_forecasts(
    network: TrainedNetwork,
    fields: Dataset,
    tiles: DataFrame,
    splits: DataFrame,
    statistics: Mapping[str, Any],
    target_bands: Sequence[str],
    samples: FrameSampleParameters,
    training: TrainingParameters,
    evaluation: FrameEvaluationParameters,
    ceiling: Dataset | None = None,
) -> DataFrame:
    """Sums of `entropice.imagery.frames.sums.forecast_sums`: the network's of validation and tests, others' of tests.

    Parameters
    ----------
    network
        A trained network, with the bands that it sees.
    fields, tiles, splits, statistics, target_bands, samples, training, evaluation
        As `entropice.pipelines.kinds.frames.nodes.judge_forecasts` takes them. Rivals learn from targets of training.
    ceiling
        Of `entropice.imagery.frames.given.given_forecasters`; None where no law is known.

    Returns
    -------
    DataFrame
        ``model key horizon step block split n error absolute squared near``, a row a model and target; sums are over
        scored pixels, of forecast less truth in the unit of the target bands and its square, and 0 where none is
        scored; ``near`` counts those off by a tenth of the band's range or less.

    Raises
    ------
    ModelFileError
        The network was trained with other statistics.
    InputFileError
        The statistics are of other bands or another version of the data.
    SchemaError
        The law forecasts other ground, fewer horizons or other days, or a forecast is not finite where it is scored.
    """
    bands = network.checkpoint.specification.bands
    sequences = frame_samples(fields, tiles, bands, target_bands, samples)
    forecast = network_forecasts(network, statistics, target_bands, samples, training, evaluation)
    learned = horizons_of(splits, TRAIN, samples.windows.forecast_horizon)
    rivals = {name: rival_named(name).fitted(sequences, learned, training.seed) for name in evaluation.rivals}
    known = {} if ceiling is None else given_forecasters(ceiling, sequences)
    parts = [
        # Validation is judged for the monitor, which has to know what errors are usual before it calls one too high.
        forecast_sums(sequences, splits, (VALIDATION,), {NETWORK: forecast}, evaluation.batch_size),
        forecast_sums(sequences, splits, TESTS, {NETWORK: forecast, **rivals, **known}, evaluation.batch_size),
    ]
    return pd.concat(parts, ignore_index=True)


def network_forecasts(
    network: TrainedNetwork,
    statistics: Mapping[str, Any],
    target_bands: Sequence[str],
    samples: FrameSampleParameters,
    training: TrainingParameters,
    evaluation: FrameEvaluationParameters,
) -> Forecaster:
    """The network's forecasts in physical units, rolled out as far as forecasts are judged.

    Raises
    ------
    ModelFileError
        The network was trained with other statistics.
    InputFileError
        The statistics are of other bands or another version of the data.
    """
    checkpoint = network.checkpoint
    require_statistics(checkpoint, sha256_of_value(statistics), network.path)
    measured = measured_statistics(statistics, checkpoint.specification.bands, samples)
    predict = predictor(
        network_of(checkpoint, network.path), checkpoint.weights, machine_of(training), evaluation.batch_size
    )
    return network_forecaster(predict, measured, target_bands, samples.windows.future_horizons)


def scores_of_tests(sums: DataFrame, evaluation: FrameEvaluationParameters, random_seed: int) -> DataFrame:
    """Scores of every model in every part of the tests, and the network's lead over each other one.

    `sums` are those of `judged_forecasts`; rows of validation are left out. Columns are ``model compared_with score
    part horizon value low_95 high_95 n_blocks n``, ``part`` the part of the tests (space, time, both); scores are ``mse
    mae rmse bias within_tenth skill share_of_ceiling share_of_ceiling_mae``
    (`entropice.imagery.frames.scores.FORECAST_SCORES`).

    Raises
    ------
    SchemaError
        Persistence or the network was not judged, or models were judged on other pixels.
    """
    tested = sums[sums["split"].isin(TESTS)]
    return score_table(
        tested, NETWORK, lambda n_blocks: block_replicates(n_blocks, random_seed, evaluation.n_bootstrap)
    )

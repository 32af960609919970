"""What map, report and model card show of forecasts."""

from collections.abc import Mapping, Sequence
from typing import Any

from entropice.imagery.bands import band_named
from entropice.imagery.frames.fields import FieldSeries
from entropice.imagery.frames.showing import forecast_layers, forecast_panel, newest_windows, telling_key
from entropice.imagery.frames.window_splits import TESTS
from entropice.imagery.map_layers import MapLayer
from entropice.imagery.panels import Panel
from entropice.imagery.splits import TRAIN, VALIDATION
from entropice.io.networks import TrainedNetwork
from entropice.pipelines.kinds.expectations import told_beside
from entropice.pipelines.kinds.frames.job import frame_samples
from entropice.pipelines.kinds.frames.judging import NETWORK, network_forecasts
from entropice.pipelines.kinds.frames.parameters import FrameEvaluationParameters, FrameSampleParameters
from entropice.pipelines.training.parameters import TrainingParameters
from entropice.types import DataFrame, Dataset


def newest_layers(
    network: TrainedNetwork,
    fields: Dataset,
    statistics: Mapping[str, Any],
    target_bands: Sequence[str],
    samples: FrameSampleParameters,
    training: TrainingParameters,
    evaluation: FrameEvaluationParameters,
) -> list[MapLayer]:
    """The newest forecast of all ground, a layer per target band and horizon.

    It is from the last ``n_frames_in`` steps of the last run that has so many. Of the target bands those are mapped
    that the parameters name, or all, in layers ``<band>_<horizon>``. Values are in the band's unit, the mean where
    sequences overlap, NaN where the ground is not known.

    Raises
    ------
    ModelFileError
        The network was trained with other statistics.
    InputFileError
        The statistics are of other bands or another version of the data.
    LabelError
        No run has as many steps as are needed, or the ground is smaller than a sequence.
    """
    forecast = network_forecasts(network, statistics, target_bands, samples, training, evaluation)
    newest = newest_windows(FieldSeries(fields), samples.windows)
    sequences = frame_samples(fields, newest, network.checkpoint.specification.bands, target_bands, samples)
    mapped = evaluation.mapped_bands or target_bands
    return [layer for band in mapped for layer in forecast_layers(sequences, forecast, band, evaluation.batch_size)]


def telling_panel(
    network: TrainedNetwork,
    fields: Dataset,
    tiles: DataFrame,
    statistics: Mapping[str, Any],
    sums: DataFrame,
    target_bands: Sequence[str],
    samples: FrameSampleParameters,
    training: TrainingParameters,
    evaluation: FrameEvaluationParameters,
) -> Panel:
    """One test sequence: target, forecast and difference by horizon, of the first target band.

    `sums` has the columns ``model key horizon split n squared``, of persistence among others: the sequence with truth
    at most horizons is shown, and of those the one in which most changes, by the ``squared`` of persistence over all
    horizons. Targets and differences are NaN where the truth is not known.

    Raises
    ------
    ModelFileError
        The network was trained with other statistics.
    InputFileError
        The statistics are of other bands or another version of the data.
    IndexError
        No test has a scored pixel.
    """
    forecast = network_forecasts(network, statistics, target_bands, samples, training, evaluation)
    sequences = frame_samples(fields, tiles, network.checkpoint.specification.bands, target_bands, samples)
    return forecast_panel(sequences, telling_key(sums), forecast, target_bands[0])


def frame_facts(
    fields: Dataset,
    splits: DataFrame,
    task_scores: DataFrame,
    bands: Sequence[str],
    target_bands: Sequence[str],
    samples: FrameSampleParameters,
    evaluation: FrameEvaluationParameters,
) -> dict[str, Any]:
    """Facts of the model card: ``inputs outputs learned_from tested_on limits expectations``, sentences.

    `splits` has the columns ``key split``; sequences are counted once in each part that they have a target in.
    ``limits`` is a list of them, ``expectations`` a list of ``what published ours``
    (`entropice.pipelines.kinds.expectations.told_beside`).
    """
    windows, step = samples.windows, FieldSeries(fields).step
    n = splits.groupby("split")["key"].nunique()
    tests = ", ".join(f"{n[part]:,} in {part}" for part in TESTS if part in n)
    outputs = " and ".join(band_named(band).title for band in target_bands)
    return {
        "inputs": f"{windows.n_frames_in} fields, one {step.told}, with the bands {', '.join(bands)}",
        "outputs": f"{outputs}, {windows.forecast_horizon} ahead at once and rolled out to {windows.future_horizons}",
        "learned_from": f"{n.get(TRAIN, 0):,} sequences; {n.get(VALIDATION, 0):,} chose the epoch",
        "tested_on": f"sequences with targets that training had not: {tests}",
        "limits": [
            f"Nothing is known of forecasts of more than {windows.future_horizons} steps.",
            "Skill in space, in time and in both stand apart; none says anything of another region or decade.",
            "Neighbouring sequences are alike, so intervals draw blocks of ground and time; few blocks make them wide.",
        ],
        "expectations": told_beside(evaluation.expectations, task_scores, NETWORK),
    }

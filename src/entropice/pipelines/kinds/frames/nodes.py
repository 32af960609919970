"""Nodes of frames: sequences are cut from fields, dealt, measured and checked, and a network learns what comes next."""

from typing import TYPE_CHECKING, Any

from entropice.imagery.frames.monitor_rules import MonitorRules
from entropice.imagery.frames.window_rules import WindowRules, WindowSplitRules
from entropice.io.networks import TrainedNetwork
from entropice.pipelines.kinds.frames.parameters import FrameEvaluationParameters, FrameSampleParameters
from entropice.pipelines.training.parameters import NetworkParameters, TrainingParameters
from entropice.types import DataFrame, Dataset

if TYPE_CHECKING:
    from entropice.imagery.map_layers import MapLayer
    from entropice.imagery.panels import Panel
    from entropice.networks.job import TrainingJob
else:
    MapLayer = Panel = TrainingJob = Any


def place_windows(fields: Dataset, target_bands: list[str], windows: WindowRules, random_seed: int) -> DataFrame:
    """Sequences to cut, of fields that are as they must be."""
    from entropice.imagery.frames.field_checks import require_series
    from entropice.imagery.frames.fields import FieldSeries
    from entropice.imagery.frames.windows import window_table

    require_series(fields)
    return window_table(FieldSeries(fields), tuple(target_bands), windows, random_seed)


def split_windows(
    fields: Dataset, tiles: DataFrame, grid: str, windows: WindowRules, rules: WindowSplitRules, random_seed: int
) -> DataFrame:
    """The part and block of every target of every sequence."""
    from entropice.dggs import parse_grid
    from entropice.imagery.frames.fields import FieldSeries
    from entropice.imagery.frames.window_splits import split_windows as split

    return split(tiles, FieldSeries(fields), parse_grid(grid), windows, rules, random_seed)


def measure_bands(
    fields: Dataset,
    tiles: DataFrame,
    splits: DataFrame,
    bands: list[str],
    target_bands: list[str],
    samples: FrameSampleParameters,
    random_seed: int,
) -> dict[str, Any]:
    """Mean and standard deviation of every band over the inputs of training."""
    from entropice.imagery.frames.window_splits import keys_of
    from entropice.imagery.splits import TRAIN
    from entropice.imagery.statistics import band_statistics
    from entropice.imagery.statistics_document import to_document
    from entropice.pipelines.kinds.frames.job import frame_samples

    sequences = frame_samples(fields, tiles, bands, target_bands, samples)
    keys = keys_of(splits, TRAIN, samples.windows.forecast_horizon)
    rules = samples.statistics
    measured = band_statistics(sequences, keys, rules.share, random_seed)
    return to_document(measured, rules.dataset_version, rules.computed_date)


def check_windows(
    fields: Dataset,
    tiles: DataFrame,
    splits: DataFrame,
    statistics: dict[str, Any],
    bands: list[str],
    target_bands: list[str],
    samples: FrameSampleParameters,
    random_seed: int,
) -> dict[str, Any]:
    """What a person would spot in the sequences; nothing goes on where it is found."""
    from entropice.pipelines.kinds.frames.checking import checked
    from entropice.pipelines.kinds.frames.job import frame_samples, measured_statistics

    sequences = frame_samples(fields, tiles, bands, target_bands, samples)
    return checked(sequences, splits, measured_statistics(statistics, bands, samples), random_seed)


def train_network(
    fields: Dataset,
    tiles: DataFrame,
    splits: DataFrame,
    statistics: dict[str, Any],
    _data_check: dict[str, Any],
    bands: list[str],
    target_bands: list[str],
    samples: FrameSampleParameters,
    network: NetworkParameters,
    training: TrainingParameters,
) -> TrainingJob:
    """A network that learns what comes next; saving it carries the training out."""
    from entropice.pipelines.kinds.frames.job import frames_job

    return frames_job(fields, tiles, splits, statistics, bands, target_bands, samples, network, training)


def judge_forecasts(
    network: TrainedNetwork,
    fields: Dataset,
    tiles: DataFrame,
    splits: DataFrame,
    statistics: dict[str, Any],
    target_bands: list[str],
    samples: FrameSampleParameters,
    training: TrainingParameters,
    evaluation: FrameEvaluationParameters,
    ceiling: Dataset | None = None,
) -> DataFrame:
    """Errors of network and rivals, and of the law itself where it is known, by sequence and horizon."""
    from entropice.pipelines.kinds.frames.judging import judged_forecasts

    return judged_forecasts(
        network, fields, tiles, splits, statistics, target_bands, samples, training, evaluation, ceiling
    )


def score_forecasts(forecast_sums: DataFrame, evaluation: FrameEvaluationParameters, random_seed: int) -> DataFrame:
    """Scores by part and horizon with intervals over blocks, and the network's lead over each rival."""
    from entropice.pipelines.kinds.frames.judging import scores_of_tests

    return scores_of_tests(forecast_sums, evaluation, random_seed)


def monitor_forecasts(
    fields: Dataset, forecast_sums: DataFrame, rules: MonitorRules
) -> tuple[DataFrame, dict[str, Any]]:
    """Each arrived field scores the forecasts that were made for it; whether the network should learn anew."""
    from entropice.imagery.frames.fields import FieldSeries
    from entropice.imagery.frames.monitor import advice, monitor_table
    from entropice.pipelines.kinds.frames.judging import NETWORK

    of_network = forecast_sums[forecast_sums["model"] == NETWORK]
    table = monitor_table(of_network, FieldSeries(fields).days, rules)
    return table, advice(table)


def map_forecasts(
    network: TrainedNetwork,
    fields: Dataset,
    statistics: dict[str, Any],
    target_bands: list[str],
    samples: FrameSampleParameters,
    training: TrainingParameters,
    evaluation: FrameEvaluationParameters,
) -> list[MapLayer]:
    """The newest forecast of all ground, a layer per horizon."""
    from entropice.pipelines.kinds.frames.showing import newest_layers

    return newest_layers(network, fields, statistics, target_bands, samples, training, evaluation)


def draw_panel(
    network: TrainedNetwork,
    fields: Dataset,
    tiles: DataFrame,
    statistics: dict[str, Any],
    forecast_sums: DataFrame,
    target_bands: list[str],
    samples: FrameSampleParameters,
    training: TrainingParameters,
    evaluation: FrameEvaluationParameters,
) -> Panel:
    """Target, forecast and difference of one test sequence at every horizon."""
    from entropice.pipelines.kinds.frames.showing import telling_panel

    return telling_panel(network, fields, tiles, statistics, forecast_sums, target_bands, samples, training, evaluation)


def tell_facts(
    fields: Dataset,
    splits: DataFrame,
    task_scores: DataFrame,
    bands: list[str],
    target_bands: list[str],
    samples: FrameSampleParameters,
    evaluation: FrameEvaluationParameters,
) -> dict[str, Any]:
    """Facts of the model card."""
    from entropice.pipelines.kinds.frames.showing import frame_facts

    return frame_facts(fields, splits, task_scores, bands, target_bands, samples, evaluation)

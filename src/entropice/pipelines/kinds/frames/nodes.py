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
    """Sequences to cut, of fields that are as they must be.

    Parameters
    ----------
    fields
        float32 (time, y, x) a band, NaN where unknown; looked at whole, some steps at a time, before anything is cut.
    target_bands
        Truth of these must be known for the first horizon at least.
    windows, random_seed
        Size, spacing and number of sequences, and the share ``min_known`` of the ground, it included, whose target
        bands must be known at the last input and the first horizon; if there are more, those with the lowest hash of
        seed and key are taken (`entropice.imagery.uniform_hash.uniform_of`).

    Returns
    -------
    DataFrame
        The dataset ``tiles``: ``key left_m top_m pixel_m n_pixels year first``, by step, row and column; ``key`` is
        ``<day of the first horizon>_<left>_<top>``, ``year`` that of this day, ``first`` the step of the first input,
        from 0.

    Raises
    ------
    SchemaError
        Steps are not equal, coordinates do not fit, values are out of range, or units are others.
    ConfigError
        A variable is no declared band.
    LabelError
        There is no sequence with enough known ground.
    """
    from entropice.imagery.frames.field_checks import require_series
    from entropice.imagery.frames.fields import FieldSeries
    from entropice.imagery.frames.windows import window_table

    require_series(fields)
    return window_table(FieldSeries(fields), tuple(target_bands), windows, random_seed)


def split_windows(
    fields: Dataset, tiles: DataFrame, grid: str, windows: WindowRules, rules: WindowSplitRules, random_seed: int
) -> DataFrame:
    """The part and block of every target of every sequence.

    Parameters
    ----------
    fields, tiles
        Fields (time, y, x), and the sequences of `place_windows`.
    grid
        Key of the grid, whose parent cells are blocks of ground.
    windows, rules, random_seed
        Horizons; how steps and ground are dealt; what ground is dealt by.

    Returns
    -------
    DataFrame
        The dataset ``splits``, a row a target that has truth: ``key horizon step block split``; ``horizon`` is steps
        ahead from 1, ``step`` that of the series, from 0. ``split`` is train, validation, space (other ground, steps of
        training), time (ground of training, later steps), both, or ``buffer`` of what is left out; ``block`` is what is
        drawn for intervals, ``<parent cell in hexadecimal>_<number of a stretch of time>``.

    Raises
    ------
    LabelError
        Training, validation or the later steps have no target, or a horizon has none in any test.
    ConfigError
        Ground is to be dealt that is no plane.
    GridError
        There is no such grid, or its cells have no parents at the level of blocks.
    """
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
    """Mean and standard deviation of every band over the inputs of training.

    `fields` are (time, y, x), `tiles` and `splits` the datasets of these names; sequences with a training target within
    the horizon of the network are read, or those whose hash of seed and key is below the share
    (`entropice.imagery.statistics.band_statistics`).

    Returns
    -------
    dict
        The dataset ``statistics``: ``layout_version dataset_version computed_date n_tiles_used bands n_pixels_used rgb
        extra``, of known pixels, in the bands' units.

    Raises
    ------
    SchemaError
        No sequence was drawn, or a band has no known pixel or one value only.
    """
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
    """What a person would spot in the sequences; nothing goes on where it is found.

    Returns
    -------
    dict
        The dataset ``data_check``: ``n_tiles``, all sequences; ``n_targets``, numbers by part and, as a text, by
        horizon; ``findings``, which is empty.

    Raises
    ------
    SchemaError
        Tells all that is wrong: sequences that nobody cut, one place and step in two parts, a horizon without truth in
        the tests, or, of 16 training sequences that are drawn, standardised values of 50 or more, or nothing scored.
    InputFileError
        The statistics are of other bands or another version of the data.
    """
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
    """A network that learns what comes next; saving it carries the training out.

    ``data_check`` is an input so that nothing is trained on sequences that were not looked at. The dataset ``network``
    is written while it learns, and resumed where it was broken off.

    Parameters
    ----------
    fields, tiles, splits, statistics
        The task's datasets of these names.
    bands, target_bands
        What is seen, and what is forecast of it, each in this order.
    samples, network, training
        Sequences, the network, and how it learns.

    Raises
    ------
    ConfigError
        An option of the network or a loss is not known, or does not go with the rest.
    LabelError
        There are fewer sequences with a training target than a batch holds.
    InputFileError
        The statistics are of other bands or another version of the data.
    """
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
    """Errors of network and rivals, and of the law itself where it is known, by sequence and horizon.

    Parameters
    ----------
    network, fields, tiles, splits, statistics
        The task's datasets of these names.
    target_bands
        What is forecast, in this order.
    samples, training, evaluation
        Sequences, where the network is computed, and which rivals there are.
    ceiling
        float32 (first, horizon, y, x), what the law forecasts; None where none is known.

    Returns
    -------
    DataFrame
        The dataset ``forecast_sums``: ``model key horizon step block split n error absolute squared near``, a row a
        model and target: the network's of validation and tests, others' of tests. Models are ``network``, the rivals
        (of ``persistence linear_trend kept_drift neighbour_growth``), ``ceiling`` and ``ceiling_mean``. Sums over
        scored pixels are ``n``, their number, ``error`` of forecast less truth, ``absolute`` and ``squared`` of the
        same, in the unit of the target bands and its square, and ``near``, how many are off by a tenth of the band's
        range or less; 0 where none is scored.

    Raises
    ------
    ModelFileError
        The network was trained with other statistics.
    InputFileError
        The statistics are of other bands or another version of the data.
    SchemaError
        The law forecasts other ground, fewer horizons or other days, or a forecast is not finite where it is scored.
    """
    from entropice.pipelines.kinds.frames.judging import judged_forecasts

    return judged_forecasts(
        network, fields, tiles, splits, statistics, target_bands, samples, training, evaluation, ceiling
    )


def score_forecasts(forecast_sums: DataFrame, evaluation: FrameEvaluationParameters, random_seed: int) -> DataFrame:
    """Scores by part and horizon with intervals over blocks, and the network's lead over each rival.

    Returns
    -------
    DataFrame
        The dataset ``task_scores``: ``model compared_with score part horizon value low_95 high_95 n_blocks n``;
        ``score`` is one of ``mse mae rmse bias within_tenth skill share_of_ceiling share_of_ceiling_mae``, ``part``
        space, time or both, ``horizon`` steps ahead from 1, ``n`` scored pixels. A score that is not defined is NaN.

    Raises
    ------
    SchemaError
        Persistence or the network was not judged, or models were judged on other pixels.
    """
    from entropice.pipelines.kinds.frames.judging import scores_of_tests

    return scores_of_tests(forecast_sums, evaluation, random_seed)


def monitor_forecasts(
    fields: Dataset, forecast_sums: DataFrame, rules: MonitorRules
) -> tuple[DataFrame, dict[str, Any]]:
    """Each arrived field scores the forecasts that were made for it; whether the network should learn anew.

    `forecast_sums` are those of `judge_forecasts`, of which the network's are read; `fields` say which day a step is.

    Returns
    -------
    DataFrame
        The dataset ``monitor``: ``issued day horizon mse mae expected_mse running_mse limit_mse n is_drifting``, by day
        and horizon, of targets at later steps (time and both). ``expected_mse`` is the mean of the steps of validation,
        from which ``running_mse`` goes on as λ · new + (1 − λ) · last, λ the ``newest_weight`` of `rules`; it drifts
        above ``limit_mse``, ``limit_sd`` standard deviations over what is expected
        (`entropice.imagery.frames.monitor.monitor_table`). Limits are NaN and nothing drifts where validation has fewer
        than 5 steps of the horizon.
    dict
        The dataset ``retraining_advice``: ``retrain``, whether a horizon drifts at its newest day, ``reason``, a
        sentence, ``as_of``, the newest day (ISO 8601), and ``horizons``, those that drift. It is advice: nothing is
        trained by it.

    Raises
    ------
    ValueError
        No pixel of a later step was scored.
    """
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
    """The newest forecast of all ground, a layer per horizon and mapped band.

    Returns
    -------
    list
        The dataset ``map_layers``: forecasts in the band's unit, the mean where sequences overlap, NaN where the ground
        is not known, with the days on which each holds; they are called ``<band>_<horizon>`` and issued from the last
        ``n_frames_in`` steps of the last run that has so many.

    Raises
    ------
    ModelFileError
        The network was trained with other statistics.
    InputFileError
        The statistics are of other bands or another version of the data.
    LabelError
        No run has as many steps as are needed, or the ground is smaller than a sequence.
    """
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
    """Target, forecast and difference of one test sequence at every horizon.

    It is the sequence with truth at most horizons, and of those the one in which most changes, by the squared errors of
    persistence over all horizons; the first target band is shown. Targets and differences are NaN where the truth is
    not known.

    Raises
    ------
    ModelFileError
        The network was trained with other statistics.
    InputFileError
        The statistics are of other bands or another version of the data.
    IndexError
        No test has a scored pixel.
    """
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
    """Facts of the model card.

    Returns
    -------
    dict
        The dataset ``card_facts``: ``inputs outputs learned_from tested_on limits expectations``, sentences; sequences
        are counted by part of `splits` (one in two parts counts in both), and what was published stands beside the
        network's scores. ``limits`` is a list of them, ``expectations`` a list of ``what published ours``
        (`entropice.pipelines.kinds.expectations.told_beside`).
    """
    from entropice.pipelines.kinds.frames.showing import frame_facts

    return frame_facts(fields, splits, task_scores, bands, target_bands, samples, evaluation)

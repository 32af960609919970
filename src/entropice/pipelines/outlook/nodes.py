"""Nodes of years to come: what they do is written in the modules that they call."""

from typing import TYPE_CHECKING, Any

from entropice.io.model_of_run import ModelOfRun
from entropice.io.networks import TrainedNetwork
from entropice.pipelines.kinds.frames.parameters import FrameEvaluationParameters, FrameSampleParameters
from entropice.pipelines.modelling.splitting import FoldParameters
from entropice.pipelines.outlook.parameters import OutlookParameters
from entropice.pipelines.sources.era5.parameters import ClimateParameters
from entropice.pipelines.training.parameters import TrainingParameters
from entropice.types import DataFrame, Dataset, GeoDataFrame

if TYPE_CHECKING:
    from entropice.imagery.map_layers import MapLayer
else:
    MapLayer = Any


def forecast_indices(
    network: TrainedNetwork,
    fields: Dataset,
    statistics: dict[str, Any],
    yearly_indices: Dataset,
    target_bands: list[str],
    samples: FrameSampleParameters,
    training: TrainingParameters,
    evaluation: FrameEvaluationParameters,
) -> Dataset:
    """The network's forecasts of every index from every year that enough years lie before.

    Parameters
    ----------
    network, fields, statistics
        The task's datasets of these names; ``fields`` are (time, y, x), a pixel a cell.
    yearly_indices
        Cube on (cell, year), a variable a climate index.
    target_bands
        The departures of all indices, and nothing else.
    samples, training, evaluation
        Sequences, where the network is computed, and how many at once.

    Returns
    -------
    Dataset
        The dataset ``index_forecasts``: ``departures``, float32 (issued, horizon, index, cell), as ``fields`` have
        them, NaN where the ground is not known; ``issued`` is the last known year.

    Raises
    ------
    ConfigError
        An index is not forecast, or something else is.
    LabelError
        The ground is smaller than a sequence.
    ModelFileError
        The network was trained with other statistics.
    InputFileError
        The statistics are of other bands or another version of the data.
    """
    from entropice.pipelines.kinds.frames.judging import network_forecasts
    from entropice.pipelines.outlook.forecasting import forecasts_of_years

    forecast = network_forecasts(network, statistics, target_bands, samples, training, evaluation)
    bands = network.checkpoint.specification.bands
    return forecasts_of_years(
        forecast, fields, yearly_indices, bands, tuple(target_bands), samples, evaluation.batch_size
    )


def score_indices(
    index_forecasts: Dataset,
    yearly_indices: Dataset,
    usual_years: Dataset,
    samples: FrameSampleParameters,
    cells: GeoDataFrame,
    grid: str,
    outlook: OutlookParameters,
    random_seed: int,
    law_draws: Dataset | None = None,
) -> DataFrame:
    """CRPS and coverage of forecast indices in years that nothing was learned from; also of rivals and the law.

    Parameters
    ----------
    index_forecasts, yearly_indices, usual_years
        The task's datasets of these names: (issued, horizon, index, cell), (cell, year) and (index, cell).
    samples
        Which years nothing is learned from, and how far is forecast.
    cells, grid, outlook, random_seed
        ``cell_id`` in the order of the cubes; parent cells of the grid are blocks; replicates, and their seed.
    law_draws
        (issued, draw, horizon, index, cell), in the indices' units; None where no law is known.

    Returns
    -------
    DataFrame
        The dataset ``index_scores``: ``model compared_with score part horizon value low_95 high_95 n_blocks n``;
        ``score`` is ``crps``, ``coverage_90`` (share of the truth within 90 % intervals), ``width_90`` or
        ``index_rmse``, ``part`` an index, or ``all indices``, ``horizon`` years ahead from 1; models are the network,
        ``persistence damped_persistence trend climatology``, and ``law``. Scores are of departures; unknown cells count
        nowhere.

    Raises
    ------
    LabelError
        Years of training or of validation are too few to say how far forecasts are off
        (`entropice.pipelines.outlook.forecasting.way_of`).
    ValueError
        Nothing was said from a year from which a later one is judged.
    """
    from entropice.pipelines.outlook.judging import index_scores

    return index_scores(
        index_forecasts, yearly_indices, usual_years, samples, cells, grid, outlook, random_seed, law_draws
    )


def draw_years(
    index_forecasts: Dataset, yearly_indices: Dataset, usual_years: Dataset, samples: FrameSampleParameters
) -> Dataset:
    """Indices of the years after the record, as they may come: whole fields, in their units.

    Each draw is what the network says from the last year, with its errors of one course of years of training, widened
    as `entropice.pipelines.outlook.forecasting.way_of` says, so that cells, indices and years belong together.

    Returns
    -------
    Dataset
        The dataset ``year_draws``: ``values``, float32 (draw, year, index, cell). ``year`` are those after the record,
        one a horizon; an index that was never below 0 in any cell is not below 0.

    Raises
    ------
    LabelError
        Fewer than eight courses of training, or a horizon without a year of validation.
    ValueError
        Nothing was said from the last year of the record.
    """
    from entropice.learning.outlook.forecasts import NETWORK
    from entropice.pipelines.outlook.forecasting import drawn_years, way_of
    from entropice.pipelines.outlook.judging import record_of

    record = record_of(yearly_indices, usual_years)
    return drawn_years(way_of(NETWORK, index_forecasts, record, samples), record, yearly_indices)


def ask_map(
    year_draws: Dataset,
    yearly_indices: Dataset,
    given_model: ModelOfRun,
    given_features: Dataset,
    cells: GeoDataFrame,
    grid: str,
    climate: ClimateParameters,
) -> tuple[DataFrame, list[MapLayer]]:
    """Chances of years to come with their intervals, by cell and as layers of a map.

    Parameters
    ----------
    year_draws, yearly_indices
        The task's datasets of these names: (draw, year, index, cell) and (cell, year).
    given_model, given_features
        Model and cube of features, dims (cell, year), of the run that this one builds on; what is no climate stays as
        in its last label year.
    cells, grid
        ``cell_id lon_deg lat_deg area_m2 land_fraction geometry`` (EPSG:3413), and key of the grid.
    climate
        First month of the Arctic year and history of indices, as that run had them.

    Returns
    -------
    DataFrame
        The dataset ``outlook``: ``cell_id year horizon p_any p_any_low p_any_high p_any_sd p_any_climate_sd
        p_any_model_sd``; ``horizon`` is years after the record, from 1, ``p_any`` the mean over the climates that may
        come; the interval (90 %) and ``p_any_sd`` hold doubts of climate and of model, the two other deviations those
        of each alone; NaN where too little is known.
    list
        The dataset ``outlook_layers``: a year two layers, ``p_any_<year>``, the chance, and ``p_any_width_<year>``, the
        width of its interval.

    Raises
    ------
    GridError, ModelFileError
        The model is of another grid, or its files do not fit each other.
    FeatureError
        The run's features lack one of the model's; its climate features are of other years or are not made here; or
        indices of the same years have other values.
    """
    from entropice.pipelines.outlook.asking import outlook_of

    return outlook_of(year_draws, yearly_indices, given_model, given_features, cells, grid, climate)


def score_map(
    index_forecasts: Dataset,
    yearly_indices: Dataset,
    usual_years: Dataset,
    samples: FrameSampleParameters,
    given_model: ModelOfRun,
    given_features: Dataset,
    cells: GeoDataFrame,
    grid: str,
    climate: ClimateParameters,
    given_training_table: DataFrame,
    given_folds: DataFrame,
    splitting: FoldParameters,
    outlook: OutlookParameters,
    random_seed: int,
) -> DataFrame:
    """Scores of the map in label years whose climate was forecast, beside those with the climate that came.

    Parameters
    ----------
    index_forecasts, yearly_indices, usual_years
        The task's datasets of these names: (issued, horizon, index, cell), (cell, year) and (index, cell).
    samples
        Which years nothing is learned from: their labels are scored.
    given_model, given_features, given_training_table, given_folds
        Model, cube (cell, year), training table and folds of the run that this one builds on.
    cells, grid, climate, splitting
        Cells, key of the grid, climate parameters and fold parameters as that run had them.
    outlook, random_seed
        Climates that are asked of each year, at most; replicates of blocks, and their seed.

    Returns
    -------
    DataFrame
        The dataset ``map_outlook_scores``: ``model compared_with score part horizon value low_95 high_95 n_blocks n``;
        ``score`` is ``log_skill``, ``rpss``, ``brier_skill`` or ``auc``, ``part`` ``map``; the model ``observed`` is
        the map with the climate that came, and what others are compared with.

    Raises
    ------
    LabelError
        No label is of a year that nothing was learned from, or too few years say how far forecasts are off.
    FeatureError
        Climate features of that run are not made here, or of other years.
    GridError, ModelFileError
        The model is of another grid, or its files do not fit each other.
    """
    from entropice.pipelines.outlook.judging import record_of
    from entropice.pipelines.outlook.map_judging import map_scores

    return map_scores(
        index_forecasts,
        record_of(yearly_indices, usual_years),
        yearly_indices,
        samples,
        given_model,
        given_features,
        cells,
        grid,
        climate,
        given_training_table,
        given_folds,
        splitting,
        outlook,
        random_seed,
    )

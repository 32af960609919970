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
    """The network's forecasts of every index from every year that enough years lie before."""
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
    """CRPS and coverage of forecast indices in years that nothing was learned from; also of rivals and the law."""
    from entropice.pipelines.outlook.judging import index_scores

    return index_scores(
        index_forecasts, yearly_indices, usual_years, samples, cells, grid, outlook, random_seed, law_draws
    )


def draw_years(
    index_forecasts: Dataset, yearly_indices: Dataset, usual_years: Dataset, samples: FrameSampleParameters
) -> Dataset:
    """Indices of the years after the record, as they may come: whole fields, in their units."""
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
    """Chances of years to come with their intervals, by cell and as layers of a map."""
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
    """Scores of the map in label years whose climate was forecast, beside those with the climate that came."""
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

"""Nodes of the modelling pipeline: what they do is written in the rooms they call."""

from typing import TYPE_CHECKING, Any

from entropice.pipelines.modelling.parameters import ModellingParameters
from entropice.types import CellIds, DataFrame, Dataset, FloatArray, GeoDataFrame, Series

if TYPE_CHECKING:
    from entropice.espa import ESPAClassifier
    from entropice.io import Arrays
    from entropice.learning.samples import Samples
    from entropice.learning.tuning import EspaSearch
else:
    Arrays = ESPAClassifier = EspaSearch = Samples = Any


def choose_features(features: Dataset, patterns: list[str]) -> Dataset:
    """Keep the features that the models may see."""
    from entropice.learning.feature_choice import choose_features as choose

    return choose(features, patterns)


def build_training_table(labels: DataFrame, model_features: Dataset) -> DataFrame:
    """Join what was observed with what the environment looked like; unobserved cells stay out."""
    from entropice.learning.training_table import build_training_table as build

    return build(labels, model_features)


def make_folds(
    training_table: DataFrame, cells: GeoDataFrame, grid: str, random_seed: int, parameters: ModellingParameters
) -> DataFrame:
    """Split cells by whole spatial blocks with a buffer around the test cells; and at random, to show the gap."""
    from entropice.learning.folds import make_folds as make
    from entropice.learning.folds import widest_cell_m

    trained = cells[cells["cell_id"].isin(training_table["cell_id"])]
    cell_ids = trained["cell_id"].to_numpy()
    blocks = _blocks(cell_ids, grid, parameters)
    buffer_m = parameters.folds.buffer_m + widest_cell_m(cells)
    return make(cell_ids, blocks, _coordinates_m(trained), parameters.folds.n_folds, buffer_m, random_seed)


def predict_out_of_fold(
    training_table: DataFrame,
    folds: DataFrame,
    cells: GeoDataFrame,
    grid: str,
    random_seed: int,
    parameters: ModellingParameters,
) -> tuple[dict[str, dict[str, Any]], DataFrame]:
    """Fit class edges, eSPA and its rivals on each fold's training rows alone; predict its test rows."""
    from entropice.learning.out_of_fold import predict_out_of_fold as predict

    samples = _sites(training_table, cells, grid, parameters)
    search = _search(cells, parameters, random_seed)
    return predict(training_table, samples, folds, parameters.models, parameters.n_classes, search)


def score(out_of_fold: DataFrame, grid: str, random_seed: int, parameters: ModellingParameters) -> DataFrame:
    """Score every model under every fold scheme, with an interval from a bootstrap of whole spatial blocks."""
    from entropice.learning.scores import score_table

    return score_table(out_of_fold, _block_series(out_of_fold, grid, parameters), random_seed, parameters.n_bootstrap)


def fit_model(
    training_table: DataFrame, cells: GeoDataFrame, grid: str, random_seed: int, parameters: ModellingParameters
) -> tuple[dict[str, Any], Arrays]:
    """Fit class edges and eSPA on all observed rows: the model behind the map."""
    from entropice.espa import to_arrays
    from entropice.io import Arrays
    from entropice.learning.classes import fit_classes
    from entropice.learning.models import fit_espa

    fractions = training_table["rts_area_fraction"].to_numpy()
    classes = fit_classes(fractions, parameters.n_classes)
    samples = _sites(training_table, cells, grid, parameters)
    model = fit_espa(samples, classes.assign(fractions), _search(cells, parameters, random_seed)).estimator
    return classes.to_json(), Arrays(*to_arrays(model))


def predict(
    espa_model: Arrays, classes: dict[str, Any], model_features: Dataset, parameters: ModellingParameters
) -> DataFrame:
    """Probability of every class, expected density and uncertainty for every cell and configured year."""
    from entropice.learning.classes import DensityClasses
    from entropice.learning.prediction import predict_cells
    from entropice.learning.training_table import feature_frame

    frame = feature_frame(model_features, parameters.prediction_years)
    return predict_cells(_read(espa_model), DensityClasses.from_json(classes), frame)


def explain(
    espa_model: Arrays,
    classes: dict[str, Any],
    training_table: DataFrame,
    model_features: Dataset,
    grid: str,
    random_seed: int,
    parameters: ModellingParameters,
) -> tuple[DataFrame, DataFrame]:
    """Rank the features by eSPA weight beside a null of permuted labels; list what puts each cell into its box."""
    from entropice.learning.classes import DensityClasses
    from entropice.learning.drivers import cell_drivers, global_drivers
    from entropice.learning.training_table import feature_columns, feature_frame

    model, names = _read(espa_model), feature_columns(training_table)
    overall = global_drivers(
        model,
        training_table[names],
        DensityClasses.from_json(classes).assign(training_table["rts_area_fraction"].to_numpy()),
        _blocks(training_table["cell_id"].to_numpy(), grid, parameters),
        {name: model_features[name].attrs["group"] for name in names},
        parameters.n_null_refits,
        random_seed,
    )
    frame = feature_frame(model_features, parameters.prediction_years)
    return overall, cell_drivers(model, frame, parameters.n_cell_drivers)


def _read(espa_model: Arrays) -> ESPAClassifier:
    from entropice.learning.model_file import read_espa

    return read_espa(espa_model.arrays, espa_model.metadata)


def _search(cells: GeoDataFrame, parameters: ModellingParameters, random_seed: int) -> EspaSearch:
    from entropice.learning.folds import widest_cell_m
    from entropice.learning.tuning import EspaSearch

    espa = parameters.espa
    return EspaSearch(
        n_boxes=espa.n_boxes,
        eps_entropy=espa.eps_entropy,
        eps_class=espa.eps_class,
        pseudo_count=espa.pseudo_count,
        n_init=espa.n_init,
        n_folds=espa.n_inner_folds,
        buffer_m=parameters.folds.buffer_m + widest_cell_m(cells),
        n_init_search=espa.n_init_search,
        random_seed=random_seed,
        device=espa.device,
    )


def _sites(training_table: DataFrame, cells: GeoDataFrame, grid: str, parameters: ModellingParameters) -> Samples:
    from entropice.learning.samples import Samples
    from entropice.learning.training_table import feature_columns

    places = training_table[["cell_id"]].merge(cells[["cell_id", "lon_deg", "lat_deg"]], on="cell_id", how="left")
    return Samples(
        training_table[feature_columns(training_table)],
        _coordinates_m(places),
        _blocks(training_table["cell_id"].to_numpy(), grid, parameters),
    )


def _coordinates_m(places: DataFrame) -> FloatArray:
    from entropice.learning.folds import equal_area_coordinates_m

    return equal_area_coordinates_m(places["lon_deg"].to_numpy(), places["lat_deg"].to_numpy())


def _blocks(cell_ids: CellIds, grid: str, parameters: ModellingParameters) -> CellIds:
    from entropice.dggs import parse_grid

    parsed = parse_grid(grid)
    return parsed.parents(cell_ids, parameters.folds.block_level.of(parsed.name))


def _block_series(frame: DataFrame, grid: str, parameters: ModellingParameters) -> Series:
    import pandas as pd

    cell_ids = frame["cell_id"].unique()
    return pd.Series(_blocks(cell_ids, grid, parameters), index=cell_ids)

"""Nodes of the modelling pipeline: what they do is written in the rooms they call."""

from typing import TYPE_CHECKING, Any

from entropice.pipelines.modelling.parameters import (
    BEST,
    DriverParameters,
    TuningParameters,
    tuned_candidates,
)
from entropice.pipelines.modelling.splitting import FoldParameters
from entropice.types import DataFrame, Dataset, FloatArray, GeoDataFrame

if TYPE_CHECKING:
    from entropice.io.arrays import Arrays
    from entropice.learning.samples import Samples
    from entropice.learning.tuning import Tuning
else:
    Arrays = Samples = Tuning = Any


def choose_features(features: Dataset, patterns: list[str]) -> Dataset:
    """Keep the features that the models may see."""
    from entropice.learning.feature_choice import choose_features as choose

    return choose(features, patterns)


def build_training_table(labels: DataFrame, model_features: Dataset) -> DataFrame:
    """Join what was observed with what the environment looked like; unobserved cells stay out."""
    from entropice.learning.training_table import build_training_table as build

    return build(labels, model_features)


def make_folds(
    training_table: DataFrame, cells: GeoDataFrame, grid: str, random_seed: int, splitting: FoldParameters
) -> DataFrame:
    """Deal cells into training and test by every configured scheme; each fold must train on some slumps."""
    import numpy as np

    from entropice.learning.folds import Ground
    from entropice.learning.folds.coordinates import widest_cell_m
    from entropice.learning.folds.table import make_folds as make
    from entropice.learning.folds.table import require_positives

    trained = cells[cells["cell_id"].isin(training_table["cell_id"])]
    cell_ids = trained["cell_id"].to_numpy()
    ground = Ground(
        cell_ids,
        splitting.blocks_of(cell_ids, grid),
        _coordinates_m(trained),
        map_coordinates_m=_coordinates_m(cells),
        years=np.unique(training_table["year"]),
        n_folds=splitting.n_folds,
        buffer_m=splitting.buffer_m + widest_cell_m(cells),
    )
    folds = make(ground, splitting.schemes, random_seed)
    require_positives(folds, training_table)
    return folds


def predict_out_of_fold(
    training_table: DataFrame,
    folds: DataFrame,
    cells: GeoDataFrame,
    grid: str,
    random_seed: int,
    splitting: FoldParameters,
    tuning: TuningParameters,
    models: list[str],
    n_classes: int,
) -> tuple[dict[str, dict[str, Any]], DataFrame]:
    """Fit class edges and every model on each fold's training rows alone; predict its test rows."""
    from entropice.learning.out_of_fold import predict_out_of_fold as predict

    _require_rows_for_boxes(folds, training_table, tuning)
    samples = samples_of(training_table, cells, grid, splitting)
    return predict(training_table, samples, folds, models, n_classes, tuning_of(cells, splitting, tuning, random_seed))


def _require_rows_for_boxes(folds: DataFrame, training_table: DataFrame, tuning: TuningParameters) -> None:
    """Raise LabelError where eSPA has more boxes than a fold has rows, before anything is fitted."""
    from entropice.learning.models.espa import with_boxes_for

    candidates = tuned_candidates(tuning.candidates).get("espa", [])
    trained = folds[folds["role"] == "train"].merge(training_table[["cell_id"]], on="cell_id")
    if candidates:
        with_boxes_for(candidates, int(trained.groupby(["scheme", "fold"]).size().min()))


def score(
    out_of_fold: DataFrame,
    cells: GeoDataFrame,
    grid: str,
    random_seed: int,
    splitting: FoldParameters,
    n_bootstrap: int,
) -> tuple[DataFrame, DataFrame]:
    """Score every model under every fold scheme, with an interval from a bootstrap of spatial blocks; and by fold."""
    from entropice.learning.scores import fold_score_table, score_table

    places = splitting.places_of(cells, grid)
    return score_table(out_of_fold, places, random_seed, n_bootstrap), fold_score_table(out_of_fold, places)


def choose_map_model(
    training_table: DataFrame,
    cells: GeoDataFrame,
    grid: str,
    random_seed: int,
    splitting: FoldParameters,
    tuning: TuningParameters,
    models: list[str],
    n_classes: int,
    map_model: str,
) -> dict[str, Any]:
    """Name the model behind the map: the one asked for, or the best in inner spatial folds and what it beat."""
    from entropice.learning.map_model import choose_best, statement

    if map_model != BEST:
        return statement(map_model)
    samples = samples_of(training_table, cells, grid, splitting)
    return choose_best(training_table, samples, models, n_classes, tuning_of(cells, splitting, tuning, random_seed))


def fit_model(
    training_table: DataFrame,
    map_model_choice: dict[str, Any],
    cells: GeoDataFrame,
    grid: str,
    random_seed: int,
    splitting: FoldParameters,
    tuning: TuningParameters,
    n_classes: int,
) -> tuple[dict[str, Any], Arrays]:
    """Fit class edges and the model behind the map on all observed rows."""
    from entropice.io.arrays import Arrays
    from entropice.learning.classes import fit_classes
    from entropice.learning.model_file import to_arrays
    from entropice.learning.models import MODELS

    fractions = training_table["rts_area_fraction"].to_numpy()
    classes = fit_classes(fractions, n_classes)
    samples, class_codes = samples_of(training_table, cells, grid, splitting), classes.assign(fractions)
    how, model = tuning_of(cells, splitting, tuning, random_seed), MODELS[map_model_choice["name"]]
    fitted = how.fit(model, how.inner_folds(samples, class_codes))
    arrays, metadata = to_arrays(model, fitted, samples, class_codes)
    return classes.to_json(), Arrays(dict(arrays), metadata | {"choice": map_model_choice})


def predict(
    map_model: Arrays,
    classes: dict[str, Any],
    model_features: Dataset,
    cells: GeoDataFrame,
    grid: str,
    splitting: FoldParameters,
    prediction_years: list[int],
) -> DataFrame:
    """Probability of every class, expected density and uncertainty for every cell and configured year."""
    from entropice.learning.classes import DensityClasses
    from entropice.learning.model_file import from_arrays
    from entropice.learning.prediction import predict_cells
    from entropice.learning.training_table import KEYS, feature_frame

    frame = feature_frame(model_features, prediction_years)
    model, fitted = from_arrays(map_model.arrays, map_model.metadata)
    samples = samples_of(frame, cells, grid, splitting)
    return predict_cells(model, fitted, DensityClasses.from_json(classes), frame[KEYS], samples)


def explain(
    map_model: Arrays,
    classes: dict[str, Any],
    training_table: DataFrame,
    model_features: Dataset,
    cells: GeoDataFrame,
    grid: str,
    random_seed: int,
    splitting: FoldParameters,
    listing: DriverParameters,
    prediction_years: list[int],
) -> tuple[DataFrame, DataFrame]:
    """Rank the features by the map model's weights beside a null of permuted labels; list what decides each cell."""
    from entropice.learning.classes import DensityClasses
    from entropice.learning.drivers import cell_drivers, global_drivers
    from entropice.learning.model_file import from_arrays
    from entropice.learning.training_table import feature_frame

    model, fitted = from_arrays(map_model.arrays, map_model.metadata)
    overall = global_drivers(
        model,
        fitted,
        samples_of(training_table, cells, grid, splitting),
        DensityClasses.from_json(classes).assign(training_table["rts_area_fraction"].to_numpy()),
        {str(name): feature.attrs["group"] for name, feature in model_features.data_vars.items()},
        listing.n_null_refits,
        random_seed,
    )
    frame = feature_frame(model_features, prediction_years)
    return overall, cell_drivers(model, fitted, frame, listing.n_cell_drivers)


def tuning_of(cells: GeoDataFrame, splitting: FoldParameters, tuning: TuningParameters, random_seed: int) -> Tuning:
    """How the configured models are tuned."""
    from entropice.learning.folds.coordinates import widest_cell_m
    from entropice.learning.tuning import Tuning

    return Tuning(
        candidates=tuned_candidates(tuning.candidates),
        n_folds=tuning.n_inner_folds,
        buffer_m=splitting.buffer_m + widest_cell_m(cells),
        random_seed=random_seed,
        device=tuning.device,
    )


def samples_of(frame: DataFrame, cells: GeoDataFrame, grid: str, splitting: FoldParameters) -> Samples:
    """What models may see of the rows of a feature frame or training table."""
    from entropice.learning.samples import Samples
    from entropice.learning.training_table import feature_columns

    seen = cells[cells["cell_id"].isin(frame["cell_id"])].set_index("cell_id")
    place = seen.index.get_indexer(frame["cell_id"])
    cell_ids = seen.index.to_numpy()
    return Samples(
        frame[feature_columns(frame)],
        _coordinates_m(seen)[place],
        splitting.blocks_of(cell_ids, grid)[place],
    )


def _coordinates_m(places: DataFrame) -> FloatArray:
    from entropice.learning.folds.coordinates import equal_area_coordinates_m

    return equal_area_coordinates_m(places["lon_deg"].to_numpy(), places["lat_deg"].to_numpy())

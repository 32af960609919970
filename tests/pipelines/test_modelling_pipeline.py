"""The modelling nodes on a small world of H3 cells, and the law that test labels touch nothing upstream."""

from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import xarray as xr
import yaml
from model_problems import GRIDS
from pydantic import ValidationError

from entropice.app.configuration.composition import VIRTUAL_WORLD
from entropice.crs import POLAR_CRS
from entropice.dggs import parse_grid
from entropice.errors import LabelError
from entropice.learning import samples
from entropice.learning.drivers.local import drivers_of_map
from entropice.learning.drivers.table import COLUMNS as DRIVER_COLUMNS
from entropice.learning.model_file import from_arrays
from entropice.learning.models import MODELS
from entropice.learning.scores import SCORES, score_table
from entropice.pipelines.modelling import nodes
from entropice.pipelines.modelling.parameters import ModellingParameters
from entropice.pipelines.modelling.pipeline import create_pipeline

GRID, SEED, YEARS = "h3_4", 3, [2021, 2022]
CONF = Path(__file__).parents[2] / "conf"
PARAMETERS = ModellingParameters.model_validate(
    {
        "features": ["*"],
        "n_classes": 4,
        "folds": {
            "schemes": ["spatial", "random"],
            "n_folds": 3,
            "buffer_m": 60_000.0,
            "block_level": {"h3": 2, "healpix": 4},
        },
        "tuning": {
            "n_inner_folds": 2,
            "device": "cpu",
            "candidates": {
                **GRIDS,
                "espa": {
                    "n_boxes": [4, 8],
                    "n_effective_features": 4.0,
                    "eps_class": [0.5, 1.0],
                    "prior_weight": 1e-4,
                    "n_init": 2,
                    "n_init_search": 1,
                },
            },
        },
        "models": list(MODELS),
        "n_bootstrap": 100,
        "n_refit_folds": 1,
        "doubts": {"n_members": 5},
        "drivers": {"n_folds": 2, "n_nulls": 3, "n_cell_drivers": 2},
        "prediction_years": [2021, 2022],
    }
)


SPLITTING, TUNING, LISTING, N_CLASSES = PARAMETERS.folds, PARAMETERS.tuning, PARAMETERS.drivers, PARAMETERS.n_classes
EXPLAINED = (GRID, SEED, SPLITTING, TUNING, LISTING, YEARS)
COMPARED = (SPLITTING, TUNING, list(PARAMETERS.models), N_CLASSES)


@pytest.fixture(scope="module")
def cells():
    grid = parse_grid(GRID)
    cell_ids = np.array(grid.cells_north_of(72.0).tolist(), dtype=np.uint64)
    lon_deg, lat_deg = grid.centres(cell_ids)
    is_near_180 = np.abs(lon_deg) > 140
    columns = {"cell_id": cell_ids, "lon_deg": lon_deg, "lat_deg": lat_deg, "area_m2": 1.77e9, "land_fraction": 0.96}
    places = gpd.GeoDataFrame(columns, geometry=grid.polygons(cell_ids), crs=POLAR_CRS)
    return places[is_near_180 & (lat_deg < 82)].reset_index(drop=True)


@pytest.fixture(scope="module")
def features(cells):
    random = np.random.default_rng(0)
    attributes = {"units": "1", "source": "made up", "statistic": "mean", "long_name": "made up"}
    shape = (len(cells), len(YEARS))
    return xr.Dataset(
        {
            "slope_mean_deg": ("cell", random.normal(size=shape[0]), attributes | {"group": "terrain"}),
            "elevation_mean_m": ("cell", random.normal(size=shape[0]), attributes | {"group": "terrain"}),
            "summer_precipitation_mm": (
                ("cell", "year"),
                random.normal(size=shape),
                attributes | {"group": "climate"},
            ),
        },
        coords={"cell_ids": ("cell", cells["cell_id"].to_numpy()), "year": YEARS},
    )


@pytest.fixture(scope="module")
def labels(cells, features):
    random = np.random.default_rng(1)
    rate = np.exp(1.5 * features["slope_mean_deg"].to_numpy()[:, None] - 1 + np.zeros((1, len(YEARS)))).ravel()
    count = random.poisson(rate)
    area_m2 = count * random.lognormal(9, 0.7, len(rate))
    is_observed = random.random(len(rate)) < 0.8
    state = np.where(is_observed, np.where(count > 0, "observed_with", "observed_without"), "unobserved")
    return pd.DataFrame(
        {
            "cell_id": np.repeat(cells["cell_id"].to_numpy(), len(YEARS)),
            "year": np.tile(YEARS, len(cells)),
            "observed_fraction": np.where(is_observed, 1.0, 0.2),
            "observed_land_area_m2": 1.7e9,
            "state": state,
            "rts_count": count,
            "rts_area_m2": area_m2,
            "rts_per_km2": count / 1700,
            "rts_area_fraction": np.where(is_observed, area_m2 / 1.7e9, np.nan),
        }
    )


@pytest.fixture(scope="module")
def table(labels, features):
    return nodes.build_training_table(labels, features, "all")


@pytest.fixture(scope="module")
def folds(table, cells):
    return nodes.make_folds(table, cells, GRID, SEED, SPLITTING)


def test_fewer_rows_than_boxes_are_refused_before_anything_is_fitted(table, folds, cells, features):
    wanted = PARAMETERS.model_dump(mode="json")
    wanted["tuning"]["candidates"]["espa"]["n_boxes"] = [5000, 9000]
    tuning = ModellingParameters.model_validate(wanted).tuning

    def predict(models):
        compared = (SPLITTING, tuning, models, N_CLASSES)
        return nodes.predict_out_of_fold(table, folds, features, cells, GRID, SEED, *compared, map_model="prevalence")

    with pytest.raises(LabelError, match="fewer training rows than boxes") as caught:
        predict(["prevalence", "logistic", "espa"])

    assert caught.value.field == "modelling.tuning.candidates.espa.n_boxes"
    assert "n_boxes [5000, 9000]" in caught.value.got
    assert set(predict(["prevalence"])[1]["model"]) == {"prevalence"}


@pytest.fixture(scope="module")
def predicted(table, folds, features, cells):
    return nodes.predict_out_of_fold(table, folds, features, cells, GRID, SEED, *COMPARED)


def fit(name, table, features, cells):
    return nodes.fit_model(table, features, cells, GRID, SEED, *COMPARED, name, YEARS)


def doubt(fitted, table, folds, predicted, features, cells):
    classes, model, _ = fitted
    return nodes.fit_doubts(
        model, classes, table, folds, predicted[1], features, cells, GRID, SEED, SPLITTING, PARAMETERS.doubts, 100
    )


@pytest.fixture(scope="module")
def fitted(table, features, cells):
    return fit("espa", table, features, cells)


def test_every_observed_row_is_predicted_once_by_every_model_and_scheme(table, predicted):
    fold_classes, out_of_fold = predicted
    assert list(fold_classes) == [f"{scheme}/{fold}" for scheme in ("spatial", "random") for fold in range(3)]
    assert list(out_of_fold.columns[:6]) == ["scheme", "fold", "model", "cell_id", "year", "class_"]
    keys = table[["cell_id", "year"]].to_numpy().tolist()
    for _, rows in out_of_fold.groupby(["scheme", "model"]):
        assert sorted(rows[["cell_id", "year"]].to_numpy().tolist()) == keys
    columns = [column for column in out_of_fold if column.startswith("p_")]
    assert columns == ["p_none", "p_few", "p_some", "p_many"]
    assert out_of_fold[columns].sum(axis=1).to_numpy() == pytest.approx(1.0)


def score(out_of_fold, table, folds, model, features, cells, splitting):
    how = (GRID, SEED, splitting, TUNING, N_CLASSES, YEARS, 100)
    return nodes.score(out_of_fold, table, folds, model, features, cells, *how)


def test_scores_cover_all_models_and_find_the_signal(predicted, table, folds, fitted, features, cells):
    scores, by_fold = score(predicted[1], table, folds, fitted[1], features, cells, SPLITTING)
    assert len(scores) == 2 * (len(MODELS) + 1) * len(SCORES)
    assert len(by_fold) == 3 * len(scores)
    auc = scores[(scores["score"] == "auc") & (scores["scheme"] == "spatial")].set_index("model")["value"]
    assert auc["espa"] > 0.65
    assert auc["logistic"] > 0.65
    assert auc["prevalence"] == 0.5


def test_the_map_skill_of_what_draws_the_map_is_that_of_the_map(table, features, cells):
    splitting = SPLITTING.model_copy(update={"schemes": ("spatial", "knndm")})
    folds = nodes.make_folds(table, cells, GRID, SEED, splitting)
    compared = (splitting, TUNING, ["prevalence", "logistic"], N_CLASSES)
    _, out_of_fold = nodes.predict_out_of_fold(table, folds, features, cells, GRID, SEED, *compared, "logistic")
    _, model, _ = nodes.fit_model(table, features, cells, GRID, SEED, *compared, "logistic", YEARS)
    scores, _ = score(out_of_fold, table, folds, model, features, cells, splitting)
    of_folds = score_table(out_of_fold, splitting.places_of(cells, GRID), SEED, 100)
    is_moved = (scores["value"] != of_folds["value"]) & scores["value"].notna()
    assert scores.loc[is_moved, ["scheme", "model", "score"]].to_numpy().tolist() == [["knndm", "logistic", "auc"]]
    assert np.abs(scores["value"] - of_folds["value"]).max() < 0.05


def test_permuting_test_labels_changes_nothing_upstream(table, folds, features, cells, predicted):
    """Edges and fitted models of a fold cannot know its test labels."""
    is_fold = (folds["scheme"] == "spatial") & (folds["fold"] == 1)
    one_fold = folds[is_fold]
    tested = one_fold.loc[one_fold["role"] != "train", "cell_id"]
    changed = table.copy()
    is_changed = changed["cell_id"].isin(tested)
    values = changed.loc[is_changed, "rts_area_fraction"].to_numpy()
    changed.loc[is_changed, "rts_area_fraction"] = np.random.default_rng(0).permutation(values)
    fold_classes, out_of_fold = nodes.predict_out_of_fold(changed, one_fold, features, cells, GRID, SEED, *COMPARED)
    before = predicted[1][(predicted[1]["scheme"] == "spatial") & (predicted[1]["fold"] == 1)].reset_index(drop=True)
    assert fold_classes == {"spatial/1": predicted[0]["spatial/1"]}
    assert not out_of_fold["class_"].equals(before["class_"])
    pd.testing.assert_frame_equal(out_of_fold.drop(columns="class_"), before.drop(columns="class_"), check_exact=True)


def test_the_same_seed_gives_the_same_bytes(table, folds, features, cells, predicted, fitted):
    again = nodes.predict_out_of_fold(table, folds, features, cells, GRID, SEED, *COMPARED)
    assert again[0] == predicted[0]
    pd.testing.assert_frame_equal(again[1], predicted[1], check_exact=True)
    _, model, _ = fit("espa", table, features, cells)
    assert all(model.arrays[name].tobytes() == values.tobytes() for name, values in fitted[1].arrays.items())


def test_predictions_doubts_and_drivers_reach_every_cell_and_year(table, folds, predicted, cells, features, fitted):
    classes, model, _ = fitted
    doubts, regional = doubt(fitted, table, folds, predicted, features, cells)
    assert regional["n_cell_years"].sum() == len(table)
    predictions = nodes.predict(model, classes, doubts, features, cells, GRID, SPLITTING, YEARS)
    assert len(predictions) == len(cells) * len(YEARS)
    assert predictions.drop(columns="not_applicable_because").notna().all(axis=None)
    assert (predictions["p_any_low"] <= predictions["p_any"]).all()
    assert (predictions["p_any"] <= predictions["p_any_high"]).all()
    drivers, cell_drivers = nodes.explain(model, classes, table, features, cells, *EXPLAINED)
    groups = drivers[drivers["level"] == "group"]
    assert set(" ".join(groups["features"]).split()) == set(features.data_vars)
    assert set(drivers["group"]) == {"terrain", "climate"}
    assert len(cell_drivers) == 2 * len(predictions)


@pytest.mark.parametrize("name", ["espa", "ordinal_ridge"])
def test_a_map_in_blocks_of_any_size_is_the_map_at_once(
    name, table, folds, predicted, cells, features, monkeypatch, caplog
):
    unknown = features.copy(deep=True)
    for lacking, rows in (("summer_precipitation_mm", slice(3, 50)), ("slope_mean_deg", slice(40, 60))):
        unknown[lacking][rows] = np.nan
    unknown["elevation_mean_m"][40:60] = np.nan
    fitted = fit(name, table, unknown, cells)
    doubts, _ = doubt(fitted, table, folds, predicted, unknown, cells)
    main = from_arrays(fitted[1].arrays, fitted[1].metadata).main
    monkeypatch.setattr(samples, "ROWS_PER_PIECE", 16)

    def made(cells_per_block):
        monkeypatch.setattr(samples, "CELLS_PER_BLOCK", cells_per_block)
        predictions = nodes.predict(fitted[1], fitted[0], doubts, unknown, cells, GRID, SPLITTING, YEARS)
        blocks = nodes.map_blocks(main.feature_names, unknown, cells, GRID, SPLITTING, YEARS)
        return predictions, drivers_of_map(main, blocks, 2)

    at_once = made(len(cells))
    n_unpredicted = int(at_once[0]["p_any"].isna().sum())
    assert n_unpredicted == 10 * len(YEARS)
    for cells_per_block in (16, 48, 128):
        caplog.clear()
        for whole, in_blocks in zip(at_once, made(cells_per_block), strict=True):
            pd.testing.assert_frame_equal(in_blocks, whole, check_exact=True)
        told = [each.getMessage() for each in caplog.records if "too little" in each.getMessage()]
        assert told == [f"{n_unpredicted} of {len(at_once[0])} cells and years know too little: no prediction."]


def test_a_named_map_model_is_stated_without_a_comparison(fitted):
    assert fitted[2] == {"name": "espa", "title": "eSPA", "chosen": None}


def test_the_best_map_model_is_fitted_told_in_its_file_and_draws_the_map(table, folds, predicted, cells, features):
    """Whichever it is, the statement in the file is that of the choice, and predictions reach every cell and year."""
    classes, model, choice = fit("best", table, features, cells)
    assert choice["name"] == "best"
    parts = [part["name"] for part in choice["chosen"]["parts"]]
    assert {parts[0], *(each["name"] for each in choice["chosen"]["beaten"])} == set(MODELS)
    assert ([part["model"] for part in model.metadata["parts"]], model.metadata["choice"]) == (parts, choice)
    doubts, _ = doubt((classes, model, choice), table, folds, predicted, features, cells)
    predictions = nodes.predict(model, classes, doubts, features, cells, GRID, SPLITTING, YEARS)
    assert len(predictions) == len(cells) * len(YEARS)


@pytest.mark.parametrize("name", MODELS)
def test_any_model_can_draw_the_map(name, table, folds, predicted, cells, features):
    classes, model, choice = fit(name, table, features, cells)
    doubts, _ = doubt((classes, model, choice), table, folds, predicted, features, cells)
    predictions = nodes.predict(model, classes, doubts, features, cells, GRID, SPLITTING, YEARS)
    assert predictions.drop(columns="not_applicable_because").notna().all(axis=None)
    assert ("box" in predictions) == (name == "espa")
    drivers, cell_drivers = nodes.explain(model, classes, table, features, cells, *EXPLAINED)
    assert list(drivers.columns) == list(DRIVER_COLUMNS)
    assert list(cell_drivers.columns) == ["cell_id", "year", "rank", "feature", "share", "contribution"]
    assert drivers.empty == (name in ("knn_coordinates", "latitude", "prevalence"))
    assert len(cell_drivers) == (0 if MODELS[name].contributions is None else 2 * len(predictions))
    described = (model, classes, doubts, drivers, table, features, cells, GRID, SPLITTING, YEARS)
    responses, boxes, box_values = nodes.describe_model(*described)
    assert set(responses["feature"]) == set(drivers.loc[drivers["level"] == "cluster", "feature"])
    assert (responses["low_90"] <= responses["high_90"]).all()
    if name != "espa":
        assert boxes.empty
        assert box_values.empty
    else:
        assert boxes[["share_of_training_rows", "share_of_land"]].sum().to_numpy() == pytest.approx(1)
        assert set(box_values["box"]) == set(boxes["box"])
        assert set(predictions["box"]) <= set(boxes["box"])


def test_a_fold_without_positives_names_the_fold_and_the_fix(table, folds, features, cells):
    with pytest.raises(LabelError, match="fix: use fewer folds") as caught:
        nodes.predict_out_of_fold(table.assign(rts_area_fraction=0.0), folds, features, cells, GRID, SEED, *COMPARED)
    assert "spatial/0" in caught.value.__notes__[0]


@pytest.mark.parametrize(("fraction", "lacking"), [(0.0, "with"), (1e-5, "without")])
def test_folds_that_train_on_one_kind_of_rows_are_refused_before_anything_is_fitted(table, cells, fraction, lacking):
    with pytest.raises(LabelError, match=f"Some folds train on no row {lacking} slumps"):
        nodes.make_folds(table.assign(rts_area_fraction=fraction), cells, GRID, SEED, SPLITTING)


def test_a_feature_that_no_row_knows_is_left_out_with_a_message(labels, features, folds, cells, caplog):
    unknown = features.assign(slope_mean_deg=features["slope_mean_deg"] * np.nan)
    table = nodes.build_training_table(labels, unknown, "all")
    compared = (SPLITTING, TUNING, ["logistic", "prevalence"], N_CLASSES)
    _, out_of_fold = nodes.predict_out_of_fold(
        table, folds, unknown, cells, GRID, SEED, *compared, map_model="logistic"
    )
    assert "No training row knows slope_mean_deg: left out." in caplog.text
    assert out_of_fold.filter(like="p_").notna().all(axis=None)


def test_the_pipeline_reads_and_makes_what_the_house_says():
    pipeline = create_pipeline(VIRTUAL_WORLD)
    assert pipeline.inputs() == {
        *("labels", "features", "cells"),
        *("params:grid", "params:random_seed"),
        *(f"params:modelling.{name}" for name in ModellingParameters.model_fields),
    }
    assert pipeline.all_outputs() == {
        *("training_table", "folds", "fold_classes", "out_of_fold", "scores", "fold_scores"),
        *("leaks", "doubts_model", "regional_calibration"),
        *("classes", "map_model_choice", "map_model", "predictions", "drivers", "cell_drivers"),
        *("responses", "boxes", "box_values"),
    }
    catalog = yaml.safe_load((CONF / "base" / "modelling" / "catalog.yml").read_text(encoding="utf-8"))
    assert set(catalog) == pipeline.all_outputs()


@pytest.mark.parametrize("environment", ["base", "sample"])
def test_configured_parameters_are_valid(environment):
    text = (CONF / environment / "modelling" / "parameters.yml").read_text(encoding="utf-8")
    ModellingParameters.model_validate(yaml.safe_load(text)["modelling"])


@pytest.mark.parametrize(
    "change",
    [
        {"n_classes": 5},
        {"features": []},
        {"models": ["espa"]},
        {"models": [*MODELS, "espa"]},
        {"prediction_years": [2022, 2021]},
        {"n_clases": 4},
        {"n_bootstrap": "many"},
        {"folds": {"schemes": ["spatial", "nearest"]}},
        {"folds": {"schemes": ["knndm", "random"]}},
        {"folds": {"schemes": ["spatial", "spatial"]}},
    ],
    ids=str,
)
def test_wrong_parameters_are_refused(change):
    with pytest.raises(ValidationError):
        ModellingParameters.model_validate(PARAMETERS.model_dump() | change)

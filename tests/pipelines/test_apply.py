"""A finished run's model is applied without training: the same where it was trained, with doubts elsewhere."""

import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from kedro.io import DatasetError
from portable_models import GRID, YEARS, cells_between, cube_on, finished_run, run_folder

from entropice.app.configuration.composition import VIRTUAL_WORLD
from entropice.errors import FeatureError
from entropice.io import AppliedMapDataset, ModelOfRunDataset
from entropice.learning.application import OUTSIDE
from entropice.learning.portable import is_outside, unpack
from entropice.pipelines.apply.nodes import apply_model
from entropice.pipelines.apply.parameters import ApplyParameters
from entropice.pipelines.apply.pipeline import create_pipeline
from entropice.sha256 import sha256_of

EVERY_YEAR = ApplyParameters()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return run_folder(tmp_path_factory.mktemp("runs") / "run")


@pytest.fixture(scope="module")
def stored(folder):
    return ModelOfRunDataset(filepath=str(folder)).load()


@pytest.fixture(scope="module")
def model(stored):
    return unpack(stored.files.arrays, stored.files.document, stored.path)


@pytest.fixture(scope="module")
def elsewhere():
    return cells_between(60.0, 80.0)


@pytest.fixture(scope="module")
def cube(elsewhere):
    """Another year and another order of the features, one of them beyond all training rows in the first ten cells."""
    made = cube_on(elsewhere, [2030], seed=7)
    made["slope_mean_deg"][:10] = 50.0
    made["unheard_of"] = made["slope_mean_deg"].copy()
    return made[list(reversed(list(made.data_vars)))]


@pytest.fixture(scope="module")
def applied(stored, cube, elsewhere):
    return apply_model(stored, cube, elsewhere, GRID, EVERY_YEAR)


def test_applied_to_its_own_cells_it_says_the_same_bit_for_bit(stored):
    run = finished_run()

    predictions, _, _ = apply_model(stored, run.features, run.cells, GRID, EVERY_YEAR)

    pd.testing.assert_frame_equal(predictions.drop(columns=OUTSIDE), run.predictions(), check_exact=True)
    observed = predictions.merge(run.table[["cell_id", "year"]])
    assert len(observed) == len(run.table)
    assert (observed[OUTSIDE] == 0).all()


def test_cells_of_another_region_and_year_are_predicted_with_doubts(applied, elsewhere):
    predictions, _, _ = applied
    columns = ["p_none", "p_few", "p_some", "p_many"]

    assert predictions["cell_id"].tolist() == elsewhere["cell_id"].tolist()
    assert (predictions["year"] == 2030).all()
    assert predictions[columns].sum(axis=1).to_numpy() == pytest.approx(1.0)
    assert not predictions["is_applicable"].any(), "all of them are more than 600 km away"
    assert predictions["not_applicable_because"].str.contains("far").all()


def test_features_beyond_the_training_rows_are_counted(applied, cube, model):
    predictions, _, checks = applied
    table = finished_run().table
    by_hand = sum(
        ((cube[name].squeeze() < table[name].min()) | (cube[name].squeeze() > table[name].max())).to_numpy().astype(int)
        for name in model.feature_names
    )

    assert predictions[OUTSIDE].tolist() == by_hand.tolist()
    assert (predictions[OUTSIDE][:10] >= 1).all()
    slope = next(feature for feature in checks["features"] if feature["name"] == "slope_mean_deg")
    assert slope["share_outside_range"] >= 10 / len(predictions)
    assert slope["maximum_here"] == 50.0
    assert slope["maximum"] == table["slope_mean_deg"].max()
    assert checks["share_with_features_outside_range"] == (predictions[OUTSIDE] > 0).mean()


def test_a_feature_group_that_is_unknown_there_is_told(stored, cube, elsewhere):
    unknown = cube.assign(precipitation_mm=cube["precipitation_mm"] * np.nan)

    predictions, _, checks = apply_model(stored, unknown, elsewhere, GRID, EVERY_YEAR)

    assert checks["share_unknown_by_group"] == {"climate": 1.0, "terrain": 0.0}
    assert predictions["not_applicable_because"].str.contains("unknown: climate").all()
    assert predictions["p_any"].notna().all(), "a fit without the climate predicts"
    climate = next(feature for feature in checks["features"] if feature["name"] == "precipitation_mm")
    assert (climate["minimum_here"], climate["share_unknown"], climate["share_outside_range"]) == (None, 1.0, 0.0)


def test_another_source_of_a_feature_and_other_years_are_told(stored, cube, elsewhere, caplog):
    other = cube.assign(precipitation_mm=cube["precipitation_mm"].assign_attrs(source="ERA5-Land", years="y-1"))

    _, _, checks = apply_model(stored, other, elsewhere, GRID, EVERY_YEAR)

    climate = next(feature for feature in checks["features"] if feature["name"] == "precipitation_mm")
    assert (climate["source"], climate["source_here"]) == ("ERA5", "ERA5-Land")
    assert (climate["years"], climate["years_here"]) == ("y", "y-1")
    assert "1 features" in caplog.text
    assert "precipitation_mm: ERA5-Land, not ERA5" in caplog.text


def test_a_known_value_of_a_feature_that_no_training_row_knows_lies_outside(stored):
    document = dict(stored.files.document)
    features = {name: dict(feature) for name, feature in document["features"].items()}
    features["slope_mean_deg"] |= {"minimum": None, "maximum": None}
    model = unpack(stored.files.arrays, document | {"features": features}, stored.path)
    rows = pd.DataFrame({name: [0.0, np.nan] for name in model.feature_names})

    assert is_outside(model, rows)["slope_mean_deg"].tolist() == [True, False]


def test_years_may_be_chosen(stored):
    run = finished_run()

    predictions, _, checks = apply_model(stored, run.features, run.cells, GRID, ApplyParameters(years=(2022,)))

    assert set(predictions["year"]) == {2022}
    assert (checks["years"], checks["trained_on_years"]) == ([2022], YEARS)
    with pytest.raises(FeatureError, match="year"):
        apply_model(stored, run.features, run.cells, GRID, ApplyParameters(years=(1999,)))


def test_the_map_holds_every_prediction_and_its_style(applied, tmp_path):
    predictions, made, _ = applied
    first, second = (AppliedMapDataset(filepath=str(tmp_path / name / "applied")) for name in ("a", "b"))
    for dataset in (first, second):
        dataset.save(made)

    cells = first.load()

    names = ["manifest.json", "model.json", "model.npz", "run.gpkg"]
    assert sorted(file.name for file in first.path.iterdir()) == names
    assert all((first.path / name).read_bytes() == (second.path / name).read_bytes() for name in names)
    assert cells.crs.to_epsg() == 3413
    assert cells["cell_id"].tolist() == predictions["cell_id"].tolist()
    assert cells["p_any_rts_2030"].to_numpy() == pytest.approx(predictions["p_any"].to_numpy())
    assert cells["n_features_outside_range_2030"].tolist() == predictions[OUTSIDE].tolist()
    assert (cells["applicability_2030"] == "outside").all()
    assert b"layer_styles" in (first.path / "run.gpkg").read_bytes()


def test_the_same_run_gives_the_same_bytes(folder, tmp_path):
    again = run_folder(tmp_path / "run")

    assert [(again / name).read_bytes() == (folder / name).read_bytes() for name in ("model.npz", "model.json")] == [
        True,
        True,
    ]


def test_content_is_that_of_the_model_wherever_it_lies(folder, tmp_path):
    copy = shutil.copytree(folder, tmp_path / "copy")
    dataset, other = (ModelOfRunDataset(filepath=str(path)) for path in (folder, copy))
    assert dataset.content_sha256(sha256_of) == other.content_sha256(sha256_of)

    (copy / "model.json").write_text("{}")

    assert dataset.content_sha256(sha256_of) != other.content_sha256(sha256_of)
    (copy / "model.json").unlink()
    assert other.content_sha256(sha256_of) is None


def test_a_runs_model_is_never_written(stored, tmp_path):
    with pytest.raises(DatasetError, match="read-only"):
        ModelOfRunDataset(filepath=str(tmp_path / "run")).save(stored)
    assert not (tmp_path / "run").exists()


def test_it_needs_no_labels():
    pipeline = create_pipeline(VIRTUAL_WORLD)

    assert {name for name in pipeline.inputs() if not name.startswith("params:")} == {
        "applied_model",
        "features",
        "cells",
    }

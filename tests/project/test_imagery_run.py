"""Slumps from imagery on top of a finished run, at the smallest size."""

import json
import shutil
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
from project_copy import kedro

ENVIRONMENT = "small_imagery"
CELLS = """
labels:
  years: [2022, 2023]
  min_observed_fraction: 0.00001
  segmented: {columns: {year: year, id: null, probability: probability}}
"""
BANDS = ["red", "green", "blue", "nir", "relative_elevation"]


@pytest.fixture(scope="module")
def imaged_project(finished_project: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project in which `kedro run --env slump_imagery` has completed on top of the small world."""
    project = Path(shutil.copytree(finished_project, tmp_path_factory.mktemp("imaged") / "project"))
    environment = project / "conf" / ENVIRONMENT
    shutil.copytree(project / "conf" / "slump_imagery", environment)
    for section in ("virtual_arctic", "features", "modelling", "reporting"):
        shutil.copytree(project / "conf" / "test" / section, environment / section)
    (environment / "cells" / "parameters.yml").write_text(CELLS)
    parameters = environment / "parameters.yml"
    parameters.write_text(parameters.read_text().replace("years: [2021, 2023]", "years: [2022, 2023]"))
    (environment / "globals.yml").write_text(
        "grid: h3_4\nwork_root: data/small_imagery\nbase_root: data/test\nsize: tiny\n"
    )
    result = kedro(project, "run", "--env", ENVIRONMENT)
    assert result.returncode == 0, result.stdout[-3000:] + result.stderr[-3000:]
    return project


@pytest.fixture(scope="module")
def results(imaged_project: Path) -> Path:
    return imaged_project / "data/small_imagery/h3_4/tiny"


def test_splits_share_no_block_and_each_has_something_to_find(results: Path) -> None:
    splits = pd.read_parquet(results / "05_model_input/slumps_splits.parquet")
    used = splits[splits["split"].isin(["train", "validation", "test"])]

    assert len(used[["block", "split"]].drop_duplicates()) == used["block"].nunique()
    assert (used.groupby("split")["n_positive"].max() > 0).all()


def test_the_network_is_one_file_with_its_log_and_what_it_was_trained_with(results: Path) -> None:
    folder = results / "06_models/slumps_network"
    log = pd.read_csv(folder / "training_log.csv")
    record = json.loads((folder / "record.json").read_text())

    assert log["epoch"].tolist() == [1, 2, 3, 4, 5, 6]
    assert log["train_loss"].iloc[-1] < log["train_loss"].iloc[0]
    assert log["val_500_pr_auc"].notna().tolist() == [False, False, True, False, False, True]
    assert record["encoder_weights"] == "imagenet_lite0"
    assert record["made_with"]["n_threads"] == 1
    assert (folder / "best_model.pth").stat().st_size > 10_000_000


def test_statistics_are_those_of_the_bands_that_are_seen(results: Path) -> None:
    document = json.loads((results / "05_model_input/slumps_statistics.json").read_text())

    assert document["bands"] == BANDS
    assert len(document["rgb"]["mean"]) == 3


def test_network_and_rivals_are_scored_at_every_ratio_with_intervals_and_paired_leads(results: Path) -> None:
    scores = pd.read_parquet(results / "07_model_output/slumps_image_scores.parquet")
    own = scores[scores["compared_with"].isna()]

    assert set(own["model"]) == {"network", "pixel_logistic", "pixel_boosting"}
    assert set(scores["ratio"]) == {200.0, 500.0, 1000.0}
    pr_auc = own[own["score"] == "pr_auc"]
    assert ((pr_auc["low_95"] <= pr_auc["value"] + 1e-9) & (pr_auc["value"] <= pr_auc["high_95"] + 1e-9)).all()
    assert pr_auc["value"].between(0, 1).all()
    assert set(scores["compared_with"].dropna()) == {"pixel_logistic", "pixel_boosting"}


def test_where_to_look_is_said_before_anything_is_looked_at(results: Path) -> None:
    gate = json.loads((results / "07_model_output/slumps_gate.json").read_text())
    tiles = pd.read_parquet(results / "07_model_output/slumps_chosen_tiles.parquet")

    assert gate["missed_share"] <= gate["bound"]
    assert 0 <= gate["land_saved"] < 1
    assert len(tiles) == 12
    assert sorted(tiles["is_best"].value_counts()) == [2, 10]
    assert (tiles.loc[tiles["is_best"]].groupby("cell_id").size() <= 2).all()


def test_what_was_found_has_chances_and_returns_to_the_cells(results: Path) -> None:
    tiles = gpd.read_parquet(results / "07_model_output/slumps_imaged_tiles.parquet")
    outlines = gpd.read_parquet(results / "07_model_output/slumps_outlines.parquet")
    finds = pd.read_parquet(results / "07_model_output/slumps_cell_finds.parquet").set_index("cell_id")
    labels = pd.read_parquet(results / "03_primary/labels.parquet")

    assert set(tiles["year"]) == {2022, 2023}
    assert len(tiles) == 2 * 12
    assert outlines["p"].between(0, 1).all()
    imaged = tiles[tiles["seen_area_m2"] > 0]["cell_id"].unique()
    assert set(finds.index[finds["n_tiles"] > 0]) == set(imaged)
    assert finds["found"].isna().equals(finds["n_tiles"] == 0)
    observed = labels[(labels["year"] == 2023) & (labels["state"] != "unobserved")]
    assert set(imaged) <= set(observed["cell_id"])


def test_the_cells_are_predicted_again_and_the_run_folder_holds_what_images_have_shown(results: Path) -> None:
    run = results / "08_reporting/run"
    manifest = json.loads((run / "manifest.json").read_text())
    layers = set(gpd.list_layers(run / "run.gpkg")["name"])

    assert [task["name"] for task in manifest["tasks"]] == ["slumps"]
    assert {"cells", "slumps_outlines", "slumps_tiles"} <= layers
    assert "Slumps in images" in (run / "report.html").read_text(encoding="utf-8")


def test_a_second_run_has_nothing_to_do(imaged_project: Path) -> None:
    again = kedro(imaged_project, "run", "--env", ENVIRONMENT)

    assert again.returncode == 0, again.stderr
    assert "40 of 40 steps are up to date" in again.stdout + again.stderr


def test_without_the_run_that_it_builds_on_its_command_is_named(imaged_project: Path) -> None:
    missing = kedro(imaged_project, "run", "--env", "slump_imagery")

    assert missing.returncode == 1
    assert "fix: kedro run" in missing.stdout + missing.stderr

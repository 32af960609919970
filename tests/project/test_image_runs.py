"""Tasks of imagery without cells: sea ice and human modification at their smallest size, from scenes to report."""

import json
from pathlib import Path

import pandas as pd
import pytest
import rasterio
import yaml
from killed_runs import damaged, killed_at, records
from project_copy import copy_project, kedro, kedro_command

TINY = ("--params", "size=tiny")
ENDS = {"task_scores": "07_model_output", "map_layers": "08_reporting", "panel": "08_reporting"}
KILLED_AFTER = (3, 7, 10)
"""Outputs after which runs are killed: while a network learns, and before and after it."""


def run(project: Path, environment: str) -> Path:
    """Results of a run that has completed."""
    result = kedro(project, "run", "--env", environment, *TINY)
    assert result.returncode == 0, result.stdout[-3000:] + result.stderr[-3000:]
    (results,) = (project / "data" / environment).glob("h3_*/tiny")
    return results


@pytest.fixture(scope="module")
def modification(project_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Results of human modification."""
    return run(copy_project(project_path, tmp_path_factory.mktemp("modification") / "project"), "human_modification")


def test_forecasts_are_scored_beside_rivals_and_what_can_be_known(modification: Path) -> None:
    scores = pd.read_parquet(modification / "07_model_output/modification_task_scores.parquet")
    own = scores[scores["compared_with"].isna() & (scores["score"] == "mae")]

    models = {"network", "persistence", "linear_trend", "neighbour_growth", "ceiling", "ceiling_mean"}
    assert set(own["model"]) == models
    assert {"space", "time"} <= set(own["part"])
    by_horizon = own.pivot_table(index="model", columns=["part", "horizon"], values="value")
    assert (by_horizon.loc["ceiling"] < by_horizon.loc["persistence"]).all()
    assert own["n"].gt(0).all()


def test_the_last_step_is_the_target_of_no_training(modification: Path) -> None:
    splits = pd.read_parquet(modification / "05_model_input/modification_splits.parquet")
    tiles = pd.read_parquet(modification / "03_primary/modification_tiles.parquet").set_index("key")
    n_frames_in, last_step = 3, 6
    step = splits["key"].map(tiles["first"]) + n_frames_in + splits["horizon"] - 1
    assert set(splits.loc[step == last_step, "split"]) <= {"time", "both", "buffer", "unused"}


def test_the_run_folder_says_what_it_holds_and_its_layers_can_be_read(modification: Path) -> None:
    folder = modification / "08_reporting/run"
    manifest = json.loads((folder / "manifest.json").read_text())

    assert manifest["schema"] == "entropice-images/1"
    assert [task["name"] for task in manifest["tasks"]] == ["modification"]
    horizons = [layer for layer in manifest["layers"] if layer["begins"] is not None]
    assert len(horizons) == 4
    for layer in horizons:
        with rasterio.open(folder / layer["file"]) as raster:
            assert raster.crs.to_epsg() == 3413
            assert 0 <= raster.read(1, masked=True).min() <= raster.read(1, masked=True).max() <= 10_000
    assert "mean absolute error" in (folder / "model_cards/modification.md").read_text().lower()


@pytest.mark.slow
def test_four_tasks_of_sea_ice_end_in_one_folder(project_path: Path, tmp_path: Path) -> None:
    results = run(copy_project(project_path, tmp_path / "project"), "sea_ice")

    composition = yaml.safe_load((project_path / "conf/sea_ice/composition.yml").read_text())
    manifest = json.loads((results / "08_reporting/run/manifest.json").read_text())
    assert [task["name"] for task in manifest["tasks"]] == list(composition["tasks"])
    for task in composition["tasks"]:
        assert all(list((results / folder).glob(f"{task}_{name}*")) for name, folder in ENDS.items())


@pytest.mark.slow
def test_lakes_end_in_an_inventory_and_in_the_files_of_the_card(project_path: Path, tmp_path: Path) -> None:
    project = copy_project(project_path, tmp_path / "project")
    results = run(project, "glacial_lakes")
    exported = kedro(project, "run", "--env", "glacial_lakes", *TINY, "--pipelines", "exporting")

    assert exported.returncode == 0, exported.stdout[-3000:] + exported.stderr[-3000:]
    inventory = pd.read_parquet(results / "07_model_output/lakes_inventory.parquet")
    assert len(inventory) > 0
    assert (inventory["area_low_90_m2"] <= inventory["area_m2"]).all()
    assert (inventory["area_m2"] <= inventory["area_high_90_m2"]).all()
    scores = pd.read_parquet(results / "07_model_output/lakes_audited_scores.parquet")
    assert set(scores["labels"]) == {"raw", "corrected"}
    assert list(results.glob("08_reporting/run/layers/*_inventory.gpkg"))
    assert list((results / "08_reporting/exported").rglob("checkpoints/soup.ckpt"))


@pytest.mark.slow
@pytest.mark.parametrize("environment", ["sea_ice", "human_modification", "glacial_lakes"])
def test_a_killed_run_goes_on_to_the_bytes_of_an_unbroken_one(
    project_path: Path, tmp_path: Path, environment: str
) -> None:
    whole, killed = (copy_project(project_path, tmp_path / name / "project") for name in ("whole", "killed"))
    run(whole, environment)
    for n_records in KILLED_AFTER:
        killed_at(killed, kedro_command("run", "--env", environment, *TINY), n_records, pause_s=0.5)
        assert damaged(killed) == []
    run(killed, environment)

    assert records(killed) == records(whole)

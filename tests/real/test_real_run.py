"""The sample environment takes real files the whole way, and says that it is only a check."""

import json
import os
from pathlib import Path

import pandas as pd
import pytest
from project_copy import copy_project, kedro


@pytest.fixture(scope="module")
def sample_project(project_path: Path, shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    project = copy_project(project_path, tmp_path_factory.mktemp("sample") / "project")
    data_root = os.path.relpath(shared_data, project)
    result = kedro(project, "run", "--env", "sample", "--params", f"data_root={data_root}")
    assert result.returncode == 0, result.stdout[-3000:] + result.stderr[-3000:]
    return project


@pytest.fixture(scope="module")
def manifest(sample_project: Path) -> dict:
    return json.loads((sample_project / "data/sample/h3_4/08_reporting/run/manifest.json").read_text())


def test_it_is_named_a_plumbing_check_everywhere(sample_project: Path, manifest: dict) -> None:
    report = (sample_project / "data/sample/h3_4/08_reporting/run/report.html").read_text()

    assert manifest["purpose"] == "plumbing check"
    assert "claims no skill" in manifest["notice"]
    assert manifest["notice"].split(".")[0] in report
    assert all("check" in layer["title"].lower() for layer in manifest["layers"] if layer["year"])


def test_features_are_named_for_what_they_are(manifest: dict) -> None:
    names = {feature["name"] for feature in manifest["features"]}

    assert {"t_850_mean_k", "t_500_mean_k"} <= names
    assert not [name for name in names if "degree_days" in name or "summer" in name]


def test_one_pooled_period_and_two_classes(manifest: dict) -> None:
    assert len(manifest["years"]) == 1
    assert manifest["classes"]["names"] == ["none", "some"]


def test_observed_land_lies_in_the_survey_areas_alone(sample_project: Path) -> None:
    labels = pd.read_parquet(sample_project / "data/sample/h3_4/03_primary/labels.parquet")
    states = labels["state"].value_counts()

    assert states["unobserved"] > 100 * (states["observed_with"] + states["observed_without"])
    assert labels.loc[labels["state"] == "unobserved", "rts_per_km2"].isna().all()


def test_every_real_input_is_recorded_by_its_hash(manifest: dict) -> None:
    files = {item["path"].rsplit("/", 1)[-1] for item in manifest["inputs"]}

    assert {
        "ARTS_main_dataset_2024-04-08.geojson",
        "DARTS_NitzeEtAl_v1_coverage_2018_2023_union.parquet",
        "era5-levels-members.grib",
        "naturalearth_lowres.shp",
        "naturalearth_lowres.dbf",
    } <= files


def test_nothing_is_written_beside_the_given_files(sample_project: Path, shared_data: Path) -> None:
    assert [p for p in shared_data.rglob("*") if p.suffix in {".idx", ".sha256", ".aux.xml"}] == []

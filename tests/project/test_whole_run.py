"""What a user has after one `kedro run`."""

import json
from pathlib import Path

import pytest
from project_copy import kedro

from entropice.app.configuration.composition import VIRTUAL_WORLD, compose
from entropice.sha256 import sha256_of


@pytest.fixture(scope="module")
def run_folder(finished_project: Path) -> Path:
    return finished_project / "data/test/h3_4/08_reporting/run"


@pytest.fixture(scope="module")
def manifest(run_folder: Path) -> dict:
    return json.loads((run_folder / "manifest.json").read_text())


def test_the_run_folder_is_whole(run_folder: Path, manifest: dict) -> None:
    listed = {item["name"]: item["sha256"] for item in manifest["files"]}
    found = {p.name: sha256_of(p) for p in run_folder.iterdir() if p.name != "manifest.json"}

    assert {"run.gpkg", "report.html"} <= set(listed)
    assert found == listed


def test_the_manifest_says_where_everything_came_from(manifest: dict) -> None:
    pipelines = compose(VIRTUAL_WORLD)
    world = pipelines["virtual_arctic"].all_outputs()
    read = {name for name in VIRTUAL_WORLD.pipelines for name in pipelines[name].inputs()}
    inputs = {item["dataset"] for item in manifest["inputs"]}

    assert inputs == (world & read) - {"truth"}, "every source file, and nothing that was made of them"
    assert "embedding_files" in inputs
    assert {"cells", "labels", "features", "predictions"} <= {item["dataset"] for item in manifest["intermediates"]}
    assert all(len(item["sha256"]) == 64 for item in manifest["inputs"] + manifest["intermediates"])
    assert manifest["parameters"]["random_seed"] == 0
    assert manifest["versions"]["python"]


def test_the_manifest_lists_every_file_of_the_inputs(manifest: dict, finished_project: Path) -> None:
    raw = finished_project / "data/test/01_raw"
    made = {"world.zarr", "truth.zarr"}
    files = {file for file in raw.rglob("*") if file.is_file() and file.suffix != ".sha256"}
    expected = {sha256_of(file) for file in files if not made & {part.name for part in file.parents}}

    assert {item["sha256"] for item in manifest["inputs"]} == expected


def test_nothing_of_this_machine_is_in_the_run_folder(run_folder: Path, finished_project: Path) -> None:
    root = str(finished_project).encode()

    assert [p.name for p in run_folder.rglob("*") if p.is_file() and root in p.read_bytes()] == []


def test_a_second_run_gives_the_same_bytes(finished_project: Path, killed_project: Path) -> None:
    record = "data/test/h3_4/08_reporting/run.sha256"
    assert (killed_project / record).read_text() == (finished_project / record).read_text()


def test_the_run_says_how_to_open_its_results(finished_project: Path) -> None:
    result = kedro(finished_project, "run", "--env", "test", "--nodes", "reporting.assemble_run")

    assert result.returncode == 0, result.stderr[-3000:]
    for name in ("run.gpkg", "report.html", "manifest.json"):
        assert f"data/test/h3_4/08_reporting/run/{name}" in result.stdout

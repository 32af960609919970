"""Wrong input stops early, with one clear message, and changes nothing."""

import os
from pathlib import Path

import pytest
from project_copy import copy_project, kedro

from entropice.io.locks import exclusive


@pytest.fixture
def project(project_path: Path, tmp_path: Path) -> Path:
    project = copy_project(project_path, tmp_path / "project")
    (project / "conf/torn").mkdir()
    (project / "conf/torn/parameters.yml").write_text("labels: {years: [2021}\n", encoding="utf-8")
    (project / "conf/blocked").mkdir()
    (project / "conf/blocked/globals.yml").write_text("work_root: pyproject.toml/mine\n", encoding="utf-8")
    return project


def _snapshot(project: Path) -> dict[str, bytes]:
    return {str(p): p.read_bytes() for p in project.rglob("*") if p.is_file() and "/src/" not in str(p)}


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--params", "gird=h3_4"], ["unknown parameter gird", "did you mean grid?"]),
        (["--params", "grid=h3_12"], ["h3_12", "h3_4"]),
        (["--params", "random_seed=nine"], ["random_seed", "'nine'"]),
        (["--params", "labels.min_observed_fraction=2"], ["labels.min_observed_fraction", "2"]),
        (["--pipelines", "labels"], ["cells", "kedro run --pipelines grids"]),
        (["--pipelines", "reporting"], ["predictions", "kedro run --pipelines modelling"]),
        (
            ["--env", "sample", "--params", "data_root=nowhere", "--pipelines", "grids"],
            ["land_file", "nowhere", "data_root"],
        ),
        (["--params", "data_root=/somewhere/of/mine"], ["data_root", "/somewhere/of/mine", "world: null"]),
        (["--env", "nowhere"], ["no such environment", "nowhere", "sample"]),
        (["--tags", "terain"], ["--tags", "did you mean terrain?"]),
        (["--nodes", "score"], ["--nodes", "did you mean modelling.score?"]),
        (["--pipelines", "modeling"], ["--pipelines", "did you mean modelling?"]),
        (["--load-versions", "rts:2024-01-01T00.00.00.000Z"], ["--load-versions", "rts has no versions"]),
        (["--env", "blocked"], ["cannot be written", "pyproject.toml/mine", "name another work_root"]),
        (["--env", "torn"], ["conf/torn/parameters.yml", "line 1", "fix: correct line 1"]),
    ],
    ids=[
        "typo",
        "grid",
        "type",
        "range",
        "upstream",
        "far_upstream",
        "sources",
        "given_files",
        "environment",
        "tag",
        "step",
        "pipeline",
        "version",
        "place",
        "yaml",
    ],
)
def test_one_clear_message_and_nothing_changed(project: Path, arguments: list[str], words: list[str]) -> None:
    before = _snapshot(project)

    result = kedro(project, "run", *arguments)

    output = result.stdout + result.stderr
    assert result.returncode != 0
    assert "Traceback" not in output
    for word in words:
        assert word in output, output
    assert _snapshot(project) == before


def test_a_misspelt_root_never_writes_to_another_environments_place(project: Path) -> None:
    (project / "conf" / "mine").mkdir()
    (project / "conf" / "mine" / "globals.yml").write_text("work_rot: data/mine\n", encoding="utf-8")

    result = kedro(project, "run", "--env", "mine", "--pipelines", "virtual_arctic")

    assert result.returncode != 0
    assert "work_rot" in result.stdout + result.stderr
    assert not (project / "data" / "virtual_arctic").exists()


def test_a_second_run_of_a_grid_is_refused_and_told_who_runs(project: Path) -> None:
    with exclusive(project / "data/virtual_arctic/h3_4/.lock", "running on this grid"):
        result = kedro(project, "run")

    output = result.stdout + result.stderr
    assert result.returncode == 1, output
    assert "Traceback" not in output
    assert "Another process is running on this grid" in output
    assert f"process {os.getpid()} on" in output
    assert not (project / "data/virtual_arctic/01_raw").exists()

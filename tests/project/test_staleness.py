"""What was made with other parameters, or from other inputs, is never passed off as this run's."""

import shutil
from pathlib import Path

import pytest
from project_copy import kedro


@pytest.fixture
def project(finished_project: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(finished_project, tmp_path / "project"))


def _run(project: Path, pipeline: str, *parameters: str) -> str:
    arguments = ["--params", ",".join(parameters)] if parameters else []
    result = kedro(project, "run", "--env", "test", "--pipelines", pipeline, *arguments)
    assert "Traceback" not in result.stdout + result.stderr
    return result.stderr[result.stderr.find("Error:") :] if result.returncode else ""


def test_the_same_parameters_are_up_to_date(project: Path) -> None:
    assert _run(project, "labels") == ""
    assert _run(project, "modelling") == ""


def test_a_step_with_other_parameters_makes_what_follows_out_of_date(project: Path) -> None:
    assert _run(project, "labels", "labels.min_observed_fraction=0.7") == ""

    error = _run(project, "modelling")

    assert "parameter labels.min_observed_fraction" in error
    assert "fix: kedro run --pipelines labels --env test" in error


def test_asking_for_other_parameters_names_the_steps_to_repeat(project: Path) -> None:
    error = _run(project, "modelling", "labels.min_observed_fraction=0.7")

    assert "out of date: labels" in error
    assert "fix: kedro run --pipelines labels --env test --params labels.min_observed_fraction=0.7" in error


def test_another_world_under_old_labels_is_refused(project: Path) -> None:
    assert _run(project, "virtual_arctic", "virtual_arctic.seed=7") == ""

    assert "out of date" in _run(project, "reporting")

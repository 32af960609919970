"""The pipeline `comparison` on a finished run."""

import base64
from pathlib import Path

import pandas as pd
from project_copy import copy_project, kedro

from entropice.io import ComparisonDataset


def test_one_run_is_compared_and_stays_up_to_date(finished_project: Path, project_path: Path, tmp_path: Path) -> None:
    project = copy_project(project_path, tmp_path / "project")
    runs = finished_project / "data/test"
    command = ["run", "--env", "test", "--pipelines", "comparison", "--params", f"comparison.runs_root={runs}"]

    first, again = kedro(project, *command), kedro(project, *command)

    assert first.returncode == 0, first.stdout + first.stderr
    assert "h3_4 is the only finished run" in first.stdout.replace("\n", " ")
    assert "comparison.html" in first.stdout
    assert "1 of 1 steps are up to date" in again.stdout
    skill = pd.read_csv(project / "data/test/comparison/skill.csv")
    limit = skill[(skill["model"] == "bayes_limit") & (skill["score"] == "deviance_skill")]
    assert float(limit["value"].iloc[0]) > 0.2
    figure = ComparisonDataset(filepath=str(project / "data/test/comparison")).preview()
    assert base64.b64decode(figure) == (project / "data/test/comparison/comparison.png").read_bytes()
    assert "h3_4 is the only finished run" in (project / "data/test/comparison/comparison.html").read_text()
    cost = pd.read_csv(project / "data/test/comparison/runs.csv")
    assert cost["seconds"].gt(0).all()


def test_without_a_run_the_command_that_makes_one_is_named(project_path: Path, tmp_path: Path) -> None:
    project = copy_project(project_path, tmp_path / "project")

    result = kedro(project, "run", "--env", "test", "--pipelines", "comparison")

    assert result.returncode != 0
    assert "There is no finished run to compare." in result.stderr
    assert "Traceback" not in result.stderr

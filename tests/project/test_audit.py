"""The two commands of an audit on a finished run: draw a sample, fill it in, correct the map."""

import json
import shutil
import subprocess
from pathlib import Path

import pandas as pd
import pytest
from project_copy import copy_project, kedro

RUN = "data/test/h3_4/08_reporting/run"


@pytest.fixture(scope="module")
def project(finished_project: Path, project_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project without data of its own beside the folder of a finished run."""
    folder = tmp_path_factory.mktemp("audit")
    shutil.copytree(finished_project / RUN, folder / "run")
    return copy_project(project_path, folder / "project")


def _run(project: Path, pipeline: str, parameters: str) -> subprocess.CompletedProcess[str]:
    return kedro(project, "run", "--env", "test", "--pipelines", pipeline, "--params", parameters)


def test_a_sample_that_is_filled_in_in_its_place_corrects_the_map(project: Path) -> None:
    sheet = project.parent / "run_audit/sample/sample.csv"
    drawn = _run(project, "audit_sample", "model=../run,audit_sample.n_cells=40,audit_sample.n_strata=4")
    assert drawn.returncode == 0, drawn.stdout + drawn.stderr
    assert "answers=" in drawn.stdout
    again = _run(project, "audit_sample", "model=../run,audit_sample.n_cells=40,audit_sample.n_strata=4")
    assert "1 of 1 steps are up to date" in again.stdout

    empty = _run(project, "audit", f"model=../run,answers={sheet}")
    assert empty.returncode != 0
    assert "0 answers, 40 empty" in empty.stderr
    assert "Traceback" not in empty.stderr

    rows = pd.read_csv(sheet, dtype={"cell": "str"})
    rows.assign(observed=(rows["p_any"] > 0.5).astype(int)).to_csv(sheet, index=False)
    audited = _run(project, "audit", f"model=../run,answers={sheet}")
    assert audited.returncode == 0, audited.stdout + audited.stderr
    correction = json.loads((sheet.parents[1] / "result/correction.json").read_text())
    assert correction["n_answered"] == 40
    assert correction["statement"] in audited.stdout
    assert "1 of 1 steps are up to date" in _run(project, "audit", f"model=../run,answers={sheet}").stdout

    refused = _run(project, "audit_sample", "model=../run,audit_sample.n_cells=41")
    assert refused.returncode != 0
    assert "somebody has changed" in refused.stderr
    assert len(pd.read_csv(sheet)) == 40


def test_without_a_run_nothing_is_drawn(project: Path) -> None:
    result = kedro(project, "run", "--env", "test", "--pipelines", "audit_sample")
    assert result.returncode != 0
    assert "No run is named whose map could be used" in result.stderr


def test_a_plain_run_audits_nothing(project: Path) -> None:
    described = kedro(project, "registry", "describe", "__default__")
    assert "modelling.score" in described.stdout
    assert "audit" not in described.stdout

"""The pipeline `apply` with the model of a finished run."""

import shutil
from pathlib import Path

import pandas as pd
import pytest
from project_copy import kedro

RUN = "data/test/h3_4/08_reporting/run"
OUTPUTS = Path("data/test/h3_4/07_model_output")


@pytest.fixture
def project(finished_project: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(finished_project, tmp_path / "project"))


def _apply(project: Path, *options: str) -> tuple[int, str]:
    result = kedro(project, "run", "--env", "test", "--pipelines", "apply", *options)
    return result.returncode, result.stdout + result.stderr


def test_a_run_applied_to_its_own_region_says_the_same_wherever_its_folder_lies(project: Path, tmp_path: Path) -> None:
    copy = shutil.copytree(project / RUN, tmp_path / "run")

    first, again = _apply(project, "--params", f"model={RUN}"), _apply(project, "--params", f"model={copy}")

    assert first[0] == 0, first[1]
    assert "1 of 1 steps are up to date" in again[1]
    predictions = pd.read_parquet(project / OUTPUTS / "predictions.parquet")
    applied = pd.read_parquet(project / OUTPUTS / "applied_predictions.parquet")
    pd.testing.assert_frame_equal(applied.drop(columns="n_features_outside_range"), predictions, check_exact=True)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ((), "No run is named whose model"),
        (("--params", "model=data/nowhere"), "This is no folder of a finished run"),
        (("--params", f"model={RUN}"), "The model is not as its run has written it"),
    ],
)
def test_without_a_whole_model_nothing_is_run(project: Path, options: tuple[str, ...], message: str) -> None:
    (project / RUN / "model.json").write_text("{}")

    status, output = _apply(project, *options)

    assert status != 0
    assert message in output
    assert "model=RUN_FOLDER" in output or "make the run again" in output
    assert "Traceback" not in output
    assert not (project / OUTPUTS / "applied_predictions.parquet").exists()

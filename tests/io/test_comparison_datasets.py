import base64
import json
import shutil
from pathlib import Path

import pytest
from kedro.io import DatasetError

from entropice.errors import InputFileError
from entropice.io import ComparisonDataset, FinishedRunsDataset, JsonDataset
from entropice.io.step_seconds import Measured, note_step
from entropice.sha256 import sha256_of


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A folder in one that no other test writes to."""
    root = tmp_path / "data"
    for key in ("h3_3", "h3_4"):
        run = root / key / "08_reporting/run"
        run.mkdir(parents=True)
        classes = root / key / "07_model_output/fold_classes.json"
        JsonDataset(filepath=str(classes)).save({"spatial/0": {}})
        manifest = {"schema": "entropice-run/2", "title": key, "grid": {"key": key}, "years": [2021],
            "intermediates": [{"dataset": "fold_classes", "sha256": sha256_of(classes)}],
            "rebuild_command": f"kedro run --params grid={key}"}  # fmt: skip
        (run / "manifest.json").write_text(json.dumps(manifest))
    return root


def finished_runs(folder: Path) -> FinishedRunsDataset:
    return FinishedRunsDataset(filepath=str(folder))


def test_runs_are_called_by_their_folders(root: Path) -> None:
    assert [run.name for run in finished_runs(root).load()] == ["h3_3", "h3_4"]
    assert [run.name for run in finished_runs(root / "h3_4").load()] == ["h3_4"]
    assert [run.name for run in finished_runs(root.parent).load()] == [f"{root.name}/h3_3", f"{root.name}/h3_4"]


def test_what_is_being_written_is_no_finished_run(root: Path) -> None:
    shutil.move(root / "h3_3", root / ".partial-1-h3_3")
    assert [run.name for run in finished_runs(root).load()] == ["h3_4"]


def test_seconds_of_other_pipelines_and_grids_are_no_cost_of_a_run(root: Path) -> None:
    for step in ("modelling.score", "comparison.compare_runs", "virtual_arctic.build_world"):
        note_step(root / "logs", "h3_3", step, Measured(4.0, None))
    seconds = {run.name: run.seconds for run in finished_runs(root).load()}
    assert seconds == {"h3_3": {"modelling.score": 4.0}, "h3_4": {}}


def test_the_content_is_that_of_the_manifests_and_seconds(root: Path) -> None:
    before = finished_runs(root).content_sha256(sha256_of)
    (root / "h3_3/08_reporting/run/other.txt").write_text("of the user's own")
    assert finished_runs(root).content_sha256(sha256_of) == before
    note_step(root / "logs", "h3_3", "modelling.score", Measured(1.0, None))
    changed = finished_runs(root).content_sha256(sha256_of)
    assert changed != before
    (root / "h3_4/08_reporting/run/manifest.json").write_text("{}")
    assert finished_runs(root).content_sha256(sha256_of) not in {before, changed}


def test_no_run_is_refused_with_the_command_that_makes_one(tmp_path: Path) -> None:
    with pytest.raises(InputFileError, match="no finished run") as caught:
        finished_runs(tmp_path).read(tmp_path)
    assert caught.value.field == "comparison.runs_root"
    assert "kedro run" in str(caught.value.fix)


def test_a_run_of_another_schema_is_refused(root: Path) -> None:
    (root / "h3_3/08_reporting/run/manifest.json").write_text('{"schema": "entropice-run/9"}')
    with pytest.raises(InputFileError, match="not usable"):
        finished_runs(root).read(root)


def test_classes_that_are_gone_are_refused_with_the_command_that_makes_them(root: Path) -> None:
    (root / "h3_3/07_model_output/fold_classes.json").unlink()
    with pytest.raises(InputFileError) as caught:
        finished_runs(root).read(root)
    assert "grid=h3_3" in str(caught.value.fix)


def test_classes_that_were_changed_are_refused(root: Path) -> None:
    (root / "h3_3/07_model_output/fold_classes.json").write_text("{}")
    with pytest.raises(InputFileError, match="changed or damaged") as caught:
        finished_runs(root).read(root)
    assert "grid=h3_3" in str(caught.value.fix)


def test_classes_of_another_run_are_refused_with_the_command_that_finishes_it(root: Path) -> None:
    JsonDataset(filepath=str(root / "h3_4/07_model_output/fold_classes.json")).save({"spatial/0": {}, "spatial/1": {}})
    with pytest.raises(InputFileError, match="of another run") as caught:
        finished_runs(root).read(root)
    assert "h3_4" in str(caught.value.path)
    assert "manifest.json says" in str(caught.value.expected)
    assert caught.value.fix == "finish the run: kedro run --params grid=h3_4"


def test_runs_are_never_written(root: Path) -> None:
    with pytest.raises(DatasetError):
        finished_runs(root).save(None)


class _Figure(ComparisonDataset):
    """A comparison of which only the figure matters."""

    def write(self, data: bytes, path: Path) -> None:
        (path / "comparison.png").write_bytes(data)
        (path / "skill.csv").write_bytes(b"12345")


def test_a_comparison_is_loaded_as_its_files_and_shown_by_its_figure(tmp_path: Path) -> None:
    dataset = _Figure(filepath=str(tmp_path / "comparison"))
    dataset.save(b"PNG")

    assert dataset.load() == {"comparison.png": 3, "skill.csv": 5}
    assert base64.b64decode(dataset.preview()) == b"PNG"
    (dataset.path / "comparison.png").write_bytes(b"JPG")
    with pytest.raises(DatasetError, match="changed or damaged"):
        dataset.preview()

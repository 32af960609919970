"""Files of a finished run are taken as its manifest names them, or not at all."""

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from kedro.io import DatasetError

from entropice.errors import InputFileError
from entropice.io import ModelOfRunDataset
from entropice.io.of_run_folder import OfRunFolder
from entropice.report.model_files import ModelFiles, write_model_files
from entropice.sha256 import file_entries, sha256_of

REBUILD = "kedro run --params grid=h3_4"


class Texts(OfRunFolder[str]):
    """Two texts of a run, one after the other."""

    part = "text"
    names = ("a.txt", "b.txt")

    def read(self, path: Path) -> str:
        return "".join((path / name).read_text() for name in self.names)


def told(folder: Path) -> Path:
    """A folder with a manifest of all that it holds."""
    manifest = {"run_id": "0f", "title": "A run", "rebuild_command": REBUILD, "files": file_entries(folder)}
    (folder / "manifest.json").write_text(json.dumps(manifest))
    return folder


@pytest.fixture
def run(tmp_path: Path) -> Path:
    for name, text in {"a.txt": "one ", "b.txt": "run"}.items():
        (tmp_path / name).write_text(text)
    return told(tmp_path)


def texts(run: Path) -> Texts:
    return Texts(filepath=str(run))


def refusal(run: Path) -> InputFileError:
    with pytest.raises(DatasetError) as caught:
        texts(run).load()
    assert isinstance(caught.value.__cause__, InputFileError)
    return caught.value.__cause__


def test_what_a_run_has_written_is_read_and_never_written(run: Path) -> None:
    dataset = texts(run)

    assert dataset.load() == "one run"
    assert dataset.exists()
    assert not dataset.is_recorded
    with pytest.raises(DatasetError, match="read-only"):
        dataset.save("another")
    assert dataset.load() == "one run"


def test_other_files_in_the_folder_are_nobodys_concern(run: Path) -> None:
    (run / "notes.txt").write_text("of the user's own")

    assert texts(run).load() == "one run"


@pytest.mark.parametrize(
    ("damage", "got"),
    [
        (lambda run: (run / "b.txt").write_text("ruin"), "another SHA-256"),
        (lambda run: (run / "b.txt").unlink(), "no file"),
    ],
)
def test_a_file_that_is_not_as_it_was_written_is_named(run: Path, damage: Callable[[Path], None], got: str) -> None:
    damage(run)

    error = refusal(run)

    assert (error.path, error.field, error.got) == (str(run / "b.txt"), "content", got)
    assert REBUILD in error.fix


def test_a_run_of_a_version_that_kept_no_such_file_is_told_apart_from_a_damaged_one(run: Path) -> None:
    (run / "b.txt").unlink()
    told(run)

    error = refusal(run)

    assert "keeps no text" in str(error)
    assert (error.field, error.got) == ("files", "no b.txt")
    assert REBUILD in error.fix


@pytest.mark.parametrize("manifest", [None, "", "[1]", "{}", '{"files": [], "run_id": "", "title": ""}'])
def test_what_is_no_folder_of_a_run_is_told_with_what_one_holds(run: Path, manifest: str | None) -> None:
    path = run / "manifest.json"
    path.unlink() if manifest is None else path.write_text(manifest)

    error = refusal(run)

    assert (error.path, error.field) == (str(path), "model")
    assert error.expected == "manifest.json, a.txt and b.txt of a finished run"
    assert "model=RUN_FOLDER" in error.fix


@pytest.mark.parametrize(
    ("manifest", "got"),
    [
        (None, "No such file or directory"),
        ("{}", "a document without run_id, title, files and rebuild_command"),
        ("words", "Expecting value: line 1"),
    ],
)
def test_what_is_wrong_with_a_manifest_is_said_in_few_words(run: Path, manifest: str | None, got: str) -> None:
    path = run / "manifest.json"
    path.unlink() if manifest is None else path.write_text(manifest)

    assert str(refusal(run).got).startswith(got)


def test_the_content_is_that_of_manifest_and_files_and_unknown_where_one_is_missing(run: Path) -> None:
    before = texts(run).content_sha256(sha256_of)
    (run / "notes.txt").write_text("of the user's own")
    assert texts(run).content_sha256(sha256_of) == before

    for name in ("manifest.json", "a.txt"):
        content = (run / name).read_text()
        (run / name).write_text(content + " ")
        assert texts(run).content_sha256(sha256_of) != before
        (run / name).unlink()
        assert texts(run).content_sha256(sha256_of) is None
        (run / name).write_text(content)


def test_a_model_comes_back_with_its_run(tmp_path: Path) -> None:
    write_model_files(ModelFiles({"weights": np.array([0.25, 0.75])}, {"grid": "h3_4"}), tmp_path)

    model = ModelOfRunDataset(filepath=str(told(tmp_path))).load()

    assert model.run == {"run_id": "0f", "title": "A run"}
    assert model.path == str(tmp_path / "model.json")
    assert model.files.document == {"grid": "h3_4"}
    np.testing.assert_array_equal(model.files.arrays["weights"], [0.25, 0.75])


@pytest.mark.parametrize(("name", "content"), [("model.json", "{"), ("model.npz", "no archive")])
def test_a_model_that_its_run_has_written_wrongly_is_damaged(tmp_path: Path, name: str, content: str) -> None:
    write_model_files(ModelFiles({"weights": np.zeros(2)}, {}), tmp_path)
    (tmp_path / name).write_text(content)

    with pytest.raises(DatasetError, match="model is not as its run has written it"):
        ModelOfRunDataset(filepath=str(told(tmp_path))).load()

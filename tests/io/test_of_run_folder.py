"""Files of a finished run are taken as its manifest names them, and refused with the reason else."""

import json
from pathlib import Path
from typing import Any

import pytest

from entropice.errors import InputFileError
from entropice.io.of_run_folder import OfRunFolder
from entropice.sha256 import sha256_of


class _Words(OfRunFolder[str]):
    part = "words"
    names = ("words.txt",)

    def read(self, path: Path) -> str:
        return (path / "words.txt").read_text()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "words.txt").write_text("slump")
    _write_manifest(tmp_path, files=[{"name": "words.txt", "sha256": sha256_of(tmp_path / "words.txt")}])
    return tmp_path


def _write_manifest(folder: Path, **changes: Any) -> None:
    manifest = {"run_id": "r", "title": "A run", "rebuild_command": "kedro run", "files": [], **changes}
    (folder / "manifest.json").write_text(json.dumps(manifest))


def _refusal(folder: Path) -> InputFileError:
    with pytest.raises(InputFileError) as caught:
        _Words(filepath=str(folder)).verify()
    return caught.value


def test_what_the_manifest_names_is_read(folder: Path) -> None:
    assert _Words(filepath=str(folder)).load() == "slump"


def test_a_folder_without_a_manifest_is_refused_in_few_words(tmp_path: Path) -> None:
    assert _refusal(tmp_path).got == "No such file or directory"


@pytest.mark.parametrize(
    ("text", "got"),
    [("{}", "a document without run_id, title, files and rebuild_command"), ("words", "Expecting value: line 1")],
)
def test_another_manifest_is_refused_with_what_is_wrong(folder: Path, text: str, got: str) -> None:
    (folder / "manifest.json").write_text(text)
    assert str(_refusal(folder).got).startswith(got)


def test_a_run_of_a_version_that_kept_no_such_file_is_to_be_made_again(folder: Path) -> None:
    _write_manifest(folder)
    refusal = _refusal(folder)
    assert (refusal.got, refusal.fix) == ("no words.txt", "make the run again with this version: kedro run")


def test_a_changed_file_and_a_missing_one_are_refused(folder: Path) -> None:
    (folder / "words.txt").write_text("slumps")
    assert _refusal(folder).got == "another SHA-256"
    (folder / "words.txt").unlink()
    assert _refusal(folder).got == "no file"

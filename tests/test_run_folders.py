"""Folders of runs before they are opened: which are found, and what is said of one that is not as it was written."""

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

from entropice import run_folders as module
from entropice.errors import InputFileError
from entropice.run_folders import (
    intact_file,
    read_any_manifest,
    read_manifest,
    require_folder_of_runs,
    run_folders_below,
)

TABLES = b"tables"


def run_folder(folder: Path, **manifest: Any) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "manifest.json").write_text(json.dumps({"schema": "entropice-run/2"} | manifest), encoding="utf-8")
    return folder


def refused(folder: Path) -> InputFileError:
    with pytest.raises(InputFileError) as error:
        read_manifest(folder)
    return error.value


def found_below(folder: Path) -> list[str]:
    return [path.relative_to(folder).as_posix() for path in run_folders_below(folder)]


def test_runs_are_found_by_path_and_nothing_below_one_of_them_or_in_hidden_folders_or_behind_links(
    tmp_path: Path,
) -> None:
    for name in ("b", "a/two", "a/one", "b/within", ".hidden/run"):
        run_folder(tmp_path / name)
    (tmp_path / "link").symlink_to(tmp_path / "a", target_is_directory=True)
    (tmp_path / "c/manifest.json").mkdir(parents=True)

    assert found_below(tmp_path) == ["a/one", "a/two", "b"]
    assert found_below(tmp_path / "b") == ["."]


def test_runs_are_looked_for_so_deep_and_in_so_many_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run_folder(tmp_path / "1/2/3/4/5/6/7/8")
    run_folder(tmp_path / "2/2/3/4/5/6/7/8/9")
    assert found_below(tmp_path) == ["1/2/3/4/5/6/7/8"]

    run_folder(tmp_path / "3")
    monkeypatch.setattr(module, "MAX_FOLDERS", 9)  # the folder itself, and eight below
    assert found_below(tmp_path) == ["1/2/3/4/5/6/7/8"]
    monkeypatch.setattr(module, "MAX_FOLDERS", 8)
    assert found_below(tmp_path) == []


def test_a_folder_that_may_not_be_read_has_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run_folder(tmp_path / "open/run")
    run_folder(tmp_path / "shut/run")
    read = Path.iterdir

    def iterdir(path: Path) -> Any:
        if path.name == "shut":
            raise PermissionError(13, "Permission denied")
        return read(path)

    monkeypatch.setattr(Path, "iterdir", iterdir)
    assert found_below(tmp_path) == ["open/run"]


def test_a_folder_of_runs_must_be_there(tmp_path: Path) -> None:
    require_folder_of_runs(tmp_path, "kedro serve")
    with pytest.raises(InputFileError, match="no such folder of runs") as error:
        require_folder_of_runs(tmp_path / "none", "kedro serve")

    assert error.value.path == str(tmp_path / "none")
    assert error.value.fix.endswith("kedro serve FOLDER")


def test_a_manifest_is_read_as_it_stands(tmp_path: Path) -> None:
    content = {"title": "Überschwemmung", "years": [2021], "note": None}

    assert read_manifest(run_folder(tmp_path, **content)) == {"schema": "entropice-run/2"} | content


def test_without_a_manifest_it_is_no_run_or_one_that_is_being_made(tmp_path: Path) -> None:
    no_run = refused(tmp_path)
    (tmp_path / "run.gpkg").touch()
    partial = refused(tmp_path)

    assert (no_run.what, partial.what) == (
        "This folder is not an Entropice run.",
        "This run is not complete: its manifest, which is written last, is missing.",
    )
    assert no_run.fix.startswith("Choose the folder")
    assert partial.fix.startswith("Wait until")


@pytest.mark.parametrize(
    ("text", "got"),
    [
        (b"", "Expecting value"),
        (b'{"schema": ', "Expecting value"),
        (b'{"a": 1, "a": 2}', "same key twice"),
        (b'{"x": {"a": 1, "a": 2}}', "same key twice"),
        (b'{"a": NaN}', "NaN is not a JSON value"),
        (b'{"a": -Infinity}', "-Infinity is not a JSON value"),
        (b'{"a": "\xff"}', "can't decode"),
        (b"[1]", "list"),
        (b"[" * 100_000, "recursion"),
    ],
)
def test_what_is_no_json_object_is_refused(tmp_path: Path, text: bytes, got: str) -> None:
    (tmp_path / "manifest.json").write_bytes(text)
    error = refused(tmp_path)

    assert (error.what, error.field) == ("The manifest of this run cannot be read.", "JSON")
    assert got in error.got
    assert len(error.got) <= 160


def test_a_manifest_is_not_read_that_is_larger_than_any(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    n_bytes = (run_folder(tmp_path) / "manifest.json").stat().st_size
    monkeypatch.setattr(module, "MAX_MANIFEST_BYTES", n_bytes)
    assert read_manifest(tmp_path)
    monkeypatch.setattr(module, "MAX_MANIFEST_BYTES", n_bytes - 1)

    error = refused(tmp_path)
    assert (error.field, error.got) == ("size", f"{n_bytes} bytes")


@pytest.mark.parametrize(
    ("schema", "fix"),
    [
        ("entropice-run/1", "Make the run again: `kedro run`."),
        ("entropice-images/1", "This run is of images"),
        ("entropice-run/3", "Update Entropice"),
        ([1], "Update Entropice"),
    ],
)
def test_a_run_of_another_schema_is_told_what_to_do(tmp_path: Path, schema: object, fix: str) -> None:
    error = refused(run_folder(tmp_path, schema=schema))

    assert (error.field, error.got, error.expected) == ("schema", repr(schema), "entropice-run/2")
    assert error.fix.startswith(fix)
    assert read_any_manifest(tmp_path)["schema"] == schema


def test_what_says_no_schema_is_no_run(tmp_path: Path) -> None:
    (tmp_path / "manifest.json").write_text('{"name": "a browser extension"}')
    error = refused(tmp_path)

    assert (error.got, error.fix) == ("no such key", module.NOT_A_RUN)


def written_with_tables(folder: Path, content: bytes = TABLES) -> dict[str, Any]:
    """A manifest that names `TABLES`, beside a file of the same name."""
    (folder / "run.gpkg").write_bytes(content)
    return {"files": [{"name": "run.gpkg", "bytes": len(TABLES), "sha256": hashlib.sha256(TABLES).hexdigest()}]}


def test_a_file_with_the_bytes_that_are_named_is_intact(tmp_path: Path) -> None:
    assert intact_file(tmp_path, written_with_tables(tmp_path), "run.gpkg") == tmp_path / "run.gpkg"


@pytest.mark.parametrize(("content", "field"), [(b"table", "bytes"), (b"Tables", "sha256")])
def test_a_file_with_other_bytes_is_refused(tmp_path: Path, content: bytes, field: str) -> None:
    manifest = written_with_tables(tmp_path, content)
    with pytest.raises(InputFileError, match="damaged or was changed") as error:
        intact_file(tmp_path, manifest, "run.gpkg")

    assert error.value.field == field
    assert error.value.expected == manifest["files"][0][field]


def test_a_file_that_is_gone_is_missing(tmp_path: Path) -> None:
    manifest = written_with_tables(tmp_path)
    (tmp_path / "run.gpkg").unlink()
    with pytest.raises(InputFileError, match="is missing"):
        intact_file(tmp_path, manifest, "run.gpkg")


@pytest.mark.parametrize("suffix", ["-wal", "-journal", "-shm"])
def test_unfinished_changes_beside_a_file_are_refused_even_where_they_lead_nowhere(tmp_path: Path, suffix: str) -> None:
    manifest = written_with_tables(tmp_path)
    (tmp_path / f"run.gpkg{suffix}").symlink_to(tmp_path / "nowhere")
    with pytest.raises(InputFileError, match="unfinished changes") as error:
        intact_file(tmp_path, manifest, "run.gpkg")

    assert (error.value.field, error.value.got) == ("run.gpkg", f"run.gpkg{suffix}")

import hashlib
import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qgis_plugin.entropice.core.errors import RunFolderError
from qgis_plugin.entropice.core.run_folder import open_run
from qgis_plugin.entropice.core.safe_names import is_plain_name

Write = Callable[[dict[str, Any]], Path]


def test_an_intact_run_opens(run_folder: Path):
    run = open_run(run_folder)
    assert run.geopackage == (run_folder / "run.gpkg").resolve()
    assert set(run.paths) == {"run.gpkg", "overview_p_any_rts_2022.tif", "report.html"}


@pytest.mark.parametrize(
    "name",
    [
        "../run.gpkg",
        "..gpkg",
        "a/run.gpkg",
        "a\\run.gpkg",
        "/etc/run.gpkg",
        "C:\\run.gpkg",
        "C:run.gpkg",
        "\\\\server\\share\\run.gpkg",
        "/vsicurl/http://example.org/run.gpkg",
        "http://example.org/run.gpkg",
        "run.gpkg|layername=x",
        "run.gpkg?x=1",
        "run.vrt",
        "run.py",
        "run",
        ".gpkg",
        "run.gpkg\n",
        "run.gpkg\0",
        "rün.gpkg",
        "",
        "x" * 200 + ".gpkg",
    ],
)
def test_a_name_that_could_lead_elsewhere_is_refused(write_run: Write, manifest_values: dict[str, Any], name: str):
    manifest_values["files"][1]["name"] = name
    for layer in manifest_values["layers"]:
        layer["overview"] = None
    with pytest.raises(RunFolderError) as caught:
        open_run(write_run(manifest_values))
    assert caught.value.field == "files[1].name"


@given(st.text())
def test_a_plain_name_has_one_component(name: str):
    if is_plain_name(name):
        assert not set(name) & set("/\\:|?*<>\"'\0\n")
        assert Path(name).name == name
        assert name.isascii()


@pytest.mark.parametrize(
    ("field", "change"),
    [
        ("sha256", lambda content: content[:-1] + b"!"),
        ("bytes", lambda content: content[:-1]),
        ("bytes", lambda content: content + b" "),
        ("bytes", lambda _: b""),
    ],
)
def test_a_changed_file_is_refused(run_folder: Path, field: str, change: Callable[[bytes], bytes]):
    path = run_folder / "run.gpkg"
    path.write_bytes(change(path.read_bytes()))
    with pytest.raises(RunFolderError, match="damaged or was changed") as caught:
        open_run(run_folder)
    assert caught.value.field == field
    assert caught.value.path.name == "run.gpkg"


def test_a_missing_file_is_refused(run_folder: Path):
    (run_folder / "report.html").unlink()
    with pytest.raises(RunFolderError, match="missing"):
        open_run(run_folder)


def test_a_folder_in_place_of_a_file_is_refused(run_folder: Path):
    (run_folder / "run.gpkg").unlink()
    (run_folder / "run.gpkg").mkdir()
    with pytest.raises(RunFolderError, match="missing"):
        open_run(run_folder)


@pytest.mark.parametrize("name", ["run.gpkg", "manifest.json"])
def test_a_link_out_of_the_folder_is_refused(run_folder: Path, name: str):
    outside = run_folder.parent / name
    (run_folder / name).rename(outside)
    (run_folder / name).symlink_to(outside)
    with pytest.raises(RunFolderError, match="leaves the run folder"):
        open_run(run_folder)


def test_a_loop_of_links_is_refused(run_folder: Path):
    (run_folder / "run.gpkg").unlink()
    (run_folder / "run.gpkg").symlink_to("run.gpkg")
    with pytest.raises(RunFolderError):
        open_run(run_folder)


def test_a_linked_run_folder_opens(run_folder: Path):
    link = run_folder.parent / "latest"
    link.symlink_to(run_folder)
    assert open_run(link).folder == run_folder.resolve()


def test_opening_changes_nothing(run_folder: Path):
    before = {path: (path.read_bytes(), path.stat().st_mtime_ns) for path in run_folder.iterdir()}
    open_run(run_folder)
    assert before == {path: (path.read_bytes(), path.stat().st_mtime_ns) for path in run_folder.iterdir()}


def test_progress_tells_the_share_of_the_bytes_that_were_read(write_run: Write, manifest_values: dict[str, Any]):
    folder, shares = write_run(manifest_values), []
    open_run(folder, shares.append)
    assert len(shares) >= 3
    assert shares == sorted(shares)
    assert len(set(shares)) == len(shares)
    assert shares[-1] == 1


def test_what_progress_raises_ends_the_opening(run_folder: Path):
    def stop(_share: float) -> None:
        raise InterruptedError("enough")

    with pytest.raises(RunFolderError, match="cannot be read"):
        open_run(run_folder, stop)


@pytest.mark.parametrize("suffix", ["-wal", "-journal", "-shm"])
@pytest.mark.parametrize("is_link", [False, True], ids=["file", "dangling link"])
def test_unfinished_changes_beside_the_tables_are_refused_by_name(run_folder: Path, suffix: str, is_link: bool):
    beside = run_folder / f"run.gpkg{suffix}"
    beside.symlink_to("nowhere") if is_link else beside.write_bytes(b"")
    with pytest.raises(RunFolderError, match="unfinished changes") as caught:
        open_run(run_folder)
    assert caught.value.path == beside
    assert beside.name in str(caught.value)


@pytest.mark.parametrize("name", ["run.gpkg.aux.xml", "run.qmd", "overview_p_any_rts_2022.tif.ovr", "notes.qgz"])
def test_other_files_are_no_reason_to_refuse(run_folder: Path, name: str):
    (run_folder / name).write_bytes(b"<")
    open_run(run_folder)


@pytest.mark.parametrize("name", ["50%20c", "a|layername=slumps", "a|option:X=1"])
def test_a_folder_that_qgis_misreads_is_told_by_its_name(run_folder: Path, name: str):
    folder = run_folder.rename(run_folder.parent / name)
    with pytest.raises(RunFolderError, match="Rename the folder") as caught:
        open_run(folder)
    assert caught.value.field == "name of the folder"


@pytest.mark.parametrize("name", ["a|b", "50 %", "ü ?#", 'it\'s "so"'])
def test_any_other_name_of_a_folder_will_do(run_folder: Path, name: str):
    open_run(run_folder.rename(run_folder.parent / name))


def test_a_file_that_the_system_does_not_let_us_read_is_named(run_folder: Path, monkeypatch):
    opened = Path.open

    def refuse(path: Path, *mode: str, **options: object) -> object:
        if path.name == "report.html":
            raise PermissionError(13, "Permission denied", str(path))
        return opened(path, *mode, **options)

    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(RunFolderError, match="Permission denied") as caught:
        open_run(run_folder)
    assert caught.value.path.name == "report.html"


def test_a_run_without_manifest_is_half_written(run_folder: Path):
    (run_folder / "manifest.json").unlink()
    with pytest.raises(RunFolderError, match="not complete"):
        open_run(run_folder)


def test_tables_are_looked_at_after_all_is_intact(write_run: Write, manifest_values: dict[str, Any]):
    folder = write_run(manifest_values)
    with closing(sqlite3.connect(folder / "run.gpkg")) as connection:
        connection.execute("CREATE VIEW more AS SELECT 1")
    with pytest.raises(RunFolderError, match="sha256"):
        open_run(folder)
    content = (folder / "run.gpkg").read_bytes()
    (entry,) = [entry for entry in manifest_values["files"] if entry["name"] == "run.gpkg"]
    entry.update(bytes=len(content), sha256=hashlib.sha256(content).hexdigest())
    (folder / "manifest.json").write_text(json.dumps(manifest_values), encoding="utf-8")
    with pytest.raises(RunFolderError, match="view more"):
        open_run(folder)

import hashlib
import zipfile
from pathlib import Path

import pytest

from qgis_plugin.archive import write_archive
from release import make
from release.make import export, keep, sums


def test_sums_are_sorted_and_those_of_the_files(tmp_path: Path) -> None:
    files = [tmp_path / name for name in ("b.zip", "a.whl")]
    for file in files:
        file.write_bytes(file.name.encode())

    assert list(sums(files)) == [
        f"{hashlib.sha256(name.encode()).hexdigest()}  {name}\n" for name in ("a.whl", "b.zip")
    ]


def test_what_an_earlier_build_left_is_gone(tmp_path: Path) -> None:
    file, target = tmp_path / "a.whl", tmp_path / "dist/entropice-1"
    file.write_bytes(b"a")
    target.mkdir(parents=True)
    (target / "old.zip").touch()

    keep([file], target)

    assert sorted(path.name for path in target.iterdir()) == ["SHA256SUMS", "a.whl"]


def test_an_export_holds_committed_files_and_no_others(tmp_path: Path) -> None:
    export(tmp_path / "source")

    assert (tmp_path / "source/pyproject.toml").is_file()
    assert not (tmp_path / "source/.git").exists()
    assert not list((tmp_path / "source").rglob("__pycache__"))


def test_a_tree_that_differs_from_its_commit_is_refused(monkeypatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(make, "_git", lambda *_: " M README.md\n")

    assert make.main() == 1
    assert "README.md: differs from the last commit" in capsys.readouterr().err


def test_versions_that_differ_are_refused_before_anything_is_built(monkeypatch, capsys) -> None:
    monkeypatch.setattr(make, "_git", lambda *_: "")
    monkeypatch.setattr(make, "stated_versions", lambda _: {"pyproject.toml": "1.0.0", "CITATION.cff": "1.0.1"})
    monkeypatch.setattr(make, "build", lambda *_: pytest.fail("built"))

    assert make.main() == 1
    assert "CITATION.cff: states version 1.0.1" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("content", "against", "rc", "folder"),
    [
        (b"fine", [], 0, "entropice-1.0.0"),
        (b"fine", ["no day"], 0, "entropice-1.0.0-rehearsal"),
        (b"/home/anna/x", [], 1, None),
    ],
)
def test_what_was_built_is_kept_only_if_it_tells_of_no_machine(
    monkeypatch, tmp_path: Path, content: bytes, against: list[str], rc: int, folder: str | None
) -> None:
    monkeypatch.setattr(make, "DIST", tmp_path / "dist")
    monkeypatch.setattr(make, "_git", lambda *_: "")
    monkeypatch.setattr(make, "stated_versions", lambda _: {"pyproject.toml": "1.0.0"})
    monkeypatch.setattr(make, "against_publication", lambda _: against)
    monkeypatch.setattr(make, "traces_of_this_machine", lambda *_: frozenset())
    monkeypatch.setattr(make, "build", lambda scratch, _: [write_archive(scratch / "a.zip", {"x": content})])

    assert make.main() == rc
    assert [path.name for path in (tmp_path / "dist").glob("*")] == ([folder] if folder else [])


def test_an_archive_is_the_same_whenever_it_is_written(tmp_path: Path) -> None:
    contents = {"b": b"2", "a/x": b"1"}

    first, second = (write_archive(tmp_path / name / "x.zip", contents) for name in ("one", "two"))

    assert first.read_bytes() == second.read_bytes()
    assert zipfile.ZipFile(first).namelist() == ["a/x", "b"]

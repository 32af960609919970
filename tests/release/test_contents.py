import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from release import contents
from release.contents import is_cache_file, members_of, objections, traces_of_this_machine

NO_TRACES: frozenset[bytes] = frozenset()


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"read /home/anna/data.nc", "a home folder (/home/anna/)"),
        (b'"/Users/anna/data.nc"', "a home folder (/Users/anna/)"),
        (rb"C:\Users\anna\data", "a home folder (C:\\Users\\anna)"),
        (
            b"from https://mirror.test:8080/root/pypi/simple/ first",
            "a package index (https://mirror.test:8080/root/pypi/simple/)",
        ),
        (
            b"pip install --index-url https://mirror.test x",
            "an option that names a package index (--index-url https://mirror.test)",
        ),
        (b"--find-links=wheels", "an option that names a package index (--find-links=wheels)"),
    ],
)
def test_what_betrays_any_machine_is_told_with_its_place(content: bytes, told: str) -> None:
    (line,) = objections([("a.txt", content)], NO_TRACES)

    assert line.startswith("a.txt: ")
    assert told in line


@pytest.mark.parametrize(
    "content",
    [
        b"https://example.test/home/anna/", b"see src/home/anna/x", b"~/home/anna", b"https://x.test/a/simple/page.html",
        b"a simple/ one", b"pkg:pypi/numpy@2.0", b"the option --index",
    ],
)  # fmt: skip
def test_what_only_looks_alike_is_let_through(content: bytes) -> None:
    assert list(objections([("a.txt", content)], NO_TRACES)) == []


def test_a_folder_of_this_machine_is_found_and_one_that_ends_alike_is_not() -> None:
    traces = frozenset([b"/build/entropice/"])

    assert list(objections([("a", b"'/build/entropice/src/x.py'")], traces)) == [
        "a: of this machine (/build/entropice/)"
    ]
    assert list(objections([("a", b"ci/build/entropice/src/x.py")], traces)) == []


def test_traces_are_given_folders_those_of_python_and_what_pip_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PIP_INDEX_URL", "https://mirror.test/packages/")
    folder = Path("/some/scratch")

    traces = traces_of_this_machine(folder)

    assert {b"/some/scratch/", f"{sys.prefix}/".encode(), b"https://mirror.test/packages"} <= traces


@pytest.mark.parametrize(
    ("name", "is_one"),
    [
        ("entropice/__pycache__/a.py", True), ("a/b.pyc", True), ("x/.DS_Store", True), (".doctrees/index", True),
        ("loops.nbi", True), ("notes.md~", True), ("environment.pickle", True),
        ("entropice/cache.py", False), ("docs/pyc.html", False), ("entropice/report/page.css", False),
    ],
)  # fmt: skip
def test_cache_files_are_known_by_name(name: str, is_one: bool) -> None:
    assert is_cache_file(name) is is_one
    assert list(objections([(name, b"")], NO_TRACES)) == ([f"{name}: a cache file"] if is_one else [])


def test_members_of_an_archive_are_named_after_it(tmp_path: Path) -> None:
    archive = tmp_path / "a.whl"
    with zipfile.ZipFile(archive, "w") as opened:
        opened.writestr("x/y.txt", "content")

    assert list(members_of(archive)) == [("a.whl/x/y.txt", b"content")]


def test_a_pip_that_fails_is_no_silence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(contents.sys, "executable", "false")

    with pytest.raises(subprocess.CalledProcessError):
        traces_of_this_machine()

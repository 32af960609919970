"""A small room measured: a branch that no test takes is counted and named, a compiled loop is not."""

import json
from pathlib import Path

import pytest

pytest.importorskip("coverage")

from coverage_gate import make
from coverage_gate.measuring import FailingTests, command, environment, measure
from coverage_gate.rooms import TOP, Room

MODULE = """\
def compiled(function):
    return function


def sign(x):
    if x < 0:
        return -1
    return 1


@compiled
def loop(n):
    for k in range(n):
        pass
"""
TEST = "from room.signs import sign\n\n\ndef test_sign():\n    assert sign(2) == {}\n"
TEST_OF_COPY = """\
import os, shutil, subprocess, sys


def test_sign_in_a_copy(tmp_path):
    shutil.copytree("src", tmp_path / "src")
    command = [sys.executable, "-c", "from room.signs import sign; print(sign(-2))"]
    path = os.pathsep.join((str(tmp_path / "src"), os.environ["PYTHONPATH"]))
    told = subprocess.run(command, cwd=tmp_path, env=os.environ | {"PYTHONPATH": path}, capture_output=True, check=True)
    assert told.stdout.split() == [b"-1"]
"""
TEST_OF_WHOLE_RUN = """\
import pytest


@pytest.fixture
def finished_project():
    raise RuntimeError("many minutes")


@pytest.fixture
def project(finished_project):
    return finished_project


def test_whole_run(project):
    pass
"""
ROOM = Room("room", "src/room", ("tests/room",))


SETTINGS = """\
[tool.coverage.run]
branch = true
parallel = true
patch = ["subprocess"]
[tool.pytest.ini_options]
addopts = "-p no:schemathesis"
"""


def project(folder: Path, expected: int = 1, **more_tests: str) -> Path:
    for name, text in {
        "src/room/__init__.py": "",
        "src/room/signs.py": MODULE,
        "src/room/never_imported.py": "x = 1\n",
        "tests/room/test_signs.py": TEST.format(expected),
        **{f"tests/room/test_{name}.py": text for name, text in more_tests.items()},
        "pyproject.toml": SETTINGS,
    }.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    return folder


def test_lines_and_branches_that_no_test_takes_are_counted_and_compiled_loops_are_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of `signs` are counted two functions of 1 and 3 statements with their heads, and the two ways of one `if`."""
    monkeypatch.chdir(tmp_path)  # names of files are relative to it
    document = measure(ROOM, project(tmp_path))

    assert {name: (one["missing_lines"], one["missing_branches"]) for name, one in document["files"].items()} == {
        "src/room/__init__.py": ([], []),
        "src/room/signs.py": ([7], [[6, 7]]),
        "src/room/never_imported.py": ([1], []),
    }
    totals = document["totals"]
    assert (totals["num_statements"], totals["covered_lines"]) == (7, 5)
    assert (totals["num_branches"], totals["covered_branches"]) == (2, 1)


def test_what_a_test_runs_in_a_copy_of_the_project_counts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    document = measure(ROOM, project(tmp_path, copy=TEST_OF_COPY))

    assert document["files"].keys() == {f"src/room/{name}.py" for name in ("__init__", "signs", "never_imported")}
    assert document["files"]["src/room/signs.py"]["missing_lines"] == []


def test_what_lies_in_rooms_is_not_counted_with_what_lies_above_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    within = tmp_path / "src/room/below/within/module.py"
    within.parent.mkdir(parents=True)
    within.write_text("x = 1\n")

    document = measure(Room(TOP, "src/room", ("tests/room",)), project(tmp_path))

    assert document["files"].keys() == {f"src/room/{name}.py" for name in ("__init__", "signs", "never_imported")}


def test_tests_that_need_a_whole_run_are_left_out(tmp_path: Path) -> None:
    assert measure(ROOM, project(tmp_path, whole=TEST_OF_WHOLE_RUN))["totals"]["covered_lines"] == 5


def test_they_count_in_the_room_that_prepares_and_ends_runs(tmp_path: Path) -> None:
    room = Room("app", "src/room", ("tests/room",))

    with pytest.raises(FailingTests):  # the run is tried, and there is none
        measure(room, project(tmp_path, whole=TEST_OF_WHOLE_RUN))


def test_what_tests_run_that_fail_is_no_figure(tmp_path: Path) -> None:
    with pytest.raises(FailingTests, match="tests/room"):
        measure(ROOM, project(tmp_path, expected=-1))


def test_loops_are_run_by_python_where_it_is_so_declared(tmp_path: Path) -> None:
    zonal, espa = (Room(name, f"src/entropice/{name}", (f"tests/{name}",)) for name in ("zonal", "espa"))

    assert environment(zonal, tmp_path, "scratch")["NUMBA_DISABLE_JIT"] == "1"
    assert "coverage_gate.uncompiled" in command(zonal, tmp_path)
    assert environment(espa, tmp_path, "scratch")["NUMBA_CACHE_DIR"] == "scratch/loops"
    assert "coverage_gate.uncompiled" not in command(espa, tmp_path)


@pytest.mark.parametrize(("run", "code"), [(95, 0), (94, 1)])
def test_a_room_below_its_bound_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], run: int, code: int
) -> None:
    totals = {"num_statements": 100, "covered_lines": run, "num_branches": 0, "covered_branches": 0}
    monkeypatch.setattr(make, "measure", lambda *_: {"totals": totals, "files": {}})

    assert make.main(["dggs", "--out", str(tmp_path)]) == code

    assert f"| dggs | 100 | 0 | {run}.0 % | 95 % |" in capsys.readouterr().out
    assert json.loads((tmp_path / "dggs.json").read_text())["totals"] == totals


def test_a_room_that_could_not_be_measured_keeps_no_figure_of_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def failing(*_: object) -> None:
        raise FailingTests("no")

    monkeypatch.setattr(make, "measure", failing)
    (tmp_path / "dggs.json").write_text("{}")

    assert make.main(["dggs", "--out", str(tmp_path)]) == 1

    assert list(tmp_path.iterdir()) == []


def test_no_room_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert make.main(["attic"]) == 2

    assert "attic. Rooms: acquisition" in capsys.readouterr().err

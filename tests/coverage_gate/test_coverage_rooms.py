"""Rooms that are measured, and their bounds."""

from pathlib import Path

from coverage_gate.rooms import BESIDE, CORE, TOP, UNCOMPILED, WHOLE_RUNS, rooms

PROJECT = Path(__file__).parents[2]


def test_every_room_of_the_package_has_tests_and_is_measured() -> None:
    packages = {path.parent.name for path in (PROJECT / "src/entropice").glob("*/__init__.py")}

    assert {room.name for room in rooms(PROJECT)} == packages | {"plugin_core", TOP}


def test_modules_in_no_room_have_the_tests_called_after_them_and_nothing_of_any_room() -> None:
    (top,) = (room for room in rooms(PROJECT) if room.name == TOP)

    assert top.source == "src/entropice"
    assert {"tests/test_runs.py", "tests/test_processes.py"} <= set(top.tests)
    assert "tests/test_docstrings.py" not in top.tests
    assert top.omitted == "*/src/entropice/*/*"
    assert {room.omitted for room in rooms(PROJECT) if room.name != TOP} == {""}


def test_what_is_declared_of_a_room_is_there() -> None:
    names = {room.name for room in rooms(PROJECT)}

    assert CORE | UNCOMPILED | WHOLE_RUNS | BESIDE.keys() <= names
    assert all((PROJECT / "tests" / one).exists() for paths in BESIDE.values() for one in paths)


def test_bounds() -> None:
    assert {room.name for room in rooms(PROJECT) if room.bound == 95} == CORE
    assert {room.bound for room in rooms(PROJECT)} == {95, 90}

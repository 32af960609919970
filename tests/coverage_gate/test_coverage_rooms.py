"""Rooms that are measured, and their bounds."""

from pathlib import Path

from coverage_gate.rooms import BESIDE, CORE, UNCOMPILED, rooms

PROJECT = Path(__file__).parents[2]


def test_every_room_of_the_package_has_tests_and_is_measured() -> None:
    packages = {path.parent.name for path in (PROJECT / "src/entropice").glob("*/__init__.py")}

    assert {room.name for room in rooms(PROJECT)} == packages | {"plugin_core"}


def test_what_is_declared_of_a_room_is_there() -> None:
    names = {room.name for room in rooms(PROJECT)}

    assert CORE | UNCOMPILED | BESIDE.keys() <= names
    assert all((PROJECT / "tests" / one).exists() for paths in BESIDE.values() for one in paths)


def test_bounds() -> None:
    assert {room.name for room in rooms(PROJECT) if room.bound == 95} == CORE
    assert {room.bound for room in rooms(PROJECT)} == {95, 90}

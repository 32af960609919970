"""Which lines and branches of a room its tests run, by coverage.py."""

import json
import os
import subprocess  # nosec B404
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from coverage import Coverage

from coverage_gate.rooms import Room

COMPILED: Final = r"^@compiled"
"""Decorators of functions that numba compiles: no line in them is seen by Python."""

GATE: Final = Path(__file__).parent

OWN_TESTS: Final = ("-p", "coverage_gate.own_tests")

UNCOMPILED_OPTIONS: Final = (
    *("-p", "coverage_gate.uncompiled"),
    *("-W", "ignore:invalid value encountered:RuntimeWarning", "-W", "ignore:divide by zero:RuntimeWarning"),
    *("-W", "ignore:overflow encountered:RuntimeWarning"),
)
"""NumPy's numbers warn of 0 / 0, of which compiled ones make NaN in silence."""


class FailingTests(Exception):
    """Tests of a room do not pass, so that what they run says nothing."""


def measure(room: Room, project: Path) -> dict[str, Any]:
    """Run a room's tests, and report as ``coverage json`` does, of its modules alone.

    Loops are compiled anew, as the code that emits instructions runs only then.

    Raises
    ------
    FailingTests
        A test does not pass.
    """
    with tempfile.TemporaryDirectory() as scratch:
        data = Path(scratch) / "data"
        variables = environment(room, project, scratch)
        done = subprocess.run(command(room, data), cwd=project, env=variables, check=False)  # noqa: S603  # nosec B603
        if done.returncode:
            raise FailingTests(f"The tests of {room.name} do not pass: {' '.join(room.tests)}.")
        return report(room, project, data)


def command(room: Room, data: Path) -> list[str]:
    """What runs a room's tests and writes to `data` which lines and branches were run."""
    sources = ",".join((room.source, *room.package))
    measured = ["coverage", "run", f"--data-file={data}", f"--source={sources}", f"--omit={room.omitted}"]
    options = (() if room.counts_whole_runs else OWN_TESTS) + (UNCOMPILED_OPTIONS if room.is_uncompiled else ())
    return [sys.executable, "-m", *measured, "-m", "pytest", "-q", *options, *room.tests]


def environment(room: Room, project: Path, scratch: str) -> Mapping[str, str]:
    """Variables that the tests run with."""
    paths = [str(GATE.parent), str(project / "src"), os.environ.get("PYTHONPATH", "")]
    loops = {"NUMBA_DISABLE_JIT": "1"} if room.is_uncompiled else {"NUMBA_CACHE_DIR": f"{scratch}/loops"}
    return os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, paths))} | loops


def report(room: Room, project: Path, data: Path) -> dict[str, Any]:
    """What was run, of all processes and copies of the project together: the document of ``coverage json``."""
    found = Coverage(data_file=str(data), config_file=str(project / "pyproject.toml"), messages=False)
    found.set_option("paths", {"copies": [str(project / room.source), f"*/{room.source}"]})
    found.combine()
    if not room.is_uncompiled:
        found.exclude(COMPILED)
    written = data.with_suffix(".json")
    found.json_report(outfile=str(written))
    document: dict[str, Any] = json.loads(written.read_text(encoding="utf-8"))
    return document

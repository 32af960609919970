"""One fault in a copy of the project, and what its tests say of it."""

import os
import signal
import subprocess  # nosec B404
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

import pytest

# What most rooms import and no fault touches is imported once: every trial is a fork of a process that has it.
PRELOADED = (
    "geopandas",
    "h3",
    "healpy",
    "hypothesis",
    "kedro.io",
    "matplotlib",
    "numba",
    "pandas",
    "pytest",
    "rasterio",
    "scipy.stats",
    "sklearn.ensemble",
    "torch",
    "xarray",
    "zarr",
)
PRELOADED_WARNING = "ignore:Module already imported:pytest.PytestAssertRewriteWarning"
OPTIONS = ("-x", "-q", "-p", "no:cacheprovider", "-p", "no:xdist", "-rfE", "--tb=no", "-W", PRELOADED_WARNING)
_PASSED, _NO_TESTS = 0, 5


@dataclass(frozen=True)
class Outcome:
    """What became of a fault: ``killed``, ``survived``, ``timeout`` or, where no test reaches it, ``untested``."""

    word: str
    seconds: float
    noticed_by: str


def copy_tree(project: Path, target: Path) -> Path:
    """The files of a working tree that git knows or would know, with their compiled forms checked by content."""
    command = ["git", "-C", str(project), "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, capture_output=True, check=True)  # noqa: S603 - a fixed command  # nosec B603
    for name in filter(None, listed.stdout.decode().split("\0")):
        if (project / name).is_file():
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            (target / name).write_bytes((project / name).read_bytes())
    compiled = ["-m", "compileall", "-q", "--invalidation-mode", "checked-hash", "src", "qgis_plugin"]
    subprocess.run([sys.executable, *compiled], cwd=target, check=True)  # noqa: S603 - a fixed command  # nosec B603
    return target


@contextmanager
def written(path: Path, text: str) -> Iterator[None]:
    """A file with another text, for as long as the context lasts."""
    before = path.read_bytes()
    path.write_text(text, encoding="utf-8")
    try:
        yield
    finally:
        path.write_bytes(before)


def run_tests(tree: Path, files: Sequence[Path], limit_s: float) -> Outcome:
    """Run files of tests (paths below `tree`) until the first failure, for `limit_s` at most."""
    if not files:
        return Outcome("untested", 0.0, "")
    context = get_context("forkserver")
    context.set_forkserver_preload(list(PRELOADED))
    said = tree.parent / "said.txt"
    process = context.Process(target=_tested, args=(tree, [str(file) for file in files], said))
    begun = time.monotonic()
    process.start()
    process.join(limit_s)
    seconds = time.monotonic() - begun
    if process.exitcode is None:
        os.killpg(process.pid or 0, signal.SIGKILL)
        process.join()
        return Outcome("timeout", seconds, "")
    word = {_PASSED: "survived", _NO_TESTS: "untested"}.get(process.exitcode, "killed")
    return Outcome(word, seconds, _first_failure(said) if word == "killed" else "")


def _tested(tree: Path, files: Sequence[str], said: Path) -> None:
    """Run tests in a process of a group of its own, which knows the copy alone; its exit status is theirs."""
    os.setsid()
    os.chdir(tree)
    os.environ |= {"PYTHONPATH": str(tree / "src"), "PYTHONDONTWRITEBYTECODE": "1"}
    sys.dont_write_bytecode = True
    sys.path[:0] = [str(tree), str(tree / "src")]
    with said.open("w") as stream:
        os.dup2(stream.fileno(), 1)
        os.dup2(stream.fileno(), 2)
    # A folder of its own for what tests write: pytest would otherwise clear away what all its last runs have left.
    code = pytest.main([*OPTIONS, f"--basetemp={said.with_name('written')}", *files])
    sys.stdout.flush()
    os._exit(int(code))


def _first_failure(said: Path) -> str:
    lines = said.read_text(encoding="utf-8", errors="replace").splitlines()
    named = (line.split(" ", 2)[1] for line in lines if line.startswith(("FAILED ", "ERROR ")))
    return next(named, lines[-1] if lines else "ended without a word")

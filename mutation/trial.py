"""One fault in a copy of the project, and what its tests say of it."""

import math
import os
import resource
import shutil
import signal
import subprocess  # nosec B404
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from unittest.mock import patch

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
OPTIONS = (
    *("-x", "-q", "-rfE", "--tb=no", "-p", "no:cacheprovider", "-p", "no:xdist", "-W", PRELOADED_WARNING),
    *("--doctest-modules", "-o", "doctest_optionflags=ELLIPSIS"),
    # The folder of the plugin is called as the package is: its modules are known by their whole names alone.
    *("-o", "consider_namespace_packages=true"),
)
_PASSED, _NO_TESTS = 0, 5
PATIENCE = 10.0
BREAKDOWN = "Fatal Python error"  # pytest's fault handler begins so, and ends with pages of names


@dataclass(frozen=True)
class Outcome:
    """What became of a fault: ``killed``, ``survived``, ``timeout`` or, where no test reaches it, ``untested``."""

    word: str
    cpu_s: float
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
    """Run files of tests (paths below `tree`) until the first failure.

    They end after `limit_s` seconds of computing, which other work on the machine does not shorten, or `PATIENCE` times
    as many that have passed, where they wait for something.
    """
    if not files:
        return Outcome("untested", 0.0, "")
    context = get_context("forkserver")
    context.set_forkserver_preload(list(PRELOADED))
    said = tree.parent / "said"
    shutil.rmtree(said, ignore_errors=True)
    said.mkdir()
    process = context.Process(target=_tested, args=(tree, [str(file) for file in files], said, limit_s))
    process.start()
    process.join(PATIENCE * limit_s)
    status = process.exitcode
    with suppress(ProcessLookupError):  # what it started ends with it
        os.killpg(process.pid or 0, signal.SIGKILL)
    process.join()
    if status is None:
        return Outcome("timeout", limit_s, "")
    word = {_PASSED: "survived", _NO_TESTS: "untested", -signal.SIGXCPU: "timeout"}.get(status, "killed")
    cpu_s = float(_read(said / "cpu_s") or limit_s)
    return Outcome(word, round(cpu_s, 1), _first_failure(_read(said / "output")) if word == "killed" else "")


def _tested(tree: Path, files: Sequence[str], said: Path, limit_s: float) -> None:
    """Run tests in a process of a group of its own, which knows the copy alone; its exit status is theirs."""
    os.setsid()
    os.chdir(tree)
    os.environ |= {"PYTHONPATH": str(tree / "src"), "PYTHONDONTWRITEBYTECODE": "1"}
    sys.dont_write_bytecode = True
    sys.path[:0] = [str(tree), str(tree / "src")]
    with (said / "output").open("w") as stream:
        os.dup2(stream.fileno(), 1)
        os.dup2(stream.fileno(), 2)
    resource.setrlimit(resource.RLIMIT_CPU, (math.ceil(limit_s), resource.RLIM_INFINITY))
    # A folder of its own for what tests write: pytest would otherwise clear away what all its last runs have left.
    # What a user starts has no parent: a process that has one draws no bars.
    with patch("multiprocessing.parent_process", lambda: None):
        code = pytest.main([*OPTIONS, f"--basetemp={said / 'written'}", *files])
    sys.stdout.flush()
    used = [resource.getrusage(whose) for whose in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    (said / "cpu_s").write_text(str(sum(each.ru_utime + each.ru_stime for each in used)))
    os._exit(int(code))


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8", errors="replace") if path.exists() else ""


def _first_failure(output: str) -> str:
    lines = output.splitlines()
    named = [line.split(" ", 2)[1] for line in lines if line.startswith(("FAILED ", "ERROR "))]
    broken = [line for line in lines if line.startswith(BREAKDOWN)]
    return next(iter([*named, *broken, *lines[-1:]]), "ended without a word")

"""CPU time as the minimum over interleaved repeats, memory in a process of its own, and Markdown for both."""

import multiprocessing
import os
import platform
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final, TypeVar

from threadpoolctl import threadpool_info

PACKAGES: Final = ("numpy", "numba", "scikit-learn", "zarr")
MEGABYTE: Final = 1e6

Result = TypeVar("Result")


def interleaved_minima(
    tasks: Mapping[str, Callable[[], object]], n_repeats: int, clock: Callable[[], float] = time.process_time
) -> dict[str, float]:
    """Run all tasks in turn, so that a disturbance hits all alike; return the lowest time in s of each.

    A first round, in which code is compiled and memory first touched, does not count.
    """
    lowest: dict[str, float] = {}
    for task in tasks.values():
        task()
    for _ in range(n_repeats):
        for name, task in tasks.items():
            begin_s = clock()
            task()
            lowest[name] = min(clock() - begin_s, lowest.get(name, float("inf")))
    return lowest


@dataclass(frozen=True)
class Usage:
    """Resources a task took: wall and CPU time, and by how much the memory of its process rose at its highest."""

    wall_s: float
    cpu_s: float
    memory_mb: float


def measured(task: Callable[[], Result]) -> tuple[Result, Usage]:
    """Run a task; return its result and what it took.

    Memory is the peak of the resident set (Linux' ``VmHWM``) above the resident set before; pages of a memory-mapped
    file count while they are resident. ``ru_maxrss`` would not do: a child process begins with that of its parent.
    """
    before_mb, begin_s, begin_cpu_s = _resident_mb("VmRSS"), time.perf_counter(), time.process_time()
    result = task()
    wall_s, cpu_s = time.perf_counter() - begin_s, time.process_time() - begin_cpu_s
    return result, Usage(wall_s, cpu_s, _resident_mb("VmHWM") - before_mb)


def highest_mb() -> float:
    """Memory of this process at its highest so far, code and all."""
    return _resident_mb("VmHWM")


def _resident_mb(field: str) -> float:
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    kibibytes = next(int(line.split()[1]) for line in lines if line.startswith(f"{field}:"))
    return kibibytes * 1024 / MEGABYTE


def in_own_process(task: Callable[..., Result], *arguments: Any) -> Result:
    """Run a task in a fresh process, whose memory holds nothing else."""
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as process:
        return process.submit(task, *arguments).result()


def markdown_table(titles: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Spell a Markdown table."""
    lines = [titles, ["---"] * len(titles), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def against(value: float, relation: str, target: float, unit: str = "") -> str:
    """Spell a value beside its target (``"<="`` or ``">="``), and by how much it misses.

    >>> against(1.4, "<=", 1.5)
    '1.40 (≤ 1.5: met)'
    >>> against(4.5, ">=", 5.0)
    '4.50 (≥ 5: missed by 10.0 %)'
    """
    is_met = value <= target if relation == "<=" else value >= target
    verdict = "met" if is_met else f"missed by {abs(value / target - 1):.1%}".replace("%", " %")
    return f"{value:.2f}{unit} ({'≤' if relation == '<=' else '≥'} {target:g}{unit}: {verdict})"


def circumstances() -> str:
    """Say when and on what the figures were measured."""
    versions = ", ".join(f"{name} {version(name)}" for name in PACKAGES)
    load = ", ".join(f"{average:.2f}" for average in os.getloadavg())
    return (
        f"{datetime.now(UTC):%Y-%m-%d}; {_cpu_model()}, {os.cpu_count()} cores; load averages at the end {load}; "
        f"Python {platform.python_version()}, {versions}; {_linear_algebra()}."
    )


def _cpu_model() -> str:
    lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    names = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(names, platform.machine())


def _linear_algebra() -> str:
    """Libraries and the kernels they chose."""
    libraries = [library for library in threadpool_info() if library["user_api"] == "blas"]
    return ", ".join(f"{each['internal_api']} {each['version']} ({each.get('architecture')})" for each in libraries)

"""CPU time of Kedro's commands that compute nothing: ``python -m benchmarks.cold_start``.

Each command is a process of its own; the peer is ``kedro --version``, which reads no project. The first round, which
does not count, brings the run up to date.
"""

import argparse
import resource
import subprocess  # nosec B404
import sys
from functools import partial
from typing import Final

from benchmarks.measuring import interleaved_minima

PEER: Final = "kedro --version"
NO_OP_RUN: Final = "kedro run --env test"
TARGETS: Final = {"kedro registry list": 1.4, NO_OP_RUN: 2.0}
"""Commands, and what multiple of the peer's time each may take."""


def main() -> None:
    """Print what `report` measures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeats", type=int, default=5)
    print(report(parser.parse_args().repeats))  # noqa: T201


def report(n_repeats: int) -> str:
    """A table of CPU times, their ratios to the peer's, and the targets."""
    tasks = {command: partial(_call, command) for command in (PEER, *TARGETS)}
    cpu_s = interleaved_minima(tasks, n_repeats, _children_cpu_s)
    rows = [
        f"| `{name}` | {time_s:.2f} | {time_s / cpu_s[PEER]:.2f} | {TARGETS.get(name, '')} |"
        for name, time_s in cpu_s.items()
    ]
    return "\n".join(["| command | CPU time (s) | ratio | target |", "|---|---|---|---|", *rows])


def _call(command: str) -> None:
    _, *arguments = command.split()
    subprocess.run([sys.executable, "-m", "kedro", *arguments], check=True, capture_output=True)  # noqa: S603 - our own commands  # nosec B603


def _children_cpu_s() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    main()

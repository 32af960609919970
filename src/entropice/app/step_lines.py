"""A line on the terminal for each step that has run: its name, how long it took, and why it ran."""

import time
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Final

from kedro.framework.hooks import hook_impl

from entropice.io.step_seconds import Measured, note_step, peak_bytes
from entropice.progress import bar, show
from entropice.tiles.progress import duration

if TYPE_CHECKING:
    from kedro.pipeline import Node

    from entropice.app.context import ComposedContext

NAME_WIDTH: Final = 34
"""Of the longest name of a step."""


@dataclass
class _Step:
    begun_s: float
    unsaved: set[str]
    bar: ExitStack


class StepLines:
    """Hooks that time every step from its first input's reading to its last output's writing, with any runner."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._running: dict[str, _Step] = {}
        self._reasons: dict[str, str] = {}
        self._logs, self._grid = Path(), ""

    @hook_impl
    def after_context_created(self, context: "ComposedContext") -> None:
        """Keep what the reasons to run are written to, and where what steps took is noted.

        Reasons are those of the incremental state, by name of the step; what steps took goes to ``logs`` of the work
        root, under the last part of the grid's folder: the key of the grid, or the size where the run has one.
        """
        self._reasons = context.incremental_state.reasons
        self._logs, self._grid = context.work_root / "logs", context.grid_root.name

    @hook_impl
    def before_dataset_loaded(self, node: "Node") -> None:
        """A step begins with its first input.

        Kedro calls it for each input; only the first counts, from which on a bar is shown.
        """
        self._begin(node)

    @hook_impl
    def before_node_run(self, node: "Node") -> None:
        """A step without inputs begins here.

        For a step with inputs, which has begun already, nothing happens.
        """
        self._begin(node)

    @hook_impl
    def after_dataset_saved(self, dataset_name: str, node: "Node") -> None:
        """A step ends with its last output.

        Its time and the process's peak of memory are noted as a line of ``logs/step_seconds.jsonl`` of the work root
        (``grid step seconds peak_bytes``), and its line is shown: name, time, and why it ran.
        """
        step = self._running[node.name]
        step.unsaved.discard(dataset_name)
        if not step.unsaved:
            del self._running[node.name]
            step.bar.close()
            seconds = time.monotonic() - step.begun_s
            note_step(self._logs, self._grid, node.name, Measured(seconds, peak_bytes()))
            show(_line(node.name, seconds, self._reasons.get(node.name, "")))

    def _begin(self, node: "Node") -> None:
        # With a runner of threads several steps begin at the same time.
        with self._lock:
            if node.name not in self._running:
                under_way = ExitStack()
                under_way.enter_context(bar(node.name))
                self._running[node.name] = _Step(time.monotonic(), set(node.outputs), under_way)


def _line(name: str, seconds: float, reason: str) -> str:
    took = f"{seconds:.1f} s" if seconds < 100 else duration(seconds)
    return f"  {name:<{NAME_WIDTH}} {took:>8}  {reason}".rstrip()

"""Tasks as fits are, in a module of their own so that workers can import what they do."""

import logging
import os
import signal
from pathlib import Path
from typing import Any, Final

from entropice.errors import LabelError

LOGGER: Final = "entropice.fit_tasks"


def process_of(given: list[int], task: int) -> int:
    """The process that does a task, after a word in the log."""
    logging.getLogger(LOGGER).info("%d of %d", task, len(given))
    return os.getpid()


def dying(folder: Path, task: int) -> int:
    """The process dies on the first try of task 1, and on every try of task 2."""
    tried = folder / f"{task}"
    if task == 2 or (task == 1 and not tried.exists()):
        tried.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return task


def refuse(task: int) -> int:
    """An error of task 2."""
    if task == 2:
        raise LabelError("Two is none.", field="task", got=task, fix="take another")
    return task


class Rows:
    """What tasks share; counts how often this process sends it."""

    n_sent = 0

    def __getstate__(self) -> dict[str, Any]:
        Rows.n_sent += 1
        return {"n": 1}

    def __call__(self, task: int) -> int:
        """The task itself."""
        return task

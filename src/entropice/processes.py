"""Independent tasks in several processes, where their time is worth the start of those."""

import logging
import os
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache, partial
from logging.handlers import QueueHandler
from queue import SimpleQueue
from threading import Event, Thread
from typing import Final, TypeVar

from entropice.errors import ConfigError
from entropice.progress import bar
from entropice.units import BYTES_PER_GIB

Task = TypeVar("Task")
Result = TypeVar("Result")
Told = tuple[Result, list[logging.LogRecord]]

WORTH_S: Final = 8.0
"""Time of tasks, one after another, above which starting processes pays: each imports the libraries anew."""

WORTH_AGAIN_S: Final = 1.0
"""The same where they wait already: sending the tasks takes time."""

_WAITING: Final = Event()
"""Whether processes have been started."""

WATCH_S: Final = 1.0


@dataclass
class _Limits:
    """What all tasks of this process that are under way together may take: of a run, whichever thread does a step."""

    memory_bytes: int = 8 * BYTES_PER_GIB


_LIMITS: Final = _Limits()


@contextmanager
def memory_ceiling(n_bytes: int) -> Iterator[None]:
    """Let tasks that are under way together take no more memory than so many bytes, until the context ends."""
    before, _LIMITS.memory_bytes = _LIMITS.memory_bytes, n_bytes
    try:
        yield
    finally:
        _LIMITS.memory_bytes = before


def side_by_side(
    function: Callable[[Task], Result],
    tasks: Sequence[Task],
    description: str,
    n_processes: int | None = None,
    n_bytes: int = 0,
) -> list[Result]:
    """Results of all tasks in their order, the same for any number of processes, with a bar on the terminal.

    The first task is done here, and its time says whether the others are worth processes. What they log is logged here
    in the order of the tasks.

    Parameters
    ----------
    function
        Of a task; it and all tasks and results can be pickled. It is sent with every task: large arrays in it lie in
        shared memory (`entropice.shared_arrays`).
    description
        What the bar says.
    n_processes
        At most so many; as many as there are processors where it is None, and in any case no more than have room
        together below the memory ceiling.
    n_bytes
        Memory that a task takes at most, beside what lies there already and what any process takes.

    Raises
    ------
    ConfigError
        A task needs more memory than the ceiling; no task has been begun.
    Exception
        What a task raises; the tasks after it are given up.
    """
    n_processes = _with_room(n_bytes, description, n_processes)
    with bar(description, len(tasks)) as update:
        begin_s = time.monotonic()
        found = [function(task) for task in tasks[:1]]
        left_s = (time.monotonic() - begin_s) * (len(tasks) - 1)
        is_worth_it = left_s >= (WORTH_AGAIN_S if _WAITING.is_set() else WORTH_S)
        for result in _rest(function, tasks[1:], n_processes if is_worth_it else 1):
            update(len(found), f"{len(found):,} of {len(tasks):,}")
            found.append(result)
    return found


def require_room(n_bytes: int, description: str) -> None:
    """Pass only if a task that takes so many bytes has room below the memory ceiling.

    Raises
    ------
    ConfigError
        It has not.
    """
    ceiling_bytes = _LIMITS.memory_bytes
    if n_bytes > ceiling_bytes:
        raise ConfigError(
            f"{description}: one task alone takes more memory than all tasks together may.",
            field="tiles.memory_ceiling_gib",
            got=f"{ceiling_bytes / BYTES_PER_GIB:g}",
            expected=f"at least {n_bytes / BYTES_PER_GIB:.2f}",
            fix="raise tiles.memory_ceiling_gib; results do not depend on it",
        )


def _with_room(n_bytes: int, description: str, n_processes: int | None) -> int:
    """How many processes have room below the ceiling."""
    from joblib import cpu_count

    require_room(n_bytes, description)
    return min(cpu_count() if n_processes is None else n_processes, _LIMITS.memory_bytes // max(n_bytes, 1))


def _rest(function: Callable[[Task], Result], tasks: Sequence[Task], n_processes: int) -> Iterator[Result]:
    from joblib import Parallel, delayed

    n_workers = min(n_processes, len(tasks))
    if n_workers < 2:
        yield from map(function, tasks)
        return
    _WAITING.set()
    level = logging.getLogger(__package__).getEffectiveLevel()
    # Nothing is mapped to files: a kill would leave them behind.
    in_processes = Parallel(n_jobs=n_workers, batch_size=1, return_as="generator", max_nbytes=None)
    for result, records in in_processes(delayed(partial(_recorded, function, level))(task) for task in tasks):
        for record in records:
            _log_again(record)
        yield result


def _recorded(function: Callable[[Task], Result], level: int, task: Task) -> Told[Result]:
    """Do a task, and keep what it logs and warns of."""
    _end_with_parent()
    queue: SimpleQueue[logging.LogRecord] = SimpleQueue()
    handler, root = QueueHandler(queue), logging.getLogger()
    logging.captureWarnings(True)
    root.addHandler(handler)
    root.setLevel(level)
    try:
        result = function(task)
    finally:
        root.removeHandler(handler)
    return result, [queue.get() for _ in range(queue.qsize())]


@cache
def _end_with_parent() -> None:
    """Watch for the end of the process that started this one: left alone, it would wait for tasks for minutes."""
    Thread(target=_exit_without, args=(os.getppid(),), daemon=True).start()


def _exit_without(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(WATCH_S)
    os._exit(1)


def _log_again(record: logging.LogRecord) -> None:
    logger = logging.getLogger(record.name)
    if logger.isEnabledFor(record.levelno):
        logger.handle(record)

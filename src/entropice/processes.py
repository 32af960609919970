"""Independent tasks in several processes, where their time is worth the start of those."""

import logging
import os
import time
from collections.abc import Callable, Iterator, Sequence
from functools import cache, partial
from logging.handlers import QueueHandler
from queue import SimpleQueue
from threading import Event, Thread
from typing import Any, Final, TypeVar

from entropice.progress import bar

Task = TypeVar("Task")
Result = TypeVar("Result")
Told = tuple[Result, list[logging.LogRecord]]

WORTH_S: Final = 2.0
"""Time of tasks, one after another, above which starting processes pays: each imports the libraries anew."""

WORTH_AGAIN_S: Final = 1.0
"""The same where they wait already: sending the tasks takes time."""

_STARTED: Final = Event()
"""Whether processes have been started."""

_READY: Final = Event()
"""Whether they wait for tasks."""

WATCH_S: Final = 1.0


def side_by_side(
    function: Callable[[Task], Result], tasks: Sequence[Task], description: str, n_processes: int | None = None
) -> list[Result]:
    """Results of all tasks in their order, the same for any number of processes, with a bar on the terminal.

    The first task is done here, and its time says whether the others are worth processes; until those have started,
    more tasks are done here. What they log is logged here in the order of the tasks.

    Parameters
    ----------
    function
        Of a task; it and all tasks and results can be pickled.
    description
        What the bar says.
    n_processes
        At most so many; as many as there are processors where it is None.

    Raises
    ------
    Exception
        What a task raises; the tasks after it are given up.
    """
    with bar(description, len(tasks)) as update:
        found: list[Result] = []
        for result in _results(function, tasks, n_processes):
            found.append(result)
            update(len(found), f"{len(found):,} of {len(tasks):,}")
    return found


def start_processes(function: Callable[[Any], Any], n_processes: int) -> Thread:
    """Start processes that have imported what a function needs; the thread ends when they wait for tasks."""
    _STARTED.set()
    thread = Thread(target=_start, args=(function, n_processes), name="start of processes")
    thread.start()
    return thread


def _start(function: Callable[[Any], Any], n_processes: int) -> None:
    list(_in_processes(_imported, [function] * n_processes, n_processes))
    _READY.set()


def _imported(_: Callable[[Any], Any]) -> None:
    """Nothing: to read a function, a process has to import where it stands."""


def _results(function: Callable[[Task], Result], tasks: Sequence[Task], n_processes: int | None) -> Iterator[Result]:
    from joblib import cpu_count

    n_workers = min(cpu_count() if n_processes is None else n_processes, len(tasks) - 1)
    begin_s = time.monotonic()
    for n_done, task in enumerate(tasks, start=1):
        yield function(task)
        left_s = (time.monotonic() - begin_s) / n_done * (len(tasks) - n_done)
        if n_workers < 2 or left_s < WORTH_AGAIN_S:
            continue
        if _READY.is_set():
            yield from _told_again(function, tasks[n_done:], n_workers)
            return
        if left_s >= WORTH_S and not _STARTED.is_set():
            start_processes(function, n_workers)


def _told_again(function: Callable[[Task], Result], tasks: Sequence[Task], n_processes: int) -> Iterator[Result]:
    level = logging.getLogger(__package__).getEffectiveLevel()
    for result, records in _in_processes(partial(_recorded, function, level), tasks, n_processes):
        for record in records:
            _log_again(record)
        yield result


def _in_processes(function: Callable[[Task], Result], tasks: Sequence[Task], n_processes: int) -> Iterator[Result]:
    from joblib import Parallel, delayed

    # Nothing is mapped to files: a kill would leave them behind.
    in_processes = Parallel(n_jobs=n_processes, batch_size=1, return_as="generator", max_nbytes=None)
    yield from in_processes(delayed(function)(task) for task in tasks)


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

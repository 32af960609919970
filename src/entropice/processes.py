"""Independent tasks in several processes, where their time is worth the start of those, or on the run's workers."""

import logging
import os
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache, partial
from logging.handlers import QueueHandler
from multiprocessing import parent_process
from queue import SimpleQueue
from threading import Event, Lock, Thread
from typing import Any, Final, TypeVar

from entropice.errors import ConfigError
from entropice.progress import bar
from entropice.units import BYTES_PER_GIB

Task = TypeVar("Task")
Result = TypeVar("Result")
Told = tuple[Result, list[logging.LogRecord]]
HandOut = Callable[[Callable[[Any], Any], Sequence[Any], str, int], Iterator[Any]]
"""Takes a function, its tasks, what they are and the memory of each; yields results in the order of the tasks."""

WORTH_S: Final = 8.0
"""Time of tasks, one after another, above which starting processes pays: each imports the libraries anew."""

WORTH_AGAIN_S: Final = 1.0
"""The same where they wait already: sending the tasks takes time."""

_WAITING: Final = Event()
"""Whether processes have been started."""

_ONE_AT_A_TIME: Final = Lock()
"""Of tasks in one process, whatever its threads: compiled loops and settings of threads belong to the process."""

WATCH_S: Final = 1.0


@dataclass
class _Run:
    """What holds for all tasks of this process: of a run, whichever thread does a step.

    Attributes
    ----------
    memory_bytes
        What those that are under way together may take.
    hand_out
        Has them done elsewhere; None where processes of this machine do them.
    """

    memory_bytes: int = 8 * BYTES_PER_GIB
    hand_out: HandOut | None = None


_RUN: Final = _Run()


@contextmanager
def memory_ceiling(n_bytes: int) -> Iterator[None]:
    """Let tasks that are under way together take no more memory than so many bytes, until the context ends.

    It is that of this process and all of its threads; the ceiling from before holds again afterwards, however it ends.
    Without one it is 8 GiB. Nothing is measured: tasks say what they take.
    """
    before, _RUN.memory_bytes = _RUN.memory_bytes, n_bytes
    try:
        yield
    finally:
        _RUN.memory_bytes = before


@contextmanager
def handed_out(hand_out: HandOut | None) -> Iterator[None]:
    """Have tasks done elsewhere until the context ends; by processes of this machine where it is None.

    It holds for this process and all of its threads; afterwards tasks are done as before.
    """
    before, _RUN.hand_out = _RUN.hand_out, hand_out
    try:
        yield
    finally:
        _RUN.hand_out = before


def side_by_side(
    function: Callable[[Task], Result],
    tasks: Sequence[Task],
    description: str,
    n_processes: int | None = None,
    n_bytes: int = 0,
    n_shared_bytes: int = 0,
) -> list[Result]:
    """Results of all tasks in their order, the same whoever does them, with a bar on the terminal.

    Without a cluster the first task is done here, and its time says whether the others are worth processes: its time
    times their number is 8 s or more, or 1 s or more once this process has started some. With one (`handed_out`) the
    workers do all of them. No tasks give an empty list. What they log is logged here in the order of the tasks.

    Parameters
    ----------
    function
        Of a task; it and all tasks and results can be pickled. It is sent to a process with every task, so large arrays
        in it lie in shared memory (`entropice.shared_arrays`); to a worker of a cluster it is sent once.
    description
        What the bar says.
    n_processes
        At most so many; as many as there are processors where it is None, and in any case no more than have room
        together below the memory ceiling. With 1 all is done here, whatever workers there are.
    n_bytes
        Memory that a task takes at most, beside what lies there already and what any process takes.
    n_shared_bytes
        Memory of the arrays in `function`, of which each worker of a cluster has its own.

    Raises
    ------
    ConfigError
        A task needs more memory than the ceiling; no task has been begun.
    RunStateError
        No scheduler answers, or the workers of a task have died.
    Exception
        What a task raises; the tasks after it are given up.

    Examples
    --------
    >>> side_by_side(abs, [-2, 1, -3], "sizes", n_processes=1)
    [2, 1, 3]
    """
    # Kedro's processes, if it runs steps in several, know of the cluster and have no connection to it.
    if _RUN.hand_out is None or n_processes == 1 or parent_process() is not None:
        results = _here(function, tasks, _with_room(n_bytes, description, n_processes))
    else:
        told = _RUN.hand_out(_telling(function), tasks, description, n_bytes + n_shared_bytes)
        results = map(_told_here, told)
    found: list[Result] = []
    with bar(description, len(tasks)) as update:
        for result in results:
            found.append(result)
            update(len(found), f"{len(found):,} of {len(tasks):,}")
    return found


def _here(function: Callable[[Task], Result], tasks: Sequence[Task], n_processes: int) -> Iterator[Result]:
    begin_s = time.monotonic()
    yield from map(function, tasks[:1])
    left_s = (time.monotonic() - begin_s) * (len(tasks) - 1)
    is_worth_it = left_s >= (WORTH_AGAIN_S if _WAITING.is_set() else WORTH_S)
    yield from _rest(function, tasks[1:], n_processes if is_worth_it else 1)


def require_room(n_bytes: int, description: str) -> None:
    """Pass only if a task that takes so many bytes has room below the memory ceiling.

    A task that takes exactly as much has room. `description` begins the message.

    Raises
    ------
    ConfigError
        It has not.
    """
    ceiling_bytes = _RUN.memory_bytes
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
    return min(cpu_count() if n_processes is None else n_processes, _RUN.memory_bytes // max(n_bytes, 1))


def _rest(function: Callable[[Task], Result], tasks: Sequence[Task], n_processes: int) -> Iterator[Result]:
    from joblib import Parallel, delayed

    n_workers = min(n_processes, len(tasks))
    if n_workers < 2:
        yield from map(function, tasks)
        return
    _WAITING.set()
    telling = partial(_until_parent_ends, _telling(function))
    # Nothing is mapped to files: a kill would leave them behind.
    in_processes = Parallel(n_jobs=n_workers, batch_size=1, return_as="generator", max_nbytes=None)
    yield from map(_told_here, in_processes(delayed(telling)(task) for task in tasks))


def _telling(function: Callable[[Task], Result]) -> Callable[[Task], Told[Result]]:
    """The function with what it logs and warns of, at the level of this process."""
    return partial(_recorded, function, logging.getLogger(__package__).getEffectiveLevel())


def _told_here(told: Told[Result]) -> Result:
    """A result, after what was told of it is logged here."""
    result, records = told
    for record in records:
        _log_again(record)
    return result


def _until_parent_ends(function: Callable[[Task], Result], task: Task) -> Result:
    _end_with_parent()
    return function(task)


def _recorded(function: Callable[[Task], Result], level: int, task: Task) -> Told[Result]:
    """Do a task, and keep what it logs and warns of."""
    with _ONE_AT_A_TIME:
        return _recorded_alone(function, level, task)


def _recorded_alone(function: Callable[[Task], Result], level: int, task: Task) -> Told[Result]:
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

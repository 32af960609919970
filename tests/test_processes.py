"""Tasks side by side: the same results, words and errors as one after another."""

import logging
import os
import subprocess
import sys
import time
import warnings

import pytest

from entropice import processes
from entropice.errors import ConfigError, LabelError
from entropice.processes import memory_ceiling, side_by_side

logger = logging.getLogger("entropice.tasks")

LEAVES_WORKERS = """
import os, time
from entropice import processes
processes.WORTH_S = 0.0
def work(task):
    os.write(1, f"{os.getpid()}\\n".encode())
    time.sleep(60 * task)
    return task
processes.side_by_side(work, [0, 1, 1], "tasks", 2)
"""


def square(task):
    logger.info("Task %d is done.", task)
    if task == 3:
        warnings.warn("three", stacklevel=1)
    return task * task, os.getpid()


def in_time(seconds):
    time.sleep(seconds)
    return seconds, os.getpid()


def refuse(task):
    if task == 2:
        raise LabelError("Two is none.", field="task", got=task, fix="take another")
    return task


@pytest.fixture
def worth_it(monkeypatch):
    for worth_s in ("WORTH_S", "WORTH_AGAIN_S"):
        monkeypatch.setattr(processes, worth_s, 0.0)


@pytest.mark.parametrize("n_processes", [1, 2, 3])
def test_results_stand_in_the_order_of_the_tasks_for_any_number_of_processes(worth_it, n_processes):
    found = side_by_side(square, [4, 1, 5, 2], "tasks", n_processes)
    assert [result for result, _ in found] == [16, 1, 25, 4]
    own = [process == os.getpid() for _, process in found]
    assert own == ([True] * 4 if n_processes == 1 else [True, False, False, False])


def test_short_tasks_start_no_process():
    assert {process for _, process in side_by_side(square, [1, 2, 4], "tasks")} == {os.getpid()}


def test_no_task_gives_no_result():
    assert side_by_side(square, [], "tasks") == []


def test_what_tasks_log_and_warn_of_is_logged_here_in_their_order(worth_it, caplog):
    caplog.set_level(logging.INFO, "entropice")
    side_by_side(square, [5, 4, 3, 2], "tasks", 2)
    told = [record.getMessage() for record in caplog.records if record.name == "entropice.tasks"]
    assert told == [f"Task {task} is done." for task in (5, 4, 3, 2)]
    assert [record.getMessage() for record in caplog.records if "three" in record.getMessage()]


def test_details_that_nobody_asked_for_are_not_logged(worth_it, caplog):
    caplog.set_level(logging.WARNING, "entropice")
    side_by_side(square, [5, 4, 2], "tasks", 2)
    assert not caplog.records


def test_an_error_of_a_task_keeps_what_it_says(worth_it):
    with pytest.raises(LabelError) as caught:
        side_by_side(refuse, [1, 2, 3], "tasks", 2)
    assert (caught.value.field, caught.value.got, caught.value.fix) == ("task", 2, "take another")


@pytest.mark.parametrize(("ceiling_mb", "n_others"), [(2.0, 2), (1.9, 0), (1.0, 0), (20.0, 2)])
def test_no_more_processes_than_have_room_below_the_ceiling(worth_it, ceiling_mb, n_others):
    with memory_ceiling(int(ceiling_mb * 1e6)):
        found = side_by_side(in_time, [0.0] + [0.3] * 4, "tasks", 2, n_bytes=1_000_000)
    assert len({process for _, process in found} - {os.getpid()}) == n_others
    assert [result for result, _ in found] == [0.0] + [0.3] * 4


def test_a_task_larger_than_the_ceiling_is_refused_before_any_is_begun():
    begun = []
    with memory_ceiling(2**30), pytest.raises(ConfigError) as caught:
        side_by_side(begun.append, [1, 2], "fits", 1, n_bytes=2**30 + 2**29)
    error = caught.value
    assert not begun
    assert (error.field, error.got, error.expected) == ("tiles.memory_ceiling_gib", "1", "at least 1.50")
    assert "fits" in error.what
    assert "tiles.memory_ceiling_gib" in error.fix


def test_a_ceiling_ends_with_its_context():
    with memory_ceiling(10), pytest.raises(ConfigError):
        side_by_side(square, [1], "tasks", n_bytes=11)
    assert side_by_side(square, [2], "tasks", n_bytes=11)[0][0] == 4


def test_workers_end_with_a_killed_run():
    with subprocess.Popen([sys.executable, "-c", LEAVES_WORKERS], stdout=subprocess.PIPE, text=True) as run:
        workers = {int(run.stdout.readline()) for _ in range(3)} - {run.pid}
        run.kill()
    assert len(workers) == 2
    deadline_s = time.monotonic() + 30
    while any(map(_lives, workers)):
        assert time.monotonic() < deadline_s
        time.sleep(0.1)


def _lives(process):
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True

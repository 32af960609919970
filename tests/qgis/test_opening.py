"""A run is read beside the main thread: QGIS goes on meanwhile, tells how far it is, and can be told to stop."""

import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from entropice.adapter.checked_run import checked_run
from entropice.core.errors import RunFolderError
from entropice.core.run_folder import Run
from entropice.ui import opening
from entropice.ui.opening import Opening, ReadRunTask
from entropice.ui.plugin import EntropicePlugin
from qgis.core import QgsApplication, QgsProject
from qgis.PyQt.QtTest import QTest
from run_edits import describe_again
from waiting import wait_for_opening

LARGE_BYTES = 500_000_000


@pytest.fixture
def large_file(copied_run: Path) -> Path:
    """A run with a file that takes a while to read."""
    with (copied_run / "report.html").open("wb") as file:
        file.truncate(LARGE_BYTES)
    describe_again(copied_run)
    return copied_run


def test_files_are_read_on_another_thread_and_handed_over_on_this_one(copied_run: Path, monkeypatch):
    threads = []

    def noting(folder: Path, progress: Callable[[float], object]) -> Run:
        threads.append(threading.get_ident())
        return checked_run(folder, progress)

    monkeypatch.setattr(opening, "checked_run", noting)
    under_way = Opening(lambda _run: threads.append(threading.get_ident()), pytest.fail)
    under_way.start(copied_run)
    while under_way.tasks:
        QTest.qWait(2)
    reading, handing_over = threads
    assert reading != handing_over == threading.get_ident()


def test_progress_rises_to_the_end(plugin: EntropicePlugin, large_file: Path):
    told = []
    EntropicePlugin.open_run(plugin, large_file)
    (task,) = plugin.opening.tasks
    task.progressChanged.connect(told.append)
    wait_for_opening(plugin)
    assert len(told) > 10
    assert told == sorted(told)
    assert told[-1] == 100


def test_a_cancelled_run_leaves_no_trace(plugin: EntropicePlugin, project: QgsProject, large_file: Path):
    EntropicePlugin.open_run(plugin, large_file)
    (task,) = plugin.opening.tasks
    task.progressChanged.connect(lambda _percent: task.cancel())
    wait_for_opening(plugin)
    assert task.run_read is None
    assert not project.mapLayers()
    assert not [text for texts in plugin.iface.messageBar().messages.values() for text in texts]


def test_the_same_folder_is_opened_once_at_a_time(plugin: EntropicePlugin, project: QgsProject, copied_run: Path):
    EntropicePlugin.open_run(plugin, copied_run)
    (task,) = plugin.opening.tasks
    EntropicePlugin.open_run(plugin, copied_run)
    assert plugin.opening.tasks == (task,)
    wait_for_opening(plugin)
    assert len(project.layerTreeRoot().children()) == 1


def test_nothing_arrives_after_the_plugin_is_gone(plugin: EntropicePlugin, project: QgsProject, large_file: Path):
    EntropicePlugin.open_run(plugin, large_file)
    plugin.opening.close()
    while QgsApplication.taskManager().countActiveTasks():
        QTest.qWait(2)
    assert not project.mapLayers()


def test_what_was_read_when_the_plugin_goes_is_dropped(plugin: EntropicePlugin, project: QgsProject, copied_run: Path):
    EntropicePlugin.open_run(plugin, copied_run)
    (task,) = plugin.opening.tasks
    end_s = time.monotonic() + 20
    while task.run_read is None:
        assert time.monotonic() < end_s
        time.sleep(0.01)
    plugin.opening.close()
    while QgsApplication.taskManager().countActiveTasks():
        QTest.qWait(2)
    QTest.qWait(20)
    assert not project.mapLayers()


def test_a_refusal_is_told_and_a_fault_of_ours_is_raised(copied_run: Path, monkeypatch):
    refused = []
    (copied_run / "run.gpkg").unlink()
    under_way = Opening(pytest.fail, refused.append)
    under_way.start(copied_run)
    while under_way.tasks:
        QTest.qWait(2)
    (error,) = refused
    assert isinstance(error, RunFolderError)

    def fail(*_: object) -> Run:
        raise ZeroDivisionError

    monkeypatch.setattr(opening, "checked_run", fail)
    ends = []
    task = ReadRunTask(copied_run, ends.append)
    assert not task.run()
    assert isinstance(task.problem, ZeroDivisionError)
    under_way._tasks[copied_run] = task
    with pytest.raises(ZeroDivisionError):
        under_way._end(task)

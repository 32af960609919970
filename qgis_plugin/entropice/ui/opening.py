"""Run folders are read beside the main thread, each as a task that QGIS shows and the user can cancel."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from qgis.core import QgsApplication, QgsTask

from ..adapter.checked_run import checked_run
from ..adapter.translate import tr
from ..core.errors import RunFolderError
from ..core.image_run import ImageRun
from ..core.run_folder import Run


class Opening:
    """Reads runs and hands each over, or why it is refused, on the main thread; nothing of one that was cancelled.

    `on_read` gets the run, `on_refused` the error.
    """

    def __init__(
        self, on_read: Callable[[Run | ImageRun], object], on_refused: Callable[[RunFolderError], object]
    ) -> None:
        self._on_read = on_read
        self._on_refused = on_refused
        self._tasks: dict[Path, ReadRunTask] = {}

    @property
    def tasks(self) -> tuple[ReadRunTask, ...]:
        """The tasks that are under way, in the order in which they were begun."""
        return tuple(self._tasks.values())

    def start(self, folder: Path) -> None:
        """Begin to read a folder, unless that is being done already.

        It returns at once; the end comes on the main thread. An error that is not of the run folder is raised there,
        where QGIS shows it.
        """
        if folder not in self._tasks:
            self._tasks[folder] = ReadRunTask(folder, self._end)
            QgsApplication.taskManager().addTask(self._tasks[folder])

    def close(self) -> None:
        """Cancel everything and hand over nothing more."""
        tasks = self.tasks
        self._tasks.clear()
        for task in tasks:
            task.cancel()

    def _end(self, task: ReadRunTask) -> None:
        # It was cancelled, or the folder is being opened anew: its end concerns nobody.
        if self._tasks.get(task.folder) is not task:
            return
        del self._tasks[task.folder]
        if task.run_read is not None:
            self._on_read(task.run_read)
        elif isinstance(task.problem, RunFolderError):
            self._on_refused(task.problem)
        elif task.problem is not None:
            raise task.problem


class ReadRunTask(QgsTask):
    """Reads a folder: at its end `run_read` is the run, or `problem` what went wrong, or both are None: cancelled."""

    def __init__(self, folder: Path, on_end: Callable[[ReadRunTask], object]) -> None:
        super().__init__(tr("Opening the run %1").replace("%1", str(folder)), QgsTask.Flag.CanCancel)
        self.folder = folder
        self.run_read: Run | ImageRun | None = None
        self.problem: Exception | None = None
        self._on_end = on_end

    def run(self) -> bool:
        """Read, in a thread of QGIS; True where there is a run.

        An exception would end QGIS here, so it is kept as `problem`; a cancel leaves both None.
        """
        try:
            self.run_read = checked_run(self.folder, self._tell)
        except _CancelledError:
            return False
        except Exception as problem:
            self.problem = problem
        return self.run_read is not None

    def finished(self, result: bool) -> None:  # noqa: ARG002
        """Hand the task to `on_end`; QGIS calls this on the main thread after `run`, whose answer is `result`."""
        self._on_end(self)

    def _tell(self, share: float) -> None:
        self.setProgress(100 * share)
        if self.isCanceled():
            raise _CancelledError


class _CancelledError(Exception):
    """The user wants no more of it."""

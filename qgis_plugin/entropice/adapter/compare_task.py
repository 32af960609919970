"""A comparison off the main thread."""

from __future__ import annotations

from qgis.core import QgsFeedback, QgsProcessingException, QgsTask, QgsVectorLayer
from qgis.PyQt.QtCore import QCoreApplication

from ..core.comparison_statements import statements_on
from ..core.run_record import RunRecord, read_run_record
from .compare_cells import ComparedMaps, Source, compared_maps
from .compared_group import difference_layer
from .translate import tr


class CompareTask(QgsTask):
    """Compares two sources; after the signal `taskCompleted` its results are there.

    After `taskTerminated` `problem` is what went wrong, or None: cancelled.

    `maps` is the comparison, `difference` its layer in memory, on the main thread, `records` what the runs of A and B
    say of their scores, and `statements` what readers must know.
    """

    def __init__(self, a: Source, b: Source) -> None:
        super().__init__(tr("Compare two maps"), QgsTask.Flag.CanCancel)
        self._sources = (a, b)
        self._feedback = QgsFeedback()
        self._feedback.progressChanged.connect(self.setProgress)
        self.maps: ComparedMaps | None = None
        self.difference: QgsVectorLayer | None = None
        self.records: tuple[RunRecord, ...] = ()
        self.statements: tuple[str, ...] = ()
        self.problem: Exception | None = None

    def run(self) -> bool:
        """Compare, in a thread of QGIS; True where all results are there, False where it failed or was cancelled.

        An exception would end QGIS here beside the main thread, so it is kept as `problem`.
        """
        try:
            self.maps = compared_maps(*self._sources, self._feedback)
            self.difference = difference_layer(self.maps, self._feedback)
            self.difference.moveToThread(QCoreApplication.instance().thread())
            self.records = tuple(read_run_record(source.side.folder) for source in self._sources)
            self.statements = statements_on(self.maps.comparison, self.records[0], self.records[1])
        except QgsProcessingException:
            return False
        except Exception as problem:
            self.problem = problem
            return False
        return True

    def cancel(self) -> None:
        """Stop as soon as can be: before the next row or cell that is read; QGIS calls it when the user cancels."""
        self._feedback.cancel()
        super().cancel()

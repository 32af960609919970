"""The page that compares two maps."""

from __future__ import annotations

from qgis.core import QgsApplication, QgsProject
from qgis.gui import QgisInterface
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from ..adapter.compare_cells import source_of
from ..adapter.compare_task import CompareTask
from ..adapter.compared_group import DIFFERENCE, add_comparison, compared_layers, hide_comparison, show_theme
from ..adapter.run_on_map import RunOnMap, runs_on_map
from ..adapter.translate import tr
from ..core.comparison_side import Side, side_of
from ..core.errors import RunFolderError
from ..core.selection import Selection
from .comparison_result import ComparisonResult
from .labels import plain_label
from .messages import show_error
from .side_chooser import SideChooser
from .tab import Tab


class CompareTab(Tab):
    """Two sides to choose, and how alike they are; the difference is drawn on the map."""

    help_page = "compare"

    def __init__(self, iface: QgisInterface) -> None:
        super().__init__(iface)
        self._project = QgsProject.instance()
        self._layers: frozenset[str] = frozenset()
        self._task: CompareTask | None = None
        self._keys: list[str] = []
        self._shown: tuple[str, Selection] | None = None
        self.hint = plain_label(tr("Open a run to compare years, quantities or runs."))
        self.a, self.b = SideChooser("A"), SideChooser("B")
        self.compare = QPushButton(tr("Compare: B − A"))
        self.compare.clicked.connect(self.start)
        self.compare.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.exchange = QToolButton()
        self.exchange.setText("⇅")
        self.exchange.setToolTip(tr("Exchange A and B"))
        self.exchange.setAccessibleName(tr("Exchange A and B"))
        self.exchange.clicked.connect(self._exchange)
        self.result = ComparisonResult()
        self.result.theme_chosen.connect(self._show_theme)
        self.result.hidden.connect(self._leave)
        self._lay_out()
        self.show_run(None)

    def title(self) -> str:
        """What stands on the tab: "Compare", in the language of QGIS."""
        return tr("Compare")

    def show_run(self, run: RunOnMap | None) -> None:
        """Offer the runs of the project on both sides; None, where it has none, shows a hint.

        What was chosen stays if it is still there; when the runs have changed and no result is shown, two runs are
        suggested, or of one run its oldest and newest year. If another run or selection is shown, the comparison is
        hidden.
        """
        runs = runs_on_map(self._project) if run is not None else ()
        before, self._keys = self._keys, [offered.key for offered in runs]
        shown = (run.key, run.selection) if run is not None else None
        if shown != self._shown and self._layers:
            self._leave()
        self._shown = shown
        for side in (self.a, self.b):
            side.show_runs(runs)
        if runs and self._keys != before and self.result.isHidden():
            self._suggest(runs)
        for widget in (self.a, self.b, self.compare, self.exchange):
            widget.setVisible(run is not None)
        self.hint.setHidden(run is not None)
        if run is None:
            self.result.hide()

    def text(self) -> str:
        """What the result says, line by line; the hint where there is no run."""
        return self.hint.text() if self.a.chosen_run is None else self.result.text()

    def release(self) -> None:
        """Stop a comparison that is under way.

        Nothing that it was to show is shown any more; what is shown stays among the layers.
        """
        task, self._task = self._task, None
        if task is not None:
            task.cancel()

    def start(self) -> None:
        """Compare what is chosen, off the main thread.

        Nothing happens where a side has no run or a comparison is under way. Its layers and themes come into the
        project when it has ended; what is in its way is told in QGIS's message bar.

        Raises
        ------
        Exception
            Whatever the comparison met other than a `RunFolderError` or a cancel; raised on the main thread when the
            task has ended.
        """
        run_a, run_b = self.a.chosen_run, self.b.chosen_run
        if run_a is None or run_b is None or self._task is not None:
            return
        try:
            sides = _side(run_a, self.a), _side(run_b, self.b)
        except RunFolderError as error:
            show_error(self.iface, error)
            return
        task = CompareTask(source_of(sides[0], run_a.cells), source_of(sides[1], run_b.cells))
        task.taskCompleted.connect(lambda: self._finish(task, run_a, run_b))
        task.taskTerminated.connect(lambda: self._give_up(task))
        self._task = task
        self.compare.setEnabled(False)
        QgsApplication.taskManager().addTask(task)

    def _finish(self, task: CompareTask, run_a: RunOnMap, run_b: RunOnMap) -> None:
        if self._task is not task or task.maps is None or task.difference is None:
            return
        self._end()
        comparison = task.maps.comparison
        layers = compared_layers(comparison, task.difference, task.statements, run_a, run_b)
        self._layers = add_comparison(self._project, layers)
        self._show_theme(DIFFERENCE)
        self.result.show_comparison(comparison, task.statements, task.records[0], task.records[1])

    def _give_up(self, task: CompareTask) -> None:
        if self._task is not task:
            return
        self._end()
        if isinstance(task.problem, RunFolderError):
            show_error(self.iface, task.problem)
        elif task.problem is not None:
            raise task.problem

    def _end(self) -> None:
        self._task = None
        self.compare.setEnabled(True)

    def _show_theme(self, theme: str) -> None:
        show_theme(self._project, self._layers, theme)

    def _leave(self) -> None:
        """Back to the map of the dock; the comparison stays among the layers."""
        hide_comparison(self._project, self._layers)
        self.result.mark(None)

    def _exchange(self) -> None:
        sides = [(side.run.currentData(), side.selection) for side in (self.a, self.b)]
        self.a.choose(*sides[1])
        self.b.choose(*sides[0])

    def _suggest(self, runs: tuple[RunOnMap, ...]) -> None:
        """Two runs where there are two, else the newest year beside the oldest."""
        self.a.choose(runs[0].key, runs[0].selection)
        self.b.choose(runs[-1].key, runs[0].selection)
        if len(runs) == 1:
            self.a.year.setCurrentIndex(self.a.year.count() - 1)

    def _lay_out(self) -> None:
        buttons = QHBoxLayout()
        buttons.addWidget(self.compare, 1)
        buttons.addWidget(self.exchange)
        content = QWidget()
        column = QVBoxLayout(content)
        for widget in (self.hint, self.a, self.b):
            column.addWidget(widget)
        column.addLayout(buttons)
        column.addWidget(self.result)
        column.addStretch()
        area = QScrollArea()
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(content)
        page = QVBoxLayout(self)
        page.setContentsMargins(0, 0, 0, 0)
        page.addWidget(area)


def _side(run: RunOnMap, chooser: SideChooser) -> Side:
    selection = chooser.selection
    return side_of(run.folder, run.manifest, selection.quantity, selection.year, selection.model)

"""The page that says where to survey next."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from qgis.core import QgsApplication, QgsCoordinateTransform, QgsProject
from qgis.gui import QgisInterface
from qgis.PyQt.QtCore import QEvent, QTimer
from qgis.PyQt.QtGui import QHideEvent, QShowEvent
from qgis.PyQt.QtWidgets import (
    QFileDialog,
    QFormLayout,
    QFrame,
    QGridLayout,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from ..adapter.run_on_map import RunOnMap
from ..adapter.stored_settings import stored
from ..adapter.survey_cells import outline_of
from ..adapter.survey_files import geopackage, gpx
from ..adapter.survey_layer import plan_layer
from ..adapter.survey_task import SurveyOrder, SurveyTask
from ..adapter.translate import tr
from ..core.errors import RunFolderError
from ..core.settings import BUDGET_KM2
from ..core.survey_cells import Candidate
from ..core.survey_plan import Choice, SurveyPlan
from ..core.survey_rows import csv_text, waypoints
from ..core.survey_terms import survey_columns, survey_terms
from ..core.survey_wording import summary
from ..core.target_file import write_target
from .labels import plain_label, row_label, section
from .messages import show_error
from .rank_list import RankList
from .survey_form import SurveyForm
from .tab import Tab

DELAY_MS = 150
_CELLS_IN_VIEW = 8


class SurveyTab(Tab):
    """Fill in what a survey shall be, and see at once which cells to look at, and what to expect.

    `plan` is the one that is shown, None where there is none.
    """

    help_page = "survey"

    def __init__(self, iface: QgisInterface) -> None:
        super().__init__(iface)
        self._run: RunOnMap | None = None
        self._candidates: list[Candidate] | None = None
        self._task: SurveyTask | None = None
        self.plan: SurveyPlan | None = None
        self.form = SurveyForm(iface)
        self.problem = plain_label()
        self.facts = QFormLayout()
        self.note = plain_label()
        self.ranks = RankList()
        self.ranks.wanted.connect(self.zoom_to)
        self.buttons = self._buttons()
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(DELAY_MS)
        self._timer.timeout.connect(self.replan)
        self.form.changed.connect(self._timer.start)
        self._lay_out()

    def title(self) -> str:
        """What stands on the tab: "Survey", in the language of QGIS."""
        return tr("Survey")

    def show_run(self, run: RunOnMap | None) -> None:
        """Take another run and begin to plan with its budget, or with the one that is set.

        A new selection of the same run changes nothing.
        """
        is_other = (run.key if run else None) != (self._run.key if self._run else None)
        self._run = run
        if is_other:
            self._cancel()
            self._candidates = None
            self._take_terms()
            self._timer.start()

    def showEvent(self, event: QShowEvent) -> None:
        """Plan; Qt calls it when the tab comes into view, and nothing is planned while nobody looks."""
        super().showEvent(event)
        self._timer.start()

    def hideEvent(self, event: QHideEvent) -> None:
        """Take the outline of the area off the map; Qt calls it when the tab goes out of view."""
        super().hideEvent(event)
        self.form.area.show_outline(None)

    def replan(self) -> None:
        """Plan anew from what is filled in; only while somebody sees it.

        It returns at once: the plan is made beside the main thread, and shown when it is there. A plan that is under
        way is cancelled; what is in the way of one is told in the tab.
        """
        if not self.isVisible():
            return
        self._cancel()
        run = self._run
        if run is None:
            self._show(None, tr("Open a run to plan a survey."))
            return
        try:
            area = self.form.area.area(run.folder)
            constraints = self.form.constraints(run.folder)
        except RunFolderError as error:
            self.form.area.show_outline(None)
            self._show(None, _told(error))
            return
        self.form.area.show_outline(area)
        order = SurveyOrder(run.manifest, run.folder, area, constraints, self.form.budget_km2.value())
        self._task = SurveyTask(order, run.cells, self._candidates, self._take)
        QgsApplication.taskManager().addTask(self._task)

    @property
    def is_planning(self) -> bool:
        """Whether what is shown is not yet the plan for what is filled in.

        Changes are waited for 150 ms, so that not every key begins a plan.
        """
        return self._timer.isActive() or self._task is not None

    def zoom_to(self, choice: Choice) -> None:
        """Show a chosen cell in the middle of the map, and what is known of it.

        The view is eight times as wide as the cell; without a run nothing happens.

        Raises
        ------
        KeyError
            The run's table has no such cell.
        """
        if self._run is None:
            return
        canvas, cells = self.iface.mapCanvas(), self._run.cells
        outline = outline_of(cells, choice.cell.cell_id)
        self.cell_wanted.emit(outline.centroid().asPoint())
        to_canvas = QgsCoordinateTransform(cells.crs(), canvas.mapSettings().destinationCrs(), QgsProject.instance())
        extent = to_canvas.transformBoundingBox(outline.boundingBox())
        extent.scale(_CELLS_IN_VIEW)
        canvas.setExtent(extent)
        canvas.refresh()

    def add_to_map(self) -> None:
        """Add the plan to the project, above all other layers.

        It is a layer in memory, see `survey_layer.plan_layer`; without a plan nothing happens.
        """
        if self.plan is not None and self._run is not None:
            layer = plan_layer(self.plan, self._run.manifest, self._run.cells)
            QgsProject.instance().addMapLayer(layer, False)
            QgsProject.instance().layerTreeRoot().insertLayer(0, layer)

    def save_csv(self) -> None:
        """Ask for a file and write the plan as a table.

        It is that of `core.survey_rows.csv_text`, in UTF-8. A name that does not end in ``.csv`` gets this behind it;
        without a plan nothing is asked. A file that stands there is replaced; one that cannot be written is told in the
        message bar.
        """
        self._save("CSV", tr("CSV files (*.csv)"), lambda plan, run: csv_text(plan, run.manifest.grid_name).encode())

    def save_gpx(self) -> None:
        """Ask for a file and write the plan as waypoints.

        They are GPX 1.1, see `survey_files.gpx`. A name that does not end in ``.gpx`` gets this behind it; without a
        plan nothing is asked. A file that stands there is replaced; one that cannot be written is told in the message
        bar.
        """
        self._save("GPX", tr("GPX files (*.gpx)"), _as_gpx)

    def save_geopackage(self) -> None:
        """Ask for a file and write the plan as a layer.

        It is the one layer ``survey_plan``. A name that does not end in ``.gpkg`` gets this behind it; without a plan
        nothing is asked. A file that stands there is replaced; one that cannot be written is told in the message bar.
        """
        self._save("GeoPackage", tr("GeoPackage (*.gpkg)"), _as_geopackage)

    def text(self) -> str:
        """What is in the way of a plan, its numbers, the note, and a line for each chosen cell."""
        rows = [self.ranks.topLevelItem(index) for index in range(self.ranks.topLevelItemCount())]
        told = ["  ".join(row.text(column) for column in range(self.ranks.columnCount())) for row in rows]
        return "\n".join([self.problem.text(), *self._fact_lines(), self.note.text(), *told])

    def release(self) -> None:
        """Cancel a plan that is under way, and take tool and outline off the map.

        It is called once, before the plugin is unloaded.
        """
        self._timer.stop()
        self._cancel()
        self.form.release()

    def _take(self, task: SurveyTask) -> None:
        self._task = None
        self._candidates = task.candidates
        self._show(task.plan, "" if task.problem is None else _told(task.problem))

    def _cancel(self) -> None:
        if self._task is not None:
            self._task.cancel()
            self._task = None

    def _take_terms(self) -> None:
        """Begin with the budget that is set, else the run's; `replan` says why there is none."""
        self.note.setText("")
        if self._run is None:
            return
        with suppress(RunFolderError):
            terms = survey_terms(self._run.manifest)
            year = survey_columns(self._run.manifest, self._run.folder).year
            self.form.budget_km2.setValue(stored(BUDGET_KM2) or terms.budget_km2)
            text = tr(
                "Probabilities are those of %1. A cell costs its land that no year has seen, at least %2 km². In "
                "brackets: ends of the cells' 90 % ranges, added up. Neighbours of a chosen cell count for less, as in "
                "the run's own rank."
            ).replace("%1", self._run.manifest.year_name(year))
            self.note.setText(text.replace("%2", f"{terms.min_image_km2:,.0f}"))

    def _show(self, plan: SurveyPlan | None, problem: str) -> None:
        self.plan = plan
        self.problem.setText(problem)
        self.problem.setVisible(bool(problem))
        while self.facts.rowCount():
            self.facts.removeRow(0)
        for name, value in summary(self.plan) if self.plan else ():
            self.facts.addRow(row_label(name), row_label(value))
        self.ranks.show_plan(self.plan, self._run.manifest.grid_name if self._run else "")
        for widget in (self.ranks, self.note, self.buttons):
            widget.setVisible(self.plan is not None)

    def _fact_lines(self) -> list[str]:
        roles = (QFormLayout.ItemRole.LabelRole, QFormLayout.ItemRole.FieldRole)
        rows = range(self.facts.rowCount())
        return [": ".join(self.facts.itemAt(row, role).widget().text() for role in roles) for row in rows]

    def _save(self, field: str, kinds: str, content: Callable[[SurveyPlan, RunOnMap], bytes]) -> None:
        if self.plan is None or self._run is None:
            return
        path, _ = QFileDialog.getSaveFileName(self, tr("Save survey plan"), "", kinds)
        if not path:
            return
        suffix = kinds.rpartition("*")[2].rstrip(")")
        target = Path(path if path.endswith(suffix) else path + suffix)
        try:
            write_target(target, content(self.plan, self._run), field)
        except RunFolderError as error:
            show_error(self.iface, error)

    def _buttons(self) -> QWidget:
        buttons = QWidget()
        grid = QGridLayout(buttons)
        grid.setContentsMargins(0, 0, 0, 0)
        named = (
            (tr("Add to map"), self.add_to_map),
            (tr("GeoPackage…"), self.save_geopackage),
            (tr("CSV…"), self.save_csv),
            (tr("GPX…"), self.save_gpx),
        )
        for index, (name, act) in enumerate(named):
            button = QPushButton(name)
            button.clicked.connect(act)
            grid.addWidget(button, *divmod(index, 2))
        return buttons

    def _lay_out(self) -> None:
        content = _Column()
        column = QVBoxLayout(content)
        column.setSpacing(4)
        self.facts.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapLongRows)
        column.addWidget(self.form)
        column.addWidget(section(tr("Plan")))
        column.addWidget(self.problem)
        column.addLayout(self.facts)
        column.addWidget(self.ranks, 1)
        column.addWidget(self.buttons)
        column.addWidget(self.note)
        column.addStretch()
        area = QScrollArea()
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setWidgetResizable(True)
        area.setWidget(content)
        area.setMinimumWidth(content.minimumSizeHint().width() + area.verticalScrollBar().sizeHint().width())
        page = QVBoxLayout(self)
        page.setContentsMargins(0, 0, 0, 0)
        page.addWidget(area)


class _Column(QWidget):
    """As high as its texts need where they wrap; without it a scroll area would squeeze them."""

    def event(self, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.Resize, QEvent.Type.LayoutRequest):
            self.setMinimumHeight(self.layout().minimumHeightForWidth(self.width()))
        return bool(super().event(event))


def _told(error: RunFolderError) -> str:
    """An error in a few lines, without the path of the run that is looked at."""
    field = f"{error.field}: {error.got}; {tr('expected')}: {error.expected}"
    return "\n".join([error.what, field, error.fix])


def _as_gpx(plan: SurveyPlan, run: RunOnMap) -> bytes:
    return gpx(waypoints(plan, run.manifest.grid_name, run.manifest.run_id))


def _as_geopackage(plan: SurveyPlan, run: RunOnMap) -> bytes:
    return geopackage(plan_layer(plan, run.manifest, run.cells))

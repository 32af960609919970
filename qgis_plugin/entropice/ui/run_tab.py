"""The page that tells how good a run is, what drives it, and where it comes from."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from qgis.gui import QgisInterface
from qgis.PyQt.QtCore import QUrl, pyqtSignal
from qgis.PyQt.QtGui import QDesktopServices, QGuiApplication, QShowEvent
from qgis.PyQt.QtWidgets import QComboBox, QFormLayout, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from ..adapter.run_on_map import RunOnMap
from ..adapter.translate import tr
from ..core.errors import RunFolderError
from ..core.important_sets import ImportantSet
from ..core.manifest import Manifest
from ..core.provenance import Provenance, read_provenance
from ..core.run_record import RunRecord, Score, read_run_record
from ..core.wording import UNKNOWN, number_text
from .buttons import text_button
from .labels import plain_label, row_label, section
from .messages import show_error
from .tab import Tab
from .tables import fill, text_of, text_table

REPORT_NAME = "report.html"
_DIGITS = 3


class RunTab(Tab):
    """Scores by name, drivers with what chance gives, provenance, credits, and the way to report and other runs."""

    other_runs_wanted = pyqtSignal()

    help_page = "run"

    def __init__(self, iface: QgisInterface) -> None:
        super().__init__(iface)
        self._run: RunOnMap | None = None
        self._told: Manifest | None = None
        self._record: RunRecord | None = None
        self._provenance: Provenance | None = None
        self.hint = plain_label(tr("Open a run to see how good it is and where it comes from."))
        self.open_other = text_button(tr("Other runs…"), self.other_runs_wanted.emit)
        self.open_report = text_button(tr("Open report"), self._open_report)
        self.copy_command = text_button(tr("Copy rebuild command"), self._copy_command)
        self.scheme = _chooser(tr("Scheme of folds"), self._show_scores)
        self.model = _chooser(tr("Model"), self._show_scores)
        self.scores = text_table(tr("Scores"), [tr("Score"), tr("Value"), tr("95 % interval")])
        self.drivers = text_table(tr("Drivers"), [tr("Driver"), tr("Loss without it"), tr("By chance")])
        self.driver_note = plain_label()
        self.origins = QFormLayout()
        self.credits = plain_label()
        self._body = self._filled_body()
        page = QVBoxLayout(self)
        page.setContentsMargins(0, 0, 0, 0)
        for widget in (self.hint, self.open_other, _scrolling(self._body)):
            page.addWidget(widget)
        self.show_run(None)

    def title(self) -> str:
        """What stands on the tab: "Run", in the language of QGIS."""
        return tr("Run")

    def show_run(self, run: RunOnMap | None) -> None:
        """Take another run, which is read only when the tab is in view; None, where the project has none, shows a hint.

        What cannot be read is told in QGIS's message bar.
        """
        self._run = run
        self.hint.setVisible(run is None)
        self._body.setVisible(run is not None)
        if run is None:
            self._told, self._record, self._provenance = None, None, None
        elif self.isVisible():
            self._tell(run)

    def showEvent(self, event: QShowEvent) -> None:
        """Read and show the run, once a manifest; Qt calls it when the tab comes into view."""
        super().showEvent(event)
        if self._run is not None:
            self._tell(self._run)

    def text(self) -> str:
        """What is chosen, scores and drivers as lines with tabs, where the run comes from, and credits.

        Without a run it is the hint.
        """
        if self._provenance is None:
            return self.hint.text()
        origins = "\n".join(f"{origin.name}: {origin.value}" for origin in self._provenance.origins)
        chosen = f"{self.scheme.currentText()}, {self.model.currentText()}"
        parts = (chosen, text_of(self.scores), text_of(self.drivers), origins, self.credits.text())
        return "\n".join(part for part in parts if part)

    def _tell(self, run: RunOnMap) -> None:
        """Read what there is to tell of a run, once and only when somebody looks."""
        if run.manifest is self._told:
            return
        self._told = run.manifest
        self._show_drivers(run.manifest.drivers)
        try:
            self._show_told(run.folder)
        except RunFolderError as error:
            show_error(self.iface, error)

    def _show_told(self, folder: Path) -> None:
        self._record, self._provenance = read_run_record(folder), read_provenance(folder)
        self.open_report.setEnabled((folder / REPORT_NAME).is_file())
        _offer(self.scheme, self._record, [score.scheme for score in self._record.scores], "")
        _offer(self.model, self._record, [score.model for score in self._record.scores], self._record.map_model)
        self._show_scores()
        self._show_provenance(self._provenance)

    def _show_scores(self) -> None:
        if self._record is None:
            return
        wanted = (self.scheme.currentData(), self.model.currentData())
        shown = [score for score in self._record.scores if (score.scheme, score.model) == wanted]
        fill(self.scores, [(self._record.title(score.name), _number(score.value), _interval(score)) for score in shown])

    def _show_drivers(self, drivers: tuple[ImportantSet, ...]) -> None:
        found = [driver for driver in drivers if driver.is_discovery]
        fill(
            self.drivers,
            [(_driver_title(driver), _number(driver.importance), _number(driver.null_q95)) for driver in found],
        )
        n_rest = len(drivers) - len(found)
        rest = tr("%n others do not go beyond chance.", n=n_rest) if n_rest else ""
        self.drivers.setVisible(bool(found))
        self.driver_note.setText(rest if found else tr("Nothing goes beyond chance."))

    def _show_provenance(self, provenance: Provenance) -> None:
        while self.origins.rowCount():
            self.origins.removeRow(0)
        for origin in provenance.origins:
            self.origins.addRow(row_label(origin.name), row_label(origin.value))
        self.credits.setText("\n".join(provenance.attributions))

    def _open_report(self) -> None:
        if self._run is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._run.folder / REPORT_NAME)))

    def _copy_command(self) -> None:
        if self._provenance is not None:
            QGuiApplication.clipboard().setText(self._provenance.rebuild_command)

    def _filled_body(self) -> QWidget:
        body = QWidget()
        column = QVBoxLayout(body)
        column.setContentsMargins(0, 0, 0, 0)
        buttons = QHBoxLayout()
        buttons.addWidget(self.open_report)
        buttons.addWidget(self.copy_command)
        column.addLayout(buttons)
        for widget in (
            section(tr("How good")),
            self.scheme,
            self.model,
            self.scores,
            section(tr("What drives it (log skill lost without it)")),
            self.drivers,
            self.driver_note,
            section(tr("Where it comes from")),
        ):
            column.addWidget(widget)
        column.addLayout(self.origins)
        column.addWidget(section(tr("Credits")))
        column.addWidget(self.credits)
        column.addStretch()
        return body


def _driver_title(driver: ImportantSet) -> str:
    if driver.is_group:
        return tr("%1, the whole group").replace("%1", driver.title)
    n_others = len(driver.members) - 1
    return f"{driver.title} (+ {n_others})" if n_others else driver.title


def _number(value: float | None) -> str:
    return tr(UNKNOWN) if value is None else number_text(value, _DIGITS)


def _interval(score: Score) -> str:
    return tr(UNKNOWN) if score.low is None else f"{_number(score.low)} – {_number(score.high)}"


def _offer(chooser: QComboBox, record: RunRecord, names: list[str], first: str) -> None:
    """Offer names by their titles, `first` before all others."""
    chooser.blockSignals(True)
    chooser.clear()
    for name in dict.fromkeys(sorted(names, key=lambda name: name != first)):
        chooser.addItem(record.title(name), name)
    chooser.blockSignals(False)


def _chooser(name: str, show: Callable[[], None]) -> QComboBox:
    chooser = QComboBox()
    chooser.setAccessibleName(name)
    chooser.setToolTip(name)
    chooser.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    chooser.currentIndexChanged.connect(show)
    return chooser


def _scrolling(body: QWidget) -> QScrollArea:
    area = QScrollArea()
    area.setFrameShape(QScrollArea.Shape.NoFrame)
    area.setWidgetResizable(True)
    area.setWidget(body)
    return area

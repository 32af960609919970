"""One side of a comparison: a run, a quantity and a year."""

from __future__ import annotations

from collections.abc import Sequence

from qgis.PyQt.QtWidgets import QComboBox, QFormLayout, QHBoxLayout, QLabel, QWidget

from ..adapter.run_on_map import RunOnMap
from ..adapter.translate import tr
from ..core.selection import Choice, Selection, choices_of, fitted
from .choosers import combo

_OF_MODEL = "|"


class SideChooser(QWidget):
    """Offers the runs of the project and what each can show; what was chosen stays where the next run has it."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self._runs: tuple[RunOnMap, ...] = ()
        self.run = combo(tr("Run %1").replace("%1", name))
        self.quantity = combo(tr("Quantity %1").replace("%1", name))
        self.year = combo(tr("Year %1").replace("%1", name))
        for box, n_characters in ((self.run, 8), (self.quantity, 8), (self.year, 4)):
            box.setMinimumContentsLength(n_characters)
        self.run.currentIndexChanged.connect(lambda _index: self._offer(self.selection))
        self.quantity.currentIndexChanged.connect(lambda _index: self._offer_years(self.selection.year))
        self._lay_out(name)

    @property
    def chosen_run(self) -> RunOnMap | None:
        """The run that is chosen; None where there is none."""
        return next((run for run in self._runs if run.key == self.run.currentData()), None)

    @property
    def selection(self) -> Selection:
        """The quantity and year that are chosen.

        It is empty where there is no run: no quantity, and None as the year.
        """
        quantity, _, model = (self.quantity.currentData() or "").partition(_OF_MODEL)
        return Selection(quantity, self.year.currentData(), model or None)

    def show_runs(self, runs: Sequence[RunOnMap]) -> None:
        """Offer these runs; the chosen one stays if it is among them.

        Else the first of them is chosen, and of its quantities and years the nearest to what was chosen before.
        """
        key, selection = self.run.currentData(), self.selection
        self._runs = tuple(runs)
        self.run.blockSignals(True)
        self.run.clear()
        for run in runs:
            self.run.addItem(run.plan.title, run.key)
        self.run.setCurrentIndex(max(self.run.findData(key), 0 if runs else -1))
        self.run.blockSignals(False)
        self._offer(selection)

    def choose(self, key: str, selection: Selection) -> None:
        """Stand at a run and what it shows.

        What the run does not have gives way to the nearest that it has; a key of no run chooses none.
        """
        self.run.setCurrentIndex(self.run.findData(key))
        self._offer(selection)

    def _offer(self, selection: Selection) -> None:
        run = self.chosen_run
        nearest = fitted(run.manifest, selection) if run else None
        self.quantity.blockSignals(True)
        self.quantity.clear()
        for choice in self._choices():
            for model in choice.models:
                self.quantity.addItem(_title(choice, run, model), _key(choice.quantity, model))
        self.quantity.setCurrentIndex(self.quantity.findData(_key(nearest.quantity, nearest.model)) if nearest else -1)
        self.quantity.blockSignals(False)
        self._offer_years(nearest.year if nearest else None)

    def _offer_years(self, year: int | None) -> None:
        self.year.clear()
        run = self.chosen_run
        choice = next((choice for choice in self._choices() if choice.quantity == self.selection.quantity), None)
        if run is None or choice is None:
            return
        for offered in choice.years:
            self.year.addItem(run.manifest.year_name(offered), offered)
        self.year.setCurrentIndex(max(self.year.findData(year), 0))

    def _choices(self) -> list[Choice]:
        run = self.chosen_run
        if run is None:
            return []
        declared = {layer.quantity for layer in run.manifest.layers}
        offered = [choice for group in choices_of(run.manifest) for choice in group.choices]
        return [choice for choice in offered if choice.quantity in declared]

    def _lay_out(self, name: str) -> None:
        form = QFormLayout(self)
        form.setContentsMargins(0, 0, 0, 0)
        form.setVerticalSpacing(2)
        form.addRow(_letter(name, self.run), self.run)
        what = QHBoxLayout()
        what.addWidget(self.quantity, 3)
        what.addWidget(self.year, 1)
        form.addRow(what)


def _key(quantity: str, model: str | None) -> str:
    return quantity if model is None else quantity + _OF_MODEL + model


def _title(choice: Choice, run: RunOnMap | None, model: str | None) -> str:
    return choice.title if run is None or model is None else f"{choice.title} · {run.manifest.model_title(model)}"


def _letter(name: str, buddy: QComboBox) -> QLabel:
    label = QLabel(f"&{name}")
    label.setBuddy(buddy)
    font = label.font()
    font.setBold(True)
    label.setFont(font)
    return label

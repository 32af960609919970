"""What is looked at: choosers of the run, the quantity, the model and the year."""

from __future__ import annotations

from collections.abc import Sequence

from qgis.core import QgsApplication
from qgis.PyQt.QtCore import Qt, pyqtSignal
from qgis.PyQt.QtGui import QStandardItemModel
from qgis.PyQt.QtWidgets import QComboBox, QFormLayout, QHBoxLayout, QLabel, QToolButton, QWidget

from ..adapter.run_on_map import RunOnMap
from ..adapter.translate import phrase, tr
from ..core.manifest import Manifest
from ..core.selection import Choice, ChoiceGroup, Selection, certainty_layer, choices_of, models_of, of_model
from .labels import hover_text, plain_label, say

_GROUP_TITLES = {
    "prediction": phrase("Prediction"),
    "doubt": phrase("How sure"),
    "observation": phrase("Observation"),
    "drivers": phrase("Drivers"),
    "cell": phrase("Cell"),
}
_N_SHOWN_CHOICES = 24


class Choosers(QWidget):
    """Follow the run and say what the user has chosen; a programme that sets them is not answered.

    `run_chosen` tells the key of a run, `selection_chosen` a `Selection`, `theme_wanted` that what is shown is to be
    kept.
    """

    run_chosen = pyqtSignal(str)
    selection_chosen = pyqtSignal(object)
    theme_wanted = pyqtSignal()

    def __init__(self) -> None:
        super().__init__()
        self.run = combo(tr("Run"))
        self.quantity = combo(tr("Quantity"))
        self.quantity.setMaxVisibleItems(_N_SHOWN_CHOICES)
        self.model = combo(tr("Model"))
        self._model_label = QLabel(tr("Model"))
        self.year = combo(tr("Year"))
        self.earlier = self._step_button(Qt.ArrowType.LeftArrow, tr("Earlier year"), 1)
        self.later = self._step_button(Qt.ArrowType.RightArrow, tr("Later year"), -1)
        self.fade = _button(tr("Draw cells paler where their class is less certain"))
        self.fade.setIcon(QgsApplication.getThemeIcon("/propertyicons/transparency.svg"))
        self.fade.setCheckable(True)
        self.fade.clicked.connect(lambda _is_checked: self._choose())
        self.keep = _button(tr("Keep what the map shows as a map theme"))
        self.keep.setIcon(QgsApplication.getThemeIcon("/mActionShowAllLayers.svg"))
        self.keep.clicked.connect(self.theme_wanted)
        self.run.activated.connect(lambda index: self.run_chosen.emit(self.run.itemData(index)))
        self.quantity.activated.connect(lambda _index: self._choose())
        self.model.activated.connect(lambda _index: self._choose_model())
        self._manifest: Manifest | None = None
        self.model_note = plain_label()
        self.year.activated.connect(lambda _index: self._choose())
        self._lay_out()
        self.show_runs((), None)

    def show_runs(self, runs: Sequence[RunOnMap], current: RunOnMap | None) -> None:
        """Offer the runs, and what the current one can show.

        `current` is one of `runs`, or None, for which nothing can be chosen.
        """
        self.run.clear()
        for run in runs:
            self.run.addItem(run.plan.title, run.key)
        self.run.setToolTip(hover_text(current.plan.title if current else ""))
        self.run.setCurrentIndex(self.run.findData(current.key) if current else -1)
        self.setEnabled(current is not None)
        self.show_selection(current)

    def show_selection(self, run: RunOnMap | None) -> None:
        """Stand at what the map shows of a run.

        Offered are the quantities of the run by group, its models where there are several, and the years of the
        quantity, newest first. None offers nothing.
        """
        for box in (self.quantity, self.model, self.year):
            box.clear()
        self._manifest = run.manifest if run else None
        say(self.model_note, run.layer.description if run and run.selection.model is not None else "")
        if run is not None:
            groups, selection = choices_of(run.manifest), run.selection
            self._offer_quantities(groups, selection)
            choice = next(each for group in groups for each in group.choices if each.quantity == selection.quantity)
            self.quantity.setToolTip(hover_text(choice.description))
            self._offer_models(run, selection)
            self._offer_years(run, choice, selection)
            self.fade.setEnabled(certainty_layer(run.manifest, selection) is not None)
            self.fade.setChecked(selection.is_faded)
        self._show_needed()

    def _offer_quantities(self, groups: Sequence[ChoiceGroup], selection: Selection) -> None:
        for group in groups:
            self._add_heading(tr(_GROUP_TITLES.get(group.group, group.group.capitalize())))
            for choice in group.choices:
                self.quantity.addItem(choice.title, choice.quantity)
                self.quantity.setItemData(
                    self.quantity.count() - 1, hover_text(choice.description), Qt.ItemDataRole.ToolTipRole
                )
        self.quantity.setCurrentIndex(self.quantity.findData(selection.quantity))

    def _offer_models(self, run: RunOnMap, selection: Selection) -> None:
        models = models_of(run.manifest)
        for model in models:
            self.model.addItem(run.manifest.model_title(model), model)
        self.model.setCurrentIndex(models.index(selection.model))

    def _offer_years(self, run: RunOnMap, choice: Choice, selection: Selection) -> None:
        for year in choice.years:
            self.year.addItem(run.manifest.year_name(year), year)
        self.year.setCurrentIndex(self.year.findData(selection.year))

    def _add_heading(self, text: str) -> None:
        self.quantity.addItem(text)
        model = self.quantity.model()
        if isinstance(model, QStandardItemModel):
            item = model.item(self.quantity.count() - 1)
            item.setFlags(Qt.ItemFlag.NoItemFlags)
            font = item.font()
            font.setBold(True)
            item.setFont(font)

    def _choose(self) -> None:
        self.selection_chosen.emit(self._chosen())

    def _choose_model(self) -> None:
        chosen = self._chosen()
        if self._manifest is not None:
            self.selection_chosen.emit(of_model(self._manifest, chosen, chosen.model))

    def _chosen(self) -> Selection:
        quantity, year, model = (box.currentData() for box in (self.quantity, self.year, self.model))
        return Selection(quantity, year, model, self.fade.isChecked())

    def _step(self, n_items: int) -> None:
        self.year.setCurrentIndex(self.year.currentIndex() + n_items)
        self._choose()

    def _show_needed(self) -> None:
        """Models are offered where there are several, steps where there is a year to go to."""
        for widget in (self.model, self._model_label):
            widget.setVisible(self.model.count() > 1)
        self.earlier.setEnabled(-1 < self.year.currentIndex() < self.year.count() - 1)
        self.later.setEnabled(self.year.currentIndex() > 0)

    def _step_button(self, arrow: Qt.ArrowType, name: str, n_items: int) -> QToolButton:
        button = _button(name)
        button.setArrowType(arrow)
        button.clicked.connect(lambda: self._step(n_items))
        return button

    def _lay_out(self) -> None:
        quantities = QHBoxLayout()
        quantities.addWidget(self.quantity, 1)
        quantities.addWidget(self.fade)
        quantities.addWidget(self.keep)
        years = QHBoxLayout()
        years.addWidget(self.earlier)
        years.addWidget(self.year, 1)
        years.addWidget(self.later)
        form = QFormLayout(self)
        form.setContentsMargins(0, 0, 0, 0)
        form.addRow(tr("Run"), self.run)
        form.addRow(tr("Quantity"), quantities)
        form.addRow(self._model_label, self.model)
        form.addRow(tr("Year"), years)
        form.addRow(self.model_note)


def _button(name: str) -> QToolButton:
    button = QToolButton()
    button.setToolTip(name)
    button.setAccessibleName(name)
    return button


def combo(name: str) -> QComboBox:
    """A box to choose from that stays narrow, whatever it offers.

    `name` is what a screen reader calls it.
    """
    box = QComboBox()
    box.setAccessibleName(name)
    box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    box.setMinimumContentsLength(12)
    return box

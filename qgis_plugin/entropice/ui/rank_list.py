"""The chosen cells of a survey plan, first choice first."""

from __future__ import annotations

from qgis.PyQt.QtCore import Qt, pyqtSignal
from qgis.PyQt.QtWidgets import QHeaderView, QTreeWidget, QTreeWidgetItem, QWidget

from ..adapter.translate import tr
from ..core.cell_row import cell_name
from ..core.survey_plan import Choice, SurveyPlan

_CHOICE = Qt.ItemDataRole.UserRole
_NUMBERS = (0, 1, 2)


class RankList(QTreeWidget):
    """One row a cell; a click or Enter tells its `Choice` by `wanted`."""

    wanted = pyqtSignal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setHeaderLabels([tr("Rank"), tr("Chance"), tr("km²"), tr("Cell")])
        self.headerItem().setToolTip(1, tr("Probability of any slump"))
        self.headerItem().setToolTip(2, tr("Cost: land that no year has seen"))
        self.setRootIsDecorated(False)
        self.setUniformRowHeights(True)
        self.setAlternatingRowColors(True)
        for column in _NUMBERS:
            self.header().setSectionResizeMode(column, QHeaderView.ResizeMode.ResizeToContents)
        self.header().setStretchLastSection(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setMinimumHeight(self.fontMetrics().height() * 8)
        self.itemClicked.connect(lambda item, _column: self.wanted.emit(item.data(0, _CHOICE)))
        self.itemActivated.connect(lambda item, _column: self.wanted.emit(item.data(0, _CHOICE)))

    def show_plan(self, plan: SurveyPlan | None, grid_name: str) -> None:
        """Replace the rows; None for no plan.

        Columns are rank, probability in whole per cent, cost in whole km², and the cell as `grid_name` spells it.
        """
        self.clear()
        self.addTopLevelItems([_row(choice, grid_name) for choice in plan.choices] if plan else [])


def _row(choice: Choice, grid_name: str) -> QTreeWidgetItem:
    cell = choice.cell
    chance, cost = f"{100 * cell.p_any:.0f} %", f"{cell.cost_km2:,.0f}"
    row = QTreeWidgetItem([str(choice.rank), chance, cost, cell_name(grid_name, cell.cell_id)])
    for column in _NUMBERS:
        row.setTextAlignment(column, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
    row.setToolTip(len(_NUMBERS), row.text(len(_NUMBERS)))
    row.setData(0, _CHOICE, choice)
    return row

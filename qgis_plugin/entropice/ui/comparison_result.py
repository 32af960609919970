"""What a comparison has found: sentences, numbers, tables, and which of the three maps to see."""

from __future__ import annotations

from collections.abc import Sequence

from qgis.PyQt.QtCore import Qt, pyqtSignal
from qgis.PyQt.QtWidgets import (
    QAbstractItemView,
    QButtonGroup,
    QFormLayout,
    QHBoxLayout,
    QHeaderView,
    QPushButton,
    QSizePolicy,
    QTableWidget,
    QTableWidgetItem,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from ..adapter.compared_group import DIFFERENCE, RUN_A, RUN_B, THEMES
from ..adapter.translate import tr
from ..core.comparison import Comparison, confusion_table, facts
from ..core.comparison_scores import ScorePair, map_score_pairs, score_text
from ..core.run_record import RunRecord
from .labels import hover_text, plain_label, row_label, section

_N_SHOWN_ROWS = 12
_COLUMN_WIDTH_PX = 60


class ComparisonResult(QWidget):
    """Empty until a comparison is shown."""

    theme_chosen = pyqtSignal(str)
    hidden = pyqtSignal()

    def __init__(self) -> None:
        super().__init__()
        self.heading = plain_label(bold=True)
        self.sides = plain_label()
        self.statements = plain_label()
        self.facts = QFormLayout()
        self.facts.setContentsMargins(0, 0, 0, 0)
        self.facts.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapLongRows)
        self.confusion = _table()
        self.scores = _table()
        self.themes = QButtonGroup(self)
        self.hide_maps = QToolButton()
        self._confusion_title = section(tr("Cells by value in A (rows) and B (columns)"))
        self._score_title = section(tr("Scores of the two maps, with 95 % intervals"))
        self._models = plain_label()
        self._lay_out()
        self.hide()

    def show_comparison(
        self, comparison: Comparison, statements: Sequence[str], record_a: RunRecord, record_b: RunRecord
    ) -> None:
        """Show a comparison and the scores of its two runs; of one run there is nothing to tell apart."""
        self.heading.setText(comparison.layer.title)
        self.sides.setText(f"A: {comparison.a.title}\nB: {comparison.b.title}")
        self.statements.setText("\n".join(statements))
        self._show_facts(comparison)
        self._show_confusion(comparison)
        self._show_scores([] if record_a == record_b else map_score_pairs(record_a, record_b))
        self.mark(DIFFERENCE)
        self.show()

    def mark(self, theme: str | None) -> None:
        """Press the button of the theme that is seen, or none."""
        self.themes.setExclusive(False)
        for name, button in zip(THEMES, self.themes.buttons()):
            button.setChecked(name == theme)
        self.themes.setExclusive(True)

    def text(self) -> str:
        """Everything that is shown, line by line."""
        lines = [self.heading.text(), self.sides.text(), self.statements.text()]
        for row in range(self.facts.rowCount()):
            roles = (QFormLayout.ItemRole.LabelRole, QFormLayout.ItemRole.FieldRole)
            lines.append(": ".join(self.facts.itemAt(row, role).widget().text() for role in roles))
        for table in (self.confusion, self.scores):
            for row in range(table.rowCount()):
                cells = (table.item(row, column) for column in range(table.columnCount()))
                lines.append(" | ".join(cell.text() for cell in cells if cell))
        return "\n".join(filter(None, lines))

    def _show_facts(self, comparison: Comparison) -> None:
        while self.facts.rowCount():
            self.facts.removeRow(0)
        for fact in facts(comparison):
            self.facts.addRow(row_label(fact.name), row_label(fact.value))

    def _show_confusion(self, comparison: Comparison) -> None:
        values, counts = confusion_table(comparison)
        rows = [[value, *(f"{count:,}" for count in row)] for value, row in zip(values, counts)]
        _fill(self.confusion, ["", *values], rows)
        self._confusion_title.setVisible(bool(rows))
        self.confusion.setVisible(bool(rows))

    def _show_scores(self, pairs: Sequence[ScorePair]) -> None:
        rows: list[list[str]] = []
        for scheme in dict.fromkeys(pair.scheme for pair in pairs):
            rows.append([scheme])
            of_scheme = (pair for pair in pairs if pair.scheme == scheme)
            rows += [[pair.score, score_text(pair.a), score_text(pair.b)] for pair in of_scheme]
        _fill(self.scores, [tr("Score"), "A", "B"], rows)
        self._models.setText(f"A: {pairs[0].model_a}\nB: {pairs[0].model_b}" if pairs else "")
        for widget in (self._score_title, self._models, self.scores):
            widget.setVisible(bool(rows))

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 6, 0, 0)
        column.addWidget(self.heading)
        column.addLayout(self._theme_buttons())
        column.addWidget(self.sides)
        column.addWidget(self.statements)
        column.addWidget(section(tr("How alike they are")))
        column.addLayout(self.facts)
        for widget in (self._confusion_title, self.confusion, self._score_title, self._models, self.scores):
            column.addWidget(widget)

    def _theme_buttons(self) -> QHBoxLayout:
        titles = {RUN_A: tr("Run A"), RUN_B: tr("Run B"), DIFFERENCE: tr("Difference")}
        row = QHBoxLayout()
        row.setSpacing(0)
        for number, theme in enumerate(THEMES):
            button = QPushButton(titles[theme])
            button.setCheckable(True)
            button.setToolTip(titles[theme])
            button.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
            self.themes.addButton(button, number)
            row.addWidget(button)
        self.themes.idClicked.connect(lambda number: self.theme_chosen.emit(THEMES[number]))
        self.hide_maps.setText("✕")
        self.hide_maps.setToolTip(tr("Hide the comparison and show the run"))
        self.hide_maps.setAccessibleName(self.hide_maps.toolTip())
        self.hide_maps.clicked.connect(self.hidden)
        row.addWidget(self.hide_maps)
        return row


def _table() -> QTableWidget:
    table = QTableWidget()
    table.verticalHeader().hide()
    table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    table.horizontalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignLeft)
    table.setMinimumWidth(1)
    table.horizontalHeader().setMinimumSectionSize(_COLUMN_WIDTH_PX)
    return table


def _fill(table: QTableWidget, heading: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """A row of one text reaches across all columns."""
    table.clearSpans()
    table.setColumnCount(len(heading))
    table.setHorizontalHeaderLabels(list(heading))
    table.setRowCount(len(rows))
    for number, row in enumerate(rows):
        for column, text in enumerate(row):
            item = QTableWidgetItem(text)
            item.setToolTip(hover_text(text))
            table.setItem(number, column, item)
        if len(row) == 1:
            table.setSpan(number, 0, 1, len(heading))
    table.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
    table.horizontalHeader().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
    table.resizeRowsToContents()
    heights_px = [table.rowHeight(number) for number in range(min(len(rows), _N_SHOWN_ROWS))]
    table.setFixedHeight(sum(heights_px) + table.horizontalHeader().sizeHint().height() + 2 * table.frameWidth() + 4)

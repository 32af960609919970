"""What a comparison has found: sentences, numbers, tables, and which of the three maps to see."""

from __future__ import annotations

from collections.abc import Sequence

from qgis.PyQt.QtCore import pyqtSignal
from qgis.PyQt.QtWidgets import (
    QButtonGroup,
    QFormLayout,
    QHBoxLayout,
    QPushButton,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from ..adapter.compared_group import DIFFERENCE, RUN_A, RUN_B, THEMES
from ..adapter.translate import tr
from ..core.comparison import Comparison, confusion_table, facts
from ..core.comparison_scores import ScorePair, map_score_pairs, score_text
from ..core.run_record import RunRecord
from .labels import plain_label, row_label, section
from .tables import entitle, fill, fit, text_of, text_table

_N_SHOWN_ROWS = 12


class ComparisonResult(QWidget):
    """Empty until a comparison is shown.

    `theme_chosen` tells the name of a theme, one of `compared_group.THEMES`; `hidden` that the comparison is to be
    hidden.
    """

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
        self.confusion = text_table(tr("Cells by value in A (rows) and B (columns)"))
        self.scores = text_table(tr("Scores of the two maps, with 95 % intervals"), [tr("Score"), "A", "B"])
        self.themes = QButtonGroup(self)
        self.hide_maps = QToolButton()
        self._confusion_title = section(self.confusion.accessibleName())
        self._score_title = section(self.scores.accessibleName())
        self._models = plain_label()
        self._lay_out()
        self.hide()

    def show_comparison(
        self, comparison: Comparison, statements: Sequence[str], record_a: RunRecord, record_b: RunRecord
    ) -> None:
        """Show a comparison and the scores of its two runs; of one run there is nothing to tell apart.

        Shown are both sides, the sentences, the agreement, of texts the cells by value, and the scores of the two maps'
        models.
        """
        self.heading.setText(comparison.layer.title)
        self.sides.setText(f"A: {comparison.a.title}\nB: {comparison.b.title}")
        self.statements.setText("\n".join(statements))
        self._show_facts(comparison)
        self._show_confusion(comparison)
        self._show_scores([] if record_a == record_b else map_score_pairs(record_a, record_b))
        self.mark(DIFFERENCE)
        self.show()

    def mark(self, theme: str | None) -> None:
        """Press the button of the theme that is seen, or none.

        `theme` is one of `compared_group.THEMES`; no signal is sent.
        """
        self.themes.setExclusive(False)
        for name, button in zip(THEMES, self.themes.buttons()):
            button.setChecked(name == theme)
        self.themes.setExclusive(True)

    def text(self) -> str:
        """Everything that is shown, line by line.

        Columns of tables are separated by tabs.
        """
        lines = [self.heading.text(), self.sides.text(), self.statements.text()]
        for row in range(self.facts.rowCount()):
            roles = (QFormLayout.ItemRole.LabelRole, QFormLayout.ItemRole.FieldRole)
            lines.append(": ".join(self.facts.itemAt(row, role).widget().text() for role in roles))
        lines += [text_of(table) for table in (self.confusion, self.scores)]
        return "\n".join(filter(None, lines))

    def _show_facts(self, comparison: Comparison) -> None:
        while self.facts.rowCount():
            self.facts.removeRow(0)
        for fact in facts(comparison):
            self.facts.addRow(row_label(fact.name), row_label(fact.value))

    def _show_confusion(self, comparison: Comparison) -> None:
        values, counts = confusion_table(comparison)
        rows = [[value, *(f"{count:,}" for count in row)] for value, row in zip(values, counts)]
        entitle(self.confusion, ["", *values])
        fill(self.confusion, rows)
        fit(self.confusion, _N_SHOWN_ROWS)
        self._confusion_title.setVisible(bool(rows))
        self.confusion.setVisible(bool(rows))

    def _show_scores(self, pairs: Sequence[ScorePair]) -> None:
        rows: list[list[str]] = []
        for scheme in dict.fromkeys(pair.scheme for pair in pairs):
            rows.append([scheme])
            of_scheme = (pair for pair in pairs if pair.scheme == scheme)
            rows += [[pair.score, score_text(pair.a), score_text(pair.b)] for pair in of_scheme]
        fill(self.scores, rows)
        fit(self.scores, _N_SHOWN_ROWS)
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

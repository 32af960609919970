"""The part of the cell tab that tells what images say: a section for each task."""

from __future__ import annotations

from qgis.PyQt.QtWidgets import QLabel

from ..core.cell_imagery import ImageryInCell
from ..core.cell_report import CellReport
from .cell_parts import Part
from .imagery_words import (
    density_text,
    expected_text,
    gate_description,
    gate_text,
    growth_text,
    imaged_text,
    next_text,
    year_text,
)
from .labels import hover_text, plain_label, section


class ImagerySection(Part):
    """A task: expected, let pass, imaged, found in each year, growing, and where to look next."""

    def __init__(self) -> None:
        super().__init__()
        self.title = section("")
        self.expected, self.gate, self.imaged = plain_label(), plain_label(), plain_label()
        self.years: list[QLabel] = []
        self.year_rows = Part()
        self.density, self.growth, self.next = plain_label(), plain_label(), plain_label()
        self.add(self.title, self.expected, self.gate, self.imaged, self.year_rows)
        self.add(self.density, self.growth, self.next)

    def show_imagery(self, imagery: ImageryInCell) -> None:
        """Show a task in a cell: its sentences of `imagery_words`, and a line for each year of images."""
        self.title.setText(imagery.task.title)
        self.expected.setText(expected_text(imagery))
        self.gate.setText(gate_text(imagery))
        self.gate.setToolTip(hover_text(gate_description(imagery)))
        self.imaged.setText(imaged_text(imagery))
        rows = self.year_rows.rows_for(self.years, len(imagery.years), plain_label)
        for row, year in zip(rows, imagery.years):
            row.setText(year_text(year))
        self.density.setText(density_text(imagery))
        self.growth.setText(growth_text(imagery))
        self.next.setText(next_text(imagery))


class ImageryPart(Part):
    """All tasks of a run."""

    def __init__(self) -> None:
        super().__init__()
        self.sections: list[ImagerySection] = []

    def show_report(self, report: CellReport) -> None:
        """Show the tasks; nothing where the run has none.

        They stand in the order of the report.
        """
        self.setVisible(bool(report.imagery))
        sections = self.rows_for(self.sections, len(report.imagery), ImagerySection)
        for shown, imagery in zip(sections, report.imagery):
            shown.show_imagery(imagery)

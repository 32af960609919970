"""The parts of the cell tab: each shows one side of a report, and keeps its widgets from cell to cell."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from ..adapter.translate import tr
from ..core.cell_report import Bar, CellReport, Driver, Fact
from ..core.features import FeatureInCell
from ..core.wording import percent, round_limit
from .cell_words import (
    applicability_text,
    bar_text,
    chance_text,
    density_text,
    driver_description,
    driver_text,
    feature_description,
    marks_text,
    null_text,
    observed_text,
    possible_text,
    response_text,
    scale_text,
    value_text,
    year_text,
)
from .chance_bar import ChanceBar
from .driver_bar import DriverBar
from .feature_strip import FeatureStrip
from .history_chart import HistoryChart
from .labels import breakable, hover_text, plain_label, say, section

SPACING_PX = 3
SPACE_BETWEEN_ROWS_PX = 6
_Row = TypeVar("_Row", bound=QWidget)


class Part(QWidget):
    """A column of widgets."""

    def __init__(self) -> None:
        super().__init__()
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(SPACING_PX)

    def add(self, *widgets: QWidget) -> None:
        """Append widgets to the column, in their order."""
        for widget in widgets:
            self.column.addWidget(widget)

    def rows_for(self, rows: list[_Row], n_rows: int, make: Callable[[], _Row]) -> list[_Row]:
        """As many of the `rows` as there is something to show in, made where they are short; the others are hidden.

        `rows` is the list that the part keeps, which grows and never shrinks; returned are its first `n_rows`. `make`
        gives a new row without arguments.
        """
        while len(rows) < n_rows:
            rows.append(make())
            self.add(rows[-1])
        for index, row in enumerate(rows):
            row.setVisible(index < n_rows)
        return rows[:n_rows]


class ChanceRow(Part):
    """A name, a probability in words, and its bar."""

    def __init__(self) -> None:
        super().__init__()
        self.name, self.value = plain_label(), plain_label()
        self.value.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.bar = ChanceBar(tr("Class probability"))
        line = QHBoxLayout()
        line.addWidget(self.name, 3)
        line.addWidget(self.value, 2)
        self.column.addLayout(line)
        self.add(self.bar)

    def show_bar(self, bar: Bar) -> None:
        """Show a class: its name, its probability as a percentage with one decimal and as a bar in its colour."""
        self.name.setText(breakable(bar.label))
        self.value.setText(percent(bar.chance.value))
        self.name.setToolTip(hover_text(bar_text(bar)))
        self.bar.show_chance(bar.chance, bar.colour, bar_text(bar))


class ChancePart(Part):
    """How likely slumps are, how dense, and which classes remain."""

    def __init__(self) -> None:
        super().__init__()
        self.title, self.model = section(tr("Probability of any slump")), plain_label()
        self.chance = plain_label()
        self.bar = ChanceBar(tr("Probability of any slump"))
        self.no_prediction = plain_label(tr("No prediction for this cell and year."))
        self.rows: list[ChanceRow] = []
        self.density, self.possible = plain_label(), plain_label()
        self.class_rows = Part()
        self.add(self.title, self.no_prediction, self.chance, self.bar, self.class_rows)
        self.add(self.density, self.possible, self.model)

    def show_report(self, report: CellReport) -> None:
        """Show what is predicted: the probability of any slump, those of the classes, density, and possible classes.

        Without probabilities of classes a sentence says that there is no prediction.
        """
        is_predicted = bool(report.classes)
        self.no_prediction.setHidden(is_predicted)
        for widget in (self.chance, self.bar, self.class_rows, self.density, self.possible):
            widget.setVisible(is_predicted)
        self.chance.setText(chance_text(report.chance))
        self.bar.setVisible(report.chance is not None)
        if report.chance is not None:
            self.bar.show_chance(report.chance, None, chance_text(report.chance))
        rows = self.class_rows.rows_for(self.rows, len(report.classes), ChanceRow)
        for row, bar in zip(rows, report.classes):
            row.show_bar(bar)
        self.density.setText(density_text(report.density_m2_per_km2))
        self.possible.setText(tr("Classes that cannot be ruled out: %1", possible_text(report)))
        self.model.setText(tr("Model: %1", report.model_title))


class SentencePart(Part):
    """What was observed, and whether the map may be trusted."""

    def __init__(self) -> None:
        super().__init__()
        self.observed, self.trust = plain_label(), plain_label()
        self.add(section(tr("Observed")), self.observed)
        self.add(section(tr("Trust")), self.trust)

    def show_report(self, report: CellReport) -> None:
        """Show two sentences: what was observed, and whether the map may be trusted.

        Each says so where it is unknown.
        """
        self.observed.setText(observed_text(report.observation))
        self.trust.setText(applicability_text(report.applicability))


class DriverRow(Part):
    """A driver: its whole name, its value on a line of its own, its bar, and whether it means anything."""

    def __init__(self) -> None:
        super().__init__()
        self.name, self.value, self.null = plain_label(), plain_label(), plain_label()
        self.bar = DriverBar(tr("Driver"))
        self.column.setContentsMargins(0, 0, 0, SPACE_BETWEEN_ROWS_PX)
        self.add(self.name, self.value, self.bar, self.null)

    def show_driver(self, driver: Driver, limit: float) -> None:
        """Show a driver where bars reach from −`limit` to `limit`.

        Shares beyond `limit` end at it. A driver that is not told apart from chance has a sentence below its bar.
        """
        self.name.setText(breakable(driver.label))
        self.value.setText(driver_text(driver))
        self.bar.show_driver(driver, limit, driver_description(driver))
        say(self.null, null_text(driver))


class DriverPart(Part):
    """The leading drivers of the cell, all on one scale."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[DriverRow] = []
        self.legend = plain_label()
        self.add(section(tr("Leading drivers")), self.legend)

    def show_report(self, report: CellReport) -> None:
        """Show the drivers; nothing where the run explains no cell.

        The limit of all bars is the largest share, rounded up to 1, 2 or 5 times a power of ten, and at most 1.
        """
        self.setVisible(bool(report.drivers))
        largest = max((abs(driver.share) for driver in report.drivers), default=0.0)
        limit = min(round_limit(largest), 1.0) if largest > 0 else 1.0
        self.legend.setText(f"{scale_text(report.drivers, limit)} {marks_text(report.drivers)}")
        for row, driver in zip(self.rows_for(self.rows, len(report.drivers), DriverRow), report.drivers):
            row.show_driver(driver, limit)


class FeatureRow(Part):
    """A feature: its name, its value in words, and where that lies."""

    def __init__(self) -> None:
        super().__init__()
        self.name, self.value, self.response = plain_label(), plain_label(), plain_label()
        self.strip = FeatureStrip(tr("Value among the training rows"))
        self.column.setContentsMargins(0, 0, 0, SPACE_BETWEEN_ROWS_PX)
        self.add(self.name, self.value, self.strip, self.response)

    def show_feature(self, feature: FeatureInCell) -> None:
        """Show a feature: name, value with its place among the training rows, strip, and response in words.

        The strip is hidden where the run tells no distribution, or neither a value nor a response.
        """
        self.name.setText(breakable(feature.title))
        self.value.setText(value_text(feature))
        self.strip.setVisible(feature.distribution is not None and (feature.is_kept or bool(feature.response)))
        self.strip.show_feature(feature, feature_description(feature))
        say(self.response, response_text(feature))


class FeaturePart(Part):
    """The drivers of the cell and the most important features of the run among the training data."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[FeatureRow] = []
        self.add(section(tr("Values among the training rows")))

    def show_report(self, report: CellReport) -> None:
        """Show the features; nothing where the run tells of none.

        They stand in the order of the report.
        """
        self.setVisible(bool(report.features))
        for row, feature in zip(self.rows_for(self.rows, len(report.features), FeatureRow), report.features):
            row.show_feature(feature)


class HistoryPart(Part):
    """All years of the cell."""

    def __init__(self) -> None:
        super().__init__()
        self.chart = HistoryChart(tr("History of the cell"))
        self.legend = plain_label()
        self.add(section(tr("History: probability of any slump, and what was observed")), self.chart, self.legend)

    def show_report(self, report: CellReport) -> None:
        """Show the years as a chart, the report's own year on a band, and a legend of the states that were seen.

        In the legend ◆ stands for the state ``observed_with``, ○ for ``observed_without``, – for ``unobserved``, □ for
        any other.
        """
        self.chart.show_history(report.history, report.year, "\n".join(map(year_text, report.history)))
        seen = {year.observation.state: year.observation.label for year in report.history if year.observation}
        signs = {"observed_with": "◆", "observed_without": "○", "unobserved": "–"}
        self.legend.setText("   ".join(f"{signs.get(state, '□')} {label}" for state, label in seen.items()))


class FactPart(Part):
    """Everything else that the run tells of the cell."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[QLabel] = []
        self.add(section(tr("Further values")))

    def show_report(self, report: CellReport) -> None:
        """Show the facts.

        They stand in the order of the report, one line each; what a fact means is its tooltip.
        """
        self.setVisible(bool(report.facts))
        for row, fact in zip(self.rows_for(self.rows, len(report.facts), plain_label), report.facts):
            self._show_fact(row, fact)

    def _show_fact(self, row: QLabel, fact: Fact) -> None:
        row.setText(f"{fact.name}: {fact.value}")
        row.setToolTip(hover_text(fact.description))

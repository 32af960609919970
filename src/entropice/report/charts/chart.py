"""What a chart is: rows of a run, and how they are drawn."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from entropice.report.charts.rows import row_columns, rows_of
from entropice.report.charts.theme import CONFIG, SCHEMA
from entropice.report.run_tables import RunFacts, RunTables
from entropice.types import DataFrame

Specification = dict[str, Any]
"""Vega-Lite as plain values."""

ROWS = "rows"
Datasets = Mapping[str, list[dict[str, Any]]]
"""Further rows, by the name under which a specification asks for them."""


def no_surroundings(_: RunTables) -> Datasets:
    """Nothing but the rows is drawn."""
    return {}


@dataclass(frozen=True)
class Chart:
    """One chart of a run, the same in the report, the dashboard and notebooks.

    Attributes
    ----------
    key
        Its name, and its address in the report.
    title
        What it shows, in a few words.
    caption
        How to read it; ``{map_model}`` stands for the title of the model behind the map.
    frame
        The rows that are shown; empty where the run has none.
    draw
        Mark, encoding and the like of those rows, without data, width and look.
    needs
        Tables that must have rows.
    reason
        Why there may be no rows; ``{map_model}`` as in the caption.
    surroundings
        What is drawn around the rows, such as a coast.
    """

    key: str
    title: str
    caption: str
    frame: Callable[[RunTables], DataFrame]
    draw: Callable[[DataFrame, RunFacts], Specification]
    needs: tuple[str, ...] = ()
    reason: str = ""
    surroundings: Callable[[RunTables], Datasets] = no_surroundings

    def caption_in(self, facts: RunFacts) -> str:
        """Its caption for readers of a run."""
        return self.caption.format(map_model=facts.map_model.title)

    def reason_in(self, facts: RunFacts) -> str:
        """Why a run may have no rows, for its readers."""
        return self.reason.format(map_model=facts.map_model.title)

    def missing(self, run: RunTables) -> str:
        """Why a run cannot show it, as a sentence; empty where it can."""
        titles = run.facts.table_titles
        lacking = [name for name in self.needs if name not in titles or run.frame(name).empty]
        if lacking:
            told = f"This run has no {', no '.join(titles.get(name, name).lower() for name in lacking)}."
            return f"{told} {self.reason_in(run.facts)}".strip()
        return ""

    def specification(self, frame: DataFrame, facts: RunFacts, around: Datasets | None = None) -> Specification:
        """A complete Vega-Lite specification of ``frame(run)``, or of some of its rows, as wide as what holds it.

        ``around`` is ``surroundings(run)`` of a chart that has any.

        Examples
        --------
        >>> chart = find_chart("reliability")  # doctest: +SKIP
        >>> altair.Chart.from_dict(chart.specification(chart.frame(run), run.facts))  # doctest: +SKIP
        """
        return self.without_data(frame, facts) | {"datasets": {ROWS: rows_of(row_columns(frame)), **(around or {})}}

    def without_data(self, frame: DataFrame, facts: RunFacts) -> Specification:
        """The same for a page that holds the rows itself, under the name ``rows``."""
        drawn = self.draw(frame, facts)
        return {
            "$schema": SCHEMA,
            "description": self.title,
            "config": CONFIG,
            "data": {"name": ROWS},
            **_width(drawn),
            **drawn,
        }


def _width(drawn: Specification) -> Specification:
    """That of what holds the chart; parts of a concatenation have widths of their own, which a page makes fit."""
    if "concat" in drawn:
        return {}
    fit = {"autosize": {"type": "fit-x", "contains": "padding"}}
    return fit if "facet" in drawn else fit | {"width": "container"}

"""What a chart is: rows of a run or a comparison, and how they are drawn."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Generic

from entropice.report.charts.rows import Columns, row_columns, rows_of
from entropice.report.charts.theme import CONFIG, SCHEMA
from entropice.report.run_tables import RunFacts, RunTables
from entropice.report.shown import FactsT, TablesT
from entropice.types import DataFrame

Specification = dict[str, Any]
"""Vega-Lite as plain values."""

ROWS = "rows"
Datasets = Mapping[str, list[dict[str, Any]]]
"""Further rows, by the name under which a specification asks for them."""


def no_surroundings(_: object) -> Datasets:
    """Nothing but the rows is drawn: no further datasets."""
    return {}


@dataclass(frozen=True)
class ChartOf(Generic[TablesT, FactsT]):
    """One chart, the same in a page, the dashboard and notebooks.

    Attributes
    ----------
    key
        Its name, and its address in the report.
    title
        What it shows, in a few words.
    caption
        How to read it, as `Facts.filled` takes it.
    frame
        The rows that are shown; empty where there are none.
    draw
        Mark, encoding and the like of those rows, without data, width and look.
    needs
        Tables that must have rows.
    reason
        Why there may be no rows, as the caption.
    on_screen
        What readers can do with it at a screen.
    surroundings
        What is drawn around the rows, such as a coast.
    """

    key: str
    title: str
    caption: str
    frame: Callable[[TablesT], DataFrame]
    draw: Callable[[DataFrame, FactsT], Specification]
    needs: tuple[str, ...] = ()
    reason: str = ""
    on_screen: str = ""
    surroundings: Callable[[TablesT], Datasets] = no_surroundings

    def caption_in(self, facts: FactsT) -> str:
        """Its caption for readers of the tables at a screen: the printed one, and what can be done with the chart.

        Examples
        --------
        >>> from types import SimpleNamespace
        >>> chart = ChartOf("map", "Map", "By {map_model}.", None, None, on_screen="Point at a cell.")
        >>> chart.caption_in(SimpleNamespace(filled=lambda text: text.format(map_model="eSPA")))
        'By eSPA. Point at a cell.'
        """
        return f"{self.printed_caption_in(facts)} {self.on_screen}".strip()

    def printed_caption_in(self, facts: FactsT) -> str:
        """Its caption for readers of the tables on paper: names of the tables' own in place of those in braces."""
        return facts.filled(self.caption)

    def reason_in(self, facts: FactsT) -> str:
        """Why there may be no rows, for readers of the tables; empty where the chart gives no reason."""
        return facts.filled(self.reason)

    def missing(self, tables: TablesT) -> str:
        """Why tables cannot show it, as a sentence; empty where they can.

        They cannot where a table of ``needs`` does not exist or has no rows; these are named, with the chart's reason.

        Examples
        --------
        >>> import pandas as pd
        >>> from types import SimpleNamespace
        >>> facts = SimpleNamespace(noun="run", table_titles={"folds": "Folds"}, filled=str)
        >>> chart = ChartOf("map", "Map", "", None, None, needs=("folds", "cells"), reason="Nothing was tested.")
        >>> chart.missing(SimpleNamespace(facts=facts, frame=lambda _: pd.DataFrame()))
        'This run has no folds, no cells. Nothing was tested.'
        """
        facts: FactsT = tables.facts
        titles = facts.table_titles
        lacking = [name for name in self.needs if name not in titles or tables.frame(name).empty]
        if lacking:
            told = f"This {facts.noun} has no {', no '.join(titles.get(name, name).lower() for name in lacking)}."
            return f"{told} {self.reason_in(facts)}".strip()
        return ""

    def specification(self, frame: DataFrame, facts: FactsT, around: Datasets | None = None) -> Specification:
        """A complete Vega-Lite specification of ``frame(run)``, with its columns and some of its rows or all.

        It is as wide as what holds it.

        ``around`` is ``surroundings(run)`` of a chart that has any. Rows are the dataset ``rows``; numbers have five
        significant digits, and what is unknown is null.

        Examples
        --------
        >>> chart = find_chart("reliability")  # doctest: +SKIP
        >>> altair.Chart.from_dict(chart.specification(chart.frame(run), run.facts))  # doctest: +SKIP
        """
        return with_rows(self.without_data(frame, facts) | {"datasets": around or {}}, row_columns(frame))

    def without_data(self, frame: DataFrame, facts: FactsT) -> Specification:
        """The same of the same columns, for a page that holds the rows itself, under the name ``rows``.

        Keys are ``$schema description config data``, a width where the chart has one, and what `draw` gives, which may
        replace any of them.

        Examples
        --------
        >>> chart = ChartOf("map", "Map", "", None, lambda *_: {"mark": "point"})
        >>> told = chart.without_data(None, None)
        >>> told["data"], told["width"], told["mark"]
        ({'name': 'rows'}, 'container', 'point')
        """
        drawn = self.draw(frame, facts)
        return {
            "$schema": SCHEMA,
            "description": self.title,
            "config": CONFIG,
            "data": {"name": ROWS},
            **_width(drawn),
            **drawn,
        }


def with_rows(specification: Specification, columns: Columns) -> Specification:
    """The specification of a chart with its rows, beside what else is drawn; the given one is not changed.

    It must have ``datasets``; ``columns`` are lists of one length by name.

    Examples
    --------
    >>> with_rows({"mark": "point", "datasets": {}}, {"x": [1, 2]})["datasets"]
    {'rows': [{'x': 1}, {'x': 2}]}
    """
    return specification | {"datasets": {**specification["datasets"], ROWS: rows_of(columns)}}


def _width(drawn: Specification) -> Specification:
    """That of what holds the chart; parts of a concatenation have widths of their own, which a page makes fit."""
    if "concat" in drawn:
        return {}
    fit = {"autosize": {"type": "fit-x", "contains": "padding"}}
    return fit if "facet" in drawn else fit | {"width": "container"}


Chart = ChartOf[RunTables, RunFacts]
"""A chart of a run."""

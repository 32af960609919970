"""Cells side by side as the text of a CSV file: one row per cell and year, columns as the run spells them."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from io import StringIO

from .cell_report import CellReport

KEYS = ("run_id", "cell", "year")
_STARTS_OF_FORMULAS = ("=", "+", "-", "@", "\t", "\r")


def cell_sheet(reports: Sequence[CellReport]) -> str:
    """Every quantity and every feature that the runs tell of the cells; what a run does not tell is empty.

    Text that a spreadsheet would take for a formula has an apostrophe before it.

    Rows stand in the order of `reports`, under one header: ``run_id cell year``, then the columns in the order in which
    they are first told, quantities of a report before its features. Lines end in a line feed; without reports there is
    the header ``run_id,cell,year`` alone. Formulas begin with ``= + - @``, tab or carriage return; numbers are written
    as they are, negative ones, too.
    """
    values = [{**report.values, **report.feature_values} for report in reports]
    columns = list(dict.fromkeys(name for told in values for name in told))
    text = StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([*KEYS, *map(_plain, columns)])
    for report, told in zip(reports, values):
        key = (report.run_id, report.cell_name, report.year)
        writer.writerow([*key, *(_plain(told.get(name)) for name in columns)])
    return text.getvalue()


def _plain(value: float | str | None) -> float | str | None:
    # Only texts: a number that is negative begins with "-", too, and is no formula.
    return f"'{value}" if isinstance(value, str) and value.startswith(_STARTS_OF_FORMULAS) else value

"""Cells side by side as the text of a CSV file: one row per cell and year, columns as the run spells them."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from io import StringIO
from pathlib import Path

from .cell_report import CellReport
from .errors import RunFolderError
from .language import tr

KEYS = ("run_id", "cell", "year")
_STARTS_OF_FORMULAS = ("=", "+", "-", "@", "\t", "\r")


def cell_sheet(reports: Sequence[CellReport]) -> str:
    """Every quantity and every feature that the runs tell of the cells; what a run does not tell is empty.

    Text that a spreadsheet would take for a formula has an apostrophe before it.
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
    return f"'{value}" if isinstance(value, str) and value.startswith(_STARTS_OF_FORMULAS) else value


def write_sheet(text: str, path: Path) -> None:
    """Write a file, in place of one that is there.

    Raises
    ------
    RunFolderError
        It cannot be written.
    """
    try:
        with path.open("w", encoding="utf-8", newline="") as file:
            file.write(text)
    except OSError as error:
        raise RunFolderError(
            tr("The table of cells cannot be written."),
            path=path,
            field="file",
            got=error.strerror,
            expected=tr("a folder that can be written to"),
            fix=tr("Choose another place."),
        ) from error

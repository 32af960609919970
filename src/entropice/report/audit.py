"""The files of an audit: the sample that a person fills in, and what its answers say of the map."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd

from entropice.report.geopackage import write_tables
from entropice.report.layers import CELLS, Layer, build_cells
from entropice.report.palettes import PROBABILITY_RAMP
from entropice.report.quantities import Quantity, YearOfRun
from entropice.report.scales import upper_tail
from entropice.report.table import Meaning, Table, columns_of
from entropice.report.tables import CELL_ID, YEAR, cells_table
from entropice.types import DataFrame, GeoDataFrame

SHEET_FILE: Final = "sample.csv"
DECIMALS: Final = "%.6f"

_PROBABILITIES: Final = partial(upper_tail, ramp=PROBABILITY_RAMP)
QUANTITIES: Final = (
    Quantity(
        "p_any_rts_corrected", "Corrected probability of any slump", "By the line that the audit found.", "1",
        "prediction", "percent", lambda year: year.predictions["p_any_corrected"], _PROBABILITIES,
        on_map=True, is_default=True,
    ),
    Quantity(
        "p_any_rts_corrected_low", "Lower end of the corrected probability",
        "At the lower end of the intercept's 95 % interval.", "1", "prediction", "percent",
        lambda year: year.predictions["p_any_corrected_low"],
    ),
    Quantity(
        "p_any_rts_corrected_high", "Upper end of the corrected probability",
        "At the upper end of the intercept's 95 % interval.", "1", "prediction", "percent",
        lambda year: year.predictions["p_any_corrected_high"],
    ),
    Quantity(
        "p_any_rts", "Probability of any slump, uncorrected", "As the map says.", "1", "prediction", "percent",
        lambda year: year.predictions["p_any"], _PROBABILITIES, on_map=True,
    ),
)  # fmt: skip
_OF_A_SAMPLE: Final[dict[str, Meaning]] = {
    "cell_id": CELL_ID,
    "map": (None, "Name of the content of the map that the cell was drawn from."),
    "cell": (None, "The grid's own spelling of the cell."),
    "year": YEAR,
    "lon_deg": ("degrees_east", "Longitude of the centre."),
    "lat_deg": ("degrees_north", "Latitude of the centre."),
    "p_any": ("1", "Probability of any slump, as the map says."),
    "weight": ("1", "How many cells of the map the cell stands for."),
    "observed": (None, "Whether there is any slump: 1 or 0; empty where nobody could judge."),
}


@dataclass(frozen=True)
class AuditSample:
    """Cells to be looked at: the sheet to fill in, and their outlines.

    Attributes
    ----------
    sheet
        Columns ``map cell year lon_deg lat_deg p_any weight observed``, a row a cell; ``observed`` is left for a
        person.
    cells
        The same rows with ``cell_id`` (int64) and ``geometry`` (EPSG:3413).
    """

    sheet: DataFrame
    cells: Table


@dataclass(frozen=True)
class AuditResult:
    """What an audit says, as `document`, tables of scores and cells, and a map.

    Attributes
    ----------
    document
        Plain JSON values ``map title grid years n_drawn n_answered n_with intercept slope share_with_slumps
        intercept_at_slope_1 statement mean_p_any`` (`entropice.learning.audit.verdict`): the line a + b logit(p) that
        corrects the log-odds of the map, and what it was found from.
    scores
        Rows of ``scores.csv``, ``skill map score value low_95 high_95 n_cell_years n_positive``: audit skill, map as it
        is and corrected.
    corrected
        ``cell_id year p_any p_any_corrected p_any_corrected_low p_any_corrected_high``.
    cells
        The same with a column for each of `QUANTITIES` and year, and outlines.
    layers
        Of ``cells``, top of the map first.
    """

    document: Mapping[str, Any]
    scores: DataFrame
    corrected: DataFrame
    cells: Table
    layers: tuple[Layer, ...]


def audit_sample(sheet: DataFrame, outlines: GeoDataFrame) -> AuditSample:
    """Put outlines beside a sheet.

    The table ``sample`` has ``geometry``, all columns of the sheet and ``cell_id`` (int64). Rows stay in the order of
    the sheet, and are put together by place alone: nothing checks that they are the same cells.

    Parameters
    ----------
    sheet
        Columns ``map cell year lon_deg lat_deg p_any weight observed``, as `entropice.learning.audit.sheet.sheet_of`
        gives them.
    outlines
        Columns ``cell_id`` and ``geometry`` (EPSG:3413) of the rows of the sheet, in their order.
    """
    described = sheet.assign(cell_id=outlines["cell_id"].to_numpy().astype(np.int64))
    frame = outlines[["geometry"]].reset_index(drop=True).join(described)
    return AuditSample(sheet, Table("sample", "Audit sample", "cells", frame, columns_of(frame, _OF_A_SAMPLE)))


def audit_result(
    document: Mapping[str, Any], scores: DataFrame, corrected: DataFrame, cells: GeoDataFrame
) -> AuditResult:
    """Make the map of a corrected chance.

    A row a cell, null where unknown; for each year the columns ``p_any_rts_corrected_<year>``,
    ``p_any_rts_corrected_low_<year>``, ``p_any_rts_corrected_high_<year>`` and ``p_any_rts_<year>``. ``document``,
    ``scores`` and ``corrected`` are passed on unchanged. Cells stay in their order; years are ascending.

    Parameters
    ----------
    corrected
        ``cell_id year p_any p_any_corrected p_any_corrected_low p_any_corrected_high`` of every cell.
    cells
        ``cell_id`` and outlines in EPSG:3413.
    """
    by_cell, nothing = cells.set_index("cell_id"), pd.DataFrame(index=cells["cell_id"])
    by_year = corrected.set_index(["year", "cell_id"])
    years = {
        year: YearOfRun(by_cell, nothing, by_year.loc[year].reindex(by_cell.index), nothing, nothing, nothing)
        for year in sorted(set(corrected["year"].tolist()))
    }
    table, layers = build_cells(years.items(), QUANTITIES)
    of_cells = tuple(layer for layer in layers if layer.table == CELLS)
    shown = cells_table(table, of_cells, {year: str(year) for year in years})
    return AuditResult(document, scores, corrected, shown, of_cells)


def write_audit_sample(sample: AuditSample, folder: Path) -> None:
    """Write sheet and outlines into an empty folder; the same sample, the same bytes.

    ``sample.csv`` (UTF-8, commas, six decimals, empty where unknown) and the table ``sample`` of ``cells.gpkg``.
    """
    sample.sheet.to_csv(folder / SHEET_FILE, index=False, lineterminator="\n", float_format=DECIMALS)
    write_tables([sample.cells], folder / "cells.gpkg")


def write_audit_result(result: AuditResult, folder: Path) -> None:
    """Write document, tables and map into an empty folder; the same result, the same bytes.

    ``correction.json``, ``scores.csv``, ``corrected.csv`` (UTF-8, commas, all digits, empty where unknown) and the
    table ``cells`` of ``corrected.gpkg`` with its styles.

    Raises
    ------
    ValueError
        The document holds NaN or an infinity, which JSON does not know.
    """
    text = json.dumps(result.document, indent=1, allow_nan=False, ensure_ascii=False) + "\n"
    (folder / "correction.json").write_text(text, encoding="utf-8")
    result.scores.to_csv(folder / "scores.csv", index=False, lineterminator="\n")
    result.corrected.to_csv(folder / "corrected.csv", index=False, lineterminator="\n")
    write_tables([result.cells], folder / "corrected.gpkg", layers=result.layers)

import csv
from dataclasses import replace
from pathlib import Path

import pytest
from feature_packages import geopackage

from qgis_plugin.entropice.core.cell_report import CellReport, cell_report
from qgis_plugin.entropice.core.cell_row import CellRow
from qgis_plugin.entropice.core.cell_sheet import cell_sheet
from qgis_plugin.entropice.core.feature_tables import feature_tables
from qgis_plugin.entropice.core.manifest import read_manifest


@pytest.fixture
def report(run_folder: Path, tmp_path: Path) -> CellReport:
    manifest = read_manifest(run_folder)
    row = dict.fromkeys(layer.column for layer in manifest.layers if layer.column) | {"cell_id": 16}
    row["p_any_rts_2022"] = 0.125
    with feature_tables(geopackage(tmp_path, {})) as tables:
        return cell_report(CellRow(manifest, 2022, row, run_folder / "run.gpkg"), tables)


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(text.splitlines()))


def test_a_sheet_has_a_row_for_each_cell_and_a_column_for_each_quantity(report: CellReport):
    (row,) = rows(cell_sheet([report]))
    assert (row["run_id"], row["cell"], row["year"]) == (report.run_id, "10", "2022")
    assert (row["p_any_rts"], row["state"], row["area_m2"]) == ("0.125", "", "")
    assert set(report.values) < set(row)


def test_runs_that_tell_different_things_share_a_sheet(report: CellReport):
    other = replace(report, run_id="f" * 16, values={"thaw_depth": 3.5}, feature_values={"slope_deg": 12.0})
    first, second = rows(cell_sheet([report, other]))
    assert (first["p_any_rts"], first["thaw_depth"], first["slope_deg"]) == ("0.125", "", "")
    assert (second["p_any_rts"], second["thaw_depth"], second["slope_deg"]) == ("", "3.5", "12.0")


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\tx"])
def test_a_sheet_holds_no_formulas(report: CellReport, text: str):
    (row,) = rows(cell_sheet([replace(report, values={"state": text})]))
    assert row["state"] == f"'{text}"


def test_negative_numbers_stay_numbers(report: CellReport):
    (row,) = rows(cell_sheet([replace(report, values={"driver_1_share": -0.5})]))
    assert row["driver_1_share"] == "-0.5"

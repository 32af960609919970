"""What `qgis_process run entropice:…` writes beside the run itself, and what it says of wrong inputs."""

import csv
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from entropice.core.run_folder import Run
from qgis.core import QgsFeature, QgsVariantUtils, QgsVectorLayer
from qgis.PyQt import sip

Results = dict[str, Any]


@pytest.fixture
def run_process(process, run: Run) -> Callable[..., Results]:
    """The results of an algorithm on the run."""

    def results(algorithm: str, **order: Any) -> Results:
        given = [f"--{name}={value}" for name, value in order.items()]
        finished = process("--json", "run", f"entropice:{algorithm}", *given)
        assert finished.returncode == 0, finished.stderr
        return json.loads(finished.stdout)["results"]

    return results


def rows_of(path: Path) -> list[dict[str, Any]]:
    """The rows of a GeoPackage."""
    layer = QgsVectorLayer(str(path), path.stem, "ogr")
    rows = [values(feature) for feature in layer.getFeatures()]
    sip.delete(layer)
    return rows


def sheet_rows(path: Path) -> list[dict[str, str]]:
    """The rows of a CSV file."""
    return list(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))


def values(feature: QgsFeature) -> dict[str, Any]:
    """Its attributes by name; null is None."""
    told = zip(feature.fields().names(), feature.attributes(), strict=True)
    return {name: None if QgsVariantUtils.isNull(value) else value for name, value in told}


@pytest.fixture
def told(cells: QgsVectorLayer) -> dict[int, dict[str, Any]]:
    """What the run says of its cells, by their number."""
    return {feature["cell_id"]: values(feature) for feature in cells.getFeatures()}


def test_two_models_are_compared_by_what_both_said_out_of_fold(
    run_process, run: Run, told: dict[int, dict[str, Any]], latest: int, tmp_path: Path
):
    target, scores = tmp_path / "difference.gpkg", tmp_path / "scores.csv"
    own, other = f"p_any_out_of_fold_{latest}", f"p_any_out_of_fold_logistic_{latest}"
    sides = {"FOLDER_A": run.folder, "QUANTITY_A": own, "QUANTITY_B": other}
    results = run_process("compare", **sides, OUTPUT=target, SCORES=scores)
    compared = [row for row in rows_of(target) if row["difference"] is not None]
    assert len(compared) == results["N_BOTH"] > 100
    for row in compared:
        cell = told[row["cell_id"]]
        assert row["difference"] == pytest.approx(cell[other] - cell[own])
        assert cell[f"state_{latest}"] != "unobserved"
    assert results["WAY"] == "same cells"
    assert all(row["value_a"] == row["value_b"] for row in sheet_rows(scores))


def test_filtered_cells_are_those_that_the_map_was_wrong_about(
    run_process, run: Run, told: dict[int, dict[str, Any]], latest: int, tmp_path: Path
):
    target = tmp_path / "missed.gpkg"
    condition = "agreement = miss AND p_any_out_of_fold < 20 %"
    results = run_process("filter", FOLDER=run.folder, CONDITION=condition, YEAR=latest, OUTPUT=target)
    state, p_any = f"state_{latest}", f"p_any_out_of_fold_{latest}"
    expected = {cell_id for cell_id, cell in told.items() if cell[state] == "observed_with" and cell[p_any] < 0.2}
    assert {row["cell_id"] for row in rows_of(target)} == expected
    assert results["N_CELLS"] == len(expected) > 0


def test_exported_columns_hold_what_the_run_says_and_are_described(
    run_process, run: Run, told: dict[int, dict[str, Any]], latest: int, tmp_path: Path
):
    target = tmp_path / "cells.csv"
    asked = {"QUANTITIES": "p_any_rts, agreement", "YEARS": latest, "WITH_FEATURES": "true"}
    results = run_process("export", FOLDER=run.folder, **asked, OUTPUT=target)
    rows = sheet_rows(target)
    assert len(rows) == results["N_CELLS"] == len(told)
    for row in rows:
        cell = told[int(row["cell_id"])]
        assert float(row[f"p_any_rts_{latest}"]) == pytest.approx(cell[f"p_any_rts_{latest}"])
        assert row[f"agreement_{latest}"] == cell[f"agreement_{latest}"]
    about = json.loads(Path(results["ABOUT"]).read_text(encoding="utf-8"))
    assert about["run_id"] == run.manifest.run_id
    described = {field["name"]: field["description"] for field in about["fields"]}
    assert "fitted without the cell" in described[f"agreement_{latest}"]
    assert set(rows[0]) >= described.keys()


def test_an_audit_sample_is_drawn_from_the_cells_of_the_run(
    run_process, run: Run, told: dict[int, dict[str, Any]], latest: int, tmp_path: Path
):
    sheet = tmp_path / "sample.csv"
    results = run_process("drawauditsample", FOLDER=run.folder, N_CELLS=30, SEED=3, SHEET=sheet)
    rows = sheet_rows(sheet)
    assert len(rows) == results["N_CELLS"] == 30
    by_name = {format(cell_id, "x"): cell for cell_id, cell in told.items()}
    for row in rows:
        assert float(row["p_any"]) == pytest.approx(by_name[row["cell"]][f"p_any_rts_{latest}"], abs=1e-6)
        assert row["observed"] == ""


WRONG = {
    "compare": ({"QUANTITY_A": "class", "QUANTITY_B": "entropy"}, "OUTPUT", "gpkg", "Choose two quantities"),
    "filter": ({"CONDITION": "agreement > 3"}, "OUTPUT", "gpkg", "condition"),
    "export": ({"QUANTITIES": "p_any_rts"}, "OUTPUT", "xlsx", "Give the file another suffix."),
    "figure": ({"QUANTITY": "unheard_of"}, "FIGURE", "png", "unheard_of"),
    "surveyplan": ({"BUDGET_KM2": 1}, "OUTPUT", "gpkg", "Raise the budget."),
    "drawauditsample": ({"YEAR": 1999}, "SHEET", "csv", "this year"),
}
"""Order, name and suffix of what would be written, and part of the message."""


@pytest.mark.parametrize("algorithm", WRONG)
def test_a_wrong_input_is_told_and_nothing_is_written(process, run: Run, tmp_path: Path, algorithm: str):
    order, target, suffix, message = WRONG[algorithm]
    folder = "FOLDER_A" if algorithm == "compare" else "FOLDER"
    given = {folder: run.folder, **order, target: tmp_path / f"wrong.{suffix}"}
    finished = process("run", f"entropice:{algorithm}", *(f"--{name}={value}" for name, value in given.items()))
    told = finished.stdout + finished.stderr
    assert finished.returncode == 1
    assert message in told
    assert "fix: " in told
    assert "Traceback" not in told
    assert not list(tmp_path.glob("wrong*"))

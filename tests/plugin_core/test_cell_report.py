from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qgis_plugin.entropice.core.cell_report import Bar, CellReport, cell_name, cell_report
from qgis_plugin.entropice.core.errors import RunFolderError
from qgis_plugin.entropice.core.manifest import Manifest, read_manifest
from qgis_plugin.entropice.core.wording import UNKNOWN

PREDICTED: dict[str, object] = {
    "class_2022": "few",
    "p_none_2022": 0.25,
    "p_few_2022": 0.5,
    "p_some_2022": 0.25,
    "p_many_2022": 0.0,
    "p_any_rts_2022": 0.75,
    "entropy_2022": 0.75,
    "expected_rts_area_fraction_2022": 0.000125,
    "driver_1_2022": "elevation_mean_m",
    "driver_1_share_2022": -0.6,
    "driver_1_contribution_2022": -0.4321,
    "driver_2_2022": "northness_mean",
    "driver_2_share_2022": 0.3,
}
OBSERVED: dict[str, object] = {
    "state_2022": "observed_with",
    "rts_count_2022": 7,
    "rts_per_km2_2022": 0.004,
}
OF_THE_CELL: dict[str, object] = {
    "cell_id": 594530555891023871,
    "lon_deg": -179.9,
    "lat_deg": 71.25,
    "area_m2": 1767345678.0,
    "land_fraction": 1.0,
}
EARLIER: dict[str, object] = {
    column.replace("2022", "2021"): None if column in PREDICTED else value
    for column, value in {**PREDICTED, **OBSERVED, "rts_count_2022": 3}.items()
}
ROW = {"fid": 1, **OF_THE_CELL, **OBSERVED, **PREDICTED, **EARLIER}


@pytest.fixture
def manifest(run_folder: Path) -> Manifest:
    return read_manifest(run_folder)


def report(manifest: Manifest, year: int = 2022, **changes: object) -> CellReport:
    return cell_report(manifest, year, {**ROW, **changes}, Path("run.gpkg"))


def facts(cell: CellReport) -> dict[str, str]:
    return {fact.name: fact.value for fact in cell.facts}


def test_a_row_becomes_bars_and_facts(manifest: Manifest):
    cell = report(manifest)
    assert cell.cell_name == "8403263ffffffff"
    assert cell.place == "71.25° N, 179.90° W"
    assert cell.year_name == "summer 2022"
    assert cell.model_title == "eSPA"
    assert cell.classes == (
        Bar("none", 0.25, "#d5dee6"),
        Bar("few", 0.5, "#fec44f"),
        Bar("some", 0.25, "#ec7014"),
        Bar("many", 0.0, "#7f2704"),
    )
    assert cell.drivers == (
        Bar("mean elevation (−0.43 log-odds)", -0.6, "#0072b2"),
        Bar("mean northness", 0.3, "#a8a8a8"),
    )
    assert facts(cell) == {
        "Probability of any slump": "75 %",
        "Most probable class": "few",
        "Entropy of the class probabilities": "0.75",
        "Expected slump area per land area": "1.25 × 10⁻⁴",
        "What was observed": "observed, with slumps",
        "Slumps counted": "7",
        "Slumps per observed land area": "0.004 km⁻²",
        "Area": "1,767,345,678 m²",
        "Share of land": "100 %",
    }


def test_a_cell_without_prediction_has_no_bars_and_says_unknown(manifest: Manifest):
    cell = report(manifest, 2021)
    assert cell.classes == cell.drivers == ()
    assert facts(cell)["Probability of any slump"] == UNKNOWN
    assert facts(cell)["Slumps counted"] == "3"


def test_an_unobserved_cell_counts_unknown_never_zero(manifest: Manifest):
    cell = report(manifest, state_2022="unobserved", rts_count_2022=None, rts_per_km2_2022=None)
    assert facts(cell)["What was observed"] == "unobserved"
    assert facts(cell)["Slumps counted"] == facts(cell)["Slumps per observed land area"] == UNKNOWN


def test_an_observed_zero_stays_zero(manifest: Manifest):
    assert facts(report(manifest, rts_count_2022=0))["Slumps counted"] == "0"


def test_a_driver_without_description_keeps_its_name(manifest: Manifest):
    unknown = report(manifest, driver_1_2022="unheard_of", driver_1_contribution_2022=None)
    assert unknown.drivers[0].label == "unheard_of"


def test_a_driver_that_speaks_for_slumps_says_so_with_a_plus(manifest: Manifest):
    assert report(manifest, driver_1_contribution_2022=0.4).drivers[0].label == "mean elevation (+0.4 log-odds)"


def changed(manifest_values: dict[str, Any], name: str, **changes: object) -> dict[str, Any]:
    (layer,) = [layer for layer in manifest_values["layers"] if layer["name"] == name]
    layer.update(changes)
    return manifest_values


def test_an_unknown_quantity_is_told_by_title_and_unit(
    write_run: Callable[[dict[str, Any]], Path], manifest_values: dict[str, Any]
):
    changed(manifest_values, "entropy_2022", quantity="thaw_depth", title="Thaw depth", unit="cm", group="soil")
    cell = report(read_manifest(write_run(manifest_values)), entropy_2022=45.5)
    assert facts(cell)["Thaw depth"] == "45.5 cm"


def test_columns_are_found_by_quantity_and_not_by_name(
    write_run: Callable[[dict[str, Any]], Path], manifest_values: dict[str, Any]
):
    manifest_values["tables"][0]["columns"].append({"name": "count_in_22"})
    changed(manifest_values, "rts_count_2022", column="count_in_22")
    manifest = read_manifest(write_run(manifest_values))
    assert facts(report(manifest, rts_count_2022=None, count_in_22=9))["Slumps counted"] == "9"


def without(manifest_values: dict[str, Any], *quantities: str) -> dict[str, Any]:
    manifest_values["layers"] = [
        layer for layer in manifest_values["layers"] if not layer["quantity"].startswith(quantities)
    ]
    return manifest_values


def test_a_map_model_that_explains_no_cell_has_no_drivers(
    write_run: Callable[[dict[str, Any]], Path], manifest_values: dict[str, Any]
):
    cell = report(read_manifest(write_run(without(manifest_values, "driver_"))))
    assert cell.drivers == ()
    assert cell.classes


def test_a_run_that_does_not_say_where_its_cells_are_names_no_place(
    write_run: Callable[[dict[str, Any]], Path], manifest_values: dict[str, Any]
):
    assert report(read_manifest(write_run(without(manifest_values, "lon_deg")))).place == ""


@pytest.mark.parametrize(
    "changes",
    [
        {"p_none_2022": 1.5},
        {"p_none_2022": -0.25, "p_few_2022": 1.0},
        {"p_none_2022": 0.2},
        {"p_none_2022": None},
        {"p_none_2022": float("nan")},
        {"p_none_2022": "0.25"},
        {"entropy_2022": float("inf")},
        {"entropy_2022": b"0.5"},
        {"driver_1_2022": 3},
        {"driver_1_share_2022": -1.5},
        {"cell_id": None},
        {"lat_deg": "north"},
    ],
    ids=str,
)
def test_a_value_that_cannot_be_is_refused(manifest: Manifest, changes: dict[str, object]):
    with pytest.raises(RunFolderError, match="value that cannot be") as caught:
        report(manifest, **changes)
    assert next(iter(changes)).removesuffix("_2022") in (caught.value.field or "")


@given(st.integers(0, 2**63 - 1))
def test_a_cell_is_spelt_as_its_grid_does(cell_id: int):
    assert int(cell_name("h3", cell_id), 16) == cell_id
    assert cell_name("healpix", cell_id) == cell_name("a grid of a later version", cell_id) == str(cell_id)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(weights=st.lists(st.floats(1e-6, 1), min_size=4, max_size=4))
def test_any_probabilities_that_sum_to_one_are_shown_as_they_are(manifest: Manifest, weights: list[float]):
    shares = [weight / sum(weights) for weight in weights]
    columns = dict(zip(("p_none_2022", "p_few_2022", "p_some_2022", "p_many_2022"), shares, strict=True))
    assert [bar.share for bar in report(manifest, **columns).classes] == shares

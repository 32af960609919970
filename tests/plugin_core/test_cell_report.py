from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qgis_plugin.entropice.core.cell_report import UNKNOWN, Bar, CellReport, cell_name, cell_report
from qgis_plugin.entropice.core.columns import required_columns
from qgis_plugin.entropice.core.errors import RunFolderError
from qgis_plugin.entropice.core.manifest import Manifest, read_manifest

PREDICTED = {
    "class_": "few",
    "p_none": 0.25,
    "p_few": 0.5,
    "p_some": 0.25,
    "p_many": 0.0,
    "p_any_rts": 0.75,
    "entropy": 1.0397,
    "expected_rts_area_fraction": 0.000125,
    "driver_1": "elevation_mean_m",
    "driver_1_share": 0.6,
    "driver_2": "northness_mean",
    "driver_2_share": 0.3,
    "driver_3": None,
    "driver_3_share": None,
}
OBSERVED = {
    "cell_id": 594530555891023871,
    "lon_deg": -179.9,
    "lat_deg": 71.25,
    "land_fraction": 1.0,
    "state": "observed_with",
    "observed_fraction": 0.5,
    "rts_count": 7,
    "rts_per_km2": 0.004,
}
ROW: dict[str, object] = {**OBSERVED, **PREDICTED}


@pytest.fixture
def manifest(run_folder: Path) -> Manifest:
    return read_manifest(run_folder)


def report(manifest: Manifest, **changes: object) -> CellReport:
    return cell_report(manifest, 2022, {**ROW, **changes}, Path("run.gpkg"))


def facts(cell: CellReport) -> dict[str, str]:
    return {fact.name: fact.value for fact in cell.facts}


def test_a_row_becomes_bars_and_facts(manifest: Manifest):
    cell = report(manifest)
    assert cell.cell_name == "8403263ffffffff"
    assert cell.place == "71.25° N, 179.90° W"
    assert cell.year_name == "summer 2022"
    assert [bar.share for bar in cell.classes] == [0.25, 0.5, 0.25, 0.0]
    assert cell.drivers == (
        Bar("elevation_mean_m", "mean elevation", 0.6),
        Bar("northness_mean", "mean northness", 0.3),
    )
    assert facts(cell)["State"] == "observed, slumps found"
    assert facts(cell)["Slumps counted"] == "7"
    assert facts(cell)["Probability of any slump"] == "75 %"
    assert facts(cell)["Expected slump area per km² of land"] == "125 m²"


def test_a_cell_without_prediction_has_no_bars_and_says_unknown(manifest: Manifest):
    cell = report(manifest, **dict.fromkeys(PREDICTED))
    assert cell.classes == cell.drivers == ()
    assert facts(cell)["Probability of any slump"] == UNKNOWN
    assert facts(cell)["Slumps counted"] == "7"


def test_an_unobserved_cell_counts_unknown_never_zero(manifest: Manifest):
    cell = report(manifest, state="unobserved", rts_count=None, rts_per_km2=None, observed_fraction=None)
    assert facts(cell)["State"] == "not observed"
    assert facts(cell)["Slumps counted"] == facts(cell)["Slumps per km²"] == UNKNOWN


def test_an_observed_zero_stays_zero(manifest: Manifest):
    assert facts(report(manifest, rts_count=0))["Slumps counted"] == "0"


def test_a_large_count_is_written_out(manifest: Manifest):
    assert facts(report(manifest, rts_count=12345))["Slumps counted"] == "12,345"


def test_a_driver_without_description_keeps_its_name(manifest: Manifest):
    assert report(manifest, driver_1="unheard_of").drivers[0].label == "unheard_of"


@pytest.mark.parametrize(
    "changes",
    [
        {"p_none": 1.5},
        {"p_none": -0.25, "p_few": 1.0},
        {"p_none": 0.2},
        {"p_none": None},
        {"p_none": float("nan")},
        {"p_none": "0.25"},
        {"entropy": float("inf")},
        {"driver_1": 3},
        {"cell_id": None},
        {"lat_deg": None},
    ],
    ids=str,
)
def test_a_value_that_cannot_be_is_refused(manifest: Manifest, changes: dict[str, object]):
    with pytest.raises(RunFolderError, match="value that cannot be") as caught:
        report(manifest, **changes)
    assert next(iter(changes)) in (caught.value.field or "")


@given(st.integers(0, 2**63 - 1))
def test_a_cell_is_spelt_as_its_grid_does(cell_id: int):
    assert int(cell_name("h3_4", cell_id), 16) == cell_id
    assert int(cell_name("healpix_8", cell_id)) == cell_id


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(weights=st.lists(st.floats(1e-6, 1), min_size=4, max_size=4))
def test_any_probabilities_that_sum_to_one_are_shown_as_they_are(manifest: Manifest, weights: list[float]):
    shares = [weight / sum(weights) for weight in weights]
    columns = dict(zip(("p_none", "p_few", "p_some", "p_many"), shares, strict=True))
    assert [bar.share for bar in report(manifest, **columns).classes] == shares


def test_the_report_reads_only_columns_that_opening_requires(manifest: Manifest):
    row = {column: ROW[column] for column in required_columns(manifest, "cells")}
    assert cell_report(manifest, 2022, row, Path("run.gpkg")) == report(manifest)

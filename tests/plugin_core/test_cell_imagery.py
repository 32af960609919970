"""What images say of one cell."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from qgis_plugin.entropice.core.cell_imagery import Estimate, ImageryInCell, imagery_in_cell, told_of
from qgis_plugin.entropice.core.cell_report import cell_report
from qgis_plugin.entropice.core.cell_row import CellRow
from qgis_plugin.entropice.core.errors import RunFolderError
from qgis_plugin.entropice.core.feature_tables import feature_tables
from qgis_plugin.entropice.core.manifest import Manifest, read_manifest
from qgis_plugin.entropice.core.task_tiles import TilesOfYear

TILES = (TilesOfYear(2019, 1, 5e6, 0, 0.0), TilesOfYear(2022, 2, 9e6, 3, 1.5))
FOUND = {
    "seen_expected_per_km2": 0.02,
    "seen_gate": "looked_at",
    "seen_imaged_fraction": 0.1,
    "seen_found_per_km2": 0.12,
    "seen_found_low_90": 0.08,
    "seen_found_high_90": 0.19,
    "seen_growth_m2_per_year": -30.0,
    "seen_growth_low_90": -50.0,
    "seen_growth_high_90": 10.0,
    "seen_look_next_rank": None,
    "area_m2": 2e9,
    "land_fraction": 0.5,
}


@pytest.fixture
def folder(write_run: Callable[[dict[str, Any]], Path], imaged_values: dict[str, Any]) -> Path:
    return write_run(imaged_values)


@pytest.fixture
def manifest(folder: Path) -> Manifest:
    return read_manifest(folder)


def row_of(manifest: Manifest, **changes: object) -> CellRow:
    """A cell with finds, but for the `changes`; all else is unknown."""
    values = {layer.column: None for layer in manifest.layers} | {"cell_id": 7} | FOUND | changes
    return CellRow(manifest, 2022, values, Path("run.gpkg"))


def imagery_of(manifest: Manifest, **changes: object) -> ImageryInCell:
    return imagery_in_cell(row_of(manifest, **changes), manifest.tasks[0], TILES)


def test_all_that_is_known_is_told(manifest: Manifest) -> None:
    imagery = imagery_of(manifest)

    assert imagery.expected_per_km2 == 0.02
    assert imagery.expected_on_land == pytest.approx(0.02 * 1000)
    assert (imagery.verdict, imagery.imaged_share, imagery.rank) == ("looked_at", 0.1, None)
    assert imagery.found_per_km2 == Estimate(0.12, 0.08, 0.19)
    assert imagery.growth_m2_per_year == Estimate(-30.0, -50.0, 10.0)
    assert imagery.years == TILES


def test_unknown_is_none_and_never_zero(manifest: Manifest) -> None:
    imagery = imagery_in_cell(row_of(manifest, **dict.fromkeys(FOUND)), manifest.tasks[0], ())

    assert imagery == ImageryInCell(
        task=manifest.tasks[0],
        expected_per_km2=None,
        expected_on_land=None,
        verdict=None,
        imaged_share=None,
        years=(),
        found_per_km2=None,
        growth_m2_per_year=None,
        rank=None,
    )


@pytest.mark.parametrize("unknown", ["area_m2", "land_fraction", "seen_expected_per_km2"])
def test_what_is_expected_on_land_needs_density_and_land(manifest: Manifest, unknown: str) -> None:
    assert imagery_of(manifest, **{unknown: None}).expected_on_land is None


def test_a_run_may_lack_quantities_that_no_cell_has(
    write_run: Callable[[dict[str, Any]], Path], imaged_values: dict[str, Any]
) -> None:
    imaged_values["layers"] = [layer for layer in imaged_values["layers"] if "growth" not in layer["name"]]

    assert imagery_of(read_manifest(write_run(imaged_values))).growth_m2_per_year is None


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"seen_imaged_fraction": 1.5}, "seen_imaged_fraction"),
        ({"seen_gate": 1}, "seen_gate"),
        ({"seen_found_low_90": 0.2}, "seen_found_low_90, seen_found_high_90"),
        ({"seen_growth_m2_per_year": float("nan")}, "seen_growth_m2_per_year"),
        ({"seen_look_next_rank": "first"}, "seen_look_next_rank"),
    ],
)
def test_a_value_that_cannot_be_is_named(manifest: Manifest, changes: dict[str, object], field: str) -> None:
    with pytest.raises(RunFolderError) as caught:
        imagery_of(manifest, **changes)
    assert caught.value.field == field


def test_a_report_tells_tasks_and_does_not_tell_their_quantities_again(manifest: Manifest, folder: Path) -> None:
    with feature_tables(folder / "run.gpkg") as tables:
        report = cell_report(row_of(manifest), tables, {"seen": TILES})

    assert [imagery.years for imagery in report.imagery] == [TILES]
    assert told_of(manifest.tasks).isdisjoint(fact.name for fact in report.facts)
    assert {fact.name for fact in report.facts}.isdisjoint({"gate", "found_per_km2", "look_next_rank"})
    assert {name: report.values[name] for name in ("seen_gate", "seen_growth_low_90")} == {
        "seen_gate": "looked_at",
        "seen_growth_low_90": -50.0,
    }

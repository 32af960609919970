import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from qgis_plugin.entropice.core.errors import RunFolderError
from qgis_plugin.entropice.core.export_plan import about_text, columns_of, feature_columns, require_outside
from qgis_plugin.entropice.core.manifest import Manifest, read_manifest
from qgis_plugin.entropice.core.run_record import Feature, read_run_record

PLACE = ["cell_id", "lon_deg", "lat_deg", "area_m2", "land_fraction"]


@pytest.fixture
def manifest(run_folder: Path) -> Manifest:
    return read_manifest(run_folder)


def test_id_and_place_stand_before_what_was_asked_for(manifest: Manifest, run_folder: Path):
    columns = columns_of(manifest, ["p_any_rts", "area_m2", "state"], [2022, 2021], run_folder)
    named = ["p_any_rts_2022", "p_any_rts_2021", "state_2022", "state_2021"]
    assert [column.name for column in columns] == [*PLACE, *named]
    by_name = {column.name: column for column in columns}
    assert by_name["p_any_rts_2021"].alias == "Probability of any slump · summer 2021"
    assert by_name["area_m2"].alias == "Area (m²)"


def test_nothing_asked_for_is_everything(manifest: Manifest, run_folder: Path):
    columns = columns_of(manifest, [], [], run_folder)
    assert {column.name for column in columns} == manifest.cells.columns
    assert len(columns) == len(manifest.cells.columns)


@pytest.mark.parametrize(
    ("quantities", "years", "field", "got"),
    [(["doubt"], [], "quantity", "doubt"), ([], [1999], "year", "1999"), (["area_m2"], [1999], "year", "1999")],
)
def test_what_the_run_does_not_have_is_refused(
    manifest: Manifest, run_folder: Path, quantities: list[str], years: list[int], field: str, got: str
):
    with pytest.raises(RunFolderError) as raised:
        columns_of(manifest, quantities, years, run_folder)
    assert (raised.value.field, raised.value.got) == (field, got)


def test_features_have_a_column_for_each_year_in_which_they_differ(
    write_run: Callable[..., Path], manifest_values: dict[str, Any]
):
    described = [
        {"name": name, "type": "integer", "unit": "1", "description": ""}
        for name in ("cell_id", "elevation_mean_m", "northness_mean_2021", "northness_mean_2022")
    ]
    for entry, step in zip(manifest_values["features"], (0.5, 0.01), strict=True):
        entry["scale_factor"] = step
    manifest_values["tables"].append(
        {"table": "feature_values", "title": "Features", "geometry": None, "role": "attributes", "n_rows": 1,
         "columns": described}
    )  # fmt: skip
    folder = write_run(manifest_values)
    manifest, features = read_manifest(folder), read_run_record(folder).features
    columns = feature_columns(manifest, features, [], folder)
    assert [(column.name, column.title, column.scale_factor) for column in columns] == [
        ("elevation_mean_m", "mean elevation", 0.5),
        ("northness_mean_2021", "mean northness · summer 2021", 0.01),
        ("northness_mean_2022", "mean northness · summer 2022", 0.01),
    ]
    assert columns[0].description == "mean; ArcticDEM; 2007 to 2022"
    assert feature_columns(manifest, features, [2022], folder) == (columns[0], columns[2])


@pytest.mark.parametrize("scale_factor", [None, 0.1])
def test_a_run_without_feature_values_says_so(manifest: Manifest, run_folder: Path, scale_factor: float | None):
    with pytest.raises(RunFolderError, match="keeps no values") as raised:
        feature_columns(manifest, {"x": Feature("x", "X", "1", "", scale_factor)}, [], run_folder)
    assert raised.value.field == "tables: feature_values"


def test_whom_to_credit_and_what_columns_mean_stands_beside(manifest: Manifest, run_folder: Path):
    columns = columns_of(manifest, ["p_any_rts"], [2022], run_folder)
    told = json.loads(about_text(replace(manifest, notices=("Only a check.",)), columns))
    assert told["credits"] == ["A survey"]
    assert told["notices"] == ["Only a check."]
    assert told["fields"][-1] == {
        "name": "p_any_rts_2022", "title": "Probability of any slump · summer 2022", "unit": "1", "description": "",
    }  # fmt: skip
    assert [field["name"] for field in told["fields"]] == [column.name for column in columns]


@pytest.mark.parametrize("name", ["out.gpkg", "sub/out.gpkg", "../run/out.gpkg"])
def test_nothing_is_written_into_the_run(run_folder: Path, name: str):
    with pytest.raises(RunFolderError) as raised:
        require_outside(run_folder, run_folder / name)
    assert raised.value.field == "output"


def test_beside_the_run_is_outside(run_folder: Path):
    require_outside(run_folder, run_folder.parent / "out.gpkg")

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from qgis_plugin.entropice.core.layer_plan import LARGE_RUN_CELLS, LayerPlan, plan_layers
from qgis_plugin.entropice.core.manifest import read_manifest

Write = Callable[[dict[str, Any]], Path]


def visible(plan: LayerPlan) -> list[str]:
    return [
        layer.title
        for year in plan.years
        if year.is_visible
        for layer in (*year.polygons, *year.overviews)
        if layer.is_visible
    ]


def test_years_come_newest_first_with_styles_in_reading_order(run_folder: Path):
    plan = plan_layers(read_manifest(run_folder))
    assert [year.title for year in plan.years] == ["summer 2022", "summer 2021"]
    for year in plan.years:
        assert [layer.style for layer in year.polygons] == ["probability", "class", "entropy", "driver", "state"]
        assert {layer.table.year for layer in year.polygons} == {year.year}


def test_of_the_newest_year_the_probability_is_visible(run_folder: Path):
    assert visible(plan_layers(read_manifest(run_folder))) == ["Probability of slumps · summer 2022"]


def test_every_year_has_one_layer_to_show_first(run_folder: Path):
    for year in plan_layers(read_manifest(run_folder)).years:
        assert sum(layer.is_visible for layer in (*year.polygons, *year.overviews)) == 1


def test_a_large_run_shows_the_overview_where_there_is_one(write_run: Write, manifest_values: dict[str, Any]):
    for layer in manifest_values["layers"]:
        layer["n_rows"] = LARGE_RUN_CELLS + 1
    plan = plan_layers(read_manifest(write_run(manifest_values)))
    assert visible(plan) == ["Probability of slumps, overview · summer 2022"]
    (shown_first,) = [layer for layer in plan.years[1].polygons if layer.is_visible]
    assert shown_first.style == "probability"


def test_tables_without_geometry_stand_apart(run_folder: Path):
    assert [table.table for table in plan_layers(read_manifest(run_folder)).attributes] == ["scores"]


@pytest.mark.parametrize(
    ("purpose", "title"),
    [("model", "Virtual Arctic · h3_4"), ("plumbing check", "Virtual Arctic · h3_4 (plumbing check)")],
)
def test_a_check_of_plumbing_says_so_in_its_title(
    write_run: Write, manifest_values: dict[str, Any], purpose: str, title: str
):
    manifest_values["purpose"] = purpose
    assert plan_layers(read_manifest(write_run(manifest_values))).title == title


def test_an_unknown_style_and_an_unknown_overview_are_left_out(write_run: Write, manifest_values: dict[str, Any]):
    manifest_values["layers"][0]["styles"].append("density")
    manifest_values["overviews"][0]["what"] = "density"
    plan = plan_layers(read_manifest(write_run(manifest_values)))
    assert not any(year.overviews for year in plan.years)
    assert all(layer.style != "density" for year in plan.years for layer in year.polygons)

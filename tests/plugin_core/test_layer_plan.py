from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from qgis_plugin.entropice.core.layer_plan import LARGE_RUN_CELLS, LayerPlan, plan_layers
from qgis_plugin.entropice.core.manifest import read_manifest

Write = Callable[[dict[str, Any]], Path]


@pytest.fixture
def plan_of(write_run: Write, manifest_values: dict[str, Any]) -> Callable[..., LayerPlan]:
    """The plan of the manifest after a change."""

    def plan(change: Callable[[dict[str, Any]], object] = lambda values: None) -> LayerPlan:
        change(manifest_values)
        return plan_layers(read_manifest(write_run(manifest_values)))

    return plan


def layer_named(values: dict[str, Any], name: str) -> dict[str, Any]:
    return next(layer for layer in values["layers"] if layer["name"] == name)


def visible(plan: LayerPlan) -> list[str]:
    of_years = [layer for year in plan.years if year.is_visible for layer in (*year.polygons, *year.overviews)]
    return [layer.title for layer in (*plan.above, *of_years, *plan.below) if layer.is_visible]


def test_layers_keep_the_order_of_the_manifest(plan_of: Callable[..., LayerPlan]):
    plan = plan_of()
    assert [layer.title for layer in plan.above] == ["Slump outlines"]
    assert [year.title for year in plan.years] == ["summer 2022", "summer 2021"]
    assert [layer.title for layer in plan.below] == ["Land"]
    for number, year in zip((2022, 2021), plan.years, strict=True):
        assert [layer.layer.name for layer in year.polygons] == [
            f"{quantity}_{number}" for quantity in ("p_any_rts", "class", "entropy", "state", "driver_1")
        ]


def test_the_default_layer_is_shown_on_what_lies_below_the_cells(plan_of: Callable[..., LayerPlan]):
    assert visible(plan_of()) == ["Probability of any slump · summer 2022", "Land"]


def test_every_year_shows_the_default_quantity_first(plan_of: Callable[..., LayerPlan]):
    for year in plan_of().years:
        (shown,) = [layer for layer in (*year.polygons, *year.overviews) if layer.is_visible]
        assert shown.layer.quantity == "p_any_rts"


def test_another_default_is_shown_in_every_year(plan_of: Callable[..., LayerPlan]):
    def entropy_first(values: dict[str, Any]) -> None:
        layer_named(values, "p_any_rts_2022")["is_default"] = False
        layer_named(values, "entropy_2021")["is_default"] = True

    plan = plan_of(entropy_first)
    assert visible(plan) == ["Entropy of the class probabilities · summer 2021", "Land"]
    for year in plan.years:
        assert [layer.layer.quantity for layer in year.polygons if layer.is_visible] == ["entropy"]


def test_a_large_run_shows_the_overview_where_there_is_one(plan_of: Callable[..., LayerPlan]):
    plan = plan_of(lambda values: values["tables"][0].update(n_rows=LARGE_RUN_CELLS + 1))
    assert visible(plan) == ["Probability of any slump, overview · summer 2022", "Land"]
    (shown,) = [layer for layer in plan.years[1].polygons if layer.is_visible]
    assert shown.layer.name == "p_any_rts_2021"


def test_tables_without_geometry_stand_apart_and_empty_ones_are_left_out(plan_of: Callable[..., LayerPlan]):
    assert [table.table for table in plan_of().attributes] == ["scores"]


@pytest.mark.parametrize(
    ("purpose", "title"),
    [("model", "Virtual Arctic · h3_4"), ("plumbing check", "Virtual Arctic · h3_4 (plumbing check)")],
)
def test_a_check_of_plumbing_says_so_in_its_title(plan_of: Callable[..., LayerPlan], purpose: str, title: str):
    assert plan_of(lambda values: values.update(purpose=purpose)).title == title


def test_an_unknown_quantity_is_a_layer_like_any_other(plan_of: Callable[..., LayerPlan]):
    change = {"quantity": "survey_priority", "title": "Where to survey next", "unit": "km-2"}
    plan = plan_of(lambda values: layer_named(values, "entropy_2022").update(change))
    assert "Where to survey next · summer 2022" in [layer.title for layer in plan.years[0].polygons]


def test_a_layer_that_is_the_same_in_all_years_stands_beside_the_years(plan_of: Callable[..., LayerPlan]):
    plan = plan_of(lambda values: layer_named(values, "entropy_2021").update(year=None))
    assert [(year.title, year.is_visible) for year in plan.years] == [("summer 2022", True), ("summer 2021", False)]
    (layer,) = plan.yearless
    assert (layer.title, layer.layer.name) == ("Entropy of the class probabilities", "entropy_2021")
    assert not layer.is_visible


def test_a_layer_without_year_that_comes_first_is_shown_and_no_year_is(plan_of: Callable[..., LayerPlan]):
    def without_years(values: dict[str, Any]) -> None:
        layer_named(values, "p_any_rts_2022").update(is_default=False)
        layer_named(values, "entropy_2021").update(year=None, is_default=True)

    plan = plan_of(without_years)
    assert [layer.is_visible for layer in plan.yearless] == [True]
    assert not any(year.is_visible for year in plan.years)


def test_a_scale_of_unknown_kind_leaves_out_that_layer_and_says_so(plan_of: Callable[..., LayerPlan]):
    plan = plan_of(lambda values: layer_named(values, "p_any_rts_2022").update(scale={"kind": "hatched", "angle": 45}))
    (message,) = plan.left_out
    assert "p_any_rts_2022" in message
    assert "hatched" in message
    names = [layer.layer.name for year in plan.years for layer in (*year.polygons, *year.overviews)]
    assert "p_any_rts_2022" not in names
    assert "p_any_rts_2021" in names
    assert visible(plan) == ["Most probable class · summer 2022", "Land"]


def test_without_a_layer_of_cells_that_can_be_drawn_no_year_is_planned(plan_of: Callable[..., LayerPlan]):
    def no_scale_is_known(values: dict[str, Any]) -> None:
        for layer in values["layers"]:
            if layer["on_map"] and layer["table"] == "cells":
                layer["scale"] = {"kind": "hatched"}

    plan = plan_of(no_scale_is_known)
    assert not plan.years
    assert not plan.yearless
    assert len(plan.left_out) == 10

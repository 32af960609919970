from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from qgis_plugin.entropice.core.layer_plan import LayerPlan, plan_layers, polygon_scale
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


def test_layers_keep_the_order_of_the_manifest(plan_of: Callable[..., LayerPlan]):
    plan = plan_of()
    assert [layer.title for layer in plan.above] == ["Slump outlines"]
    assert [layer.title for layer in plan.below] == ["Land"]
    assert [layer.name for layer in plan.choices] == [
        f"{quantity}_{year}"
        for year in (2022, 2021)
        for quantity in ("p_any_rts", "class", "entropy", "state", "driver_1")
    ]


def test_the_default_layer_is_shown_first(plan_of: Callable[..., LayerPlan]):
    first = plan_of().first
    assert first is not None
    assert first.name == "p_any_rts_2022"


def test_a_layer_that_is_only_told_by_default_can_be_drawn_if_it_has_a_scale(plan_of: Callable[..., LayerPlan]):
    steps = {"kind": "graduated", "breaks": [0, 1], "colours": ["#112233"]}
    plan = plan_of(lambda values: layer_named(values, "p_few_2022").update(scale=steps))
    assert "p_few_2022" in [layer.name for layer in plan.choices]


@pytest.mark.parametrize(("n_more", "is_large"), [(0, False), (1, True)])
def test_a_run_is_large_above_the_limit(plan_of: Callable[..., LayerPlan], n_more: int, is_large: bool):
    n_rows = 200_000 + n_more
    assert plan_of(lambda values: values["tables"][0].update(n_rows=n_rows)).is_large == is_large


def test_polygons_appear_where_a_window_holds_twenty_thousand_cells():
    window_m2_at_one_million = 1200 * 900 * 264.583**2
    assert polygon_scale(20_000, window_m2_at_one_million) == pytest.approx(1e6)
    assert polygon_scale(80_000, window_m2_at_one_million) == pytest.approx(5e5)


@pytest.mark.parametrize(
    ("purpose", "title"),
    [("model", "Virtual Arctic · h3_4"), ("plumbing check", "Virtual Arctic · h3_4 (plumbing check)")],
)
def test_a_check_of_plumbing_says_so_in_its_title(plan_of: Callable[..., LayerPlan], purpose: str, title: str):
    assert plan_of(lambda values: values.update(purpose=purpose)).title == title


def test_a_scale_of_unknown_kind_leaves_out_that_layer_and_says_so(plan_of: Callable[..., LayerPlan]):
    plan = plan_of(lambda values: layer_named(values, "p_any_rts_2022").update(scale={"kind": "hatched", "angle": 45}))
    (message,) = plan.left_out
    assert "p_any_rts_2022" in message
    assert "hatched" in message
    names = [layer.name for layer in plan.choices]
    assert "p_any_rts_2022" not in names
    assert "p_any_rts_2021" in names
    assert plan.first is not None
    assert plan.first.name == "class_2022"


def test_without_a_layer_of_cells_that_can_be_drawn_none_is_first(plan_of: Callable[..., LayerPlan]):
    def no_scale_is_known(values: dict[str, Any]) -> None:
        for layer in values["layers"]:
            if layer["scale"] is not None and layer["table"] == "cells":
                layer["scale"] = {"kind": "hatched"}

    plan = plan_of(no_scale_is_known)
    assert plan.first is None
    assert not plan.choices
    assert len(plan.left_out) == 10

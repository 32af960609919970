"""What the legend of a map says."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from entropice.adapter.legend import on_map, range_text
from entropice.adapter.map_of_run import add_run
from entropice.adapter.run_on_map import RunOnMap
from entropice.core.class_ranges import ClassRange
from entropice.core.important_sets import CHANCE_COLOUR
from entropice.core.run_folder import Run, open_run
from entropice.core.scales import Graduated
from entropice.core.selection import Selection, layer_for
from qgis.core import QgsExpressionContext, QgsExpressionContextUtils, QgsFeature, QgsProject, QgsRenderContext
from qgis.PyQt.QtCore import Qt
from run_edits import edit_manifest, give_layer


def legend_of(run: RunOnMap) -> dict[str, str]:
    """The labels of the legend, each with its colour."""
    items = run.cells.renderer().legendSymbolItems()
    return {item.label(): item.symbol().color().name() for item in items}


@pytest.fixture
def shown_after(project: QgsProject, copied_run: Path) -> Callable[..., RunOnMap]:
    """The run on a map after a change of its manifest, with a quantity of its newest year."""

    def shown(change: Callable[[dict[str, Any]], object], quantity: str) -> RunOnMap:
        edit_manifest(copied_run, change)
        on_map = add_run(project, open_run(copied_run)).run
        on_map.show(Selection(quantity, on_map.manifest.years[-1]))
        return on_map

    return shown


@pytest.mark.parametrize(
    ("known", "text"),
    [
        (ClassRange(0.0, 2.399, 1.01), "below 2.4 m² per km², mean 1"),
        (ClassRange(2.399, 14.86, 6.25), "2.4 – 15 m² per km², mean 6.2"),
        (ClassRange(14.86, None, None), "15 or more m² per km²"),
        (ClassRange(0.0, None, 5.0), "any m² per km², mean 5"),
    ],
)
def test_a_class_says_its_slump_area(known: ClassRange, text: str):
    assert range_text(known) == text


def test_the_legend_of_classes_says_what_each_means(shown_after: Callable[..., RunOnMap]):
    known = {"edges": [2e-6, 1.5e-5], "mean_rts_area_fraction": [0.0, 1e-6, 6e-6, 1e-4]}
    legend = legend_of(shown_after(lambda manifest: manifest["classes"].update(known), "class"))
    assert list(legend) == [
        "none",
        "few: below 2 m² per km², mean 1",
        "some: 2 – 15 m² per km², mean 6",
        "many: 15 or more m² per km², mean 100",
    ]
    assert list(legend.values()) == ["#d5dee6", "#fec44f", "#ec7014", "#7f2704"]


def test_an_area_fraction_is_told_in_square_metres_per_square_kilometre(
    shown_after: Callable[..., RunOnMap], latest: int
):
    scale = {"kind": "graduated", "breaks": [0.0, 5.1e-7, 8.4e-5], "colours": ["#112233", "#445566"]}
    change = partial(give_layer, name=f"expected_rts_area_fraction_{latest}", scale=scale)
    run = shown_after(change, "expected_rts_area_fraction")
    assert list(legend_of(run)) == ["0 – 0.51 m² per km²", "0.51 – 84 m² per km²"]
    assert [interval.upperValue() for interval in run.cells.renderer().ranges()] == [5.1e-7, 8.4e-5]


def test_a_single_step_says_about_what_the_value_is(run: Run, latest: int):
    layer = layer_for(run.manifest, Selection("p_any_rts", latest))
    single = replace(layer, scale=Graduated((0.7, 0.71), ("#112233",)))
    assert on_map(run.manifest, single).scale.labels == ("about 70 %",)


def test_steps_close_together_have_labels_that_differ(run: Run, latest: int):
    layer = layer_for(run.manifest, Selection("p_any_rts", latest))
    close = replace(layer, scale=Graduated((0.7, 0.7001, 0.7002), ("#112233", "#445566")))
    assert on_map(run.manifest, close).scale.labels == ("70 – 70.01 %", "70.01 – 70.02 %")


def driver(feature: str, is_discovery: int) -> dict[str, Any]:
    named = {"feature": feature, "long_name": feature, "features": feature}
    return {"level": "cluster", **named, "weight": 0.1, "null_q95": 0.05, "is_discovery": is_discovery}


def test_leading_drivers_that_do_not_exceed_chance_are_grey_and_called_so(
    shown_after: Callable[..., RunOnMap], run: Run, latest: int, antimeridian_cell: QgsFeature
):
    leading = antimeridian_cell[f"driver_1_{latest}"]
    drawn = layer_for(run.manifest, Selection("driver_1", latest)).scale.categories
    other = next(category for category in drawn if category.value != leading)
    tested = [(leading, 0), (other.value, 1)]
    drivers = [driver(name, found) for name, found in tested]
    on_map = shown_after(lambda manifest: manifest.update(drivers=drivers), "driver_1")
    legend = legend_of(on_map)
    assert legend["no driver that exceeds chance"] == CHANCE_COLOUR
    assert legend[other.label] == other.colour
    assert legend["another driver"] == "#a8a8a8"
    assert run.manifest.feature_titles[leading] not in legend
    assert colour_of(on_map, antimeridian_cell) == CHANCE_COLOUR


def test_drivers_by_group_have_a_colour_for_each_group_and_grey_for_chance(
    shown_after: Callable[..., RunOnMap], latest: int, antimeridian_cell: QgsFeature
):
    leading = antimeridian_cell[f"driver_1_{latest}"]

    def change(manifest: dict[str, Any]) -> None:
        for place, feature in enumerate(manifest["features"]):
            feature["group"] = "ours" if feature["name"] == leading else f"group {place % 2}"
        chance = next(feature["name"] for feature in manifest["features"] if feature["name"] != leading)
        manifest["drivers"] = [driver(chance, 0)]

    on_map = shown_after(change, "driver_1_group")
    legend = legend_of(on_map)
    assert set(legend) == {"ours", "group 0", "group 1", "no driver that exceeds chance"}
    assert colour_of(on_map, antimeridian_cell) == legend["ours"]


@pytest.mark.parametrize(
    ("quantity", "observed"),
    [
        ("state", {"observed_with", "observed_without"}),
        ("agreement", {"miss", "hit", "false_alarm", "correct_negative"}),
    ],
)
def test_only_the_unobserved_is_hatched(project: QgsProject, run: Run, latest: int, quantity: str, observed: set[str]):
    on_map = add_run(project, run).run
    on_map.show(Selection(quantity, latest))
    styles = {item.value(): item.symbol().symbolLayer(0).brushStyle() for item in on_map.cells.renderer().categories()}
    expected = {"unobserved": Qt.BrushStyle.BDiagPattern, **dict.fromkeys(observed, Qt.BrushStyle.SolidPattern)}
    assert styles == expected


def test_a_cell_that_the_map_was_wrong_about_is_drawn_as_such(project: QgsProject, run: Run, latest: int):
    on_map = add_run(project, run).run
    on_map.show(Selection("agreement", latest))
    legend = legend_of(on_map)
    missed = next(on_map.cells.getFeatures(f"agreement_{latest} = 'miss'"))
    assert missed[f"state_{latest}"] == "observed_with"
    assert colour_of(on_map, missed) == legend["slumps, missed"]
    assert legend["slumps, missed"] != legend["slumps, forecast"]


def test_the_legend_of_ranks_does_not_overlap(project: QgsProject, run: Run, latest: int):
    on_map = add_run(project, run).run
    on_map.show(Selection("survey_rank", latest))
    steps = [[int(end) for end in label.split(" – ")] for label in legend_of(on_map)]
    assert steps[0][0] == 1
    assert all(before[-1] + 1 == after[0] for before, after in pairwise(steps))


def colour_of(run: RunOnMap, cell: QgsFeature) -> str:
    """The colour in which a cell is drawn."""
    renderer = run.cells.renderer().clone()
    feature = next(run.cells.getFeatures(f"cell_id = {cell['cell_id']}"))
    context = QgsRenderContext()
    scopes = QgsExpressionContextUtils.globalProjectLayerScopes(run.cells)
    context.setExpressionContext(QgsExpressionContext(scopes))
    context.expressionContext().setFeature(feature)
    renderer.startRender(context, run.cells.fields())
    symbol = renderer.symbolForFeature(feature, context)
    colour = None if symbol is None else symbol.color().name()
    renderer.stopRender(context)
    return colour

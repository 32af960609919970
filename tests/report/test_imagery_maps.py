"""Maps of what was found in images: which steps are in the legend, in what colours, and what captions say."""

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest

from entropice.report.charts.imagery_maps import CHOICES, SHAPES, found_chart, growth_chart
from entropice.report.frames.imagery import LEFT_OUT, NOT_IMAGED, NOT_SEEN_TWICE
from entropice.report.palettes import GATE_COLOURS
from entropice.report.palettes import NOT_IMAGED as NOT_IMAGED_COLOUR
from entropice.report.scales import Graduated
from entropice.report.task_facts import GateFacts, TaskFacts, TaskText

TASK = TaskFacts(
    TaskText("lakes", "Lakes", "mask", "which pixels", "drained lakes", "a camera"),
    (2019, 2021),
    GateFacts(0.1, None, 0.0, 9),
    3,
    2,
    (),
    (),
)
DENSITY = Graduated((0.0, 1.0, 2.0), ("#aaaaaa", "#bbbbbb"))
GROWTH = Graduated((-5.0, 0.0, 5.0), ("#cccccc", "#dddddd"))
FACTS: Any = SimpleNamespace(
    layers=[
        SimpleNamespace(quantity="lakes_found_per_km2", scale=DENSITY),
        SimpleNamespace(quantity="lakes_growth_m2_per_year", scale=GROWTH),
    ],
    filled=str,
)
OUTSIDE = {LEFT_OUT: GATE_COLOURS["left_out"], NOT_IMAGED: NOT_IMAGED_COLOUR, NOT_SEEN_TWICE: NOT_IMAGED_COLOUR}


def legend(chart: Any, *shown: str, facts: Any = FACTS) -> dict[str, str]:
    """What the legend of cells tells, in its order, with the colours."""
    drawn = chart.draw(pd.DataFrame({"shown": list(shown)}), facts)
    scale = drawn["layer"][1]["encoding"]["color"]["scale"]
    return dict(zip(scale["domain"], scale["range"], strict=True))


def test_steps_are_in_the_colours_of_the_runs_layer_after_what_is_unknown() -> None:
    """Whatever the order of the cells."""
    density = legend(found_chart(TASK), "1 – 2", NOT_IMAGED, "0 – 1", LEFT_OUT)
    growth = legend(growth_chart(TASK), "0 to 5", NOT_SEEN_TWICE, "−5 to 0", LEFT_OUT)

    assert list(density.items()) == [
        *((text, OUTSIDE[text]) for text in (LEFT_OUT, NOT_IMAGED)),
        *zip(("0 – 1", "1 – 2"), DENSITY.colours, strict=True),
    ]
    assert list(growth.items()) == [
        *((text, OUTSIDE[text]) for text in (LEFT_OUT, NOT_SEEN_TWICE)),
        *zip(("−5 to 0", "0 to 5"), GROWTH.colours, strict=True),
    ]


@pytest.mark.parametrize("shown", [(), ("1 – 2",), (NOT_IMAGED, NOT_IMAGED)])
def test_only_what_cells_show_is_in_the_legend(shown: tuple[str, ...]) -> None:
    assert list(legend(found_chart(TASK), *shown)) == list(dict.fromkeys(shown))


def test_without_steps_cells_are_left_out_or_unknown() -> None:
    without: Any = SimpleNamespace(layers=[])

    assert legend(found_chart(TASK), NOT_IMAGED, LEFT_OUT, facts=without) == {
        text: OUTSIDE[text] for text in (LEFT_OUT, NOT_IMAGED)
    }


def test_charts_are_called_after_their_task_and_need_its_tiles() -> None:
    charts = [found_chart(TASK), growth_chart(TASK)]

    assert [chart.key for chart in charts] == ["lakes_found_map", "lakes_growth_map"]
    assert [chart.title for chart in charts] == ["Drained lakes found in images", "Growth of drained lakes"]
    assert {chart.needs for chart in charts} == {("cells", "lakes_tiles")}


def test_the_caption_tells_the_last_year_or_that_there_is_none() -> None:
    assert "per km² of land in 2021, " in found_chart(TASK).caption
    assert "per km² of land in no year, " in found_chart(replace(TASK, years=())).caption


def test_braces_of_what_is_looked_for_stay_in_captions() -> None:
    """Captions are filled with the names of a run."""
    task = replace(TASK, text=replace(TASK.text, nouns="{odd} lakes"))

    for chart in (found_chart(task), growth_chart(task)):
        assert "{odd} lakes" in chart.caption.format()
        assert "{" not in chart.reason.format()


@pytest.mark.parametrize("make", [found_chart, growth_chart])
def test_whatever_is_drawn_is_in_the_rows_or_in_what_is_around_them(tasked, make: Any) -> None:
    run = tasked.content
    chart = make(run.tasks[0])
    frame, around = chart.frame(run), chart.surroundings(run)

    land, cells, coast, tiles = chart.draw(frame, run.facts)["layer"]

    assert _fields(cells["encoding"]) <= set(frame.columns)
    assert _fields(tiles["encoding"]) <= set(around["tiles"][0])
    assert _fields([land["encoding"], coast["encoding"]]) <= set(around["land"][0])
    assert [part["data"]["name"] for part in (land, cells, coast, tiles)] == ["land", "rows", "land", "tiles"]
    assert set(frame["shown"]) == set(cells["encoding"]["color"]["scale"]["domain"])


def test_tiles_differ_by_colour_and_shape_with_how_they_were_chosen() -> None:
    encoding = found_chart(TASK).draw(pd.DataFrame({"shown": []}), FACTS)["layer"][-1]["encoding"]

    assert encoding["stroke"]["scale"]["domain"] == encoding["shape"]["scale"]["domain"] == list(CHOICES)
    assert len(set(encoding["shape"]["scale"]["range"])) == len(SHAPES) == len(CHOICES)


def _fields(values: Any) -> set[str]:
    if isinstance(values, list):
        return {field for value in values for field in _fields(value)}
    if not isinstance(values, dict):
        return set()
    own = {values["field"]} if "field" in values else set()
    return own | {field for value in values.values() for field in _fields(value)}

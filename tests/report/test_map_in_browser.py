"""The map of the report in a real browser: cells at the pole and at ±180°, choices, and drivers that follow."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import shapely
from chromium import Tab, is_left_out, tab

from entropice.report.content import RunContent
from entropice.report.html_report import render_html
from entropice.report.sections.maps import SECTION

pytestmark = pytest.mark.skipif(is_left_out(), reason="there is no Chromium: tests/support/browser.sh")

PLACES = {"at the pole": shapely.Point(0, 0), "at 180°": shapely.Point(-3e5, 3e5)}
LATEST, EARLIER = 2022, 2021
CELLS = "#chart-map .cells_marks path"
SHOWN = "document.querySelector('#chart-map svg').textContent"


@pytest.fixture(scope="module")
def page(content: RunContent, tmp_path_factory: pytest.TempPathFactory) -> str:
    path: Path = tmp_path_factory.mktemp("page") / "report.html"
    path.write_text(render_html(content, [SECTION]), encoding="utf-8")
    return path.as_uri()


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tab]:
    with tab(tmp_path_factory.mktemp("profile")) as opened:
        yield opened


@pytest.fixture(params=[1400, 400], ids=["wide", "narrow"])
def opened(request: pytest.FixtureRequest, browser: Tab, page: str) -> Tab:
    browser.open(page, width_px=request.param)
    browser.wait("document.querySelector('#chart-map [data-drawn]')")
    browser.value("document.querySelector('#chart-map').scrollIntoView()")
    return browser


def leading(cells: Any, place: int, year: int, content: RunContent) -> set[str]:
    titles = content.frame("features").set_index("name")["long_name"]
    return {titles[cells[f"driver_{rank}_{year}"].iloc[place]] for rank in (1, 2, 3)}


def point_at(opened: Tab, place: int) -> None:
    edges = opened.value(f"document.querySelectorAll('{CELLS}')[{place}].getBoundingClientRect().toJSON()")
    opened.move(edges["x"] + edges["width"] / 2, edges["y"] + edges["height"] / 2)


def choose(opened: Tab, number: int, text: str) -> None:
    opened.value(
        f"(() => {{ const list = document.querySelectorAll('#chart-map select')[{number}];"
        f"list.selectedIndex = [...list.options].findIndex((option) => option.text === '{text}');"
        "list.dispatchEvent(new Event('change')); })()"
    )


def shows(titles: set[str], others: set[str]) -> str:
    has, lacks = (f"{SHOWN}.includes('{title}')" for title in titles), (f"!{SHOWN}.includes('{t}')" for t in others)
    return " && ".join([*has, *lacks])


@pytest.mark.parametrize("where", PLACES)
def test_values_and_drivers_follow_the_cell_below_the_pointer_and_the_year(
    where: str, opened: Tab, cells: Any, content: RunContent, page: str
) -> None:
    (place,) = cells.sindex.query(PLACES[where], "intersects")
    every = set(content.frame("features")["long_name"])
    point_at(opened, place)
    told = {f"Cell {cells['cell_id'].iloc[place]:x}", f"{100 * cells['p_any_rts_2022'].iloc[place]:.3g} %"}
    drivers = leading(cells, place, LATEST, content)
    opened.wait(shows(told | drivers, every - drivers))
    tooltip = "document.querySelector('#vg-tooltip-element.visible').textContent"
    opened.wait(f"{tooltip}.includes('{cells['cell_id'].iloc[place]:x}')")

    choose(opened, 1, str(EARLIER))
    earlier = leading(cells, place, EARLIER, content)
    opened.wait(shows(earlier | {f"{100 * cells['p_any_rts_2021'].iloc[place]:.3g} %"}, every - earlier))
    assert opened.errors == []
    assert opened.foreign_requests(page) == []


def test_a_cell_is_told_before_any_is_pointed_at(opened: Tab, cells: Any, content: RunContent) -> None:
    most = cells["p_any_rts_2022"].argmax()
    drivers = leading(cells, most, LATEST, content)
    assert opened.value(shows(drivers | {f"Cell {cells['cell_id'].iloc[most]:x}"}, set()))


def test_the_key_follows_the_quantity_and_unobserved_cells_are_striped(opened: Tab) -> None:
    stripes = "document.querySelectorAll('#chart-map .hatches_marks path').length"
    assert opened.value(stripes) == 0
    choose(opened, 0, "What was observed")
    opened.wait(shows({"What was observed, 2018–2022, pooled", "observed, without slumps"}, set()))
    assert opened.value(stripes) == 1
    drawing = "document.querySelector('#chart-map svg')"
    opened.wait(f"{drawing}.getBBox().height <= {drawing}.height.baseVal.value")
    assert opened.errors == []

"""The sections of a task in a real browser, with nouns that would do harm if they were markup."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from chromium import ALL_DRAWN, Tab, is_left_out, tab
from lacking_runs import HOSTILE

from entropice.report.html_report import render_html
from entropice.report.palettes import CHOICE_COLOURS, GATE_COLOURS
from entropice.report.sections.imagery import imagery_sections

pytestmark = pytest.mark.skipif(is_left_out(), reason="there is no Chromium: tests/support/browser.sh")


@pytest.fixture(scope="module")
def page(tasked, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sections of the task alone; its nouns are hostile."""
    (task,) = tasked.content.tasks
    content = replace(tasked.content, tasks=(replace(task, text=replace(task.text, nouns=HOSTILE)),))
    path = tmp_path_factory.mktemp("page") / "report.html"
    path.write_text(render_html(content, imagery_sections(content)), encoding="utf-8")
    return path


@pytest.fixture(scope="module", params=[1400, 400], ids=["wide", "narrow"])
def opened(request, page, tmp_path_factory):
    with tab(tmp_path_factory.mktemp("profile")) as browser:
        browser.open(page.as_uri(), width_px=request.param)
        browser.wait(ALL_DRAWN)
        yield browser


def test_every_chart_is_drawn_within_the_page_and_nothing_leaves_it(opened: Tab, page: Path) -> None:
    assert opened.errors == []
    assert opened.foreign_requests(page.as_uri()) == []
    charts = "[...document.querySelectorAll('.chart')]"
    assert opened.value(f"{charts}.length") == 5
    assert opened.value(f"{charts}.every((chart) => chart.querySelector('svg'))")
    assert opened.value(f"Math.max(...{charts}.map((c) => c.scrollWidth - c.parentElement.clientWidth))") <= 0
    assert opened.value("document.documentElement.scrollWidth - window.innerWidth") <= 0


def test_cells_that_are_left_out_are_grey_and_every_tile_is_a_point(opened: Tab, slump_results) -> None:
    cells = (
        f"document.querySelectorAll('#chart-slumps_found_map .mark-shape path[fill=\"{GATE_COLOURS['left_out']}\"]')"
    )
    assert opened.value(f"{cells}.length") == int((~slump_results.cell_finds["passes_gate"]).sum())
    tiles = slump_results.imaged_tiles.drop_duplicates("tile")
    for how, colour in CHOICE_COLOURS.items():
        points = f'#chart-slumps_found_map .mark-symbol.role-mark path[stroke="{colour}"]'
        n_tiles = int((tiles["is_best"] == (how == "best")).sum())
        assert opened.value(f"document.querySelectorAll('{points}').length") == n_tiles


def test_another_ratio_is_drawn_when_it_is_chosen(opened: Tab) -> None:
    chosen = "document.querySelector('#chart-slumps_pixel_curves select')"
    line = "document.querySelector('#chart-slumps_pixel_curves .mark-line path').getAttribute('d')"
    before = opened.value(line)
    opened.value(f"({chosen}.value = '1:1000', {chosen}.dispatchEvent(new Event('change')))")
    opened.wait(f"{line} !== {json.dumps(before)}")


def test_hostile_nouns_are_text(opened: Tab) -> None:
    assert opened.value("window.hacked") is None
    assert opened.value("document.querySelectorAll('img[src^=x], img[src*=example]').length") == 0
    assert opened.value(f"document.body.textContent.includes({json.dumps(HOSTILE[:20])})")

"""The page of a comparison in a real browser, from a file, with names that would do harm if they were markup."""

from pathlib import Path

import pytest
from chromium import ALL_DRAWN, Tab, is_left_out, tab

from entropice.comparison.comparison import compare
from entropice.comparison.page import render_comparison
from entropice.comparison.settings import Settings

pytestmark = pytest.mark.skipif(is_left_out(), reason="there is no Chromium: tests/support/browser.sh")

HOSTILE = "</script><img src=x onerror=\"document.title='harmed'\">'{x}" + 200 * "w"
SETTINGS = Settings(unit_level=4, min_observed_fraction=0.1, min_covered_share=0.5, n_bootstrap=20, random_seed=0)


@pytest.fixture(scope="module")
def page(make_run, tmp_path_factory) -> Path:
    """Two runs, of which one has a hostile name, title and model."""
    hostile = make_run("healpix_6", HOSTILE)
    hostile.run.manifest |= {"title": HOSTILE, "notice": HOSTILE, "seeds": {HOSTILE: 1}}
    hostile.run.manifest["models"][0]["title"] = HOSTILE
    path: Path = tmp_path_factory.mktemp("page") / "comparison.html"
    path.write_text(render_comparison(compare([make_run("h3_3"), hostile], SETTINGS)), encoding="utf-8")
    return path


@pytest.fixture(scope="module", params=[1400, 400], ids=["wide", "narrow"])
def opened(request, page, tmp_path_factory):
    with tab(tmp_path_factory.mktemp("profile")) as browser:
        browser.open(page.as_uri(), width_px=request.param)
        browser.wait(ALL_DRAWN)
        yield browser


def test_the_page_opens_offline_and_names_are_text(opened: Tab, page: Path) -> None:
    assert opened.errors == []
    assert opened.foreign_requests(page.as_uri()) == []
    assert opened.value("document.querySelectorAll('.chart svg.marks').length") == 5
    assert opened.value("document.title") == "Comparison of 2 runs"
    assert opened.value("document.querySelectorAll('img[src=x]').length") == 0
    assert "</script>" in opened.value("document.querySelector('#chart-map_skill svg.marks').textContent")


def test_nothing_is_wider_than_the_page(opened: Tab) -> None:
    assert opened.value("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0


def test_names_of_any_length_leave_room_for_the_values(opened: Tab) -> None:
    chart = "document.querySelector('#chart-map_skill svg.marks')"
    share = f"{chart}.querySelector('.role-axis').getBoundingClientRect().width / {chart}.clientWidth"
    assert opened.value(share) > 0.7


def test_one_run_is_said_to_be_alone(make_run) -> None:
    text = render_comparison(compare([make_run("h3_3")], SETTINGS))
    assert "h3_3 is the only finished run" in text
    assert text.count("One run alone has nothing to be compared with.") == 2

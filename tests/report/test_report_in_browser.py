"""The report in a real browser, from a file, with names that would do harm if they were markup."""

import json
from pathlib import Path

import pytest
from chromium import ALL_DRAWN, Tab, is_left_out, tab
from lacking_runs import HOSTILE, HOSTILE_CLASS

from entropice.report.charts.folds import ROLES
from entropice.report.run_folder import RunFolder

pytestmark = pytest.mark.skipif(is_left_out(), reason="there is no Chromium: tests/support/browser.sh")


@pytest.fixture(scope="module")
def page(hostile_run: RunFolder, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The report of a run whose names are hostile."""
    path = tmp_path_factory.mktemp("page") / "report.html"
    path.write_text(hostile_run.report_html, encoding="utf-8")
    return path


@pytest.fixture(scope="module", params=[1400, 400], ids=["wide", "narrow"])
def opened(request, page, tmp_path_factory):
    with tab(tmp_path_factory.mktemp("profile")) as browser:
        browser.open(page.as_uri(), width_px=request.param)
        browser.wait(ALL_DRAWN)
        yield browser


def test_every_chart_is_drawn_and_nothing_leaves_the_page(opened: Tab, page: Path) -> None:
    assert opened.errors == []
    assert opened.foreign_requests(page.as_uri()) == []
    assert opened.value("[...document.querySelectorAll('.chart')].every((chart) => chart.querySelector('svg, canvas'))")


def test_no_chart_is_wider_than_the_page(opened: Tab) -> None:
    widest = (
        "Math.max(...[...document.querySelectorAll('.chart')].map((c) => c.scrollWidth - c.parentElement.clientWidth))"
    )
    assert opened.value(widest) <= 0


def test_the_chosen_fold_is_drawn_with_the_roles_of_its_cells(opened: Tab, fabricated) -> None:
    folds = fabricated.folds[fabricated.folds["scheme"] == "spatial"]
    n_cells = len(fabricated.cells)
    for fold, roles in folds.groupby("fold"):
        options = "document.querySelector('#chart-role_map select')"
        opened.value(f"({options}.value = '0 {fold}', {options}.dispatchEvent(new Event('change')))")
        counts = {role: int((roles["role"] == role).sum()) for role in ("test", "train", "buffer")}
        drawn = dict(zip(ROLES, [*counts.values(), n_cells - len(roles)], strict=True))
        opened.wait(f"{_cells_of(ROLES['tested'])} === {drawn['tested']} && {_cells_of(ROLES['left out'])} > 0")
        assert {role: opened.value(_cells_of(colour)) for role, colour in ROLES.items()} == drawn


def _cells_of(colour: str) -> str:
    return f"document.querySelectorAll('#chart-role_map .mark-shape path[fill=\"{colour}\"]').length"


def test_hostile_names_are_text(opened: Tab) -> None:
    assert opened.value("document.title").startswith(HOSTILE)
    assert opened.value("window.hacked") is None
    assert opened.value("document.querySelectorAll('img[src^=x], img[src*=example]').length") == 0
    for chart, name in {"reliability": HOSTILE, "confusion": HOSTILE_CLASS, "importances": HOSTILE}.items():
        drawn = f"document.querySelector('#chart-{chart} svg').textContent"
        assert opened.value(f"{drawn}.includes({json.dumps(name[:20])})"), chart

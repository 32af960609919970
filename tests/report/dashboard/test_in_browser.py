"""The dashboard in a real browser, as a reader uses it; nothing but this machine is asked."""

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from chromium import Tab, is_left_out, tab
from lacking_runs import HOSTILE
from shapely import Polygon, union_all

from entropice.dashboard.views import PAGES
from entropice.dashboard.views.validation import VALIDATION
from entropice.report.run_folder import RunFolder, write_run_folder

pytestmark = pytest.mark.skipif(is_left_out(), reason="there is no Chromium: tests/support/browser.sh")

PROJECT = Path(__file__).parents[3]
FRAME = "document.querySelector('iframe')"
DRAWN = f"{FRAME}.contentDocument.body.dataset.drawn"
COLOURS = f"{FRAME}.contentDocument.body.dataset.colours"
TOLD = f"{FRAME}.contentDocument.getElementById('told').innerText"
CHART = "document.querySelector('[data-testid=stVegaLiteChart] svg, [data-testid=stVegaLiteChart] canvas')"
IDLE = "document.querySelector('[data-testid=stApp]').dataset.testScriptState === 'notRunning'"
NEAR_POLE_M = (2_000.0, 2_000.0)
NEAR_180_M = (-250_000.0, 250_000.0)
L_SHAPE = [[0.0, 0.0], [4.0, 0.0], [4.0, 1.0], [1.0, 1.0], [1.0, 4.0], [0.0, 4.0], [0.0, 0.0]]


@pytest.fixture(scope="module")
def address(
    alter: Callable[..., Path], hostile_run: RunFolder, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """Where the dashboard shows a plain run, and one whose words try to be more than words."""
    root = tmp_path_factory.mktemp("runs")
    alter(root / "a")
    (root / "b").mkdir()
    write_run_folder(hostile_run, root / "b")
    with closing(socket.socket()) as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "kedro", "dashboard", str(root), "--no-browser", "--port", str(port)]
    log = root.parent / "dashboard.log"
    with log.open("wb") as written:
        process = subprocess.Popen(command, cwd=PROJECT, stdout=written, stderr=written, env=os.environ)
    try:
        _wait_for(f"http://127.0.0.1:{port}/_stcore/health", process, log)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(60)


def _wait_for(address: str, process: subprocess.Popen[bytes], log: Path) -> None:
    for _ in range(600):
        assert process.poll() is None, log.read_text()
        try:
            with urlopen(address):  # noqa: S310
                return
        except (URLError, ConnectionError):
            time.sleep(0.1)
    raise TimeoutError(log.read_text())


@pytest.fixture(scope="module")
def page(address: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tab]:
    """A tab; what it does is held to be free of errors and of requests to other hosts, all tests long."""
    with tab(tmp_path_factory.mktemp("profile")) as opened:
        yield opened
        assert opened.errors == []
        assert opened.foreign_requests(address) == []


def _choose_page(page: Tab, title: str) -> None:
    found = f"[...document.querySelectorAll('[role=radiogroup] label')].find(one => one.innerText.trim() === '{title}')"
    page.wait(found)
    page.value(f"{found}.click()")


def _open_map(page: Tab, address: str) -> None:
    page.open(address, 1400, 1900)
    _choose_page(page, "Map")
    page.wait(DRAWN)
    page.wait(CHART)
    page.wait(IDLE)


def _place(page: Tab, point_m: tuple[float, float]) -> tuple[float, float]:
    """Where a point of the map is in the window."""
    x, y = page.value(
        f"(() => {{ const frame = {FRAME}.getBoundingClientRect();"
        f"const [x, y] = {FRAME}.contentWindow.polarMap.getViewports()[0].project({list(point_m)});"
        "return [frame.left + x, frame.top + y] })()"
    )
    return x, y


def _cell_at(run: Path, point_m: tuple[float, float]) -> str:
    cells = gpd.read_file(run / "run.gpkg", layer="cells", columns=["cell_id"])
    (number,) = cells.loc[cells.contains(gpd.points_from_xy([point_m[0]], [point_m[1]])[0]), "cell_id"]
    return format(number, "x")


def _says(text: str) -> str:
    return f"document.body.innerText.includes({json.dumps(text)})"


@pytest.mark.parametrize("point_m", [NEAR_POLE_M, NEAR_180_M], ids=["pole", "180"])
def test_a_cell_is_told_below_the_pointer_and_selected_by_a_click(
    page: Tab, address: str, written_run: Path, point_m: tuple[float, float]
) -> None:
    cell = _cell_at(written_run, point_m)
    _open_map(page, address)

    page.move(*_place(page, point_m))
    page.wait(f"{TOLD}.includes('{cell}') && {TOLD}.includes('Probability of any slump')")
    page.click(*_place(page, point_m))

    page.wait(_says(", 1 selected"))
    page.wait(_says("Should I believe it?"))

    _choose_page(page, "Drivers")
    page.wait("document.querySelector('h1').innerText === 'Drivers'")
    _choose_page(page, "Map")
    page.wait(_says(", 1 selected"))


def test_a_box_selects_a_brush_lights_and_what_is_shown_can_be_kept(page: Tab, address: str, tmp_path: Path) -> None:
    _open_map(page, address)
    page.download_to(tmp_path)
    button = f"{FRAME}.contentDocument.getElementById('box').getBoundingClientRect()"
    frame = f"{FRAME}.getBoundingClientRect()"
    page.click(*page.value(f"[{frame}.left + {button}.left + 6, {frame}.top + {button}.top + 6]"))
    page.drag(_place(page, (-200_000.0, 200_000.0)), _place(page, (200_000.0, -200_000.0)))
    page.wait("/, [1-9]\\d+ selected/.test(document.body.innerText)")

    before = page.value(COLOURS)
    left, top, width, height = page.value(
        f"(({{ left, top, width, height }}) => [left, top, width, height])({CHART}.getBoundingClientRect())"
    )
    page.drag((left + 0.3 * width, top + 0.4 * height), (left + 0.6 * width, top + 0.4 * height))
    page.wait(f"{COLOURS} !== '{before}'")
    page.wait(IDLE)

    for name in ("CSV", "GeoPackage"):
        found = f"[...document.querySelectorAll('button')].find(one => one.innerText.startsWith('{name}'))"
        page.value(f"{found}.click()")
    table = _downloaded(tmp_path / "cells_2022.csv", pd.read_csv)
    cells = _downloaded(tmp_path / "cells_2022.gpkg", gpd.read_file)
    told = page.value("/(\\d+) selected/.exec(document.body.innerText)[1]")
    assert len(table) == len(cells) == int(told)
    assert cells.crs.to_epsg() == 3413


def test_every_chart_of_validation_is_drawn_maps_included(page: Tab, address: str) -> None:
    page.open(address, 1400, 1900)
    _choose_page(page, "Validation")
    drawn = CHART.replace("querySelector(", "querySelectorAll(")
    page.wait(f"{drawn}.length >= {len(VALIDATION.charts)}")
    page.wait("document.querySelectorAll('.mark-shape path[d^=M]').length > 20")
    page.wait(IDLE)
    assert page.errors == []


def _downloaded(path: Path, read: Callable[[Path], pd.DataFrame]) -> pd.DataFrame:
    for _ in range(300):
        if path.exists():
            return read(path)
        time.sleep(0.1)
    raise TimeoutError(path)


def test_hostile_words_are_read_and_not_run(page: Tab, address: str) -> None:
    page.open(address)
    page.wait("document.querySelector('[data-testid=stMultiSelect] input')")
    page.value("document.querySelector('[data-testid=stMultiSelect] input').focus()")
    page.send("Input.insertText", text="b")
    for kind in ("keyDown", "keyUp"):
        page.send("Input.dispatchKeyEvent", type=kind, key="Enter", code="Enter", windowsVirtualKeyCode=13)

    page.wait(_says(HOSTILE))
    for view in PAGES:
        _choose_page(page, view.title)
        page.wait(f"document.querySelector('h1').innerText === '{view.title}'")
        page.wait(IDLE)

    assert page.value("window.hacked") is None
    assert page.value("document.querySelectorAll('img[src^=x], img[src*=example]').length") == 0


@pytest.mark.parametrize("ring", [L_SHAPE, L_SHAPE[::-1]], ids=["left", "right"])
def test_cells_that_are_not_convex_are_filled_by_triangles(page: Tab, address: str, ring: list[list[float]]) -> None:
    _open_map(page, address)
    arrays = f"Float32Array.from({ring}.flat()), Uint32Array.of(0, {len(ring)}), Uint32Array.of(0)"

    triangles = page.value(f"[...new ({FRAME}.contentWindow.Outlines)({arrays}, 1, [0, 0, 4, 4]).triangles]")

    corners = np.array(ring)[triangles].reshape(-1, 3, 2)
    pieces = [Polygon(triangle) for triangle in corners]
    assert sum(piece.area for piece in pieces) == Polygon(ring).area
    assert union_all(pieces).equals(Polygon(ring))


def test_a_telephone_shows_the_whole_width(page: Tab, address: str) -> None:
    page.open(address, 400, 900)
    _choose_page(page, "Map")
    page.wait(DRAWN)

    assert page.value("document.documentElement.scrollWidth") <= 400
    assert page.value(f"{FRAME}.getBoundingClientRect().right") <= 400

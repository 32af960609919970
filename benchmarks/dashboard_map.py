"""The dashboard's map beside a bare deck.gl page of the same polygons: ``python -m benchmarks.dashboard_map FOLDER``.

FOLDER holds one run, such as `benchmarks.large_run` writes. Both pages are driven in a headless Chromium, in turn; the
lowest of the repeats counts. CPU time is that of server and browser together, until nothing is left to do. Also tried:
the same polygons through Streamlit's own chart of pydeck, as JSON. Prints Markdown. Needs the extra ``dashboard``, and
``tests/support`` on the path for Python.
"""

import argparse
import json
import subprocess  # nosec B404
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from importlib.resources import files
from pathlib import Path
from typing import Any, Final
from urllib.error import URLError
from urllib.request import urlopen

import chromium
import psutil  # type: ignore[import-untyped]

from benchmarks.measuring import circumstances, markdown_table
from entropice.dashboard.opened import opened
from entropice.dashboard.polar_map.outlines import Outlines
from entropice.run_folders import run_folders_below

PORT: Final = 8599
FRAME: Final = "document.querySelector('iframe')"
DRAWN: Final = f"{FRAME}.contentDocument.body.dataset.drawn"
COLOURS: Final = f"{FRAME}.contentDocument.body.dataset.colours"
IDLE: Final = "document.querySelector('[data-testid=stApp]').dataset.testScriptState === 'notRunning'"
PYDECK_CHART: Final = "document.querySelector('[data-testid=stDeckGlJsonChart] canvas')"
SETTLED: Final = "new Promise((settled) => setTimeout(() => requestIdleCallback(settled), 500))"
CHART: Final = "document.querySelector('[data-testid=stVegaLiteChart] svg')"

BARE: Final = """<!doctype html><meta charset=utf-8><link rel=icon href=data:,>
<style>body { margin: 0 }</style>
<div id=map style="position:relative;width:930px;height:560px"></div><script src=deck.js></script><script>
(async () => {
  const get = async (name, Type) => new Type(await (await fetch(name)).arrayBuffer());
  const vertices = await get("vertices.bin", Float32Array), starts = await get("starts.bin", Uint32Array);
  const [left, bottom, right, top] = BOUNDS, n = starts.length - 1;
  const zoom = Math.log2(Math.min(930 / (right - left), 560 / (top - bottom)));
  let chosen = -1;
  const cells = () => new deck.SolidPolygonLayer({
    id: "cells", _normalize: false, positionFormat: "XY",
    data: { length: n, startIndices: starts, attributes: { getPolygon: { value: vertices, size: 2 } } },
    getFillColor: (_, { index }) => (index === chosen ? [255, 0, 0] : [index % 250, 90, 160]),
    updateTriggers: { getFillColor: chosen },
  });
  globalThis.choose = (index) => { chosen = index; polarMap.setProps({ layers: [cells()] }); };
  globalThis.polarMap = new deck.Deck({
    parent: document.getElementById("map"), views: new deck.OrthographicView({ flipY: false }), controller: true,
    initialViewState: { target: [(left + right) / 2, (bottom + top) / 2, 0], zoom, minZoom: zoom - 2 },
    onAfterRender: () => { document.body.dataset.drawn = String(chosen); },
    layers: [cells()],
  });
})();
</script>"""

PYDECK: Final = """
import sys
from pathlib import Path
import pydeck, streamlit as st
from entropice.dashboard.opened import opened
run = opened(Path(sys.argv[1]), "run")
rings = [[[round(x), round(y)] for x, y in polygon.geoms[0].exterior.coords] for polygon in run.geometry]
left, bottom, right, top = run.outlines.bounds_m
layer = pydeck.Layer("SolidPolygonLayer", [{"polygon": ring} for ring in rings], get_polygon="polygon", pickable=True,
                     get_fill_color=[200, 90, 40], id="cells")
view = pydeck.View("OrthographicView", controller=True, flip_y=False)
state = pydeck.ViewState(target=[(left + right) / 2, (bottom + top) / 2, 0], zoom=-12)
deck = pydeck.Deck([layer], views=[view], initial_view_state=state, map_provider=None, map_style=None)
st.pydeck_chart(deck, on_select="rerun", selection_mode="single-object", height=560)
st.write("ready")
"""


def main() -> None:
    """Measure, and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--repeats", type=int, default=3)
    given = parser.parse_args()
    run_folder = next(run_folders_below(given.folder))
    outlines = opened(run_folder, "run").outlines
    dashboard = ["-m", "kedro", "dashboard", str(given.folder), "--port", str(PORT), "--no-browser"]
    with tempfile.TemporaryDirectory() as scratch, _bare(outlines, Path(scratch)) as bare, served(dashboard) as own:
        rounds = [(_of_bare(bare), _of_dashboard(own, outlines.n_cells)) for _ in range(given.repeats)]
    measured = [one | other for one, other in rounds]
    lowest = {name: _lowest([each[name] for each in measured]) for name in measured[0]}
    rows = [[name, f"{took.wall_s:.2f}", f"{took.cpu_s:.2f}"] for name, took in lowest.items()]
    with tempfile.TemporaryDirectory() as scratch:
        rows.append(["st.pydeck_chart: the chart is there", _of_pydeck(run_folder, Path(scratch)), ""])
    ratio = lowest["dashboard: map drawn after its page was asked for"].wall_s / lowest["bare: page drawn"].wall_s
    print(f"{outlines.n_cells:,} cells, lowest of {given.repeats}; map : bare page = {ratio:.1f} (wall clock)\n")  # noqa: T201
    print(markdown_table(["what", "wall s", "CPU s"], rows), circumstances(), sep="\n\n")  # noqa: T201


@dataclass(frozen=True)
class Took:
    """Wall clock until something is seen, and CPU time until nothing is left to do."""

    wall_s: float
    cpu_s: float


def _lowest(rounds: list[Took]) -> Took:
    return Took(min(took.wall_s for took in rounds), min(took.cpu_s for took in rounds))


def _timed(act: Callable[[], object], tab: chromium.Tab, until: str, idle: str = "true") -> Took:
    begin_s, begin_cpu_s = time.perf_counter(), _cpu_of_others_s()
    act()
    tab.wait(until)
    wall_s = time.perf_counter() - begin_s
    tab.wait(idle)
    tab.value(SETTLED)
    return Took(wall_s, _cpu_of_others_s() - begin_cpu_s)


def _cpu_of_others_s() -> float:
    """CPU time of the processes that this one has started, server and browser."""
    times = [process.cpu_times() for process in psutil.Process().children(recursive=True)]
    return float(sum(each.user + each.system for each in times))


def _of_bare(address: str) -> dict[str, Took]:
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile, chromium.tab(Path(profile)) as tab:
        drawn = _timed(lambda: tab.open(address), tab, "document.body.dataset.drawn")
        chosen = _timed(lambda: tab.value("choose(5)"), tab, "document.body.dataset.drawn === '5'")
    return {"bare: page drawn": drawn, "bare: colours changed": chosen}


def _of_dashboard(address: str, n_cells: int) -> dict[str, Took]:
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile, chromium.tab(Path(profile)) as tab:
        tab.open(address, 1400, 1400)
        tab.wait(f"document.body.innerText.includes('{n_cells:,}')", 300)
        drawn = _timed(lambda: choose_page(tab, "Map"), tab, DRAWN, f"{CHART} && {IDLE}")
        place = tab.value(
            f"(() => {{ const r = {FRAME}.getBoundingClientRect(); "
            f"const p = {FRAME}.contentWindow.polarMap.getViewports()[0].project([5000, 5000]); "
            "return [r.left + p[0], r.top + p[1]] })()"
        )
        chosen = _timed(lambda: tab.click(*place), tab, "document.body.innerText.includes('Should I believe it')", IDLE)
        before = json.dumps(tab.value(COLOURS))
        lit = _timed(lambda: _brush(tab), tab, f"{COLOURS} !== {before}", IDLE)
    return {
        "dashboard: map drawn after its page was asked for": drawn,
        "dashboard: the cell's card and table after a click": chosen,
        "dashboard: cells lit after a brush": lit,
    }


def choose_page(tab: chromium.Tab, title: str) -> None:
    """Press the title of a page."""
    found = f"[...document.querySelectorAll('[role=radiogroup] label')].find(one => one.innerText.trim() === '{title}')"
    tab.wait(found)
    tab.value(f"{found}.click()")


def _brush(tab: chromium.Tab) -> None:
    left, top, width, height = tab.value(
        f"(() => {{ const r = {CHART}.getBoundingClientRect(); return [r.left, r.top, r.width, r.height] }})()"
    )
    tab.drag((left + 0.5 * width, top + 0.4 * height), (left + 0.7 * width, top + 0.4 * height), 3)


def _of_pydeck(run_folder: Path, scratch: Path) -> str:
    script = scratch / "pydeck_page.py"
    script.write_text(PYDECK, encoding="utf-8")
    options = ["--server.headless=true", "--browser.gatherUsageStats=false", f"--server.port={PORT}"]
    streamlit = ["-m", "streamlit", "run", str(script), "--server.address=127.0.0.1", *options, "--", str(run_folder)]
    profile = scratch / "profile"
    profile.mkdir()
    with served(streamlit) as address, chromium.tab(profile) as tab:
        tab.open(address)
        try:
            tab.wait("document.body.innerText.includes('ready')", 120)
            tab.open(address)
            return f"{_timed(lambda: None, tab, PYDECK_CHART).wall_s:.2f}"
        except (TimeoutError, AssertionError) as error:
            return f"never ({type(error).__name__})"


@contextmanager
def served(arguments: list[str]) -> Iterator[str]:
    """The address of a Streamlit server that Python starts with `arguments`, which name `PORT`; it ends then."""
    command = [sys.executable, *arguments]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # noqa: S603 - our own  # nosec B603
    try:
        _wait_for(f"http://127.0.0.1:{PORT}/_stcore/health")
        yield f"http://127.0.0.1:{PORT}"
    finally:
        process.terminate()
        process.wait(30)


def _wait_for(address: str) -> None:
    end_s = time.monotonic() + 60
    while time.monotonic() < end_s:
        try:
            with urlopen(address):  # noqa: S310 - of this machine  # nosec B310
                return
        except (URLError, ConnectionError):
            time.sleep(0.2)
    raise TimeoutError(address)


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_arguments: Any) -> None:
        """Say nothing."""


@contextmanager
def _bare(outlines: Outlines, folder: Path) -> Iterator[str]:
    (folder / "vertices.bin").write_bytes(outlines.vertices.content)
    (folder / "starts.bin").write_bytes(outlines.starts.content)
    (folder / "deck.js").symlink_to(str(files("pydeck").joinpath("nbextension/static/index.js")))
    (folder / "index.html").write_text(BARE.replace("BOUNDS", json.dumps(outlines.bounds_m)), encoding="utf-8")
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/index.html"
    finally:
        server.shutdown()


if __name__ == "__main__":
    main()

"""Pictures of the dashboard: ``PYTHONPATH=tests/support:. python docs/dashboard_pictures.py data``.

Writes ``docs/images/dashboard_map.png``, with the cell clicked that docs/dashboard.md tells of, and
``docs/images/dashboard_validation.png``, as a headless Chromium draws them.
"""

import sys
import tempfile
from pathlib import Path

import chromium

from benchmarks.dashboard_map import CHART, DRAWN, FRAME, IDLE, PORT, SETTLED, choose_page, served
from entropice.run_folders import run_folders_below
from entropice.runs import open_run

IMAGES = Path(__file__).with_name("images")
CELL_ID = 0x840DB6BFFFFFFFF
WIDTH_PX, MAP_HEIGHT_PX, HEIGHT_PX = 1400, 1560, 1000
HEADING = "[...document.querySelectorAll('h2, h3')].find(one => one.innerText.trim() === 'Reliability')"


def main() -> None:
    """Serve the runs below a folder, and look at two pages."""
    folder = Path(sys.argv[1])
    x_m, y_m = _place(next(run_folders_below(folder)))
    dashboard = ["-m", "kedro", "dashboard", str(folder), "--port", str(PORT), "--no-browser"]
    profile = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
    with profile as own, served(dashboard) as address, chromium.tab(Path(own)) as tab:
        tab.open(address, WIDTH_PX, MAP_HEIGHT_PX)
        choose_page(tab, "Map")
        tab.wait(f"{DRAWN} && {CHART} && {IDLE}", 120)
        tab.click(*tab.value(_on_screen(x_m, y_m)))
        tab.wait(f"document.body.innerText.includes('Should I believe it') && {IDLE}")
        tab.value(SETTLED)
        tab.picture(IMAGES / "dashboard_map.png")
        tab.resize(WIDTH_PX, HEIGHT_PX)
        choose_page(tab, "Validation")
        tab.wait(f"{HEADING} && {IDLE}", 120)
        tab.value(f"{HEADING}.scrollIntoView()")
        tab.value(SETTLED)
        tab.picture(IMAGES / "dashboard_validation.png")


def _place(run_folder: Path) -> tuple[float, float]:
    """The middle of the cell, EPSG:3413."""
    cells = open_run(run_folder).cells()
    middle = cells.geometry.loc[CELL_ID].centroid
    return middle.x, middle.y


def _on_screen(x_m: float, y_m: float) -> str:
    return (
        f"(() => {{ const r = {FRAME}.getBoundingClientRect(); "
        f"const p = {FRAME}.contentWindow.polarMap.getViewports()[0].project([{x_m}, {y_m}]); "
        "return [r.left + p[0], r.top + p[1]] })()"
    )


if __name__ == "__main__":
    main()

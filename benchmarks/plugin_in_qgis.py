"""The plugin on a run beside the bare layer: ``python benchmarks/plugin_in_qgis.py RUN_FOLDER``.

Runs in the Python of QGIS, without a screen (``QT_QPA_PLATFORM=offscreen``), with the interface that pytest-qgis lends
to tests: ``.venv-qgis/bin/python``, which ``make test-qgis`` makes. Prints Markdown. Opening is timed until the map is
drawn; bare layer and plugin take turns, and the lowest of the repeats counts. The cells are also drawn as polygons
where the plugin shows an overview in their place, to compare the whole map with a window of 200 km.
"""

import argparse
import statistics
import sys
import time
from collections.abc import Callable
from contextlib import contextmanager
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "qgis_plugin"))

from entropice.core.errors import RunFolderError
from entropice.core.run_folder import open_run
from entropice.ui.plugin import EntropicePlugin
from pytest_qgis.mock_qgis_classes import MockMessageBar
from pytest_qgis.qgis_interface import QgisInterface
from qgis.core import (
    QgsApplication,
    QgsCoordinateReferenceSystem,
    QgsMapRendererParallelJob,
    QgsMapSettings,
    QgsPointXY,
    QgsProject,
    QgsRectangle,
    QgsVectorLayer,
)
from qgis.gui import QgsLayerTreeMapCanvasBridge, QgsMapCanvas
from qgis.PyQt import sip
from qgis.PyQt.QtCore import QCoreApplication, QEvent, QEventLoop, QSize, QTimer
from qgis.PyQt.QtTest import QTest
from qgis.PyQt.QtWidgets import QMainWindow

PICTURE_PX = QSize(1200, 900)
WINDOW_M = 200_000
N_CLICKS = 20
SETTLING_MS = 300
POLAR = "EPSG:3413"


class Screen:
    """QGIS's window, canvas and the plugin, as far as they are needed here."""

    def __init__(self) -> None:
        self.window = QMainWindow()
        self.window.resize(PICTURE_PX)
        self.canvas = QgsMapCanvas(self.window)
        self.window.setCentralWidget(self.canvas)
        self.canvas.setDestinationCrs(QgsCoordinateReferenceSystem(POLAR))
        self.window.show()
        self.project = QgsProject.instance()
        self.bridge = QgsLayerTreeMapCanvasBridge(self.project.layerTreeRoot(), self.canvas)
        self.plugin = EntropicePlugin(QgisInterface(self.canvas, MockMessageBar(), self.window))
        self.plugin.initGui()

    def bare(self, folder: Path) -> None:
        """The table of cells as any QGIS opens it, in the style that the file opens with."""
        layer = QgsVectorLayer(f"{folder / 'run.gpkg'}|layername=cells", "cells", "ogr")
        self.project.addMapLayer(layer)
        self.canvas.setExtent(layer.extent())
        self.wait_for_map()

    def open(self, folder: Path) -> None:
        """A run, as the plugin opens it."""
        self.plugin.open_run(folder)
        while self.plugin.opening.tasks:
            QTest.qWait(1)
        self.wait_for_map()

    def wait_for_map(self) -> None:
        """Let the canvas finish a picture of its layers."""
        while not self.canvas.layers():
            QCoreApplication.processEvents()
        loop = QEventLoop()
        self.canvas.mapCanvasRefreshed.connect(loop.quit)
        self.canvas.refresh()
        loop.exec()
        self.canvas.mapCanvasRefreshed.disconnect(loop.quit)

    def clear(self) -> None:
        """An empty project, of which nothing is left to draw."""
        self.project.clear()
        QTest.qWait(SETTLING_MS)

    def close(self) -> None:
        """Take everything down while the application lives; QGIS does not survive the other order."""
        self.clear()
        self.plugin.unload()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        sip.delete(self.bridge)
        sip.delete(self.window)


class Heartbeat:
    """`longest_s` is the longest time in which the main thread did not come round."""

    def __init__(self) -> None:
        self.longest_s, self._last_s = 0.0, time.perf_counter()
        self._timer = QTimer()
        self._timer.timeout.connect(self.beat)
        self._timer.start(1)

    def beat(self) -> None:
        """Note the time since the last beat."""
        now_s = time.perf_counter()
        self.longest_s, self._last_s = max(self.longest_s, now_s - self._last_s), now_s


@contextmanager
def heartbeat():
    """Beats while the block lasts."""
    beating = Heartbeat()
    yield beating
    beating.beat()
    beating._timer.stop()


def seconds(task: Callable[[], object]) -> float:
    """Wall time of a task."""
    begin_s = time.perf_counter()
    task()
    return time.perf_counter() - begin_s


def opening_s(screen: Screen, folder: Path, n_repeats: int) -> tuple[float, float, float]:
    """Lowest time of the bare layer and of the plugin, and the shortest of the longest blocks while a run opens."""
    bare_s, plugin_s, blocks_s = [], [], []
    for _ in range(n_repeats):
        screen.clear()
        bare_s.append(seconds(lambda: screen.bare(folder)))
        screen.clear()
        with heartbeat() as beating:
            plugin_s.append(seconds(lambda: screen.open(folder)))
        blocks_s.append(beating.longest_s)
    return min(bare_s), min(plugin_s), min(blocks_s)


def drawing_s(cells: QgsVectorLayer, extent: QgsRectangle) -> float:
    """Time to draw a part of a layer."""
    settings = QgsMapSettings()
    settings.setLayers([cells])
    settings.setDestinationCrs(cells.crs())
    settings.setOutputSize(PICTURE_PX)
    settings.setExtent(extent)

    def draw() -> None:
        job = QgsMapRendererParallelJob(settings)
        job.start()
        job.waitForFinished()

    return seconds(draw)


def clicks_s(screen: Screen, points: list[QgsPointXY]) -> list[float]:
    """Time of each click until the dock with the cell is painted."""
    explorer = screen.plugin.explorer

    def click(point: QgsPointXY) -> None:
        explorer.show_cell(None)
        explorer.show_cell_at(point)
        explorer.dock.grab()
        if explorer.cell is None:
            raise RuntimeError(f"no cell was found at {point.toString()}")

    return [seconds(lambda point=point: click(point)) for point in points]


def report(folder: Path, n_repeats: int) -> str:
    """What the docstring of this module says, as Markdown."""
    screen = Screen()
    bare_s, plugin_s, block_s = opening_s(screen, folder, n_repeats)
    run = screen.plugin.explorer.run
    n_cells, step = run.cells.featureCount(), max(run.cells.featureCount() // N_CLICKS, 1)
    points = [run.cells.getFeature(1 + i * step).geometry().centroid().asPoint() for i in range(N_CLICKS)]
    polygons = run.cells.clone()
    polygons.setScaleBasedVisibility(False)
    middle = points[N_CLICKS // 2]
    full_s = min(drawing_s(polygons, polygons.extent()) for _ in range(n_repeats))
    window = QgsRectangle.fromCenterAndSize(middle, WINDOW_M, WINDOW_M)
    window_s = min(drawing_s(polygons, window) for _ in range(n_repeats))
    clicked_s = clicks_s(screen, points)
    bytes_of = {path.name: path.stat().st_size for path in folder.iterdir()}
    rows = [
        ("cells", f"{n_cells:,}", ""),
        ("years", f"{len(run.manifest.years)}", ""),
        ("run.gpkg", f"{bytes_of['run.gpkg'] / 1e6:,.0f} MB", "≤ 700 MB at 485,000 cells"),
        ("all files", f"{sum(bytes_of.values()) / 1e6:,.0f} MB", ""),
        ("bare layer, opened and drawn", f"{bare_s:.2f} s", ""),
        ("plugin, opened and drawn", f"{plugin_s:.2f} s, {plugin_s / bare_s:.2f} ×", "≤ 1.2 × (2 × of a small run)"),
        ("longest block of the main thread", f"{1e3 * block_s:.0f} ms", "≤ 200 ms"),
        ("all cells as polygons", f"{full_s:.2f} s", ""),
        ("window of 200 km", f"{1e3 * window_s:.0f} ms, {full_s / window_s:.0f} × faster", "≥ 50 × at 485,000 cells"),
        ("click to filled dock, median", f"{1e3 * statistics.median(clicked_s):.0f} ms", ""),
        ("click to filled dock, slowest", f"{1e3 * max(clicked_s):.0f} ms", "≤ 200 ms"),
    ]
    screen.close()
    lines = [("what", "measured", "target"), ("---", "---", "---"), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def main() -> None:
    """Print what `report` says, from the folder and the number of repeats that are asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--repeats", type=int, default=3)
    given = parser.parse_args()
    try:
        open_run(given.folder.resolve())
    except RunFolderError as error:
        parser.error(str(error))
    application = QgsApplication([], True)
    application.initQgis()
    print(report(given.folder.resolve(), given.repeats), flush=True)  # noqa: T201
    application.exitQgis()


if __name__ == "__main__":
    main()

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from entropice.adapter.map_of_run import AddedRun, add_run
from entropice.core import layer_plan
from entropice.core.run_folder import Run, open_run
from entropice.ui.plugin import EntropicePlugin
from places import POLE, only_cell_at, place_on_180_degrees
from profiles import profile_with_plugin
from qgis.core import QgsCoordinateReferenceSystem, QgsFeature, QgsPointXY, QgsProject, QgsVectorLayer
from qgis.gui import QgisInterface, QgsMapCanvas
from qgis.PyQt import sip
from waiting import WaitingPlugin

REPOSITORY = Path(__file__).parents[2]
RUN_FOLDER = Path(os.environ.get("ENTROPICE_RUN", REPOSITORY / "data/test/h3_4/08_reporting/run")).resolve()


def pytest_sessionstart(session: pytest.Session) -> None:
    if not (RUN_FOLDER / "manifest.json").is_file():
        raise pytest.UsageError(
            f"These tests need a run of the pipeline, and {RUN_FOLDER} has no manifest.json.\n"
            "Make one with `kedro run --env test`, or name another with the environment variable ENTROPICE_RUN."
        )


@pytest.fixture(scope="session")
def run_folder() -> Path:
    return RUN_FOLDER


@pytest.fixture(scope="session")
def run(run_folder: Path) -> Run:
    return open_run(run_folder)


@pytest.fixture
def latest(run: Run) -> int:
    """The year of the layer that a map shows first."""
    (year,) = [layer.year for layer in run.manifest.layers if layer.is_default]
    return year


@pytest.fixture
def copied_run(run_folder: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(run_folder, tmp_path / "run"))


@pytest.fixture
def project(qgis_new_project: QgsProject) -> Iterator[QgsProject]:
    yield qgis_new_project
    qgis_new_project.clear()


@pytest.fixture
def added(project: QgsProject, run: Run) -> AddedRun:
    return add_run(project, run)


@pytest.fixture
def large(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every run counts as large, and shows its overviews far away."""
    monkeypatch.setattr(layer_plan, "LARGE_RUN_CELLS", 0)


@pytest.fixture
def cells(run: Run) -> Iterator[QgsVectorLayer]:
    """The cells as any QGIS shows them, in the default style of the GeoPackage, read without the plugin."""
    layer = QgsVectorLayer(f"{run.geopackage}|layername=cells", "cells", "ogr")
    yield layer
    sip.delete(layer)  # pytest lets go of the last test's layer only after QGIS has ended, which crashes


@pytest.fixture
def pole_cell(cells: QgsVectorLayer) -> QgsFeature:
    return only_cell_at(cells, POLE)


@pytest.fixture
def antimeridian_point(cells: QgsVectorLayer, latest: int) -> QgsPointXY:
    return place_on_180_degrees(cells, f"p_any_rts_{latest}")


@pytest.fixture
def antimeridian_cell(cells: QgsVectorLayer, antimeridian_point: QgsPointXY) -> QgsFeature:
    return only_cell_at(cells, antimeridian_point)


@pytest.fixture
def plugin(qgis_iface: QgisInterface, qgis_canvas: QgsMapCanvas, project: QgsProject) -> Iterator[EntropicePlugin]:
    qgis_iface.messageBar().clear_messages()
    qgis_canvas.setDestinationCrs(QgsCoordinateReferenceSystem("EPSG:3413"))
    qgis_canvas.show()
    plugin = WaitingPlugin(qgis_iface)
    plugin.initGui()
    yield plugin
    plugin.unload()
    qgis_canvas.hide()


@pytest.fixture
def process(tmp_path: Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Runs qgis_process with the plugin installed."""
    environment = {
        **os.environ,
        "QGIS_CUSTOM_CONFIG_PATH": str(profile_with_plugin(tmp_path)),
        "QT_QPA_PLATFORM": "offscreen",
    }

    def run_process(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["qgis_process", *arguments], env=environment, capture_output=True, text=True, timeout=120, check=False
        )

    return run_process


@pytest.fixture
def pictures(tmp_path: Path) -> Path:
    """Where the pictures go: the folder named by ENTROPICE_PICTURES, to look at them, or a temporary one."""
    folder = Path(os.environ.get("ENTROPICE_PICTURES", tmp_path / "pictures")).resolve()
    folder.mkdir(parents=True, exist_ok=True)
    return folder

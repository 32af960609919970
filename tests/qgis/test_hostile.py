"""What comes with a run folder is data: nothing of it runs, nothing outside it is read, nothing is fetched."""

import itertools
import re
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from entropice.core.selection import Selection
from entropice.ui.plugin import EntropicePlugin
from hostile_runs import HOSTILE, Hostile
from qgis.core import (
    Qgis,
    QgsExpression,
    QgsExpressionContext,
    QgsExpressionContextUtils,
    QgsLayerTreeModel,
    QgsMapRendererParallelJob,
    QgsMapSettings,
    QgsProject,
    QgsRasterLayer,
    QgsVectorLayer,
)
from qgis.PyQt.QtCore import QSize, Qt
from traps import CANARY, Trap, openings, sprung

MAX_MESSAGE_CHARACTERS = 1_000
LIMIT_S = 60


@pytest.fixture(scope="module")
def trap(run_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Trap]:
    with sprung(run_folder, tmp_path_factory.mktemp("hostile") / "outside") as trap:
        yield trap


@pytest.fixture
def bystanders(trap: Trap, copied_run: Path) -> list[Path]:
    """The files outside that no run may make anybody open."""
    return sorted(trap.outside.glob("canary.*"))


def test_there_are_fifty_kinds():
    assert len(HOSTILE) >= 50


def test_the_traps_notice_who_steps_into_them(trap: Trap):
    path = trap.outside / "canary.tif"
    with openings([path]) as opened:
        layer = QgsRasterLayer(str(path), "", "gdal")
    assert layer.isValid()
    assert opened
    QgsRasterLayer(f"/vsicurl/{trap.url}/step.tif", "", "gdal")
    assert "/step.tif" in trap.requests
    trap.requests.clear()


@pytest.mark.parametrize("hostile", HOSTILE.values(), ids=HOSTILE.keys())
def test_nothing_is_run_fetched_or_read_elsewhere(
    large: None,
    plugin: EntropicePlugin,
    project: QgsProject,
    copied_run: Path,
    trap: Trap,
    bystanders: list[Path],
    hostile: Hostile,
):
    hostile.make(copied_run, trap)
    trap.requests.clear()
    unread = [path for pattern in hostile.unread for path in copied_run.glob(pattern)]
    assert len(unread) >= len(hostile.unread)
    start_s = time.monotonic()
    with openings([*bystanders, *unread]) as opened:
        plugin.open_run(copied_run)
        shown = look_at_everything(plugin, project)
    assert not opened
    assert not trap.requests
    assert CANARY not in shown
    assert time.monotonic() - start_s < LIMIT_S
    if hostile.refusal is None:
        assert project.mapLayers()
        assert not plugin.iface.messageBar().get_messages(Qgis.MessageLevel.Critical)
    else:
        require_one_refusal(plugin, project, hostile.refusal)


def test_overviews_are_looked_at_also_where_they_are_not_shown(
    plugin: EntropicePlugin, project: QgsProject, copied_run: Path, trap: Trap
):
    HOSTILE["VRT of the net"].make(copied_run, trap)
    plugin.open_run(copied_run)
    require_one_refusal(plugin, project, "overview of the map cannot be used")
    assert not trap.requests


def test_a_project_that_is_opened_again_reads_nothing_beside_the_overview(
    large: None, plugin: EntropicePlugin, project: QgsProject, copied_run: Path, trap: Trap
):
    plugin.open_run(copied_run)
    assert project.write(str(copied_run.parent / "saved.qgz"))
    project.clear()
    moved = copied_run.parent.rename(copied_run.parent.with_name("moved")) / copied_run.name
    HOSTILE["notes of GDAL that name overviews"].make(moved, trap)
    (notes,) = moved.glob("*.aux.xml")
    with openings([notes]) as opened:
        assert project.read(str(moved.parent / "saved.qgz"))
        draw(list(project.mapLayers().values()))
    assert plugin.explorer.run.overview.isValid()
    assert not opened
    assert not trap.requests


def test_changes_that_appear_while_a_run_is_open_are_told_on_click(
    plugin: EntropicePlugin, copied_run: Path, trap: Trap
):
    plugin.open_run(copied_run)
    plugin.iface.messageBar().clear_messages()
    HOSTILE["write-ahead log beside"].make(copied_run, trap)
    plugin.explorer.show_cell_at(plugin.explorer.run.cells.extent().center())
    (text,) = messages(plugin)
    assert "unfinished changes" in text
    assert plugin.explorer.cell is None


def require_one_refusal(plugin: EntropicePlugin, project: QgsProject, refusal: str) -> None:
    (text,) = messages(plugin)
    assert refusal in text
    assert "<" not in text
    assert re.search(r"File: \S.*, field: \S.*\. \S", text)
    assert len(text) < MAX_MESSAGE_CHARACTERS
    assert not project.mapLayers()
    assert not project.layerTreeRoot().children()


def messages(plugin: EntropicePlugin) -> list[str]:
    return [text for texts in plugin.iface.messageBar().messages.values() for text in texts]


def look_at_everything(plugin: EntropicePlugin, project: QgsProject) -> str:
    """Draw every layer, read every table, legend, tip and page of metadata, click a cell; return all the texts."""
    layers = list(project.mapLayers().values())
    for selection in with_overview(plugin):
        plugin.explorer.choose(selection)
        draw(layers)
    texts = [text for layer in layers for text in texts_of(layer)]
    model = QgsLayerTreeModel(project.layerTreeRoot())
    texts += [node.data(Qt.ItemDataRole.DisplayRole) for layer in layers for node in legend(model, project, layer)]
    cells = [layer for layer in layers if isinstance(layer, QgsVectorLayer) and layer.isSpatial()]
    if cells:
        plugin.explorer.show_cell_at(cells[0].extent().center())
    return "\n".join(map(str, texts))


def with_overview(plugin: EntropicePlugin) -> list[Selection]:
    choices = plugin.explorer.run.plan.choices if plugin.explorer.run else ()
    return [Selection(layer.quantity, layer.year) for layer in choices if layer.overview]


def draw(layers: list) -> None:
    """Each layer alone, far away and near by."""
    for layer, share in itertools.product(layers, (1, 0.05)):
        extent = layer.extent()
        extent.scale(share)
        settings = QgsMapSettings()
        settings.setLayers([layer])
        settings.setDestinationCrs(layer.crs())
        settings.setExtent(extent)
        settings.setOutputSize(QSize(60, 60))
        job = QgsMapRendererParallelJob(settings)
        job.start()
        job.waitForFinished()


def legend(model: QgsLayerTreeModel, project: QgsProject, layer) -> list:
    return model.layerLegendNodes(project.layerTreeRoot().findLayer(layer))


def texts_of(layer) -> Iterator[str]:
    yield from (layer.name(), layer.htmlMetadata(), layer.mapTipTemplate(), layer.source())
    if isinstance(layer, QgsVectorLayer):
        context = QgsExpressionContext(QgsExpressionContextUtils.globalProjectLayerScopes(layer))
        for feature in list(layer.getFeatures())[:20]:
            context.setFeature(feature)
            yield QgsExpression.replaceExpressionText(layer.mapTipTemplate(), context)
            yield str(feature.attributes())

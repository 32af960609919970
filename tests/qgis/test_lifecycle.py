import pytest
from entropice.core.run_folder import Run
from entropice.ui.cell_tab import CellTab
from entropice.ui.dock import EntropiceDock
from entropice.ui.plugin import EntropicePlugin
from places import POLE
from qgis import processing
from qgis.core import QgsApplication, QgsCoordinateReferenceSystem, QgsProject, QgsVectorLayer
from qgis.gui import QgisInterface, QgsMapCanvas, QgsRubberBand
from qgis.PyQt.QtCore import QCoreApplication, QEvent
from qgis.PyQt.QtWidgets import QAction

from entropice import classFactory


def traces(iface: QgisInterface) -> dict[str, object]:
    """What a plugin can leave behind in QGIS."""
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    canvas = iface.mapCanvas()
    return {
        "docks": len(iface.mainWindow().findChildren(EntropiceDock)),
        "actions": len(iface.mainWindow().findChildren(QAction)),
        "provider": QgsApplication.processingRegistry().providerById("entropice") is not None,
        "outlines": sum(isinstance(item, QgsRubberBand) for item in canvas.items()),
        "map_tool": canvas.mapTool(),
    }


@pytest.mark.parametrize("is_used", [False, True], ids=["unused", "used"])
def test_unload_leaves_nothing(qgis_iface: QgisInterface, project: QgsProject, run: Run, is_used: bool):
    before = traces(qgis_iface)
    plugin = classFactory(qgis_iface)
    plugin.initGui()
    if is_used:
        plugin.open_run(run.folder)
        plugin.explorer.show_cell_at(POLE)
        assert plugin.explorer.dock.tab(CellTab).classes.accessibleDescription()
    assert traces(qgis_iface) != before
    plugin.unload()
    assert traces(qgis_iface) == before
    project.clear()
    assert traces(qgis_iface) == before


def test_layers_outlive_the_plugin(qgis_iface: QgisInterface, project: QgsProject, run: Run):
    plugin = classFactory(qgis_iface)
    plugin.initGui()
    plugin.open_run(run.folder)
    n_layers = len(project.mapLayers())
    plugin.unload()
    assert len(project.mapLayers()) == n_layers > 0


def test_opening_a_run_turns_the_tool_on_and_shows_the_whole_map(
    plugin: EntropicePlugin, run: Run, qgis_canvas: QgsMapCanvas, cells: QgsVectorLayer
):
    plugin.open_run(run.folder)
    assert qgis_canvas.mapTool() == plugin.explorer.tool
    assert qgis_canvas.extent().contains(cells.extent())


def test_new_project_forgets_the_cell(plugin: EntropicePlugin, run: Run, project: QgsProject):
    plugin.open_run(run.folder)
    plugin.explorer.show_cell_at(POLE)
    project.clear()
    assert plugin.explorer.cell is None
    assert "Open a run" in plugin.explorer.dock.text()
    plugin.explorer.show_cell_at(POLE)
    assert "Open a run" in plugin.explorer.dock.text()


def test_run_works_in_a_project_that_was_saved_and_opened_again(
    plugin: EntropicePlugin, run: Run, project: QgsProject, tmp_path
):
    plugin.open_run(run.folder)
    plugin.explorer.show_cell_at(POLE)
    text = plugin.explorer.dock.text()
    assert project.write(str(tmp_path / "saved.qgz"))
    project.clear()
    assert project.read(str(tmp_path / "saved.qgz"))
    plugin.explorer.show_cell_at(POLE)
    assert plugin.explorer.dock.text() == text


def test_project_in_another_crs_gets_a_warning(plugin: EntropicePlugin, run: Run, project: QgsProject):
    project.addMapLayer(QgsVectorLayer("Point?crs=EPSG:4326", "mine", "memory"))
    project.setCrs(QgsCoordinateReferenceSystem("EPSG:4326"))
    plugin.open_run(run.folder)
    assert any("EPSG:3413" in text for texts in plugin.iface.messageBar().messages.values() for text in texts)


def test_removed_cells_ask_to_open_the_run_again(plugin: EntropicePlugin, run: Run, project: QgsProject):
    plugin.open_run(run.folder)
    plugin.explorer.show_cell_at(POLE)
    project.removeMapLayer(plugin.explorer.run.cells)
    assert "Open a run" in plugin.explorer.dock.text()
    assert plugin.explorer.run is None
    plugin.explorer.show_cell_at(POLE)
    assert "Open a run" in plugin.explorer.dock.text()


def test_audit_action_asks_about_the_run_that_is_open(plugin: EntropicePlugin, run: Run, monkeypatch):
    asked = []
    monkeypatch.setattr(processing, "execAlgorithmDialog", lambda *order: asked.append(order))
    plugin.open_run(run.folder)
    (action,) = [action for action in plugin.actions if action.text() == "Draw audit sample…"]
    action.trigger()
    ((name, parameters),) = asked
    assert QgsApplication.processingRegistry().algorithmById(name).parameterDefinition("FOLDER") is not None
    assert parameters == {"FOLDER": str(run.folder)}
    assert not action.icon().isNull()

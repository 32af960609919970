from collections.abc import Iterator
from pathlib import Path

import pytest
from entropice.core.run_folder import Run
from entropice.core.selection import Selection
from entropice.ui.cell_tab import CellTab
from entropice.ui.dock import EntropiceDock
from entropice.ui.help_window import HelpWindow
from entropice.ui.plugin import EntropicePlugin
from places import POLE
from pressing import button_of, folder_typed_into_dialog, press, wait_until
from qgis import processing
from qgis.core import QgsApplication, QgsCoordinateReferenceSystem, QgsCoordinateTransform, QgsProject, QgsVectorLayer
from qgis.gui import QgisInterface, QgsMapCanvas, QgsRubberBand
from qgis.PyQt.QtCore import QCoreApplication, QEvent
from qgis.PyQt.QtWidgets import QAction, QToolBar
from run_edits import edit_manifest
from waiting import WaitingPlugin


def traces(iface: QgisInterface) -> dict[str, object]:
    """What a plugin can leave behind in QGIS."""
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    canvas = iface.mapCanvas()
    return {
        "docks": len(iface.mainWindow().findChildren(EntropiceDock)),
        "help": len(iface.mainWindow().findChildren(HelpWindow)),
        "actions": len(iface.mainWindow().findChildren(QAction)),
        "provider": QgsApplication.processingRegistry().providerById("entropice") is not None,
        "outlines": sum(isinstance(item, QgsRubberBand) for item in canvas.items()),
        "map_tool": canvas.mapTool(),
    }


@pytest.mark.parametrize("is_used", [False, True], ids=["unused", "used"])
def test_unload_leaves_nothing(qgis_iface: QgisInterface, project: QgsProject, run: Run, is_used: bool):
    before = traces(qgis_iface)
    plugin = WaitingPlugin(qgis_iface)
    plugin.initGui()
    if is_used:
        plugin.open_run(run.folder)
        plugin.explorer.show_cell_at(POLE)
        assert plugin.explorer.dock.tab(CellTab).chances.bar.accessibleDescription()
    assert traces(qgis_iface) != before
    plugin.unload()
    assert traces(qgis_iface) == before
    project.clear()
    assert traces(qgis_iface) == before


def test_layers_outlive_the_plugin(qgis_iface: QgisInterface, project: QgsProject, run: Run):
    plugin = WaitingPlugin(qgis_iface)
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


def test_a_project_that_is_moved_together_with_its_run_goes_on(
    plugin: EntropicePlugin, copied_run: Path, project: QgsProject, tmp_path: Path
):
    home = tmp_path / "home"
    home.mkdir()
    folder = copied_run.rename(home / "run")
    plugin.open_run(folder)
    plugin.explorer.show_cell_at(POLE)
    text = plugin.explorer.dock.text()
    assert project.write(str(home / "saved.qgz"))
    project.clear()
    moved = home.rename(tmp_path / "moved")
    assert project.read(str(moved / "saved.qgz"))
    assert plugin.explorer.run.folder == moved / "run"
    plugin.explorer.show_cell_at(POLE)
    assert plugin.explorer.dock.text() == text
    plugin.explorer.choose(Selection("class", plugin.explorer.run.manifest.years[0]))
    assert plugin.explorer.run.cells.isValid()


def test_a_saved_project_whose_run_was_made_again_says_so(
    plugin: EntropicePlugin, copied_run: Path, project: QgsProject, tmp_path: Path
):
    plugin.open_run(copied_run)
    assert project.write(str(tmp_path / "saved.qgz"))
    project.clear()
    edit_manifest(copied_run, lambda manifest: manifest.update(run_id="f" * 16))
    plugin.iface.messageBar().clear_messages()
    assert project.read(str(tmp_path / "saved.qgz"))
    (text,) = messages(plugin)
    assert "made again since it was opened" in text
    assert "Open the run folder again" in text
    assert plugin.explorer.run is None


def test_project_in_another_crs_gets_a_warning(plugin: EntropicePlugin, run: Run, project: QgsProject):
    project.addMapLayer(QgsVectorLayer("Point?crs=EPSG:4326", "mine", "memory"))
    project.setCrs(QgsCoordinateReferenceSystem("EPSG:4326"))
    plugin.open_run(run.folder)
    (warning,) = [text for text in messages(plugin) if "EPSG:4326" in text]
    assert "Set it to EPSG:3413" in warning


def test_project_switched_to_another_crs_later_gets_a_warning(plugin: EntropicePlugin, run: Run, project: QgsProject):
    project.setCrs(QgsCoordinateReferenceSystem("EPSG:4326"))
    assert not messages(plugin)
    plugin.open_run(run.folder)
    project.setCrs(QgsCoordinateReferenceSystem("EPSG:6931"))
    assert not [text for text in messages(plugin) if "drawn wrongly" in text]
    project.setCrs(QgsCoordinateReferenceSystem("EPSG:3857"))
    (warning,) = [text for text in messages(plugin) if "drawn wrongly" in text]
    assert "EPSG:3857" in warning


def test_opening_a_run_zooms_to_it_in_the_crs_of_the_project(
    plugin: EntropicePlugin, run: Run, project: QgsProject, qgis_canvas: QgsMapCanvas, cells: QgsVectorLayer
):
    project.addMapLayer(QgsVectorLayer("Point?crs=EPSG:3995", "mine", "memory"))
    turned = QgsCoordinateReferenceSystem("EPSG:3571")
    project.setCrs(turned)
    qgis_canvas.setDestinationCrs(turned)
    plugin.open_run(run.folder)
    to_canvas = QgsCoordinateTransform(cells.crs(), turned, project)
    cell = next(cells.getFeatures()).geometry().centroid().asPoint()
    extent = to_canvas.transformBoundingBox(cells.extent())
    assert qgis_canvas.extent().contains(to_canvas.transform(cell))
    assert qgis_canvas.extent().contains(extent)
    assert qgis_canvas.extent().height() < 1.5 * extent.height()


def test_at_first_the_dock_says_what_to_do(plugin: EntropicePlugin):
    assert plugin.explorer.dock.text().startswith("Open a run, choose “Explore cells”")
    assert not plugin.explorer.dock.choosers.isEnabled()


def test_with_a_run_the_dock_asks_for_a_cell(plugin: EntropicePlugin, run: Run):
    plugin.open_run(run.folder)
    assert plugin.explorer.dock.text().startswith("No cell is chosen")
    assert plugin.explorer.dock.choosers.isEnabled()


@pytest.fixture
def toolbar(plugin: EntropicePlugin) -> Iterator[QToolBar]:
    """The plugin's actions as buttons."""
    bar = QToolBar()
    bar.addActions(plugin.actions)
    bar.show()
    yield bar
    bar.hide()
    bar.deleteLater()


def action_called(plugin: EntropicePlugin, text: str) -> QAction:
    (action,) = [action for action in plugin.actions if action.text() == text]
    return action


def test_the_button_opens_the_folder_that_is_chosen_in_its_dialog(plugin: EntropicePlugin, run: Run, toolbar: QToolBar):
    with folder_typed_into_dialog(run.folder) as titles:
        press(button_of(toolbar, action_called(plugin, "Open Entropice run…")))
        wait_until(lambda: plugin.explorer.run)
    assert titles == ["Choose a run folder (it holds manifest.json)"]
    assert plugin.explorer.run.folder == run.folder


def test_the_button_to_explore_takes_the_tool(
    plugin: EntropicePlugin, run: Run, toolbar: QToolBar, qgis_canvas: QgsMapCanvas
):
    qgis_canvas.unsetMapTool(plugin.explorer.tool)
    button = button_of(toolbar, action_called(plugin, "Explore cells"))
    assert not button.isChecked()
    press(button)
    assert qgis_canvas.mapTool() == plugin.explorer.tool
    assert button.isChecked()


def messages(plugin: EntropicePlugin) -> list[str]:
    return [text for texts in plugin.iface.messageBar().messages.values() for text in texts]


def test_removed_cells_ask_to_open_the_run_again(plugin: EntropicePlugin, run: Run, project: QgsProject):
    plugin.open_run(run.folder)
    plugin.explorer.show_cell_at(POLE)
    project.removeMapLayer(plugin.explorer.run.cells)
    assert "Open a run" in plugin.explorer.dock.text()
    assert plugin.explorer.run is None
    plugin.explorer.show_cell_at(POLE)
    assert "Open a run" in plugin.explorer.dock.text()


def test_audit_action_asks_about_the_run_that_is_open(
    plugin: EntropicePlugin, run: Run, toolbar: QToolBar, monkeypatch: pytest.MonkeyPatch
):
    asked = []
    monkeypatch.setattr(processing, "execAlgorithmDialog", lambda *order: asked.append(order))
    plugin.open_run(run.folder)
    action = action_called(plugin, "Draw audit sample…")
    press(button_of(toolbar, action))
    ((name, parameters),) = asked
    assert QgsApplication.processingRegistry().algorithmById(name).parameterDefinition("FOLDER") is not None
    assert parameters == {"FOLDER": str(run.folder)}
    assert not action.icon().isNull()

"""A run of images in QGIS: layers as declared, days that can be played, and bad folders named."""

import json
import shutil
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from desktop import desktop_result
from entropice.adapter.images_on_map import add_images, images_on_map
from entropice.core.image_run import ImageRun, open_image_run
from entropice.ui.images_tab import ImagesTab
from entropice.ui.plugin import EntropicePlugin
from images_by_hand import CARD, N_DAYS, STOPS, TYPES, make_images, write_raster
from qgis.core import Qgis, QgsDateTimeRange, QgsProject, QgsRasterLayer
from qgis.PyQt.QtCore import QDate, QDateTime, Qt, QTime, QUrl
from qgis.PyQt.QtGui import QImage
from run_edits import describe_again, edit_manifest

STYLES = Path(__file__).parent / "styles"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return make_images(tmp_path / "images")


@pytest.fixture
def images(folder: Path) -> ImageRun:
    return open_image_run(folder)


def layers_of(project: QgsProject) -> list[QgsRasterLayer]:
    return [node.layer() for node in project.layerTreeRoot().findLayers()]


def at(day: int) -> QgsDateTimeRange:
    first, last = (QDateTime(QDate(2024, 3, n), QTime(0, 0), Qt.TimeSpec.UTC) for n in (day, day + 1))
    return QgsDateTimeRange(first, last, True, False)


def messages(plugin: EntropicePlugin) -> list[str]:
    return [text for texts in plugin.iface.messageBar().messages.values() for text in texts]


def test_each_task_has_a_group_of_layers_with_the_colours_that_are_declared(project: QgsProject, images: ImageRun):
    added = add_images(project, images)

    (of_run,) = project.layerTreeRoot().children()
    assert (of_run.name(), added.n_layers) == ("Sea ice (plumbing check)", N_DAYS + 1)
    assert [group.name() for group in of_run.children()] == ["Ice motion", "Ice types"]
    assert [group.itemVisibilityChecked() for group in of_run.children()] == [True, False]
    assert project.crs().authid() == "EPSG:3413"
    first, *_, types = layers_of(project)
    assert first.name() == "Forecast, 2024-03-01"
    items = first.renderer().shader().rasterShaderFunction().colorRampItemList()
    assert [(item.value, item.color.name()) for item in items] == STOPS
    classes = [(int(one.value), one.label, one.color.name()) for one in types.renderer().classes()]
    assert classes == TYPES
    assert added.extent.width() == pytest.approx(2_400_000)


def test_a_day_shows_its_own_layer_and_no_other(project: QgsProject, images: ImageRun):
    add_images(project, images)

    temporal = layers_of(project)[:N_DAYS]
    for day in range(1, N_DAYS + 1):
        shown = [layer.name() for layer in temporal if layer.temporalProperties().isVisibleInTemporalRange(at(day))]
        assert shown == [f"Forecast, 2024-03-0{day}"]
    settings = project.timeSettings()
    assert (settings.timeStep(), settings.timeStepUnit()) == (1, Qgis.TemporalUnit.Days)
    assert settings.temporalRange().begin().date() == QDate(2024, 3, 1)
    assert not layers_of(project)[-1].temporalProperties().isActive()


def test_a_saved_project_knows_its_images_again(project: QgsProject, images: ImageRun, tmp_path: Path):
    add_images(project, images)
    assert project.write(str(tmp_path / "saved.qgz"))
    project.clear()
    assert project.read(str(tmp_path / "saved.qgz"))

    (found,) = images_on_map(project)

    assert found.folder == images.folder
    shown = [
        layer for layer in layers_of(project)[:N_DAYS] if layer.temporalProperties().isVisibleInTemporalRange(at(3))
    ]
    assert [layer.name() for layer in shown] == ["Forecast, 2024-03-03"]


def test_opening_again_adds_nothing_and_a_run_made_again_takes_the_place(project: QgsProject, folder: Path):
    add_images(project, open_image_run(folder))
    before = [layer.id() for layer in layers_of(project)]
    add_images(project, open_image_run(folder))
    assert [layer.id() for layer in layers_of(project)] == before

    edit_manifest(folder, lambda manifest: manifest.update(run_id="f" * 16, title="Newer"))
    assert images_on_map(project) == ()
    add_images(project, open_image_run(folder))

    assert [group.name() for group in project.layerTreeRoot().children()] == ["Newer (plumbing check)"]
    assert len(layers_of(project)) == N_DAYS + 1


def test_the_dock_tells_scores_and_model_card_and_what_has_no_cells(
    plugin: EntropicePlugin, project: QgsProject, folder: Path
):
    plugin.open_run(folder)

    dock = plugin.explorer.dock
    assert isinstance(dock.pages.currentWidget(), ImagesTab)
    text = dock.text()
    assert "Sea ice (plumbing check)" in text
    assert "the network less persistence" in text
    assert "What will be seen next" in text
    assert "mean squared error (best 0), space" in text
    assert "has no cells" in dock.notice.text()
    assert any("nothing here is of real ice" in text for text in messages(plugin))
    tab = dock.tab(ImagesTab)
    assert tab.scores.rowCount() == 4 * N_DAYS
    tab.task.setCurrentIndex(1)
    assert "Ice types" in dock.text()
    plugin.explorer.show_cell_at(plugin.iface.mapCanvas().center())
    project.clear()
    plugin.explorer.refresh()
    assert dock.text() == tab.hint.text() != ""


def test_markup_in_a_model_card_is_text_and_leads_nowhere(plugin: EntropicePlugin, folder: Path):
    card = "# A <b>card</b> & more\n\n![](layers/ice_motion_day_1.tif) [away](https://example.org)\n"
    (folder / "model_cards/ice_motion.md").write_text(card, encoding="utf-8")
    describe_again(folder)

    plugin.open_run(folder)

    browser = plugin.explorer.dock.tab(ImagesTab).card
    assert browser.toPlainText().startswith("A <b>card</b> & more")
    assert not browser.openLinks()
    assert browser.loadResource(2, QUrl("layers/ice_motion_day_1.tif")) is None


def test_a_run_of_cells_beside_it_has_its_own_pages(plugin: EntropicePlugin, folder: Path, run_folder: Path):
    plugin.open_run(folder)
    plugin.open_run(run_folder)

    dock = plugin.explorer.dock
    assert plugin.explorer.run is not None
    assert "no cells" not in dock.notice.text()
    assert dock.tab(ImagesTab).scores.rowCount() == 4 * N_DAYS


def _write_bands(folder: Path) -> None:
    write_raster(folder / "layers/ice_motion_day_1.tif", np.zeros((4, 4), np.float32))


def _link_away(folder: Path) -> None:
    outside = folder.parent / "elsewhere"
    shutil.move(folder / "layers", outside)
    (folder / "layers").symlink_to(outside, target_is_directory=True)


def _raster_of_text(folder: Path) -> None:
    (folder / "layers/ice_motion_day_2.tif").write_text("no raster", encoding="utf-8")
    describe_again(folder)


DAMAGES: dict[str, tuple[Callable[[Path], object], tuple[str, ...]]] = {
    "raster changed": (_write_bands, ("ice_motion_day_1.tif", "bytes")),
    "raster missing": (
        lambda folder: (folder / "layers/ice_types_types.tif").unlink(),
        ("ice_types_types.tif", "files"),
    ),
    "no raster": (_raster_of_text, ("ice_motion_day_2.tif", "format")),
    "card missing": (lambda folder: (folder / "model_cards/ice_types.md").unlink(), ("ice_types.md", "files")),
    "folder leads away": (_link_away, ("leaves the run folder",)),
    "layer of no task": (
        lambda folder: edit_manifest(folder, lambda m: m["layers"][0].update(task="snow")),
        ("layers[0].task",),
    ),
    "file outside": (
        lambda folder: edit_manifest(folder, lambda m: m["files"][0].update(name="../x.tif")),
        ("files[0].name",),
    ),
    "days that end before they begin": (
        lambda folder: edit_manifest(folder, lambda m: m["layers"][0].update(ends="2024-02-01")),
        ("layers[0].ends",),
    ),
    "no day": (
        lambda folder: edit_manifest(folder, lambda m: m["layers"][0].update(begins="2024-02-31")),
        ("layers[0].begins",),
    ),
    "later schema": (
        lambda folder: edit_manifest(folder, lambda m: m.update(schema="entropice-images/2")),
        ("schema", "Update the plugin"),
    ),
}


@pytest.mark.parametrize(("damage", "told"), DAMAGES.values(), ids=DAMAGES.keys())
def test_a_bad_folder_gives_one_message_and_no_layer(
    plugin: EntropicePlugin, project: QgsProject, folder: Path, damage: Callable[[Path], object], told: tuple[str, ...]
):
    damage(folder)

    plugin.open_run(folder)

    (text,) = messages(plugin)
    assert all(part in text for part in told)
    assert not project.mapLayers()
    assert not project.layerTreeRoot().children()


@pytest.mark.parametrize(("style", "kind"), [("ramp", "singlebandpseudocolor"), ("classes", "paletted")])
def test_qgis_takes_the_styles_that_lie_beside_rasters(folder: Path, style: str, kind: str):
    """Without the plugin; a test of the package holds that these are the styles that it writes.

    QGIS takes colours by itself, days only from a style that is loaded.
    """
    raster = folder / "layers/ice_motion_day_1.tif"
    shutil.copy(STYLES / f"{style}.qml", raster.with_suffix(".qml"))

    layer = QgsRasterLayer(str(raster), "day", "gdal")

    assert layer.renderer().type() == kind
    assert layer.loadNamedStyle(str(raster.with_suffix(".qml"))) == ("", True)
    temporal = layer.temporalProperties()
    assert temporal.isActive() is (style == "ramp")
    if style == "ramp":
        assert temporal.isVisibleInTemporalRange(at(1))
        assert not temporal.isVisibleInTemporalRange(at(2))
        items = layer.renderer().shader().rasterShaderFunction().colorRampItemList()
        assert (len(items), items[0].color.name(), items[-1].color.name()) == (11, "#08306b", "#f7fbff")
    else:
        labels = [one.label for one in layer.renderer().classes()]
        assert labels == ["open water", "thin ice", "thick ice", "none of these"]


def test_nothing_in_the_folder_changes(plugin: EntropicePlugin, folder: Path):
    before = {file: file.read_bytes() for file in folder.rglob("*") if file.is_file()}
    plugin.open_run(folder)
    for layer in layers_of(plugin.explorer.project):
        layer.dataProvider().bandStatistics(1)
    assert {file: file.read_bytes() for file in folder.rglob("*") if file.is_file()} == before


def test_qgis_process_opens_a_run_of_images(process, folder: Path, tmp_path: Path):
    done = process("run", "entropice:openrun", f"--FOLDER={folder}", f"--PROJECT={tmp_path / 'p.qgz'}", "--json")
    assert json.loads(done.stdout)["results"]["N_LAYERS"] == N_DAYS + 1
    assert (tmp_path / "p.qgz").is_file()


def test_days_are_played_and_pictured(folder: Path, pictures: Path, tmp_path: Path):
    result = desktop_result("drive_images.py", {"run": str(folder), "folder": str(pictures)}, tmp_path)

    assert result["n_frames"] == N_DAYS
    assert result["shown"] == [[f"Forecast, 2024-03-0{day}"] for day in range(1, N_DAYS + 1)]
    assert CARD.splitlines()[0].lstrip("# ") in result["page"]
    frames = [QImage(str(pictures / f"images_day_{frame}.png")) for frame in range(N_DAYS)]
    assert all(first != second for first, second in pairwise(frames))

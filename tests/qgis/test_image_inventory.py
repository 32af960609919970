"""The inventory of a run of images in QGIS: outlines above rasters, there in their years; bad files named."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from desktop import desktop_result
from entropice.adapter.images_on_map import add_images, images_on_map
from entropice.core.image_manifest import read_image_manifest
from entropice.core.image_run import open_image_run
from entropice.ui.plugin import EntropicePlugin
from images_by_hand import N_DAYS, make_images
from inventories_by_hand import FILE, OUTLINE, TITLE, YEARS, add_inventory, change_inventory
from qgis.core import (
    Qgis,
    QgsDateTimeRange,
    QgsExpression,
    QgsExpressionContext,
    QgsExpressionContextUtils,
    QgsProject,
    QgsVectorLayer,
    QgsVectorLayerTemporalContext,
)
from qgis.PyQt.QtCore import QDate, QDateTime, Qt, QTime
from run_edits import edit_manifest


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = make_images(tmp_path / "images")
    add_inventory(made)
    return made


@pytest.fixture
def outlines(project: QgsProject, folder: Path) -> QgsVectorLayer:
    add_images(project, open_image_run(folder))
    (layer,) = project.mapLayersByName(TITLE)
    return layer


def objects_in(layer: QgsVectorLayer, year: int) -> list[int]:
    """Objects that are drawn while the map shows a year."""
    first, last = (QDateTime(QDate(one, 1, 1), QTime(0, 0), Qt.TimeSpec.UTC) for one in (year, year + 1))
    shown = QgsDateTimeRange(first, last, True, False)
    context = QgsVectorLayerTemporalContext()
    context.setLayer(layer)
    condition = layer.temporalProperties().createFilterString(context, shown)
    return sorted(row["object_id"] for row in layer.getFeatures(condition))


def test_outlines_lie_above_the_rasters_of_their_task(project: QgsProject, outlines: QgsVectorLayer):
    of_run = project.layerTreeRoot().children()[0]
    motion, types = of_run.children()
    assert [node.name() for node in types.children()] == [TITLE, "Types of ice"]
    assert len(motion.children()) == N_DAYS
    symbol = outlines.renderer().symbol().symbolLayer(0)
    assert (symbol.strokeColor().name(), symbol.strokeWidth(), symbol.brushStyle()) == (
        OUTLINE, 0.4, Qt.BrushStyle.NoBrush,
    )  # fmt: skip
    assert outlines.readOnly()
    assert not project.mapLayersByName("Growth")


def test_outlines_are_there_in_their_years(project: QgsProject, outlines: QgsVectorLayer):
    assert outlines.temporalProperties().isActive()
    assert {year: objects_in(outlines, year) for year in (2016, 2017, 2018, 2021, 2022)} == {
        2016: [], 2017: [0], 2018: [], 2021: [0, 1], 2022: [],
    }  # fmt: skip
    assert project.timeSettings().temporalRange().begin().date() == QDate(YEARS[0], 1, 1)


def test_years_alone_are_played_by_the_year(project: QgsProject, folder: Path):
    def drop_days(manifest: dict) -> None:
        for layer in manifest["layers"]:
            layer.update(begins=None, ends=None)

    edit_manifest(folder, drop_days)
    add_images(project, open_image_run(folder))

    settings = project.timeSettings()
    assert (settings.timeStep(), settings.timeStepUnit()) == (1, Qgis.TemporalUnit.Years)
    assert settings.temporalRange().end().date() == QDate(YEARS[-1] + 1, 1, 1)


def test_a_pointer_over_an_outline_tells_text_and_no_markup(outlines: QgsVectorLayer):
    context = QgsExpressionContext(QgsExpressionContextUtils.globalProjectLayerScopes(outlines))
    context.setFeature(next(outlines.getFeatures()))
    tip = QgsExpression.replaceExpressionText(outlines.mapTipTemplate(), context)
    assert "East &amp; &lt;b>West" in tip
    assert "Chance that it is true: 90 &#37;" in tip
    assert outlines.attributeDisplayName(outlines.fields().indexOf("area_m2")) == "Area (m²)"


def test_a_saved_project_knows_its_outlines_again(project: QgsProject, outlines: QgsVectorLayer, tmp_path: Path):
    assert project.write(str(tmp_path / "saved.qgz"))
    project.clear()
    assert project.read(str(tmp_path / "saved.qgz"))

    (found,) = images_on_map(project)
    (layer,) = project.mapLayersByName(TITLE)
    assert found.folder == (tmp_path / "images").resolve()
    assert objects_in(layer, 2017) == [0]


def test_a_run_made_again_takes_the_place_of_its_outlines(project: QgsProject, outlines: QgsVectorLayer, folder: Path):
    before = outlines.id()
    edit_manifest(folder, lambda manifest: manifest.update(run_id="f" * 16))
    add_images(project, open_image_run(folder))

    assert len(project.mapLayersByName(TITLE)) == 1
    assert before not in project.mapLayers()


DAMAGES: dict[str, tuple[Callable[[Path], object], tuple[str, ...]]] = {
    "missing": (lambda folder: (folder / FILE).unlink(), ("ice_types_inventory.gpkg", "files")),
    "changed": (lambda folder: (folder / FILE).write_bytes(b"no tables"), ("ice_types_inventory.gpkg", "bytes")),
    "no such table": (
        lambda folder: change_inventory(folder, "DROP TABLE growth"), ("ice_types_inventory.gpkg", "growth"),
    ),
    "code in the schema": (
        lambda folder: change_inventory(folder, "CREATE VIEW more AS SELECT 1"),
        ("ice_types_inventory.gpkg", "view more"),
    ),
    "other rows": (
        lambda folder: edit_manifest(folder, lambda m: m["tasks"][1]["inventory"]["tables"][0].update(n_rows=7)),
        ("ice_types_inventory.gpkg", "objects"),
    ),
    "time of no column": (
        lambda folder: edit_manifest(folder, lambda m: m["tasks"][1]["inventory"].update(ends="stops")),
        ("tasks[1].inventory.ends",),
    ),
}  # fmt: skip


@pytest.mark.parametrize(("damage", "told"), DAMAGES.values(), ids=DAMAGES.keys())
def test_a_bad_inventory_gives_one_message_and_no_layer(
    plugin: EntropicePlugin, project: QgsProject, folder: Path, damage: Callable[[Path], object], told: tuple[str, ...]
):
    damage(folder)

    plugin.open_run(folder)

    (text,) = [text for texts in plugin.iface.messageBar().messages.values() for text in texts]
    assert all(part in text for part in told)
    assert not project.mapLayers()
    assert not project.layerTreeRoot().children()


def test_nothing_in_the_folder_changes(plugin: EntropicePlugin, project: QgsProject, folder: Path):
    before = {file: file.read_bytes() for file in folder.rglob("*") if file.is_file()}
    plugin.open_run(folder)
    (layer,) = project.mapLayersByName(TITLE)
    assert len(list(layer.getFeatures())) == 3
    assert {file: file.read_bytes() for file in folder.rglob("*") if file.is_file()} == before


def test_years_are_pictured(folder: Path, pictures: Path, tmp_path: Path):
    shown = Path(os.environ.get("ENTROPICE_IMAGE_RUN", folder)).resolve()
    (inventory,) = read_image_manifest(shown).inventories

    result = desktop_result("drive_inventory.py", {"run": str(shown), "folder": str(pictures)}, tmp_path)

    assert result["years"] == list(inventory.years)
    drawn = {(pictures / f"inventory_{year}.png").read_bytes() for year in inventory.years}
    assert len(drawn) == len(inventory.years)

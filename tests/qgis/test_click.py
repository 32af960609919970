import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from entropice.adapter.run_tag import tagged_layers
from entropice.core.cell_report import cell_name
from entropice.core.columns import required_columns
from entropice.core.run_folder import Run, open_run
from entropice.ui.bar_chart import percent
from entropice.ui.plugin import EntropicePlugin
from places import POLE, across_180_degrees, only_cell_at
from qgis.core import QgsFeature, QgsPointXY, QgsProject, QgsRectangle, QgsSettings, QgsVectorLayer
from qgis.gui import QgsMapToolIdentify
from qgis.PyQt.QtCore import QCoreApplication, QPoint, Qt
from qgis.PyQt.QtTest import QTest
from run_edits import alter_geopackage

OFFSETS_M = (-3000, 0, 3000)


@pytest.fixture
def opened(plugin: EntropicePlugin, run: Run) -> EntropicePlugin:
    plugin.open_run(run.folder)
    return plugin


@pytest.fixture
def narrow_search() -> Iterator[None]:
    """QGIS's Identify looks 2 mm around a click unless told otherwise."""
    QgsSettings().setValue("Map/searchRadiusMM", 0.05)
    yield
    QgsSettings().remove("Map/searchRadiusMM")


def pixel_of(plugin: EntropicePlugin, point: QgsPointXY) -> QPoint:
    """Look at the place, and return where it is on the canvas."""
    canvas = plugin.iface.mapCanvas()
    canvas.setDestinationCrs(QgsProject.instance().crs())
    canvas.setLayers(QgsProject.instance().layerTreeRoot().checkedLayers())
    canvas.setExtent(QgsRectangle.fromCenterAndSize(point, 60_000, 60_000))
    return canvas.getCoordinateTransform().transform(point).toQPointF().toPoint()


def click(plugin: EntropicePlugin, point: QgsPointXY) -> str:
    """What the dock says after a mouse click on a place of the canvas."""
    pixel = pixel_of(plugin, point)
    QTest.mouseClick(plugin.iface.mapCanvas().viewport(), Qt.MouseButton.LeftButton, pos=pixel)
    QCoreApplication.processEvents()
    return plugin.explorer.dock.text()


def assert_shows(text: str, run: Run, cell: QgsFeature) -> None:
    probabilities = ", ".join(f"{name} {percent(cell['p_' + name])}" for name in run.manifest.class_names)
    assert text.splitlines()[0] == cell_name(run.manifest.grid_key, cell["cell_id"])
    assert probabilities in text
    assert percent(cell["driver_1_share"]) in text


def test_click_on_the_pole_shows_the_pole_cell(opened: EntropicePlugin, run: Run, pole_cell: QgsFeature):
    assert_shows(click(opened, POLE), run, pole_cell)


@pytest.mark.parametrize("offset_m", OFFSETS_M)
def test_click_beside_180_degrees_shows_the_cell_across_it(
    opened: EntropicePlugin,
    run: Run,
    antimeridian_cell: QgsFeature,
    antimeridian_point: QgsPointXY,
    offset_m: float,
):
    assert_shows(click(opened, across_180_degrees(antimeridian_point, offset_m)), run, antimeridian_cell)


def test_identify_of_qgis_finds_one_cell_too(
    narrow_search: None,
    opened: EntropicePlugin,
    pole_cell: QgsFeature,
    antimeridian_cell: QgsFeature,
    antimeridian_point: QgsPointXY,
):
    for point, cell in ((POLE, pole_cell), (antimeridian_point, antimeridian_cell)):
        pixel = pixel_of(opened, point)
        tool = QgsMapToolIdentify(opened.iface.mapCanvas())
        layers = opened.iface.mapCanvas().layers()
        hits = tool.identify(pixel.x(), pixel.y(), layers, QgsMapToolIdentify.IdentifyMode.TopDownAll)
        assert [hit.mFeature["cell_id"] for hit in hits] == [cell["cell_id"]]


def test_click_answers_for_the_year_that_is_shown(opened: EntropicePlugin, run: Run, antimeridian_point: QgsPointXY):
    groups = QgsProject.instance().layerTreeRoot().children()[0].findGroups()
    for year, group in zip(reversed(run.manifest.years), groups, strict=True):
        group.setItemVisibilityChecked(True)
        text = click(opened, antimeridian_point)
        assert run.manifest.year_names[year] in text.splitlines()
        assert_shows(text, run, only_cell_at(cells_of(year), antimeridian_point))


def test_choosing_a_year_keeps_the_cell(opened: EntropicePlugin, run: Run, antimeridian_point: QgsPointXY):
    click(opened, antimeridian_point)
    dock = opened.explorer.dock
    for index, year in enumerate(reversed(run.manifest.years)):
        dock.year.setCurrentIndex(index)
        dock.year.activated.emit(index)
        assert_shows(dock.text(), run, only_cell_at(cells_of(year), antimeridian_point))


def test_colours_of_the_bars_are_those_of_the_class_map(
    opened: EntropicePlugin, run: Run, antimeridian_point: QgsPointXY
):
    click(opened, antimeridian_point)
    layer = next(layer for tag, layer in tagged_layers(QgsProject.instance()) if tag.style == "class")
    legend = {category.value(): category.symbol().color().name() for category in layer.renderer().categories()}
    chart = opened.explorer.dock.classes
    image = chart.grab().toImage()
    row_height_px = chart.sizeHint().height() // len(run.manifest.class_names)
    for row, name in enumerate(run.manifest.class_names):
        y_px = row * row_height_px + chart.fontMetrics().height() + 6
        if only_cell_at(layer, antimeridian_point)["p_" + name] * chart.width() > 4:
            assert image.pixelColor(2, y_px).name() == legend[name]


def test_click_beside_all_cells_shows_no_cell(opened: EntropicePlugin, antimeridian_point: QgsPointXY):
    click(opened, antimeridian_point)
    assert "no cell" in click(opened, QgsPointXY(9_000_000, 9_000_000))


def test_cell_without_prediction_says_so(plugin: EntropicePlugin, run: Run, copied_run: Path, pole_cell: QgsFeature):
    columns = [
        column
        for column in required_columns(run.manifest, "cells")
        if column.startswith(("p_", "driver_")) or column in ("class_", "entropy", "expected_rts_area_fraction")
    ]
    nulls = ", ".join(f"{column} = NULL" for column in columns)
    (table,) = [t for t in run.manifest.tables if (t.kind, t.year) == ("cells", run.manifest.years[-1])]
    alter_geopackage(copied_run, f"UPDATE {table.table} SET {nulls} WHERE cell_id = {pole_cell['cell_id']}")  # noqa: S608
    plugin.open_run(copied_run)
    text = click(plugin, POLE)
    assert not plugin.explorer.dock.no_prediction.isHidden()
    assert cell_name(run.manifest.grid_key, pole_cell["cell_id"]) in text
    assert "Probability of any slump: unknown" in text


def test_markup_in_the_manifest_stays_text(plugin: EntropicePlugin, copied_run: Path, antimeridian_point: QgsPointXY):
    path = copied_run / "manifest.json"
    manifest = json.loads(path.read_text(encoding="utf-8"))
    manifest["notice"] = "<b>bold</b><script>alert(1)</script>"
    path.write_text(json.dumps(manifest), encoding="utf-8")
    plugin.open_run(copied_run)
    click(plugin, antimeridian_point)
    dock = plugin.explorer.dock
    assert dock.notice.text() == manifest["notice"]
    assert dock.notice.textFormat() == Qt.TextFormat.PlainText
    messages = [text for texts in plugin.iface.messageBar().messages.values() for text in texts]
    assert any("&lt;script&gt;" in text for text in messages)
    assert not any("<script>" in text for text in messages)


def test_run_made_again_asks_to_open_it_again(
    plugin: EntropicePlugin, copied_run: Path, antimeridian_point: QgsPointXY
):
    plugin.open_run(copied_run)
    path = copied_run / "manifest.json"
    old = open_run(copied_run).manifest.run_id
    path.write_text(path.read_text(encoding="utf-8").replace(old, "f" * 16), encoding="utf-8")
    click(plugin, POLE)
    assert any("Open the run folder again" in text for text in plugin.iface.messageBar().messages[2])


def cells_of(year: int) -> QgsVectorLayer:
    return next(
        layer
        for tag, layer in tagged_layers(QgsProject.instance())
        if (tag.year, tag.style) == (year, "probability") and tag.kind == "cells"
    )

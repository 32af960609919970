import json
from collections.abc import Iterator
from functools import partial
from itertools import pairwise
from pathlib import Path

import pytest
from choosing import choose_year
from drawn_pixels import colours_along
from entropice.core.cell_imagery import told_of
from entropice.core.cell_row import cell_name
from entropice.core.run_folder import Run, open_run
from entropice.core.selection import Selection
from entropice.core.wording import percent
from entropice.ui.cell_tab import CellTab
from entropice.ui.plugin import EntropicePlugin
from places import POLE, across_180_degrees
from qgis.core import Qgis, QgsFeature, QgsPointXY, QgsProject, QgsRectangle, QgsSettings
from qgis.gui import QgsMapToolIdentify
from qgis.PyQt.QtCore import QCoreApplication, QPoint, Qt
from qgis.PyQt.QtGui import QImage
from qgis.PyQt.QtTest import QTest
from run_edits import alter_geopackage, edit_manifest, give_layer

OFFSETS_M = (-3000, 0, 3000)
UNHEARD_OF_IN_BLUE = {
    "kind": "categorical",
    "categories": [{"value": "unheard_of", "label": "unheard of", "colour": "#0000ff"}],
    "other": None,
}


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


def cell_tab(plugin: EntropicePlugin) -> CellTab:
    return plugin.explorer.dock.tab(CellTab)


def assert_shows(text: str, run: Run, cell: QgsFeature, year: int) -> None:
    names = run.manifest.class_names
    assert text.splitlines()[0] == cell_name(run.manifest.grid_name, cell["cell_id"])
    assert text.splitlines()[2] == run.manifest.year_names[year]
    assert all(f"{name} {percent(cell[f'p_{name}_{year}'])}" in text for name in names)
    assert percent(cell[f"driver_1_share_{year}"]) in text


def test_click_on_the_pole_shows_the_pole_cell(opened: EntropicePlugin, run: Run, latest: int, pole_cell: QgsFeature):
    assert_shows(click(opened, POLE), run, pole_cell, latest)


@pytest.mark.parametrize("offset_m", OFFSETS_M)
def test_click_beside_180_degrees_shows_the_cell_across_it(
    opened: EntropicePlugin,
    run: Run,
    latest: int,
    antimeridian_cell: QgsFeature,
    antimeridian_point: QgsPointXY,
    offset_m: float,
):
    assert_shows(click(opened, across_180_degrees(antimeridian_point, offset_m)), run, antimeridian_cell, latest)


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
        cells = opened.explorer.run.cells
        hits = tool.identify(pixel.x(), pixel.y(), [cells], QgsMapToolIdentify.IdentifyMode.TopDownAll)
        assert [hit.mFeature["cell_id"] for hit in hits] == [cell["cell_id"]]


def test_click_answers_for_the_year_that_is_shown(
    opened: EntropicePlugin, run: Run, antimeridian_cell: QgsFeature, antimeridian_point: QgsPointXY
):
    for year in reversed(run.manifest.years):
        opened.explorer.run.show(Selection("entropy", year))
        text = click(opened, antimeridian_point)
        assert_shows(text, run, antimeridian_cell, year)


def test_choosing_a_year_keeps_the_cell(
    opened: EntropicePlugin, run: Run, antimeridian_cell: QgsFeature, antimeridian_point: QgsPointXY
):
    click(opened, antimeridian_point)
    for year in run.manifest.years:
        choose_year(opened, year)
        assert opened.explorer.run.selection.year == year
        assert_shows(opened.explorer.dock.text(), run, antimeridian_cell, year)


def test_every_quantity_is_told(opened: EntropicePlugin, run: Run, latest: int):
    text = click(opened, POLE)
    drawn = ("p_any_rts", "p_any_low", "p_any_high", *(f"p_{name}" for name in run.manifest.class_names), "driver_")
    in_sentences = ("lon_deg", "lat_deg", "state", "observed_fraction", "rts_count", "expected_rts_area_fraction")
    doubts = ("conformal_set", "applicability", "not_applicable_because")
    of_images = told_of(run.manifest.tasks)
    for layer in run.manifest.layers:
        if layer.table == run.manifest.cells and layer.year in (latest, None):
            told_otherwise = layer.quantity.startswith((*drawn, *in_sentences, *doubts, *of_images))
            assert f"{layer.title}: " in text or told_otherwise, layer.name


def test_an_unknown_quantity_is_told_by_title_and_unit(
    plugin: EntropicePlugin, copied_run: Path, latest: int, pole_cell: QgsFeature
):
    change = {"quantity": "thaw_depth", "title": "Thaw depth", "unit": "m", "group": "soil"}
    edit_manifest(copied_run, partial(give_layer, name=f"rts_per_km2_{latest}", **change))
    alter_geopackage(copied_run, f"UPDATE cells SET rts_per_km2_{latest} = 12345")  # noqa: S608
    plugin.open_run(copied_run)
    assert "Thaw depth: 12,345 m" in click(plugin, POLE).splitlines()


def test_a_cell_of_an_unknown_grid_is_spelt_in_decimal_digits(
    plugin: EntropicePlugin, copied_run: Path, pole_cell: QgsFeature
):
    edit_manifest(copied_run, lambda m: m.update(grid={"key": "isea_9", "grid_name": "isea", "level": 9}))
    plugin.open_run(copied_run)
    assert click(plugin, POLE).splitlines()[0] == str(pole_cell["cell_id"])


def test_bars_have_the_colours_of_the_class_map_and_the_length_of_their_share(
    opened: EntropicePlugin, run: Run, latest: int, antimeridian_cell: QgsFeature, antimeridian_point: QgsPointXY
):
    click(opened, antimeridian_point)
    opened.explorer.run.show(Selection("class", latest))
    layer = opened.explorer.run.cells
    legend = {category.value(): category.symbol().color().name() for category in layer.renderer().categories()}
    for row, name in zip(cell_tab(opened).chances.rows, run.manifest.class_names, strict=True):
        assert row.name.text() == name
        colours = colours_along(row.bar)
        share = antimeridian_cell[f"p_{name}_{latest}"]
        assert colours.count(legend[name]) / row.bar.track().width() == pytest.approx(share, abs=0.02)


def test_a_driver_has_the_colour_of_the_map_and_its_side(
    plugin: EntropicePlugin, copied_run: Path, latest: int, pole_cell: QgsFeature
):
    shares = {"driver_1_share": -0.5, "driver_2_share": 0.25, "driver_3_share": 0.0}
    changes = ", ".join(f"{quantity}_{latest} = {share}" for quantity, share in shares.items())
    names = ", ".join(f"driver_{rank}_{latest} = 'unheard_of'" for rank in (1, 2, 3))
    alter_geopackage(copied_run, f"UPDATE cells SET {changes}, {names}")  # noqa: S608
    edit_manifest(copied_run, partial(give_layer, name=f"driver_1_{latest}", scale=UNHEARD_OF_IN_BLUE))
    plugin.open_run(copied_run)
    assert "−50.0 %" in click(plugin, POLE)
    rows = cell_tab(plugin).drivers.rows
    assert [row.name.text().replace("\u200b", "") for row in rows] == ["unheard_of"] * 3
    blue = [colours_along(row.bar).count("#0000ff") / row.bar.track().width() for row in rows]
    assert blue == pytest.approx([0.5, 0.25, 0], abs=0.02)


def test_the_clicked_cell_is_outlined(
    opened: EntropicePlugin, antimeridian_cell: QgsFeature, antimeridian_point: QgsPointXY
):
    canvas = opened.iface.mapCanvas()
    pixel_of(opened, antimeridian_point)
    canvas.setExtent(antimeridian_cell.geometry().boundingBox().buffered(5_000))
    to_pixel = canvas.getCoordinateTransform()
    corners = [to_pixel.transform(QgsPointXY(vertex)).toQPointF() for vertex in antimeridian_cell.geometry().vertices()]
    middles = [((one + other) / 2).toPoint() for one, other in pairwise(corners)]
    assert not [place for place in middles if is_dark_around(canvas.grab().toImage(), place)]
    QTest.mouseClick(
        canvas.viewport(), Qt.MouseButton.LeftButton, pos=to_pixel.transform(antimeridian_point).toQPointF().toPoint()
    )
    QCoreApplication.processEvents()
    picture = canvas.grab().toImage()
    assert [place for place in middles if is_dark_around(picture, place)] == middles


def is_dark_around(picture: QImage, place: QPoint) -> bool:
    """Whether a pixel within two of the place is nearly black."""
    around = [(place.x() + right, place.y() + down) for right in range(-2, 3) for down in range(-2, 3)]
    return any(picture.pixelColor(x_px, y_px).lightness() < 40 for x_px, y_px in around)


def test_click_beside_all_cells_shows_no_cell(opened: EntropicePlugin, antimeridian_point: QgsPointXY):
    click(opened, antimeridian_point)
    assert "No cell" in click(opened, QgsPointXY(9_000_000, 9_000_000))


def test_cell_without_prediction_says_so(
    plugin: EntropicePlugin, run: Run, latest: int, copied_run: Path, pole_cell: QgsFeature
):
    groups = ("prediction", "drivers")
    columns = [layer.column for layer in run.manifest.layers if layer.year == latest and layer.group in groups]
    nulls = ", ".join(f"{column} = NULL" for column in columns)
    alter_geopackage(copied_run, f"UPDATE cells SET {nulls} WHERE cell_id = {pole_cell['cell_id']}")  # noqa: S608
    plugin.open_run(copied_run)
    text = click(plugin, POLE)
    assert cell_name(run.manifest.grid_name, pole_cell["cell_id"]) in text
    assert "No prediction for this cell and year." in text.splitlines()
    assert cell_tab(plugin).drivers.isHidden()


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


def test_a_map_by_a_beaten_model_says_so_in_messages_and_dock(
    plugin: EntropicePlugin, copied_run: Path, antimeridian_point: QgsPointXY
):
    sentence = "The model of the map is beaten."
    edit_manifest(copied_run, lambda manifest: manifest.update(beaten={"statement": sentence}))
    plugin.open_run(copied_run)
    click(plugin, antimeridian_point)
    assert f"Entropice:{sentence}" in plugin.iface.messageBar().messages[Qgis.MessageLevel.Warning]
    assert sentence in plugin.explorer.dock.notice.text().splitlines()
    assert not plugin.explorer.dock.notice.isHidden()


def test_run_made_again_asks_to_open_it_again(
    plugin: EntropicePlugin, copied_run: Path, antimeridian_point: QgsPointXY
):
    plugin.open_run(copied_run)
    path = copied_run / "manifest.json"
    old = open_run(copied_run).manifest.run_id
    path.write_text(path.read_text(encoding="utf-8").replace(old, "f" * 16), encoding="utf-8")
    click(plugin, POLE)
    assert any("Open the run folder again" in text for text in plugin.iface.messageBar().messages[2])

"""The choosers of the dock, used by mouse and keyboard, drive map and cell."""

from itertools import pairwise
from pathlib import Path

import pytest
from choosing import choose, choose_quantity, choose_year
from entropice.core.run_folder import Run
from entropice.core.selection import Selection, choices_of
from entropice.ui.plugin import EntropicePlugin
from pressing import press
from qgis.core import QgsDateTimeRange, QgsFeature, QgsPointXY, QgsRectangle
from qgis.gui import QgsMapCanvas
from qgis.PyQt.QtCore import QDate, QDateTime, QPoint, Qt, QTime
from qgis.PyQt.QtGui import QColor, QImage
from run_edits import edit_manifest

WINDOW_M = 400_000


@pytest.fixture
def opened(plugin: EntropicePlugin, run: Run) -> EntropicePlugin:
    plugin.open_run(run.folder)
    return plugin


def canvas_at(plugin: EntropicePlugin, point: QgsPointXY, size_m: float = WINDOW_M) -> QgsMapCanvas:
    """Look at a place until it is drawn."""
    canvas = plugin.iface.mapCanvas()
    canvas.resize(600, 600)
    canvas.setDestinationCrs(plugin.explorer.run.cells.crs())
    canvas.setLayers([plugin.explorer.run.cells])
    canvas.setExtent(QgsRectangle.fromCenterAndSize(point, size_m, size_m))
    canvas.refresh()
    canvas.waitWhileRendering()
    return canvas


def pixel_of(canvas: QgsMapCanvas, point: QgsPointXY) -> QPoint:
    return canvas.getCoordinateTransform().transform(point).toQPointF().toPoint()


def drawn_colour(plugin: EntropicePlugin, point: QgsPointXY) -> QColor:
    """The colour of a place on the canvas."""
    canvas = canvas_at(plugin, point)
    return canvas.grab().toImage().pixelColor(pixel_of(canvas, point))


def alike(one: QColor, other: QColor) -> bool:
    """Whether two colours are the same but for the rounding of a translucent edge."""
    return all(abs(a - b) <= 2 for a, b in zip(one.getRgb(), other.getRgb(), strict=True))


def darkest_near(image: QImage, pixel: QPoint) -> int:
    """The smallest lightness, 0 to 255, of a pixel and its eight neighbours."""
    return min(image.pixelColor(pixel.x() + i, pixel.y() + j).lightness() for i in (-1, 0, 1) for j in (-1, 0, 1))


def expected_colour(plugin: EntropicePlugin, cell: QgsFeature) -> QColor:
    layer = plugin.explorer.run.layer
    return QColor(layer.scale.colour_of(cell[layer.column]))


def test_every_choice_of_the_manifest_is_offered_under_its_group(opened: EntropicePlugin, run: Run):
    combo = opened.explorer.dock.choosers.quantity
    groups = choices_of(run.manifest)
    offered = [combo.itemData(i) for i in range(combo.count()) if combo.itemData(i) is not None]
    assert offered == [choice.quantity for group in groups for choice in group.choices]
    headings = [i for i in range(combo.count()) if combo.itemData(i) is None]
    assert len(headings) == len(groups)
    assert not any(combo.model().item(i).flags() & Qt.ItemFlag.ItemIsEnabled for i in headings)


def test_quantity_and_year_are_drawn_as_chosen(
    opened: EntropicePlugin, run: Run, antimeridian_cell: QgsFeature, antimeridian_point: QgsPointXY
):
    choose_quantity(opened, "class")
    for year in run.manifest.years:
        choose_year(opened, year)
        assert opened.explorer.run.cells.name() == f"Most probable class · {run.manifest.year_names[year]}"
        assert alike(drawn_colour(opened, antimeridian_point), expected_colour(opened, antimeridian_cell))


def test_another_year_of_the_leading_driver_is_the_leading_driver(
    opened: EntropicePlugin, run: Run, antimeridian_point: QgsPointXY
):
    opened.explorer.show_cell_at(antimeridian_point)
    choose_quantity(opened, "driver_1")
    for year in run.manifest.years:
        choose_year(opened, year)
        assert opened.explorer.run.layer.name == f"driver_1_{year}"
        assert opened.explorer.cell.report.year == year
        assert run.manifest.year_names[year] in "\n".join(opened.explorer.dock.text().splitlines()[:3])


def test_buttons_step_through_the_years_and_end_with_them(opened: EntropicePlugin, run: Run):
    choosers = opened.explorer.dock.choosers
    assert not choosers.later.isEnabled()
    for year in reversed(run.manifest.years[:-1]):
        press(choosers.earlier)
        assert opened.explorer.run.selection.year == year
    assert not choosers.earlier.isEnabled()
    for year in run.manifest.years[1:]:
        press(choosers.later)
        assert opened.explorer.run.selection.year == year


def test_the_time_of_the_canvas_chooses_the_year(opened: EntropicePlugin, run: Run, antimeridian_point: QgsPointXY):
    opened.explorer.show_cell_at(antimeridian_point)
    first, last = run.manifest.years[0], run.manifest.years[-1]
    for begin, shown in ((first, first), (last, last), (1999, last)):
        begins = (QDateTime(QDate(year, 1, 1), QTime()) for year in (begin, begin + 1))
        opened.iface.mapCanvas().setTemporalRange(QgsDateTimeRange(*begins, True, False))
        assert opened.explorer.run.selection.year == shown
        assert opened.explorer.cell.report.year == shown


def test_the_cell_is_outlined_where_it_is(
    opened: EntropicePlugin, antimeridian_cell: QgsFeature, antimeridian_point: QgsPointXY
):
    canvas = canvas_at(opened, antimeridian_point)
    before = canvas.grab().toImage()
    opened.explorer.show_cell_at(antimeridian_point)
    after = canvas.grab().toImage()
    ring = antimeridian_cell.geometry().asMultiPolygon()[0][0]
    middles = [QgsPointXY((a.x() + b.x()) / 2, (a.y() + b.y()) / 2) for a, b in pairwise(ring)]
    for middle in middles:
        pixel = pixel_of(canvas, middle)
        assert darkest_near(after, pixel) < 40 < darkest_near(before, pixel)
    centre = pixel_of(canvas, antimeridian_point)
    assert after.pixelColor(centre) == before.pixelColor(centre)
    opened.explorer.show_cell(None)
    assert canvas.grab().toImage() == before


def test_near_by_the_map_has_the_colour_of_the_outlined_cell_and_far_away_the_overview(
    large: None, plugin: EntropicePlugin, run: Run, antimeridian_cell: QgsFeature, antimeridian_point: QgsPointXY
):
    plugin.open_run(run.folder)
    on_map = plugin.explorer.run
    canvas = canvas_at(plugin, antimeridian_point)
    canvas.setLayers([on_map.cells, on_map.overview])
    for is_near in (True, False):
        canvas.zoomScale(on_map.cells.minimumScale() * (0.5 if is_near else 2))
        canvas.waitWhileRendering()
        drawn = [layer for layer in canvas.layers() if layer.isInScaleRange(canvas.scale())]
        assert drawn == [on_map.cells if is_near else on_map.overview]


def test_two_runs_are_told_apart_and_the_one_that_is_chosen_is_shown(
    opened: EntropicePlugin, run: Run, copied_run: Path, antimeridian_point: QgsPointXY
):
    edit_manifest(copied_run, lambda manifest: manifest.update(run_id="f" * 16, title="Another"))
    opened.open_run(copied_run)
    choosers, tree = opened.explorer.dock.choosers, opened.explorer.project.layerTreeRoot()
    assert [choosers.run.itemText(i) for i in range(2)] == ["Another · h3_4", opened.explorer.runs[1].plan.title]
    first, second = (each.key for each in opened.explorer.runs)
    for key, other in ((second, first), (first, second)):
        choose(choosers.run, key)
        assert opened.explorer.run.key == key
        assert tree.findLayer(key).isVisible()
        assert not tree.findLayer(other).isVisible()
        opened.iface.mapCanvas().setLayers(tree.checkedLayers())
        opened.explorer.show_cell_at(antimeridian_point)
        assert opened.explorer.run.key == key
        assert opened.explorer.cell.folder == opened.explorer.run.folder


def test_another_model_shows_what_it_said_out_of_fold_and_says_so(opened: EntropicePlugin, latest: int):
    choosers = opened.explorer.dock.choosers
    assert choosers.model_note.isHidden()
    choose(choosers.model, "logistic")
    shown = opened.explorer.run
    assert shown.selection == Selection("p_any_out_of_fold", latest, "logistic")
    assert shown.layer.column == f"p_any_out_of_fold_logistic_{latest}"
    assert shown.cells.name().endswith("· logistic regression")
    assert not choosers.model_note.isHidden()
    assert choosers.model_note.text().startswith("Only where the year was observed")
    choose(choosers.model, None)
    assert shown.selection == Selection("p_any_out_of_fold", latest)
    choose(choosers.model, "logistic")
    choose_quantity(opened, "class")
    assert shown.selection == Selection("class", latest)
    assert choosers.model.currentData() is None
    assert choosers.model_note.isHidden()


def test_without_other_models_none_is_offered(plugin: EntropicePlugin, copied_run: Path):
    def of_the_map_alone(manifest: dict) -> None:
        manifest["layers"] = [layer for layer in manifest["layers"] if layer.get("model") is None]

    edit_manifest(copied_run, of_the_map_alone)
    plugin.open_run(copied_run)
    assert plugin.explorer.dock.choosers.model.isHidden()


def test_cells_are_paler_where_their_class_is_less_certain(
    opened: EntropicePlugin, latest: int, antimeridian_cell: QgsFeature, antimeridian_point: QgsPointXY
):
    choosers = opened.explorer.dock.choosers
    choose_quantity(opened, "class")
    full = drawn_colour(opened, antimeridian_point)
    press(choosers.fade)
    assert opened.explorer.run.cells.name().endswith("paler where less certain")
    left = 1 - 0.7 * antimeridian_cell[f"entropy_{latest}"]
    mixed = [round(left * each + (1 - left) * 255) for each in full.getRgb()[:3]]
    assert alike(drawn_colour(opened, antimeridian_point), QColor(*mixed))
    choose_quantity(opened, "state")
    assert not choosers.fade.isEnabled()
    assert not opened.explorer.run.selection.is_faded
    choose_quantity(opened, "class")
    assert alike(drawn_colour(opened, antimeridian_point), full)


def test_selection_and_place_go_on_in_another_run_where_it_has_them(
    opened: EntropicePlugin, copied_run: Path, run: Run, antimeridian_point: QgsPointXY
):
    def without_entropy(manifest: dict) -> None:
        manifest.update(run_id="f" * 16)
        manifest["layers"] = [layer for layer in manifest["layers"] if layer["quantity"] != "entropy"]

    edit_manifest(copied_run, without_entropy)
    first, year = opened.explorer.run.key, run.manifest.years[0]
    opened.explorer.show_cell_at(antimeridian_point)
    name = opened.explorer.cell.report.cell_name
    choose_quantity(opened, "entropy")
    choose_year(opened, year)
    opened.open_run(copied_run)
    assert opened.explorer.run.selection == Selection("p_any_rts", year)
    choose_quantity(opened, "class")
    choose(opened.explorer.dock.choosers.run, first)
    assert opened.explorer.run.selection == Selection("class", year)
    assert (opened.explorer.cell.report.cell_name, opened.explorer.cell.report.year) == (name, year)

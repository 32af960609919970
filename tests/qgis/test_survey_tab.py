"""The page that says where to survey next, used as a person would: clicks, keys, files."""

import csv
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from entropice.core.run_folder import Run
from entropice.core.survey_terms import survey_terms
from entropice.ui.area_chooser import DRAWN, EVERYWHERE, LAYER, VIEW
from entropice.ui.plugin import EntropicePlugin
from entropice.ui.survey_tab import SurveyTab
from pressing import press, wait_until
from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransform,
    QgsFeature,
    QgsGeometry,
    QgsPointXY,
    QgsProject,
    QgsRectangle,
    QgsVectorLayer,
)
from qgis.gui import QgisInterface, QgsMapCanvas
from qgis.PyQt.QtCore import QPoint, Qt
from qgis.PyQt.QtTest import QTest
from qgis.PyQt.QtWidgets import QFileDialog, QLabel, QPushButton, QScrollArea
from run_edits import edit_manifest

ROWS = ("Area", "Budget", "Land at least", "Distance at most", "Cells chosen", "Cost", "Expected cells with slumps")
LEFT, RIGHT = Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton


@pytest.fixture
def front(plugin: EntropicePlugin, qgis_iface: QgisInterface) -> Iterator[SurveyTab]:
    """The page in front, before a run is open."""
    qgis_iface.mainWindow().show()
    dock = plugin.explorer.dock
    dock.resize(420, 900)
    dock.show()
    tab = dock.tab(SurveyTab)
    dock.pages.setCurrentWidget(tab)
    yield tab
    if plugin.explorer is not None:
        planned(tab)
    qgis_iface.mainWindow().hide()


@pytest.fixture
def tab(front: SurveyTab, plugin: EntropicePlugin, run: Run) -> SurveyTab:
    """The page of an open run."""
    plugin.open_run(run.folder)
    return planned(front)


def planned(tab: SurveyTab) -> SurveyTab:
    """The page after planning has ended."""
    QTest.qWait(20)
    wait_until(lambda: not tab.is_planning)
    return tab


def ids(tab: SurveyTab) -> list[int]:
    return [choice.cell.cell_id for choice in tab.plan.choices]


def choose_area(tab: SurveyTab, kind: int) -> None:
    combo = tab.form.area.kind
    combo.setFocus()
    while combo.currentData() != kind:
        QTest.keyClick(combo, Qt.Key.Key_Down if combo.currentData() < kind else Qt.Key.Key_Up)


def press_button(tab: SurveyTab, text: str) -> None:
    press(next(button for button in tab.findChildren(QPushButton) if button.text() == text))


def test_the_page_begins_with_the_plan_of_the_run(tab: SurveyTab, cells: QgsVectorLayer, run: Run):
    ranked = sorted(cells.getFeatures('"survey_rank" IS NOT NULL'), key=lambda cell: cell["survey_rank"])
    assert ids(tab) == [cell["cell_id"] for cell in ranked]
    assert tab.form.budget_km2.value() == survey_terms(run.manifest).budget_km2
    assert tab.ranks.topLevelItemCount() == len(ranked)
    first = [tab.ranks.topLevelItem(0).text(column) for column in range(4)]
    assert first[0] == "1"
    assert first[1] == f"{100 * ranked[0][f'p_any_rts_{run.manifest.years[-1]}']:.0f} %"
    assert first[3] == format(ranked[0]["cell_id"], "x")
    assert f"Cells chosen: {len(ranked)} of" in tab.text()


def test_every_row_has_a_name_that_can_be_read_and_nothing_is_cut_off(tab: SurveyTab):
    (area,) = tab.findChildren(QScrollArea)
    named = [label for label in tab.findChildren(QLabel) if label.isVisible() and label.text() in ROWS]
    assert {label.text() for label in named} == set(ROWS)
    for label in named:
        longest = max(label.fontMetrics().horizontalAdvance(word) for word in label.text().split())
        assert label.width() >= longest, label.text()
    wait_until(lambda: all(label.height() >= label.heightForWidth(label.width()) for label in named))
    assert area.widget().width() <= area.viewport().width()


def test_the_budget_is_typed_and_the_plan_follows(tab: SurveyTab):
    before = ids(tab)
    tab.form.budget_km2.selectAll()
    QTest.keyClicks(tab.form.budget_km2, "5000")
    planned(tab)
    assert tab.plan.spent_km2 <= 5_000
    assert 0 < len(ids(tab)) < len(before)


def test_a_drawn_polygon_is_the_area(tab: SurveyTab, qgis_canvas: QgsMapCanvas):
    everywhere, tool = ids(tab), qgis_canvas.mapTool()
    choose_area(tab, DRAWN)
    assert qgis_canvas.mapTool() == tab.form.area.tool
    assert "Click corners" in planned(tab).problem.text()
    width, height = qgis_canvas.viewport().width(), qgis_canvas.viewport().height()
    for x, y in [(width // 2, 0), (width - 1, 0), (width - 1, height - 1), (width // 2, height - 1)]:
        QTest.mouseClick(qgis_canvas.viewport(), LEFT, pos=QPoint(x, y))
    QTest.mouseClick(qgis_canvas.viewport(), RIGHT, pos=QPoint(5, 5))
    tab.form.budget_km2.setValue(1e8)
    planned(tab)
    assert qgis_canvas.mapTool() == tool
    middle_m = qgis_canvas.extent().center().x()
    centres_m = {choice.cell.cell_id: centre(tab, choice.cell.cell_id).x() for choice in tab.plan.choices}
    assert len(centres_m) == tab.plan.n_candidates
    assert min(centres_m.values()) >= middle_m - 5_000
    left_out = set(everywhere).difference(centres_m)
    assert left_out
    assert all(centre(tab, cell_id).x() <= middle_m + 5_000 for cell_id in left_out)


def test_keys_take_corners_back_and_drop_the_polygon(tab: SurveyTab, qgis_canvas: QgsMapCanvas):
    choose_area(tab, DRAWN)
    drawn: list[QgsGeometry] = []
    tab.form.area.tool.drawn.connect(drawn.append)

    def click(*places: tuple[int, int]) -> None:
        for x, y in places:
            QTest.mouseClick(qgis_canvas.viewport(), LEFT, pos=QPoint(x, y))

    click((10, 10), (60, 10), (60, 60))
    QTest.keyClick(qgis_canvas, Qt.Key.Key_Backspace)
    QTest.keyClick(qgis_canvas, Qt.Key.Key_Return)
    assert not drawn  # two corners are no polygon
    click((60, 60))
    QTest.keyClick(qgis_canvas, Qt.Key.Key_Escape)
    QTest.keyClick(qgis_canvas, Qt.Key.Key_Return)
    assert not drawn
    click((10, 10), (60, 10), (60, 60))
    QTest.keyClick(qgis_canvas, Qt.Key.Key_Return)
    assert len(drawn) == 1
    assert len(list(drawn[0].vertices())) == 4


def test_the_view_stays_the_area_while_the_map_moves(tab: SurveyTab, qgis_canvas: QgsMapCanvas):
    first = tab.plan.choices[0].cell
    qgis_canvas.setExtent(QgsRectangle.fromCenterAndSize(centre(tab, first.cell_id), 600_000, 600_000))
    choose_area(tab, VIEW)
    here = ids(planned(tab))
    assert first.cell_id in here
    qgis_canvas.setExtent(QgsRectangle(-3e6, -3e6, 3e6, 3e6))
    assert ids(planned(tab)) == here
    press_button(tab, "Take again")
    tab.form.budget_km2.setValue(1e8)
    n_everywhere = planned(tab).plan.n_candidates
    choose_area(tab, EVERYWHERE)
    assert planned(tab).plan.n_candidates == n_everywhere > len(here)


def centre(tab: SurveyTab, cell_id: int) -> QgsPointXY:
    (cell,) = tab._run.cells.getFeatures(f'"cell_id" = {cell_id}')
    return cell.geometry().centroid().asPoint()


def test_selected_polygons_of_a_layer_are_the_area(tab: SurveyTab, project: QgsProject):
    near, far = (centre(tab, tab.plan.choices[rank].cell.cell_id) for rank in (0, 1))
    layer = QgsVectorLayer("Polygon?crs=EPSG:3413", "study areas", "memory")
    for point in (near, far):
        feature = QgsFeature()
        feature.setGeometry(QgsGeometry.fromPointXY(point).buffer(20_000, 8))
        layer.dataProvider().addFeature(feature)
    project.addMapLayer(layer)
    first, second = ids(tab)[:2]
    choose_area(tab, LAYER)
    tab.form.area.layer.setLayer(layer)
    assert set(ids(planned(tab))) == {first, second}
    layer.select(min(layer.allFeatureIds()))
    tab.form.changed.emit()
    assert ids(planned(tab)) == [first]


def test_constraints_narrow_the_plan(tab: SurveyTab):
    tab.form.budget_km2.setValue(1e8)
    everywhere = planned(tab).plan
    tab.form.min_land.setValue(60)
    assert all(choice.cell.land_fraction >= 0.6 for choice in planned(tab).plan.choices)
    tab.form.min_land.setValue(0)
    for box in (tab.form.inside_only, tab.form.unseen_only):
        QTest.mouseClick(box, LEFT, pos=QPoint(8, box.height() // 2))
        assert box.isChecked()
        assert 0 < len(planned(tab).plan.choices) < len(everywhere.choices)
        QTest.mouseClick(box, LEFT, pos=QPoint(8, box.height() // 2))
    place = everywhere.choices[0].cell.place
    tab.form.max_distance_km.setValue(200)
    QTest.keyClicks(tab.form.coordinates, f"{place.lon_deg}, {place.lat_deg}")
    assert 0 < planned(tab).plan.n_candidates < everywhere.n_candidates


@pytest.mark.parametrize(
    ("fill_in", "told"),
    [
        (lambda form: form.budget_km2.setValue(0), "Give a budget."),
        (lambda form: form.coordinates.setText("north"), "'north'"),
        (lambda form: (form.coordinates.setText("0, 0"), form.max_distance_km.setValue(1)), "Loosen a constraint"),
    ],
)
def test_what_cannot_be_planned_is_told_and_nothing_can_be_saved(
    tab: SurveyTab, fill_in: Callable[..., object], told: str
):
    fill_in(tab.form)
    assert told in planned(tab).problem.text()
    assert tab.plan is None
    assert tab.ranks.topLevelItemCount() == 0
    assert not tab.buttons.isVisible()
    tab.form.coordinates.clear()
    tab.form.budget_km2.setValue(20_000)
    assert planned(tab).plan is not None
    assert not tab.problem.isVisible()


@pytest.mark.parametrize("crs", ["EPSG:3413", "EPSG:4326"])
def test_a_click_on_a_rank_shows_its_cell(
    tab: SurveyTab, plugin: EntropicePlugin, project: QgsProject, qgis_canvas: QgsMapCanvas, crs: str
):
    before = qgis_canvas.mapSettings().destinationCrs()
    qgis_canvas.setDestinationCrs(QgsCoordinateReferenceSystem(crs))
    item = tab.ranks.topLevelItem(1)
    QTest.mouseClick(tab.ranks.viewport(), LEFT, pos=tab.ranks.visualItemRect(item).center())
    shown = QgsCoordinateTransform(
        QgsCoordinateReferenceSystem("EPSG:3413"), QgsCoordinateReferenceSystem(crs), project
    )
    cell_id = tab.plan.choices[1].cell.cell_id
    (cell,) = tab._run.cells.getFeatures(f'"cell_id" = {cell_id}')
    expected = shown.transformBoundingBox(cell.geometry().boundingBox())
    assert plugin.explorer.cell.row["cell_id"] == cell_id
    assert qgis_canvas.extent().contains(expected)
    assert qgis_canvas.extent().center().distance(expected.center()) < 0.01 * expected.width()
    assert expected.height() < qgis_canvas.extent().height() < 30 * max(expected.height(), expected.width())
    assert tab.isVisible()
    qgis_canvas.setDestinationCrs(before)


@pytest.mark.parametrize("crs", ["EPSG:3413", "EPSG:4326"])
def test_an_area_is_in_the_crs_of_the_map(tab: SurveyTab, qgis_canvas: QgsMapCanvas, crs: str):
    before = qgis_canvas.mapSettings().destinationCrs()
    qgis_canvas.setDestinationCrs(QgsCoordinateReferenceSystem(crs))
    place = tab.plan.choices[0].cell.place
    middle = QgsPointXY(place.lon_deg, place.lat_deg) if crs == "EPSG:4326" else centre(tab, ids(tab)[0])
    size = 1.0 if crs == "EPSG:4326" else 60_000
    qgis_canvas.setExtent(QgsRectangle.fromCenterAndSize(middle, size, size))
    expected = ids(tab)[0]
    choose_area(tab, VIEW)
    tab.form.budget_km2.setValue(1e8)
    assert expected in ids(planned(tab))
    assert len(ids(tab)) < 10
    qgis_canvas.setDestinationCrs(before)


def test_the_plan_becomes_a_layer_on_top(tab: SurveyTab, project: QgsProject):
    press_button(tab, "Add to map")
    layer = project.layerTreeRoot().layerOrder()[0]
    assert [feature["rank"] for feature in layer.getFeatures()] == list(range(1, len(ids(tab)) + 1))
    assert layer.labelsEnabled()
    assert layer.labeling().settings().fieldName == "rank"
    assert layer.crs() == QgsCoordinateReferenceSystem("EPSG:3413")


@pytest.mark.parametrize(("button", "name"), [("GeoPackage…", "plan.gpkg"), ("CSV…", "plan.csv"), ("GPX…", "plan.gpx")])
def test_the_plan_is_saved(
    tab: SurveyTab, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, button: str, name: str, qgis_iface
):
    asked = str(tmp_path / name.partition(".")[0])  # without a suffix
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_arguments: (asked, ""))
    press_button(tab, button)
    assert [path.name for path in tmp_path.iterdir()] == [name]
    if name.endswith("csv"):
        with (tmp_path / name).open(encoding="utf-8", newline="") as file:
            assert [int(row["cell"], 16) for row in csv.DictReader(file)] == ids(tab)
    else:
        source = f"{tmp_path / name}|layername=waypoints" if name.endswith("gpx") else str(tmp_path / name)
        assert QgsVectorLayer(source, "plan", "ogr").featureCount() == len(ids(tab))

    qgis_iface.messageBar().clear_messages()
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_arguments: (f"/proc/{name}", ""))
    press_button(tab, button)
    assert tab.plan is not None
    messages = [text for texts in qgis_iface.messageBar().messages.values() for text in texts]
    assert any("cannot be written" in text for text in messages), messages


def test_the_outline_of_the_area_is_shown_with_the_page_only(tab: SurveyTab, plugin: EntropicePlugin):
    choose_area(tab, VIEW)
    band = planned(tab).form.area._band
    assert band.asGeometry().area() > 0
    plugin.explorer.dock.pages.setCurrentIndex(0)
    assert band.asGeometry().isEmpty()
    plugin.explorer.dock.pages.setCurrentWidget(tab)
    planned(tab)
    assert band.asGeometry().area() > 0


def test_a_run_that_values_no_cell_says_so(front: SurveyTab, plugin: EntropicePlugin, copied_run: Path):
    def forget_values(manifest: dict) -> None:
        manifest["layers"] = [layer for layer in manifest["layers"] if layer["quantity"] != "survey_value"]

    edit_manifest(copied_run, forget_values)
    plugin.open_run(copied_run)
    assert "does not value cells" in planned(front).problem.text()
    assert "kedro run" in front.problem.text()


def test_without_a_run_there_is_a_hint(front: SurveyTab):
    assert "Open a run" in planned(front).text()


def test_unloading_ends_a_plan_in_the_making(tab: SurveyTab, plugin: EntropicePlugin):
    tab.replan()
    task = tab._task
    plugin.unload()
    assert task.isCanceled()

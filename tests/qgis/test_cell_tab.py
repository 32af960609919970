import csv
from collections.abc import Iterator
from pathlib import Path

import pytest
from entropice.adapter.cell_lookup import FoundCell, cell_at
from entropice.adapter.map_of_run import AddedRun
from entropice.adapter.run_on_map import RunOnMap, runs_on_map
from entropice.core.feature_tables import NEEDED
from entropice.core.language import english, speak
from entropice.core.run_folder import Run
from entropice.ui.cell_tab import MAX_HELD, CellTab
from entropice.ui.drawing import Drawing
from places import POLE
from qgis.core import QgsCoordinateReferenceSystem, QgsPointXY, QgsProject
from qgis.gui import QgisInterface
from qgis.PyQt.QtCore import QCoreApplication, QPoint, Qt
from qgis.PyQt.QtTest import QTest
from qgis.PyQt.QtWidgets import QApplication, QFileDialog, QLabel, QScrollArea, QToolButton, QWidget
from run_edits import alter_geopackage

USUAL_WIDTH_PX = 270
CRS = QgsCoordinateReferenceSystem("EPSG:3413")


def longer(text: str, n: int) -> str:
    """A language whose every text is longer."""
    return f"{english(text, n)} und noch etwas dazu"


@pytest.fixture
def tab(qgis_iface: QgisInterface) -> Iterator[CellTab]:
    tab = CellTab(qgis_iface)
    tab.show_cell(None)
    tab.resize(USUAL_WIDTH_PX, 700)
    tab.show()
    yield tab
    tab.hide()
    tab.deleteLater()


@pytest.fixture
def shown(added: AddedRun, project: QgsProject) -> RunOnMap:
    (run,) = runs_on_map(project)
    return run


@pytest.fixture
def cell(shown: RunOnMap, project: QgsProject, antimeridian_point: QgsPointXY) -> FoundCell:
    return cell_at(shown, project, antimeridian_point, CRS)


@pytest.fixture
def pole(shown: RunOnMap, project: QgsProject) -> FoundCell:
    return cell_at(shown, project, POLE, CRS)


def settle(tab: CellTab) -> None:
    for _ in range(3):
        QCoreApplication.processEvents()


def shown_labels(tab: CellTab) -> list[QLabel]:
    return [label for label in tab.findChildren(QLabel) if label.isVisible() and label.text()]


def is_cut_off(label: QLabel) -> bool:
    """Whether words stick out of a label, or lines of it have no room."""
    room = label.contentsRect()
    text = label.text().replace("\u200b", " ")
    pieces = text.split() if label.wordWrap() else [text]
    widest = max(label.fontMetrics().horizontalAdvance(piece) for piece in pieces)
    return widest > room.width() + 1 or label.heightForWidth(label.width()) > label.height()


@pytest.mark.parametrize("is_long", [False, True])
@pytest.mark.parametrize("width_px", [USUAL_WIDTH_PX, 500])
def test_nothing_is_cut_off(qgis_iface: QgisInterface, cell: FoundCell, width_px: int, is_long: bool):
    if is_long:
        speak(longer)
    try:
        tab = CellTab(qgis_iface)
        tab.resize(width_px, 700)
        tab.show()
        tab.show_cell(cell)
        settle(tab)
        content = tab.findChild(QScrollArea).widget()
        assert content.width() <= tab.findChild(QScrollArea).viewport().width()
        assert [label.text() for label in shown_labels(tab) if is_cut_off(label)] == []
        outside = [
            widget.accessibleName() or widget.objectName()
            for widget in content.findChildren(QWidget)
            if widget.isVisible() and widget.mapTo(content, widget.rect().topRight()).x() > content.width()
        ]
        assert outside == []
        assert not is_long or "und noch etwas dazu" in tab.text()
    finally:
        speak(english)


def test_a_cell_is_told_in_sentences(tab: CellTab, cell: FoundCell):
    tab.show_cell(cell)
    report, text = cell.report, tab.text()
    assert text.splitlines()[0] == report.cell_name
    assert f"{100 * report.chance.value:.1f} % (90 % range {100 * report.chance.low:.1f} % to" in text
    assert "m² per km² of land" in text
    assert report.observation.label in text
    assert "The map may be trusted here." in text or "The map is not to be trusted here: " in text
    for year in report.history:
        assert f"{year.name}: " in text


def test_another_cell_takes_the_place_of_the_first(tab: CellTab, cell: FoundCell, pole: FoundCell):
    for found in (cell, pole):
        tab.show_cell(found)
        assert tab.text().splitlines()[0] == found.report.cell_name
        assert len([row for row in tab.drivers.rows if not row.isHidden()]) == len(found.report.drivers)
        assert len([row for row in tab.features.rows if not row.isHidden()]) == len(found.report.features)


def test_no_cell_is_a_hint_and_nothing_else(tab: CellTab, shown: RunOnMap, cell: FoundCell):
    tab.show_cell(cell)
    tab.show_run(shown)
    assert tab.text().splitlines()[0] == cell.report.cell_name
    tab.show_cell(None)
    assert tab.text() == "No cell is chosen: choose “Explore cells” and click one on the map."
    tab.show_run(None)
    tab.show_cell(None)
    assert tab.text() == "Open a run, choose “Explore cells” and click a cell on the map."
    assert not any(action.isEnabled() for action in (tab.hold, tab.copy, tab.save, tab.clear))


def test_held_cells_stand_side_by_side(tab: CellTab, cell: FoundCell, pole: FoundCell, run: Run):
    assert tab.held.isHidden()
    earlier = pole.in_year(run.manifest.years[0])
    for found in (cell, pole, earlier, pole):
        tab.show_cell(found)
        tab.hold_cell()
    assert "held already" in tab.message.text()
    names = [tab.held.horizontalHeaderItem(column).text() for column in range(tab.held.columnCount())]
    assert names == [found.report.cell_name for found in (cell, pole, earlier)]
    lines = {tab.held.verticalHeaderItem(row).text(): row for row in range(tab.held.rowCount())}
    years = [tab.held.item(lines["Year"], column).text() for column in range(3)]
    assert years == [found.report.year_name for found in (cell, pole, earlier)]
    chances = [tab.held.item(lines["Any slump"], column).text() for column in range(3)]
    assert all(
        f"{100 * found.report.chance.value:.1f} %" in text
        for found, text in zip((cell, pole, earlier), chances, strict=True)
    )
    tab.show_cell(None)
    assert not tab.held.isHidden()


def test_no_more_cells_are_held_than_can_be_compared(
    tab: CellTab, shown: RunOnMap, project: QgsProject, cell: FoundCell
):
    features = list(shown.cells.getFeatures())[: MAX_HELD + 1]
    for feature in features:
        point = feature.geometry().pointOnSurface().asPoint()
        tab.show_cell(cell_at(shown, project, point, CRS))
        tab.hold_cell()
    assert tab.held.columnCount() == MAX_HELD
    assert "let one go first" in tab.message.text()


def test_held_cells_are_let_go(tab: CellTab, cell: FoundCell, pole: FoundCell):
    for found in (cell, pole):
        tab.show_cell(found)
        tab.hold_cell()
    tab.held.setCurrentCell(0, 0)
    QTest.keyClick(tab.held, Qt.Key.Key_Delete)
    assert tab.held.columnCount() == 1
    assert tab.held.horizontalHeaderItem(0).text() == pole.report.cell_name
    tab.clear.trigger()
    assert tab.held.isHidden()
    assert not tab.clear.isEnabled()


def test_what_is_shown_is_copied_as_text(tab: CellTab, cell: FoundCell, pole: FoundCell):
    tab.show_cell(pole)
    tab.hold_cell()
    tab.show_cell(cell)
    tab.copy.trigger()
    text = QApplication.clipboard().text()
    assert cell.report.cell_name in text.splitlines()[0]
    assert cell.report.run_id in text
    assert all(driver.label in text for driver in cell.report.drivers)
    assert f"\t{pole.report.cell_name}" in text
    assert tab.message.text() == "Copied."


def test_cells_are_saved_as_a_table(
    tab: CellTab, cell: FoundCell, pole: FoundCell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    path = tmp_path / "cells.csv"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(path), ""))
    tab.show_cell(cell)
    tab.save.trigger()
    assert [row["cell"] for row in csv.DictReader(path.read_text(encoding="utf-8").splitlines())] == [
        cell.report.cell_name
    ]
    for found in (pole, cell):
        tab.show_cell(found)
        tab.hold_cell()
    tab.save.trigger()
    rows = list(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))
    assert [row["cell"] for row in rows] == [pole.report.cell_name, cell.report.cell_name]
    assert float(rows[1]["p_any_rts"]) == cell.report.chance.value
    assert str(path) in tab.message.text()


@pytest.mark.parametrize(("name", "message"), [("", ""), ("no folder/cells.csv", "cannot be written")])
def test_nothing_is_saved_where_nothing_can_be(
    tab: CellTab, cell: FoundCell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, message: str
):
    chosen = str(tmp_path / name) if name else ""
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (chosen, ""))
    tab.show_cell(cell)
    tab.save.trigger()
    assert message in tab.message.text()
    assert list(tmp_path.rglob("*.csv")) == []


def focus_chain(tab: CellTab) -> list[QWidget]:
    """The widgets that the Tab key visits from the first button on, each once."""
    first = next(button for button in tab.findChildren(QToolButton) if button.defaultAction() is tab.hold)
    first.setFocus()
    chain = [first]
    while True:
        QTest.keyClick(chain[-1], Qt.Key.Key_Tab)
        following = QApplication.focusWidget()
        if following in chain or not tab.findChild(QScrollArea).widget().isAncestorOf(following):
            return chain
        chain.append(following)


def test_the_tab_key_visits_everything_from_top_to_bottom(tab: CellTab, cell: FoundCell):
    tab.show_cell(cell)
    tab.hold_cell()
    settle(tab)
    tab.activateWindow()
    assert QTest.qWaitForWindowActive(tab)
    chain = focus_chain(tab)
    drawings = [drawing for drawing in tab.findChildren(Drawing) if drawing.isVisible()]
    assert drawings
    assert [drawing.accessibleDescription() for drawing in drawings if drawing not in chain] == []
    assert tab.held in chain
    content = tab.findChild(QScrollArea).widget()
    tops = [content.mapFromGlobal(widget.mapToGlobal(QPoint(0, 0))).y() for widget in chain]
    assert tops == sorted(tops)


def test_everything_has_a_name_and_says_what_it_shows(tab: CellTab, cell: FoundCell):
    tab.show_cell(cell)
    tab.hold_cell()
    named = [*tab.findChildren(Drawing), *tab.findChildren(QToolButton), tab.held]
    shown = [widget for widget in named if widget.isVisible() and widget.focusPolicy() != Qt.FocusPolicy.NoFocus]
    assert len(shown) > 10
    assert [widget for widget in shown if not widget.accessibleName() or not widget.accessibleDescription()] == []


def test_actions_have_shortcuts_of_their_own(tab: CellTab, cell: FoundCell):
    actions = [tab.hold, tab.copy, tab.save, tab.clear]
    assert len({action.shortcut().toString() for action in actions}) == 4
    assert all(action.shortcutContext() == Qt.ShortcutContext.WidgetWithChildrenShortcut for action in actions)
    tab.show_cell(cell)
    tab.activateWindow()
    assert QTest.qWaitForWindowActive(tab)
    tab.chances.bar.setFocus()
    QTest.keyClick(tab.chances.bar, Qt.Key.Key_H, Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.ShiftModifier)
    assert tab.held.columnCount() == 1


@pytest.mark.parametrize("table", sorted(NEEDED))
def test_a_run_without_a_table_says_so_and_shows_the_rest(
    tab: CellTab, cell: FoundCell, run: Run, copied_run: Path, table: str
):
    alter_geopackage(copied_run, f"ALTER TABLE {table} RENAME TO another")
    older = FoundCell(copied_run, cell.manifest, cell.row, cell.report, cell.geometry, cell.crs).in_year(
        cell.report.year
    )
    tab.show_cell(older)
    assert table in tab.missing.text()
    assert not tab.missing.isHidden()
    assert tab.chances.bar.isVisible()
    assert len(older.report.drivers) == len(cell.report.drivers)


def test_no_text_of_a_run_is_taken_for_markup(tab: CellTab, cell: FoundCell):
    tab.show_cell(cell)
    tab.hold_cell()
    assert {label.textFormat() for label in tab.findChildren(QLabel)} == {Qt.TextFormat.PlainText}
    tab.chances.bar.describe("<b>bold</b>")
    assert tab.chances.bar.toolTip() == "<qt>&lt;b&gt;bold&lt;/b&gt;</qt>"

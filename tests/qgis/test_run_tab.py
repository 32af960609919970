import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from entropice.core.run_folder import Run
from entropice.core.run_record import read_run_record
from entropice.ui import run_tab, runs_dialog
from entropice.ui.plugin import EntropicePlugin
from entropice.ui.run_tab import RunTab
from entropice.ui.runs_dialog import RunsDialog
from qgis.PyQt.QtCore import Qt, QUrl
from qgis.PyQt.QtGui import QGuiApplication
from qgis.PyQt.QtTest import QTest
from qgis.PyQt.QtWidgets import QDialogButtonBox, QPushButton, QTableWidget


@pytest.fixture
def tab(plugin: EntropicePlugin, run: Run) -> Iterator[RunTab]:
    plugin.open_run(run.folder)
    found = plugin.explorer.dock.tab(RunTab)
    plugin.iface.mainWindow().show()
    plugin.explorer.dock.show()
    plugin.explorer.dock.pages.setCurrentWidget(found)
    assert found.isVisible()
    yield found
    plugin.iface.mainWindow().hide()


def press(button: QPushButton) -> None:
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def rows(table: QTableWidget) -> list[list[str]]:
    return [[table.item(i, k).text() for k in range(table.columnCount())] for i in range(table.rowCount())]


def test_without_a_run_the_page_says_what_to_do(plugin: EntropicePlugin) -> None:
    assert "Open a run" in plugin.explorer.dock.tab(RunTab).text()


def test_a_page_that_nobody_looks_at_reads_nothing(
    plugin: EntropicePlugin, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[Path] = []
    monkeypatch.setattr(run_tab, "read_run_record", read.append)
    plugin.open_run(run.folder)
    assert plugin.explorer.run is not None
    assert not read


def test_scores_stand_under_their_names_with_intervals(tab: RunTab, run: Run) -> None:
    record = read_run_record(run.folder)

    assert tab.model.currentData() == record.map_model
    shown = [s for s in record.scores if (s.model, s.scheme) == (record.map_model, tab.scheme.currentData())]
    assert [row[0] for row in rows(tab.scores)] == [record.title(score.name) for score in shown]
    first = next(i for i, score in enumerate(shown) if score.low is not None)
    assert rows(tab.scores)[first][2].count(" – ") == 1


def test_another_model_has_other_scores(tab: RunTab) -> None:
    before = rows(tab.scores)
    QTest.keyClick(tab.model, Qt.Key.Key_Down)

    assert rows(tab.scores) != before


def test_only_drivers_beyond_chance_are_listed_and_the_rest_is_counted(tab: RunTab, run: Run) -> None:
    drivers = run.manifest.drivers
    n_found = sum(driver.is_discovery for driver in drivers)

    assert tab.drivers.rowCount() == n_found
    assert (str(len(drivers) - n_found) in tab.driver_note.text()) if n_found else "Nothing" in tab.driver_note.text()


def test_the_rebuild_command_is_copied(tab: RunTab) -> None:
    press(tab.copy_command)

    assert QGuiApplication.clipboard().text().startswith("kedro run")


def test_the_report_opens_as_a_file(tab: RunTab, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[QUrl] = []
    monkeypatch.setattr(run_tab.QDesktopServices, "openUrl", opened.append)
    press(tab.open_report)

    assert [url.toLocalFile() for url in opened] == [str(run.folder / "report.html")]


def test_a_run_below_a_folder_is_chosen_and_opened(
    tab: RunTab, plugin: EntropicePlugin, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = shutil.copytree(run.folder, tmp_path / "runs/other")
    (tmp_path / "runs/broken").mkdir()
    (tmp_path / "runs/broken/manifest.json").write_text("{}")
    monkeypatch.setattr(runs_dialog.QFileDialog, "getExistingDirectory", lambda *_: str(tmp_path / "runs"))
    opened: list[Path] = []
    monkeypatch.setattr(plugin, "open_run", opened.append)

    press(tab.open_other)
    (dialog,) = plugin.iface.mainWindow().findChildren(RunsDialog)
    assert rows(dialog.table)[0][4] == str(run.folder)
    press(dialog.below)
    names = [row[4].rpartition("/")[2] for row in rows(dialog.table)]
    assert names == ["broken", "other"]
    open_button = dialog.buttons.button(QDialogButtonBox.StandardButton.Open)
    dialog.table.selectRow(names.index("broken"))
    assert not open_button.isEnabled()
    dialog.table.selectRow(names.index("other"))
    press(open_button)

    assert opened == [other]

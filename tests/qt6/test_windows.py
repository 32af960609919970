"""Windows and pages of the plugin that need Qt alone, made and drawn by Qt 6."""

import os
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from entropice.adapter import help_pages, translate
from entropice.adapter.translate import Translation, tr
from entropice.core.cell_report import Applicability, Bar, CellReport, Chance, Driver, Fact, Observation, YearOfCell
from entropice.core.features import Distribution, FeatureInCell, ResponsePoint
from entropice.core.important_sets import ImportantSet
from entropice.core.survey_cells import Candidate, Place
from entropice.core.survey_plan import Choice, SurveyPlan
from entropice.ui.cell_parts import ChancePart, DriverPart, FactPart, FeaturePart, HistoryPart, SentencePart
from entropice.ui.held_table import HeldTable
from entropice.ui.help_window import HelpWindow
from entropice.ui.rank_list import RankList
from entropice.ui.tables import fill, text_of, text_table
from qgis.PyQt.QtCore import QUrl
from qgis.PyQt.QtGui import QColor, QDesktopServices, QTextDocument
from qgis.PyQt.QtTest import QTest
from qgis.PyQt.QtWidgets import QVBoxLayout, QWidget

from qgis_plugin.build_zip import build_zip

BLUE, ORANGE = "#0072b2", "#e69f00"
RANGE = Chance(0.6, 0.4, 0.8)
SET = ImportantSet("slope", "Slope", frozenset({"slope"}), 0.5, 0.1, is_discovery=True)
SPREAD = Distribution(((0.0, 0.0), (1.0, 10.0)), (0.0, 5.0, 10.0), (3.0, 7.0))
FEATURE = FeatureInCell("slope", "Slope", "degree", True, 4.0, SPREAD, (ResponsePoint(2, -0.1, -0.2, 0.0),) * 2)
SEEN = Observation("observed_with", "observed, with slumps", ORANGE, 0.5, 3.0)
REPORT = CellReport(
    run_id="0" * 16,
    run_title="A run",
    cell_name="8402b4dffffffff",
    place="75.29° N, 144.62° W",
    year=2022,
    year_name="2022",
    model_title="A model",
    chance=RANGE,
    classes=(Bar("none", Chance(0.4), BLUE), Bar("many", RANGE, ORANGE)),
    density_m2_per_km2=28.0,
    possible_classes="none|many",
    observation=SEEN,
    applicability=Applicability("inside", "inside", None),
    drivers=(Driver("slope", "Slope", 0.3, BLUE, 0.4, SET), Driver("snow", "Snow", -0.1, ORANGE, -0.2, None)),
    features=(FEATURE,),
    history=(YearOfCell(2021, "2021", Chance(0.5), None), YearOfCell(2022, "2022", RANGE, SEEN)),
    facts=(Fact("Entropy", "0.97", "What it means"),),
    values={},
    feature_values={},
    missing_tables=(),
)


@pytest.fixture(scope="session")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("plugin")
    zipfile.ZipFile(build_zip(folder / "dist")).extractall(folder)
    return folder / "entropice"


@pytest.fixture
def german(installed: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(translate, "FOLDER", installed / "i18n")
    translation = Translation()
    yield
    translation.remove()


@pytest.fixture
def pictures(tmp_path: Path) -> Path:
    folder = Path(os.environ.get("ENTROPICE_PICTURES", tmp_path))
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def colours_in(widget: QWidget) -> set[str]:
    image = widget.grab().toImage()
    return {QColor(image.pixel(x, y)).name() for x in range(image.width()) for y in range(image.height())}


def test_qt_6_reads_the_translations(german: None) -> None:
    assert tr("Compare two maps") == "Zwei Karten vergleichen"
    assert [tr("%n others do not go beyond chance.", n=n)[:9] for n in (1, 2)] == ["1 weitere", "2 weitere"]
    assert tr("B is %n classes higher", n=1) != tr("B is %n classes higher", n=2).replace("2", "1")


def test_english_comes_back(german: None) -> None:
    Translation().remove()

    assert tr("%n layers.", n=2) == "2 layers."


def test_a_cell_is_drawn(german: None, pictures: Path) -> None:
    page = QWidget()
    column = QVBoxLayout(page)
    for part in (ChancePart(), SentencePart(), DriverPart(), FeaturePart(), HistoryPart(), FactPart()):
        part.show_report(REPORT)
        column.addWidget(part)
    column.addStretch()
    page.resize(420, page.sizeHint().height())
    page.show()
    page.grab().save(str(pictures / "qt6_cell.png"))

    assert {BLUE, ORANGE} <= colours_in(page)


def test_tables_are_filled(pictures: Path) -> None:
    cell = Candidate(0x8402B4DFFFFFFFF, Place(0, 80), 0.42, None, None, None, 100.0, 1.0, 0.0, 100.0, 1.0, 1.0)
    ranks, held, told = RankList(), HeldTable(), text_table("Table", ["A", "B"])
    ranks.show_plan(SurveyPlan((Choice(1, cell, 2.0, 100.0),), 1, 100.0), "h3")
    held.show_reports([REPORT, REPORT])
    fill(told, [("a", "b"), ("c", "d")])
    page = QWidget()
    column = QVBoxLayout(page)
    for table in (ranks, held, told):
        column.addWidget(table)
    page.resize(500, 700)
    page.show()
    page.grab().save(str(pictures / "qt6_tables.png"))

    assert ranks.topLevelItem(0).text(1) == "42 %"
    assert held.columnCount() == 2
    assert text_of(told) == "a\tb\nc\td"


def test_help_is_shown_and_its_addresses_are_answered(
    installed: Path, pictures: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(help_pages, "FOLDER", installed / "help" / "plugin")
    parent = QWidget()
    window = HelpWindow(parent)
    window.show_page("cell")
    QTest.qWait(50)
    window.grab().save(str(pictures / "qt6_help.png"))
    address = QUrl(str(installed / "help/images/cell_tab.png"))
    picture = window.browser.loadResource(QTextDocument.ResourceType.ImageResource.value, address)

    assert "Ask a cell" in window.browser.toPlainText()
    assert picture.width() <= window.browser.viewport().width()
    assert QDesktopServices.openUrl(QUrl(help_pages.help_url("survey")))
    assert window.browser.source().fileName() == "survey.md"
    window.close_for_good()

import csv
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from choosing import choose, choose_year
from entropice.adapter.compared_group import THEMES
from entropice.adapter.overlay import overlay_pieces
from entropice.adapter.provider import EntropiceProvider
from entropice.core.cell_hierarchy import Grid
from entropice.core.comparison_scale import COLOURS
from entropice.core.run_folder import Run
from entropice.core.run_record import read_run_record
from entropice.ui.compare_tab import CompareTab
from entropice.ui.plugin import EntropicePlugin
from other_grids import merged_run
from pressing import press, wait_until
from qgis.core import (
    NULL,
    QgsApplication,
    QgsFeature,
    QgsFeedback,
    QgsGeometry,
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeedback,
    QgsProcessingUtils,
    QgsProject,
    QgsRectangle,
    QgsVectorLayer,
)
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtTest import QTest
from run_edits import edit_manifest

H3_3 = {"key": "h3_3", "grid_name": "h3", "level": 3}
HEALPIX_6 = {"key": "healpix_6", "grid_name": "healpix", "level": 6, "indexing_scheme": "nested"}
CHANGE = 0.01


@pytest.fixture
def provider() -> EntropiceProvider:
    provider = EntropiceProvider()
    provider.loadAlgorithms()
    return provider


@pytest.fixture
def context(project: QgsProject) -> QgsProcessingContext:
    context = QgsProcessingContext()
    context.setProject(project)
    return context


@pytest.fixture
def execute(provider: EntropiceProvider, context: QgsProcessingContext) -> Callable[..., dict[str, Any]]:
    def execute(name: str, **parameters: Any) -> dict[str, Any]:
        algorithm = provider.algorithm(name)
        results, is_done = algorithm.run(parameters, context, QgsProcessingFeedback(), {}, False)
        assert is_done
        return results

    return execute


@pytest.fixture
def layer_of(context: QgsProcessingContext) -> Callable[[str], QgsVectorLayer]:
    return lambda target: QgsProcessingUtils.mapLayerFromString(target, context)


@pytest.fixture(scope="session")
def coarse(run: Run, tmp_path_factory: pytest.TempPathFactory) -> Run:
    """The run on H3's next coarser level; its probabilities are higher by 1 percentage point."""
    grid = Grid("h3", run.manifest.grid_level)
    assert run.manifest.grid_name == "h3"
    level = H3_3 | {"level": grid.level - 1, "key": f"h3_{grid.level - 1}"}
    folder = tmp_path_factory.mktemp("coarse") / "run"
    return merged_run(run, folder, level, lambda cell: grid.parent(cell["cell_id"], grid.level - 1), CHANGE)


@pytest.fixture(scope="session")
def foreign(run: Run, tmp_path_factory: pytest.TempPathFactory) -> Run:
    """The same larger cells, as if of another grid: their ids tell nothing of those in them."""
    grid = Grid("h3", run.manifest.grid_level)
    numbers: dict[int, int] = {}
    folder = tmp_path_factory.mktemp("foreign") / "run"

    def number(cell: QgsFeature) -> int:
        return numbers.setdefault(grid.parent(cell["cell_id"], grid.level - 1), len(numbers))

    return merged_run(run, folder, HEALPIX_6, number, CHANGE)


def differences(layer: QgsVectorLayer) -> list[float]:
    return [row["difference"] for row in layer.getFeatures() if row["difference"] != NULL]


# The algorithm


def test_a_map_does_not_differ_from_itself(execute, layer_of, run: Run):
    results = execute("compare", FOLDER_A=str(run.folder), OUTPUT="TEMPORARY_OUTPUT")
    layer = layer_of(results["OUTPUT"])
    assert layer.featureCount() == run.manifest.cells.n_rows == results["N_BOTH"]
    assert set(differences(layer)) == {0.0}
    assert (results["WAY"], results["MEAN_DIFFERENCE"]) == ("same cells", 0.0)
    assert results["RANK_CORRELATION"] == pytest.approx(1)


def test_years_of_a_run(execute, layer_of, run: Run, cells: QgsVectorLayer):
    first, *_, last = run.manifest.years
    order = {"FOLDER_A": str(run.folder), "OUTPUT": "TEMPORARY_OUTPUT"}
    forth = layer_of(execute("compare", YEAR_A=first, YEAR_B=last, **order)["OUTPUT"])
    back = layer_of(execute("compare", YEAR_A=last, YEAR_B=first, **order)["OUTPUT"])
    of_run = {cell["cell_id"]: cell for cell in cells.getFeatures()}
    turned = {row["cell_id"]: row["difference"] for row in back.getFeatures()}
    for row in forth.getFeatures():
        cell = of_run[row["cell_id"]]
        assert row["difference"] == cell[f"p_any_rts_{last}"] - cell[f"p_any_rts_{first}"] == -turned[row["cell_id"]]
        assert row.geometry().equals(cell.geometry())
    assert forth.crs().authid() == "EPSG:3413"
    assert forth.attributeAlias(forth.fields().indexOf("value_a")) == f"A: Probability of any slump · {first}"
    assert forth.name() == "B − A: Probability of any slump (percentage points)"


def test_colours_are_symmetric_around_nothing(execute, layer_of, run: Run):
    first, *_, last = run.manifest.years
    results = execute("compare", FOLDER_A=str(run.folder), YEAR_A=first, YEAR_B=last, OUTPUT="TEMPORARY_OUTPUT")
    layer = layer_of(results["OUTPUT"])
    ranges = layer.renderer().ranges()
    assert [part.symbol().color().name() for part in ranges] == list(COLOURS)
    assert [part.lowerValue() for part in ranges] == [-part.upperValue() for part in reversed(ranges)]
    assert max(map(abs, differences(layer))) <= ranges[-1].upperValue()
    assert ranges[0].label().endswith(" %")


def test_levels_of_a_grid_meet_through_the_hierarchy(execute, layer_of, run: Run, coarse: Run):
    order = {"FOLDER_A": str(run.folder), "FOLDER_B": str(coarse.folder), "OUTPUT": "TEMPORARY_OUTPUT"}
    results = execute("compare", **order)
    layer = layer_of(results["OUTPUT"])
    assert results["WAY"] == "hierarchy"
    assert layer.featureCount() == coarse.manifest.cells.n_rows
    assert differences(layer) == pytest.approx([CHANGE] * results["N_BOTH"])
    assert layer.name().startswith("B − A: Expected share of land in cells with slumps")
    back = layer_of(
        execute("compare", **(order | {"FOLDER_A": str(coarse.folder), "FOLDER_B": str(run.folder)}))["OUTPUT"]
    )
    assert differences(back) == pytest.approx([-CHANGE] * results["N_BOTH"])


def test_grids_meet_by_overlay(execute, layer_of, run: Run, foreign: Run):
    order = {"FOLDER_A": str(foreign.folder), "FOLDER_B": str(run.folder), "OUTPUT": "TEMPORARY_OUTPUT"}
    results = execute("compare", QUANTITY_A="p_any_rts", **order)
    assert results["WAY"] == "overlay"
    found = differences(layer_of(results["OUTPUT"]))
    assert len(found) == foreign.manifest.cells.n_rows
    assert found == pytest.approx([-CHANGE] * len(found), abs=1e-4)


def test_overlay_keeps_the_area(cells: QgsVectorLayer):
    fine = [(cell["cell_id"], cell.geometry()) for cell in cells.getFeatures()]
    extent = cells.extent()
    extent.grow(1)
    width, height = extent.width() / 5, extent.height() / 5
    corners = [(extent.xMinimum() + i * width, extent.yMinimum() + j * height) for i in range(5) for j in range(5)]
    squares = [
        (number, QgsGeometry.fromRect(QgsRectangle(x, y, x + width, y + height)).densifyByCount(50))
        for number, (x, y) in enumerate(corners)
    ]
    pieces = overlay_pieces(fine, squares, QgsFeedback())
    share: dict[int, float] = {}
    for piece in pieces:
        assert 0 < piece.share <= 1 + 1e-9
        share[piece.cell_id] = share.get(piece.cell_id, 0) + piece.share
    assert share.keys() == {cell_id for cell_id, _ in fine}
    assert list(share.values()) == pytest.approx([1.0] * len(fine), abs=1e-4)
    assert len(pieces) > len(fine)


def test_scores_stand_side_by_side(execute, run: Run, tmp_path: Path):
    scores = tmp_path / "scores.csv"
    execute("compare", FOLDER_A=str(run.folder), OUTPUT="TEMPORARY_OUTPUT", SCORES=str(scores))
    rows = list(csv.DictReader(scores.read_text(encoding="utf-8").splitlines()))
    told = json.loads((run.folder / "manifest.json").read_text(encoding="utf-8"))["scores"]
    assert len(rows) == len(told)
    assert all(row["value_a"] == row["value_b"] and row["low_a"] == row["low_b"] for row in rows)
    model = run.manifest.map_model_title.split(":")[0]
    assert model.startswith(rows[0]["model_a"][:4])


@pytest.mark.parametrize(
    ("order", "field"),
    [
        ({"QUANTITY_A": "nothing"}, "field: quantity"),
        ({"YEAR_A": 1999}, "field: year"),
        ({"QUANTITY_A": "p_any_rts", "QUANTITY_B": "area_m2"}, "field: unit of area_m2"),
    ],
)
def test_what_cannot_be_compared_is_refused_by_field(execute, run: Run, order: dict[str, Any], field: str):
    with pytest.raises(QgsProcessingException, match=f"(?s){field}.*fix: "):
        execute("compare", FOLDER_A=str(run.folder), OUTPUT="TEMPORARY_OUTPUT", **order)


def test_the_class_of_larger_cells_is_refused(execute, run: Run, coarse: Run):
    order = {"FOLDER_A": str(run.folder), "FOLDER_B": str(coarse.folder), "QUANTITY_A": "class"}
    with pytest.raises(QgsProcessingException, match="cannot be brought to larger cells"):
        execute("compare", OUTPUT="TEMPORARY_OUTPUT", **order)


# The tab


@pytest.fixture
def tab(plugin: EntropicePlugin, run: Run) -> CompareTab:
    plugin.open_run(run.folder)
    plugin.explorer.dock.show()
    tab = plugin.explorer.dock.tab(CompareTab)
    plugin.explorer.dock.pages.setCurrentWidget(tab)
    wait_until(lambda: tab.a.chosen_run is not None)
    return tab


def compare(tab: CompareTab) -> None:
    press(tab.compare)
    wait_until(tab.compare.isEnabled)


def test_both_sides_offer_what_the_run_declares(plugin: EntropicePlugin, copied_run: Path):
    edit_manifest(copied_run, lambda manifest: manifest.update(drivers=[]))
    plugin.open_run(copied_run)
    choosers, tab = plugin.explorer.dock.choosers, plugin.explorer.dock.tab(CompareTab)
    assert choosers.quantity.findData("driver_1_group") >= 0
    for side in (tab.a, tab.b):
        assert side.quantity.findData("driver_1") >= 0
        assert side.quantity.findData("driver_1_group") < 0


def visible(project: QgsProject) -> list[str]:
    return [layer.name() for layer in project.layerTreeRoot().checkedLayers()]


def test_the_tab_offers_the_first_and_the_last_year(tab: CompareTab, run: Run):
    assert (tab.a.year.currentData(), tab.b.year.currentData()) == (run.manifest.years[0], run.manifest.years[-1])
    assert tab.a.quantity.currentData() == tab.b.quantity.currentData() == "p_any_rts"


def test_a_comparison_adds_three_maps_and_themes(tab: CompareTab, project: QgsProject, run: Run):
    compare(tab)
    first, *_, last = run.manifest.years
    a, b = (
        f"{side}: Probability of any slump · {year} · {run.manifest.grid_key}"
        for side, year in (("A", first), ("B", last))
    )
    difference = "B − A: Probability of any slump (percentage points)"
    group = project.layerTreeRoot().children()[0]
    assert [node.layer().name() for node in group.findLayers()] == [difference, b, a]
    assert set(THEMES) <= set(project.mapThemeCollection().mapThemes())
    around = ["Land"] if "Land" in visible(project) else []
    for theme, name in zip(THEMES, (a, b, difference), strict=True):
        shown = project.mapThemeCollection().mapThemeVisibleLayers(theme)
        assert sorted(layer.name() for layer in shown) == sorted([name, *around])
    assert visible(project) == [difference, *around]
    for button, name in zip(tab.result.themes.buttons(), (a, b, difference), strict=True):
        press(button)
        assert visible(project) == [name, *around]
    breaks = [[part.lowerValue() for part in node.layer().renderer().ranges()] for node in group.findLayers()[1:]]
    assert breaks[0] == breaks[1]


def test_the_map_of_the_dock_comes_back(tab: CompareTab, plugin: EntropicePlugin, project: QgsProject, run: Run):
    before = visible(project)
    compare(tab)
    assert visible(project) != before
    press(tab.result.hide_maps)
    assert visible(project) == before
    assert not any(button.isChecked() for button in tab.result.themes.buttons())
    press(tab.result.themes.buttons()[0])
    assert visible(project) != before
    choose_year(plugin, run.manifest.years[0])
    assert visible(project) == [
        name.replace(str(run.manifest.years[-1]), str(run.manifest.years[0])) for name in before
    ]


def test_the_tab_says_how_alike_two_years_are(tab: CompareTab, run: Run, execute):
    compare(tab)
    first, *_, last = run.manifest.years
    found = execute("compare", FOLDER_A=str(run.folder), YEAR_A=first, YEAR_B=last, OUTPUT="TEMPORARY_OUTPUT")
    text = tab.text()
    assert f"Cells with both: {found['N_BOTH']:,} of {run.manifest.cells.n_rows:,}" in text
    assert f"Cell by cell on {run.manifest.grid_key}." in text
    assert "percentage points" in text


def test_classes_are_counted_in_a_table(tab: CompareTab, run: Run):
    for side in (tab.a, tab.b):
        choose(side.quantity, "class")
    compare(tab)
    table = tab.result.confusion
    assert not table.isHidden()
    counts = [
        int(table.item(row, column).text().replace(",", ""))
        for row in range(table.rowCount())
        for column in range(1, table.columnCount())
    ]
    assert sum(counts) == int(tab.text().split("Cells with both: ")[1].split(" of")[0].replace(",", ""))
    assert tab.result.scores.isHidden()


def test_two_runs_are_suggested_and_their_scores_told(tab: CompareTab, plugin: EntropicePlugin, coarse: Run):
    plugin.open_run(coarse.folder)
    wait_until(lambda: tab.a.run.count() == 2)
    assert tab.a.chosen_run.manifest.grid_key == coarse.manifest.grid_key
    assert tab.b.chosen_run.manifest.grid_key != coarse.manifest.grid_key
    press(tab.exchange)
    assert tab.b.chosen_run.manifest.grid_key == coarse.manifest.grid_key
    compare(tab)
    assert "through the ids of the cell hierarchy" in tab.text()
    assert "Mean difference: 1 percentage points" in tab.text()


def test_a_refusal_stands_in_the_message_bar(tab: CompareTab, plugin: EntropicePlugin, project: QgsProject):
    before = visible(project)
    choose(tab.b.quantity, "class")
    compare(tab)
    messages = plugin.iface.messageBar().get_messages(2)
    assert any("cannot be compared" in message for message in messages)
    assert visible(project) == before
    assert tab.result.isHidden()


def test_what_is_under_way_is_dropped_with_the_plugin(tab: CompareTab, project: QgsProject):
    before = visible(project)
    press(tab.compare)
    tab.release()
    QTest.qWait(500)
    assert QgsApplication.taskManager().countActiveTasks() == 0
    assert visible(project) == before


def test_layers_may_be_removed_and_the_project_cleared(tab: CompareTab, project: QgsProject):
    compare(tab)
    project.removeMapLayer(project.layerTreeRoot().children()[0].findLayers()[0].layer())
    for button in tab.result.themes.buttons():
        press(button)
    assert not tab.result.isHidden()
    project.clear()
    assert tab.result.isHidden()
    assert "Open a run" in tab.text()


def test_without_a_run_there_is_a_hint(plugin: EntropicePlugin):
    tab = plugin.explorer.dock.tab(CompareTab)
    assert "Open a run" in tab.text()
    QTest.mouseClick(tab.compare, Qt.MouseButton.LeftButton)
    assert QgsApplication.taskManager().countActiveTasks() == 0


# Filter and export


def test_filtered_cells_are_those_of_which_the_conditions_hold(
    execute, layer_of, run: Run, latest: int, cells, tmp_path
):
    target = tmp_path / "cells.gpkg"
    condition = "p_any_rts >= 20 % AND state = unobserved"
    found = execute("filter", FOLDER=str(run.folder), CONDITION=condition, YEAR=latest, OUTPUT=str(target))
    expected = {
        cell["cell_id"]
        for cell in cells.getFeatures()
        if cell[f"p_any_rts_{latest}"] != NULL
        and cell[f"p_any_rts_{latest}"] >= 0.2
        and cell[f"state_{latest}"] == "unobserved"
    }
    layer = QgsVectorLayer(str(target), "filtered", "ogr")
    assert {cell["cell_id"] for cell in layer.getFeatures()} == expected
    assert found["N_CELLS"] == len(expected) > 0
    chance = layer.fields().indexOf(f"p_any_rts_{latest}")
    assert layer.attributeAlias(chance) == f"Probability of any slump · {latest}"
    assert layer.attributeAlias(layer.fields().indexOf("area_m2")) == "Area (m²)"
    assert len(layer.renderer().ranges()) > 1
    assert layer.crs().authid() == "EPSG:3413"


def test_nothing_found_is_an_empty_layer(execute, layer_of, run: Run):
    found = execute("filter", FOLDER=str(run.folder), CONDITION="p_any_rts > 1", OUTPUT="TEMPORARY_OUTPUT")
    assert found["N_CELLS"] == layer_of(found["OUTPUT"]).featureCount() == 0


def test_a_wrong_condition_is_refused(execute, run: Run):
    with pytest.raises(QgsProcessingException, match=r"(?s)field: quantity.*got: doubt.*fix: "):
        execute("filter", FOLDER=str(run.folder), CONDITION="doubt <= 0.1", OUTPUT="TEMPORARY_OUTPUT")


@pytest.mark.parametrize("suffix", ["gpkg", "csv", "geojson"])
def test_export_holds_what_was_asked_for(execute, run: Run, latest: int, cells, tmp_path: Path, suffix: str):
    target = tmp_path / f"cells.{suffix}"
    order = {"QUANTITIES": "p_any_rts, state", "YEARS": str(latest), "WITH_FEATURES": True}
    found = execute("export", FOLDER=str(run.folder), OUTPUT=str(target), **order)
    exported = QgsVectorLayer(str(target), "exported", "ogr")
    of_run = {str(cell["cell_id"]): cell for cell in cells.getFeatures()}
    values = QgsVectorLayer(f"{run.geopackage}|layername=feature_values", "values", "ogr")
    feature = next(name for name in values.fields().names() if name.endswith(f"_{latest}"))
    scale_factor = read_run_record(run.folder).features[feature.removesuffix(f"_{latest}")].scale_factor
    of_features = {str(row["cell_id"]): row[feature] for row in values.getFeatures()}
    rows = list(exported.getFeatures())
    assert len(rows) == found["N_CELLS"] == len(of_run)
    for row in rows:
        cell_id = str(row["cell_id"])
        assert float(row[f"p_any_rts_{latest}"]) == pytest.approx(of_run[cell_id][f"p_any_rts_{latest}"])
        assert row[f"state_{latest}"] == of_run[cell_id][f"state_{latest}"]
        expected = of_features[cell_id]
        got = row[feature]
        assert (got in (NULL, "")) if expected == NULL else (float(got) == pytest.approx(expected * scale_factor))
    about = json.loads(Path(found["ABOUT"]).read_text(encoding="utf-8"))
    assert [field["name"] for field in about["fields"]] == [n for n in exported.fields().names() if n != "fid"]
    assert about["credits"] == list(run.manifest.attributions)


def test_geojson_is_cut_at_180_degrees_and_covers_the_same_ground(execute, run: Run, cells, tmp_path: Path):
    target = tmp_path / "cells.geojson"
    execute("export", FOLDER=str(run.folder), OUTPUT=str(target), QUANTITIES="p_any_rts")
    exported = QgsVectorLayer(str(target), "exported", "ogr")
    assert exported.crs().authid() == "EPSG:4326"
    spans = {
        part.boundingBox().width()
        for row in exported.getFeatures()
        for part in row.geometry().asGeometryCollection()
        if part.boundingBox().yMaximum() < 89
    }
    assert max(spans) < 180


@pytest.mark.parametrize(
    ("order", "message"),
    [
        ({"OUTPUT": "cells.xlsx"}, "(?s)field: output.*got: .xlsx"),
        ({"QUANTITIES": "nothing"}, "(?s)field: quantity.*got: nothing"),
        ({"YEARS": "soon"}, "(?s)field: year.*got: soon"),
        ({"OUTPUT": "no/such/folder/cells.csv"}, "cells.csv"),
    ],
)
def test_what_cannot_be_exported_is_refused(execute, run: Run, tmp_path: Path, order: dict[str, str], message: str):
    target = tmp_path / order.get("OUTPUT", "cells.gpkg")
    with pytest.raises(QgsProcessingException, match=message):
        execute("export", FOLDER=str(run.folder), **(order | {"OUTPUT": str(target)}))
    assert list(tmp_path.iterdir()) == []


def test_nothing_is_exported_into_a_run(execute, copied_run: Path):
    before = {path.name: path.read_bytes() for path in copied_run.iterdir()}
    with pytest.raises(QgsProcessingException, match="nothing is written into its folder"):
        execute("export", FOLDER=str(copied_run), OUTPUT=str(copied_run / "cells.csv"))
    execute("compare", FOLDER_A=str(copied_run), OUTPUT="TEMPORARY_OUTPUT")
    assert {path.name: path.read_bytes() for path in copied_run.iterdir()} == before

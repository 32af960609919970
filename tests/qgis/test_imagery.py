"""What imagery tasks have found: outlines and tiles of a year on the map, and what the dock tells of a cell."""

import csv
import html
import shutil
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from choosing import choose_quantity, choose_year
from entropice.adapter.map_of_run import add_run
from entropice.adapter.provider import EntropiceProvider
from entropice.core.cell_sheet import cell_sheet
from entropice.core.errors import RunFolderError
from entropice.core.run_folder import Run, open_run
from entropice.ui.cell_words import comparison, report_lines
from entropice.ui.plugin import EntropicePlugin
from imaged_runs import (
    GROWING,
    LEFT_OUT,
    NAME,
    NEXT,
    NOTHING_FOUND,
    SEEN_ONCE,
    SHRINKING,
    TITLE,
    UNKNOWN,
    YEARS,
    Finds,
    add_task,
)
from qgis.core import (
    NULL,
    QgsExpression,
    QgsExpressionContext,
    QgsExpressionContextUtils,
    QgsFeature,
    QgsLayerTreeModel,
    QgsMapRendererParallelJob,
    QgsMapSettings,
    QgsProcessingContext,
    QgsProcessingFeedback,
    QgsProject,
    QgsRectangle,
    QgsRenderContext,
    QgsVectorLayer,
)
from qgis.gui import QgsMapCanvas, QgsMapToolIdentify
from qgis.PyQt.QtCore import QSize
from qgis.PyQt.QtGui import QColor, QImage
from run_edits import alter_geopackage, edit_manifest, give_layer

OWN = ("outlines", "tiles")
WINDOW_M = 12_000
SIZE_PX = 600


@pytest.fixture(scope="session")
def imaged(run_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[int, Finds]]:
    """A run folder with a task, and what it knows of each cell."""
    folder = Path(shutil.copytree(run_folder, tmp_path_factory.mktemp("imaged") / "run"))
    return folder, add_task(folder)


@pytest.fixture(scope="session")
def imaged_run(imaged: tuple[Path, dict[int, Finds]]) -> Run:
    return open_run(imaged[0])


@pytest.fixture
def changed(imaged: tuple[Path, dict[int, Finds]], tmp_path: Path) -> Path:
    """A copy to be spoilt."""
    return Path(shutil.copytree(imaged[0], tmp_path / "changed"))


@pytest.fixture
def opened(plugin: EntropicePlugin, imaged_run: Run) -> EntropicePlugin:
    plugin.open_run(imaged_run.folder)
    return plugin


@pytest.fixture
def click(opened: EntropicePlugin, imaged: tuple[Path, dict[int, Finds]]) -> Callable[[Finds], EntropicePlugin]:
    """Clicks the first cell of which a task knows this."""

    def click_cell(known: Finds) -> EntropicePlugin:
        cell_id = next(cell_id for cell_id, finds in imaged[1].items() if finds is known)
        cell = next(opened.explorer.run.cells.getFeatures(f"cell_id = {cell_id}"))
        opened.explorer.show_cell_at(cell.geometry().pointOnSurface().asPoint())
        assert opened.explorer.cell.row["cell_id"] == cell_id
        return opened

    return click_cell


def layer_of(project: QgsProject, own: str) -> QgsVectorLayer:
    """Outlines or tiles in the project."""
    (found,) = [layer for layer in project.mapLayers().values() if f"layername={NAME}_{own}" in layer.source()]
    return found


def years_of(layer: QgsVectorLayer) -> set[int]:
    """The years of which anything is drawn."""
    settings = QgsMapSettings()
    settings.setDestinationCrs(layer.crs())
    settings.setExtent(layer.extent())
    context, renderer = QgsRenderContext.fromMapSettings(settings), layer.renderer().clone()
    context.expressionContext().appendScopes(QgsExpressionContextUtils.globalProjectLayerScopes(layer))
    renderer.startRender(context, layer.fields())
    years = set()
    for feature in layer.getFeatures():
        context.expressionContext().setFeature(feature)
        if renderer.willRenderFeature(feature, context):
            years.add(feature["year"])
    renderer.stopRender(context)
    return years


def told_by(layer: QgsVectorLayer, feature: QgsFeature) -> list[str]:
    """The lines of the map tip."""
    context = QgsExpressionContext(QgsExpressionContextUtils.globalProjectLayerScopes(layer))
    context.setFeature(feature)
    text = QgsExpression.replaceExpressionText(layer.mapTipTemplate(), context)
    return html.unescape(text).split("<br>")


def drawn(layers: list[QgsVectorLayer], around: QgsRectangle, width_m: float = WINDOW_M) -> QImage:
    settings = QgsMapSettings()
    settings.setLayers(layers)
    settings.setDestinationCrs(layers[0].crs())
    settings.setOutputSize(QSize(SIZE_PX, SIZE_PX))
    settings.setExtent(QgsRectangle.fromCenterAndSize(around.center(), width_m, width_m))
    settings.setFlag(QgsMapSettings.Flag.Antialiasing, False)
    job = QgsMapRendererParallelJob(settings)
    job.start()
    job.waitForFinished()
    return job.renderedImage()


def colours_in(image: QImage) -> set[str]:
    return {image.pixelColor(x_px, y_px).name() for x_px in range(image.width()) for y_px in range(image.height())}


def test_the_run_stays_as_it_was(opened: EntropicePlugin, imaged_run: Run, project: QgsProject, tmp_path: Path):
    choose_year(opened, 2022)
    assert project.write(str(tmp_path / "saved.qgz"))
    project.clear()
    assert project.read(str(tmp_path / "saved.qgz"))
    choose_year(opened, 2023)
    project.clear()
    assert open_run(imaged_run.folder).manifest.run_id == imaged_run.manifest.run_id


@pytest.mark.parametrize(("shown", "of_images"), [(2022, 2021), (2023, 2023)])
def test_outlines_and_tiles_are_of_the_latest_year_of_images_up_to_the_shown_one(
    opened: EntropicePlugin, shown: int, of_images: int
):
    choose_year(opened, shown)
    for own in OWN:
        layer = layer_of(opened.explorer.project, own)
        assert years_of(layer) == {of_images}
        assert layer.name().endswith(f" · {of_images}")


def test_a_project_that_was_saved_goes_on_with_the_year(opened: EntropicePlugin, project: QgsProject, tmp_path: Path):
    choose_year(opened, 2022)
    assert project.write(str(tmp_path / "saved.qgz"))
    project.clear()
    assert project.read(str(tmp_path / "saved.qgz"))
    assert [years_of(layer_of(project, own)) for own in OWN] == [{2021}, {2021}]
    choose_year(opened, 2023)
    assert [years_of(layer_of(project, own)) for own in OWN] == [{2023}, {2023}]


@pytest.mark.parametrize("is_visible", [False, True])
def test_a_theme_brings_its_year_back(opened: EntropicePlugin, project: QgsProject, is_visible: bool):
    for own in OWN:
        project.layerTreeRoot().findLayer(layer_of(project, own)).setItemVisibilityChecked(is_visible)
    choose_year(opened, 2022)
    opened.explorer.dock.choosers.theme_wanted.emit()
    (theme,) = project.mapThemeCollection().mapThemes()
    choose_quantity(opened, f"{NAME}_gate")
    choose_year(opened, 2023)
    overrides = project.mapThemeCollection().mapThemeStyleOverrides(theme)
    assert (layer_of(project, "outlines").id() in overrides) == is_visible
    assert [years_of(layer_of(project, own)) for own in OWN] == [{2023}, {2023}]
    root = project.layerTreeRoot()
    project.mapThemeCollection().applyTheme(theme, root, QgsLayerTreeModel(root))
    assert years_of(layer_of(project, "outlines")) == {2021}


def test_both_stand_above_the_cells_in_the_group_of_the_run(opened: EntropicePlugin, imaged_run: Run):
    (group,) = opened.explorer.project.layerTreeRoot().children()
    names = [node.name() for node in group.children()]
    assert names[:2] == [f"Slumps outlined in images · {YEARS[1]}", f"Slumps: tiles that were imaged · {YEARS[1]}"]
    assert opened.explorer.run.cells.name() in names[2:]
    assert imaged_run.manifest.tasks[-1].title == TITLE


def test_outlines_have_the_colour_of_their_chance_and_tiles_that_of_how_they_were_chosen(opened: EntropicePlugin):
    outlines, tiles = (layer_of(opened.explorer.project, own) for own in OWN)
    legend = {item.label(): item.symbol().clone() for item in outlines.renderer().legendSymbolItems()}
    assert list(legend)[:1] + list(legend)[-1:] == ["0 – 10 %", "90 – 100 %"]
    outline = next(outlines.getFeatures("p > 0.9"))
    picture = drawn([outlines], outline.geometry().boundingBox())
    assert legend["90 – 100 %"].symbolLayer(0).strokeColor().name() == "#993404"
    assert "#993404" in colours_in(picture)
    legend = {item.label(): item.symbol().clone() for item in tiles.renderer().legendSymbolItems()}
    assert list(legend) == ["chosen as best", "drawn at random"]
    tile = next(tiles.getFeatures("chosen = 'random'"))
    picture = drawn([tiles], tile.geometry().boundingBox())
    assert "#d01c8b" in colours_in(picture)
    assert picture.pixelColor(SIZE_PX // 2, SIZE_PX // 2) == QColor("white")


def test_outlines_that_all_look_alike_are_of_one_year_too(plugin: EntropicePlugin, changed: Path):
    single = {"kind": "single", "fill": None, "stroke": "#b2480a", "stroke_width_mm": 0.3}
    edit_manifest(changed, partial(give_layer, name=f"{NAME}_outlines", column=None, scale=single))
    plugin.open_run(changed)
    outlines = layer_of(plugin.explorer.project, "outlines")
    assert [item.label() for item in outlines.renderer().legendSymbolItems()] == ["Slumps outlined in images"]
    for shown, of_images in ((2023, 2023), (2022, 2021)):
        choose_year(plugin, shown)
        assert years_of(outlines) == {of_images}


def test_map_tips_tell_all_fields_by_their_titles(opened: EntropicePlugin):
    outlines, tiles = (layer_of(opened.explorer.project, own) for own in OWN)
    outline = next(outlines.getFeatures("p > 0.9"))
    assert told_by(outlines, outline) == [
        "<b>Slumps outlined in images</b>",
        f"Object, the same in all years: {outline['outline_id']}",
        f"Year of the images: {outline['year']}",
        f"Tile: {outline['tile']}",
        f"Area: {round(outline['area_m2'], -1):.0f} m²",
        "Standard deviation of the area: 80 m²",
        "Chance that it is true: 97 %",
        "Chance by its pixels alone: 48.5 %",
    ]
    tile = next(tiles.getFeatures("chosen = 'random'"))
    told = told_by(tiles, tile)
    assert told[4:7] == [
        "Chosen as one of the best: no",
        "Chance that the design draws it: 10 %",
        "Expected on it before looking: 0.25",
    ]
    assert told[3] == f"Cell: {tile['cell_id']}"
    assert told[-1] == "Area that its image shows: 22.5 km²"
    assert outlines.fields().field("area_m2").alias() == "Area (m²)"
    assert tiles.fields().field("seen_area_m2").alias() == "Area that its image shows (m²)"
    outline["p"] = NULL
    assert "Chance that it is true: unknown" in told_by(outlines, outline)


def test_identify_finds_the_tile_of_the_shown_year_alone(
    click: Callable[[Finds], EntropicePlugin], qgis_canvas: QgsMapCanvas
):
    plugin = click(GROWING)
    tiles = layer_of(plugin.explorer.project, "tiles")
    place = plugin.explorer.cell.geometry.pointOnSurface().asPoint()
    qgis_canvas.setExtent(QgsRectangle.fromCenterAndSize(place, WINDOW_M, WINDOW_M))
    identify = QgsMapToolIdentify(qgis_canvas)
    for shown, of_images in ((2023, 2023), (2022, 2021)):
        choose_year(plugin, shown)
        pixel = qgis_canvas.getCoordinateTransform().transform(place)
        how = QgsMapToolIdentify.IdentifyMode.TopDownAll
        found = identify.identify(round(pixel.x()), round(pixel.y()), [tiles], how)
        assert [result.mFeature["year"] for result in found] == [of_images]


def test_markup_in_a_table_stays_text_in_map_tips(plugin: EntropicePlugin, changed: Path):
    alter_geopackage(changed, f"UPDATE {NAME}_outlines SET tile = '<img src=x>'")  # noqa: S608
    plugin.open_run(changed)
    layer = layer_of(plugin.explorer.project, "outlines")
    context = QgsExpressionContext(QgsExpressionContextUtils.globalProjectLayerScopes(layer))
    context.setFeature(next(layer.getFeatures()))
    told = QgsExpression.replaceExpressionText(layer.mapTipTemplate(), context)
    assert "&lt;img src=x>" in told


def lines_of(plugin: EntropicePlugin) -> list[str]:
    """What the section of the task says in the dock."""
    shown = plugin.explorer.dock.text().splitlines()
    return shown[shown.index(TITLE) + 1 : shown.index("Leading drivers")]


def test_a_cell_with_finds_tells_all_of_them(click: Callable[[Finds], EntropicePlugin], imaged_run: Run):
    plugin = click(GROWING)
    row = plugin.explorer.cell.row
    on_land = 0.02 * row["area_m2"] * row["land_fraction"] / 1e6
    first, *others = lines_of(plugin)
    assert first.startswith("Expected before looking: 0.02 per km² of land, ")
    assert float(first.split(", ")[1].removesuffix(" on all its land.")) == pytest.approx(on_land, rel=0.01)
    tiles = layer_of(plugin.explorer.project, "tiles")
    found = {}
    for year in YEARS:
        rows = tiles.getFeatures(f"year = {year} AND cell_id = {row['cell_id']}")
        found[year] = sum(tile["expected_found"] for tile in rows)
    assert others == [
        "Gate: passed, as 0.004 per km² or more are expected.",
        "Imaged: 2.0 % of the land.",
        *(f"{year}: tiles: 2; seen: 45 km²; found: 6 (sum of their chances: {found[year]:.3g})" for year in YEARS),
        "Density of finds in 2023: 0.12 per km² of land (90 % range 0.08 to 0.19).",
        "Growth: +350 m² per year (90 % range 120 to 610).",
        "Where to look next: elsewhere, it is imaged already.",
    ]


@pytest.mark.parametrize(
    ("known", "expected"),
    [
        (SHRINKING, ["Growth: −90 m² per year (90 % range −200 to 30)."]),
        (
            SEEN_ONCE,
            [
                "Density of finds in 2023: 0.03 per km² of land (90 % range 0.01 to 0.06).",
                "Growth: not imaged in two years.",
            ],
        ),
        (NOTHING_FOUND, ["2021: tiles: 1; seen: 22.5 km²; found: none", "Growth: 0 m² per year (90 % range −5 to 5)."]),
        (
            NEXT,
            [
                "Not imaged.",
                "Density of finds in 2023: not imaged.",
                "Growth: not imaged in two years.",
                "Where to look next: rank 3 of the cells that pass and are not imaged.",
            ],
        ),
        (
            LEFT_OUT,
            [
                "Gate: left out, as fewer than 0.004 per km² are expected.",
                "Not imaged.",
                "Where to look next: not here, it is left out.",
            ],
        ),
        (
            UNKNOWN,
            [
                "Expected before looking: unknown.",
                "Gate: unknown whether it lets this cell pass.",
                "Not imaged.",
                "Density of finds in 2023: not imaged.",
                "Growth: not imaged in two years.",
                "Where to look next: no rank is told.",
            ],
        ),
    ],
)  # fmt: skip
def test_what_is_not_known_is_told_in_words(
    click: Callable[[Finds], EntropicePlugin], known: Finds, expected: list[str]
):
    lines = lines_of(click(known))
    assert [line for line in expected if line not in lines] == [], lines


def test_quantities_of_a_task_are_told_once_copied_and_saved(click: Callable[[Finds], EntropicePlugin]):
    report = click(GROWING).explorer.cell.report
    assert [fact.name for fact in report.facts if fact.name.startswith("Slumps: ")] == []
    lines = report_lines(report)
    assert f"{TITLE}: Growth: +350 m² per year (90 % range 120 to 610)." in lines
    assert (TITLE, ["Imaged: 2.0 % of the land."]) in comparison([report])
    (row,) = csv.DictReader(cell_sheet([report]).splitlines())
    assert {own: row[f"{NAME}_{own}"] for own in ("gate", "found_per_km2", "growth_low_90", "look_next_rank")} == {
        "gate": "looked_at",
        "found_per_km2": "0.12",
        "growth_low_90": "120.0",
        "look_next_rank": "",
    }


def test_a_run_tells_of_its_own_tasks_alone(plugin: EntropicePlugin, run: Run, antimeridian_point):
    plugin.open_run(run.folder)
    plugin.explorer.show_cell_at(antimeridian_point)
    own = run.manifest.tasks
    assert [imagery.task for imagery in plugin.explorer.cell.report.imagery] == list(own)
    assert len(plugin.explorer.run.of_tasks) == 2 * len(own)
    assert TITLE not in plugin.explorer.dock.text()


def test_gate_and_growth_have_legends_that_can_be_read(opened: EntropicePlugin):
    choose_quantity(opened, f"{NAME}_gate")
    cells = opened.explorer.run.cells
    assert [item.label() for item in cells.renderer().legendSymbolItems()] == ["looked at", "left out"]
    choose_quantity(opened, f"{NAME}_growth_m2_per_year")
    assert [item.label() for item in cells.renderer().legendSymbolItems()] == [
        "−700 – −200 m² a⁻¹",
        "−200 – −50 m² a⁻¹",
        "−50 – 50 m² a⁻¹",
        "50 – 200 m² a⁻¹",
        "200 – 700 m² a⁻¹",
    ]
    choose_quantity(opened, f"{NAME}_expected_per_km2")
    assert cells.renderer().legendSymbolItems()[0].label() == "0 – 0.004 km⁻²"


def test_cells_that_are_exported_have_the_quantities_of_tasks(
    imaged: tuple[Path, dict[int, Finds]], project: QgsProject, tmp_path: Path
):
    provider = EntropiceProvider()
    provider.loadAlgorithms()
    context = QgsProcessingContext()
    context.setProject(project)
    target = tmp_path / "cells.csv"
    order = {"FOLDER": str(imaged[0]), "QUANTITIES": f"{NAME}_gate, {NAME}_found_per_km2", "OUTPUT": str(target)}
    assert provider.algorithm("export").run(order, context, QgsProcessingFeedback())[1]
    rows = list(csv.DictReader(target.read_text(encoding="utf-8").splitlines()))
    known = {int(row["cell_id"]): row[f"{NAME}_gate"] for row in rows}
    assert known == {cell_id: finds.gate or "" for cell_id, finds in imaged[1].items()}


def _without(manifest: dict[str, Any], table: str) -> None:
    manifest["tables"] = [entry for entry in manifest["tables"] if entry["table"] != table]
    manifest["layers"] = [entry for entry in manifest["layers"] if entry["table"] != table]


@pytest.mark.parametrize("own", OWN)
def test_a_table_that_is_missing_is_named_with_its_file_and_what_to_do(project: QgsProject, changed: Path, own: str):
    alter_geopackage(changed, f"DROP TABLE {NAME}_{own}")
    with pytest.raises(RunFolderError) as caught:
        add_run(project, open_run(changed))
    assert caught.value.path == changed / "run.gpkg"
    assert (caught.value.field, caught.value.got) == (f"{NAME}_{own}", "no such table")
    assert "again" in caught.value.fix
    assert not project.mapLayers()


@pytest.mark.parametrize("own", OWN)
def test_a_table_that_the_manifest_does_not_describe_is_named(changed: Path, own: str):
    edit_manifest(changed, lambda manifest: _without(manifest, f"{NAME}_{own}"))
    with pytest.raises(RunFolderError, match=f"tasks\\[\\d\\].name\n  got: {NAME}_{own}: no such table"):
        open_run(changed)


def test_a_tile_with_a_value_that_cannot_be_is_named_when_its_cell_is_asked(
    plugin: EntropicePlugin, changed: Path, imaged: tuple[Path, dict[int, Finds]]
):
    alter_geopackage(changed, f"UPDATE {NAME}_tiles SET expected_found = -1.0")  # noqa: S608
    plugin.open_run(changed)
    cell_id = next(cell_id for cell_id, finds in imaged[1].items() if finds is GROWING)
    cell = next(plugin.explorer.run.cells.getFeatures(f"cell_id = {cell_id}"))
    plugin.explorer.show_cell_at(cell.geometry().pointOnSurface().asPoint())
    assert plugin.explorer.cell is None
    (text,) = [text for texts in plugin.iface.messageBar().messages.values() for text in texts if "tiles" in text]
    assert f"field: {NAME}_tiles.expected_found" in text


def test_the_map_with_finds_and_the_dock_beside_it_are_pictured(
    click: Callable[[Finds], EntropicePlugin], qgis_canvas: QgsMapCanvas, pictures: Path
):
    plugin = click(GROWING)
    choose_quantity(plugin, f"{NAME}_gate")
    around = plugin.explorer.cell.geometry.boundingBox()
    layers = [*(layer_of(plugin.explorer.project, own) for own in OWN), plugin.explorer.run.cells]
    near = drawn(layers, around)
    assert near.save(str(pictures / "imagery_near.png"))
    assert {"#0b5c8f", "#a6cee3"} <= colours_in(near)
    far = drawn(layers, around, 1_500_000)
    assert far.save(str(pictures / "imagery_far.png"))
    assert {"#0b5c8f", "#a6cee3", "#8a8a8a"} <= colours_in(far)
    dock = plugin.explorer.dock
    dock.resize(380, 1400)
    assert dock.grab().save(str(pictures / "imagery_dock.png"))

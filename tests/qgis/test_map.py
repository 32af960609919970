import hashlib
import html
import itertools
import shutil
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from entropice.adapter.map_of_run import AddedRun, add_run
from entropice.adapter.polar import shows_the_arctic_whole
from entropice.adapter.run_on_map import RunOnMap, runs_on_map
from entropice.core.errors import RunFolderError
from entropice.core.run_folder import Run, open_run
from entropice.core.selection import Selection, choices_of, layer_for
from osgeo import gdal
from places import POLE, across_180_degrees
from qgis.core import (
    NULL,
    QgsCategorizedSymbolRenderer,
    QgsCoordinateReferenceSystem,
    QgsDateTimeRange,
    QgsExpression,
    QgsExpressionContext,
    QgsExpressionContextUtils,
    QgsFeature,
    QgsGeometry,
    QgsGraduatedSymbolRenderer,
    QgsMapLayer,
    QgsMapRendererParallelJob,
    QgsMapSettings,
    QgsPointXY,
    QgsProject,
    QgsRasterLayer,
    QgsRectangle,
    QgsVectorLayer,
)
from qgis.PyQt.QtCore import QDate, QDateTime, QSize, QTime
from qgis.PyQt.QtGui import QColor, QImage
from qgis.PyQt.QtXml import QDomDocument
from run_edits import alter_geopackage, describe_again, edit_manifest, give_layer

WINDOW_M = 400_000
SIZE_PX = 400
PX_M = WINDOW_M / SIZE_PX
BACKGROUND = QColor("white")
RANK = "Rank among the cells to look at next"
OFFSETS_M = (-3000, 0, 3000)
TWO_STEPS = {"kind": "graduated", "breaks": [0.0, 0.5, 1.0], "colours": ["#112233", "#445566"]}
OTHERS_IN_BLUE = {
    "kind": "categorical",
    "categories": [{"value": "nothing", "label": "nothing", "colour": "#ff0000"}],
    "other": {"label": "other", "colour": "#0000ff"},
}


def rendered(layers: list[QgsMapLayer], centre: QgsPointXY, size_m: float = WINDOW_M) -> QImage:
    settings = QgsMapSettings()
    settings.setLayers(layers)
    settings.setDestinationCrs(QgsCoordinateReferenceSystem("EPSG:3413"))
    settings.setOutputSize(QSize(SIZE_PX, SIZE_PX))
    settings.setExtent(QgsRectangle.fromCenterAndSize(centre, size_m, size_m))
    settings.setFlag(QgsMapSettings.Flag.Antialiasing, False)
    job = QgsMapRendererParallelJob(settings)
    job.start()
    job.waitForFinished()
    assert not job.errors()
    return job.renderedImage()


def document(qml: str) -> QDomDocument:
    parsed = QDomDocument()
    parsed.setContent(qml)
    return parsed


def colour_at(image: QImage, centre: QgsPointXY, point: QgsPointXY) -> QColor:
    column = SIZE_PX / 2 + (point.x() - centre.x()) / PX_M
    row = SIZE_PX / 2 - (point.y() - centre.y()) / PX_M
    return image.pixelColor(int(column), int(row))


def place_of(column: int, row: int, centre: QgsPointXY) -> QgsPointXY:
    x_m = centre.x() + (column + 0.5 - SIZE_PX / 2) * PX_M
    return QgsPointXY(x_m, centre.y() - (row + 0.5 - SIZE_PX / 2) * PX_M)


def step_colour(run: Run, name: str, cell: QgsFeature) -> QColor:
    """The colour that the manifest has for a value of a graduated layer."""
    (layer,) = [layer for layer in run.manifest.layers if layer.name == name]
    steps = zip(layer.scale.breaks, layer.scale.breaks[1:], layer.scale.colours, strict=False)
    value = cell[layer.column]
    return next(QColor(colour) for low, high, colour in steps if low <= value <= high)


def drawn(project: QgsProject) -> list[QgsMapLayer]:
    return [layer for layer in project.layerTreeRoot().checkedLayers() if layer.isSpatial()]


@pytest.fixture
def probability(added: AddedRun) -> QgsVectorLayer:
    return added.run.cells


def test_pole_cell_has_the_colour_of_its_probability(
    probability: QgsVectorLayer, run: Run, latest: int, pole_cell: QgsFeature
):
    expected = step_colour(run, f"p_any_rts_{latest}", pole_cell)
    assert colour_at(rendered([probability], POLE), POLE, POLE) == expected


def test_plugin_and_geopackage_draw_alike(
    project: QgsProject, added: AddedRun, cells: QgsVectorLayer, run: Run, latest: int
):
    """Each style inside the GeoPackage, made by the pipeline, gives the picture that the plugin makes of the scale."""
    size_m = max(added.extent.width(), added.extent.height())
    n_own, ids, names, *_ = cells.listStylesInDatabase()
    of_styles = dict(zip(names[:n_own], ids, strict=False))
    for quantity in ("p_any_rts", "class", "entropy", "p_any_sd", "conformal_set"):
        added.run.show(Selection(quantity, latest))
        name = f"{quantity}_{latest}"
        cells.importNamedStyle(document(cells.getStyleFromDatabase(of_styles[name])[0]))
        images = [rendered([layer], added.extent.center(), size_m) for layer in (cells, added.run.cells)]
        assert images[0] == images[1], name


def test_antimeridian_cell_has_one_colour_on_both_sides(
    probability: QgsVectorLayer,
    run: Run,
    latest: int,
    antimeridian_cell: QgsFeature,
    antimeridian_point: QgsPointXY,
):
    image = rendered([probability], antimeridian_point)
    expected = step_colour(run, f"p_any_rts_{latest}", antimeridian_cell)
    for offset_m in OFFSETS_M:
        point = across_180_degrees(antimeridian_point, offset_m)
        assert antimeridian_cell.geometry().contains(point)
        assert colour_at(image, antimeridian_point, point) == expected


def test_nothing_is_drawn_where_there_is_no_cell_and_all_is_drawn_where_cells_are(
    probability: QgsVectorLayer, cells: QgsVectorLayer, latest: int, antimeridian_point: QgsPointXY
):
    image = rendered([probability], antimeridian_point)
    predicted = [cell.geometry() for cell in cells.getFeatures() if cell[f"p_any_rts_{latest}"] != NULL]
    covered = QgsGeometry.unaryUnion(predicted)
    for i, j in itertools.product(range(5, SIZE_PX, 10), repeat=2):
        place = place_of(i, j, antimeridian_point)
        if covered.buffer(-2 * PX_M, 2).contains(place):
            assert image.pixelColor(i, j) != BACKGROUND
        elif not covered.buffer(2 * PX_M, 2).contains(place):
            assert image.pixelColor(i, j) == BACKGROUND


def colours_of(layer: QgsMapLayer, added: AddedRun) -> set[str]:
    image = rendered([layer], added.extent.center(), max(added.extent.width(), added.extent.height()))
    return {image.pixelColor(i, j).name() for i in range(SIZE_PX) for j in range(SIZE_PX)}


def test_every_layer_draws_something(project: QgsProject, added: AddedRun):
    for layer in project.mapLayers().values():
        assert len(colours_of(layer, added)) > 1, f"{layer.name()} is empty"


def test_every_choice_draws_something_in_every_year(added: AddedRun):
    for choice in (choice for group in choices_of(added.run.manifest) for choice in group.choices):
        for year in choice.years:
            added.run.show(Selection(choice.quantity, year))
            assert len(colours_of(added.run.cells, added)) > 1, (choice.quantity, year)


def test_overview_agrees_with_its_polygons(large: None, project: QgsProject, run: Run, latest: int):
    added = add_run(project, run)
    layers = (added.run.cells, added.run.overview)
    for layer in layers:
        layer.setScaleBasedVisibility(False)
    size_m = max(added.extent.width(), added.extent.height())
    images = [rendered([layer], added.extent.center(), size_m) for layer in layers]
    places = [(i, j) for i in range(0, SIZE_PX, 3) for j in range(0, SIZE_PX, 3)]
    drawn = [place for place in places if all(image.pixelColor(*place) != BACKGROUND for image in images)]
    equal = [place for place in drawn if images[0].pixelColor(*place) == images[1].pixelColor(*place)]
    assert len(drawn) > 50
    assert len(equal) / len(drawn) > 0.6


def test_far_away_the_overview_is_drawn_and_near_by_the_polygons(large: None, project: QgsProject, run: Run):
    added = add_run(project, run)
    cells, overview = added.run.cells, added.run.overview
    limit = cells.minimumScale()
    for scale, is_near in ((limit * 1.01, False), (limit / 1.01, True)):
        assert (cells.isInScaleRange(scale), overview.isInScaleRange(scale)) == (is_near, not is_near)


def test_a_quantity_without_overview_shows_its_polygons_at_every_scale(
    large: None, project: QgsProject, run: Run, latest: int
):
    added = add_run(project, run)
    added.run.show(Selection("class", latest))
    for scale in (1e3, 1e6, 1e9):
        assert added.run.cells.isInScaleRange(scale)
        assert not added.run.overview.isInScaleRange(scale)


def test_overview_follows_the_selection(large: None, project: QgsProject, run: Run):
    added = add_run(project, run)
    for quantity in ("entropy", "p_any_rts"):
        for year in run.manifest.years:
            added.run.show(Selection(quantity, year))
            assert Path(added.run.overview.source()).name == f"overview_{quantity}_{year}.tif"


def test_overview_has_every_step_of_its_layer(large: None, project: QgsProject, run: Run):
    on_map = add_run(project, run).run
    shader = on_map.overview.renderer().shader().rasterShaderFunction()
    steps = [(item.color.name(), item.label) for item in shader.colorRampItemList()]
    legend = on_map.cells.renderer().ranges()
    assert steps == [(interval.symbol().color().name(), interval.label()) for interval in legend]
    assert [colour for colour, _ in steps] == list(on_map.layer.scale.colours)


def test_a_run_is_one_group_with_one_layer_of_cells(project: QgsProject, added: AddedRun, run: Run, latest: int):
    (group,) = project.layerTreeRoot().children()
    assert group.name() == added.title
    assert len(group.findLayers()) == added.n_layers
    around = {layer.name: layer.title for layer in run.manifest.layers if layer.group == "context"}
    cells = f"Probability of any slump · {run.manifest.year_names[latest]}"
    of_tasks = [layer.name() for layer in added.run.of_tasks]
    titles = [*of_tasks, around["slumps"], around["searched_ground"], cells, around["land"]]
    assert [node.name() for node in group.children()] == titles
    assert [layer.name() for layer in drawn(project)] == [cells, around["land"]]


def test_a_selection_sets_symbols_and_name(added: AddedRun, run: Run):
    kinds = {"graduated": QgsGraduatedSymbolRenderer, "categorical": QgsCategorizedSymbolRenderer}
    for quantity, kind in (("p_any_rts", "graduated"), ("class", "categorical"), ("driver_1", "categorical")):
        for year in run.manifest.years:
            added.run.show(Selection(quantity, year))
            assert isinstance(added.run.cells.renderer(), kinds[kind])
            layer = layer_for(run.manifest, Selection(quantity, year))
            assert added.run.cells.name() == f"{layer.title} · {run.manifest.year_names[year]}"
            assert layer.column in added.run.cells.renderer().legendClassificationAttribute()


def test_a_run_is_found_again_as_it_is_selected(project: QgsProject, added: AddedRun, run: Run):
    added.run.show(Selection("entropy", run.manifest.years[0]))
    (found,) = runs_on_map(project)
    assert (found.folder, found.key) == (run.folder, added.run.key)
    assert found.manifest.run_id == run.manifest.run_id
    assert found.selection == Selection("entropy", run.manifest.years[0])


def test_a_layer_that_is_the_same_in_all_years_is_shown_without_a_year(project: QgsProject, copied_run: Path):
    edit_manifest(copied_run, partial(give_layer, name="survey_rank", on_map=True, scale=TWO_STEPS))
    on_map = add_run(project, open_run(copied_run)).run
    for year in on_map.manifest.years:
        on_map.show(Selection("survey_rank", year))
        assert on_map.cells.name() == RANK
        assert on_map.selection == Selection("survey_rank", year)


def test_null_is_not_drawn_as_another_value(
    project: QgsProject, copied_run: Path, latest: int, antimeridian_cell: QgsFeature, antimeridian_point: QgsPointXY
):
    column = f"driver_1_{latest}"
    change = f"CASE WHEN cell_id = {antimeridian_cell['cell_id']} THEN NULL ELSE 'unheard_of' END"
    alter_geopackage(copied_run, f"UPDATE cells SET {column} = {change}")  # noqa: S608
    edit_manifest(copied_run, partial(give_layer, name=column, scale=OTHERS_IN_BLUE))
    on_map = add_run(project, open_run(copied_run)).run
    on_map.show(Selection("driver_1", latest))
    image = rendered([on_map.cells], antimeridian_point)
    assert colour_at(image, antimeridian_point, antimeridian_point) == BACKGROUND
    colours = {image.pixelColor(i, j).name() for i in range(0, SIZE_PX, 5) for j in range(0, SIZE_PX, 5)}
    assert "#0000ff" in colours


def test_an_unknown_quantity_is_drawn_by_its_scale(project: QgsProject, copied_run: Path, latest: int):
    change = {"quantity": "thaw_depth", "title": "Thaw depth", "unit": "cm", "format": "number", "scale": TWO_STEPS}
    edit_manifest(copied_run, partial(give_layer, name=f"entropy_{latest}", **change))
    added = add_run(project, open_run(copied_run))
    added.run.show(Selection("thaw_depth", latest))
    layer = added.run.cells
    assert layer.name().startswith("Thaw depth · ")
    assert [interval.label() for interval in layer.renderer().ranges()] == ["0 – 0.5 cm", "0.5 – 1 cm"]
    assert colours_of(layer, added) & {"#112233", "#445566"}


def test_empty_project_gets_the_polar_crs(project: QgsProject, added: AddedRun):
    assert project.crs().authid() == "EPSG:3413"
    assert added.is_polar_project


def test_project_in_use_keeps_its_crs(project: QgsProject, run: Run):
    project.addMapLayer(QgsVectorLayer("Point?crs=EPSG:4326", "mine", "memory"))
    project.setCrs(QgsCoordinateReferenceSystem("EPSG:4326"))
    assert not add_run(project, run).is_polar_project
    assert project.crs().authid() == "EPSG:4326"


def contents(folder: Path) -> dict[str, tuple[str, int]]:
    return {
        path.name: (hashlib.sha256(path.read_bytes()).hexdigest(), path.stat().st_mtime_ns) for path in folder.iterdir()
    }


def take_statistics_out(folder: Path) -> None:
    for path in folder.glob("overview_*.tif"):
        plain = path.with_suffix(".plain")
        gdal.Warp(str(plain), str(path), format="GTiff")
        plain.replace(path)
        assert b"STATISTICS" not in path.read_bytes()
    describe_again(folder)


@pytest.mark.parametrize("prepare", [lambda folder: None, take_statistics_out], ids=["as written", "no statistics"])
def test_layers_are_read_only_and_leave_a_fresh_run_as_it_was(
    large: None, project: QgsProject, copied_run: Path, tmp_path: Path, prepare: Callable[[Path], None]
):
    prepare(copied_run)
    before = contents(copied_run)
    added = add_run(project, open_run(copied_run))
    size_m = max(added.extent.width(), added.extent.height())
    for year in added.run.manifest.years:
        added.run.show(Selection("p_any_rts", year))
        for layer in project.mapLayers().values():
            rendered([layer], added.extent.center(), size_m)
    for layer in project.mapLayers().values():
        assert isinstance(layer, QgsRasterLayer) or (layer.readOnly() and not layer.startEditing())
    assert project.write(str(tmp_path / "saved.qgz"))
    assert contents(copied_run) == before
    project.clear()
    assert project.read(str(tmp_path / "saved.qgz"))
    assert contents(copied_run) == before
    project.clear()
    assert contents(copied_run) == before


def test_metadata_carries_the_attributions(probability: QgsVectorLayer, run: Run):
    assert len(probability.metadata().rights()) == len(run.manifest.attributions)
    assert run.manifest.run_id in probability.metadata().abstract()
    assert run.manifest.map_model_title in probability.metadata().abstract()


def test_the_same_run_is_added_once(project: QgsProject, added: AddedRun, run: Run):
    added.run.show(Selection("entropy", run.manifest.years[0]))
    layers = set(project.mapLayers())
    again = add_run(project, run)
    assert set(project.mapLayers()) == layers
    assert (again.run.key, again.n_layers) == (added.run.key, added.n_layers)
    assert again.run.selection == Selection("entropy", run.manifest.years[0])


def test_a_run_that_was_made_again_replaces_what_is_left_of_it(project: QgsProject, copied_run: Path):
    first = add_run(project, open_run(copied_run))
    first.run.show(Selection("class", first.run.manifest.years[0]))
    n_layers = first.n_layers
    mine = QgsVectorLayer("Point?crs=EPSG:3413", "mine", "memory")
    project.addMapLayer(mine)
    edit_manifest(copied_run, lambda manifest: manifest.update(run_id="f" * 16))
    again = add_run(project, open_run(copied_run))
    assert len(project.mapLayers()) == n_layers + 1
    assert len(project.layerTreeRoot().findGroups()) == 1
    assert again.run.manifest.run_id == "f" * 16
    assert again.run.selection == Selection("class", again.run.manifest.years[0])


@pytest.mark.parametrize("name", ["a|b", "100 %", "mit Leerzeichen ä#?", "[% 1 %]"])
def test_a_folder_may_have_any_name(large: None, project: QgsProject, copied_run: Path, tmp_path: Path, name: str):
    folder = copied_run.rename(copied_run.with_name(name))
    added = add_run(project, open_run(folder))
    assert all(layer.isValid() for layer in project.mapLayers().values())
    assert len(colours_of(added.run.cells, added)) > 1
    assert project.write(str(tmp_path / "saved.qgz"))
    project.clear()
    assert project.read(str(tmp_path / "saved.qgz"))
    (found,) = runs_on_map(project)
    assert found.folder == folder.resolve()
    found.show(Selection("entropy", found.manifest.years[0]))
    assert found.overview.isValid()


@pytest.mark.parametrize("name", ["a|layername=slumps", "a%20b"])
def test_a_folder_whose_name_means_another_to_qgis_is_refused(project: QgsProject, copied_run: Path, name: str):
    shutil.copytree(copied_run, copied_run.with_name("a b"))
    folder = copied_run.rename(copied_run.with_name(name))
    with pytest.raises(RunFolderError, match="Rename the folder"):
        add_run(project, open_run(folder))
    assert not project.mapLayers()


def test_cells_are_there_in_the_years_of_the_run(added: AddedRun, run: Run):
    properties = added.run.cells.temporalProperties()
    assert properties.isActive()
    for year, is_there in ((run.manifest.years[0], True), (run.manifest.years[-1], True), (1999, False)):
        summer = QgsDateTimeRange(QDateTime(QDate(year, 6, 1), QTime()), QDateTime(QDate(year, 9, 1), QTime()))
        assert properties.isVisibleInTemporalRange(summer) == is_there


@pytest.mark.parametrize("name", ["EPSG:3413", "EPSG:6931", "EPSG:3995", "EPSG:3575"])
def test_polar_maps_show_the_arctic_whole(name: str):
    assert shows_the_arctic_whole(QgsCoordinateReferenceSystem(name))


@pytest.mark.parametrize("name", ["EPSG:4326", "EPSG:3857", ""])
def test_other_maps_tear_the_arctic_apart(name: str):
    assert not shows_the_arctic_whole(QgsCoordinateReferenceSystem(name))


def told_on_the_map(run: RunOnMap, cell: QgsFeature) -> str:
    """What a pointer over a cell says, as QGIS makes it of the template."""
    context = QgsExpressionContext(QgsExpressionContextUtils.globalProjectLayerScopes(run.cells))
    feature = next(run.cells.getFeatures(f"cell_id = {cell['cell_id']}"))
    context.setFeature(feature)
    return QgsExpression.replaceExpressionText(run.cells.mapTipTemplate(), context)


def test_map_tips_tell_the_value_as_the_legend_does(
    added: AddedRun, run: Run, latest: int, antimeridian_cell: QgsFeature
):
    told: dict[str, str] = {}
    for quantity in ("p_any_rts", "class", "expected_rts_area_fraction", "driver_1"):
        added.run.show(Selection(quantity, latest))
        name, told[quantity] = html.unescape(told_on_the_map(added.run, antimeridian_cell)).split("<br>")
        assert name == f"<b>{added.run.cells.name()}</b>"
    value = antimeridian_cell[f"p_any_rts_{latest}"]
    percent = float(told["p_any_rts"].removesuffix(" %"))
    assert percent == pytest.approx(100 * value, rel=0.005)
    assert told["class"] == antimeridian_cell[f"class_{latest}"]
    area = float(told["expected_rts_area_fraction"].removesuffix(" m² per km²"))
    assert area == pytest.approx(1e6 * antimeridian_cell[f"expected_rts_area_fraction_{latest}"], rel=0.005)
    feature = antimeridian_cell[f"driver_1_{latest}"]
    assert told["driver_1"] == run.manifest.feature_titles[feature]


def test_markup_and_expressions_of_a_file_are_not_run_in_map_tips(
    project: QgsProject, copied_run: Path, latest: int, pole_cell: QgsFeature
):
    column = f"driver_1_{latest}"
    alter_geopackage(copied_run, f"UPDATE cells SET {column} = '<img src=x>[% 1+1 %]'")  # noqa: S608
    edit_manifest(copied_run, partial(give_layer, name=column, title="<script>%] [ % 6*7 %]"))
    on_map = add_run(project, open_run(copied_run)).run
    on_map.show(Selection("driver_1", latest))
    told = told_on_the_map(on_map, pole_cell)
    assert "&lt;img src=x>[% 1+1 %]" in told
    assert "&lt;script&gt;&#37;] [ &#37; 6*7 &#37;]" in told


def test_every_column_is_called_what_its_layer_is_called(added: AddedRun, run: Run):
    fields = added.run.cells.fields()
    for layer in run.manifest.layers:
        if layer.table == run.manifest.cells:
            alias = fields.field(layer.column).alias()
            year = None if layer.year is None else run.manifest.year_names[layer.year]
            model = None if layer.model is None else run.manifest.model_titles[layer.model]
            assert alias == " · ".join(part for part in (layer.title, year, model) if part is not None)


def test_markup_stays_text_in_the_metadata(project: QgsProject, copied_run: Path, latest: int):
    hostile = "<b>bold</b><img src=x>"

    def change(manifest: dict[str, Any]) -> None:
        manifest.update(notice=hostile, attributions=[hostile])
        give_layer(manifest, f"p_any_rts_{latest}", title=hostile, description=hostile)

    edit_manifest(copied_run, change)
    metadata = add_run(project, open_run(copied_run)).run.cells.metadata()
    texts = [metadata.title(), metadata.abstract(), *metadata.rights()]
    assert all(html.escape(hostile) in text and "<" not in text for text in texts)

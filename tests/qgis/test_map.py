import hashlib
import itertools
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from entropice.adapter.map_of_run import AddedRun, add_run
from entropice.adapter.run_tag import tagged_layers
from entropice.core.run_folder import Run, open_run
from osgeo import gdal
from places import POLE, across_180_degrees
from qgis.core import (
    NULL,
    QgsCategorizedSymbolRenderer,
    QgsCoordinateReferenceSystem,
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
from qgis.PyQt.QtCore import QSize
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


def layer_of(project: QgsProject, name: str, kind: type[QgsMapLayer] = QgsVectorLayer) -> QgsMapLayer:
    return next(layer for tag, layer in tagged_layers(project) if tag.layer == name and isinstance(layer, kind))


def drawn(project: QgsProject) -> list[QgsMapLayer]:
    return [layer for layer in project.layerTreeRoot().checkedLayers() if layer.isSpatial()]


@pytest.fixture
def probability(project: QgsProject, added: AddedRun, latest: int) -> QgsVectorLayer:
    return layer_of(project, f"p_any_rts_{latest}")


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
    for name in (f"{quantity}_{latest}" for quantity in ("p_any_rts", "class", "entropy", "driver_1", "state")):
        cells.importNamedStyle(document(cells.getStyleFromDatabase(of_styles[name])[0]))
        images = [rendered([layer], added.extent.center(), size_m) for layer in (cells, layer_of(project, name))]
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


def test_every_layer_draws_something(project: QgsProject, added: AddedRun):
    for layer in project.mapLayers().values():
        if not isinstance(layer, QgsVectorLayer) or layer.isSpatial():
            size_m = max(added.extent.width(), added.extent.height())
            image = rendered([layer], added.extent.center(), size_m)
            colours = {image.pixelColor(i, j).name() for i in range(SIZE_PX) for j in range(SIZE_PX)}
            assert len(colours) > 1, f"{layer.name()} is empty"


def test_overview_agrees_with_its_polygons(project: QgsProject, added: AddedRun, latest: int):
    polygons, overview = (layer_of(project, f"p_any_rts_{latest}", kind) for kind in (QgsVectorLayer, QgsRasterLayer))
    size_m = max(added.extent.width(), added.extent.height())
    images = [rendered([layer], added.extent.center(), size_m) for layer in (polygons, overview)]
    places = [(i, j) for i in range(0, SIZE_PX, 3) for j in range(0, SIZE_PX, 3)]
    drawn = [place for place in places if all(image.pixelColor(*place) != BACKGROUND for image in images)]
    equal = [place for place in drawn if images[0].pixelColor(*place) == images[1].pixelColor(*place)]
    assert len(drawn) > 50
    assert len(equal) / len(drawn) > 0.6


def test_overview_has_every_step_of_its_layer(project: QgsProject, added: AddedRun, run: Run, latest: int):
    (layer,) = [layer for layer in run.manifest.layers if layer.is_default]
    shader = layer_of(project, layer.name, QgsRasterLayer).renderer().shader().rasterShaderFunction()
    steps = [(item.color.name(), item.label) for item in shader.colorRampItemList()]
    legend = layer_of(project, layer.name).renderer().ranges()
    assert steps == [(interval.symbol().color().name(), interval.label()) for interval in legend]
    assert [colour for colour, _ in steps] == list(layer.scale.colours)


def test_groups_and_scales_follow_the_manifest(project: QgsProject, added: AddedRun, run: Run, latest: int):
    (run_group,) = project.layerTreeRoot().children()
    assert run_group.name() == added.title
    assert len(run_group.findLayers()) == added.n_layers
    around = {layer.name: layer.title for layer in run.manifest.layers if layer.group == "context"}
    tables = {table.table: table.title for table in run.manifest.tables if table.n_rows}
    titles = [around["slumps"], around["searched_ground"], "Cells", around["land"], tables["scores"]]
    titles += [tables[name] for name in ("drivers",) if name in tables]
    assert [node.name() for node in run_group.children()] == titles
    years = [run.manifest.year_names[year] for year in reversed(run.manifest.years)]
    yearless = [each.title for each in run.manifest.layers if each.table == run.manifest.cells and each.year is None]
    on_map = {each.title for each in run.manifest.layers if each.on_map}
    of_cells = [*years, *(title for title in yearless if title in on_map)]
    assert [node.name() for node in run_group.findGroup("Cells").children()] == of_cells
    kinds = {"graduated": QgsGraduatedSymbolRenderer, "categorical": QgsCategorizedSymbolRenderer}
    for quantity, kind in (("p_any_rts", "graduated"), ("class", "categorical"), ("driver_1", "categorical")):
        assert isinstance(layer_of(project, f"{quantity}_{latest}").renderer(), kinds[kind])


def test_one_map_of_the_cells_is_visible_and_years_exclude_each_other(
    project: QgsProject, added: AddedRun, run: Run, latest: int
):
    assert [layer.name() for layer in drawn(project)] == [
        f"Probability of any slump · {run.manifest.year_names[latest]}",
        "Land",
    ]
    groups = project.layerTreeRoot().findGroup("Cells").findGroups()
    groups[-1].setItemVisibilityChecked(True)
    shown, _land = drawn(project)
    assert shown == layer_of(project, f"p_any_rts_{run.manifest.years[0]}")


def test_a_layer_that_is_the_same_in_all_years_stands_beside_them_and_is_shown_alone(
    project: QgsProject, copied_run: Path
):
    edit_manifest(copied_run, partial(give_layer, name="survey_rank", on_map=True, scale=TWO_STEPS))
    run = open_run(copied_run)
    add_run(project, run)
    nodes = project.layerTreeRoot().findGroup("Cells").children()
    names = [*(run.manifest.year_names[year] for year in reversed(run.manifest.years)), RANK]
    assert [node.name() for node in nodes] == names
    nodes[-1].setItemVisibilityChecked(True)
    assert [layer.name() for layer in drawn(project)] == [RANK, "Land"]


def test_null_is_not_drawn_as_another_value(
    project: QgsProject, copied_run: Path, latest: int, antimeridian_cell: QgsFeature, antimeridian_point: QgsPointXY
):
    column = f"driver_1_{latest}"
    change = f"CASE WHEN cell_id = {antimeridian_cell['cell_id']} THEN NULL ELSE 'unheard_of' END"
    alter_geopackage(copied_run, f"UPDATE cells SET {column} = {change}")  # noqa: S608
    edit_manifest(copied_run, partial(give_layer, name=column, scale=OTHERS_IN_BLUE))
    add_run(project, open_run(copied_run))
    image = rendered([layer_of(project, column)], antimeridian_point)
    assert colour_at(image, antimeridian_point, antimeridian_point) == BACKGROUND
    colours = {image.pixelColor(i, j).name() for i in range(0, SIZE_PX, 5) for j in range(0, SIZE_PX, 5)}
    assert "#0000ff" in colours


def test_an_unknown_quantity_is_drawn_by_its_scale(project: QgsProject, copied_run: Path, latest: int):
    change = {"quantity": "thaw_depth", "title": "Thaw depth", "unit": "cm", "format": "number", "scale": TWO_STEPS}
    edit_manifest(copied_run, partial(give_layer, name=f"entropy_{latest}", **change))
    added = add_run(project, open_run(copied_run))
    layer = layer_of(project, f"entropy_{latest}")
    assert layer.name().startswith("Thaw depth · ")
    assert [interval.label() for interval in layer.renderer().ranges()] == ["0 – 0.5 cm", "0.5 – 1 cm"]
    size_m = max(added.extent.width(), added.extent.height())
    image = rendered([layer], added.extent.center(), size_m)
    colours = {image.pixelColor(i, j).name() for i in range(SIZE_PX) for j in range(SIZE_PX)}
    assert colours & {"#112233", "#445566"}


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
    project: QgsProject, copied_run: Path, tmp_path: Path, prepare: Callable[[Path], None]
):
    prepare(copied_run)
    before = contents(copied_run)
    added = add_run(project, open_run(copied_run))
    size_m = max(added.extent.width(), added.extent.height())
    for layer in project.mapLayers().values():
        rendered([layer], added.extent.center(), size_m)
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

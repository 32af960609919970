import hashlib
import itertools
from pathlib import Path

import pytest
from entropice.adapter.map_of_run import AddedRun, add_run
from entropice.adapter.run_tag import tagged_layers
from entropice.core.run_folder import Run
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
    QgsRectangle,
    QgsVectorLayer,
)
from qgis.PyQt.QtCore import QSize
from qgis.PyQt.QtGui import QColor, QImage

WINDOW_M = 400_000
SIZE_PX = 400
PX_M = WINDOW_M / SIZE_PX
BACKGROUND = QColor("white")
OFFSETS_M = (-3000, 0, 3000)


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


def colour_at(image: QImage, centre: QgsPointXY, point: QgsPointXY) -> QColor:
    column = SIZE_PX / 2 + (point.x() - centre.x()) / PX_M
    row = SIZE_PX / 2 - (point.y() - centre.y()) / PX_M
    return image.pixelColor(int(column), int(row))


def place_of(column: int, row: int, centre: QgsPointXY) -> QgsPointXY:
    x_m = centre.x() + (column + 0.5 - SIZE_PX / 2) * PX_M
    return QgsPointXY(x_m, centre.y() - (row + 0.5 - SIZE_PX / 2) * PX_M)


def graduated_colour(layer: QgsVectorLayer, cell: QgsFeature) -> QColor:
    renderer = layer.renderer()
    value = cell[renderer.classAttribute()]
    ranges = renderer.ranges()
    (colour,) = {
        QColor(interval.symbol().color()).name()
        for interval in ranges
        if interval.lowerValue() < value <= interval.upperValue()
    }
    return QColor(colour)


def layer_of(project: QgsProject, year: int, style: str, kind: str | None = None) -> QgsMapLayer:
    return next(
        layer
        for tag, layer in tagged_layers(project)
        if (tag.year, tag.style) == (year, style) and kind in (None, tag.kind)
    )


@pytest.fixture
def probability(project: QgsProject, added: AddedRun, run: Run) -> QgsVectorLayer:
    return layer_of(project, run.manifest.years[-1], "probability")


def test_pole_cell_has_the_colour_of_its_probability(
    probability: QgsVectorLayer, cells: QgsVectorLayer, pole_cell: QgsFeature
):
    assert colour_at(rendered([probability], POLE), POLE, POLE) == graduated_colour(cells, pole_cell)


def test_antimeridian_cell_has_one_colour_on_both_sides(
    probability: QgsVectorLayer,
    cells: QgsVectorLayer,
    antimeridian_cell: QgsFeature,
    antimeridian_point: QgsPointXY,
):
    image = rendered([probability], antimeridian_point)
    expected = graduated_colour(cells, antimeridian_cell)
    for offset_m in OFFSETS_M:
        point = across_180_degrees(antimeridian_point, offset_m)
        assert antimeridian_cell.geometry().contains(point)
        assert colour_at(image, antimeridian_point, point) == expected


def test_nothing_is_drawn_where_there_is_no_cell_and_all_is_drawn_where_cells_are(
    probability: QgsVectorLayer, cells: QgsVectorLayer, antimeridian_point: QgsPointXY
):
    image = rendered([probability], antimeridian_point)
    predicted = [cell.geometry() for cell in cells.getFeatures() if cell["p_any_rts"] != NULL]
    covered = QgsGeometry.unaryUnion(predicted)
    for i, j in itertools.product(range(5, SIZE_PX, 10), repeat=2):
        place = place_of(i, j, antimeridian_point)
        if covered.buffer(-2 * PX_M, 2).contains(place):
            assert image.pixelColor(i, j) != BACKGROUND
        elif not covered.buffer(2 * PX_M, 2).contains(place):
            assert image.pixelColor(i, j) == BACKGROUND


def test_every_layer_draws_something(project: QgsProject, added: AddedRun, run: Run):
    for tag, layer in tagged_layers(project):
        image = rendered([layer], added.extent.center(), size_m=max(added.extent.width(), added.extent.height()))
        colours = {image.pixelColor(i, j).name() for i in range(0, SIZE_PX, 2) for j in range(0, SIZE_PX, 2)}
        assert len(colours) > 1, f"{layer.name()} of {tag} is empty"


def test_overview_agrees_with_its_polygons(project: QgsProject, added: AddedRun, run: Run):
    year = run.manifest.years[-1]
    polygons, overview = (layer_of(project, year, "probability", kind) for kind in ("cells", "overview"))
    size_m = max(added.extent.width(), added.extent.height())
    images = [rendered([layer], added.extent.center(), size_m) for layer in (polygons, overview)]
    places = [(i, j) for i in range(0, SIZE_PX, 3) for j in range(0, SIZE_PX, 3)]
    drawn = [place for place in places if all(image.pixelColor(*place) != BACKGROUND for image in images)]
    equal = [place for place in drawn if images[0].pixelColor(*place) == images[1].pixelColor(*place)]
    assert len(drawn) > 50
    assert len(equal) / len(drawn) > 0.6


def test_groups_and_styles_follow_the_plan(project: QgsProject, added: AddedRun, run: Run):
    (run_group,) = project.layerTreeRoot().children()
    newest = run.manifest.year_names[run.manifest.years[-1]]
    assert run_group.name() == added.title
    assert run_group.children()[0].name() == newest
    assert len(run_group.findLayers()) == added.n_layers
    for year in run.manifest.years:
        assert isinstance(layer_of(project, year, "probability").renderer(), QgsGraduatedSymbolRenderer)
        assert isinstance(layer_of(project, year, "entropy").renderer(), QgsGraduatedSymbolRenderer)
        assert isinstance(layer_of(project, year, "class").renderer(), QgsCategorizedSymbolRenderer)
        assert isinstance(layer_of(project, year, "state").renderer(), QgsCategorizedSymbolRenderer)
        assert isinstance(layer_of(project, year, "driver").renderer(), QgsCategorizedSymbolRenderer)


def test_exactly_one_map_is_visible_and_years_exclude_each_other(project: QgsProject, added: AddedRun, run: Run):
    root = project.layerTreeRoot()
    assert [layer.name() for layer in root.checkedLayers()] == [
        f"Probability of slumps · {run.manifest.year_names[run.manifest.years[-1]]}"
    ]
    groups = root.children()[0].findGroups()
    groups[-1].setItemVisibilityChecked(True)
    (shown,) = root.checkedLayers()
    assert shown == layer_of(project, run.manifest.years[0], "probability")


def test_empty_project_gets_the_polar_crs(project: QgsProject, added: AddedRun):
    assert project.crs().authid() == "EPSG:3413"
    assert added.is_polar_project


def test_project_in_use_keeps_its_crs(project: QgsProject, run: Run):
    project.addMapLayer(QgsVectorLayer("Point?crs=EPSG:4326", "mine", "memory"))
    project.setCrs(QgsCoordinateReferenceSystem("EPSG:4326"))
    assert not add_run(project, run).is_polar_project
    assert project.crs().authid() == "EPSG:4326"


def test_layers_are_read_only_and_leave_the_run_as_it_was(project: QgsProject, run_folder: Path, run: Run):
    def state() -> dict[str, str]:
        return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in run_folder.iterdir()}

    before = state()
    add_run(project, run)
    for tag, layer in tagged_layers(project):
        rendered([layer], QgsPointXY(0, 0))
        assert tag.kind == "overview" or (layer.readOnly() and not layer.startEditing())
    assert state() == before
    project.clear()
    assert state() == before


def test_metadata_carries_the_attributions(probability: QgsVectorLayer, run: Run):
    assert len(probability.metadata().rights()) == len(run.manifest.attributions)
    assert run.manifest.run_id in probability.metadata().abstract()

"""Figures of a finished run: what stands on the page, and that the same run gives the same file."""

import json
from pathlib import Path
from typing import Any

import pytest
from entropice.adapter.figure_algorithm import figure_layers, figure_texts
from entropice.adapter.figure_page import FigureTexts, Page, figure_page
from entropice.adapter.graticule import graticule_layer, meridian_ends
from entropice.adapter.provider import EntropiceProvider
from entropice.core.run_folder import Run
from entropice.core.selection import Selection, layer_for
from qgis.core import (
    Qgis,
    QgsLayoutItemLabel,
    QgsLayoutItemLegend,
    QgsLayoutItemMap,
    QgsLayoutItemScaleBar,
    QgsPointXY,
    QgsPrintLayout,
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeedback,
    QgsProject,
    QgsRectangle,
)
from qgis.PyQt.QtGui import QImage

AROUND_POLE = QgsRectangle(-400_000, -300_000, 500_000, 600_000)
CHUKOTKA = QgsRectangle(-2_000_000, 500_000, -1_000_000, 1_500_000)


def draw(run: Path, target: Path, **order: Any) -> bytes:
    provider = EntropiceProvider()
    provider.loadAlgorithms()
    context = QgsProcessingContext()
    context.setProject(QgsProject.instance())
    values = {"FOLDER": str(run), "FIGURE": str(target), "DPI": 60, **order}
    provider.algorithm("figure").run(values, context, QgsProcessingFeedback(), {}, False)
    return target.read_bytes()


def page_of(run: Run, project: QgsProject, year: int, texts: FigureTexts | None = None) -> QgsPrintLayout:
    layer = layer_for(run.manifest, Selection("p_any_rts", year))
    layers = figure_layers(run, layer)
    told = texts or figure_texts(run.manifest, layer, "A title")
    return figure_page(project, layers, layers[0].extent(), told, Page(260, 200))


def labels(page: QgsPrintLayout) -> list[QgsLayoutItemLabel]:
    return [item for item in page.items() if isinstance(item, QgsLayoutItemLabel)]


@pytest.mark.parametrize("suffix", ["png", "pdf", "svg"])
def test_the_same_run_gives_the_same_file(run: Run, project: QgsProject, tmp_path: Path, suffix: str):
    first, second = (draw(run.folder, tmp_path / f"{name}.{suffix}") for name in ("first", "second"))
    assert first == second
    other = draw(run.folder, tmp_path / f"other.{suffix}", QUANTITY="class")
    assert other != first


def test_files_tell_no_date_and_no_user(run: Run, project: QgsProject, tmp_path: Path):
    content = draw(run.folder, tmp_path / "figure.pdf")
    assert content.startswith(b"%PDF")
    assert b"CreationDate (D:19800101000000" in content
    assert b"<rdf:li>root" not in content
    assert b'CreateDate="1980-01-01' in content


def test_the_picture_has_the_size_of_the_page_and_the_colours_of_the_map(
    run: Run, project: QgsProject, latest: int, tmp_path: Path
):
    draw(run.folder, tmp_path / "figure.png", WIDTH_MM=254, HEIGHT_MM=203.2, DPI=100)
    picture = QImage(str(tmp_path / "figure.png"))
    assert (picture.width(), picture.height()) == pytest.approx((1000, 800), abs=1)
    found = {picture.pixelColor(x, y).name() for x in range(0, 1000, 2) for y in range(0, 800, 2)}
    assert set(layer_for(run.manifest, Selection("p_any_rts", latest)).scale.colours) <= found


def test_the_page_tells_title_credits_and_run(run: Run, project: QgsProject, latest: int):
    page = page_of(run, project, latest)
    told = [label.text() for label in labels(page)]
    assert "A title" in told
    assert any(run.manifest.run_id in text and run.manifest.map_model_title in text for text in told)
    assert set(run.manifest.attributions) <= set(told)
    assert "180°" in told


def test_the_scale_bar_is_beside_the_map_and_round(run: Run, project: QgsProject, latest: int):
    page = page_of(run, project, latest)
    (bar,) = [item for item in page.items() if isinstance(item, QgsLayoutItemScaleBar)]
    (map_item,) = [item for item in page.items() if isinstance(item, QgsLayoutItemMap)]
    assert bar.units() == Qgis.DistanceUnit.Kilometers
    assert not bar.sceneBoundingRect().intersects(map_item.sceneBoundingRect())
    assert bar.sceneBoundingRect().right() <= 260
    length_km = bar.numberOfSegments() * bar.unitsPerSegment()
    assert 0.05 < length_km / (map_item.extent().width() / 1000) < 0.25
    assert str(length_km).rstrip("0.") in ("1", "2", "4")


def test_the_legend_has_the_steps_with_their_unit(run: Run, project: QgsProject, latest: int):
    page = page_of(run, project, latest)
    (legend,) = [item for item in page.items() if isinstance(item, QgsLayoutItemLegend)]
    model = legend.model()
    texts = [entry.data(0) for node in model.rootGroup().findLayers() for entry in model.layerLegendNodes(node)]
    scale = layer_for(run.manifest, Selection("p_any_rts", latest)).scale
    assert sum(text.endswith(" %") for text in texts) == len(scale.colours)


def test_texts_are_shown_as_they_are_and_nothing_is_evaluated(run: Run, project: QgsProject, latest: int):
    texts = FigureTexts("[% 6 * 7 %]", "<b>bold</b>", ("[%  @qgis_version %]",), ())
    page = page_of(run, project, latest, texts)
    told = [label.currentText() for label in labels(page)]
    assert "42" not in told
    assert {"[ % 6 * 7 %]", "<b>bold</b>", "[ %  @qgis_version %]"} <= set(told)


def test_long_texts_stay_on_the_page_and_off_the_map(run: Run, project: QgsProject, latest: int):
    credits = tuple("A long credit of a data set, its makers and its licence. " * 8 for _ in range(4))
    page = page_of(run, project, latest, FigureTexts("A very long title " * 12, "Below", (), credits))
    (map_item,) = [item for item in page.items() if isinstance(item, QgsLayoutItemMap)]
    frame = map_item.sceneBoundingRect()
    assert frame.height() > 60
    written = [label.sceneBoundingRect() for label in labels(page) if label.text().startswith("A ")]
    assert len(written) == 5
    for room in written:
        assert not room.intersects(frame)
        assert 0 <= room.top() < room.bottom() <= 200


@pytest.mark.parametrize("extent", [AROUND_POLE, CHUKOTKA])
def test_every_meridian_runs_north_and_ends_at_the_edge(extent: QgsRectangle, project: QgsProject):
    pole = QgsPointXY(0, 0)
    layer = graticule_layer(extent)
    lines = [feature for feature in layer.getFeatures() if feature["kind"] == "meridian"]
    assert len(lines) >= 3
    for feature in lines:
        vertices = [QgsPointXY(vertex) for vertex in feature.geometry().vertices()]
        assert pole.distance(vertices[0]) > pole.distance(vertices[-1])
    for end in meridian_ends(extent):
        x_m, y_m = end.point.x(), end.point.y()
        to_edge = min(abs(x_m - x) for x in (extent.xMinimum(), extent.xMaximum()))
        to_edge = min(to_edge, *(abs(y_m - y) for y in (extent.yMinimum(), extent.yMaximum())))
        assert to_edge < 1


@pytest.mark.parametrize(
    ("order", "message"),
    [
        ({"QUANTITY": "nothing"}, r"field: QUANTITY\n.*got: nothing\n.*expected: one of p_any_rts"),
        ({"MODEL": "oracle"}, r"field: MODEL\n.*got: oracle\n.*expected: one of none"),
        ({"YEAR": 1999}, r"field: YEAR\n.*got: 1999\n.*expected: one of 2"),
        ({"FIGURE": "figure.bmp"}, r"field: FIGURE\n.*got: '.bmp'\n.*\.png, \.pdf, \.svg"),
        ({"FIGURE": "/proc/figure.png"}, r"file: /proc/figure.png\n.*field: FIGURE\n(.*\n)+.*fix: Choose another name"),
        ({"FOLDER": "/"}, "not an Entropice run"),
    ],
)
def test_an_order_that_cannot_be_is_refused(
    run: Run, project: QgsProject, tmp_path: Path, order: dict[str, Any], message: str
):
    with pytest.raises(QgsProcessingException, match=message):
        draw(run.folder, tmp_path / "figure.png", **order)
    assert not list(tmp_path.iterdir())


def test_the_legend_says_what_a_class_means(run: Run, project: QgsProject, latest: int):
    cells, *_ = figure_layers(run, layer_for(run.manifest, Selection("class", latest)))
    labels = [category.label() for category in cells.renderer().categories()]
    assert len(labels) > 2
    assert all("m² per km²" in label for label in labels[1:])


def test_another_process_draws_the_same_figure(process, run: Run, project: QgsProject, tmp_path: Path):
    target = tmp_path / "figure.svg"
    order = {"QUANTITY": "state", "DPI": 60}
    given = [f"--{name}={value}" for name, value in order.items()]
    finished = process("--json", "run", "entropice:figure", f"--FOLDER={run.folder}", *given, f"--FIGURE={target}")
    assert finished.returncode == 0, finished.stderr
    assert json.loads(finished.stdout)["results"]["FIGURE"] == str(target)
    assert target.read_bytes() == draw(run.folder, tmp_path / "here.svg", **order)

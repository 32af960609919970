"""Survey plans of a finished run: as its own ranks, within the area, and in every file that leaves QGIS."""

import csv
import json
import re
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

import pytest
from entropice.adapter.provider import EntropiceProvider
from entropice.core.cell_row import cell_name
from entropice.core.run_folder import Run
from entropice.core.survey_terms import survey_terms
from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsFeature,
    QgsGeometry,
    QgsPointXY,
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeedback,
    QgsProject,
    QgsVectorLayer,
)
from run_edits import edit_manifest

GPX_NAMESPACE = "{http://www.topografix.com/GPX/1/1}"
ORDER_OF_A_WAYPOINT = ("ele", "time", "magvar", "geoidheight", "name", "cmt", "desc", "src", "link", "sym", "type")


def survey(run: Path, **order: Any) -> tuple[dict[str, Any], list[QgsFeature]]:
    """Results and features of `entropice:surveyplan`."""
    provider = EntropiceProvider()
    provider.loadAlgorithms()
    context = QgsProcessingContext()
    context.setProject(QgsProject.instance())
    algorithm = provider.algorithm("surveyplan")
    values = {"FOLDER": str(run), "OUTPUT": "TEMPORARY_OUTPUT", **order}
    results, _ = algorithm.run(values, context, QgsProcessingFeedback(), {}, False)
    return results, list(context.takeResultLayer(results["OUTPUT"]).getFeatures())


def layer_of(geometry: str, crs: str, *wkts: str) -> QgsVectorLayer:
    layer = QgsVectorLayer(f"{geometry}?crs={crs}", "places", "memory")
    features = []
    for wkt in wkts:
        feature = QgsFeature()
        feature.setGeometry(QgsGeometry.fromWkt(wkt))
        features.append(feature)
    layer.dataProvider().addFeatures(features)
    return layer


def test_without_constraints_the_plan_is_the_rank_of_the_run(run: Run, cells: QgsVectorLayer, project: QgsProject):
    ranked = {cell["survey_rank"]: cell for cell in cells.getFeatures('"survey_rank" IS NOT NULL')}
    results, chosen = survey(run.folder)
    assert [cell["rank"] for cell in chosen] == sorted(ranked) == list(range(1, results["N_CELLS"] + 1))
    for cell in chosen:
        told = ranked[cell["rank"]]
        assert cell["cell"] == cell_name(run.manifest.grid_name, told["cell_id"])
        assert cell["value_per_1000_km2"] == pytest.approx(told["survey_value"])
        assert cell.geometry().equals(told.geometry())
    with (run.folder / "survey.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [cell["cost_km2"] for cell in chosen] == pytest.approx([float(row["cost_km2"]) for row in rows])
    assert results["SPENT_KM2"] == pytest.approx(float(rows[-1]["cumulative_km2"]))
    assert results["SPENT_KM2"] <= survey_terms(run.manifest).budget_km2
    assert results["N_EXPECTED"] == pytest.approx(sum(float(row["p_any"]) for row in rows))


@pytest.mark.parametrize(
    ("crs", "wkt"),
    [
        ("EPSG:3413", "POLYGON ((-900000 -900000, 900000 -900000, 900000 900000, -900000 900000, -900000 -900000))"),
        ("EPSG:4326", "POLYGON ((120 70, 180 70, 180 90, 120 90, 120 70))"),
        ("EPSG:4326", "MULTIPOLYGON (((150 60, 180 60, 180 90, 150 90)), ((-180 60, -120 60, -120 90, -180 90)))"),
    ],
)
def test_nothing_is_chosen_outside_the_area(run: Run, project: QgsProject, crs: str, wkt: str):
    area = layer_of("MultiPolygon", crs, wkt)
    _, everywhere = survey(run.folder, BUDGET_KM2=1e9)
    _, chosen = survey(run.folder, BUDGET_KM2=1e9, AREA=area)
    x_of = {cell["cell"]: QgsPointXY(cell["lon_deg"], cell["lat_deg"]) for cell in everywhere}
    if crs != "EPSG:4326":
        centres = layer_of("Point", "EPSG:4326", *(point.asWkt() for point in x_of.values()))
        x_of = dict(zip(x_of, projected(centres, crs), strict=True))
    within = {name for name, point in x_of.items() if QgsGeometry.fromWkt(wkt).contains(point)}
    assert 0 < len(within) < len(everywhere)
    assert {cell["cell"] for cell in chosen} == within


def projected(points: QgsVectorLayer, crs: str) -> list[QgsPointXY]:
    from osgeo import osr

    source, target = osr.SpatialReference(), osr.SpatialReference()
    source.ImportFromEPSG(4326)
    target.ImportFromEPSG(int(crs.split(":")[1]))
    for system in (source, target):
        system.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
    move = osr.CoordinateTransformation(source, target)
    moved = [move.TransformPoint(*feature.geometry().asPoint()) for feature in points.getFeatures()]
    return [QgsPointXY(x_m, y_m) for x_m, y_m, _ in moved]


def test_extent_and_layer_of_the_same_area_give_the_same_plan(run: Run, project: QgsProject):
    box = "POLYGON ((-900000 -900000, 900000 -900000, 900000 900000, -900000 900000, -900000 -900000))"
    _, of_layer = survey(run.folder, BUDGET_KM2=20_000, AREA=layer_of("Polygon", "EPSG:3413", box))
    _, of_extent = survey(run.folder, BUDGET_KM2=20_000, EXTENT="-900000,900000,-900000,900000 [EPSG:3413]")
    assert [cell.attributes() for cell in of_layer] == [cell.attributes() for cell in of_extent]
    assert of_layer


def test_constraints_hold_for_every_chosen_cell(run: Run, project: QgsProject):
    _, plain = survey(run.folder, BUDGET_KM2=1e9)
    _, landed = survey(run.folder, BUDGET_KM2=1e9, MIN_LAND_FRACTION=0.5, INSIDE_ONLY=True, UNSEEN_ONLY=True)
    expected = {
        cell["cell"]
        for cell in plain
        if cell["land_fraction"] >= 0.5 and cell["applicability"] == "inside" and cell["seen_share"] == 0
    }
    assert {cell["cell"] for cell in landed} == expected
    assert 0 < len(expected) < len(plain)


def test_places_of_a_layer_and_as_text_are_the_same(run: Run, project: QgsProject):
    _, plain = survey(run.folder, BUDGET_KM2=1e9)
    lon_deg, lat_deg = plain[0]["lon_deg"], plain[0]["lat_deg"]
    _, as_text = survey(run.folder, COORDINATES=f"{lon_deg}, {lat_deg}", MAX_DISTANCE_KM=250)
    points = layer_of("Point", "EPSG:4326", f"POINT ({lon_deg} {lat_deg})")
    _, as_layer = survey(run.folder, PLACES=points, MAX_DISTANCE_KM=250)
    assert [cell["cell"] for cell in as_layer] == [cell["cell"] for cell in as_text]
    assert plain[0]["cell"] in {cell["cell"] for cell in as_text}
    assert 0 < len(as_text) < len(plain)


def test_files_tell_the_same_plan(run: Run, project: QgsProject, tmp_path: Path):
    paths = {"CSV": tmp_path / "plan.csv", "GPX": tmp_path / "plan.gpx"}
    _, chosen = survey(run.folder, BUDGET_KM2=20_000, **{name: str(path) for name, path in paths.items()})
    with paths["CSV"].open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["cell"] for row in rows] == [cell["cell"] for cell in chosen]
    for row, cell in zip(rows, chosen, strict=True):
        assert float(row["p_any"]) == pytest.approx(cell["p_any"], abs=1e-6)

    read_back = QgsVectorLayer(f"{paths['GPX']}|layername=waypoints", "waypoints", "ogr")
    assert read_back.isValid()
    found = list(read_back.getFeatures())
    assert [point["name"] for point in found] == [f"{cell['rank']} ({100 * cell['p_any']:.0f} %)" for cell in chosen]
    for point, cell in zip(found, chosen, strict=True):
        place = point.geometry().asPoint()
        assert (place.x(), place.y()) == pytest.approx((cell["lon_deg"], cell["lat_deg"]))
        assert cell["cell"] in point["desc"]
    assert_is_gpx(paths["GPX"].read_text(encoding="utf-8"), len(chosen))


def assert_is_gpx(text: str, n_waypoints: int) -> None:
    """The rules of GPX 1.1 for waypoints: root, attributes and their ranges, order of elements."""
    root = ET.fromstring(text)  # noqa: S314
    assert root.tag == GPX_NAMESPACE + "gpx"
    assert root.attrib["version"] == "1.1"
    assert root.attrib["creator"]
    names = [child.tag.removeprefix(GPX_NAMESPACE) for child in root]
    assert names == ["metadata"] + ["wpt"] * n_waypoints
    for waypoint in root.iter(GPX_NAMESPACE + "wpt"):
        assert set(waypoint.attrib) == {"lat", "lon"}
        assert all(re.fullmatch(r"-?\d+(\.\d+)?", number) for number in waypoint.attrib.values())
        assert -90 <= float(waypoint.attrib["lat"]) <= 90
        assert -180 <= float(waypoint.attrib["lon"]) < 180
        order = [ORDER_OF_A_WAYPOINT.index(child.tag.removeprefix(GPX_NAMESPACE)) for child in waypoint]
        assert order == sorted(set(order))


@pytest.mark.parametrize(
    ("order", "message"),
    [
        ({"BUDGET_KM2": 0}, r"field: budget\n.*got: 0 km²\n.*expected: more than 0 km²\n.*fix: Give a budget"),
        ({"BUDGET_KM2": -1}, r"field: budget"),
        ({"BUDGET_KM2": 1}, r"field: budget\n.*got: 1 km²\n.*cheapest cell\n.*fix: Raise the budget"),
        (
            {"EXTENT": "2000000,2000001,2000000,2000001 [EPSG:3413]"},
            r"field: area\n.*\n.*\n.*fix: Choose a larger area",
        ),
        ({"AREA": None}, r"field: area\n.*got: no polygon"),
        ({"COORDINATES": "north"}, r"field: places\n.*got: 'north'"),
        ({"COORDINATES": "0, 80"}, r"field: largest distance"),
        ({"COORDINATES": "0, 0", "MAX_DISTANCE_KM": 1}, r"field: constraints\n.*\n.*\n.*fix: Loosen"),
        ({"MIN_LAND_FRACTION": 2}, r"field: least share of land"),
        ({"OUTPUT": "/proc/plan.gpkg"}, r"file: /proc/plan.gpkg\n.*field: OUTPUT\n(.*\n)+.*fix: Choose another name"),
        ({"CSV": "/proc/plan.csv"}, r"file: /proc/plan.csv\n.*field: CSV\n(.*\n)+.*fix: Choose another name"),
        ({"GPX": "/proc/plan.gpx"}, r"file: /proc/plan.gpx\n.*field: GPX\n(.*\n)+.*fix: Choose another name"),
    ],
)
def test_an_order_that_cannot_be_is_refused(run: Run, project: QgsProject, order: dict[str, Any], message: str):
    if "AREA" in order:
        order = {"AREA": layer_of("Polygon", "EPSG:3413")}
    with pytest.raises(QgsProcessingException, match=message):
        survey(run.folder, **order)


def test_a_folder_that_is_no_run_and_a_run_without_values_are_refused(copied_run: Path, project: QgsProject):
    with pytest.raises(QgsProcessingException, match="not an Entropice run"):
        survey(copied_run.parent)

    def forget_values(manifest: dict[str, Any]) -> None:
        manifest["layers"] = [layer for layer in manifest["layers"] if layer["quantity"] != "survey_value"]

    edit_manifest(copied_run, forget_values)
    with pytest.raises(QgsProcessingException, match=r"got: no survey_value\n(.*\n)*.*fix: Make the run again"):
        survey(copied_run)


def test_qgis_process_gives_the_same_plan(process, run: Run, project: QgsProject, tmp_path: Path):
    target = tmp_path / "plan.gpkg"
    order = {"BUDGET_KM2": 20_000, "EXTENT": "-900000,900000,-900000,900000 [EPSG:3413]", "MIN_LAND_FRACTION": 0.2}
    given = [f"--{name}={value}" for name, value in order.items()]
    finished = process("--json", "run", "entropice:surveyplan", f"--FOLDER={run.folder}", *given, f"--OUTPUT={target}")
    assert finished.returncode == 0, finished.stderr
    _, chosen = survey(run.folder, **order)
    layer = QgsVectorLayer(str(target), "plan", "ogr")
    assert layer.crs() == QgsCoordinateReferenceSystem("EPSG:3413")
    assert [cell.attributes()[1:] for cell in layer.getFeatures()] == [cell.attributes() for cell in chosen]
    assert json.loads(finished.stdout)["results"]["N_CELLS"] == len(chosen) > 0

"""An inventory in a run folder: outlines that play by year, tables of areas, and an entry in the manifest."""

import json
import sqlite3
from contextlib import closing
from importlib.resources import files
from pathlib import Path
from xml.etree import ElementTree as XML

import geopandas as gpd
import pytest
from image_runs import INVENTORY_DATASETS, image_run
from jsonschema import Draft202012Validator

from entropice.pipelines.inventory.tables import COLUMNS, REGION_COLUMNS
from entropice.report.image_run.content import ImageRun
from entropice.report.image_run.folder import ImageRunFolder, write_image_run
from entropice.report.image_run.inventory_meanings import OF_OBJECTS, OF_REGIONS
from entropice.report.image_run.manifest import build_manifest
from entropice.report.image_run.page import render_run


@pytest.fixture(scope="module")
def run() -> ImageRun:
    return image_run(**{f"ice_types__{name}": value for name, value in INVENTORY_DATASETS.items()})


@pytest.fixture(scope="module")
def package(run: ImageRun, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("run")
    write_image_run(ImageRunFolder(run, "<html></html>"), folder)
    return folder / "layers/ice_types_inventory.gpkg"


def test_outlines_hold_for_their_year(package: Path) -> None:
    told = gpd.read_file(package, layer="objects")
    assert told.crs.to_epsg() == 3413
    assert told.geometry.area.tolist() == [9000, 12_000, 900]
    assert told["begins"].dt.year.tolist() == [2017, 2021, 2021]
    assert told["ends"].dt.year.tolist() == [2018, 2022, 2022]
    assert gpd.read_file(package, layer="growth")["change_m2"].tolist() == [3000]
    assert len(gpd.read_file(package, layer="region_areas")) == 3


def test_the_style_draws_outlines_and_plays_them(package: Path) -> None:
    with closing(sqlite3.connect(package)) as connection:
        (style,) = connection.execute("SELECT f_table_name, useAsDefault, styleQML FROM layer_styles")
    assert style[:2] == ("objects", 1)
    temporal = XML.fromstring(style[2]).find("temporal")  # noqa: S314 - the house's own style
    assert temporal is not None
    assert (temporal.get("mode"), temporal.get("startField"), temporal.get("endField")) == ("2", "begins", "ends")


def test_the_same_inventory_gives_the_same_bytes(run: ImageRun, package: Path, tmp_path: Path) -> None:
    write_image_run(ImageRunFolder(run, "<html></html>"), tmp_path)
    assert (tmp_path / "layers" / package.name).read_bytes() == package.read_bytes()


def test_the_manifest_tells_of_it(run: ImageRun) -> None:
    manifest = json.loads(json.dumps(build_manifest(run) | {"files": []}))
    schema = json.loads(files("entropice.report").joinpath("schemas/entropice-images-1.schema.json").read_text("utf-8"))
    assert [error.message for error in Draft202012Validator(schema).iter_errors(manifest)] == []
    without, with_one = (task["inventory"] for task in manifest["tasks"])
    assert without is None
    assert with_one["file"] == "layers/ice_types_inventory.gpkg"
    assert with_one["years"] == [2017, 2021]
    tables = {each["table"]: each for each in with_one["tables"]}
    assert {name: (each["role"], each["n_rows"]) for name, each in tables.items()} == {
        "objects": ("context", 3),
        "growth": ("attributes", 1),
        "region_areas": ("attributes", 3),
    }
    told = {each["name"] for each in tables["objects"]["columns"]}
    assert told == {*INVENTORY_DATASETS["inventory"].columns} - {"block", "geometry"} | {"begins", "ends"}


def test_every_column_that_the_pipeline_makes_has_a_meaning() -> None:
    assert {*COLUMNS} - {"block", "geometry"} | {"begins", "ends"} == {*OF_OBJECTS}
    assert {*REGION_COLUMNS} == {*OF_REGIONS}


def test_the_page_tells_sums_with_intervals_and_scores(run: ImageRun) -> None:
    page = render_run(run)
    assert "What was found in whole regions" in page
    assert "9.1" in page
    assert "Areas said less true ones, as a share of all true area" in page
    assert page.count("What was found in whole regions") == 1

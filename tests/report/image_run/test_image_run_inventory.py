"""An inventory in a run folder: outlines that play by year, tables of areas, and an entry in the manifest."""

import json
import sqlite3
from contextlib import closing
from importlib.resources import files
from pathlib import Path
from xml.etree import ElementTree as XML

import geopandas as gpd
import pandas as pd
import pytest
import shapely
from image_runs import image_run
from jsonschema import Draft202012Validator

from entropice.pipelines.inventory.tables import COLUMNS, REGION_COLUMNS
from entropice.report.image_run.content import ImageRun
from entropice.report.image_run.folder import ImageRunFolder, write_image_run
from entropice.report.image_run.inventory_meanings import OF_OBJECTS, OF_REGIONS
from entropice.report.image_run.manifest import build_manifest
from entropice.report.image_run.page import render_run

OBJECTS = gpd.GeoDataFrame(
    {
        "object_id": [0, 0, 1],
        "region": "Bhutan",
        "year": [2017, 2021, 2021],
        "split": ["test", "test", "train"],
        "block": pd.array([1, 1, 2], dtype="uint64"),
        "p": [0.9, 0.95, 0.4],
        "area_m2": [9000.0, 12_000, 900],
        "area_low_90_m2": [8000.0, 11_000, 500],
        "area_high_90_m2": [11_000.0, 14_000, 2000],
        "area_sd_m2": [800.0, 900, 400],
        "n_pixels": [90, 120, 9],
        "chance_mean": [0.9, 0.9, 0.5],
        "is_below_min": [False, False, True],
        "is_cut": [False, False, True],
    },
    geometry=[shapely.box(0, 0, 100, 90), shapely.box(0, 0, 100, 120), shapely.box(500, 0, 530, 30)],
    crs="EPSG:3413",
)
GROWTH = pd.DataFrame({"object_id": [0], "block": pd.array([1], dtype="uint64"), "change_m2": [3000.0]})
REGIONS = pd.DataFrame(
    {
        "region": "Bhutan",
        "year": [2017, 2017, 2021],
        "split": ["all", "test", "all"],
        "n_objects": [1, 1, 2],
        "area_m2": [9_100_000.0, 9_100_000, 12_500_000],
        "area_low_90_m2": [8e6, 8e6, 1.1e7],
        "area_high_90_m2": [1e7, 1e7, 1.4e7],
    }
)
SCORES = pd.DataFrame(
    {
        "score": ["area_bias"], "part": ["large"], "value": [0.0123], "low_95": [-0.02], "high_95": [0.04],
        "n_blocks": [5], "n": [234],
    }
)  # fmt: skip


@pytest.fixture(scope="module")
def run() -> ImageRun:
    return image_run(
        ice_types__inventory=OBJECTS,
        ice_types__growth=GROWTH,
        ice_types__region_areas=REGIONS,
        ice_types__inventory_scores=SCORES,
    )


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
    assert told == {*OBJECTS.columns} - {"block", "geometry"} | {"begins", "ends"}


def test_every_column_that_the_pipeline_makes_has_a_meaning() -> None:
    assert {*COLUMNS} - {"block", "geometry"} | {"begins", "ends"} == {*OF_OBJECTS}
    assert {*REGION_COLUMNS} == {*OF_REGIONS}


def test_the_page_tells_sums_with_intervals_and_scores(run: ImageRun) -> None:
    page = render_run(run)
    assert "What was found in whole regions" in page
    assert "9.1" in page
    assert "Areas said less true ones, as a share of all true area" in page
    assert page.count("What was found in whole regions") == 1

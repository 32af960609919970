"""The grids pipeline: wiring, strict parameters, and the three ways to name a region."""

import geopandas as gpd
import numpy as np
import pytest
import shapely
import yaml
from geopandas.testing import assert_geodataframe_equal
from pydantic import ValidationError

from entropice.app.configuration.composition import VIRTUAL_WORLD
from entropice.crs import LON_LAT_CRS
from entropice.dggs import parse_grid
from entropice.dggs.region import SOUTHERN_LIMIT_DEG
from entropice.errors import GridError, SchemaError
from entropice.pipelines.grids.nodes import build_cells, normalise_land
from entropice.pipelines.grids.parameters import MIN_LAT_DEG, GridParameters
from entropice.pipelines.grids.pipeline import create_pipeline


@pytest.fixture(scope="module")
def land():
    """A belt of land all round the pole, north of 75° N."""
    return normalise_land(gpd.GeoDataFrame(geometry=[shapely.box(-180, 75, 180, 90)], crs=LON_LAT_CRS))


def parameters(region, min_land_fraction=0.05):
    return GridParameters.model_validate({"region": region, "min_land_fraction": min_land_fraction})


def test_the_pipeline_leads_from_the_land_file_to_cells():
    pipeline = create_pipeline(VIRTUAL_WORLD)
    assert pipeline.inputs() == {"land_file", "params:grid", "params:grids"}
    assert pipeline.outputs() == {"cells"}
    assert pipeline.datasets() - pipeline.inputs() == {"land", "cells"}
    assert {node.name for node in pipeline.nodes} == {"grids.normalise_land", "grids.build_cells"}


def test_the_shipped_configuration_is_valid_and_describes_every_dataset(project_path):
    folder = project_path / "conf" / "base" / "grids"
    GridParameters.model_validate(yaml.safe_load((folder / "parameters.yml").read_text())["grids"])
    catalog = yaml.safe_load((folder / "catalog.yml").read_text())
    assert set(catalog) == {"land_file", "land", "cells"}
    assert all(entry["metadata"]["description"] for entry in catalog.values())


def test_the_southern_limit_is_one_number():
    assert MIN_LAT_DEG == SOUTHERN_LIMIT_DEG


@pytest.mark.parametrize(
    ("region", "message"),
    [
        ({}, "exactly one"),
        ({"min_lat_deg": 60, "file": "a.gpkg"}, "exactly one"),
        ({"min_lat_deg": "60"}, "valid number"),
        ({"min_lat_deg": 49.9}, "greater than or equal to 50"),
        ({"min_lat_deg": 90}, "less than 90"),
        ({"min_lat_deg": float("nan")}, "finite number"),
        ({"min_latitude": 60}, "Extra inputs"),
        ({"polygon": [[0, 60], [90, 60]]}, "at least 3"),
        ({"polygon": [[60, 0], [60, 90], [70, 0]]}, "greater than or equal to 50"),
        ({"file": ""}, "at least 1 character"),
    ],
)
def test_wrong_regions_are_refused(region, message):
    with pytest.raises(ValidationError, match=message):
        parameters(region)


@pytest.mark.parametrize("min_land_fraction", [0.0, -0.1, 1.1, "half"])
def test_wrong_land_fractions_are_refused(min_land_fraction):
    with pytest.raises(ValidationError, match="min_land_fraction"):
        parameters({"min_lat_deg": 60}, min_land_fraction)


def test_a_latitude_limit_keeps_the_cells_north_of_it(land):
    cells = build_cells(land, "h3_3", parameters({"min_lat_deg": 80}))
    assert cells["cell_id"].tolist() == parse_grid("h3_3").cells_north_of(80.0).tolist()
    assert cells["land_fraction"].to_numpy() == pytest.approx(1.0)


def test_a_ring_round_the_pole_holds_it(land):
    ring = [[-180, 80], [-90, 80], [0, 80], [90, 80]]
    cells = build_cells(land, "h3_3", parameters({"polygon": ring}))
    assert cells["cell_id"].tolist() == parse_grid("h3_3").cells_north_of(80.0).tolist()


def test_a_polygon_across_the_antimeridian_counts_on(land):
    ring = [[160, 78], [200, 78], [200, 84], [160, 84]]
    cells = build_cells(land, "h3_4", parameters({"polygon": ring}))
    grid = parse_grid("h3_4")
    every = grid.cells_north_of(78.0)
    lon_deg, lat_deg = grid.centres(every)
    expected = every[(np.abs(lon_deg) >= 160.0) & (lat_deg <= 84.0)]
    assert set(cells["cell_id"]) == set(expected)
    assert len(expected) > 50


def test_a_file_gives_the_same_cells_as_its_polygon(land, tmp_path):
    ring = [[10, 78], [40, 78], [40, 84], [10, 84]]
    path = tmp_path / "area.gpkg"
    outline = gpd.GeoDataFrame(geometry=[shapely.Polygon(ring)], crs=LON_LAT_CRS)
    outline.to_file(path)
    from_file = build_cells(land, "healpix_6", parameters({"file": str(path)}))
    drawn = build_cells(land, "healpix_6", parameters({"polygon": ring}))
    assert_geodataframe_equal(from_file, drawn)


@pytest.mark.parametrize(
    ("region", "field"),
    [
        ({"polygon": [[10, 80], [10.001, 80], [10, 80.001]]}, "grids.region.polygon"),
        ({"polygon": [[10, 60], [20, 60], [20, 65]]}, "grids.region.polygon"),
    ],
    ids=["smaller than a cell", "no land"],
)
def test_an_empty_region_is_refused_by_its_parameter(land, region, field):
    with pytest.raises(GridError) as caught:
        build_cells(land, "h3_3", parameters(region))
    assert caught.value.field == field


def test_a_region_file_that_reaches_far_south_is_refused(land, tmp_path):
    path = tmp_path / "area.gpkg"
    gpd.GeoDataFrame(geometry=[shapely.box(0, 20, 10, 80)], crs=LON_LAT_CRS).to_file(path)
    with pytest.raises(GridError, match="50") as caught:
        build_cells(land, "h3_3", parameters({"file": str(path)}))
    assert caught.value.field == "grids.region.file"


def test_a_region_file_of_points_is_refused(land, tmp_path):
    path = tmp_path / "area.gpkg"
    gpd.GeoDataFrame(geometry=[shapely.Point(0, 80)], crs=LON_LAT_CRS).to_file(path)
    with pytest.raises(SchemaError, match="polygons"):
        build_cells(land, "h3_3", parameters({"file": str(path)}))


def test_an_unknown_grid_is_refused(land):
    with pytest.raises(GridError, match="h3_9"):
        build_cells(land, "h3_9", parameters({"min_lat_deg": 80}))

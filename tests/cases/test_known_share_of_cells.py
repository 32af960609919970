"""A source that only touches a cell gives no statistic of it: one rule for climate, terrain, embeddings and rasters."""

import geopandas as gpd
import numpy as np
import pytest
import shapely
import xarray as xr
from cell_frames import cell_frame
from embedding_tiles import flat, tile, write
from raster_files import cells_around, write_raster
from rasterio.transform import from_origin

from entropice.derive.cube import DESCRIPTION, Feature, cell_cube
from entropice.dggs.polar import equal_area_m2
from entropice.pipelines.sources.alphaearth import nodes as embeddings
from entropice.pipelines.sources.alphaearth.parameters import EmbeddingParameters
from entropice.pipelines.sources.arcticdem import nodes as terrain
from entropice.pipelines.sources.arcticdem.parameters import TerrainParameters
from entropice.pipelines.sources.era5.nodes import derive_climate_fields
from entropice.pipelines.sources.rasters import nodes as rasters
from entropice.pipelines.sources.rasters.parameters import RasterParameters
from entropice.raster.tile import RasterTile
from entropice.raster.utm_zones import projected
from entropice.sources.alphaearth.files import read_embedding_files
from entropice.sources.arcticdem.tiles import read_tile_index
from entropice.tiles.plan import TileResults

YEARS = [2021]


def carried_out(plan):
    results = {each.key: plan.reduce(plan.shared, each.task) for each in plan.tiles}
    return TileResults(tuple(results), results.__getitem__)


def feature(known, values=(1.0, 2.0, 3.0), dimensions=("cell",)):
    described = dict.fromkeys(DESCRIPTION, "?")
    return Feature("a", dimensions, np.array(values), known_fraction=np.array(known), **described)


def cells_with(land_fraction):
    return gpd.GeoDataFrame({"cell_id": np.arange(1, len(land_fraction) + 1), "land_fraction": land_fraction})


@pytest.mark.parametrize(
    ("known", "land", "least", "expected"),
    [
        ([0.49, 0.5, 1.0], [1.0, 1.0, 1.0], 0.5, [np.nan, 2, 3]),
        ([0.0004, 0.2, 0.04], [1.0, 0.3, 0.1], 0.5, [np.nan, 2, np.nan]),
        ([0.0, 0.1, 0.8], [0.05, 0.1, 1.0], 0.9, [np.nan, 2, np.nan]),
        ([0.0, 1e-9, 0.0], [1.0, 1.0, 0.0], 1e-12, [np.nan, 2, np.nan]),
    ],
    ids=["cells of land", "coasts", "nearly all", "nothing is never enough"],
)
def test_what_must_be_known_is_a_share_of_the_land(known, land, least, expected):
    cube = cell_cube([feature(known)], cells_with(land), {}, YEARS, least)

    np.testing.assert_array_equal(cube["a"], expected)


def test_each_year_is_judged_by_what_is_known_in_it():
    yearly = feature([[1.0, 0.1], [0.1, 1.0]], [[1.0, 2.0], [3.0, 4.0]], ("cell", "year"))

    cube = cell_cube([yearly], cells_with([1.0, 1.0]), {}, [2021, 2022], 0.5)

    np.testing.assert_array_equal(cube["a"], [[1, np.nan], [np.nan, 4]])


def climate(folder):
    """Fields of which 30 % of the first cell's boxes are known, and every box of the second."""
    lon_deg, lat_deg = np.arange(0.05, 2, 0.1), np.arange(70.05, 71, 0.1)
    values = np.full((10, 20), 7.0)
    values[3:, :10] = np.nan
    attributes = {key: "?" for key in DESCRIPTION if key != "group"}
    fields = xr.Dataset({"a": (("lat", "lon"), values, attributes)}, coords={"lat": lat_deg, "lon": lon_deg})
    boxes = shapely.segmentize([shapely.box(0, 70, 1, 71), shapely.box(1, 70, 2, 71)], 0.01)
    cells = cell_frame([1, 2], projected(np.array(boxes), "EPSG:4326", "EPSG:3413"))
    return lambda least: derive_climate_fields(fields, cells, "h3_4", YEARS, least).whole()["a"], cells


def elevation(folder):
    values = np.full((40, 80), 9.0, np.float32)
    values[12:, :40] = np.nan
    tile = RasterTile("a", values, 0.0, 0.0, 500.0)
    stored = np.where(np.isnan(tile.values), -9999, tile.values)
    write_raster(folder / "a.tif", stored, from_origin(0, 0, 500, 500), nodata=-9999.0)
    cells = cell_frame([1, 2], [shapely.box(0, -20_000, 20_000, 0), shapely.box(20_000, -20_000, 40_000, 0)])
    parameters = TerrainParameters(radii_m=(1000.0,), device="cpu", block_px=64)
    moments = carried_out(terrain.plan_terrain(read_tile_index(folder), cells, parameters))
    return (
        lambda least: terrain.derive_terrain(moments, cells, "h3_4", YEARS, least, parameters).whole()[
            "elevation_mean_m"
        ],
        cells,
    )


def own_rasters(folder):
    values = np.full((10, 20), 9.0, np.float32)
    values[3:, :10] = -1
    write_raster(folder / "a.tif", values, from_origin(0, 100, 10, 10), nodata=-1)
    cells = cell_frame([1, 2], [shapely.box(0, 0, 100, 100), shapely.box(100, 0, 200, 100)])
    parameters = RasterParameters(files=[{"file": "a.tif", "name": "a", "unit": "m", "statistic": "mean"}])
    statistics = carried_out(rasters.plan_rasters(folder, cells, YEARS, parameters))
    return (
        lambda least: rasters.derive_rasters(statistics, cells, "h3_4", YEARS, least, parameters).whole()["a_mean_m"],
        cells,
    )


SOURCES = pytest.mark.parametrize("source", [climate, elevation, own_rasters])


@SOURCES
@pytest.mark.parametrize(("least", "is_known"), [(0.25, True), (0.35, False)])
def test_every_source_is_judged_alike(tmp_path, source, least, is_known):
    features, _ = source(tmp_path)

    touched, whole = np.isfinite(features(least)).to_numpy()

    assert (touched, whole) == (is_known, True)


@SOURCES
def test_a_coast_needs_its_land_alone(tmp_path, source):
    features, cells = source(tmp_path)
    cells["land_fraction"] = [0.5, 1.0]

    assert np.isfinite(features(0.55)).all()
    assert not np.isfinite(features(0.65)).all()


def test_cells_at_the_edge_of_an_embedding_are_known_by_their_share(tmp_path):
    """A file over part of some cells: known are those of which it covers more than the share, and no other."""
    square = {"left_m": 500_000.0, "south_m": 7_980_000.0, "pixel_m": 1000.0}
    files = read_embedding_files(write(tmp_path, tile(flat(51), **square)))
    cells, parameters = cells_around(15.5, 72.0, 100_000.0), EmbeddingParameters(resolution_m=1000.0, year_lag=0)
    ground = projected(np.array([shapely.box(500_000, 7_980_000, 564_000, 8_044_000)]), "EPSG:32633", "EPSG:3413")
    polygons = cells.geometry.to_numpy()
    share = equal_area_m2(shapely.intersection(polygons, ground[0])) / equal_area_m2(polygons)
    moments = carried_out(embeddings.plan_embeddings(files, cells, YEARS, parameters))

    for least in (0.05, 0.5, 0.9):
        cube = embeddings.derive_embeddings(moments, cells, "h3_4", YEARS, least, parameters).whole()
        found = np.isfinite(cube["embedding_05_mean"]).to_numpy()[:, 0]
        is_clear = np.abs(share - least) > 0.01
        np.testing.assert_array_equal(found[is_clear], share[is_clear] > least)
    assert ((share > 0) & (share < 0.5)).any()
    assert (share > 0.9).any()

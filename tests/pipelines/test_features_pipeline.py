from dataclasses import replace

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
import xarray as xr
from cell_frames import cell_frame
from pydantic import ValidationError

from entropice.derive.cube import DESCRIPTION, feature_dictionary
from entropice.derive.terrain.features import terrain_statistics
from entropice.dggs import parse_grid
from entropice.errors import ConfigError, FeatureError
from entropice.espa.devices import HOST, choose_place
from entropice.io import RasterTilesDataset, TileResultsDataset
from entropice.pipelines.composition import Composition
from entropice.pipelines.features import nodes
from entropice.pipelines.features.parameters import FeatureParameters
from entropice.pipelines.features.pipeline import create_pipeline
from entropice.pipelines.sources.arcticdem import nodes as terrain_nodes
from entropice.pipelines.sources.era5 import nodes as climate_nodes
from entropice.raster.tile import RasterTile
from entropice.sources.era5.slices import in_memory
from entropice.sources.era5.source import source_from

YEARS = [2021, 2022]
RADII_M = [7_500.0, 10_000.0]
HISTORY = {"normal_years": 1, "trend_years": 2, "lag_years": 1}
TERRAIN = {"radii_m": RADII_M, "device": "cpu", "block_px": 64}
PARAMETERS = {
    "years": YEARS,
    "climate": {
        "arctic_year_start_month": 10,
        "rows_per_block": 64,
        "history": HISTORY | {key: [] for key in ("normals", "anomalies", "lags", "trends")},
    },
    "terrain": TERRAIN,
    "embeddings": {"resolution_m": 10_240.0, "year_lag": 0},
}
PIXEL_M, HALF_M = 5_000.0, 500_000.0


def climate_file():
    axes = {
        "valid_time": pd.date_range("2019-10", periods=36, freq="MS"),
        "latitude": np.arange(90.0, 69, -3),
        "longitude": np.arange(0.0, 360, 3),
    }
    latitude = axes["latitude"][None, :, None]
    season = np.cos(2 * np.pi * (axes["valid_time"].month.to_numpy() - 7) / 12)[:, None, None]
    warmth_k = (278 - (latitude - 70) / 2 + 15 * season + np.zeros((1, 1, 120))).astype(np.float32)
    units = {"t2m": "K", "tp": "m", "sf": "m of water equivalent", "sd": "m of water equivalent"}
    values = {"t2m": warmth_k} | dict.fromkeys(("tp", "sf", "sd"), (warmth_k - 200) / 1e5)
    variables = {name: (tuple(axes), values[name], {"units": units[name]}) for name in values}
    return source_from({"file": in_memory(xr.Dataset(variables, coords=axes | {"number": 0}))}, "era5")


@pytest.fixture(scope="module", params=["h3_3", "healpix_6"])
def grid(request):
    return request.param


@pytest.fixture(scope="module")
def cells(grid):
    found = parse_grid(grid)
    ids = found.cells_north_of(85.5)
    return cell_frame(ids, found.polygons(ids))


@pytest.fixture(scope="module")
def elevation_tiles(tmp_path_factory):
    """A plain rising towards +x around the pole, in four tiles of which one is missing."""
    size_px = round(HALF_M / PIXEL_M)
    rise = np.tile(np.arange(size_px, dtype=np.float32) * 50, (size_px, 1))
    tiles = [
        RasterTile("west_north", rise, -HALF_M, HALF_M, PIXEL_M),
        RasterTile("east_north", rise + size_px * 50, 0.0, HALF_M, PIXEL_M),
        RasterTile("west_south", rise, -HALF_M, 0.0, PIXEL_M),
    ]
    dataset = RasterTilesDataset(filepath=str(tmp_path_factory.mktemp("work") / "arcticdem"))
    dataset.save(tiles)
    return dataset.load()


@pytest.fixture(scope="module")
def parameters():
    return FeatureParameters(**PARAMETERS)


@pytest.fixture(scope="module")
def climate_features(grid, cells, parameters):
    climate = climate_nodes.normalise_monthly_climate(climate_file(), cells)
    return climate_nodes.derive_climate_indices(climate, cells, grid, YEARS, 0.5, parameters.climate).whole()


@pytest.fixture(scope="module")
def terrain_features(grid, cells, elevation_tiles, parameters, tmp_path_factory):
    moments = TileResultsDataset(filepath=str(tmp_path_factory.mktemp("moments") / "terrain"))
    moments.save(terrain_nodes.plan_terrain(elevation_tiles, cells, parameters.terrain))
    return terrain_nodes.derive_terrain(moments.load(), cells, grid, YEARS, 1e-9, parameters.terrain).whole()


@pytest.fixture(scope="module")
def cube(cells, climate_features, terrain_features):
    return nodes.assemble_features(cells, climate_features, terrain_features)


def test_the_cube_lies_on_the_cells_and_years(cube, cells):
    np.testing.assert_array_equal(cube["cell_ids"], cells["cell_id"])
    np.testing.assert_array_equal(cube["year"], [2021, 2022])
    assert set(cube.sizes) == {"cell", "year"}


def test_every_feature_says_what_it_is(cube, climate_features):
    dictionary = feature_dictionary(cube)

    assert len(dictionary) == len(climate_features) + len(terrain_statistics(RADII_M))
    assert dictionary[list(DESCRIPTION)].map(bool).all(axis=None)
    assert set(dictionary["group"]) == {"climate", "terrain"}
    assert set(dictionary.loc[dictionary["is_yearly"], "group"]) == {"climate"}


def test_climate_follows_latitude_and_covers_pole_and_antimeridian(cube, grid):
    _, lat_deg = parse_grid(grid).centres(cube["cell_ids"].to_numpy())
    summer_c = cube["summer_temperature_mean_c"].sel(year=2021).to_numpy()

    assert np.isfinite(summer_c).all()
    # half a degree a degree of latitude; a three-degree grid sees a cell's latitude only so well
    expected = 278 - (lat_deg - 70) / 2 + 15 * np.mean(np.cos(np.pi / 6 * np.array([-1, 0, 1]))) - 273.15
    np.testing.assert_allclose(summer_c, expected, atol=0.8)


def test_terrain_is_unknown_where_there_is_no_tile(cube, cells):
    centre = cells.geometry.centroid
    inside_missing = ((centre.x > 100_000) & (centre.y < -100_000)).to_numpy()
    inside_present = ((centre.x < -100_000) | (centre.y > 100_000)).to_numpy()

    assert inside_missing.any()
    assert np.isnan(cube["elevation_mean_m"].to_numpy()[inside_missing]).all()
    assert np.isfinite(cube["elevation_mean_m"].to_numpy()[inside_present]).all()


def test_the_slope_of_a_plane_has_no_seam_at_tile_borders(cube, cells):
    slope = cube["slope_mean_deg"].to_numpy()
    near_seam = (cells.geometry.centroid.x.abs() < 30_000) & (cells.geometry.centroid.y > 100_000)

    assert near_seam.any()
    np.testing.assert_allclose(slope[near_seam], np.degrees(np.arctan(50 / PIXEL_M)), rtol=1e-4)


CLIMATE_NODES = {"normalise_climate", "derive_climate"}
TERRAIN_NODES = {"reduce_terrain", "derive_terrain"}
EMBEDDING_NODES = {"reduce_embeddings", "derive_embeddings"}


@pytest.mark.parametrize(
    ("sources", "names"),
    [
        (("era5_monthly", "arcticdem", "alphaearth"), CLIMATE_NODES | TERRAIN_NODES | EMBEDDING_NODES),
        (("era5_fields",), CLIMATE_NODES),
        (("arcticdem",), TERRAIN_NODES),
        (("alphaearth",), EMBEDDING_NODES),
    ],
)
def test_groups_are_switched_by_the_composition(sources, names):
    pipeline = create_pipeline(Composition(world=None, labels="darts", features=sources))

    assert {node.name for node in pipeline.nodes} == {f"features.{name}" for name in names | {"assemble_features"}}
    assert pipeline.outputs() == {"features"}


def test_one_group_alone_makes_a_cube(cells, terrain_features):
    cube = nodes.assemble_features(cells, terrain_features)

    assert len(cube.data_vars) == len(terrain_statistics(RADII_M))
    np.testing.assert_array_equal(cube["year"], YEARS)


def test_a_label_year_beyond_the_climate_stops_the_node(cells, grid, parameters):
    climate = climate_nodes.normalise_monthly_climate(climate_file(), cells)

    with pytest.raises(FeatureError, match="2023"):
        climate_nodes.derive_climate_indices(climate, cells, grid, [2021, 2023], 0.5, parameters.climate)


def test_a_radius_within_a_pixel_is_refused_before_any_block_is_read(cells, elevation_tiles, parameters):
    small = parameters.terrain.model_copy(update={"radii_m": (4_999.0,)})

    with pytest.raises(FeatureError) as caught:
        terrain_nodes.plan_terrain(elevation_tiles, cells, small)

    assert caught.value.field == "features.terrain.radii_m"


def test_tiles_on_the_cells_that_are_not_here_are_named(cells, elevation_tiles, parameters, tmp_path, caplog):
    names, x_m, y_m = ["west_north", "east_south"], np.array([-HALF_M, 0.0]), np.array([0.0, -HALF_M])
    index = gpd.GeoDataFrame(
        {"dem_id": names, "gsd": PIXEL_M}, geometry=shapely.box(x_m, y_m, x_m + HALF_M, y_m + HALF_M), crs="EPSG:3413"
    )
    index.to_crs("OGC:CRS84").to_parquet(tmp_path / "ArcticDEM_Mosaic_Index.parquet")
    with_index = replace(elevation_tiles, published=tmp_path / "ArcticDEM_Mosaic_Index.parquet")

    terrain_nodes.plan_terrain(with_index, cells, parameters.terrain)

    assert "1 tiles on the cells are not here, such as east_south" in caplog.text


@pytest.mark.skipif(choose_place("auto") is not HOST, reason="there is a CUDA device here")
def test_an_absent_device_is_refused_before_any_block_is_read(cells, elevation_tiles, parameters):
    on_cuda = parameters.terrain.model_copy(update={"device": "cuda"})

    with pytest.raises(ConfigError) as caught:
        terrain_nodes.plan_terrain(elevation_tiles, cells, on_cuda)

    assert caught.value.field == "features.terrain.device"


@pytest.mark.parametrize(
    "change",
    [
        {"years": []},
        {"years": [2022, 2021]},
        {"years": ["2021"]},
        {"terrain": TERRAIN | {"radii_m": []}},
        {"terrain": TERRAIN | {"radii_m": [0.0]}},
        {"terrain": TERRAIN | {"device": "gpu"}},
        {"terrain": TERRAIN | {"tpi_radius_m": 1.0}},
        {"climate": PARAMETERS["climate"] | {"arctic_year_start_month": 8}},
        {"climate": PARAMETERS["climate"] | {"arctic_year_start_month": 13}},
    ],
    ids=str,
)
def test_wrong_parameters_are_refused(change):
    with pytest.raises(ValidationError):
        FeatureParameters(**PARAMETERS | change)

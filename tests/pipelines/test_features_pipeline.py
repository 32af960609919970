import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import xarray as xr
from pydantic import ValidationError

from entropice.derive.climate import INDICES
from entropice.derive.cube import DESCRIPTION, feature_dictionary
from entropice.derive.terrain_features import STATISTICS
from entropice.dggs import parse_grid
from entropice.errors import ConfigError, FeatureError
from entropice.io import RasterTilesDataset
from entropice.pipelines.features import create_pipeline, nodes
from entropice.pipelines.features.parameters import FeatureParameters
from entropice.raster_tile import RasterTile

PARAMETERS = {"years": [2021, 2022], "arctic_year_start_month": 10, "tpi_radius_m": 10_000.0, "block_px": 64}
PIXEL_M, HALF_M = 5_000.0, 500_000.0


def climate_file() -> xr.Dataset:
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
    return xr.Dataset(variables, coords=axes | {"number": 0})


@pytest.fixture(scope="module", params=["h3_3", "healpix_6"])
def grid(request):
    return request.param


@pytest.fixture(scope="module")
def cells(grid):
    found = parse_grid(grid)
    ids = found.cells_north_of(85.5)
    return gpd.GeoDataFrame({"cell_id": ids}, geometry=found.polygons(ids), crs="EPSG:3413")


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
def cube(grid, cells, elevation_tiles, parameters):
    climate = nodes.normalise_monthly_climate(climate_file())
    climate_features = nodes.derive_climate_indices(climate, cells, grid, parameters)
    terrain_features = nodes.derive_terrain(elevation_tiles, cells, grid, parameters)
    return nodes.assemble_features(cells, climate_features, terrain_features)


def test_the_cube_lies_on_the_cells_and_years(cube, cells):
    np.testing.assert_array_equal(cube["cell_ids"], cells["cell_id"])
    np.testing.assert_array_equal(cube["year"], [2021, 2022])
    assert set(cube.sizes) == {"cell", "year"}


def test_every_feature_says_what_it_is(cube):
    dictionary = feature_dictionary(cube)

    assert len(dictionary) == len(INDICES) + 2 + len(STATISTICS)
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


@pytest.mark.parametrize(
    ("climate", "terrain", "names"),
    [
        ("era5_monthly", "arcticdem", {"normalise_climate", "derive_climate", "derive_terrain", "assemble_features"}),
        ("era5_fields", None, {"normalise_climate", "derive_climate", "assemble_features"}),
        (None, "arcticdem", {"derive_terrain", "assemble_features"}),
    ],
)
def test_groups_are_switched_by_the_composition(climate, terrain, names):
    pipeline = create_pipeline(climate=climate, terrain=terrain)

    assert {node.name for node in pipeline.nodes} == {f"features.{name}" for name in names}
    assert pipeline.outputs() == {"features"}


def test_no_group_is_refused():
    with pytest.raises(ConfigError, match="no feature group"):
        create_pipeline(climate=None, terrain=None)


def test_one_group_alone_makes_a_cube(cells, elevation_tiles, grid, parameters):
    cube = nodes.assemble_features(cells, nodes.derive_terrain(elevation_tiles, cells, grid, parameters))

    assert len(cube.data_vars) == len(STATISTICS)
    np.testing.assert_array_equal(cube["year"], [2021, 2022])


def test_a_label_year_beyond_the_climate_stops_the_node(cells, grid):
    climate = nodes.normalise_monthly_climate(climate_file())

    with pytest.raises(FeatureError, match="2023"):
        nodes.derive_climate_indices(climate, cells, grid, FeatureParameters(**PARAMETERS | {"years": [2021, 2023]}))


@pytest.mark.parametrize(
    "change",
    [
        {"years": []},
        {"years": [2022, 2021]},
        {"years": ["2021"]},
        {"arctic_year_start_month": 8},
        {"arctic_year_start_month": 13},
        {"tpi_radius_m": 0.0},
        {"tpi_radius": 1.0},
    ],
    ids=str,
)
def test_wrong_parameters_are_refused(change):
    with pytest.raises(ValidationError):
        FeatureParameters(**PARAMETERS | change)

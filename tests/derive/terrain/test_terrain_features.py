import numpy as np
import pytest
import shapely

from entropice.derive.cube import DESCRIPTION
from entropice.derive.terrain import blocks
from entropice.derive.terrain.blocks import Terrain, add_up, terrain_plan
from entropice.derive.terrain.features import terrain_features, terrain_statistics
from entropice.derive.terrain.layers import layer_names
from entropice.raster.bounds import Bounds
from entropice.tiles.execution import run_here
from entropice.zonal.moments import Moments

PIXEL_M, RADII_M = 500.0, (500.0, 1500.0)
WORLD = Bounds(-20_000.0, -10_000.0, 20_000.0, 20_000.0)  # holds the pole
HEIGHTS = np.cumsum(np.random.default_rng(3).normal(size=(60, 80)), axis=1).astype(np.float32) * 20
HEIGHTS[10:20, 30:50] = np.nan
CELLS = np.array(
    [shapely.Point(x, y).buffer(5_300) for x in (-15_000, -4_000, 6_000, 50_000) for y in (-5_000, 3_000, 14_000)],
    dtype=object,
)


def read(bounds: Bounds) -> np.ndarray:
    padded = np.pad(HEIGHTS, 20, constant_values=np.nan)
    row = 20 + round((WORLD.top_m - bounds.top_m) / PIXEL_M)
    column = 20 + round((bounds.left_m - WORLD.left_m) / PIXEL_M)
    n_rows, n_columns = bounds.shape(PIXEL_M)
    return padded[row : row + n_rows, column : column + n_columns]


def blocks_of(block_px: int) -> list[Bounds]:
    edge_m = block_px * PIXEL_M
    return [
        Bounds(left, max(top - edge_m, WORLD.bottom_m), min(left + edge_m, WORLD.right_m), top)
        for top in np.arange(WORLD.top_m, WORLD.bottom_m, -edge_m)
        for left in np.arange(WORLD.left_m, WORLD.right_m, edge_m)
    ]


def on_host(values: np.ndarray) -> np.ndarray:
    return values


def added_up(blocks: list[Bounds], cells=CELLS, elevation=read, on_device=on_host):
    plan = terrain_plan(Terrain(elevation, PIXEL_M, cells, RADII_M, on_device), blocks)
    arrays = (arrays for _, arrays in run_here(plan, plan.tiles))
    return add_up(arrays, len(layer_names(RADII_M)), len(cells))


def moments_of(*parts, **changes) -> list[Moments]:
    return added_up(*parts, **changes)[0]


def assert_close(found: list[Moments], expected: list[Moments]) -> None:
    for layer, wanted in zip(found, expected, strict=True):
        np.testing.assert_allclose(layer.count, wanted.count, atol=1e-9)
        np.testing.assert_allclose(layer.means, wanted.means, atol=1e-6, rtol=1e-9)
        np.testing.assert_allclose(layer.standard_deviations, wanted.standard_deviations, atol=1e-6, rtol=1e-9)
        np.testing.assert_array_equal(layer.minima, wanted.minima)
        np.testing.assert_array_equal(layer.maxima, wanted.maxima)


@pytest.fixture(scope="module")
def whole():
    return moments_of([WORLD])


@pytest.mark.parametrize("block_px", [7, 16, 31])
def test_the_cut_into_blocks_does_not_change_results(whole, block_px):
    assert_close(moments_of(blocks_of(block_px)), whole)


def test_the_cut_of_a_block_into_bands_does_not_change_results(whole, monkeypatch):
    monkeypatch.setattr(blocks, "BAND_PIXELS", 1)  # bands as low as the halo allows

    assert_close(moments_of([WORLD]), whole)


def test_another_array_library_gives_the_same_moments(whole):
    torch = pytest.importorskip("torch")

    for layer, expected in zip(moments_of([WORLD], on_device=torch.asarray), whole, strict=True):
        np.testing.assert_array_equal(layer.count, expected.count)
        np.testing.assert_allclose(layer.means, expected.means, atol=1e-6, rtol=1e-5)


def test_features_describe_themselves_and_are_unknown_where_nothing_is_known():
    features = terrain_features(*added_up([WORLD]), RADII_M)

    assert len({feature.name for feature in features}) == len(features) == 22
    for feature in features:
        assert set(feature.description) == set(DESCRIPTION)
        assert all(feature.description.values())
        assert feature.cell_values.shape == (len(CELLS),)
        is_outside = shapely.get_x(shapely.centroid(CELLS)) > 40_000
        np.testing.assert_array_equal(np.isnan(feature.cell_values), is_outside)
        np.testing.assert_array_equal(feature.known_fraction == 0, is_outside)


def test_the_known_fraction_is_that_of_the_cells_area():
    """A cell of 20 × 20 pixels from the edge of the world on: half of it lies beside, of the slopes one column more."""
    cell = np.array([shapely.box(15_000, 0, 25_000, 10_000)], dtype=object)

    features = {feature.name: feature for feature in terrain_features(*added_up([WORLD], cell), RADII_M)}

    assert features["elevation_mean_m"].known_fraction == pytest.approx([0.5])
    assert features["slope_mean_deg"].known_fraction == pytest.approx([9 / 20])


def test_every_layer_becomes_a_feature():
    assert {statistic.layer for statistic in terrain_statistics(RADII_M)} == set(layer_names(RADII_M))


def test_a_south_facing_slope_east_of_greenland_is_southern_in_every_cell():
    # At longitude 45° E true south is the direction of +x; heights fall along it.
    bounds = Bounds(1_000_000.0, -5_000.0, 1_010_000.0, 5_000.0)
    cell = np.array([shapely.box(1_002_000, -2_000, 1_008_000, 2_000)], dtype=object)

    def falling(window: Bounds) -> np.ndarray:
        n_rows, n_columns = window.shape(PIXEL_M)
        x_m = window.left_m + (np.arange(n_columns) + 0.5) * PIXEL_M
        return np.tile(-0.1 * (x_m - 1e6), (n_rows, 1)).astype(np.float32)

    features = terrain_features(*added_up([bounds], cell, falling), RADII_M)
    values = {feature.name: feature.cell_values.item() for feature in features}

    slope_deg = np.degrees(np.arctan(0.1))
    assert values["northness_mean"] == pytest.approx(-1, abs=1e-4)
    assert values["eastness_mean"] == pytest.approx(0, abs=2e-3)
    assert values["slope_mean_deg"] == pytest.approx(slope_deg, abs=1e-3)
    assert values["elevation_mean_m"] == pytest.approx(-500, abs=0.1)
    # from the south-west, 25° high, on a slope that falls south
    sun, slope = np.radians(25), np.radians(slope_deg)
    light = np.sin(sun) * np.cos(slope) + np.cos(sun) * np.sin(slope) * np.cos(np.radians(225 - 180))
    assert values["hillshade_mean"] == pytest.approx(light, abs=2e-3)
    assert values["elevation_range_m"] == pytest.approx(550, abs=0.1)
    for radius in ("500m", "1500m"):
        assert values[f"position_{radius}_sd_m"] == pytest.approx(0, abs=0.05)
        assert values[f"dissection_{radius}_mean"] == pytest.approx(0.5, abs=1e-3)
    assert values["roughness_500m_mean_m"] == pytest.approx(100, abs=0.01)
    assert values["roughness_1500m_mean_m"] == pytest.approx(300, abs=0.01)

import numpy as np
import pytest
import shapely

from entropice.derive.cube import DESCRIPTION
from entropice.derive.terrain_features import reduce_terrain, terrain_features
from entropice.zonal.bounds import Bounds

PIXEL_M, RADIUS_M = 500.0, 1500.0
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


@pytest.mark.parametrize("block_px", [7, 16, 31])
def test_the_cut_into_blocks_does_not_change_results(block_px):
    whole = reduce_terrain(read, [WORLD], CELLS, PIXEL_M, RADIUS_M)
    tiled = reduce_terrain(read, blocks_of(block_px), CELLS, PIXEL_M, RADIUS_M)

    for layer, expected in zip(tiled, whole, strict=True):
        np.testing.assert_allclose(layer.count, expected.count, atol=1e-9)
        np.testing.assert_allclose(layer.means, expected.means, atol=1e-3, rtol=1e-5)
        np.testing.assert_allclose(layer.standard_deviations, expected.standard_deviations, atol=1e-3, rtol=1e-5)


def test_features_describe_themselves_and_are_unknown_where_nothing_is_known():
    features = terrain_features(reduce_terrain(read, [WORLD], CELLS, PIXEL_M, RADIUS_M))

    for feature in features:
        assert set(feature.description) == set(DESCRIPTION)
        assert all(feature.description.values())
        assert feature.cell_values.shape == (len(CELLS),)
        is_outside = shapely.get_x(shapely.centroid(CELLS)) > 40_000
        np.testing.assert_array_equal(np.isnan(feature.cell_values), is_outside)


def test_a_south_facing_slope_east_of_greenland_is_southern_in_every_cell():
    # At longitude 45° E true south is the direction of +x; heights fall along it.
    bounds = Bounds(1_000_000.0, -5_000.0, 1_010_000.0, 5_000.0)
    cell = np.array([shapely.box(1_002_000, -2_000, 1_008_000, 2_000)], dtype=object)

    def falling(window: Bounds) -> np.ndarray:
        n_rows, n_columns = window.shape(PIXEL_M)
        x_m = window.left_m + (np.arange(n_columns) + 0.5) * PIXEL_M
        return np.tile(-0.1 * (x_m - 1e6), (n_rows, 1)).astype(np.float32)

    moments = reduce_terrain(falling, [bounds], cell, PIXEL_M, RADIUS_M)
    values = {feature.name: feature.cell_values.item() for feature in terrain_features(moments)}

    assert values["northness_mean"] == pytest.approx(-1, abs=1e-4)
    assert values["eastness_mean"] == pytest.approx(0, abs=2e-3)
    assert values["slope_mean_deg"] == pytest.approx(np.degrees(np.arctan(0.1)), abs=1e-3)
    assert values["elevation_mean_m"] == pytest.approx(-500, abs=0.1)
    assert values["tpi_sd_m"] == pytest.approx(0, abs=0.05)

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Transformer
from scipy.sparse import csr_matrix

from entropice.dggs import equal_area_m2, parse_grid
from entropice.errors import SchemaError
from entropice.zonal import lonlat_weights as lonlat
from entropice.zonal.lonlat_weights import lonlat_weights, overlap_areas_m2, weighted_means

TO_POLAR = Transformer.from_crs("EPSG:6931", "EPSG:3413", always_xy=True)
TO_POLAR = Transformer.from_crs("EPSG:4326", "EPSG:3413", always_xy=True)


def global_axes(step_deg: float, min_lat_deg: float = 45.0) -> tuple[np.ndarray, np.ndarray]:
    return np.arange(-180, 180, step_deg), np.arange(min_lat_deg, 90 + step_deg / 2, step_deg)


def box_on_ground(west: float, south: float, east: float, north: float, n_steps: int = 200) -> shapely.Polygon:
    along = np.linspace(west, east, n_steps)
    up = np.linspace(south, north, n_steps)
    ring = np.concatenate(
        [
            np.column_stack([along, np.full(n_steps, south)]),
            np.column_stack([np.full(n_steps, east), up]),
            np.column_stack([along[::-1], np.full(n_steps, north)]),
            np.column_stack([np.full(n_steps, west), up[::-1]]),
        ]
    )
    return shapely.Polygon(np.column_stack(TO_POLAR.transform(*ring.T)))


def cell_array(*polygons) -> np.ndarray:
    return np.array(polygons, dtype=object)


@pytest.mark.parametrize("key", ["h3_3", "healpix_6"])
def test_rows_sum_to_one_everywhere_pole_and_antimeridian_included(key):
    grid = parse_grid(key)
    ids = grid.cells_north_of(75.0)
    lon_deg, lat_deg = global_axes(1.5)

    weights = lonlat_weights(lon_deg, lat_deg, grid.polygons(ids))

    np.testing.assert_allclose(np.asarray(weights.sum(axis=1)).ravel(), 1.0, atol=1e-12)
    assert weights.data.min() > 0


@pytest.mark.parametrize("key", ["h3_3", "healpix_6"])
def test_boxes_cover_the_cells_without_gap_or_overlap(key):
    grid = parse_grid(key)
    polygons = grid.polygons(grid.cells_north_of(80.0))

    overlap_m2 = overlap_areas_m2(*global_axes(1.0), polygons)

    np.testing.assert_allclose(np.asarray(overlap_m2.sum(axis=1)).ravel(), equal_area_m2(polygons), rtol=1e-6)


def test_hand_worked_cell_over_two_boxes_weighs_by_area():
    lon_deg, lat_deg = global_axes(2.0, 60.0)
    cell = box_on_ground(-1.0, 70.0, 1.0, 72.0)  # half of the box row around 70°, half of the row around 72°

    weights = lonlat_weights(lon_deg, lat_deg, cell_array(cell)).toarray().reshape(len(lat_deg), len(lon_deg))

    # on a sphere the areas are as the differences of sines; the ellipsoid moves the shares by less than 1e-3
    sines = np.sin(np.radians([70.0, 71.0, 72.0]))
    shares = np.diff(sines) / (sines[2] - sines[0])
    column = int(np.flatnonzero(lon_deg == 0.0)[0])
    np.testing.assert_allclose(weights[5:7, column], shares, atol=1e-3)
    assert np.count_nonzero(weights > 1e-4) == 2


def test_a_cell_across_the_antimeridian_uses_both_sides_only():
    lon_deg, lat_deg = np.arange(-179.5, 180, 1.0), np.arange(60.5, 90, 1.0)

    weights = lonlat_weights(lon_deg, lat_deg, cell_array(box_on_ground(179.0, 70.0, 181.0, 71.0))).toarray()

    used = lon_deg[np.flatnonzero(weights[0] > 1e-4) % len(lon_deg)]
    assert sorted(set(used.tolist())) == [-179.5, 179.5]
    assert weights[0][weights[0] > 1e-4] == pytest.approx([0.5, 0.5], abs=1e-3)


def test_the_pole_is_shared_equally_by_all_longitudes_of_the_last_row():
    lon_deg, lat_deg = global_axes(10.0, 40.0)
    cap = shapely.Point(0.0, 0.0).buffer(200_000.0, quad_segs=90)

    weights = lonlat_weights(lon_deg, lat_deg, cell_array(cap)).toarray().reshape(len(lat_deg), len(lon_deg))

    np.testing.assert_allclose(weights[-1], 1 / 36, rtol=1e-3)
    assert weights[:-1].sum() == pytest.approx(0.0, abs=1e-9)


@pytest.mark.parametrize("key", ["h3_5", "healpix_8"])
def test_fine_cells_around_the_pole_keep_their_area_to_the_last_digits(key):
    grid = parse_grid(key)
    polygons = grid.polygons(grid.cells_north_of(89.0))
    planar_m2 = shapely.area(
        shapely.transform(
            polygons, Transformer.from_crs("EPSG:3413", "EPSG:6931", always_xy=True).transform, interleaved=False
        )
    )

    overlap_m2 = overlap_areas_m2(*global_axes(0.25, 80.0), polygons)

    np.testing.assert_allclose(np.asarray(overlap_m2.sum(axis=1)).ravel(), planar_m2, rtol=1e-11)
    assert overlap_m2.data.min() > 0


def test_a_cell_outside_a_regional_grid_has_no_weight_and_a_mean_of_nan():
    lon_deg, lat_deg = np.arange(0.0, 20.0, 1.0), np.arange(60.0, 70.0, 1.0)
    cells = cell_array(box_on_ground(100.0, 65.0, 101.0, 66.0), box_on_ground(5.0, 65.0, 6.0, 66.0))

    weights = lonlat_weights(lon_deg, lat_deg, cells)

    np.testing.assert_array_equal(np.isnan(weighted_means(weights, np.ones(200))), [True, False])


@pytest.mark.parametrize(
    ("lon_deg", "lat_deg", "field"),
    [
        ([0.0, 1.0, 3.0], [60.0, 61.0], "lon"),
        ([0.0, 1.0], [61.0, 60.0], "lat"),
        ([0.0], [60.0, 61.0], "lon"),
    ],
    ids=["uneven", "descending", "one value"],
)
def test_an_irregular_axis_is_refused(lon_deg, lat_deg, field):
    cells = cell_array(box_on_ground(0.0, 60.0, 1.0, 61.0))

    with pytest.raises(SchemaError) as caught:
        lonlat_weights(np.array(lon_deg), np.array(lat_deg), cells)

    assert caught.value.field == field


@given(
    values=st.lists(st.one_of(st.floats(-100, 100), st.just(np.nan)), min_size=4, max_size=4),
    shares=st.lists(st.floats(0.01, 1), min_size=4, max_size=4),
)
def test_mean_ignores_unknown_points_and_stays_between_the_known(values, shares):
    values, shares = np.array(values), np.array(shares)

    mean = weighted_means(csr_matrix(shares / shares.sum()), values).item()

    known = np.isfinite(values)
    if not known.any():
        assert np.isnan(mean)
    else:
        assert mean == pytest.approx(np.average(values[known], weights=shares[known]), abs=1e-9)


matrices = st.integers(0, 2**32 - 1).map(lambda seed: random_weights(np.random.default_rng(seed)))


def random_weights(random, n_cells=9, n_points=13) -> csr_matrix:
    """Rows that sum to 1; the last one is empty."""
    shares = random.random((n_cells, n_points)) * (random.random((n_cells, n_points)) < 0.4)
    shares[:, 0] += 0.01
    shares[-1] = 0
    sums = shares.sum(axis=1, keepdims=True)
    return csr_matrix(np.divide(shares, sums, out=np.zeros_like(shares), where=sums > 0))


@given(weights=matrices, constant=st.floats(-1e6, 1e6))
def test_a_constant_field_stays_constant(weights, constant):
    means = weighted_means(weights, np.full((13, 3), constant))

    np.testing.assert_allclose(means[:-1], constant, rtol=1e-13, atol=1e-300)
    assert np.isnan(means[-1]).all()


@given(weights=matrices, seed=st.integers(0, 99), factor=st.floats(-100, 100))
def test_means_are_linear_in_the_values(weights, seed, factor):
    a, b = np.random.default_rng(seed).normal(size=(2, 13, 4))

    np.testing.assert_allclose(
        weighted_means(weights, a + factor * b)[:-1],
        (weighted_means(weights, a) + factor * weighted_means(weights, b))[:-1],
        atol=1e-10 * (1 + abs(factor)),
    )


@given(weights=matrices, seed=st.integers(0, 99), unknown_share=st.sampled_from([0.05, 0.5, 1.0]))
def test_unknown_points_lose_their_weight_at_their_times_only(weights, seed, unknown_share):
    random = np.random.default_rng(seed)
    values = random.normal(size=(13, 5)).astype(np.float32)
    values[random.random(values.shape) < unknown_share] = random.choice([np.nan, np.inf, -np.inf])
    known = np.isfinite(values)

    means = weighted_means(weights, values)

    weight = weights.toarray() @ known
    expected = np.full(weight.shape, np.nan)
    np.divide(weights.toarray() @ np.where(known, values, 0.0), weight, out=expected, where=weight > 0)
    np.testing.assert_allclose(means, expected, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_means_go_where_they_shall_and_do_not_depend_on_parts(dtype, monkeypatch):
    weights = random_weights(np.random.default_rng(0))
    values = np.random.default_rng(1).normal(size=(13, 6)).astype(np.float32)
    out = np.empty((9, 6), dtype)
    fresh = weighted_means(weights, values)

    monkeypatch.setattr(lonlat, "N_PARTS", 3)

    assert weighted_means(weights, values, out) is out
    np.testing.assert_array_equal(out, fresh.astype(dtype))


@pytest.mark.parametrize("shape", [(8,), (8, 3)], ids=["once", "over time"])
def test_without_cells_there_are_no_means(shape):
    lon_deg, lat_deg = np.array([0.0, 10.0, 20.0, 30.0]), np.array([70.0, 71.0])
    weights = lonlat_weights(lon_deg, lat_deg, np.array([], dtype=object))

    assert weighted_means(weights, np.ones(shape)).shape == (0, *shape[1:])


def test_means_go_into_what_fortran_laid_out():
    weights, values = random_weights(np.random.default_rng(0)), np.random.default_rng(1).normal(size=(13, 6))
    out = np.empty((9, 6), order="F")

    np.testing.assert_array_equal(weighted_means(weights, values, out), weighted_means(weights, values))


@pytest.mark.parametrize("order", [slice(None), slice(None, None, -1)])
def test_a_mean_has_the_same_bytes_after_a_neighbour_with_gaps(order):
    weights = random_weights(np.random.default_rng(0))[order]
    values = np.random.default_rng(1).normal(size=(13, 6))
    values[np.random.default_rng(2).random(values.shape) < 0.1] = np.nan

    together = weighted_means(weights, values)

    for cell in range(weights.shape[0]):
        np.testing.assert_array_equal(weighted_means(weights[cell], values), together[cell : cell + 1])


def test_what_fortran_laid_out_is_averaged_alike():
    weights = random_weights(np.random.default_rng(0))
    values = np.random.default_rng(1).normal(size=(6, 13)).T

    np.testing.assert_array_equal(weighted_means(weights, values), weighted_means(weights, values.copy()))


@pytest.mark.parametrize(
    ("values", "out", "field"),
    [
        pytest.param(np.zeros((12, 2)), None, "values", id="another grid"),
        pytest.param(np.zeros((13, 2, 2)), None, "values", id="two dimensions too many"),
        pytest.param(np.zeros((13, 2)), np.zeros((9, 3)), "out", id="no room"),
    ],
)
def test_values_that_do_not_fit_the_weights_are_refused(values, out, field):
    with pytest.raises(SchemaError) as caught:
        weighted_means(random_weights(np.random.default_rng(0)), values, out)

    assert caught.value.field == field


def test_columns_of_time_are_independent():
    weights = csr_matrix([[0.5, 0.5]])

    means = weighted_means(weights, np.array([[1.0, np.nan], [3.0, 5.0]]))

    np.testing.assert_allclose(means, [[2.0, 5.0]])

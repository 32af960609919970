from fractions import Fraction

import numpy as np
import pytest
import shapely
from hypothesis import assume, given
from hypothesis import strategies as st
from pyproj import Transformer
from rasterio.transform import Affine, from_origin

from entropice.dggs import parse_grid
from entropice.dggs.polar import project
from entropice.errors import GridError, SchemaError
from entropice.zonal.coverage import Coverage, cell_coverage

UNIT = from_origin(0.0, 4.0, 1.0, 1.0)
SHAPE = (4, 5)

TRANSFORMS = {
    "north up": from_origin(0.0, 4.0, 1.0, 1.0),
    "bottom up": Affine(1, 0, 0, 0, 1, 0),
    "mirrored": Affine(-1, 0, 5, 0, -1, 4),
    "oblong pixels off the origin": Affine(0.7, 0, -0.35, 0, -1.3, 4.1),
}


def dense(coverage: Coverage) -> np.ndarray:
    """Weight of every pixel in every cell, shape (n_cells, n_rows, n_columns)."""
    weights = np.zeros((coverage.n_cells, *coverage.shape))
    for cell in range(coverage.n_cells):
        for k in range(*coverage.run_starts[cell : cell + 2]):
            weights[cell, coverage.runs.row[k], coverage.runs.first[k] : coverage.runs.stop[k]] += 1
        for k in range(*coverage.border_starts[cell : cell + 2]):
            weights[cell, coverage.borders.row[k], coverage.borders.column[k]] += coverage.borders.weight[k]
    return weights


def total(coverage: Coverage) -> np.ndarray:
    """Sum of the weights of every pixel, shape (n_rows, n_columns)."""
    edges = np.zeros((coverage.shape[0], coverage.shape[1] + 1))
    np.add.at(edges, (coverage.runs.row, coverage.runs.first), 1)
    np.add.at(edges, (coverage.runs.row, coverage.runs.stop), -1)
    weights = edges.cumsum(axis=1)[:, :-1]
    np.add.at(weights, (coverage.borders.row, coverage.borders.column), coverage.borders.weight)
    return weights


def by_clipping(polygons, transform: Affine, shape: tuple[int, int]) -> np.ndarray:
    """The same by plain polygon clipping, pixel by pixel."""
    rows, columns = np.indices(shape)
    corners = [transform * (columns + right, rows + down) for right, down in [(0, 0), (1, 0), (1, 1), (0, 1)]]
    pixels = shapely.polygons(np.stack([np.stack(corner, axis=-1) for corner in corners], axis=-2))
    shared = shapely.area(shapely.intersection(np.asarray(polygons, dtype=object)[:, None, None], pixels))
    return shared / abs(transform.determinant)


def by_rational_clipping(ring) -> np.ndarray:
    """The same on `UNIT` in exact rational numbers, the ring clipped by each side of each pixel (Sutherland–Hodgman).

    For vertices that GEOS cannot tell apart, such as 1e-99 and 0.
    """
    points = [(Fraction(x), SHAPE[0] - Fraction(y)) for x, y in ring]
    weights = np.zeros(SHAPE)
    for row, column in np.ndindex(SHAPE):
        part = points
        for axis, limit, sign in [(0, column, 1), (0, column + 1, -1), (1, row, 1), (1, row + 1, -1)]:
            part = half_plane(part, axis, limit, sign)
        following = part[1:] + part[:1]
        weights[row, column] = sum(x0 * y1 - x1 * y0 for (x0, y0), (x1, y1) in zip(part, following, strict=True)) / 2
    return np.abs(weights)


def half_plane(points, axis: int, limit: int, sign: int):
    kept = []
    for start, end in zip(points, points[1:] + points[:1], strict=True):
        depth, depth_of_end = sign * (start[axis] - limit), sign * (end[axis] - limit)
        if depth >= 0:
            kept.append(start)
        if depth * depth_of_end < 0:
            share = depth / (depth - depth_of_end)
            kept.append(tuple(a + share * (b - a) for a, b in zip(start, end, strict=True)))
    return kept


def coverage_of(*polygons, transform=UNIT, shape=SHAPE) -> Coverage:
    return cell_coverage(np.array(polygons, dtype=object), transform, shape)


def test_hand_worked_triangle_by_halves_and_eighths():
    # the triangle (1, 1) (3, 1) (1, 3): one whole pixel, two halves on the diagonal
    weights = dense(coverage_of(shapely.Polygon([(1, 1), (3, 1), (1, 3)])))[0]

    np.testing.assert_array_equal(weights, [[0, 0, 0, 0, 0], [0, 0.5, 0, 0, 0], [0, 1, 0.5, 0, 0], [0, 0, 0, 0, 0]])


def test_hand_worked_box_inside_pixels():
    # 1.5–3.25 × 0.5–2.75, row 0 at the top: columns weigh 1/2, 1, 1/4 and rows 0, 3/4, 1, 1/2
    weights = dense(coverage_of(shapely.box(1.5, 0.5, 3.25, 2.75)))[0]

    np.testing.assert_array_equal(weights, np.outer([0, 0.75, 1, 0.5], [0, 0.5, 1, 0.25, 0]))


def test_a_box_on_pixel_edges_has_whole_pixels_only():
    coverage = coverage_of(shapely.box(1, 1, 4, 3))

    assert len(coverage.borders.row) == 0
    np.testing.assert_array_equal(coverage.runs.row, [1, 2])
    np.testing.assert_array_equal(coverage.runs.first, [1, 1])
    np.testing.assert_array_equal(coverage.runs.stop, [4, 4])


def test_a_sliver_counts_and_rounding_does_not():
    sliver, rounding = shapely.box(1, 1, 1 + 1e-8, 2), shapely.box(1, 1, 1 + 1e-12, 2)
    almost_whole = shapely.box(1 + 1e-12, 1, 2, 2)

    coverage = coverage_of(sliver, rounding, almost_whole)

    np.testing.assert_array_equal(coverage.border_starts, [0, 1, 1, 1])
    np.testing.assert_array_equal(coverage.run_starts, [0, 0, 0, 1])
    assert coverage.borders.weight.item() == pytest.approx(1e-8, rel=1e-6)


def test_concave_corners_inside_one_row_split_it():
    # a comb: three teeth in row 1, its back in row 2
    comb = shapely.Polygon([(0, 1), (5, 1), (5, 3), (4, 3), (4, 2.25), (3, 2.25), (3, 3), (2, 2.5), (1, 3), (0, 2)])

    np.testing.assert_allclose(dense(coverage_of(comb)), by_clipping([comb], UNIT, SHAPE), atol=1e-12)


def test_holes_and_parts_count():
    ring = shapely.Polygon(shapely.box(0.5, 0.5, 4.5, 3.5).exterior, [shapely.box(1.5, 1.25, 3, 2).exterior])
    parts = shapely.MultiPolygon([shapely.box(0, 0, 1.5, 1), shapely.box(2.5, 2.5, 4, 4)])

    np.testing.assert_allclose(dense(coverage_of(ring, parts)), by_clipping([ring, parts], UNIT, SHAPE), atol=1e-12)


def test_a_cell_around_the_whole_tile_is_one_run_a_row():
    coverage = coverage_of(shapely.box(-10, -10, 30, 20))

    assert len(coverage.runs.row) == SHAPE[0]
    np.testing.assert_array_equal(total(coverage), np.ones(SHAPE))


@pytest.mark.parametrize(
    "polygon",
    [
        pytest.param(shapely.box(-3, 0, 0, 4), id="touches the left edge"),
        pytest.param(shapely.box(5, 0, 8, 4), id="touches the right edge"),
        pytest.param(shapely.box(0, 4, 5, 8), id="touches the top edge"),
        pytest.param(shapely.box(0, -4, 5, 0), id="touches the bottom edge"),
        pytest.param(shapely.box(1e6, 1e6, 1e6 + 9, 1e6 + 9), id="far away"),
        pytest.param(shapely.Polygon(), id="empty"),
    ],
)
def test_a_cell_outside_the_tile_has_no_pixels(polygon):
    coverage = coverage_of(polygon)

    assert coverage.n_cells == 1
    assert len(coverage.runs.row) == len(coverage.borders.row) == 0


def test_no_cells_have_no_pixels():
    assert coverage_of().n_cells == 0


coordinate = st.one_of(
    st.floats(-3, 8), st.integers(-1, 6).map(float), st.sampled_from([1e-60, 2.5, 4 - 1e-15, 5 + 1e-13])
)

thousandth = st.integers(-3_000, 8_000).map(lambda thousandths: thousandths / 1000)


@given(corners=st.lists(st.tuples(coordinate, coordinate), min_size=3, max_size=8))
def test_equals_exact_clipping_of_every_pixel_for_any_simple_ring(corners):
    polygon = shapely.Polygon(corners)
    assume(polygon.is_valid)

    weights = dense(coverage_of(polygon))[0]

    np.testing.assert_allclose(weights, by_rational_clipping(corners), atol=1e-9)


@pytest.mark.parametrize("transform", TRANSFORMS.values(), ids=TRANSFORMS.keys())
@given(corners=st.lists(st.tuples(thousandth, thousandth), min_size=3, max_size=9))
def test_equals_clipping_in_every_orientation_of_the_raster(transform, corners):
    polygon = shapely.Polygon(corners)
    assume(polygon.is_valid)

    weights = dense(coverage_of(polygon, transform=transform))

    np.testing.assert_allclose(weights, by_clipping([polygon], transform, SHAPE), atol=1e-9)


@given(points=st.lists(st.tuples(coordinate, coordinate), min_size=1, max_size=8))
def test_weights_of_a_tessellation_add_up_to_one(points):
    frame = np.array([(-20.0, -20.0), (30.0, -20.0), (30.0, 20.0), (-20.0, 20.0)])
    everything = shapely.MultiPoint(np.vstack([frame, np.array(points)]))
    triangles = shapely.get_parts(shapely.delaunay_triangles(everything))

    coverage = cell_coverage(triangles, UNIT, SHAPE)

    np.testing.assert_allclose(total(coverage), 1.0, atol=1e-9)


@given(
    row=st.integers(1, 3),
    column=st.integers(1, 4),
    corners=st.lists(st.tuples(coordinate, coordinate), min_size=3, max_size=6),
)
def test_tiles_of_a_cut_raster_have_the_weights_of_the_whole(row, column, corners):
    polygon = shapely.Polygon(corners)
    assume(polygon.is_valid)
    whole = dense(coverage_of(polygon))

    parts = [
        [
            dense(coverage_of(polygon, transform=UNIT * Affine.translation(left, top), shape=(n_rows, n_columns)))
            for left, n_columns in [(0, column), (column, SHAPE[1] - column)]
        ]
        for top, n_rows in [(0, row), (row, SHAPE[0] - row)]
    ]

    np.testing.assert_allclose(np.block(parts), whole, atol=1e-9)


def test_runs_and_border_pixels_are_ordered_and_each_pixel_occurs_once():
    corners = np.random.default_rng(0).uniform(-1, 6, size=(200, 3, 2))
    coverage = cell_coverage(shapely.polygons(corners), UNIT, SHAPE)

    for cell in range(coverage.n_cells):
        runs, borders = (slice(*starts[cell : cell + 2]) for starts in (coverage.run_starts, coverage.border_starts))
        inside = [
            (row, column)
            for row, first, stop in zip(*(part[runs].tolist() for part in coverage.runs), strict=True)
            for column in range(first, stop)
        ]
        partial = list(
            zip(coverage.borders.row[borders].tolist(), coverage.borders.column[borders].tolist(), strict=True)
        )
        assert inside == sorted(inside)
        assert partial == sorted(partial)
        assert len({*inside, *partial}) == len(inside) + len(partial)
        assert all(0 <= row < SHAPE[0] and 0 <= column < SHAPE[1] for row, column in inside + partial)


@pytest.mark.parametrize("key", ["h3_3", "h3_4", "healpix_6"])
@pytest.mark.parametrize(
    ("lon_deg", "lat_deg"), [pytest.param(0.0, 90.0, id="pole"), pytest.param(180.0, 66.0, id="antimeridian")]
)
def test_every_pixel_at_the_pole_and_the_antimeridian_is_covered_once(key, lon_deg, lat_deg):
    (x_m, y_m), size_m, n = project(np.array([lon_deg]), np.array([lat_deg]))[0], 1_000.0, 501
    transform = from_origin(x_m - n * size_m / 2, y_m + n * size_m / 2, size_m, size_m)
    grid = parse_grid(key)
    cells = grid.cells_north_of(max(50.0, lat_deg - 12.0))
    centres_m = project(*grid.centres(cells))
    is_near = np.hypot(*(centres_m - [x_m, y_m]).T) < n * size_m + grid.reach_m

    coverage = cell_coverage(grid.polygons(cells[is_near]), transform, (n, n))

    np.testing.assert_allclose(total(coverage), 1.0, atol=1e-9)


@pytest.mark.parametrize(
    ("key", "size_m"),
    [("h3_5", 300.0), ("h3_6", 100.0), ("healpix_8", 500.0), ("healpix_9", 250.0), ("healpix_10", 100.0)],
)
@pytest.mark.parametrize(
    ("lon_deg", "lat_deg"),
    [
        pytest.param(0.0, 90.0, id="pole"),
        pytest.param(180.0, 66.0, id="antimeridian"),
        pytest.param(45.0, 68.0, id="base pixels meet"),
    ],
)
def test_fine_cells_cover_every_pixel_once_too(key, size_m, lon_deg, lat_deg):
    (x_m, y_m), n = project(np.array([lon_deg]), np.array([lat_deg]))[0], 400
    transform = from_origin(x_m - n * size_m / 2 + 0.25, y_m + n * size_m / 2, size_m, size_m)

    coverage = cell_coverage(cells_near(parse_grid(key), lat_deg, (x_m, y_m), n * size_m), transform, (n, n))

    np.testing.assert_allclose(total(coverage), 1.0, atol=1e-9)


def cells_near(grid, lat_deg, centre_m, size_m):
    """Polygons of the cells around a square."""
    reach_deg = (size_m + grid.reach_m) / 1.1e5
    cells = grid.cells_north_of(lat_deg - 1 - reach_deg)
    offset_m = np.abs(project(*grid.centres(cells)) - centre_m).max(axis=1)
    return grid.polygons(cells[offset_m < size_m / 2 + 2 * grid.reach_m])


def test_cells_tessellate_a_bottom_up_utm_tile_across_the_antimeridian():
    grid, n, size_m = parse_grid("h3_4"), 400, 300.0
    cells = grid.cells_north_of(64.0)
    lon_deg, lat_deg = grid.centres(cells)
    cells = cells[(np.abs(lon_deg) > 170) & (lat_deg < 69)]
    to_utm = Transformer.from_crs("EPSG:3413", "EPSG:32601", always_xy=True).transform
    polygons = shapely.transform(grid.polygons(cells), to_utm, interleaved=False)
    left_m, bottom_m = Transformer.from_crs("EPSG:4326", "EPSG:32601", always_xy=True).transform(180.0, 66.0)
    transform = Affine(size_m, 0, left_m - n * size_m / 2, 0, size_m, bottom_m)

    coverage = cell_coverage(polygons, transform, (n, n))

    np.testing.assert_allclose(total(coverage), 1.0, atol=1e-9)


@pytest.mark.parametrize(
    "transform",
    [
        pytest.param(Affine.rotation(10), id="rotated"),
        pytest.param(Affine(0, 0, 0, 0, -1, 0), id="no width"),
        pytest.param(Affine(1, 0, float("nan"), 0, -1, 0), id="no place"),
    ],
)
def test_a_raster_off_the_axes_is_refused(transform):
    with pytest.raises(SchemaError, match="axes of its CRS"):
        coverage_of(shapely.box(0, 0, 1, 1), transform=transform)


@pytest.mark.parametrize("shape", [(0, 5), (4, -1), (4, 2**31)])
def test_a_shape_without_pixels_is_refused(shape):
    with pytest.raises(SchemaError, match="no shape of a raster tile"):
        coverage_of(shapely.box(0, 0, 1, 1), shape=shape)


@pytest.mark.parametrize("geometry", [shapely.Point(0, 0), shapely.LineString([(0, 0), (1, 1)]), None])
def test_a_cell_that_is_no_polygon_is_refused_with_its_position(geometry):
    with pytest.raises(GridError, match="position 1"):
        coverage_of(shapely.box(0, 0, 1, 1), geometry)


def test_a_vertex_at_infinity_is_refused_with_its_cell():
    with pytest.raises(GridError, match="position 1"):
        coverage_of(shapely.box(0, 0, 1, 1), shapely.Polygon([(0, 0), (1, np.inf), (1, 0)]))

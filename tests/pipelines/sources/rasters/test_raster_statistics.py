"""Rasters on cells: hand-worked numbers, exactextract's, and the same field in any CRS."""

import geopandas as gpd
import numpy as np
import pytest
import rasterio
import shapely
from cell_frames import cell_frame
from exactextract import exact_extract
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Transformer
from raster_files import cells_around, field, grid_around, write_raster
from rasterio.transform import Affine, from_origin

from entropice.derive.cube import cell_cube
from entropice.dggs.polar import equal_area_m2
from entropice.pipelines.sources.rasters import reduction
from entropice.pipelines.sources.rasters.features import gather, keys_of, raster_features
from entropice.pipelines.sources.rasters.headers import read_band
from entropice.pipelines.sources.rasters.parameters import RasterFile, RasterParameters
from entropice.pipelines.sources.rasters.placement import place

PLACES = {"Banks Island": (-120.0, 70.0), "across ±180°": (180.0, 70.0), "around the pole": (0.0, 90.0)}
POLAR_AND_LOCAL = ["EPSG:3413", "EPSG:6931", "EPSG:3575", "EPSG:3408", "EPSG:32609", "EPSG:4326", "EPSG:4258"]
BOUND = "+proj=cea +lat_ts=30 +ellps=WGS84 +towgs84=0,0,0 +units=m"
CUT = ["EPSG:3978", "EPSG:6933", "EPSG:3857", "ESRI:54008", "EPSG:2964", BOUND]
STEP_DEG = 0.02
TEN_M = from_origin(0.0, 40.0, 10.0, 10.0)


def squares(*boxes):
    """Cells of EPSG:3413, from bounds."""
    return cell_frame(range(1, len(boxes) + 1), [shapely.box(*box) for box in boxes])


def one(**keys):
    return {"file": "a.tif", "name": "a", "unit": "1", "statistic": "mean"} | keys


def in_crs(folder, crs, cells, of, name="a.tif"):
    """A field written in `crs` around the cells: the whole circle on longitude and latitude."""
    if crs in {"EPSG:4326", "EPSG:4258"}:
        transform, shape = from_origin(-180.0, 90.0, STEP_DEG, STEP_DEG), (1200, round(360 / STEP_DEG))
    else:
        transform, shape = grid_around(cells, crs, 8000.0 if crs == "EPSG:2964" else 2000.0)
    write_raster(folder / name, field(crs, transform, shape, of).astype(np.float32), transform, crs)
    return name


def smooth(lon_deg, lat_deg):
    """A plane in a polar CRS: the same everywhere, the pole and ±180° included."""
    return np.cos(np.radians(lat_deg)) * np.sin(np.radians(lon_deg)) * 100.0


def test_every_statistic_is_that_of_the_pixels(folder, features):
    """One cell of 1 × 4 pixels of 10 m, moved east by a quarter: weights ¾ and ¼ in each row.

    Row values (1, 5), (2, 6), (3, 7), (4, 8): weights sum to 4, mean = ¾ · 2.5 + ¼ · 6.5 = 3.5;
    mean of squares = (¾ · 30 + ¼ · 174) / 4 = 16.5, so the variance is 16.5 − 12.25 = 4.25.
    """
    write_raster(folder / "a.tif", np.array([[1, 5], [2, 6], [3, 7], [4, 8]], np.float32), TEN_M)
    statistics = ["mean", "sd", "min", "max", "range", "known_fraction"]

    cube = features(squares((2.5, 0, 12.5, 40)), one(unit="m", statistic=statistics))

    found = {name: values.item() for name, values in cube.data_vars.items()}
    assert found == pytest.approx(
        {
            "a_mean_m": 3.5, "a_sd_m": np.sqrt(4.25), "a_min_m": 1, "a_max_m": 8, "a_range_m": 7, "a_known_fraction": 1,
        }
    )  # fmt: skip


def test_median_and_quantiles_are_those_of_numpy_where_pixels_weigh_the_same(folder, features):
    values = np.random.default_rng(0).normal(size=(40, 30)).astype(np.float32)
    write_raster(folder / "a.tif", values, TEN_M)

    cube = features(squares((0, -360, 300, 40)), one(statistic=["median", "q05", "q90"]), block_px=64)

    for name, probability in [("median", 0.5), ("q05", 0.05), ("q90", 0.9)]:
        assert cube[f"a_{name}"].item() == pytest.approx(np.quantile(values, probability), abs=1e-6)


@pytest.mark.parametrize("crs", ["EPSG:3413", "EPSG:6931", "EPSG:32609"])
def test_statistics_on_a_projected_raster_are_those_of_exactextract(folder, features, monkeypatch, crs):
    monkeypatch.setattr(reduction, "WINDOW_VALUES", 5000)
    cells = cells_around(-120.0, 70.0)
    transform, shape = grid_around(cells, crs, 2000.0, margin=-20)
    values = np.random.default_rng(1).normal(10, 3, shape).astype(np.float32)
    values[20:40, 30:50] = -9999
    path = write_raster(
        folder / "a.tif", values, transform, crs, nodata=-9999, tiled=True, blockxsize=16, blockysize=16
    )
    fine = gpd.GeoDataFrame(geometry=shapely.segmentize(cells.geometry.to_numpy(), 2000.0), crs="EPSG:3413").to_crs(crs)
    peer = exact_extract(
        str(path), fine, ["mean", "stdev", "min", "max", "median", "quantile(q=0.9)", "count"], output="pandas"
    )

    cube = features(
        cells, one(statistic=["mean", "sd", "min", "max", "median", "q90", "known_fraction"]),
        min_known_fraction=1e-9, block_px=64,
    )  # fmt: skip

    known = peer["count"] * 2000.0**2 / fine.area
    assert ((known > 0) & (known < 0.99)).sum() > 3
    pairs = zip(["mean", "sd", "min", "max", "median", "q90"], peer.columns, strict=False)
    for ours, theirs in pairs:
        np.testing.assert_allclose(cube[f"a_{ours}"], peer[theirs].where(known > 0), rtol=1e-6, err_msg=ours)
    np.testing.assert_allclose(cube["a_known_fraction"], known, atol=1e-9)


@pytest.mark.parametrize("place_name", PLACES)
@pytest.mark.parametrize("crs", POLAR_AND_LOCAL)
def test_a_field_has_the_same_means_in_any_crs(folder, features, crs, place_name):
    """Pixels of 2 km differ in place, so means differ by what a field of 1.6 units per 100 km does in a pixel."""
    cells = cells_around(*PLACES[place_name])
    in_crs(folder, "EPSG:3413", cells, smooth)
    in_crs(folder, crs, cells, smooth, "b.tif")

    cube = features(cells, one(statistic=["mean", "known_fraction"]), one(file="b.tif", name="b"))

    np.testing.assert_allclose(cube["a_known_fraction"], 1.0, atol=1e-9)
    np.testing.assert_allclose(cube["b_mean"], cube["a_mean"], atol=2e-3)


@pytest.mark.parametrize("place_name", ["Banks Island", "across ±180°"])
@pytest.mark.parametrize("crs", CUT)
def test_a_crs_that_is_cut_along_a_meridian_has_whole_cells(folder, features, crs, place_name):
    """Scale changes within a cell on these maps, most on EPSG:3857: up to 1 % of the range in a cell."""
    cells = cells_around(*PLACES[place_name])
    in_crs(folder, "EPSG:3413", cells, smooth)
    in_crs(folder, crs, cells, smooth, "b.tif")

    cube = features(
        cells, one(statistic=["mean", "range"]), one(file="b.tif", name="b", statistic=["mean", "known_fraction"])
    )

    np.testing.assert_allclose(cube["b_known_fraction"], 1.0, atol=1e-6)
    assert (np.abs(cube["b_mean"] - cube["a_mean"]) < 0.01 * cube["a_range"]).all()


@pytest.mark.parametrize("crs", [*POLAR_AND_LOCAL, *CUT])
def test_a_constant_raster_is_that_constant_in_every_cell_it_covers(folder, features, crs):
    cells = cells_around(180.0, 70.0)
    in_crs(folder, crs, cells, lambda lon, lat: np.full_like(lon, 7.25))

    cube = features(cells, one(statistic=["mean", "sd", "min", "median"]))

    np.testing.assert_allclose(
        cube.to_array(), np.array([7.25, 0, 7.25, 7.25])[:, None].repeat(len(cells), 1), atol=1e-9
    )


def test_pixels_of_longitude_and_latitude_weigh_their_true_area(folder, features):
    """A cell between parallels: the mean latitude of its ground lies south of its middle."""
    meridians, parallels = np.linspace(10.0, 20.0, 201), (70.0, 80.0)
    edge = np.concatenate(
        [np.column_stack([meridians, np.full(201, 70.0)]), np.column_stack([meridians[::-1], np.full(201, 80.0)])]
    )
    polygon = shapely.Polygon(
        np.column_stack(Transformer.from_crs("EPSG:4326", "EPSG:3413", always_xy=True).transform(*edge.T))
    )
    cells = cell_frame([1], [polygon])
    transform, shape = from_origin(0.0, 85.0, 0.05, 0.05), (400, 500)
    write_raster(folder / "a.tif", field("EPSG:4326", transform, shape), transform, "EPSG:4326")

    (mean_deg,) = features(cells, one(unit="degree"))["a_mean_deg"]

    middles = np.radians(np.arange(parallels[0] + 0.0005, parallels[1], 0.001))
    expected = np.degrees((middles * np.cos(middles)).sum() / np.cos(middles).sum())
    assert mean_deg.item() == pytest.approx(expected, abs=0.01)
    assert mean_deg.item() < 74.8


def test_weights_on_longitude_and_latitude_add_up_to_the_true_area_of_the_cells(folder):
    cells = cells_around(0.0, 90.0)
    in_crs(folder, "EPSG:4326", cells, smooth)
    band = read_band(folder, RasterFile(**one()))

    coverage = place(band, cells.geometry.to_numpy()).weights(rasterio.windows.Window(0, 0, 18000, 400))

    areas_m2 = np.add.reduceat(coverage.borders.weight, coverage.border_starts[:-1])
    np.testing.assert_allclose(areas_m2, equal_area_m2(cells.geometry.to_numpy()), rtol=1e-5)


@pytest.mark.parametrize("west_deg", [-180.0, 0.0, 100.0])
@pytest.mark.parametrize("is_bottom_up", [False, True], ids=["north up", "bottom up"])
def test_it_does_not_matter_where_a_circle_of_longitudes_begins_nor_which_way_rows_go(
    folder, features, west_deg, is_bottom_up
):
    cells = cells_around(100.0, 74.0)
    transform, shape = from_origin(west_deg, 90.0, 0.1, 0.1), (250, 3600)
    values = field("EPSG:4326", transform, shape, smooth)
    bottom_up = Affine(0.1, 0, west_deg, 0, 0.1, 65.0)
    write_raster(
        folder / "a.tif",
        values[::-1] if is_bottom_up else values,
        bottom_up if is_bottom_up else transform,
        "EPSG:4326",
    )
    write_raster(
        folder / "b.tif",
        field("EPSG:4326", from_origin(-180, 90, 0.1, 0.1), shape, smooth),
        from_origin(-180, 90, 0.1, 0.1),
        "EPSG:4326",
    )

    cube = features(
        cells, one(statistic=["mean", "median"]), one(file="b.tif", name="b", statistic=["mean", "median"]), block_px=64
    )

    np.testing.assert_allclose(cube["a_mean"], cube["b_mean"], rtol=1e-9)
    np.testing.assert_allclose(cube["a_median"], cube["b_median"], rtol=1e-6)


def test_a_rotated_raster_is_read_without_resampling(folder, features):
    cells = cells_around(-120.0, 70.0)
    (upright, shape), angle_deg = grid_around(cells, "EPSG:3413", 2000.0, margin=60), 30.0
    middle = upright * (shape[1] / 2, shape[0] / 2)
    turned = Affine.rotation(angle_deg, middle) * upright
    write_raster(folder / "a.tif", field("EPSG:3413", upright, shape, smooth), upright)
    write_raster(folder / "b.tif", field("EPSG:3413", turned, shape, smooth), turned)

    cube = features(cells, one(), one(file="b.tif", name="b"))

    np.testing.assert_allclose(cube["b_mean"], cube["a_mean"], atol=1e-3)


def test_blocks_and_windows_change_nothing(folder, features, monkeypatch):
    cells = cells_around(180.0, 70.0)
    for number, crs in enumerate(["EPSG:3413", "EPSG:4326", "EPSG:6933"]):
        in_crs(folder, crs, cells, smooth, f"{number}.tif")
    files = [
        one(file=f"{number}.tif", name=f"r{number}", statistic=["mean", "sd", "median", "known_fraction"])
        for number in range(3)
    ]
    whole = features(cells, *files, block_px=16384)
    monkeypatch.setattr(reduction, "WINDOW_VALUES", 3000)

    cut = features(cells, *files, block_px=64)

    assert len(features.plan(cells, *files, block_px=64).tiles) > len(
        features.plan(cells, *files, block_px=16384).tiles
    )
    for name in whole.data_vars:
        np.testing.assert_allclose(cut[name], whole[name], rtol=1e-9, atol=1e-9, err_msg=name)


def test_a_tile_stays_below_the_memory_it_declares(folder, features):
    import tracemalloc

    cells = cells_around(180.0, 70.0, 400_000.0)
    for crs in ("EPSG:3413", "EPSG:4326"):
        in_crs(folder, crs, cells, smooth)
        plan = features.plan(cells, one(statistic=["mean", "median"]), block_px=256)
        tile = max(plan.tiles, key=lambda each: each.n_values)
        plan.reduce(plan.shared, tile.task)

        tracemalloc.start()
        plan.reduce(plan.shared, tile.task)
        _, peak_bytes = tracemalloc.get_traced_memory()
        tracemalloc.stop()

        assert peak_bytes < tile.n_bytes, crs


@given(
    codes=st.lists(st.sampled_from([1, 2, 3, 7, -4, 255]), min_size=16, max_size=16),
    left_m=st.floats(0, 20), bottom_m=st.floats(0, 20),
)  # fmt: skip
def test_shares_of_categories_add_up_to_1_where_they_are_known(tmp_path_factory, codes, left_m, bottom_m):
    folder = tmp_path_factory.mktemp("categories")
    write_raster(folder / "a.tif", np.array(codes, np.int16).reshape(4, 4), TEN_M, nodata=255)
    parameters = RasterParameters(files=[{"file": "a.tif", "name": "a", "categorical": {1: "peat", 2: "sand"}}])
    cells = squares((left_m, bottom_m, left_m + 17.0, bottom_m + 13.0))
    layer = reduction.Layer(read_band(folder, parameters.files[0]), parameters.files[0])
    group = reduction.CellGroup(0, np.array([0]), (rasterio.windows.Window(0, 0, 4, 4),))

    tile = reduction.group_statistics(reduction.Rasters((layer,), cells.geometry.to_numpy()), group)
    statistics = gather([tile], parameters.files, keys_of([tile], parameters.files), 1)

    cube = cell_cube(raster_features(statistics, parameters, [2021]), cells, {}, [2021], 1e-9)
    shares = np.array([feature.item() for feature in cube.data_vars.values()])
    assert len(shares) == 3
    if statistics[0].known_fraction.item() > 0:
        assert shares.sum() == pytest.approx(1.0, abs=1e-9)
        assert (shares >= 0).all()
    else:
        assert np.isnan(shares).all()


def test_cells_larger_than_a_block_are_whole(folder, features):
    values = np.random.default_rng(0).normal(size=(300, 400)).astype(np.float32)
    write_raster(folder / "a.tif", values, from_origin(0.0, 3000.0, 10.0, 10.0))
    cells = squares((0, 0, 2000, 3000), (2000, 0, 4000, 3000))

    cube = features(cells, one(statistic=["mean", "median"]), block_px=64)

    halves = values[:, :200], values[:, 200:]
    np.testing.assert_allclose(cube["a_mean"], [half.mean() for half in halves], atol=1e-6)
    np.testing.assert_allclose(cube["a_median"], [np.median(half) for half in halves], atol=1e-6)

"""Embeddings from files to features, through the datasets between the nodes."""

import pickle
import tracemalloc

import numpy as np
import pytest
import shapely
from cell_frames import cell_frame
from embedding_tiles import flat, random_codes, tile, write
from pydantic import ValidationError
from pyproj import Transformer

from entropice.derive.embeddings.moments import code_values
from entropice.dggs import parse_grid
from entropice.dggs.polar import equal_area_m2
from entropice.errors import FeatureError, SchemaError
from entropice.io import EmbeddingFilesDataset, TileResultsDataset
from entropice.pipelines.sources.alphaearth.nodes import derive_embeddings, plan_embeddings
from entropice.pipelines.sources.alphaearth.parameters import EmbeddingParameters

GRID = "h3_3"
N_PX, PIXEL_M = 64, 10_240.0
SQUARE = {"left_m": 500_000.0 - N_PX * PIXEL_M / 2, "south_m": 7_700_000.0, "pixel_m": PIXEL_M}
"""Twice as wide as a zone is at 72° N: its pixels reach far into both neighbours."""


def cells_around(lon_deg, lat_deg, radius_m=250_000.0):
    grid = parse_grid(GRID)
    ids = grid.cells_north_of(66.0)
    polygons = grid.polygons(ids)
    point = shapely.Point(Transformer.from_crs("EPSG:4326", "EPSG:3413", always_xy=True).transform(lon_deg, lat_deg))
    near = np.sort(shapely.STRtree(polygons).query(point.buffer(radius_m), predicate="contains"))
    return cell_frame(ids[near], polygons[near])


def features(folder, cells, years=(2021,), resolution_m=PIXEL_M, year_lag=0, min_known_fraction=1e-9):
    """The cube, and the plan behind it."""
    parameters = EmbeddingParameters(resolution_m=resolution_m, year_lag=year_lag)
    files = EmbeddingFilesDataset(filepath=str(folder)).load()
    plan = plan_embeddings(files, cells, list(years), parameters)
    moments = TileResultsDataset(filepath=str(folder.parent / f"{folder.name}_moments"))
    moments.save(plan)
    cube = derive_embeddings(moments.load(), cells, GRID, list(years), min_known_fraction, parameters).whole()
    return cube, plan


def share_west_of(meridian_deg, cells):
    """Share of each cell's area on the western side: in a polar azimuthal CRS a meridian is a ray from the pole."""
    polar = Transformer.from_crs("EPSG:4326", "EPSG:3413", always_xy=True)
    near, far, west = (polar.transform(lon, lat) for lon, lat in [
        (meridian_deg, 89.99), (meridian_deg, 60.0), (meridian_deg - 60.0, 60.0),
    ])  # fmt: skip
    wedge = shapely.Polygon([near, far, west])
    polygons = cells.geometry.to_numpy()
    return np.clip(equal_area_m2(shapely.intersection(polygons, wedge)) / equal_area_m2(polygons), 0, 1)


@pytest.mark.parametrize(("west", "east", "meridian_deg"), [(32, 33, 12.0), (60, 1, 180.0)], ids=["12° E", "±180°"])
@pytest.mark.parametrize("up", [False, True], ids=["top-down", "bottom-up"])
def test_no_ground_counts_twice_where_zones_overlap(tmp_path, west, east, meridian_deg, up):
    folder = write(
        tmp_path / "alphaearth",
        tile(flat(51), zone=west, up=up, **SQUARE),
        tile(flat(102), zone=east, up=not up, **SQUARE),
    )
    cells = cells_around(meridian_deg, 72.0)
    share = share_west_of(meridian_deg, cells)
    is_crossed = (share > 0.01) & (share < 0.99)

    cube, _ = features(folder, cells)

    mean = cube["embedding_05_mean"].sel(year=2021).to_numpy()
    assert is_crossed.sum() > 2
    assert share.max() > 0.99
    assert share.min() < 0.01
    np.testing.assert_allclose(mean, 0.16 * share + 0.64 * (1 - share), atol=1e-3)
    spread = cube["embedding_05_sd"].sel(year=2021).to_numpy()
    np.testing.assert_allclose(spread, 0.48 * np.sqrt(share * (1 - share)), atol=1e-3)


def test_files_of_either_orientation_give_the_same_features(tmp_path):
    codes = random_codes(N_PX)
    cells = cells_around(15.0, 72.0, 120_000.0)

    down, _ = features(write(tmp_path / "down", tile(codes, **SQUARE)), cells)
    up, _ = features(write(tmp_path / "up", tile(codes, up=True, **SQUARE)), cells)

    assert np.isfinite(down["embedding_norm"]).all()
    for name in down.data_vars:
        np.testing.assert_allclose(up[name], down[name], atol=1e-12)


def test_files_cut_into_squares_give_the_same_features(tmp_path):
    codes = random_codes(N_PX)
    cells = cells_around(15.0, 72.0, 120_000.0)
    half_m = N_PX // 2 * PIXEL_M
    quarters = [
        tile(
            codes[:, rows * 32 : rows * 32 + 32, columns * 32 : columns * 32 + 32],
            left_m=SQUARE["left_m"] + columns * half_m,
            south_m=SQUARE["south_m"] + (1 - rows) * half_m,
            pixel_m=PIXEL_M,
            name=f"q{rows}{columns}",
        )
        for rows in (0, 1)
        for columns in (0, 1)
    ]

    whole, _ = features(write(tmp_path / "whole", tile(codes, **SQUARE)), cells)
    cut, plan = features(write(tmp_path / "cut", *quarters), cells)

    assert len(plan.tiles) > 1
    for name in whole.data_vars:
        np.testing.assert_allclose(cut[name], whole[name], atol=1e-10)


def test_masked_pixels_and_cells_without_a_file_are_unknown(tmp_path):
    codes = flat(51)
    codes[:, :, : N_PX // 2] = -128
    cells = cells_around(15.0, 72.0, 600_000.0)
    folder = write(tmp_path / "alphaearth", tile(codes, **SQUARE))

    cube, _ = features(folder, cells)

    x, _ = Transformer.from_crs("EPSG:3413", "EPSG:32633", always_xy=True).transform(
        *shapely.get_coordinates(shapely.centroid(cells.geometry.to_numpy())).T
    )
    mean = cube["embedding_05_mean"].sel(year=2021).to_numpy()
    assert np.isnan(mean[x < 440_000]).all()
    assert np.isnan(mean[x > 700_000]).all()
    np.testing.assert_allclose(mean[~np.isnan(mean)], 0.16)
    assert not np.isnan(mean[(x > 560_000) & (x < 580_000)]).any()


def test_a_coarser_resolution_reads_the_overview(tmp_path):
    codes = flat(102)
    codes[:, ::2, ::2] = flat(51)[:, ::2, ::2]  # all that the overviews of these files hold
    cells = cells_around(15.0, 72.0, 120_000.0)
    folder = write(tmp_path / "alphaearth", tile(codes, **SQUARE))

    cube, plan = features(folder, cells, resolution_m=2 * PIXEL_M)

    np.testing.assert_allclose(cube["embedding_05_mean"].sel(year=2021), 0.16)
    assert plan.n_values == 64 * (N_PX // 2) ** 2
    with pytest.raises(SchemaError, match="resolution"):
        features(folder, cells, resolution_m=PIXEL_M / 2)


@pytest.mark.parametrize("year_lag", [0, 1, 2])
def test_a_label_year_sees_the_composite_of_its_own_year_or_an_earlier_one(tmp_path, year_lag):
    codes = {2019: 20, 2020: 40, 2021: 60, 2022: 80}
    folder = write(tmp_path / "alphaearth", *(tile(flat(code), year=year, **SQUARE) for year, code in codes.items()))
    cells = cells_around(15.0, 72.0, 120_000.0)

    cube, plan = features(folder, cells, years=(2021, 2022), year_lag=year_lag)

    assert len(plan.tiles) == 1
    for year in (2021, 2022):
        expected = code_values()[codes[year - year_lag] + 128]
        np.testing.assert_allclose(cube["embedding_05_mean"].sel(year=year), expected)
    assert {feature.attrs["years"] for feature in cube.data_vars.values()} == {"y" if not year_lag else f"y-{year_lag}"}


def test_a_later_year_changes_nothing(tmp_path):
    cells = cells_around(15.0, 72.0, 120_000.0)
    now = tile(random_codes(N_PX), year=2021, **SQUARE)

    alone, _ = features(write(tmp_path / "alone", now), cells)
    followed, _ = features(write(tmp_path / "followed", now, tile(flat(7), year=2022, **SQUARE)), cells)

    assert followed.identical(alone)


def test_a_square_without_one_of_the_years_is_unknown_in_that_year(tmp_path):
    folder = write(
        tmp_path / "alphaearth",
        tile(flat(51), year=2021, **SQUARE),
        tile(flat(51), year=2022, **(SQUARE | {"south_m": 9_000_000.0})),
    )

    cube, _ = features(folder, cells_around(15.0, 72.0, 120_000.0), years=(2021, 2022))

    np.testing.assert_allclose(cube["embedding_05_mean"].sel(year=2021), 0.16)
    assert np.isnan(cube["embedding_05_mean"].sel(year=2022)).all()
    assert np.isnan(cube["embedding_norm"].sel(year=2022)).all()


def test_a_year_the_source_lacks_is_refused(tmp_path):
    folder = write(tmp_path / "alphaearth", tile(flat(51), year=2021, **SQUARE))

    with pytest.raises(FeatureError, match="2020"):
        features(folder, cells_around(15.0, 72.0), years=(2021,), year_lag=1)


def test_tasks_are_small_and_say_what_they_cost(tmp_path):
    folder = write(tmp_path / "alphaearth", tile(flat(51), **SQUARE), tile(flat(51), zone=34, **SQUARE))

    _, plan = features(folder, cells_around(18.0, 72.0))

    assert [tile.key for tile in plan.tiles] == ["33n_x172320_y7700000_down", "34n_x172320_y7700000_down"]
    for task in plan.tiles:
        assert len(pickle.dumps(task)) < 4000
        assert task.n_values == 64 * N_PX**2
        assert task.n_bytes > 2 * task.n_values


def test_a_worker_gets_everything_it_needs_and_yields_the_same_bytes(tmp_path):
    folder = write(tmp_path / "alphaearth", tile(random_codes(N_PX), **SQUARE))
    _, plan = features(folder, cells_around(15.0, 72.0, 120_000.0))
    reduce, shared, task = pickle.loads(pickle.dumps((plan.reduce, plan.shared, plan.tiles[0].task)))  # noqa: S301

    there, here = reduce(shared, task), plan.reduce(plan.shared, plan.tiles[0].task)

    assert list(there) == list(here) == ["rows", "years", "count", "mean", "squared_deviations"]
    assert all(there[name].tobytes() == here[name].tobytes() for name in here)


def test_a_tile_stays_below_the_memory_it_declares(tmp_path):
    folder = write(tmp_path / "alphaearth", tile(random_codes(4 * N_PX), **(SQUARE | {"pixel_m": PIXEL_M / 4})))
    _, plan = features(folder, cells_around(15.0, 72.0), resolution_m=PIXEL_M / 4)
    plan.reduce(plan.shared, plan.tiles[0].task)

    tracemalloc.start()
    plan.reduce(plan.shared, plan.tiles[0].task)
    _, peak_bytes = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert peak_bytes < plan.tiles[0].n_bytes


@pytest.mark.parametrize("change", [{"resolution_m": 0.0}, {"year_lag": -1}, {"year_lag": 1.0}, {"resolution": 80.0}])
def test_wrong_parameters_are_refused(change):
    with pytest.raises(ValidationError):
        EmbeddingParameters(**{"resolution_m": 80.0, "year_lag": 0} | change)

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from pydantic import ValidationError
from pyproj import Transformer

from entropice.derive.embeddings.moments import code_values
from entropice.raster.utm_zones import zone_lon_deg
from entropice.virtual_arctic.embedding_tiles import embedding_tiles, pyramid, quantised
from entropice.virtual_arctic.lattice import lattice_of
from entropice.virtual_arctic.terrain import build_terrain

TILES = {"embedding_tiles": {"pixel_m": 10240, "tile_px": 32}}
TINY = TILES | {"extent": {"left_m": -1600000, "bottom_m": 1280000, "right_m": -1280000, "top_m": 1600000}}


@pytest.fixture(scope="module")
def small(make_world):
    """The world of the other tests, in small files."""
    return make_world(**TILES)


@pytest.fixture(scope="module")
def tiles(terrain, small):
    return list(embedding_tiles(terrain, small))


def northern_row_first(tile):
    codes = tile.levels[0]
    return codes[:, ::-1] if tile.is_bottom_up else codes


def places(tile):
    """x and y (EPSG:3413), longitude and latitude of the pixel centres, northern row first."""
    n_px = tile.levels[0].shape[1]
    top_m = tile.first_row_m + (n_px * tile.pixel_size_m if tile.is_bottom_up else 0)
    steps_m = (np.arange(n_px) + 0.5) * tile.pixel_size_m
    utm = np.meshgrid(tile.left_m + steps_m, top_m - steps_m)
    return [Transformer.from_crs(tile.crs, to, always_xy=True).transform(*utm) for to in ("EPSG:3413", "EPSG:4326")]


def beyond_zone_deg(tile, lon_deg):
    west_deg, east_deg = zone_lon_deg(tile.zone)
    return np.abs((lon_deg - (west_deg + east_deg) / 2 + 180) % 360 - 180) - 3


def test_every_label_year_has_a_file_in_every_square(tiles, small):
    years = {}
    for tile in tiles:
        years.setdefault((tile.zone, tile.name), []).append(tile.year)

    assert all(found == list(small.label_years) for found in years.values())
    assert len({(tile.year, tile.zone, tile.name) for tile in tiles}) == len(tiles)
    assert {1, 60} <= {tile.zone for tile in tiles}


def test_some_files_run_from_south_to_north(tiles):
    assert {tile.is_bottom_up for tile in tiles} == {True, False}


def test_vectors_have_length_one_and_masks_cover_all_bands(tiles):
    for tile in tiles:
        for level in tile.levels:
            is_masked = level == -128
            assert (is_masked.all(axis=0) == is_masked.any(axis=0)).all()
            lengths = np.linalg.norm(code_values()[level[:, ~is_masked[0]].astype(int) + 128], axis=0)
            np.testing.assert_allclose(lengths, 1, atol=0.01)


def test_only_land_is_known_and_nearly_all_of_it(tiles, terrain):
    lattice, land = lattice_of(terrain), terrain["land"].to_numpy()
    n_known = n_land = 0
    for tile in tiles:
        (x_m, y_m), (lon_deg, _) = places(tile)
        rows, columns = (np.rint(at).astype(int) for at in lattice.rows_and_columns(x_m, y_m))
        inside = (rows >= 0) & (rows < lattice.n_rows) & (columns >= 0) & (columns < lattice.n_columns)
        is_land = inside & land[np.where(inside, rows, 0), np.where(inside, columns, 0)]
        is_known = northern_row_first(tile)[0] != -128
        assert not (is_known & ~is_land).any()
        in_zone = is_land & (beyond_zone_deg(tile, lon_deg) < 0)
        n_known, n_land = n_known + (is_known & in_zone).sum(), n_land + in_zone.sum()
    assert 0.9 < n_known / n_land < 1


def test_files_reach_a_little_into_the_next_zone(tiles):
    reach_deg = [beyond_zone_deg(tile, places(tile)[1][0])[northern_row_first(tile)[0] != -128] for tile in tiles]

    assert 0.1 < np.concatenate(reach_deg).max() <= 0.2


def test_the_index_bounds_stay_in_the_zone(tiles):
    for tile in tiles:
        west_deg, south_deg, east_deg, north_deg = tile.lon_lat_bounds_deg
        assert zone_lon_deg(tile.zone)[0] <= west_deg < east_deg <= zone_lon_deg(tile.zone)[1]
        assert 60 < south_deg < north_deg < 90


def test_a_place_keeps_its_look_from_year_to_year(tiles):
    """Vectors of one place in two years are far closer than those of two places."""
    fullest = max(tiles, key=lambda tile: (tile.levels[0] != -128).sum())
    first, second = [tile for tile in tiles if tile.name == fullest.name][:2]
    known = (first.levels[0][0] != -128) & (second.levels[0][0] != -128)
    one, other = (code_values()[tile.levels[0][:, known].astype(int) + 128] for tile in (first, second))

    same_place = (one * other).sum(axis=0).mean()
    other_place = (one * np.roll(other, 50, axis=1)).sum(axis=0).mean()

    assert other_place + 0.1 < same_place < 0.999


def test_the_same_seed_makes_the_same_files_and_another_seed_others(make_world):
    first, again, other = (everything(make_world(seed=seed, **TINY)) for seed in (5, 5, 6))

    assert first.keys() == again.keys()
    assert all(np.array_equal(first[name], again[name]) for name in first)
    shared = first.keys() & other.keys()
    assert shared
    assert not any(np.array_equal(first[name], other[name]) for name in shared)


def everything(world):
    tiles = embedding_tiles(build_terrain(world), world)
    return {
        (tile.year, tile.zone, tile.name, level): codes for tile in tiles for level, codes in enumerate(tile.levels)
    }


@given(codes=arrays(np.int8, (64, 5), elements=st.integers(-127, 127)))
def test_codes_survive_their_values(codes):
    np.testing.assert_array_equal(quantised(code_values()[codes.astype(int) + 128].astype(np.float32)), codes)


@given(values=arrays(np.float32, 20, elements=st.floats(-1, 1, width=32)))
def test_values_are_coded_to_the_nearest_root(values):
    back = code_values()[quantised(values).astype(int) + 128]

    assert np.isfinite(back).all()
    roots, found = np.sqrt(np.abs(values)), np.sqrt(np.abs(back))
    assert (np.abs(roots - found) <= 0.5001 / 127.5 + 1e-6).all()


def test_what_is_unknown_is_masked():
    assert quantised(np.array([np.nan, 0.0, 1.0, -1.0], np.float32)).tolist() == [-128, 0, 127, -127]


def test_an_overview_is_the_mean_of_the_known_vectors_at_length_one():
    random = np.random.default_rng(0)
    vectors = random.standard_normal((64, 32, 32)).astype(np.float32)
    vectors[:, :5, :3] = np.nan

    levels = pyramid(vectors)

    assert [level.shape[1] for level in levels] == [32, 16, 8]
    block = vectors[:, 4:8, 0:4].reshape(64, -1)
    mean = np.nanmean(block, axis=1)
    np.testing.assert_allclose(levels[2][:, 1, 0], mean / np.linalg.norm(mean), atol=1e-5)
    assert np.isnan(levels[2][:, 0, 0]).any() == np.isnan(vectors[:, :4, :4]).all()
    assert np.isnan(levels[1][:, 0, 0]).all()


@pytest.mark.parametrize("tile_px", [0, 3, 100])
def test_a_side_that_cannot_be_halved_is_refused(make_world, tile_px):
    with pytest.raises(ValidationError):
        make_world(embedding_tiles={"pixel_m": 10240, "tile_px": tile_px})

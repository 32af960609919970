import numpy as np
import pytest

from entropice.virtual_arctic.elevation_tiles import cut_tiles


@pytest.fixture(scope="module")
def tiles(terrain, world):
    return list(cut_tiles(terrain, world))


@pytest.fixture(scope="module")
def mosaic(tiles, world):
    values = np.full((1280, 1280), np.nan, np.float32)
    n_written = np.zeros(values.shape, int)
    for tile in tiles:
        row = round((world.extent.top_m - tile.top_m) / tile.pixel_size_m)
        column = round((tile.left_m - world.extent.left_m) / tile.pixel_size_m)
        place = (slice(row, row + tile.values.shape[0]), slice(column, column + tile.values.shape[1]))
        values[place] = tile.values
        n_written[place] += 1
    return values, n_written


def test_tiles_abut_and_have_names_of_their_own(tiles, mosaic):
    assert mosaic[1].max() == 1
    assert len({tile.name for tile in tiles}) == len(tiles)
    assert all(tile.values.dtype == np.float32 for tile in tiles)


def test_sea_has_no_data_and_land_has(mosaic, terrain):
    land = terrain["land"].to_numpy().repeat(2, 0).repeat(2, 1)
    assert (np.isfinite(mosaic[0]) == land).all()


def test_pixels_average_to_the_base_elevation(mosaic, terrain):
    land = terrain["land"].to_numpy()
    mean = mosaic[0].reshape(640, 2, 640, 2).mean(axis=(1, 3))
    difference = (mean - terrain["elevation_m"].to_numpy())[land]
    assert abs(difference.mean()) < 0.3
    assert difference.std() < 0.1 * terrain["elevation_m"].to_numpy()[land].std()


def test_there_is_no_step_at_a_seam(mosaic):
    steps = np.abs(np.diff(mosaic[0], axis=1))
    assert np.nanmedian(steps[:, 599]) < 2 * np.nanmedian(steps)

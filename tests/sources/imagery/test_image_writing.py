from dataclasses import replace

import numpy as np
import pytest
import rasterio
from hypothesis import given, settings
from hypothesis import strategies as st

from entropice.errors import InputFileError, SchemaError
from entropice.imagery.samples import Image, Place
from entropice.sources.imagery.products import FIVE_BANDS
from entropice.sources.imagery.reading import read_image, read_label
from entropice.sources.imagery.writing import write_tile

FILES = ("tile.tif", "tile_dem.tif", "tile_udm2.tif", "tile_label.tif")


def test_a_tile_comes_back_as_it_was(tile, image, place, label):
    again, at = read_image(tile, FIVE_BANDS)
    assert again.bands == image.bands
    np.testing.assert_array_equal(again.valid, image.valid)
    np.testing.assert_allclose(again.values[:5], image.values[:5], atol=1e-7)
    np.testing.assert_array_equal(again.values[5], image.values[5])
    assert at.in_year(2022, tile) == place
    target, scored = read_label(tile.with_name("tile_label.tif"), at)
    np.testing.assert_array_equal(target, label == 1)
    np.testing.assert_array_equal(scored, label != 255)


@settings(max_examples=20)
@given(values=st.lists(st.floats(1e-7, 1.6), min_size=64, max_size=64), seed=st.integers(0, 99))
def test_no_known_reflectance_becomes_unknown(tmp_path_factory, values, seed):
    """Half a ten-thousandth is what rounding may change, and 0 means unknown."""
    square = np.array(values, dtype=np.float32).reshape(1, 8, 8)
    valid = np.random.default_rng(seed).uniform(size=(6, 8, 8)) < 0.9
    bands = np.concatenate([np.repeat(square, 5, 0), square * 0])
    bands[:5, 0, 0], valid[:, 0, 0], bands[:5, 0, 1], valid[:, 0, 1] = 0.3, True, 0.1, True
    small = Image((*FIVE_BANDS.bands, "elevation"), np.where(valid, bands, 0).astype(np.float32), valid)
    stem = tmp_path_factory.mktemp("tile") / "tile"
    write_tile(stem, small, Place(-3.0, 24.0, 3.0, 8, 2022), np.zeros((8, 8), dtype=np.uint8))
    stem.with_name("tile_udm2.tif").unlink()
    again, _ = read_image(stem.with_suffix(".tif"), FIVE_BANDS)
    np.testing.assert_array_equal(again.valid, valid)
    np.testing.assert_allclose(again.values[:5][valid[:5]], bands[:5][valid[:5]], atol=1.01e-4)


def test_equal_tiles_are_equal_bytes(tile, tmp_path, image, place, label):
    write_tile(tmp_path / "again" / "tile", image, place, label)
    for name in FILES:
        assert (tmp_path / "again" / name).read_bytes() == tile.with_name(name).read_bytes()


def test_files_say_what_they_hold(tile):
    with rasterio.open(tile) as file:
        assert file.descriptions == ("blue", "green", "red", "rededge", "nir")
        assert (file.dtypes[0], file.nodata, file.crs.to_epsg()) == ("uint16", 0, 3413)
        assert file.transform[:6] == (3, 0, -1_400_001, 0, -3, 1_099_998)
    with rasterio.open(tile.with_name("tile_dem.tif")) as file:
        assert (file.dtypes, file.nodata, file.read(1)[0, 0]) == (("float32",), -9999, -9999)
    with rasterio.open(tile.with_name("tile_udm2.tif")) as file:
        assert set(np.unique(file.read(1))) == {0, 1}
        assert (file.read(1) == 0).sum() == 12


def test_a_tile_below_clouds_alone_comes_back_without_values(tmp_path, image, place, label):
    valid = image.valid.copy()
    valid[:5] = False
    write_tile(tmp_path / "tile", replace(image, valid=valid), place, label)
    again, _ = read_image(tmp_path / "tile.tif", FIVE_BANDS)
    assert not again.valid[:5].any()
    assert (again.values[:5] == 0).all()
    np.testing.assert_array_equal(again.valid[5], valid[5])


@pytest.mark.parametrize("field", ["bands", "image", "label"])
def test_what_does_not_fit_is_not_written(tmp_path, image, place, label, field):
    wrong = {
        "bands": (replace(image, bands=("ndvi", *image.bands[1:])), label),
        "image": (replace(image, values=image.values[:, :8]), label),
        "label": (image, label.astype(np.int64)),
    }
    with pytest.raises(SchemaError) as caught:
        write_tile(tmp_path / "tile", wrong[field][0], place, wrong[field][1])
    assert caught.value.field == field
    assert not list(tmp_path.iterdir())


def test_labels_of_other_values_are_not_written(tmp_path, image, place, label):
    with pytest.raises(InputFileError, match="values that mean nothing"):
        write_tile(tmp_path / "tile", image, place, label + np.uint8(1))
    assert not list(tmp_path.iterdir())

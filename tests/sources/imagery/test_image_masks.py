"""What headers and neighbouring files say of a pixel, beyond its number."""

import numpy as np
import pytest
import rasterio

from entropice.errors import InputFileError
from entropice.sources.imagery.beside import usable_mask
from entropice.sources.imagery.products import FIVE_BANDS
from entropice.sources.imagery.reading import read_image, read_label


def edited(path, **attributes):
    with rasterio.open(path, "r+") as file:
        for name, value in attributes.items():
            setattr(file, name, value)
    return path


def masked(path, rows):
    """A mask of the whole file that hides some of its rows, whatever numbers they hold."""
    with rasterio.Env(GDAL_TIFF_INTERNAL_MASK=True), rasterio.open(path, "r+") as file:
        mask = np.full(file.shape, 255, dtype=np.uint8)
        mask[rows] = 0
        file.write_mask(mask)
    return path


def with_bands(path, n_bands):
    with rasterio.open(path) as source:
        band, profile = source.read(1), source.profile
    path.unlink()
    with rasterio.open(path, "w", **{**profile, "count": n_bands}) as file:
        file.write(np.repeat(band[None], n_bands, axis=0))
    return path


def test_pixels_that_a_file_s_own_mask_hides_are_not_valid(tile, image):
    masked(tile, slice(0, 6))
    masked(tile.with_name("tile_dem.tif"), slice(20, 24))
    again, _ = read_image(tile, FIVE_BANDS)
    expected = image.valid.copy()
    expected[:5, :6] = False
    expected[5, 20:] = False
    np.testing.assert_array_equal(again.valid, expected)
    assert (again.values[~expected] == 0).all()


HEADERS = {
    "decimetres by a scale": ({"scales": (0.1,)}, "scale, offset", "0.1, 0"),
    "an offset": ({"offsets": (-100.0,)}, "scale, offset", "1, -100"),
    "feet": ({"units": ("ft",)}, "unit", "ft"),
    "degrees": ({"units": ("degree",)}, "unit", "degree"),
    "0 unknown": ({"nodata": 0}, "nodata", "0.0"),
    "NaN unknown": ({"nodata": float("nan")}, "nodata", "nan"),
}


@pytest.mark.parametrize("case", HEADERS)
def test_heights_whose_header_says_that_they_are_no_metres_are_refused(tile, case):
    attributes, field, got = HEADERS[case]
    path = edited(tile.with_name("tile_dem.tif"), **attributes)
    with pytest.raises(InputFileError) as caught:
        read_image(tile, FIVE_BANDS)
    error = caught.value
    assert (error.path, error.field, str(error.got)) == (str(path), field, got)
    assert error.fix


@pytest.mark.parametrize("unit", ["m", "metre", "Meters"])
def test_metres_have_several_spellings(tile, image, unit):
    edited(tile.with_name("tile_dem.tif"), units=(unit,))
    again, _ = read_image(tile, FIVE_BANDS)
    np.testing.assert_array_equal(again.values[5], image.values[5])


@pytest.mark.parametrize("ending", ["dem", "label"])
def test_several_bands_where_one_is_meant_are_refused(tile, ending):
    _, place = read_image(tile, FIVE_BANDS)
    path = with_bands(tile.with_name(f"tile_{ending}.tif"), 2)
    with pytest.raises(InputFileError, match="several bands") as caught:
        read_image(tile, FIVE_BANDS)
        read_label(path, place)
    assert (caught.value.path, caught.value.field, caught.value.got) == (str(path), "bands", 2)


PUBLISHED = {
    "20220801_203045_12_2423_3B_AnalyticMS_SR_8b_harmonized_clip.tif": "20220801_203045_12_2423_3B_udm2_clip.tif",
    "20220801_203045_12_2423_3B_AnalyticMS_SR_8b.tif": "20220801_203045_12_2423_3B_udm2.tif",
    "20200801_203045_1012_3B_AnalyticMS_SR.tif": "20200801_203045_1012_3B_udm2.tif",
}


@pytest.mark.parametrize(("name", "mask"), PUBLISHED.items())
def test_masks_are_found_under_their_publisher_s_names(tile, name, mask):
    """Eight bands of which the first says clear; a cloud that is not found is taken for ground."""
    published = tile.rename(tile.with_name(name))
    cloudy = with_bands(tile.with_name("tile_udm2.tif").rename(tile.with_name(mask)), 8)
    with rasterio.open(cloudy, "r+") as file:
        clear = file.read()
        clear[0, 15:] = 0
        file.write(clear)
    again, _ = read_image(published, FIVE_BANDS)
    assert usable_mask(published) == cloudy
    assert again.valid[:, :3].all()
    assert not again.valid[:, 15:].any()


def test_no_other_file_is_a_mask(tile):
    assert usable_mask(tile) == tile.with_name("tile_udm2.tif")
    tile.with_name("tile_udm2.tif").unlink()
    assert usable_mask(tile) is None

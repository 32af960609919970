"""Scenes of MODIS in true colour as NASA hands them out: what is read, and what is refused."""

import pytest

from entropice.errors import InputFileError
from entropice.sources.imagery.products import TRUE_COLOUR
from entropice.sources.imagery.reading import read_image


@pytest.fixture
def folder(shared_data):
    return shared_data / "imagery" / "modis_sea_ice"


@pytest.mark.parametrize("satellite", ["aqua", "terra"])
def test_a_scene_lies_right_to_a_sixth_of_a_pixel(folder, satellite):
    image, place = read_image(folder / f"20220914.{satellite}.truecolor.250m.tiff", TRUE_COLOUR)
    assert (image.values.shape, place.crs) == ((3, 403, 1052), "EPSG:3413")
    assert image.valid.all()
    right_m = 381695.25 + 1052 * 255.90980038022812
    assert abs(place.left_m + 1052 * place.pixel_m - right_m) < place.pixel_m / 6


def test_transparency_of_a_scene_is_no_band(folder):
    image, _ = read_image(folder / "latlon_test_image-2020-06-21T00_00_00Z.tif", TRUE_COLOUR)
    assert (image.bands, image.values.shape) == (("red", "green", "blue"), (3, 549, 577))


@pytest.mark.parametrize(
    ("file", "field", "got"),
    [
        ("466-sea_of_okhostk-100km-20040421.terra.truecolor.250m.tiff", "CRS", "none"),
        ("landmask.tiff", "bands", "3 equal bands"),
    ],
)
def test_a_picture_without_a_place_and_a_mask_are_refused(folder, file, field, got):
    with pytest.raises(InputFileError) as refused:
        read_image(folder / file, TRUE_COLOUR)
    assert (refused.value.field, refused.value.got) == (field, got)
    assert refused.value.fix

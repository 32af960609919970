from pathlib import Path

import numpy as np
import pytest
import rasterio
from hypothesis import given, settings
from hypothesis import strategies as st
from rasterio.enums import ColorInterp
from rasterio.transform import Affine, from_origin

from entropice.errors import InputFileError, SchemaError
from entropice.imagery.samples import Image, Place
from entropice.sources.imagery.picture_writing import write_picture
from entropice.sources.imagery.products import FIVE_BANDS, TRUE_COLOUR
from entropice.sources.imagery.reading import read_image

AT = from_origin(0.0, 1000.0, 250.0, 250.0)
PLACE = Place(0.0, 1000.0, 250.0, 4, 2022)
COLOURS = (ColorInterp.red, ColorInterp.green, ColorInterp.blue)


def picture(path: Path, numbers: np.ndarray, colours: tuple[ColorInterp, ...], **profile: object) -> Path:
    """A file of 8 bits whose bands are said to be colours."""
    n_bands, n_rows, n_columns = numbers.shape
    shape = {"count": n_bands, "height": n_rows, "width": n_columns, "dtype": "uint8"}
    placed = {"crs": "EPSG:3413", "transform": AT} | profile
    with rasterio.open(path, "w", driver="GTiff", **shape, **placed) as file:
        file.colorinterp = colours
        file.write(numbers)
    return path


@pytest.fixture
def numbers() -> np.ndarray:
    return np.arange(48, dtype=np.uint8).reshape(3, 4, 4) * 5


def test_numbers_are_shares_of_255_and_black_is_known(tmp_path: Path, numbers: np.ndarray) -> None:
    image, place = read_image(picture(tmp_path / "a.tif", numbers, COLOURS), TRUE_COLOUR)

    assert image.bands == ("red", "green", "blue")
    np.testing.assert_allclose(image.values, numbers / 255, rtol=1e-6)
    assert image.valid.all()
    assert place.in_year(2022, tmp_path) == PLACE


def test_transparency_says_what_is_known_and_is_no_band(tmp_path: Path, numbers: np.ndarray) -> None:
    alpha = np.full((1, 4, 4), 255, np.uint8)
    alpha[0, 1, 2] = 0
    path = picture(tmp_path / "a.tif", np.concatenate([numbers, alpha]), (*COLOURS, ColorInterp.alpha))

    image, _ = read_image(path, TRUE_COLOUR)

    assert image.values.shape == (3, 4, 4)
    np.testing.assert_array_equal(image.valid, np.broadcast_to(alpha > 0, (3, 4, 4)))
    assert (image.values[:, 1, 2] == 0).all()


def test_pixels_of_modis_count_as_squares_of_the_mean_edge(tmp_path: Path, numbers: np.ndarray) -> None:
    oblong = Affine(255.9098, 0, 381695.25, 0, -255.8299, -899217.67)

    _, place = read_image(picture(tmp_path / "a.tif", numbers, COLOURS, transform=oblong), TRUE_COLOUR)

    assert place.pixel_m == pytest.approx((255.9098 + 255.8299) / 2)


@pytest.mark.parametrize(
    ("colours", "profile", "field", "got"),
    [
        ((ColorInterp.alpha, *COLOURS[:2]), {}, "band 1", "alpha"),
        (COLOURS[::-1], {}, "band 1", "blue"),
        (COLOURS, {"nodata": 0}, "nodata", [0.0, 0.0, 0.0]),
        (COLOURS, {"transform": Affine(250.0, 0, 0, 0, -251.0, 0)}, "size of pixels", "250 × 251 m"),
        (COLOURS, {"crs": None}, "CRS", "none"),
    ],
)
def test_what_is_no_picture_is_refused(
    tmp_path: Path, numbers: np.ndarray, colours: tuple[ColorInterp, ...], profile: dict, field: str, got: object
) -> None:
    path = picture(tmp_path / "a.tif", numbers, colours, **profile)

    with pytest.raises(InputFileError) as refused:
        read_image(path, TRUE_COLOUR)

    assert (refused.value.path, refused.value.field, refused.value.got) == (str(path), field, got)
    assert refused.value.expected
    assert refused.value.fix


@pytest.mark.parametrize(("n_bands", "field", "got"), [(1, "bands", 1), (5, "bands", 5), (4, "band 4", "undefined")])
def test_other_numbers_of_bands_are_refused(tmp_path: Path, n_bands: int, field: str, got: object) -> None:
    numbers = np.random.default_rng(1).integers(0, 255, size=(n_bands, 4, 4), dtype=np.uint8)
    colours = (*COLOURS, ColorInterp.undefined, ColorInterp.undefined)[:n_bands]
    path = picture(tmp_path / "a.tif", numbers, (ColorInterp.gray,) if n_bands == 1 else colours)

    with pytest.raises(InputFileError) as refused:
        read_image(path, TRUE_COLOUR)

    assert (refused.value.field, refused.value.got) == (field, got)


def test_three_equal_bands_are_no_colours(tmp_path: Path, numbers: np.ndarray) -> None:
    path = picture(tmp_path / "a.tif", np.repeat(numbers[:1], 3, axis=0), COLOURS)

    with pytest.raises(InputFileError) as refused:
        read_image(path, TRUE_COLOUR)

    assert refused.value.got == "3 equal bands"


def test_a_picture_is_no_reflectance(tmp_path: Path) -> None:
    numbers = np.random.default_rng(1).integers(0, 255, size=(5, 4, 4), dtype=np.uint8)
    path = picture(tmp_path / "a.tif", numbers, (*COLOURS, ColorInterp.undefined, ColorInterp.undefined))

    with pytest.raises(InputFileError):
        read_image(path, FIVE_BANDS)


@settings(max_examples=25)
@given(seed=st.integers(0, 10_000), share=st.floats(0.05, 1.0))
def test_what_is_written_is_read(tmp_path_factory: pytest.TempPathFactory, seed: int, share: float) -> None:
    random = np.random.default_rng(seed)
    values = random.uniform(-0.1, 1.1, size=(3, 4, 4)).astype(np.float32)
    known = random.uniform(size=(4, 4)) < share
    known[0, 0] = True
    valid = np.broadcast_to(known, values.shape)
    path = tmp_path_factory.mktemp("picture") / "a.tif"

    write_picture(path, Image(("blue", "green", "red"), values, valid), PLACE)
    image, place = read_image(path, TRUE_COLOUR)

    np.testing.assert_array_equal(image.valid, valid)
    np.testing.assert_allclose(image.values[valid], np.clip(values, 0, 1)[::-1][valid], atol=0.5001 / 255)
    assert place.in_year(2022, path) == PLACE


def test_a_picture_that_lacks_a_colour_is_not_written(tmp_path: Path) -> None:
    values = np.zeros((2, 4, 4), np.float32)

    with pytest.raises(SchemaError):
        write_picture(tmp_path / "a.tif", Image(("red", "green"), values, values == 0), PLACE)

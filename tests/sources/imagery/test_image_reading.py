import shutil
import warnings

import numpy as np
import pytest
import rasterio
from affine import Affine
from raster_files import write_raster
from rasterio.errors import NotGeoreferencedWarning
from rasterio.transform import from_origin

from entropice.errors import ConfigError, InputFileError
from entropice.sources.imagery.products import FIVE_BANDS, PRODUCTS, product_named
from entropice.sources.imagery.reading import read_image, read_label

OF_LAND = "reflectances of land, about 0.02 to 0.6"
AT = from_origin(-1_400_001.0, 1_099_998.0, 3.0, 3.0)


def rewritten(path, values=None, **profile):
    """The same file with some of it changed."""
    with rasterio.open(path) as source:
        numbers, old = source.read(), source.profile
        descriptions = source.descriptions
    numbers = numbers if values is None else values(numbers)
    new = {**old, "count": len(numbers), "dtype": numbers.dtype, **profile}
    path.unlink()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", NotGeoreferencedWarning)
        with rasterio.open(path, "w", **new) as file:
            file.write(numbers)
            if len(descriptions) == len(numbers):
                file.descriptions = descriptions
    return path


def described(path, descriptions):
    with rasterio.open(path, "r+") as file:
        file.descriptions = descriptions
    return path


def with_band(band, value):
    def change(numbers):
        changed = numbers.copy()
        changed[band] = value
        return changed

    return change


def with_nan(numbers):
    numbers = numbers.astype(np.float32)
    numbers[0, 5, 5] = np.nan
    return numbers


WRONG_HEADERS = {
    "too few bands": (lambda p: rewritten(p, lambda n: n[:4]), "bands", "4", "5"),
    "too many bands": (lambda p: rewritten(p, lambda n: np.concatenate([n, n[:3]])), "bands", "8", "5"),
    "red first": (
        lambda p: described(p, ("red", "green", "blue", "rededge", "nir")), "band 1", "red", "blue"
    ),
    "Sentinel-2": (lambda p: described(p, ("B02", "B03", "B04", "B05", "B08")), "band 1", "B02", "blue"),
    "8 bit": (lambda p: rewritten(p, lambda n: (n // 32).astype(np.uint8)), "type of numbers", "uint8", "uint16"),
    "ratios": (lambda p: rewritten(p, lambda n: (n * 1e-4).astype("f4")), "type of numbers", "float32", "uint16"),
    "NaN": (lambda p: rewritten(p, with_nan), "type of numbers", "float32", "uint16"),
    "no CRS": (lambda p: rewritten(p, crs=None), "CRS", "none", "a projected CRS"),
    "degrees": (lambda p: rewritten(p, crs="EPSG:4326"), "CRS", "EPSG:4326", "a projected CRS in metres"),
    "feet": (lambda p: rewritten(p, crs="EPSG:2225"), "CRS", "EPSG:2225", "a projected CRS in metres"),
    "no geotransform": (lambda p: rewritten(p, transform=None), "geotransform",
        "none", "corner and size of pixels"),
    "rotated": (
        lambda p: rewritten(p, transform=AT @ Affine.rotation(5)), "geotransform", "rotated by -0.261467, -0.261467",
        "upright pixels",
    ),
    "bottom up": (
        lambda p: rewritten(p, transform=Affine(3, 0, 0, 0, 3, 0)), "geotransform", "steps 3, 3", "row 0 in the north",
    ),
    "not square": (
        lambda p: rewritten(p, transform=Affine(3, 0, 0, 0, -3.1, 0)), "size of pixels", "3 × 3.1 m", "square pixels",
    ),
    "nodata": (lambda p: rewritten(p, nodata=65535), "nodata of band 1", "65535.0", "0.0"),
    "dark": (lambda p: rewritten(p, lambda n: n // 20), ", ".join(FIVE_BANDS.bands), "nothing above 0.0199", OF_LAND),
    "bright": (lambda p: rewritten(p, lambda n: n * 10), "blue", "64% of pixels above 1.6", OF_LAND),
    "empty band": (lambda p: rewritten(p, with_band(3, 0)), "red_edge", "no known pixel", "values"),
    "constant band": (lambda p: rewritten(p, with_band(4, 1234)), "nir", "0.1234 throughout", "values that differ"),
    "all empty": (lambda p: rewritten(without_usable(p), lambda n: n * 0), "blue", "no known pixel", "values"),
}  # fmt: skip


def without_usable(path):
    path.with_name("tile_udm2.tif").unlink()
    return path


@pytest.mark.parametrize("case", WRONG_HEADERS)
def test_what_is_wrong_with_an_image_is_told(tile, case):
    make, field, got, expected = WRONG_HEADERS[case]
    with pytest.raises(InputFileError) as caught:
        read_image(make(tile), FIVE_BANDS)
    error = caught.value
    assert (error.path, error.field, str(error.got), str(error.expected)) == (str(tile), field, got, expected)
    assert error.fix


@pytest.mark.parametrize("kept", [0.02, 0.5, 0.9, 0.97, 0.999])
def test_a_truncated_image_is_refused(tile, kept):
    content = tile.read_bytes()
    tile.write_bytes(content[: int(kept * len(content))])
    with pytest.raises(InputFileError, match="cannot be read to its end") as caught:
        read_image(tile, FIVE_BANDS)
    assert caught.value.fix


def test_an_image_that_is_not_there_is_named(tmp_path):
    with pytest.raises(InputFileError, match="no such image"):
        read_image(tmp_path / "none.tif", FIVE_BANDS)


def test_a_stated_scale_must_be_the_products(tile):
    with rasterio.open(tile, "r+") as file:
        file.scales = (1e-4,) * 5
    read_image(tile, FIVE_BANDS)
    with rasterio.open(tile, "r+") as file:
        file.scales = (2.75e-5,) * 5
    with pytest.raises(InputFileError) as caught:
        read_image(tile, FIVE_BANDS)
    assert (caught.value.field, caught.value.got) == ("scale, offset of band 1", "2.75e-05, 0")


REFLECTANCES = [product for product in PRODUCTS if not product.is_picture and not product.sensors]


@pytest.mark.parametrize("product", REFLECTANCES, ids=lambda product: product.name)
def test_bands_are_taken_from_where_the_product_has_them(tmp_path, product):
    n_bands = len(product.file_bands)
    steps = np.arange(1, n_bands + 1, dtype=np.uint16)[:, None, None] * 100
    values = np.broadcast_to(steps, (n_bands, 8, 8)) + np.arange(8, dtype=np.uint16)
    values[:, 2, 3] = 0
    path = write_raster(tmp_path / "image.tif", values, AT, nodata=0)
    image, place = read_image(path, product)
    assert image.bands == tuple(product.bands)
    for band, number in zip(image.values, product.numbers(), strict=True):
        np.testing.assert_allclose(band[0], (number * 100 + np.arange(8)) * 1e-4, rtol=1e-6)
    assert (~image.valid).sum() == len(image.bands)
    assert not image.valid[:, 2, 3].any()
    assert place.in_year(2022, path).n_pixels == 8


def test_superdove_bands_are_those_of_its_publisher():
    superdove = product_named("superdove")
    assert dict(zip(superdove.bands, superdove.numbers(), strict=True)) == {
        "blue": 2,
        "green": 4,
        "red": 6,
        "red_edge": 7,
        "nir": 8,
    }


def test_products_are_named():
    with pytest.raises(ConfigError, match="did you mean superdove") as caught:
        product_named("superdov")
    assert caught.value.got == "superdov"


def test_glints_are_not_valid_and_not_refused(tile):
    def with_glint(numbers):
        numbers[2, 20, 20] = 60_000
        return numbers

    image, _ = read_image(rewritten(tile, with_glint), FIVE_BANDS)
    assert not image.valid[2, 20, 20]
    assert image.values[2, 20, 20] == 0
    assert image.valid[1, 20, 20]


WRONG_BESIDE = {
    "elevation elsewhere": ("dem", lambda p: rewritten(p, transform=from_origin(0, 0, 3, 3)), "grid"),
    "elevation of another size": ("dem", lambda p: rewritten(p, lambda n: n[:, :20, :20], height=20, width=20), "grid"),
    "elevation without CRS": ("dem", lambda p: rewritten(p, crs=None), "CRS"),
    "NaN in elevation": ("dem", lambda p: rewritten(p, with_nan), "values"),
    "elevation in millimetres": ("dem", lambda p: rewritten(p, lambda n: n * 1000), "values"),
    "elevation of other nodata": ("dem", lambda p: rewritten(p, lambda n: np.where(n < 0, -32768, n)), "values"),
    "display elevation": (
        "dem",
        lambda p: rewritten(p, lambda n: np.abs(n).astype(np.uint8), nodata=None),
        "type of numbers",
    ),
    "mask elsewhere": ("udm2", lambda p: rewritten(p, crs="EPSG:32608"), "grid"),
    "mask of other values": ("udm2", lambda p: rewritten(p, lambda n: n * 2), "band 1"),
}


@pytest.mark.parametrize("case", WRONG_BESIDE)
def test_what_is_wrong_beside_an_image_is_told(tile, case):
    ending, make, field = WRONG_BESIDE[case]
    path = make(tile.with_name(f"tile_{ending}.tif"))
    with pytest.raises(InputFileError) as caught:
        read_image(tile, FIVE_BANDS)
    assert (caught.value.path, caught.value.field) == (str(path), field)
    assert caught.value.fix


WRONG_LABELS = {
    "other values": (lambda p: rewritten(p, lambda n: n * 3), "values"),
    "another extent": (lambda p: rewritten(p, lambda n: n[:, :12], height=12), "grid"),
    "half a pixel away": (lambda p: rewritten(p, transform=AT @ Affine.translation(0.5, 0)), "grid"),
    "another size of pixels": (lambda p: rewritten(p, transform=from_origin(AT.c, AT.f, 6, 6)), "grid"),
    "fractions": (lambda p: rewritten(p, lambda n: n.astype(np.float32)), "type of numbers"),
}


@pytest.mark.parametrize("case", WRONG_LABELS)
def test_what_is_wrong_with_a_label_is_told(tile, case):
    make, field = WRONG_LABELS[case]
    _, place = read_image(tile, FIVE_BANDS)
    path = make(tile.with_name("tile_label.tif"))
    with pytest.raises(InputFileError) as caught:
        read_label(path, place)
    assert (caught.value.path, caught.value.field) == (str(path), field)
    assert caught.value.fix


def test_an_image_without_files_beside_it_is_known_where_it_has_numbers(tile, tmp_path):
    alone = tmp_path / "elsewhere" / "tile.tif"
    alone.parent.mkdir()
    shutil.copy(tile, alone)
    whole, _ = read_image(tile, FIVE_BANDS)
    image, place = read_image(alone, FIVE_BANDS)
    assert image.bands == whole.bands[:5]
    np.testing.assert_array_equal(image.valid, whole.valid[:5])
    with pytest.raises(InputFileError, match="does not lie where"):
        read_image(rewritten(alone, crs="EPSG:32608"), FIVE_BANDS)[1].in_year(2022, alone)
    assert place.crs == "EPSG:3413"


def test_a_mask_hides_pixels_that_have_numbers(tile):
    def hide(numbers):
        numbers[0, :4] = 0
        return numbers

    rewritten(tile.with_name("tile_udm2.tif"), hide)
    image, _ = read_image(tile, FIVE_BANDS)
    assert not image.valid[:5, :4].any()
    assert image.valid[5, 1:4].all()
    assert (image.values[:5, :4] == 0).all()

"""Pixels of an uploaded picture, worked by hand; what is refused over HTTP stands in `test_classify`."""

import io

import numpy as np
import pytest
from PIL import Image as Pillow

from entropice.serve.limits import Limits
from entropice.serve.pictures import picture_of
from entropice.serve.refusals import Refusal

NO_LIMITS = Limits()


def file_of(pixels: np.ndarray, form: str = "PNG", **options: object) -> bytes:
    file = io.BytesIO()
    Pillow.fromarray(pixels).save(file, form, **options)
    return file.getvalue()


def ramp(height: int, width: int) -> np.ndarray:
    """Red is the row, green the column, blue 255."""
    pixels = np.full((height, width, 3), 255, dtype=np.uint8)
    pixels[..., 0], pixels[..., 1] = np.indices((height, width))
    return pixels


def test_values_are_shares_of_255_by_band_row_and_column() -> None:
    upload = picture_of(file_of(ramp(8, 8)), 8, NO_LIMITS)

    image = upload.image
    assert (image.bands, image.values.dtype, image.values.shape) == (("red", "green", "blue"), np.float32, (3, 8, 8))
    np.testing.assert_array_equal(image.values[:, 5, 2], np.array([5 / 255, 2 / 255, 1], dtype=np.float32))
    assert image.valid.all()
    assert (upload.n_pixels, upload.is_resampled) == ((8, 8), False)


def test_only_pixels_of_alpha_0_are_unknown_and_0() -> None:
    pixels = np.full((8, 8, 4), 255, dtype=np.uint8)
    pixels[0, :2, 3] = 0, 1

    image = picture_of(file_of(pixels), 8, NO_LIMITS).image

    assert np.argwhere(~image.valid).tolist() == [[0, 0, 0], [1, 0, 0], [2, 0, 0]]
    assert image.values[:, 0, :2].tolist() == [[0, 1]] * 3


@pytest.mark.parametrize(("height", "width"), [(8, 12), (12, 8)], ids=["wide", "high"])
def test_the_middle_is_cut_out_whole(height: int, width: int) -> None:
    """Two pixels are cut at either end of the longer edge; nothing is between pixels, so nothing is resampled."""
    upload = picture_of(file_of(ramp(height, width)), 8, NO_LIMITS)

    first = np.array([(height - 8) / 2, (width - 8) / 2])
    np.testing.assert_allclose(255 * upload.image.values[:2, 0, 0], first, atol=1e-4)
    np.testing.assert_allclose(255 * upload.image.values[:2, 7, 7], first + 7, atol=1e-4)
    assert upload.n_pixels == (width, height)


def test_a_picture_twice_as_large_is_resampled_and_one_colour_stays_it() -> None:
    upload = picture_of(file_of(np.full((16, 16, 3), 51, dtype=np.uint8)), 8, NO_LIMITS)

    assert upload.is_resampled
    np.testing.assert_array_equal(upload.image.values, np.full((3, 8, 8), 0.2, dtype=np.float32))


@pytest.mark.parametrize(("height", "width"), [(16, 8), (8, 160), (216, 8), (1601, 8)])
def test_a_size_with_a_16_in_it_is_not_taken_for_16_bits(height: int, width: int) -> None:
    blank = np.zeros((height, width, 3), dtype=np.uint8)

    assert picture_of(file_of(blank), 8, NO_LIMITS).n_pixels == (width, height)


def test_the_first_picture_of_an_animation_counts() -> None:
    first, second = (Pillow.fromarray(np.full((8, 8, 3), value, dtype=np.uint8)) for value in (51, 102))
    for form in ("PNG", "WEBP", "TIFF"):
        file = io.BytesIO()
        options = {"lossless": True} if form == "WEBP" else {}
        first.save(file, form, save_all=True, append_images=[second], **options)

        image = picture_of(file.getvalue(), 8, NO_LIMITS).image

        assert np.unique(image.values).tolist() == [np.float32(0.2)], form


def test_as_many_pixels_as_the_limit_pass_and_one_row_more_does_not() -> None:
    limits = Limits(max_pixels=80)
    assert picture_of(file_of(ramp(8, 10)), 8, limits).n_pixels == (10, 8)

    with pytest.raises(Refusal) as refused:
        picture_of(file_of(ramp(9, 10)), 8, limits)

    assert refused.value.status_code == 413
    assert (refused.value.error["got"], refused.value.error["expected"]) == ("10 × 9", "at most 80 pixels")


@pytest.mark.parametrize(("height", "width"), [(7, 30), (30, 7)])
def test_either_edge_has_eight_pixels_at_least(height: int, width: int) -> None:
    with pytest.raises(Refusal) as refused:
        picture_of(file_of(ramp(height, width)), 8, NO_LIMITS)

    assert (refused.value.status_code, refused.value.error["got"]) == (422, f"{width} × {height}")


def test_sizes_are_looked_at_before_colours_and_colours_before_the_pixels() -> None:
    grey = file_of(np.zeros((7, 7), dtype=np.uint8))
    cut = file_of(np.random.default_rng(0).integers(0, 255, (64, 64), dtype=np.uint8))[:1000]

    told = []
    for content in (grey, cut):
        with pytest.raises(Refusal) as refused:
            picture_of(content, 8, NO_LIMITS)
        told.append(refused.value.detail)

    assert told == ["The image has too few pixels.", "The image has other colours than are read here."]


def test_what_is_cut_away_may_be_all_that_is_known() -> None:
    """Only the middle is sent to the network: transparent there is transparent everywhere."""
    pixels = np.zeros((8, 24, 4), dtype=np.uint8)
    pixels[:, :2] = 255

    with pytest.raises(Refusal, match="transparent everywhere"):
        picture_of(file_of(pixels), 8, NO_LIMITS)

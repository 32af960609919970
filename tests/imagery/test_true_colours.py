"""Colours for people: order of the bands, stretch, and what is not known."""

import numpy as np

from entropice.imagery.samples import Image
from entropice.imagery.true_colours import true_colours


def image(bands: tuple[str, ...], values: np.ndarray) -> Image:
    return Image(bands, values.astype(np.float32), np.isfinite(values))


def test_red_comes_first_whatever_the_order_of_the_bands():
    values = np.stack([np.full((2, 2), level) for level in (0.1, 0.2, 0.9)])
    colours = true_colours(image(("blue", "green", "red"), values))
    assert colours.shape == (2, 2, 3)
    assert colours[0, 0, 0] == 1
    assert colours[0, 0, 2] == 0


def test_what_lacks_a_colour_is_grey_and_what_is_unknown_stays_unknown():
    values = np.arange(4, dtype=np.float32).reshape(1, 2, 2)
    values[0, 0, 0] = np.nan
    colours = true_colours(image(("nir",), values))
    assert np.isnan(colours[0, 0]).all()
    assert np.ptp(colours[1, 1]) == 0
    assert 0 <= np.nanmin(colours) < np.nanmax(colours) <= 1


def test_an_image_without_a_known_pixel_has_no_colour():
    assert np.isnan(true_colours(image(("nir",), np.full((1, 2, 2), np.nan)))).all()

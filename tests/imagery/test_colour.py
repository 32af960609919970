import numpy as np
import pytest
from band_images import image_of, random_image
from hypothesis import given
from hypothesis import strategies as st

from entropice.imagery.augmentation_rules import AugmentationRules
from entropice.imagery.bands import band_named
from entropice.imagery.colour import LUMA, coloured
from entropice.imagery.samples import Image

RGB = ("red", "green", "blue")
WEIGHTS = np.array(list(LUMA.values()))[:, None, None]
NOTHING = dict.fromkeys(AugmentationRules.model_fields, 0.0) | {"elastic_sigma_px": 1.0}

seeds = st.integers(0, 1000)


def _coloured(image: Image, seed: int, **changes: float) -> Image:
    rules = AugmentationRules.model_validate(NOTHING | {"colour_probability": 1.0} | changes)
    return coloured(image, rules, np.random.default_rng(seed))


@given(seed=seeds)
def test_brightness_multiplies_all_three_by_one_factor(seed: int) -> None:
    image = random_image(seed, bands=RGB)

    changed = _coloured(image, seed, max_brightness=0.2)

    is_bright = image.values > 0.01
    factors = changed.values[is_bright] / image.values[is_bright]
    assert np.ptp(factors) < 1e-5
    assert 0.8 - 1e-6 <= factors[0] <= 1.2 + 1e-6


@given(seed=seeds)
def test_contrast_keeps_the_mean_grey_and_changes_distances_from_it(seed: int) -> None:
    image = image_of(random_image(seed, bands=RGB, share_valid=1.0).values * 0.4 + 0.5, RGB)

    changed = _coloured(image, seed, max_contrast=0.2)

    mean = float((WEIGHTS * image.values).sum(axis=0).mean())
    factors = (changed.values - mean) / (image.values - mean)
    far = np.abs(image.values - mean) > 0.02
    assert float((WEIGHTS * changed.values).sum(axis=0).mean()) == pytest.approx(mean, abs=1e-5)
    assert np.ptp(factors[far]) < 1e-3


@given(seed=seeds)
def test_saturation_keeps_the_grey_of_every_pixel(seed: int) -> None:
    image = image_of(random_image(seed, bands=RGB, share_valid=1.0).values * 0.4 + 0.5, RGB)

    changed = _coloured(image, seed, max_saturation=0.2)

    grey = (WEIGHTS * image.values).sum(axis=0)
    np.testing.assert_allclose((WEIGHTS * changed.values).sum(axis=0), grey, atol=1e-5)
    assert not np.array_equal(changed.values, image.values)


def test_a_grey_pixel_stays_grey() -> None:
    image = image_of(np.full((3, 2, 2), 0.3) * np.array([[1.0, 2.0], [0.5, 0.1]]), RGB)

    changed = _coloured(image, 3, max_saturation=0.9, max_brightness=0.5)

    assert np.ptp(changed.values, axis=0).max() < 1e-6


@given(seed=seeds)
def test_values_stay_within_their_bands_and_what_is_not_valid_stays_0(seed: int) -> None:
    image = image_of(random_image(seed, bands=RGB).values * 1.6, RGB, random_image(seed, bands=RGB).valid)

    changed = _coloured(image, seed, max_brightness=0.9, max_contrast=0.9, max_saturation=0.9)

    red = band_named("red")
    assert red.low <= changed.values.min() <= changed.values.max() <= np.float32(red.high)
    assert (changed.values[~image.valid] == 0).all()


def test_grey_is_that_of_the_bands_that_are_valid() -> None:
    valid = np.ones((3, 1, 1), dtype=bool)
    valid[2] = False
    image = image_of(np.array([0.2, 0.6, 0.9])[:, None, None], RGB, valid)

    changed = _coloured(image, 1, max_saturation=0.5)

    grey = (0.299 * 0.2 + 0.587 * 0.6) / (0.299 + 0.587)
    factors = (changed.values[:2, 0, 0] - grey) / (image.values[:2, 0, 0] - grey)
    assert factors[0] == pytest.approx(factors[1], abs=1e-4)


def test_ground_that_is_not_known_has_no_part_in_the_mean() -> None:
    image = image_of(random_image(0, bands=RGB, share_valid=1.0).values * 0.4 + 0.5, RGB)
    empty = np.zeros((3, 16, 40))
    wide = image_of(
        np.concatenate([image.values, empty], axis=2), RGB, np.concatenate([image.valid, empty > 0], axis=2)
    )

    first, second = (_coloured(one, 4, max_contrast=0.9) for one in (image, wide))

    np.testing.assert_allclose(second.values[..., :16], first.values, atol=1e-6)


def test_an_image_without_colours_is_left_alone() -> None:
    image = random_image(0, bands=("nir", "elevation"))

    assert _coloured(image, 0, max_brightness=0.2) is image


@given(seed=seeds)
def test_two_images_get_two_lights(seed: int) -> None:
    one = image_of(random_image(seed, bands=RGB, share_valid=1.0).values * 0.4 + 0.3, RGB)
    pair = image_of(np.stack([one.values, one.values]), RGB)

    before, after = _coloured(pair, seed, max_brightness=0.2).values / pair.values

    assert np.ptp(before) < 1e-5
    assert np.ptp(after) < 1e-5
    assert before.flat[0] != after.flat[0]

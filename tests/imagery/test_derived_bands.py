import numpy as np
import pytest
from band_images import image_of, random_image
from hypothesis import given
from hypothesis import strategies as st

from entropice.errors import ConfigError
from entropice.imagery.bands import BANDS, band_named
from entropice.imagery.derived_band_rules import DerivedBandRules
from entropice.imagery.derived_bands import DERIVED_BANDS, with_derived
from entropice.imagery.samples import Image

RULES = DerivedBandRules(surroundings_radius_m=6.0, sun_azimuth_deg=315.0, sun_elevation_deg=45.0)
NAMES = [band.name for band in DERIVED_BANDS]
PIXEL_M = 3.0


def _elevation(values: object, valid: object = None) -> Image:
    return image_of(np.asarray(values)[None], ("elevation",), None if valid is None else np.asarray(valid)[None])


def _derived(image: Image, name: str, **rules: float) -> tuple[np.ndarray, np.ndarray]:
    derived = with_derived(image, [name], PIXEL_M, RULES.model_copy(update=rules))
    return derived.values[..., -1, :, :], derived.valid[..., -1, :, :]


def test_hand_worked_ndvi() -> None:
    image = image_of([[[0.1, 0.0, 0.3]], [[0.3, 0.0, 0.1]]], ("red", "nir"), [[[1, 1, 1]], [[1, 1, 0]]])

    values, valid = _derived(image, "ndvi")

    np.testing.assert_allclose(values, [[0.5, 0.0, 0.0]], rtol=1e-6)
    assert valid.tolist() == [[True, False, False]]


def test_hand_worked_relative_elevation_over_what_is_known() -> None:
    image = _elevation([[1000.0, 1001.0, 1002.0, 1009.0]], [[1, 1, 1, 0]])

    values, valid = _derived(image, "relative_elevation", surroundings_radius_m=3.0)

    np.testing.assert_allclose(values, [[-0.5, 0.0, 0.5, 0.0]], atol=1e-5)
    assert valid.tolist() == [[True, True, True, False]]


@pytest.mark.parametrize(
    ("towards", "azimuth_deg"), [((1, 0), 0.0), ((0, -1), 90.0), ((-1, 0), 180.0), ((0, 1), 270.0)]
)
def test_a_slope_of_45_degrees_faces_light_from_where_it_falls(towards: tuple[int, int], azimuth_deg: float) -> None:
    rows, columns = np.indices((6, 6)) * PIXEL_M
    image = _elevation(towards[0] * rows + towards[1] * columns)

    facing, _ = _derived(image, "shaded_relief", sun_azimuth_deg=azimuth_deg)
    behind, _ = _derived(image, "shaded_relief", sun_azimuth_deg=(azimuth_deg + 180) % 360)
    aside, _ = _derived(image, "shaded_relief", sun_azimuth_deg=(azimuth_deg + 90) % 360)

    np.testing.assert_allclose(facing, 1.0, atol=1e-6)
    np.testing.assert_allclose(behind, 0.0, atol=1e-6)
    np.testing.assert_allclose(aside, 0.5, atol=1e-6)


def test_flat_ground_has_the_sine_of_the_suns_height() -> None:
    values, _ = _derived(_elevation(np.full((4, 4), 7.0)), "shaded_relief", sun_elevation_deg=30.0)

    np.testing.assert_allclose(values, 0.5, rtol=1e-6)


def test_relief_is_unknown_beside_what_is_unknown() -> None:
    valid = np.ones((5, 5), dtype=bool)
    valid[2, 2] = False

    _, known = _derived(_elevation(np.zeros((5, 5)), valid), "shaded_relief")

    assert np.argwhere(~known).tolist() == [[1, 2], [2, 1], [2, 2], [2, 3], [3, 2]]


@given(seed=st.integers(0, 1000))
def test_derived_bands_follow_the_images_own_and_stay_within_what_they_can_be(seed: int) -> None:
    image = random_image(seed)

    derived = with_derived(image, NAMES, PIXEL_M, RULES)

    n_own = len(image.bands)
    assert derived.bands == (*image.bands, *NAMES)
    assert np.array_equal(derived.values[:n_own], image.values)
    assert np.array_equal(derived.valid[:n_own], image.valid)
    assert derived.values.dtype == np.float32
    assert (derived.values[~derived.valid] == 0).all()
    for name, values in zip(NAMES, derived.values[n_own:], strict=True):
        band = band_named(name)
        assert band.low <= values.min() <= values.max() <= band.high


@given(seed=st.integers(0, 1000))
def test_what_lies_where_nothing_is_valid_changes_nothing(seed: int) -> None:
    image = random_image(seed)
    filled = Image(image.bands, np.where(image.valid, image.values, np.float32(-9999)), image.valid)

    first, second = (with_derived(one, NAMES, PIXEL_M, RULES) for one in (image, filled))

    assert np.array_equal(first.values[-3:], second.values[-3:])
    assert np.array_equal(first.valid, second.valid)


@pytest.mark.parametrize("name", NAMES)
def test_leading_dimensions_are_derived_one_by_one(name: str) -> None:
    pair = random_image(0, leading=(2,), share_valid=1.0)
    single = [image_of(pair.values[n], pair.bands, pair.valid[n]) for n in range(2)]

    values, _ = _derived(pair, name)

    np.testing.assert_allclose(values, [_derived(one, name)[0] for one in single], atol=1e-5)


def test_an_image_without_a_valid_pixel_gives_none() -> None:
    image = random_image(0, share_valid=0.0)

    assert not with_derived(image, NAMES, PIXEL_M, RULES).valid.any()


def test_every_derived_band_and_input_is_declared_as_a_band() -> None:
    names = {band.name for band in BANDS}

    assert {name for band in DERIVED_BANDS for name in (band.name, *band.inputs)} <= names
    assert len(set(NAMES)) == len(NAMES)


def test_wrong_names_and_missing_inputs_are_refused() -> None:
    image = random_image(0, bands=("red", "ndvi"))

    with pytest.raises(ConfigError, match="did you mean shaded_relief"):
        with_derived(image, ["shaded_releif"], PIXEL_M, RULES)
    with pytest.raises(ConfigError, match="nir among them"):
        with_derived(random_image(0, bands=("red",)), ["ndvi"], PIXEL_M, RULES)
    with pytest.raises(ConfigError, match="ndvi are there already"):
        with_derived(random_image(0, bands=("red", "nir", "ndvi")), ["ndvi"], PIXEL_M, RULES)
    with pytest.raises(ConfigError, match=r"twice: ndvi\."):
        with_derived(random_image(0, bands=("red", "nir")), ["ndvi", "ndvi"], PIXEL_M, RULES)
    assert with_derived(image, [], PIXEL_M, RULES) is image

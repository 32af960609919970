import numpy as np
import pytest
from band_images import image_of, random_image
from hypothesis import given, settings
from hypothesis import strategies as st

from entropice.errors import SchemaError
from entropice.imagery.histogram_matching import matched
from entropice.imagery.histograms import BandHistograms, band_histograms, edges_of
from entropice.imagery.samples import Image
from entropice.imagery.statistics import image_statistics

NIR = ("nir",)


def _histograms(image: Image) -> BandHistograms:
    return band_histograms([image], image.bands, edges_of(image_statistics(image)))


def _image(values: np.ndarray, valid: np.ndarray | None = None) -> Image:
    return image_of(values[None], NIR, None if valid is None else valid[None])


def _training() -> Image:
    return _image(np.random.default_rng(0).gamma(3.0, 0.05, size=(64, 64)))


@given(gain=st.floats(0.3, 3.0), offset=st.floats(-0.2, 0.5), power=st.floats(0.5, 2.0))
@settings(max_examples=30, deadline=None)
def test_values_that_a_sensor_has_bent_come_back_to_a_bin(gain: float, offset: float, power: float) -> None:
    training = _training()
    bent = _image(gain * training.values[0] ** power + offset)

    back = matched(bent, _histograms(bent), _histograms(training))

    within = training.values < np.quantile(training.values, 0.98)
    difference = np.abs(back.values - training.values)[within]
    assert np.median(difference) < 0.05 * training.values.std()
    assert difference.max() < 0.5 * training.values.std()


def test_hand_worked_map_of_two_bins() -> None:
    own = BandHistograms(NIR, np.array([[0.0, 1.0, 2.0]]), np.array([[30, 10]]))
    training = BandHistograms(NIR, np.array([[10.0, 20.0, 30.0]]), np.array([[10, 10]]))

    mapped = matched(_image(np.array([[0.0, 0.5, 1.0, 1.5, 2.0, 9.0]])), own, training)

    np.testing.assert_allclose(mapped.values[0, 0], [10.0, 17.5, 25.0, 27.5, 30.0, 30.0])


@given(seed=st.integers(0, 1000), n_leading=st.integers(0, 1))
@settings(max_examples=20, deadline=None)
def test_no_order_is_changed_and_what_is_not_valid_stays_so(seed: int, n_leading: int) -> None:
    image, training = random_image(seed, leading=(2,) * n_leading), random_image(seed + 1)

    mapped = matched(image, _histograms(image), _histograms(training))

    assert np.array_equal(mapped.valid, image.valid)
    assert (mapped.values[~mapped.valid] == 0).all()
    for band in range(len(image.bands)):
        known = image.valid[..., band, :, :]
        order = np.argsort(image.values[..., band, :, :][known])
        assert (np.diff(mapped.values[..., band, :, :][known][order]) >= 0).all()


def test_an_image_matched_to_itself_keeps_its_values() -> None:
    training = _training()

    mapped = matched(training, _histograms(training), _histograms(training))

    within = np.abs(training.values - training.values.mean()) < 5.9 * training.values.std()
    np.testing.assert_allclose(mapped.values[within], training.values[within], atol=1e-5)


def test_nothing_lies_beyond_what_the_training_has_seen() -> None:
    training = _training()
    bright = _image(np.full((4, 4), 1.5) + np.arange(16).reshape(4, 4))

    mapped = matched(bright, _histograms(_image(np.linspace(0, 1, 100).reshape(10, 10))), _histograms(training))

    bin_width = np.diff(_histograms(training).edges[0, :2])[0]
    assert mapped.values.max() <= training.values.max() + bin_width


def test_other_bands_and_empty_histograms_are_refused() -> None:
    image = _training()
    histograms = _histograms(image)
    empty = BandHistograms(NIR, histograms.edges, 0 * histograms.n_pixels)

    with pytest.raises(SchemaError, match="different bands"):
        matched(image_of(image.values, ("red",)), histograms, histograms)
    with pytest.raises(SchemaError, match="without a counted pixel"):
        matched(image, empty, histograms)
    with pytest.raises(SchemaError, match="without a counted pixel"):
        matched(image, histograms, empty)

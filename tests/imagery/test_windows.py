"""Windows cover every pixel, blend without a seam, and leave invalid pixels invalid."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from entropice.errors import ConfigError, SchemaError
from entropice.imagery.windows import sliding, window_starts, window_weight


def constant(value):
    return lambda values, valid: np.full(valid.shape[:-3] + valid.shape[-2:], value, dtype=np.float32)


def pixelwise(values, valid):
    return 2 * values[..., 0, :, :] - values[..., 1, :, :]


def scene(seed, n_rows, n_columns):
    random = np.random.default_rng(seed)
    values = random.normal(size=(2, n_rows, n_columns)).astype(np.float32)
    return values, random.random(values.shape) < 0.9


@given(st.integers(1, 200), st.integers(1, 40), st.integers(0, 39))
def test_windows_cover_an_edge_and_overlap_enough(n, n_pixels, n_overlap):
    n, n_overlap = max(n, n_pixels), min(n_overlap, n_pixels - 1)
    starts = window_starts(n, n_pixels, n_pixels - n_overlap)
    covered = {pixel for start in starts for pixel in range(start, start + n_pixels)}
    assert covered == set(range(n))
    assert all(a + n_pixels - b >= n_overlap for a, b in pairwise(starts))
    assert starts == sorted(set(starts))


@pytest.mark.parametrize("n_pixels", [1, 2, 7, 64, 512])
def test_weights_are_above_zero_symmetric_and_smooth(n_pixels):
    weight = window_weight(n_pixels)
    assert (weight > 0).all()
    np.testing.assert_allclose(weight, weight[::-1])
    np.testing.assert_allclose(weight, weight.T)
    assert np.abs(np.diff(weight, axis=0)).max(initial=0) <= np.pi / n_pixels


@given(
    n_rows=st.integers(1, 40),
    n_columns=st.integers(1, 40),
    n_pixels=st.integers(1, 16),
    n_overlap=st.integers(0, 15),
    value=st.floats(-20, 20, width=32),
)
@settings(max_examples=60)
def test_a_constant_comes_out_exactly_and_everywhere(n_rows, n_columns, n_pixels, n_overlap, value):
    values = np.zeros((1, n_rows, n_columns), dtype=np.float32)
    predict = sliding(constant(value), n_pixels, min(n_overlap, n_pixels - 1), n_at_once=3)
    out = predict(values, np.ones(values.shape, dtype=bool))
    assert out.shape == (n_rows, n_columns)
    assert (out == np.float32(value)).all()


@pytest.mark.parametrize("shape", [(5, 3), (16, 16), (37, 50)])
def test_a_pixelwise_prediction_is_that_of_the_whole_scene_and_invalid_stays_invalid(shape):
    values, valid = scene(0, *shape)
    out = sliding(pixelwise, 16, 6)(values, valid)
    known = valid.all(axis=0)
    assert (np.isnan(out) == ~known).all()
    np.testing.assert_allclose(out[known], pixelwise(values, valid)[known], rtol=1e-6, atol=1e-6)


def test_windows_that_disagree_blend_without_a_step():
    """Each window says how far along the scene it stands; the mean climbs from one to the next.

    The 32 between two windows are climbed within 32 pixels along a sine, by no more than π at a time.
    """

    def window_mean(values, valid):
        return np.broadcast_to(values.mean(axis=(-3, -2, -1))[..., None, None], valid.shape[:-3] + valid.shape[-2:])

    along = np.broadcast_to(np.arange(200, dtype=np.float32), (1, 64, 200))
    row = sliding(window_mean, 64, 32)(along, np.ones(along.shape, dtype=bool))[30]
    assert (np.diff(row) >= -1e-4).all()
    assert np.diff(row).max() < np.pi


def test_invalid_pixels_may_be_predicted_as_anything():
    values, valid = scene(1, 20, 20)

    def wild(values, valid):
        return np.where(valid.all(axis=-3), 1.0, np.nan)

    out = sliding(wild, 8, 4)(values, valid)
    assert (out[valid.all(axis=0)] == 1).all()


def test_a_prediction_that_is_not_known_at_a_valid_pixel_is_refused():
    with pytest.raises(SchemaError, match="no prediction"):
        sliding(constant(np.nan), 8, 4)(np.zeros((1, 9, 9), dtype=np.float32), np.ones((1, 9, 9), dtype=bool))


def test_a_prediction_of_another_shape_is_refused():
    with pytest.raises(SchemaError, match="shape"):
        sliding(lambda values, valid: values, 8, 4)(np.zeros((1, 9, 9), dtype=np.float32), np.ones((1, 9, 9), bool))


@pytest.mark.parametrize("n_overlap", [8, 9, -1])
def test_windows_that_do_not_move_are_refused(n_overlap):
    with pytest.raises(ConfigError, match="move on"):
        sliding(pixelwise, 8, n_overlap)

"""Coarser pixels are means of what is valid; a mean over resolutions keeps what is the same in all of them."""

import numpy as np
import pytest

from entropice.errors import ConfigError
from entropice.imagery.resolutions import at_resolutions, coarser, finer
from entropice.imagery.symmetries import under_symmetries
from entropice.imagery.windows import sliding


def first_band(values, valid):
    return values[..., 0, :, :]


def test_coarser_pixels_are_those_worked_by_hand():
    values = np.array([[1.0, 3, 5], [5, 7, 9], [2, 4, 6]], dtype=np.float32)
    valid = np.array([[1, 1, 1], [1, 0, 1], [1, 1, 0]], dtype=bool)
    means, is_known = coarser(values, valid, 2)
    np.testing.assert_allclose(means, [[3, 7], [3, np.nan]])
    np.testing.assert_array_equal(is_known, [[True, True], [True, False]])


def test_a_plane_comes_back_as_it_was_away_from_the_edges():
    rows, columns = np.indices((24, 32)).astype(np.float32)
    plane = (0.5 * rows - 2 * columns)[None]
    valid = np.ones(plane.shape, dtype=bool)
    for factor in (2, 4):
        back = finer(coarser(plane, valid, factor)[0][0].astype(np.float64), factor, plane.shape[1:])
        np.testing.assert_allclose(back[4:-4, 4:-4], plane[0, 4:-4, 4:-4], atol=1e-4)


@pytest.mark.parametrize("shape", [(16, 16), (13, 27), (3, 2)])
def test_a_constant_comes_out_exactly_whatever_is_combined(shape):
    valid = np.random.default_rng(0).random((2, *shape)) < 0.8
    values = np.where(valid, np.float32(1.7), 0).astype(np.float32)

    def constant(values, valid):
        return np.full(valid.shape[:-3] + valid.shape[-2:], 1.7, dtype=np.float32)

    predict = at_resolutions(sliding(under_symmetries(constant, 8), 8, 4), (1, 2, 4))
    out = predict(values, valid)
    known = valid.all(axis=0)
    assert (out[known] == np.float32(1.7)).all()
    assert np.isnan(out[~known]).all()


def test_the_mean_is_that_of_the_resolutions():
    values = np.random.default_rng(1).normal(size=(1, 8, 8)).astype(np.float32)
    valid = np.ones(values.shape, dtype=bool)
    coarse = finer(coarser(values, valid, 2)[0][0].astype(np.float64), 2, (8, 8))
    np.testing.assert_allclose(
        at_resolutions(first_band, (1, 2))(values, valid), (values[0] + coarse) / 2, rtol=1e-5, atol=1e-6
    )


def test_a_pixel_that_coarse_ones_do_not_know_has_its_own_prediction():
    values = np.ones((1, 16, 16), dtype=np.float32)
    valid = np.zeros(values.shape, dtype=bool)
    valid[0, 8, 8] = True
    out = at_resolutions(first_band, (1, 4))(values, valid)
    assert out[8, 8] == 1
    assert np.isnan(out).sum() == 255


@pytest.mark.parametrize("factors", [(2, 4), (0, 1)])
def test_resolutions_without_the_full_one_are_refused(factors):
    with pytest.raises(ConfigError, match="full one"):
        at_resolutions(first_band, factors)

"""The symmetries of the square are a group, and an average over them turns with the image."""

import numpy as np
import pytest

from entropice.errors import ConfigError
from entropice.imagery.symmetries import GROUP_SIZES, SYMMETRIES, symmetries, under_symmetries

SQUARE = np.arange(9).reshape(3, 3)


def lopsided(values, valid):
    """Knows left from right and up from down."""
    rows, columns = np.indices(values.shape[-2:])
    return values[..., 0, :, :] * (rows + 10 * columns)


@pytest.mark.parametrize("symmetry", SYMMETRIES, ids=str)
def test_what_is_laid_anew_is_laid_back(symmetry):
    pixels = np.random.default_rng(0).normal(size=(2, 5, 7))
    np.testing.assert_array_equal(symmetry.undo(symmetry.apply(pixels)), pixels)


@pytest.mark.parametrize("n", GROUP_SIZES)
def test_symmetries_differ_and_two_of_them_make_a_third(n):
    group = {each.apply(SQUARE).tobytes() for each in symmetries(n)}
    assert len(group) == n
    assert {a.apply(b.apply(SQUARE)).tobytes() for a in symmetries(n) for b in symmetries(n)} == group


@pytest.mark.parametrize("n", GROUP_SIZES)
def test_the_average_turns_with_the_image(n):
    random = np.random.default_rng(1)
    values = random.normal(size=(2, 3, 6, 6)).astype(np.float32)
    valid = random.random(values.shape) < 0.9
    predict = under_symmetries(lopsided, n)
    out = predict(values, valid)
    assert (np.isnan(out) == ~valid.all(axis=-3)).all()
    for symmetry in symmetries(n):
        turned = predict(symmetry.apply(values), symmetry.apply(valid))
        np.testing.assert_allclose(symmetry.undo(turned), out, rtol=1e-5, atol=1e-5)


def test_one_symmetry_changes_nothing():
    values = np.ones((1, 4, 4), dtype=np.float32)
    np.testing.assert_array_equal(
        under_symmetries(lopsided, 1)(values, values > 0), lopsided(values, values > 0).astype(np.float32)
    )


def test_images_need_not_be_square():
    values = np.random.default_rng(2).normal(size=(1, 4, 7)).astype(np.float32)
    assert under_symmetries(lopsided, 8)(values, np.ones(values.shape, dtype=bool)).shape == (4, 7)


def test_three_symmetries_are_refused():
    with pytest.raises(ConfigError, match="belong together"):
        symmetries(3)

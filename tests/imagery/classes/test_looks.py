import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import softmax

from entropice.errors import ConfigError
from entropice.imagery.classes.looks import under_symmetries
from entropice.imagery.symmetries import SYMMETRIES
from entropice.types import Float32Array


def _corner_says(inputs: Float32Array) -> Float32Array:
    return inputs[:, :, 0, 0]


def _images(seed: int) -> Float32Array:
    return np.random.default_rng(seed).normal(size=(4, 3, 5, 5)).astype(np.float32)


@settings(max_examples=20, deadline=None)
@given(seed=st.integers(0, 1000), symmetry=st.sampled_from(SYMMETRIES))
def test_the_answer_does_not_depend_on_how_an_image_lies(seed: int, symmetry: object) -> None:
    says, images = under_symmetries(_corner_says, 8), _images(seed)

    np.testing.assert_allclose(says(symmetry.apply(images)), says(images), atol=1e-5)  # type: ignore[attr-defined]


def test_chances_are_averaged() -> None:
    images = _images(0)
    said = softmax(under_symmetries(_corner_says, 4)(images), axis=1)

    corners = [images[:, :, row, column] for row in (0, -1) for column in (0, -1)]
    np.testing.assert_allclose(said, np.mean([softmax(each, axis=1) for each in corners], axis=0), atol=1e-6)


def test_one_look_says_what_the_network_says() -> None:
    said = under_symmetries(_corner_says, 1)(_images(1))

    assert said.dtype == np.float32
    np.testing.assert_allclose(softmax(said, axis=1), softmax(_corner_says(_images(1)), axis=1), atol=1e-6)


def test_three_looks_do_not_belong_together() -> None:
    with pytest.raises(ConfigError, match="symmetries"):
        under_symmetries(_corner_says, 3)

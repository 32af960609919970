"""Signed distances to the edges of labels: numbers worked by hand, brute force, and laws of turns."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from entropice.imagery.augmentation import Symmetry, augmented
from entropice.imagery.augmentation_rules import AugmentationRules
from entropice.imagery.distances import REACH_PX, signed_distances_px, with_distances
from entropice.imagery.samples import Image, Place, Sample

SHAPE = (7, 7)
masks = arrays(np.uint8, SHAPE, elements=st.integers(0, 1))
known = arrays(bool, SHAPE)
TURNED = AugmentationRules.model_validate(
    dict.fromkeys(AugmentationRules.model_fields, 0.0) | {"symmetry_probability": 0.7, "elastic_sigma_px": 1.0}
)


def test_both_pixels_at_a_straight_edge_are_half_a_pixel_away():
    row = np.array([[0, 0, 1, 1, 1, 0, 9]], np.uint8)
    scored = row < 9
    assert signed_distances_px(row, scored).tolist() == [[1.5, 0.5, -0.5, -1.5, -0.5, 0.5, 0.0]]


@given(masks, known)
def test_distances_are_those_to_the_nearest_pixel_of_the_other_class_less_half_a_pixel(target, scored):
    found = signed_distances_px(target, scored)

    assert found.dtype == np.float16
    places = np.argwhere(np.ones(SHAPE, bool))
    for place in places:
        there = tuple(place)
        others = np.argwhere(scored & (target != target[there]))
        nearest = min((float(np.hypot(*(place - other))) - 0.5 for other in others), default=REACH_PX)
        expected = 0.0 if not scored[there] else nearest if target[there] == 0 else -nearest
        assert float(found[there]) == pytest.approx(expected, abs=1 / 64)


@given(masks, known)
def test_what_lies_on_the_other_side_has_the_other_sign(target, scored):
    assert np.array_equal(signed_distances_px(1 - target, scored), -signed_distances_px(target, scored))


def test_distances_end_at_the_reach():
    target = np.zeros((1, 200), np.uint8)
    target[0, 0] = 1
    found = signed_distances_px(target, np.ones(target.shape, bool))[0].astype(float)
    assert found[60] == 59.5
    assert (found[65:] == REACH_PX).all()


@given(masks, known, st.integers(0, 3), st.booleans(), st.booleans())
def test_distances_of_a_turned_label_are_turned(target, scored, n_turns, flips_rows, flips_columns):
    symmetry = Symmetry(n_turns, flips_rows, flips_columns)
    turned = signed_distances_px(symmetry.of(target), symmetry.of(scored))
    assert np.array_equal(turned, symmetry.of(signed_distances_px(target, scored)))


@given(masks, known, st.integers(0, 50))
def test_distances_move_with_the_mask_of_a_varied_sample(target, scored, epoch):
    image = Image(("red",), np.arange(49, dtype=np.float32).reshape(1, *SHAPE), np.ones((1, *SHAPE), bool))
    sample = Sample("a", image, target, scored, Place(0.0, 0.0, 10.0, 7, 2021))
    both = with_distances(sample, signed_distances_px(target, scored).astype(np.float32))

    varied = augmented(both, TURNED, 1, epoch)

    alone = augmented(sample, TURNED, 1, epoch)
    assert (varied.target.dtype, varied.target.shape) == (np.float32, (2, *SHAPE))
    assert np.array_equal(varied.target[0], alone.target)
    assert np.array_equal(varied.target[1], signed_distances_px(alone.target, alone.scored))
    assert np.array_equal(varied.scored, alone.scored)
    assert np.array_equal(varied.image.values, alone.image.values)

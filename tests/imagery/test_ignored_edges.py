import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from entropice.imagery.ignored_edges import without_edges

targets = arrays(np.uint8, (7, 9), elements=st.integers(0, 2))
masks = arrays(np.bool_, (7, 9))


def _by_looking(target, scored, width_px):
    """Each pixel with all scored pixels within the width."""
    inside = scored.copy()
    for row, column in np.argwhere(scored):
        window = (
            slice(max(row - width_px, 0), row + width_px + 1),
            slice(max(column - width_px, 0), column + width_px + 1),
        )
        inside[row, column] = len(np.unique(target[window][scored[window]])) == 1
    return inside


@given(target=targets, scored=masks, width_px=st.integers(0, 4))
def test_a_pixel_counts_where_all_scored_pixels_around_it_are_of_its_class(target, scored, width_px):
    assert np.array_equal(without_edges(target, scored, width_px), _by_looking(target, scored, width_px))


@pytest.mark.parametrize(
    ("width_px", "expected"), [(0, "1111111111"), (1, "1111001111"), (2, "1110000111"), (3, "1100000011")]
)
def test_hand_worked_widths_on_both_sides_of_an_edge(width_px, expected):
    target = np.tile(np.array([0] * 5 + [1] * 5, dtype=np.uint8), (3, 1))

    inside = without_edges(target, np.ones((3, 10), dtype=bool), width_px)

    assert "".join(map(str, inside[1].astype(int))) == expected


def test_leading_dimensions_do_not_touch_each_other():
    target = np.stack([np.zeros((4, 4)), np.ones((4, 4))]).astype(np.uint8)

    assert without_edges(target, np.ones(target.shape, dtype=bool), 3).all()


@pytest.mark.parametrize("is_scored", [False, True])
def test_a_class_of_a_whole_image_has_no_edge(is_scored):
    assert without_edges(np.array(2), np.array(is_scored), 3) == np.array(is_scored)

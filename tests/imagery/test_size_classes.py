"""Sizes are those on the ground, of what lies in the image."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from entropice.imagery.samples import Image, Place, Sample
from entropice.imagery.size_classes import ground_pixel_m2, size_class_names, size_classes, sized_target

EDGES_M2 = (5000.0, 20000.0)
AT_70_N = Place(0.0, -2_200_000.0, 10.0, 8, 2021)
AT_30_N = Place(0.0, -7_200_000.0, 10.0, 8, 2021)


def sample_of(target, place):
    target = np.array(target, dtype=np.uint8)
    image = Image(("red",), np.zeros((1, *target.shape), np.float32), np.ones((1, *target.shape), bool))
    return Sample("a", image, target, np.ones(target.shape, bool), place)


def test_classes_are_named_by_their_edges_in_hectares():
    assert size_class_names(EDGES_M2) == ("below 0.5 ha", "0.5 to 2 ha", "2 ha or more")
    assert size_class_names((5000.0,)) == ("below 0.5 ha", "0.5 ha or more")
    assert size_class_names(()) == ()


@given(st.lists(st.floats(0, 1e5), min_size=1), st.lists(st.floats(1, 1e5), unique=True).map(sorted))
def test_every_area_is_of_the_class_between_whose_edges_it_lies(areas_m2, edges_m2):
    open_edges = [0.0, *edges_m2, np.inf]
    for area, number in zip(areas_m2, size_classes(np.array(areas_m2), edges_m2), strict=True):
        assert open_edges[number] <= area < open_edges[number + 1]


def test_a_pixel_is_smaller_on_the_ground_the_farther_south_it_lies():
    assert ground_pixel_m2(AT_70_N) == pytest.approx(100, rel=0.01)
    assert ground_pixel_m2(AT_30_N) == pytest.approx(60, rel=0.02)


def test_pixels_are_of_the_class_of_their_object():
    """55 pixels touching by corners, and 3 apart; in the south the former are below half a hectare, too."""
    target = np.zeros((8, 10))
    target[:7, :7], target[7, 7] = 1, 1
    target[0, 8:], target[1, 9] = 1, 1
    target[7, :5] = 1
    north, south = (sized_target(sample_of(target, place), EDGES_M2) for place in (AT_70_N, AT_30_N))
    assert north[target == 0].tolist() == [0] * int((target == 0).sum())
    assert (north[:7, :7] == 2).all()
    assert (north[0, 8], north[7, 7], south[3, 3]) == (1, 2, 1)
    assert np.array_equal(sized_target(sample_of(target, AT_70_N), ()), target)

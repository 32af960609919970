import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from entropice.imagery.common_pixels import common_pixels
from entropice.imagery.samples import Place

PIXELS = st.integers(-12, 12)
EDGES = st.integers(1, 9)


def numbered(place):
    """Every pixel's own name: its row and column counted from the pole."""
    rows = np.arange(place.n_pixels) - round(place.top_m / place.pixel_m)
    columns = np.arange(place.n_pixels) + round(place.left_m / place.pixel_m)
    return np.stack(np.meshgrid(rows, columns, indexing="ij"), axis=-1)


@given(PIXELS, PIXELS, EDGES, PIXELS, PIXELS, EDGES)
def test_both_count_the_same_ground_and_all_that_they_share(left, top, edge, other_left, other_top, other_edge):
    one = Place(left * 0.1, top * 0.1, 0.1, edge, 2020)
    other = Place(other_left * 0.1, other_top * 0.1, 0.1, other_edge, 2021)
    of_one, of_other = common_pixels(one, other)
    shared = numbered(one)[of_one].reshape(-1, 2).tolist()
    assert shared == numbered(other)[of_other].reshape(-1, 2).tolist()
    there = {tuple(pixel) for pixel in numbered(one).reshape(-1, 2).tolist()}
    assert {tuple(pixel) for pixel in shared} == there & {
        tuple(pixel) for pixel in numbered(other).reshape(-1, 2).tolist()
    }

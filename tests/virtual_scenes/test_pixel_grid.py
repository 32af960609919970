import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from entropice.imagery.samples import Place
from entropice.virtual_scenes.pixel_grid import PixelGrid, pixel_grid


@given(
    corner=st.integers(-700_000, 700_000),
    shift=st.integers(-50, 50),
    pixel_m=st.floats(3, 10),
)
def test_pixels_that_coincide_have_the_same_centres(corner, shift, pixel_m):
    one = pixel_grid(Place(corner * pixel_m, corner * pixel_m, pixel_m, 64, 2022), 2)
    other = pixel_grid(Place((corner + shift) * pixel_m, (corner - shift) * pixel_m, pixel_m, 64, 2022), 2)
    both = slice(max(0, shift), 68 + min(0, shift)), slice(max(0, -shift), 68 + min(0, -shift))
    np.testing.assert_array_equal(one.x_m[both[0]], other.x_m[both[1]])
    np.testing.assert_array_equal(one.y_m[both[0]], other.y_m[both[1]])


def test_a_margin_lies_around():
    grid = pixel_grid(Place(0.0, 30.0, 10.0, 3, 2022), 1)
    np.testing.assert_array_equal(grid.x_m, [-5, 5, 15, 25, 35])
    np.testing.assert_array_equal(grid.y_m, [35, 25, 15, 5, -5])
    assert grid.shape == (5, 5)


@given(x_m=st.floats(-60, 90), y_m=st.floats(-60, 90), reach_m=st.floats(0, 40))
def test_around_holds_the_centres_within_reach(x_m, y_m, reach_m):
    grid = PixelGrid(np.arange(5.0, 30, 10), np.arange(25.0, 0, -10), 10.0)
    rows, columns = grid.around(x_m, y_m, reach_m)
    for axis, window, middle in ((grid.y_m, rows, y_m), (grid.x_m, columns, x_m)):
        np.testing.assert_array_equal(
            axis[np.abs(axis - middle) < reach_m], axis[window][np.abs(axis[window] - middle) < reach_m]
        )

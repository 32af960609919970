import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Transformer

from entropice.imagery.samples import Place
from entropice.virtual_scenes.pixel_grid import pixel_grid
from entropice.virtual_scenes.stars import Star, departures, farthest, seen_scale

LENGTHS_M = st.floats(20, 400)


@st.composite
def stars(draw):
    turn = draw(st.floats(0, 6.28))
    chances = np.random.default_rng(draw(st.integers(0, 10**6))).uniform(size=(2, 6))
    shape = departures(chances, 0.7)
    along_m, across_m = draw(LENGTHS_M), draw(LENGTHS_M)
    return Star(-1.4e6, 1.1e6, np.cos(turn), np.sin(turn), along_m, across_m, shape[0], shape[1])


@given(star=stars())
def test_outlines_are_whole_and_have_the_area_of_their_axes(star):
    outline = star.outline()
    assert outline.is_valid
    assert outline.area == pytest.approx(np.pi * star.along_m * star.across_m, rel=0.01)
    from_middle = shapely.get_coordinates(outline) - (star.x_m, star.y_m)
    assert np.hypot(*from_middle.T).max() <= star.reach_m


@given(star=stars())
def test_what_is_covered_lies_inside_the_outline(star):
    grid = pixel_grid(Place(star.x_m - 600, star.y_m + 600, 40.0, 30, 2022), 0)
    inside = shapely.contains_xy(star.outline(), *np.meshgrid(grid.x_m, grid.y_m))
    near = shapely.distance(shapely.points(*np.meshgrid(grid.x_m, grid.y_m)), star.outline().exterior) < 3
    np.testing.assert_array_equal((star.depth(*star.axes(grid)) > 0)[~near], inside[~near])


@given(chances=st.lists(st.floats(0, 1), min_size=12, max_size=12), roughness=st.floats(0, 1))
def test_no_star_reaches_farther_than_its_roughness_allows(chances, roughness):
    shape = departures(np.array(chances).reshape(2, 6), roughness)
    star = Star(0.0, 0.0, 1.0, 0.0, 30.0, 20.0, shape[0], shape[1])
    assert star.reach_m <= 30 * (1 + farthest(roughness)) + 1e-9


def test_a_circle_by_hand():
    circle = Star(100.0, 50.0, 1.0, 0.0, 20.0, 20.0, np.zeros(6), np.zeros(6))
    grid = pixel_grid(Place(99.5, 50.5, 1.0, 1, 2022), 0)
    assert circle.depth(*circle.axes(grid)).item() == 1
    beside = circle.depth(*circle.axes(grid.shifted(0, -15.0)))
    assert beside.item() == pytest.approx(0.25)
    assert circle.reach_m == 20


def test_down_is_the_way_that_was_asked_for():
    star = Star(0.0, 0.0, 0.6, -0.8, 30.0, 10.0, np.zeros(6), np.zeros(6))
    down_m, across_m = star.axes(pixel_grid(Place(5.5, -7.5, 1.0, 1, 2022), 0))
    assert (down_m.item(), across_m.item()) == pytest.approx((10.0, 0.0), abs=1e-5)
    assert shapely.contains_xy(star.outline(), 17.0, -22.0)
    assert not shapely.contains_xy(star.outline(), 22.0, 17.0)


def test_scale_is_that_of_small_squares():
    x_m, y_m = np.array([-1.4e6, 3e5]), np.array([1.1e6, -2.5e6])
    to_equal_area = Transformer.from_crs("EPSG:3413", "EPSG:6931", always_xy=True).transform
    squares = shapely.box(x_m - 50, y_m - 50, x_m + 50, y_m + 50)
    true_m2 = shapely.area(shapely.transform(squares, to_equal_area, interleaved=False))
    np.testing.assert_allclose(seen_scale(x_m, y_m), 100**2 / true_m2, rtol=1e-4)

"""Squares of a tiling that touch a region, counted."""

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from entropice.dggs import Region
from entropice.dggs.polar import equal_area_m2
from entropice.pipelines.sources.tilings import LAST_LAT_DEG, outline, polar_squares, utm_squares

EDGE_M = 100_000.0


@pytest.mark.parametrize(
    ("area", "n_squares"),
    [
        (shapely.box(0, 0, EDGE_M, EDGE_M), 1),
        (shapely.box(-EDGE_M, -EDGE_M, EDGE_M, EDGE_M), 4),
        (shapely.box(-1, -1, 1, 1), 4),
        (shapely.box(0, 0, EDGE_M + 1, EDGE_M), 2),
        (shapely.box(150_000, 150_000, 160_000, 160_000), 1),
        (shapely.Polygon([(0, 0), (300_000, 0), (0, 300_000)]), 6),
    ],
    ids=["one", "around the pole", "at a corner", "one metre more", "inside", "triangle"],
)
def test_squares_that_touch_an_area_are_counted(area: shapely.Polygon, n_squares: int) -> None:
    assert polar_squares(area, EDGE_M) == n_squares


@given(
    left=st.floats(-3e6, 3e6), bottom=st.floats(-3e6, 3e6), width=st.floats(1e3, 1e6), height=st.floats(1e3, 1e6),
)  # fmt: skip
def test_the_squares_cover_a_box_and_no_more_than_its_rim_besides(
    left: float, bottom: float, width: float, height: float
) -> None:
    n_squares = polar_squares(shapely.box(left, bottom, left + width, bottom + height), EDGE_M)

    assert n_squares * EDGE_M**2 >= width * height * (1 - 1e-9)
    assert n_squares <= (width / EDGE_M + 2) * (height / EDGE_M + 2)


def test_the_arctic_has_as_many_squares_as_its_area_asks_for() -> None:
    cap = outline(Region.north_of(60.0))
    # of a sphere with the area of the Earth; WGS 84 differs by less than 1 %
    cap_m2 = 2 * np.pi * 6_371_007.0**2 * (1 - np.sin(np.radians(60.0)))

    assert equal_area_m2(np.array([cap]))[0] == pytest.approx(cap_m2, rel=0.01)
    assert polar_squares(cap, EDGE_M) == pytest.approx(cap.area / EDGE_M**2, rel=0.06)


def test_a_square_of_a_zone_counts_once_and_neighbours_count_their_own() -> None:
    # around 66° N: 6° of longitude are 272 km, so that a zone has two columns and a rim of squares of 163.84 km
    inside_one_zone = outline(Region.inside(_lon_lat_box(-134.0, 66.0, -133.9, 66.05)))
    on_the_border = outline(Region.inside(_lon_lat_box(-132.05, 66.0, -131.95, 66.05)))

    assert utm_squares(inside_one_zone, 163_840.0) == 1
    assert utm_squares(on_the_border, 163_840.0) >= 2


def test_an_empty_area_has_no_squares() -> None:
    assert polar_squares(shapely.Polygon(), EDGE_M) == utm_squares(shapely.Polygon(), EDGE_M) == 0


def test_embeddings_end_where_utm_ends() -> None:
    pole = outline(Region.north_of(LAST_LAT_DEG + 0.5))

    assert utm_squares(pole, 163_840.0) == 0


def _lon_lat_box(west_deg: float, south_deg: float, east_deg: float, north_deg: float) -> shapely.Polygon:
    from entropice.dggs.polar import project

    lon_deg = np.array([west_deg, east_deg, east_deg, west_deg])
    lat_deg = np.array([south_deg, south_deg, north_deg, north_deg])
    return shapely.Polygon(project(lon_deg, lat_deg))

"""Angles between places are those between their normals, and every place is within half a turn of any other."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Geod

from entropice.dggs.near import NearPoints, largest_angle_deg, unit_vectors

GEOD = Geod(ellps="WGS84")
longitudes, latitudes = st.floats(-180.0, 180.0), st.floats(-90.0, 90.0)


@pytest.mark.parametrize(("within_deg", "is_near"), [(29.999, False), (30.001, True), (180.0, True), (400.0, True)])
def test_a_meridian_by_hand(within_deg, is_near):
    points = NearPoints.of(np.array([10.0]), np.array([40.0]))
    assert points.are_near(np.array([10.0]), np.array([70.0]), within_deg).tolist() == [is_near]


def test_the_angle_itself_is_within_it_and_the_nearest_of_several_points_counts():
    points = NearPoints.of(np.array([0.0, 90.0]), np.array([0.0, 0.0]))
    near = points.are_near(np.array([60.0, 30.0, 45.0]), np.zeros(3), 30.0)
    assert near.tolist() == [True, True, False]


def test_the_other_end_of_the_world_is_half_a_turn_away():
    points = NearPoints.of(np.array([20.0]), np.array([50.0]))
    antipode = np.array([-160.0]), np.array([-50.0])
    assert points.are_near(*antipode, 180.0).all()
    assert points.are_near(*antipode, 181.0).all()
    assert not points.are_near(*antipode, 179.9).any()


def test_axes_are_the_pole_and_where_the_equator_meets_greenwich_and_90_east():
    vectors = unit_vectors(np.array([123.0, 0.0, 90.0]), np.array([90.0, 0.0, 0.0]))
    assert vectors == pytest.approx(np.array([[0.0, 0.0, 1.0], [1.0, 0.0, 0.0], [0.0, 1.0, 0.0]]), abs=1e-12)


@given(longitudes, latitudes, longitudes, latitudes)
def test_no_two_points_have_normals_farther_apart_than_their_distance_allows(lon, lat, other_lon, other_lat):
    distance_m = GEOD.inv(lon, lat, other_lon, other_lat)[2]
    chord = np.linalg.norm(np.diff(unit_vectors(np.array([lon, other_lon]), np.array([lat, other_lat])), axis=0))
    angle_deg = np.degrees(2 * np.arcsin(min(chord / 2, 1.0)))

    assert angle_deg <= largest_angle_deg(distance_m) + 1e-6
    assert largest_angle_deg(distance_m) <= 1.02 * np.degrees(distance_m / 6_371_000.0)

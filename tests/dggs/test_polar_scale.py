"""Laws of the scale of EPSG:3413: that of PROJ, of Snyder's equations, and of lengths measured on the ellipsoid."""

import math

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Geod, Proj

from entropice.crs import POLAR_CRS
from entropice.dggs.polar import equal_area_m2, project, scale_at, unproject

LATITUDES = st.floats(-60.0, 90.0)
LONGITUDES = st.floats(-180.0, 180.0)


@given(LONGITUDES, LATITUDES)
def test_it_is_that_of_proj_in_every_direction(lon_deg, lat_deg):
    factors = Proj(POLAR_CRS).get_factors(lon_deg, lat_deg)
    [scale] = scale_at(project(np.array([lon_deg]), np.array([lat_deg])))
    assert scale == pytest.approx(factors.meridional_scale, rel=1e-7)
    assert scale == pytest.approx(factors.parallel_scale, rel=1e-7)


@pytest.mark.parametrize(
    ("lat_deg", "expected"), [(70.0, 1.0), (90.0, 0.969858), (50.0, 1.098137), (35.0, 1.231927), (30.0, 1.292059)]
)
def test_known_values(lat_deg, expected):
    assert scale_at(project(np.array([10.0]), np.array([lat_deg]))) == pytest.approx([expected], abs=1e-6)


def test_35_north_by_hand():
    """Snyder's steps with the numbers of WGS 84: t (15-9), m (14-15), rho = a m_c t / t_c, k = rho / (a m)."""
    e = 0.0818191908

    def t_and_m(phi):
        t = math.tan(math.pi / 4 - phi / 2) / ((1 - e * math.sin(phi)) / (1 + e * math.sin(phi))) ** (e / 2)
        return t, math.cos(phi) / math.sqrt(1 - e**2 * math.sin(phi) ** 2)

    (t_c, m_c), (t, m) = t_and_m(math.radians(70.0)), t_and_m(math.radians(35.0))
    assert scale_at(project(np.array([0.0]), np.array([35.0]))) == pytest.approx([m_c * t / t_c / m], rel=1e-9)


def test_at_the_pole_by_hand():
    """Snyder 21-35: k_0 = m_c sqrt((1+e)^(1+e) (1-e)^(1-e)) / (2 t_c)."""
    e = 0.0818191908
    sine = e * math.sin(math.radians(70.0))
    m_c = math.cos(math.radians(70.0)) / math.sqrt(1 - sine**2)
    t_c = math.tan(math.radians(10.0)) / ((1 - sine) / (1 + sine)) ** (e / 2)
    expected = m_c * math.sqrt((1 + e) ** (1 + e) * (1 - e) ** (1 - e)) / (2 * t_c)
    assert scale_at(np.zeros((1, 2))) == pytest.approx([expected], rel=1e-9)


@given(LONGITUDES, st.floats(25.0, 89.9), st.floats(0.0, 360.0))
def test_lengths_on_the_ground(lon_deg, lat_deg, direction_deg):
    begin_m = project(np.array([lon_deg]), np.array([lat_deg]))
    step_m = 1000.0 * np.array([np.cos(np.radians(direction_deg)), np.sin(np.radians(direction_deg))])
    (lon_0, lat_0), (lon_1, lat_1) = unproject(begin_m), unproject(begin_m + step_m)
    _, _, [ground_m] = Geod(ellps="WGS84").inv(lon_0, lat_0, lon_1, lat_1)
    assert 1000.0 / scale_at(begin_m + step_m / 2) == pytest.approx([ground_m], rel=1e-6)


@given(LONGITUDES, st.floats(25.0, 89.9))
def test_areas_on_the_ground(lon_deg, lat_deg):
    [[x_m, y_m]] = project(np.array([lon_deg]), np.array([lat_deg]))
    box = shapely.box(x_m - 500.0, y_m - 500.0, x_m + 500.0, y_m + 500.0)
    assert 1e6 / scale_at(np.array([[x_m, y_m]])) ** 2 == pytest.approx([equal_area_m2(box)], rel=1e-6)


def test_it_grows_outwards():
    scales = scale_at(project(np.zeros(200), np.linspace(90.0, 0.0, 200)))
    assert (np.diff(scales) > 0).all()


def test_what_is_not_finite_has_none():
    assert np.isnan(scale_at(np.array([[np.nan, 0.0], [np.inf, 0.0], [0.0, -np.inf]]))).all()
    assert scale_at(np.empty((0, 2))).shape == (0,)

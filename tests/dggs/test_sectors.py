"""Sectors of longitude divide the circle; the western edge belongs to each."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from entropice.dggs.sectors import sectors, west_deg


@pytest.mark.parametrize(
    ("lon_deg", "name"),
    [
        (-180.0, "-180 to -135"),
        (180.0, "-180 to -135"),
        (-135.001, "-180 to -135"),
        (-135.0, "-135 to -90"),
        (-0.5, "-45 to 0"),
        (44.5, "0 to 45"),
        (45.0, "45 to 90"),
        (179.999, "135 to 180"),
    ],
)
def test_by_hand(lon_deg, name):
    assert sectors(np.array([lon_deg])).tolist() == [name]
    assert sectors(np.array([lon_deg + 360.0, lon_deg - 720.0])).tolist() == [name] * 2


@given(st.integers(-180_000_000, 179_999_999), st.sampled_from([15.0, 22.5, 45.0, 90.0, 360.0]))
def test_a_place_lies_less_than_a_width_east_of_the_edge_that_names_its_sector(lon_udeg, width_deg):
    lon_deg = lon_udeg / 1e6
    west = west_deg(sectors(np.array([lon_deg]), width_deg).iloc[0])
    assert west <= lon_deg < west + width_deg
    assert (west + 180.0) % width_deg == 0.0

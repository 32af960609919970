"""Boxes of longitude and latitude."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from entropice.serve.boxes import box_from, box_of
from entropice.serve.refusals import Refusal

LON = st.floats(-180, 180)
LAT = st.floats(-90, 90)


def holds(west: float, south: float, east: float, north: float, lon: float, lat: float) -> bool:
    return bool(box_of(west, south, east, north).holds(np.array([lon]), np.array([lat]))[0])


@pytest.mark.parametrize(
    ("box", "place", "is_inside"),
    [
        ((-10, 60, 10, 70), (0, 65), True),
        ((-10, 60, 10, 70), (10, 70), True),
        ((-10, 60, 10, 70), (11, 65), False),
        ((-10, 60, 10, 70), (0, 71), False),
        ((170, 60, -170, 70), (180, 65), True),
        ((170, 60, -170, 70), (-180, 65), True),
        ((170, 60, -170, 70), (-175, 65), True),
        ((170, 60, -170, 70), (0, 65), False),
        ((170, 60, 180, 70), (-180, 65), True),
        ((-180, 60, -170, 70), (180, 65), True),
        ((-180, 60, 180, 70), (180, 65), True),
        ((-180, 60, 180, 70), (33, 65), True),
        ((5, 60, 5, 70), (5, 65), True),
        ((5, 60, 5, 70), (5.001, 65), False),
        ((10, 80, 20, 90), (-100, 90), True),
        ((10, 80, 20, 89), (-100, 90), False),
        ((10, -90, 20, -80), (99, -90), True),
    ],
)
def test_places_inside_by_hand(box, place, is_inside: bool) -> None:
    assert holds(*box, *place) is is_inside


@given(LON, LAT, LON, LAT, LON, LAT)
def test_a_box_across_180_is_the_two_boxes_beside_it(west, south, east, north, lon, lat) -> None:
    west, east = max(west, east), min(west, east)
    south, north = sorted((south, north))

    both = holds(west, south, 180, north, lon, lat) or holds(-180, south, east, north, lon, lat)

    if west > east:
        assert holds(west, south, east, north, lon, lat) == both


@given(LON, LAT, LAT)
def test_a_box_of_all_meridians_holds_each(lon, south, north) -> None:
    south, north = sorted((south, north))

    assert holds(-180, south, 180, north, lon, (south + north) / 2 if south < north else south)


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ("0,70,10,60", "min_lat, max_lat"),
        ("0,0,0", "bbox"),
        ("0,0,0,0,0", "bbox"),
        ("a,b,c,d", "bbox"),
        ("", "bbox"),
        ("nan,0,1,1", "min_lon"),
        ("0,0,inf,1", "max_lon"),
        ("0,-91,1,1", "min_lat"),
        ("181,0,1,1", "min_lon"),
        ("0,0,1,1e999", "max_lat"),
    ],
)
def test_what_is_no_box_is_refused(text: str, field: str) -> None:
    with pytest.raises(Refusal) as refused:
        box_from(text)

    assert refused.value.status_code == 422
    assert refused.value.error["field"] == field

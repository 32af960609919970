"""Boxes of longitude and latitude."""

import math
from dataclasses import dataclass

import numpy as np

from entropice.serve.refusals import Refusal
from entropice.types import BoolArray, FloatArray

_FIX = "min_lon,min_lat,max_lon,max_lat in degrees; a box whose west is greater than its east crosses 180°"


@dataclass(frozen=True)
class Box:
    """All places between two meridians and two parallels, edges included.

    Attributes
    ----------
    west_deg, east_deg
        From -180 to 180; with the west greater than the east the box crosses the antimeridian.
    south_deg, north_deg
        From -90 to 90, in this order.
    """

    west_deg: float
    south_deg: float
    east_deg: float
    north_deg: float

    @property
    def width_deg(self) -> float:
        """From 0, a meridian, to 360, all of them.

        Examples
        --------
        >>> [Box(west, 60.0, east, 80.0).width_deg for west, east in ((170, -170), (0, 0), (-180, 180))]
        [20, 0, 360]
        """
        width = self.east_deg - self.west_deg
        return width if width >= 0 else width + 360

    def holds(self, lon_deg: FloatArray, lat_deg: FloatArray) -> BoolArray:
        """Whether places (…) are inside; a pole, which has no longitude, is in each box that reaches it.

        `lon_deg` and `lat_deg` have one shape, which the answer has, too. Longitudes count in any turn (190 is −170);
        edges are inside; NaN is not.

        Examples
        --------
        >>> across = Box(170.0, 60.0, -170.0, 90.0)
        >>> across.holds(np.array([180.0, 190.0, 0.0, 0.0]), np.array([60.0, 70.0, 70.0, 90.0])).tolist()
        [True, True, False, True]
        """
        # Modulo 360, so that a box across the antimeridian needs no case of its own.
        is_between = (lon_deg - self.west_deg) % 360 <= self.width_deg
        is_at_pole = np.abs(lat_deg) == 90
        return np.asarray((lat_deg >= self.south_deg) & (lat_deg <= self.north_deg) & (is_between | is_at_pole))


def box_of(west_deg: float, south_deg: float, east_deg: float, north_deg: float) -> Box:
    """The box of four degrees.

    `south_deg` may equal `north_deg`, and the west may be greater than the east. Both −180 and 180 are longitudes.

    Raises
    ------
    Refusal
        422: one is no number or beyond its range, or the south lies north of the north.
    """
    for field, value, most in (
        ("min_lon", west_deg, 180),
        ("min_lat", south_deg, 90),
        ("max_lon", east_deg, 180),
        ("max_lat", north_deg, 90),
    ):
        if not math.isfinite(value) or abs(value) > most:
            raise _wrong(field, value, f"a number from -{most} to {most}")
    if south_deg > north_deg:
        raise _wrong("min_lat, max_lat", f"{south_deg:g}, {north_deg:g}", "the southern latitude first")
    return Box(west_deg, south_deg, east_deg, north_deg)


def box_from(text: str) -> Box:
    """The box of ``min_lon,min_lat,max_lon,max_lat``.

    Raises
    ------
    Refusal
        422: those are no four numbers, or what `box_of` refuses.

    Examples
    --------
    >>> box_from("170, 60, -170, 75")
    Box(west_deg=170.0, south_deg=60.0, east_deg=-170.0, north_deg=75.0)
    """
    try:
        west, south, east, north = map(float, text.split(","))
    except ValueError as error:
        raise _wrong("bbox", text, "four numbers with commas between them") from error
    return box_of(west, south, east, north)


def _wrong(field: str, got: object, expected: str) -> Refusal:
    return Refusal(422, "The box is none.", field=field, got=got, expected=expected, fix=_FIX)

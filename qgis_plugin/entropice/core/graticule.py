"""Which meridians and parallels a polar map shows, and what to call them."""

from __future__ import annotations

import math
from collections.abc import Sequence

from .language import tr

LONGITUDE_STEPS_DEG = (1.0, 2.0, 5.0, 10.0, 15.0, 30.0, 45.0)
LATITUDE_STEPS_DEG = (0.25, 0.5, 1.0, 2.0, 5.0, 10.0)
MAX_MERIDIANS, MAX_PARALLELS = 12, 6
_FULL_TURN_DEG = 360.0


def meridians(edge_lons_deg: Sequence[float], has_pole: bool) -> tuple[float, ...]:
    """Longitudes in [−180°, 180°) that cross a map, given those along its edge; all around where the pole is inside.

    `edge_lons_deg` are longitudes of points along the edge, in any turn and order, at least one where the pole is
    outside; the map is taken to reach over the shortest arc that holds them all. They lie at whole multiples of 1, 2,
    5, 10, 15, 30 or 45°, the smallest step that gives 12 or fewer, from the west eastwards; the western end is
    included, the eastern is not.

    Examples
    --------
    >>> meridians([170, -170], has_pole=False)
    (170.0, 172.0, 174.0, 176.0, 178.0, -180.0, -178.0, -176.0, -174.0, -172.0)
    >>> meridians([], has_pole=True)[:3]
    (-180.0, -150.0, -120.0)
    """
    start, span = (-180.0, _FULL_TURN_DEG) if has_pole else _shortest_arc(edge_lons_deg)
    step = _step(span, LONGITUDE_STEPS_DEG, MAX_MERIDIANS)
    first, last = math.ceil(start / step), math.ceil((start + span) / step)
    return tuple((number * step + 180) % _FULL_TURN_DEG - 180 for number in range(first, last))


def parallels(lowest_lat_deg: float, highest_lat_deg: float) -> tuple[float, ...]:
    """Latitudes between the lowest and the highest of a map, without the pole.

    They lie at whole multiples of 0.25, 0.5, 1, 2, 5 or 10°, the smallest step of which 6 or fewer fit into the span,
    10° where none does; both ends are included, but for 90°; the highest is not below the lowest.

    Examples
    --------
    >>> parallels(61.0, 90.0)
    (65.0, 70.0, 75.0, 80.0, 85.0)
    """
    step = _step(highest_lat_deg - lowest_lat_deg, LATITUDE_STEPS_DEG, MAX_PARALLELS)
    first, last = math.ceil(lowest_lat_deg / step), math.floor(highest_lat_deg / step)
    return tuple(number * step for number in range(first, last + 1) if number * step < 90)


def longitude_text(lon_deg: float) -> str:
    """A longitude as maps write it.

    Of at most six digits; whole half turns have no letter.

    Examples
    --------
    >>> longitude_text(-133.5), longitude_text(0), longitude_text(-180)
    ('133.5° W', '0°', '180°')
    """
    if lon_deg % 180 == 0:
        return f"{abs(lon_deg):g}°"
    return f"{abs(lon_deg):g}° {tr('E') if lon_deg > 0 else tr('W')}"


def latitude_text(lat_deg: float) -> str:
    """A latitude as maps write it.

    Of at most six digits; the equator is ``0° N``.

    Examples
    --------
    >>> latitude_text(68.25), latitude_text(-10)
    ('68.25° N', '10° S')
    """
    return f"{abs(lat_deg):g}° {tr('N') if lat_deg >= 0 else tr('S')}"


def round_length(length: float) -> float:
    """The largest 1, 2 or 5 times a power of ten that is not longer; the length has to be above 0.

    Raises
    ------
    ValueError
        The length is 0 or negative.

    Examples
    --------
    >>> round_length(7.3), round_length(20.0), round_length(0.4)
    (5.0, 20.0, 0.2)
    """
    power = 10.0 ** math.floor(math.log10(length))
    return max(factor * power for factor in (1, 2, 5) if factor * power <= length)


def _step(span: float, steps: Sequence[float], n_max: int) -> float:
    return next((step for step in steps if span / step <= n_max), steps[-1])


def _shortest_arc(lons_deg: Sequence[float]) -> tuple[float, float]:
    """Start and length of the shortest arc that holds all longitudes: what the widest gap between them leaves."""
    ordered = sorted({lon % _FULL_TURN_DEG for lon in lons_deg})
    gaps = [b - a for a, b in zip(ordered, [*ordered[1:], ordered[0] + _FULL_TURN_DEG])]
    widest = gaps.index(max(gaps))
    return ordered[(widest + 1) % len(ordered)], _FULL_TURN_DEG - gaps[widest]

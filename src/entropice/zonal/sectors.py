"""Polygons cut by meridians and parallels: compiled loops over edges in a polar equal-area plane.

The plane has its origin at the pole; meridians are rays and parallels circles around it. A box lies between two rays
and two circles. Its share of a polygon has the area ½ ∮ r² dφ along its outline, to which rays add nothing, circles
½ R² Δφ, and a straight piece of the polygon's edge half the cross product of its ends. Hence the pole and the ±180°
meridian are places like any other.
"""

from typing import Any, Final, NamedTuple

import numpy as np

from entropice.types import FloatArray, IntArray
from entropice.zonal.compiled import compiled
from entropice.zonal.rings import Rings

NEGLIGIBLE_SHARE: Final = 1e-13
"""A smaller part of a polygon is rounding."""


class LonLatBoxes(NamedTuple):
    """Boxes of a longitude–latitude grid, between meridians and parallels.

    Not bounding boxes: their edges are rays and arcs in the plane.

    Attributes
    ----------
    west_rad
        Western edge of the first column: the angle from the plane's −y axis, anticlockwise.
    step_rad
        Width of a column.
    n_columns
        Columns; what lies east of the last is in no box.
    squared_radii_m2
        Of the parallels that bound the rows, ascending (towards the equator), shape (n_rows + 1,); what lies beyond
        the first or the last is in no box.
    """

    west_rad: float
    step_rad: float
    n_columns: int
    squared_radii_m2: FloatArray


class Tally(NamedTuple):
    """Areas of one polygon by box, and which boxes have been touched."""

    area_m2: FloatArray
    is_touched: IntArray
    touched: IntArray


@compiled
def _column(x_m: float, y_m: float, boxes: LonLatBoxes) -> float:
    """Column coordinate of a point: its whole part is the column."""
    column: float = ((np.arctan2(x_m, -y_m) - boxes.west_rad) % (2.0 * np.pi)) / boxes.step_rad
    return column


@compiled
def _add(tally: Tally, n: int, box: int, area_m2: float) -> int:
    if tally.is_touched[box] == 0:
        tally.is_touched[box] = 1
        tally.touched[n] = box
        n += 1
    tally.area_m2[box] += area_m2
    return n


@compiled
def _row(squared_m2: float, boxes: LonLatBoxes) -> int:
    """Row of a squared radius; −1 or n_rows outside."""
    return int(np.searchsorted(boxes.squared_radii_m2, squared_m2, side="right")) - 1


@compiled
def _ray_cuts(cuts: FloatArray, n: int, start: FloatArray, end: FloatArray, boxes: LonLatBoxes) -> int:
    """Add where an edge crosses meridians, as shares of its length."""
    cross = start[0] * end[1] - start[1] * end[0]
    turn = np.arctan2(cross, start[0] * end[0] + start[1] * end[1]) / boxes.step_rad
    column = _column(start[0], start[1], boxes)
    first, last, full_turn = min(column, column + turn), max(column, column + turn), 2.0 * np.pi / boxes.step_rad
    # The start lies within the first turn of the columns, the end up to half a turn beyond: an edge that passes the
    # grid's western edge meets the meridians of the turn before or after.
    for turns in range(-1, 2):
        west, east = first - turns * full_turn, last - turns * full_turn
        for meridian in range(max(int(np.ceil(west)), 0), min(int(np.floor(east)), boxes.n_columns) + 1):
            angle = boxes.west_rad + meridian * boxes.step_rad
            x, y = np.sin(angle), -np.cos(angle)
            slope = x * (end[1] - start[1]) - y * (end[0] - start[0])
            # A parallel edge does not cross; along the meridian itself it encloses no area with the pole.
            if slope != 0.0:
                cuts[n] = -(x * start[1] - y * start[0]) / slope
                n += 1
    return n


@compiled
def _circle_cuts(cuts: FloatArray, n: int, start: FloatArray, end: FloatArray, boxes: LonLatBoxes) -> int:
    """Add where an edge crosses parallels, as shares of its length."""
    dx, dy = end[0] - start[0], end[1] - start[1]
    a, b = dx * dx + dy * dy, start[0] * dx + start[1] * dy
    if a == 0.0:
        return n
    from_pole = start[0] ** 2 + start[1] ** 2
    # An edge comes nearest to the pole at the foot of the perpendicular, which may lie between its ends: an edge whose
    # ends lie south of a parallel may cross it twice.
    nearest = min(max(-b / a, 0.0), 1.0)
    lowest = (start[0] + nearest * dx) ** 2 + (start[1] + nearest * dy) ** 2
    highest = max(from_pole, end[0] ** 2 + end[1] ** 2)
    for parallel in range(_row(lowest, boxes) + 1, min(_row(highest, boxes) + 1, boxes.squared_radii_m2.size)):
        # Both solutions are added: one beyond the edge's ends lies outside (0, 1] and is passed over when sorted.
        root = np.sqrt(max(b * b - a * (from_pole - boxes.squared_radii_m2[parallel]), 0.0))
        cuts[n], cuts[n + 1] = (-b - root) / a, (-b + root) / a
        n += 2
    return n


@compiled
def _lowest_row(points: FloatArray, boxes: LonLatBoxes) -> int:
    """Row nearest to the pole that an outline reaches."""
    lowest = np.inf
    for k in range(points.shape[0] - 1):
        start, end = points[k], points[k + 1]
        dx, dy = end[0] - start[0], end[1] - start[1]
        length = dx * dx + dy * dy
        nearest = 0.0 if length == 0.0 else min(max(-(start[0] * dx + start[1] * dy) / length, 0.0), 1.0)
        lowest = min(lowest, (start[0] + nearest * dx) ** 2 + (start[1] + nearest * dy) ** 2)
    return max(_row(lowest, boxes), 0)


@compiled
def _turns(points: FloatArray) -> float:
    """Angle (rad) by which an outline turns around the pole: 0 unless the pole lies within."""
    total = 0.0
    for k in range(points.shape[0] - 1):
        x0, y0 = points[k]
        x1, y1 = points[k + 1]
        total += np.arctan2(x0 * y1 - y0 * x1, x0 * x1 + y0 * y1)
    return total


@compiled
def _add_piece(
    tally: Tally, n: int, start: tuple[float, float], end: tuple[float, float], boxes: LonLatBoxes, base: int
) -> int:
    """Add what lies between the base row's inner parallel and a piece of edge that stays in one box."""
    (x0, y0), (x1, y1) = start, end
    # The middle tells the box: the ends lie on borders, where rounding decides.
    x, y = (x0 + x1) / 2.0, (y0 + y1) / 2.0
    column = int(_column(x, y, boxes))
    if column >= boxes.n_columns:
        return n
    cross = x0 * y1 - y0 * x1
    angle, radii = np.arctan2(cross, x0 * x1 + y0 * y1), boxes.squared_radii_m2
    row, n_rows = _row(x * x + y * y, boxes), radii.size - 1
    # Seen from the pole, a piece of edge closes off the rows before its own: they get the whole ring sector, their own
    # row what lies between its inner parallel and the chord. Pieces on the polygon's near side take it away again.
    for below in range(base, min(row, n_rows)):
        n = _add(tally, n, below * boxes.n_columns + column, (radii[below + 1] - radii[below]) / 2.0 * angle)
    if 0 <= row < n_rows:
        n = _add(tally, n, row * boxes.n_columns + column, (cross - radii[row] * angle) / 2.0)
    return n


@compiled
def _add_ring(tally: Tally, n: int, points: FloatArray, boxes: LonLatBoxes, base: int, cuts: FloatArray) -> int:
    for k in range(points.shape[0] - 1):
        start, end = points[k], points[k + 1]
        n_cuts = _circle_cuts(cuts, _ray_cuts(cuts, 0, start, end, boxes), start, end, boxes)
        cuts[n_cuts] = 1.0
        # Rays and circles cut an edge in any order, and twice at a corner of boxes: sorted, pieces follow each other,
        # and a cut that is no further than the one before makes none.
        ordered = np.sort(cuts[: n_cuts + 1])
        x, y, passed = start[0], start[1], 0.0
        for cut in ordered:
            if passed < cut <= 1.0:
                following = (start[0] + cut * (end[0] - start[0]), start[1] + cut * (end[1] - start[1]))
                n = _add_piece(tally, n, (x, y), following, boxes, base)
                (x, y), passed = following, cut
    return n


@compiled
def cut_by_boxes(rings: Rings, boxes: LonLatBoxes) -> tuple[IntArray, IntArray, FloatArray]:
    """Area that each polygon shares with each box.

    Parameters
    ----------
    rings
        Of the polygons, in the plane (m), outer ones anticlockwise; no edge passes the pole at more than half a turn.
        Polygons may overlap: each is cut on its own.
    boxes
        In the same plane.

    Returns
    -------
    First entry of each polygon and the end, shape (n_polygons + 1,); box of each entry (``row * n_columns + column``),
    int64 of shape (n_entries,), ascending within a polygon; area of each entry in m², shape (n_entries,), positive.

    Notes
    -----
    Green's theorem in polar coordinates, ½ ∮ r² dφ; boxes that get less than 1e-13 of a polygon's area are left out.

    Examples
    --------
    A square of 2 m around the pole and two half-planes of boxes of 10 m radius: half of its area in each.

    >>> import numpy as np
    >>> from entropice.zonal.rings import Rings
    >>> points = np.array([[-1.0, -1.0], [1.0, -1.0], [1.0, 1.0], [-1.0, 1.0], [-1.0, -1.0]])
    >>> square = Rings(points, np.array([0, 5]), np.array([0, 1]))
    >>> starts, boxes, areas_m2 = cut_by_boxes(square, LonLatBoxes(-np.pi, np.pi, 2, np.array([0.0, 100.0])))
    >>> boxes.tolist(), areas_m2.round(9).tolist()
    ([0, 1], [2.0, 2.0])
    """
    n_polygons, n_rows = rings.first_rings.size - 1, boxes.squared_radii_m2.size - 1
    n_boxes = n_rows * boxes.n_columns
    tally = Tally(np.zeros(n_boxes), np.zeros(n_boxes, np.int64), np.empty(n_boxes, np.int64))
    # An edge crosses each of n_rows + 1 circles twice at most, and n_columns + 1 rays once on each of three turns; its
    # end is one more.
    cuts = np.empty(2 * n_rows + 3 * boxes.n_columns + 8)
    starts, found, areas_m2 = np.zeros(n_polygons + 1, np.int64), np.empty(n_polygons, np.int64), np.empty(n_polygons)
    for polygon in range(n_polygons):
        n = _add_polygon(tally, rings, polygon, boxes, cuts)
        first, touched = starts[polygon], np.sort(tally.touched[:n])
        if first + n > found.size:
            found, areas_m2 = _grown(found, n), _grown(areas_m2, n)
        starts[polygon + 1] = first + _move(tally, touched, found[first:], areas_m2[first:])
    return starts, found[: starts[-1]].copy(), areas_m2[: starts[-1]].copy()


@compiled
def _add_polygon(tally: Tally, rings: Rings, polygon: int, boxes: LonLatBoxes, cuts: FloatArray) -> int:
    """Tally a polygon; returns the number of boxes touched."""
    base, turned, n = boxes.squared_radii_m2.size - 1, 0.0, 0
    for ring in range(rings.first_rings[polygon], rings.first_rings[polygon + 1]):
        points = rings.points[rings.ring_starts[ring] : rings.ring_starts[ring + 1]]
        base, turned = min(base, _lowest_row(points, boxes)), turned + _turns(points)
    # Areas of rows north of the polygon cancel in exact arithmetic only: they are left out where the pole lies outside.
    # The turn is 0 or ±2π, so that π tells them apart whatever the rounding.
    holds_pole = abs(turned) > np.pi
    for ring in range(rings.first_rings[polygon], rings.first_rings[polygon + 1]):
        points = rings.points[rings.ring_starts[ring] : rings.ring_starts[ring + 1]]
        n = _add_ring(tally, n, points, boxes, 0 if holds_pole else base, cuts)
    return n


@compiled
def _move(tally: Tally, touched: IntArray, found: IntArray, areas_m2: FloatArray) -> int:
    """Move what has been tallied, rounding left out; the tally is as new. Returns how many boxes there are."""
    total_m2, n = 0.0, 0
    # What cancels in exact arithmetic leaves rounding of either sign, of the size of the whole polygon's: the limit is
    # a share of that, not of a box.
    for box in touched:
        total_m2 += tally.area_m2[box]
    for box in touched:
        if tally.area_m2[box] > NEGLIGIBLE_SHARE * total_m2:
            found[n], areas_m2[n] = box, tally.area_m2[box]
            n += 1
        tally.area_m2[box], tally.is_touched[box] = 0.0, 0
    return n


@compiled
def _grown(values: Any, n_more: int) -> Any:
    """A copy with room for more, and then some."""
    larger = np.empty(2 * values.size + n_more, values.dtype)
    for k, value in enumerate(values):
        larger[k] = value
    return larger

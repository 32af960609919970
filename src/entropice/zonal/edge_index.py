"""Spatial index of polygons' edges: crossings and containment by compiled loops that skip edges far away."""

from typing import Any, Final, NamedTuple

import numpy as np

from entropice.types import BoolArray, FloatArray, IntArray
from entropice.zonal.compiled import compiled
from entropice.zonal.rings import Rings

STRIDES: Final = (16, 256, 4096)
"""Number of edges in a bounding box, on three levels."""

MARGIN: Final = 1e-6
"""Distance (m) up to which edges count as meeting, so that rounding never yields "apart" for edges that meet."""

Rectangle = tuple[float, float, float, float]
"""x from and to, y from and to."""

CROSSING, LEFT_HOLDS, RIGHT_HOLDS, APART = range(4)


class EdgeIndex(NamedTuple):
    """Edges of polygons, with bounding boxes of consecutive edges on several levels.

    Attributes
    ----------
    points
        Vertices of all rings, shape (n_points, 2).
    is_edge
        Whether an edge leads from this vertex to the next, shape (n_points,).
    starts
        First vertex of each polygon and the end, shape (n_polygons + 1,).
    box_starts
        First box of each polygon by level, shape (n_levels, n_polygons + 1).
    boxes
        Bounding boxes of all levels, one after another: x from and to, y from and to, shape (n_boxes, 4).
    """

    points: FloatArray
    is_edge: BoolArray
    starts: IntArray
    box_starts: IntArray
    boxes: FloatArray


def index_edges(rings: Rings) -> EdgeIndex:
    """Index the edges of polygons; no edge leads from a ring's last vertex to the next ring's first.

    Coordinates are kept, not copied. There are three levels of boxes, of 16, 256 and 4096 edges each; an empty polygon
    has no box.

    Examples
    --------
    A square has five vertices, the last of which begins no edge, and one box a level.

    >>> import numpy as np
    >>> from shapely import box
    >>> from entropice.zonal.rings import rings_of
    >>> edges = index_edges(rings_of(np.array([box(0, 0, 3, 2)], dtype=object)))
    >>> edges.is_edge.tolist(), edges.boxes[0].tolist(), len(edges.boxes)
    ([True, True, True, True, False], [0.0, 3.0, 0.0, 2.0], 3)
    """
    is_edge = np.ones(len(rings.points), dtype=np.bool_)
    is_edge[rings.ring_starts[1:] - 1] = False
    starts = rings.ring_starts[rings.first_rings]
    n_boxes = -(-np.diff(starts) // np.array(STRIDES)[:, None])
    box_starts = np.append(0, np.cumsum(n_boxes))
    by_level = np.stack([box_starts[level * (len(starts) - 1) :][: len(starts)] for level in range(len(STRIDES))])
    return EdgeIndex(rings.points, is_edge, starts, by_level, _boxes(rings.points, is_edge, starts, by_level))


@compiled
def _boxes(points: FloatArray, is_edge: BoolArray, starts: IntArray, box_starts: IntArray) -> FloatArray:
    boxes = np.empty((box_starts[-1, -1], 4))
    boxes[:, 0::2], boxes[:, 1::2] = np.inf, -np.inf
    for polygon in range(starts.size - 1):
        first, n = starts[polygon], starts[polygon + 1] - starts[polygon]
        for level in range(len(STRIDES)):
            for k in range(n):
                box = boxes[box_starts[level, polygon] + k // STRIDES[level]]
                for end in range(first + k, first + k + 1 + int(is_edge[first + k])):
                    for axis in range(2):
                        box[2 * axis] = min(box[2 * axis], points[end, axis])
                        box[2 * axis + 1] = max(box[2 * axis + 1], points[end, axis])
    return boxes


@compiled
def _edge_meets(points: FloatArray, start: int, rectangle: Rectangle) -> bool:
    """Say whether an edge may meet a rectangle: no axis, nor its own normal, has them apart."""
    (x0, y0), (x1, y1) = points[start], points[start + 1]
    left, right, bottom, top = rectangle
    if max(x0, x1) < left or min(x0, x1) > right or max(y0, y1) < bottom or min(y0, y1) > top:
        return False
    # Two convex sets are apart where an axis normal to a side of either separates them. The rectangle's two are done;
    # the edge's own is left: all four corners on one side of its line.
    dx, dy = x1 - x0, y1 - y0
    sides = (
        dx * (bottom - y0) - dy * (left - x0),
        dx * (bottom - y0) - dy * (right - x0),
        dx * (top - y0) - dy * (left - x0),
        dx * (top - y0) - dy * (right - x0),
    )
    may_meet: bool = min(sides) <= 0.0 <= max(sides)
    return may_meet


@compiled
def _stride_apart(box_starts: IntArray, boxes: FloatArray, polygon: int, k: int, around: Rectangle) -> int:
    """Count the vertices from the k-th on that a box apart from a rectangle lets skip; 0 if none."""
    for level in range(len(STRIDES) - 1, -1, -1):
        stride = STRIDES[level]
        if k % stride == 0:
            box = box_starts[level, polygon] + k // stride
            is_apart_in_x = boxes[box, 1] < around[0] or boxes[box, 0] > around[1]
            if is_apart_in_x or boxes[box, 3] < around[2] or boxes[box, 2] > around[3]:
                return stride
    return 0


@compiled
def _any_edge_meets(edges: EdgeIndex, polygon: int, rectangle: Rectangle) -> bool:
    # Taken out of their tuple once: each time that a loop names one of them there, its references are counted.
    points, is_edge, starts, box_starts, boxes = edges
    first, n, k = starts[polygon], starts[polygon + 1] - starts[polygon], 0
    while k < n:
        skipped = _stride_apart(box_starts, boxes, polygon, k, rectangle)
        if skipped == 0:
            start = first + k
            if is_edge[start] and _edge_meets(points, start, rectangle):
                return True
        k += max(skipped, 1)
    return False


@compiled
def _holds(edges: EdgeIndex, polygon: int, point: FloatArray) -> bool:
    """Say whether a point off the outline lies inside: an odd number of edges is crossed on the way to the right."""
    x, y = point
    towards_right = (x, np.inf, y, y)
    points, is_edge, starts, box_starts, boxes = edges
    first, n, k = starts[polygon], starts[polygon + 1] - starts[polygon], 0
    is_inside = False
    while k < n:
        skipped = _stride_apart(box_starts, boxes, polygon, k, towards_right)
        start = first + k
        if skipped == 0 and is_edge[start]:
            (x0, y0), (x1, y1) = points[start], points[start + 1]
            # Half-open in y: a vertex at the point's height belongs to one of its two edges, and is crossed once.
            if (y0 > y) != (y1 > y) and x0 + (x1 - x0) * ((y - y0) / (y1 - y0)) > x:
                is_inside = not is_inside
        k += max(skipped, 1)
    return is_inside


@compiled
def _frame(edges: EdgeIndex, polygon: int) -> Rectangle:
    """Rectangle around a polygon, with the margin."""
    last, left, right, bottom, top = len(STRIDES) - 1, np.inf, -np.inf, np.inf, -np.inf
    for k in range(edges.box_starts[last, polygon], edges.box_starts[last, polygon + 1]):
        box = edges.boxes[k]
        left, right, bottom, top = min(left, box[0]), max(right, box[1]), min(bottom, box[2]), max(top, box[3])
    return left - MARGIN, right + MARGIN, bottom - MARGIN, top + MARGIN


@compiled
def relations(left: EdgeIndex, right: EdgeIndex, left_rows: Any, right_rows: Any) -> IntArray:
    """Say of each pair of polygons whether one holds the other or both are apart, where rectangles tell; or CROSSING.

    Parameters
    ----------
    left, right
        Two sets of polygons in one CRS (m), none empty among the pairs.
    left_rows, right_rows
        Positions of each pair, integers, shape (n_pairs,).

    Returns
    -------
    IntArray
        CROSSING (0), LEFT_HOLDS (1), RIGHT_HOLDS (2) or APART (3), int64, shape (n_pairs,). CROSSING promises nothing:
        outlines that meet, or come closer than 1e-6 m, are among these, and so are some that only their rectangles mix.
        The others are certain.

    Examples
    --------
    A square beside four others: one within it, one far away, one around it, and one that it touches.

    >>> import numpy as np
    >>> from shapely import box
    >>> from entropice.zonal.rings import rings_of
    >>> left = index_edges(rings_of(np.array([box(0, 0, 10, 10)], dtype=object)))
    >>> others = [box(2, 2, 3, 3), box(20, 0, 21, 1), box(-5, -5, 15, 15), box(10, 0, 20, 10)]
    >>> right = index_edges(rings_of(np.array(others, dtype=object)))
    >>> relations(left, right, np.zeros(4, dtype=np.int64), np.arange(4)).tolist()
    [1, 3, 2, 0]
    """
    found = np.empty(left_rows.size, np.int64)
    for pair in range(found.size):
        i, k = left_rows[pair], right_rows[pair]
        # A rectangle is four numbers, the other's outline may be thousands of edges: most pairs end here.
        # No outline in the other's rectangle: the rectangle lies wholly inside or wholly outside, and any vertex tells.
        if not _any_edge_meets(left, i, _frame(right, k)):
            found[pair] = LEFT_HOLDS if _holds(left, i, right.points[right.starts[k]]) else APART
        elif not _any_edge_meets(right, k, _frame(left, i)):
            found[pair] = RIGHT_HOLDS if _holds(right, k, left.points[left.starts[i]]) else APART
        else:
            found[pair] = CROSSING
    return found

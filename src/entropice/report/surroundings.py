"""What a polar map shows around its cells: the frame, and the land in it."""

from typing import Final

import shapely

from entropice.report.graticule import Frame
from entropice.types import Geometries

_MARGIN: Final = 0.03
"""Around the cells, as a share of the longer side."""
_TOLERANCE: Final = 1 / 600
"""How far outlines may move, as a share of the longer side: a pixel of a map that fills half a page."""


def frame_around(bounds: Frame) -> Frame:
    """Left, bottom, right, top of a map of cells with these bounds, in their unit."""
    left, bottom, right, top = bounds
    margin = _MARGIN * max(right - left, top - bottom)
    return left - margin, bottom - margin, right + margin, top + margin


def visible_land(land_m: Geometries, frame_m: Frame) -> Geometries:
    """The land (n,) in a frame (m) as polygons of coarse outlines; those too small to be seen are left out."""
    left, bottom, right, top = frame_m
    visible = shapely.union_all(shapely.clip_by_rect(land_m, *frame_m))
    pieces = shapely.get_parts(shapely.simplify(visible, _TOLERANCE * max(right - left, top - bottom)))
    polygons: Geometries = pieces[shapely.get_type_id(pieces) == shapely.GeometryType.POLYGON]
    return polygons

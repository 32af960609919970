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
    """Left, bottom, right, top of a map of cells with these bounds, in their unit, and 3 % of the longer side around.

    Examples
    --------
    >>> frame_around((0.0, 0.0, 100.0, 50.0))
    (-3.0, -3.0, 103.0, 53.0)
    """
    left, bottom, right, top = bounds
    margin = _MARGIN * max(right - left, top - bottom)
    return left - margin, bottom - margin, right + margin, top + margin


def visible_land(land_m: Geometries, frame_m: Frame) -> Geometries:
    """The land (n,) in a frame (m) as polygons (n_polygons,) of coarse outlines.

    Pieces that touch become one. Outlines move by 1/600 of the frame's longer side at most; holes and small islands
    stay, as triangles where need be. No polygons where there is no land in the frame.

    Examples
    --------
    >>> land = shapely.box([-9.0, 5.0, 90.0], [0.0, 0.0, 90.0], [5.0, 10.0, 99.0], [10.0, 10.0, 99.0])
    >>> shapely.area(visible_land(land, (0.0, 0.0, 60.0, 60.0))).tolist()
    [100.0]
    """
    left, bottom, right, top = frame_m
    # Together before they are simplified: land comes in pieces, and gaps would open along their cuts.
    visible = shapely.union_all(shapely.clip_by_rect(land_m, *frame_m))
    pieces = shapely.get_parts(shapely.simplify(visible, _TOLERANCE * max(right - left, top - bottom)))
    polygons: Geometries = pieces[shapely.get_type_id(pieces) == shapely.GeometryType.POLYGON]
    return polygons

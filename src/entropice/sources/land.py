"""Where there is land, as pieces small enough to cut quickly."""

from typing import Final

import geopandas as gpd
import numpy as np
import shapely

from entropice.crs import POLAR_CRS
from entropice.errors import SchemaError
from entropice.sources.files.long_edges import FULL_TURN_DEG, ambiguous_edges, is_longer_than_half_a_turn
from entropice.sources.files.polar import POLYGON_TYPES, SOUTHERN_LIMIT_DEG, to_polar_polygons
from entropice.types import BaseGeometry, GeoDataFrame, Geometries

MAX_VERTICES: Final = 256
"""Cutting a cell out of a piece takes time in proportion to the piece's vertices."""

LONGEST_CUT_DEG: Final = 90.0
"""Edges along the cut are split: it goes the way of the land, also where that is longer than 180°."""

NORTH: Final = shapely.box(-FULL_TURN_DEG, SOUTHERN_LIMIT_DEG, FULL_TURN_DEG, 90.0)


def normalise_land(raw: GeoDataFrame) -> GeoDataFrame:
    """Land as valid EPSG:3413 polygons that do not overlap and together cover what `raw` covers in the north.

    Coordinates in degrees may lie anywhere on the globe: what lies south of 45° N (`SOUTHERN_LIMIT_DEG`) is cut off
    before the rest is projected, and polygons cut at ±180° are joined again. Projected coordinates must be northern
    ones, and are not cut.

    Returns
    -------
    GeoDataFrame with ``geometry`` alone: dissolved, then split into pieces of at most 256 vertices.

    Raises
    ------
    SchemaError
        Other shapes than polygons, coordinates that do not fit the CRS, edges of more than 180° that could go either
        way round the globe (`long_edges`), or no land in the north.

    Examples
    --------
    Two fields of 100 m² that share half:

    >>> raw = gpd.GeoDataFrame(geometry=shapely.box([1000, 1005], 0, [1010, 1015], 10), crs=POLAR_CRS)
    >>> normalise_land(raw).area.tolist()
    [150.0]
    """
    northern = _cut_off_south(raw) if raw.crs.is_geographic else raw
    polygons = to_polar_polygons(northern, "land").geometry.to_numpy()
    if not len(polygons):
        raise SchemaError(
            "There is no land in the north.",
            field="geometry",
            got=f"{len(raw)} rows, none of them in the north",
            expected=f"polygons north of {SOUTHERN_LIMIT_DEG:g}° N, as (longitude, latitude)",
            fix="check the land file, and whether longitude and latitude are swapped",
        )
    dissolved = shapely.get_parts(shapely.union_all(polygons))
    pieces = [piece for polygon in dissolved for piece in _subdivide(polygon)]
    return gpd.GeoDataFrame(geometry=pieces, crs=POLAR_CRS)


def _cut_off_south(raw: GeoDataFrame) -> GeoDataFrame:
    """Rows north of the limit untouched, rows across it cut along its parallel, southern ones left out."""
    bounds = raw.bounds
    reaches_north = bounds["maxy"] > SOUTHERN_LIMIT_DEG
    is_whole = ~(bounds["miny"] < SOUTHERN_LIMIT_DEG)
    across = raw.geometry[reaches_north & ~is_whole].to_numpy()
    _refuse_long_edges(across)
    cut = _polygons_of(shapely.intersection(shapely.make_valid(across), NORTH))
    cut = shapely.segmentize(cut, LONGEST_CUT_DEG)
    geometries = np.concatenate([raw.geometry[is_whole].to_numpy(), cut])
    return gpd.GeoDataFrame(geometry=geometries, crs=raw.crs)


def _refuse_long_edges(geometries: Geometries) -> None:
    rings = shapely.get_rings(shapely.get_parts(geometries))
    points, ring = shapely.get_coordinates(rings, return_index=True)
    step_deg = np.diff(points[:, 0])[np.diff(ring) == 0]
    is_long = is_longer_than_half_a_turn(step_deg)
    if is_long.any():
        raise ambiguous_edges(step_deg[is_long], "land")


def _polygons_of(geometries: Geometries) -> Geometries:
    parts = shapely.get_parts(shapely.get_parts(geometries))
    polygons: Geometries = parts[np.isin(shapely.get_type_id(parts), POLYGON_TYPES)]
    return polygons


def _subdivide(polygon: BaseGeometry) -> list[BaseGeometry]:
    """The same area in pieces of at most `MAX_VERTICES` vertices: halves of halves of the bounding box."""
    if shapely.get_num_coordinates(polygon) <= MAX_VERTICES:
        return [polygon]
    halves = _polygons_of(shapely.intersection(polygon, _halves(polygon)))
    return [piece for half in halves for piece in _subdivide(half)]


def _halves(polygon: BaseGeometry) -> Geometries:
    left, bottom, right, top = polygon.bounds
    x, y = (left + right) / 2, (bottom + top) / 2
    if right - left >= top - bottom:
        return np.array([shapely.box(left, bottom, x, top), shapely.box(x, bottom, right, top)])
    return np.array([shapely.box(left, bottom, right, y), shapely.box(left, y, right, top)])

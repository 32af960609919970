"""Foreign polygons, in whatever CRS and state, as valid polygons in the polar CRS."""

import logging
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from pyproj import CRS, Transformer
from pyproj.enums import TransformDirection

from entropice.crs import LON_LAT_CRS, POLAR_CRS
from entropice.errors import SchemaError
from entropice.sources.files.long_edges import FULL_TURN_DEG, unroll
from entropice.types import BoolArray, FloatArray, GeoDataFrame, Geometries, IntArray

logger = logging.getLogger(__name__)

MAX_EDGE_DEG: Final = 0.1
"""Longest straight step along a lon/lat edge: at 60°N it leaves the parallel by 1.3 m."""

MILLIMETRES: Final = 3
"""Decimals of coordinates in metres: rounded, the two sides of a cut at ±180° meet again."""

SOUTHERN_LIMIT_DEG: Final = 45.0
"""5° beyond the southernmost region: land is cut here, and nothing that is to label cells lies wholly south of it."""

FROM_LON_LAT: Final = Transformer.from_crs(LON_LAT_CRS, POLAR_CRS, always_xy=True)
EQUATOR_RADIUS_M: Final = FROM_LON_LAT.transform(135.0, 0.0)[1]
SOUTHERN_LIMIT_RADIUS_M: Final = FROM_LON_LAT.transform(135.0, SOUTHERN_LIMIT_DEG)[1]
POLYGON_TYPES: Final = (shapely.GeometryType.POLYGON, shapely.GeometryType.MULTIPOLYGON)
LARGEST_LATITUDE_DEG: Final = 90.0


def to_polar_polygons(raw: GeoDataFrame, name: str) -> GeoDataFrame:
    """Project vertices first and build polygons then: one valid, two-dimensional (multi)polygon per kept row.

    Edges given in degrees are straight there, and densified to 0.1° at most before they are projected; those longer
    than 180° are refused where they could go either way (`unroll`). Invalid outlines are repaired by their structure
    (overlapping rings count as their union); rows without geometry or any area are dropped. Both are counted in the
    log. Coordinates fit a CRS in degrees where all are finite, within ±360 and ±90; any other CRS where one lies beyond
    that.

    Parameters
    ----------
    raw
        Any CRS with a known transformation to EPSG:3413; rings may cross ±180° or be cut there.
    name
        What the rows are, for messages.

    Returns
    -------
    GeoDataFrame
        EPSG:3413, the columns of `raw` and ``geometry``, rows in their order, counted from 0. Coordinates are rounded
        to millimetres. `raw` is not changed.

    Raises
    ------
    SchemaError
        Geometries that are not polygons; coordinates that do not fit the CRS, or lie south of the equator; edges
        that could go either way round the globe.

    Examples
    --------
    >>> outlines = [shapely.box(1000, 0, 1010, 10), None, shapely.Polygon()]
    >>> kept = to_polar_polygons(gpd.GeoDataFrame({"slump": [1, 2, 3]}, geometry=outlines, crs=POLAR_CRS), "slumps")
    >>> kept["slump"].tolist(), kept.area.tolist()
    ([1], [100.0])
    """
    frame = _drop(raw, shapely.is_missing(raw.geometry) | shapely.is_empty(raw.geometry), name, "without geometry")
    geometries = shapely.force_2d(frame.geometry.to_numpy())
    _refuse_other_shapes(geometries, name)
    _refuse_impossible_coordinates(shapely.get_coordinates(geometries), frame.crs, name)
    polygons = _repair(_project(geometries, frame.crs, name), name)
    projected = gpd.GeoDataFrame(frame.drop(columns=frame.geometry.name), geometry=polygons, crs=POLAR_CRS)
    return _drop(projected, shapely.is_empty(polygons), name, "without area").reset_index(drop=True)


def to_polar_places(raw: GeoDataFrame, point_radius_m: float, name: str) -> GeoDataFrame:
    """As `to_polar_polygons`, where points are allowed: they become discs, and stand first.

    Discs have the radius in EPSG:3413, `point_radius_m`; a point is judged as `to_polar_points` judges it, but may be
    one of several in a row, which become one row of several discs. Columns are those of `raw`; rows are counted from 0.

    Parameters
    ----------
    raw
        Polygons and points, in any CRS with a known transformation to EPSG:3413.
    point_radius_m
        Of the discs.
    name
        What the rows are, for messages.

    Raises
    ------
    SchemaError
        Lines or mixed geometries; coordinates that do not fit the CRS, or lie south of the equator; edges that could go
        either way round the globe.
    """
    is_point = np.asarray(shapely.get_dimensions(raw.geometry) == 0, dtype=bool)
    points = _projected_points(raw[is_point], name)
    discs = points.set_geometry(points.geometry.buffer(point_radius_m))
    return pd.concat([discs, to_polar_polygons(raw[~is_point], name)], ignore_index=True)


def to_polar_points(raw: GeoDataFrame, name: str) -> GeoDataFrame:
    """Project rows of one point each, with their columns and in their order, to EPSG:3413 (mm).

    The centre of what is no point stands for it; a row without geometry stays without.

    Raises
    ------
    SchemaError
        A row of several points, coordinates that do not fit the CRS, or lie south of the equator.
    """
    n_points = shapely.get_num_geometries(raw.geometry.to_numpy())
    if (n_points > 1).any():
        raise SchemaError(
            f"{name}: rows hold several points.",
            field="geometry",
            got=f"{int((n_points > 1).sum())} rows of up to {n_points.max()} points",
            expected="one point a slump",
            fix="make a row of each (`ogr2ogr -explodecollections out.gpkg in.gpkg`)",
        )
    points = _projected_points(raw, name)
    return points.set_geometry(points.geometry.centroid).reset_index(drop=True)


def _projected_points(raw: GeoDataFrame, name: str) -> GeoDataFrame:
    points = shapely.force_2d(raw.geometry.to_numpy())
    _refuse_impossible_coordinates(shapely.get_coordinates(points), raw.crs, name)
    projected = _project_vertices(points, Transformer.from_crs(raw.crs, POLAR_CRS, always_xy=True))
    _refuse_southern(projected, name)
    return raw.set_geometry(gpd.GeoSeries(projected, index=raw.index, crs=POLAR_CRS, name="geometry"))


def _drop(frame: GeoDataFrame, is_dropped: BoolArray, name: str, why: str) -> GeoDataFrame:
    n_dropped = int(np.count_nonzero(is_dropped))
    if n_dropped:
        logger.info("%s: %d of %d rows %s dropped", name, n_dropped, len(frame), why)
    return frame[~np.asarray(is_dropped)]


def _refuse_other_shapes(geometries: Geometries, name: str) -> None:
    types = shapely.get_type_id(geometries)
    others = np.flatnonzero(~np.isin(types, POLYGON_TYPES))
    if others.size:
        raise SchemaError(
            f"{name}: outlines must be polygons.",
            field="geometry",
            got=", ".join(sorted({geometries[row].geom_type for row in others})),
            expected="Polygon or MultiPolygon",
            sample=(f"row {row}" for row in others),
            fix="remove these rows, or draw them as polygons",
        )


def _refuse_impossible_coordinates(xy: FloatArray, crs: CRS, name: str) -> None:
    if not len(xy):
        return
    x, y = np.abs(xy).max(axis=0)
    looks_like_degrees = bool(x <= FULL_TURN_DEG and y <= LARGEST_LATITUDE_DEG)
    if np.isfinite(xy).all() and looks_like_degrees == crs.is_geographic and not crs.is_geocentric:
        return
    raise SchemaError(
        f"{name}: the coordinates do not fit the CRS the file declares.",
        field="CRS",
        got=f"{crs.name} with coordinates up to {x:.6g}, {y:.6g}",
        expected="longitude and latitude in degrees" if crs.is_geographic else "projected coordinates in metres",
        fix="find out the true CRS and write it into the file (`ogr2ogr -a_srs EPSG:…`)",
    )


def _project(geometries: Geometries, crs: CRS, name: str) -> Geometries:
    transformer = Transformer.from_crs(crs, POLAR_CRS, always_xy=True)
    projected = (
        _project_lon_lat(geometries, transformer, name)
        if crs.is_geographic
        else _project_vertices(geometries, transformer)
    )
    _refuse_southern(projected, name)
    return projected


def _refuse_southern(projected: Geometries, name: str) -> None:
    radius_m = np.hypot(*shapely.get_coordinates(projected).T)
    if not (radius_m < EQUATOR_RADIUS_M).all():
        raise SchemaError(
            f"{name}: some coordinates lie south of the equator.",
            field="geometry",
            got=f"{np.count_nonzero(~(radius_m < EQUATOR_RADIUS_M))} of {len(radius_m)} vertices",
            expected="northern latitudes, as (longitude, latitude)",
            fix="check whether longitude and latitude are swapped, and whether the CRS is right",
        )


def refuse_beyond_cells(places: GeoDataFrame, name: str) -> None:
    """Refuse rows in EPSG:3413 that lie wholly south of 45° N (`SOUTHERN_LIMIT_DEG`), which no cell does.

    A row that reaches north of it passes, as one without geometry does.

    Raises
    ------
    SchemaError
        Some rows lie there; how many, and where.
    """
    nearest_m = shapely.distance(places.geometry.to_numpy(), shapely.Point(0, 0))
    is_beyond = nearest_m > SOUTHERN_LIMIT_RADIUS_M
    if is_beyond.any():
        points = shapely.point_on_surface(places.geometry.to_numpy()[is_beyond])
        x, y = shapely.get_coordinates(points).T
        lon, lat = FROM_LON_LAT.transform(x, y, direction=TransformDirection.INVERSE)
        raise SchemaError(
            f"{name}: some rows lie south of {SOUTHERN_LIMIT_DEG:g}° N, beyond any cell.",
            field="geometry",
            got=f"{len(points)} of {len(places)} rows, down to {lat.min():.1f}° N",
            expected="northern latitudes, as (longitude, latitude)",
            sample=(f"({east:.2f}, {north:.2f})" for east, north in zip(lon, lat, strict=True)),
            fix="check whether longitude and latitude are swapped; leave out rows of other regions",
        )


def _project_vertices(geometries: Geometries, transformer: Transformer) -> Geometries:
    return _objects(shapely.transform(geometries, lambda xy: _to_millimetres(xy, transformer)))


def _project_lon_lat(geometries: Geometries, transformer: Transformer, name: str) -> Geometries:
    """Densify every ring in degrees, project it, and put the polygons together again."""
    parts, row_of_part = shapely.get_parts(geometries, return_index=True)
    rings, part_of_ring = shapely.get_rings(parts, return_index=True)
    lon_lat, ring_of_point = shapely.get_coordinates(rings, return_index=True)
    lon_lat, ring_of_point = _densify(unroll(lon_lat, ring_of_point, name), ring_of_point)
    xy = _to_millimetres(lon_lat, transformer)
    polygons = shapely.polygons(shapely.linearrings(xy, indices=ring_of_point), indices=part_of_ring)
    return _objects(shapely.multipolygons(polygons, indices=row_of_part))


def _to_millimetres(coordinates: FloatArray, transformer: Transformer) -> FloatArray:
    return np.column_stack(transformer.transform(*coordinates.T)).round(MILLIMETRES)


def _densify(lon_lat: FloatArray, ring: IntArray) -> tuple[FloatArray, IntArray]:
    """Add equal steps of at most `MAX_EDGE_DEG` to every edge."""
    step = np.diff(lon_lat, axis=0, append=lon_lat[-1:])
    step[np.diff(ring, append=-1) != 0] = 0.0
    n_steps = np.maximum(1, np.ceil(np.abs(step).max(axis=1) / MAX_EDGE_DEG)).astype(np.int64)
    edge = np.repeat(np.arange(len(ring)), n_steps)
    position = np.arange(len(edge)) - np.repeat(np.cumsum(n_steps) - n_steps, n_steps)
    return lon_lat[edge] + step[edge] * (position / n_steps[edge])[:, None], ring[edge]


def _repair(geometries: Geometries, name: str) -> Geometries:
    is_invalid = ~shapely.is_valid(geometries)
    if is_invalid.any():
        logger.info("%s: %d of %d outlines were invalid and repaired", name, is_invalid.sum(), len(geometries))
    valid = geometries.copy()
    # By structure: where rings of one outline overlap, their union counts; by linework the overlap would become a hole.
    valid[is_invalid] = shapely.make_valid(geometries[is_invalid], method="structure", keep_collapsed=False)
    return valid


def _objects(geometries: object) -> Geometries:
    return np.asarray(geometries, dtype=object)

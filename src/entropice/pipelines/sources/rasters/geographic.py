"""Cells on a raster of longitude and latitude: the true area of every pixel in them, valid at the pole and at ±180°."""

from typing import Final

import numpy as np
import shapely
from rasterio.windows import Window

from entropice.crs import EQUAL_AREA_CRS, LON_LAT_CRS, POLAR_CRS
from entropice.pipelines.sources.rasters.headers import RasterBand
from entropice.raster.utm_zones import transformer
from entropice.types import FloatArray, Geometries, IntArray
from entropice.zonal.clipping import Borders, Runs
from entropice.zonal.coverage import Coverage
from entropice.zonal.rings import rings_of
from entropice.zonal.sectors import LonLatBoxes, cut_by_boxes

SOUTHERNMOST_DEG: Final = -80.0
"""As far as the equal-area plane of the north is of use."""

_POLE = shapely.Point(0.0, 0.0)


def equal_area_polygons(band: RasterBand, polygons: Geometries) -> Geometries:
    """Cells in EPSG:6931, where meridians are rays and parallels circles; longitudes are those of the raster's datum.

    Parameters
    ----------
    band
        Its CRS says which datum, and is longitude and latitude in degrees.
    polygons
        In EPSG:3413, shape (n_cells,), as is the result; their edges are straight in EPSG:6931 between vertices.
    """
    to_raster, to_plane = transformer(POLAR_CRS, band.crs), transformer(LON_LAT_CRS, EQUAL_AREA_CRS)
    moved: Geometries = shapely.transform(
        polygons, lambda x, y: to_plane.transform(*to_raster.transform(x, y)), interleaved=False
    )
    return moved


def sizes(planar: Geometries) -> FloatArray:
    """True area of each cell in m², of outlines in EPSG:6931; float64, shape (n_cells,), 0 of an empty one.

    `planar` are those of `equal_area_polygons`, shape (n_cells,): the plane is one of equal areas, so that areas in it
    are true ones; no CRS is asked for.

    >>> sizes(np.array([shapely.box(0, 0, 2, 3), shapely.Polygon()])).tolist()
    [6.0, 0.0]
    """
    areas_m2: FloatArray = shapely.area(planar)
    return areas_m2


def bounds_px(band: RasterBand, planar: Geometries) -> tuple[IntArray, FloatArray]:
    """Cell, and west, first row, east and last row, of each part of a cell: shapes (n_parts,) and (n_parts, 4).

    `planar` are those of `equal_area_polygons`. A cell across the raster's western edge has a part a full turn further
    east, too. Bounds are columns and rows of the raster, not rounded, and may lie beside it.
    """
    west_deg, east_deg = _lon_bounds_deg(planar)
    south_deg, north_deg = _lat_bounds_deg(planar)
    to_pixels = ~band.affine
    west, row_of_north = to_pixels * (west_deg, north_deg)
    east, row_of_south = to_pixels * (east_deg, south_deg)
    turn = 360.0 / band.affine.a
    # Rasters may begin at 0°, at −180° or anywhere: columns are brought into the first turn from their western edge.
    turns = np.floor(west / turn) * turn
    first, last = np.minimum(row_of_north, row_of_south), np.maximum(row_of_north, row_of_south)
    bounds = np.column_stack([west - turns, first, east - turns, last])
    across = np.flatnonzero(bounds[:, 2] > turn)
    wrapped = bounds[across] - np.array([turn, 0.0, turn, 0.0])
    return np.concatenate([np.arange(len(planar)), across]), np.concatenate([bounds, wrapped])


def weights(band: RasterBand, planar: Geometries, window: Window) -> Coverage:
    """Area (m²) of every pixel of a window that lies in each cell, as weights of border pixels.

    Cells are those of `equal_area_polygons`, shape (n_cells,). The areas of a cell add up to its own where the window
    covers it; pixels south of 80° S count nothing.
    """
    starts, found, areas_m2 = cut_by_boxes(rings_of(planar), _boxes(band, window))
    row_from_north, column = np.divmod(found, window.width)
    is_bottom_up = band.affine.e > 0
    row = window.height - 1 - row_from_north if is_bottom_up else row_from_north
    order = np.lexsort((column, row, np.repeat(np.arange(len(planar)), np.diff(starts))))
    no_runs = Runs(*(np.empty(0, np.int32) for _ in range(3)))
    borders = Borders(row[order].astype(np.int32), column[order].astype(np.int32), areas_m2[order])
    shape = window.height, window.width
    return Coverage(band.transform, shape, np.zeros(len(planar) + 1, np.int64), no_runs, starts, borders)


def _boxes(band: RasterBand, window: Window) -> LonLatBoxes:
    west_deg, _ = band.affine * (window.col_off, 0)
    _, edges_deg = band.affine * (0, np.arange(window.row_off, window.row_off + window.height + 1))
    from_north = np.sort(np.clip(edges_deg, SOUTHERNMOST_DEG, 90.0))[::-1]
    x_m, y_m = transformer(LON_LAT_CRS, EQUAL_AREA_CRS).transform(np.zeros(len(from_north)), from_north)
    return LonLatBoxes(np.radians(west_deg), np.radians(band.affine.a), window.width, np.square(x_m) + np.square(y_m))


def _lat_bounds_deg(planar: Geometries) -> tuple[FloatArray, FloatArray]:
    """Southernmost and northernmost latitude of each cell: an edge is nearest to the pole between its ends."""
    nearest_m = shapely.distance(planar, _POLE)
    points, cell = shapely.get_coordinates(planar, return_index=True)
    farthest_m = np.zeros(len(planar))
    np.maximum.at(farthest_m, cell, np.hypot(*points.T))
    south_deg, north_deg = (
        transformer(EQUAL_AREA_CRS, LON_LAT_CRS).transform(np.zeros(len(planar)), -radius_m)[1]
        for radius_m in (farthest_m, nearest_m)
    )
    return south_deg, north_deg


def _lon_bounds_deg(planar: Geometries) -> tuple[FloatArray, FloatArray]:
    """Westernmost and easternmost longitude of each cell, east ≥ west; a full turn where it holds the pole."""
    points, cell = shapely.get_coordinates(planar, return_index=True)
    lon_rad = np.arctan2(points[:, 0], -points[:, 1])
    first_rad = lon_rad[np.searchsorted(cell, np.arange(len(planar)))]
    from_first = np.remainder(lon_rad - first_rad[cell] + np.pi, 2 * np.pi) - np.pi
    west, east = np.full(len(planar), np.inf), np.full(len(planar), -np.inf)
    np.minimum.at(west, cell, from_first)
    np.maximum.at(east, cell, from_first)
    holds_pole = (shapely.distance(planar, _POLE) == 0) | (east - west > np.pi)
    west_rad = np.where(holds_pole, -np.pi, first_rad + west)
    east_rad = np.where(holds_pole, np.pi, first_rad + east)
    return np.degrees(west_rad), np.degrees(east_rad)

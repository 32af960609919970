"""Cells on a raster in a projected CRS: the planar share of every pixel, exact also where the raster is rotated."""

from typing import Final

import numpy as np
import pyproj
import shapely
from rasterio.transform import Affine
from rasterio.windows import Window

from entropice.crs import LON_LAT_CRS, POLAR_CRS
from entropice.errors import SchemaError
from entropice.pipelines.sources.rasters.headers import RasterBand
from entropice.raster.utm_zones import LONGEST_EDGE_M, transformer
from entropice.types import BoolArray, FloatArray, Geometries
from entropice.zonal.coverage import Coverage, cell_coverage

LONGEST_STEP_M: Final = 100 * LONGEST_EDGE_M
"""What is 2 km long on the ground is never as long as this on a map, unless the map is cut there."""

SEAM_WIDTH_M: Final = 2e-3
_SEAM_LAT_DEG: Final = 70.0
_SEAM_STEP_DEG: Final = 1e-6
_FARTHEST_M: Final = 2e7


def pixel_polygons(band: RasterBand, polygons: Geometries) -> Geometries:
    """Cells in coordinates of columns and rows; empty where the CRS has no place for them.

    Edges are cut to 2 km before they are projected. Where the CRS is cut along the meridian opposite to its central
    one, cells are cut there too, 1 mm to either side.

    Parameters
    ----------
    polygons
        In EPSG:3413, shape (n_cells,).

    Raises
    ------
    SchemaError
        A cell on the raster lies across another cut of the CRS, or on the pole in a CRS where that is no point.
    """
    to_raster = transformer(POLAR_CRS, band.crs)
    fine = shapely.segmentize(_cut_at_seam(band.crs, polygons), LONGEST_EDGE_M)
    planar: Geometries = shapely.transform(fine, to_raster.transform, interleaved=False)
    # A cell with one vertex beyond what the CRS can show would be torn or infinite; as nothing it is left out.
    planar[~_is_finite(planar)] = shapely.Polygon()
    pixels: Geometries = shapely.transform(planar, lambda x, y: ~band.affine * (x, y), interleaved=False)
    _refuse_torn(band, planar, pixels)
    return pixels


def sizes(pixels: Geometries) -> FloatArray:
    """Pixels that each cell covers, on the raster or beside it; float64, shape (n_cells,), 0 of an empty one.

    >>> sizes(np.array([shapely.box(-1, 0, 2, 0.5), shapely.Polygon()])).tolist()
    [1.5, 0.0]
    """
    areas_px: FloatArray = shapely.area(pixels)
    return areas_px


def bounds_px(pixels: Geometries) -> tuple[FloatArray, FloatArray]:
    """Cell, and west, first row, east and last row, of each part of a cell: shapes (n_parts,) and (n_parts, 4).

    Bounds are columns and rows of the raster, not rounded, and may lie beside it; an empty polygon has no part.

    >>> cells = np.array([shapely.Polygon(), shapely.union(shapely.box(0, 0, 1, 1), shapely.box(5, 0, 7.5, 1))])
    >>> cell, bounds = bounds_px(cells)
    >>> cell.tolist(), bounds.tolist()
    ([1, 1], [[0.0, 0.0, 1.0, 1.0], [5.0, 0.0, 7.5, 1.0]])
    """
    parts, cell = shapely.get_parts(pixels, return_index=True)
    is_part = ~shapely.is_empty(parts)
    return cell[is_part], shapely.bounds(parts[is_part])


def weights(pixels: Geometries, window: Window) -> Coverage:
    """Share (0 to 1) of every pixel of a window that lies in each cell of `pixel_polygons`, (n_cells,).

    Pixels that no cell reaches have no weight; shares of cells that tile the ground add up to 1.
    """
    return cell_coverage(pixels, Affine.translation(window.col_off, window.row_off), (window.height, window.width))


def _cut_at_seam(crs: str, polygons: Geometries) -> Geometries:
    seam_deg = _seam_lon_deg(crs)
    if seam_deg is None:
        return polygons
    x, y = transformer(LON_LAT_CRS, POLAR_CRS).transform(seam_deg, _SEAM_LAT_DEG)
    away = np.array([x, y]) / np.hypot(x, y)
    ray = shapely.LineString([-SEAM_WIDTH_M * away, _FARTHEST_M * away])
    cut = polygons.copy()
    across = np.flatnonzero(shapely.intersects(polygons, ray))
    cut[across] = shapely.difference(polygons[across], ray.buffer(SEAM_WIDTH_M / 2, cap_style="flat"))
    return cut


def _seam_lon_deg(crs: str) -> float | None:
    """The meridian opposite to the central one, if the CRS is cut there."""
    found = pyproj.CRS(crs)
    unbound = found.source_crs if found.is_bound else found
    projection = None if unbound is None else unbound.coordinate_operation
    central_deg = (
        [item.value for item in projection.params if item.name.startswith("Longitude of")] if projection else []
    )
    if not central_deg:
        return None
    seam_deg = float(central_deg[0]) + 180.0
    sides_deg = np.array([seam_deg - _SEAM_STEP_DEG, seam_deg + _SEAM_STEP_DEG])
    x, y = transformer(LON_LAT_CRS, crs).transform(sides_deg, np.full(2, _SEAM_LAT_DEG))
    return seam_deg if np.hypot(*np.diff([x, y])).item() > LONGEST_STEP_M else None


def _is_finite(polygons: Geometries) -> BoolArray:
    points, owner = shapely.get_coordinates(polygons, return_index=True)
    is_finite = np.ones(len(polygons), dtype=np.bool_)
    is_finite[owner[~np.isfinite(points).all(axis=1)]] = False
    return is_finite


def _refuse_torn(band: RasterBand, planar: Geometries, pixels: Geometries) -> None:
    n_rows, n_columns = band.shape
    west, first, east, last = shapely.bounds(pixels).T
    is_near = (west < n_columns) & (east > 0) & (first < n_rows) & (last > 0)
    torn = np.flatnonzero(is_near & (_longest_steps(planar) * _metres(band.crs) > LONGEST_STEP_M))
    if len(torn):
        raise SchemaError(
            "The raster's CRS is cut in the midst of cells.",
            path=band.path,
            field="CRS",
            got=f"{pyproj.CRS(band.crs).name}, cut through {len(torn)} cells",
            expected="a CRS in which cells are whole",
            fix="warp it with gdalwarp -t_srs EPSG:6931",
        )


def _longest_steps(polygons: Geometries) -> FloatArray:
    """Longest edge of each polygon; 0 of an empty one."""
    points, owner = shapely.get_coordinates(shapely.get_parts(polygons), return_index=True)
    _, cell = shapely.get_parts(polygons, return_index=True)
    is_edge = owner[1:] == owner[:-1]
    longest = np.zeros(len(polygons))
    np.maximum.at(longest, cell[owner[1:][is_edge]], np.hypot(*np.diff(points, axis=0)[is_edge].T))
    return longest


def _metres(crs: str) -> float:
    return float(pyproj.CRS(crs).axis_info[0].unit_conversion_factor)

"""Rasters of the user's own, written for tests, and the cells around a place."""

import numpy as np
import rasterio
import shapely
from cell_frames import cell_frame
from pyproj import Transformer
from rasterio.transform import from_origin

from entropice.dggs import parse_grid


def write_raster(path, values, transform, crs="EPSG:3413", **profile):
    """One band, or several along the first axis."""
    bands = values if values.ndim == 3 else values[None]
    path.parent.mkdir(parents=True, exist_ok=True)
    profile = {"driver": "GTiff", "count": len(bands), "height": bands.shape[1], "width": bands.shape[2]} | profile
    with rasterio.open(path, "w", dtype=bands.dtype, crs=crs, transform=transform, **profile) as file:
        file.write(bands)
    return path


def lon_lat(crs):
    return Transformer.from_crs(crs, "EPSG:4326", always_xy=True)


def cells_around(lon_deg, lat_deg, radius_m=150_000.0, grid="h3_4"):
    """Cells wholly within a circle."""
    grid = parse_grid(grid)
    ids = grid.cells_north_of(max(55.0, lat_deg - 8.0))
    polygons = grid.polygons(ids)
    point = shapely.Point(Transformer.from_crs("EPSG:4326", "EPSG:3413", always_xy=True).transform(lon_deg, lat_deg))
    near = np.sort(shapely.STRtree(polygons).query(point.buffer(radius_m), predicate="contains"))
    return cell_frame(ids[near], polygons[near])


def grid_around(cells, crs, pixel, margin=2):
    """Transform and shape of a raster in `crs` that covers cells by whole pixels and a margin of some more."""
    fine = shapely.segmentize(cells.geometry.to_numpy(), 2000.0)
    to_crs = Transformer.from_crs("EPSG:3413", crs, always_xy=True).transform
    west, south, east, north = shapely.total_bounds(shapely.transform(fine, to_crs, interleaved=False))
    left, top = (np.floor(west / pixel) - margin) * pixel, (np.ceil(north / pixel) + margin) * pixel
    n_rows, n_columns = int(np.ceil((top - south) / pixel)) + margin, int(np.ceil((east - left) / pixel)) + margin
    return from_origin(left, top, pixel, pixel), (n_rows, n_columns)


def field(crs, transform, shape, of=lambda lon_deg, lat_deg: lat_deg):
    """A function of longitude and latitude at the middles of pixels."""
    columns, rows = np.meshgrid(np.arange(shape[1]) + 0.5, np.arange(shape[0]) + 0.5)
    return of(*lon_lat(crs).transform(*(transform * (columns, rows))))

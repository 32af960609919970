"""The cells of a run: which, where, how large, how much of them is land."""

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from entropice.crs import POLAR_CRS
from entropice.dggs.grid import Grid
from entropice.dggs.polar import equal_area_m2, project
from entropice.dggs.region import Region
from entropice.errors import GridError
from entropice.progress import progress
from entropice.types import CellIds, FloatArray, GeoDataFrame, Geometries

CELLS_PER_BLOCK = 10_000


def build_cells(grid: Grid, region: Region, land: GeoDataFrame, min_land_fraction: float) -> GeoDataFrame:
    """Cells with their centre in the region and at least `min_land_fraction` of land, sorted by id.

    Parameters
    ----------
    grid, region
        Which cells.
    land
        Polygons in EPSG:3413 that do not overlap.
    min_land_fraction
        In (0, 1].

    Returns
    -------
    GeoDataFrame in EPSG:3413, index 0 to n − 1, with ``cell_id`` (uint64, sorted, unique), ``lon_deg`` and ``lat_deg``
    of the centre, ``area_m2`` (of the whole cell, WGS 84 ellipsoid), ``land_fraction`` (at most 1; the bound itself is
    enough) and ``geometry`` (the whole cell, also outside the region and in the sea).

    Raises
    ------
    GridError
        If the region holds no cell, or no cell has enough land.

    Examples
    --------
    An island of 300 km by 300 km on the pole:

    >>> import geopandas as gpd
    >>> from shapely import box
    >>> from entropice.dggs import H3Grid
    >>> land = gpd.GeoDataFrame(geometry=[box(-150e3, -150e3, 150e3, 150e3)], crs="EPSG:3413")
    >>> cells = build_cells(H3Grid(3), Region.north_of(85.0), land, min_land_fraction=0.5)
    >>> list(cells.columns)
    ['cell_id', 'lon_deg', 'lat_deg', 'area_m2', 'land_fraction', 'geometry']
    >>> bool(cells["land_fraction"].between(0.5, 1.0).all() and cells["cell_id"].is_monotonic_increasing)
    True
    """
    parts = land.geometry.to_numpy()
    candidates = _near_land(grid, region.cells(grid), parts)
    n_blocks = -(-len(candidates) // CELLS_PER_BLOCK)
    blocks = np.array_split(candidates, n_blocks) if n_blocks else []
    frames = [
        _with_land(_measure(grid, block, parts), min_land_fraction)
        for block in progress(blocks, f"Measuring land in cells of {grid.key}")
    ]
    if not any(len(frame) for frame in frames):
        raise GridError(
            f"No cell of {grid.key} in the region has enough land.",
            field=region.parameter,
            got="no cell",
            expected=f"land_fraction of at least {min_land_fraction} (min_land_fraction)",
            fix=f"move or enlarge the region ({region.parameter}), lower min_land_fraction, or check the land file",
        )
    return pd.concat(frames, ignore_index=True)


def land_area_m2(polygons: Geometries, parts: Geometries) -> FloatArray:
    """Area of the land in each polygon on the WGS 84 ellipsoid (m²); 0 without land.

    Parameters
    ----------
    polygons
        In EPSG:3413, shape (n,).
    parts
        Land, in EPSG:3413, shape (n_parts,); parts that overlapped would count twice.

    Returns
    -------
    FloatArray
        Shape (n,).

    Examples
    --------
    Land covers half of the first square, and touches the second.

    >>> import numpy as np
    >>> from shapely import box
    >>> squares = np.array([box(-1000, -1000, 1000, 1000), box(5000, 0, 6000, 1000)], dtype=object)
    >>> land_m2 = land_area_m2(squares, np.array([box(0, -1000, 5000, 1000)], dtype=object))
    >>> (land_m2 / equal_area_m2(squares)).round(6).tolist()
    [0.5, 0.0]
    """
    polygon, part = shapely.STRtree(parts).query(polygons, predicate="intersects")
    shared = shapely.intersection(polygons[polygon], parts[part])
    return np.bincount(polygon, equal_area_m2(shared), minlength=len(polygons)).astype(np.float64)


def _near_land(grid: Grid, cell_ids: CellIds, parts: Geometries) -> CellIds:
    """Cells that may touch land: a superset, found from the centres alone."""
    # Outlines of all cells of a fine level would take minutes and gigabytes, and most of them lie in the sea.
    centres = shapely.points(project(*grid.centres(cell_ids)))
    near, _ = shapely.STRtree(parts).query(centres, predicate="dwithin", distance=grid.reach_m)
    candidates: CellIds = cell_ids[np.unique(near)]
    return candidates


def _measure(grid: Grid, cell_ids: CellIds, parts: Geometries) -> GeoDataFrame:
    lon_deg, lat_deg = grid.centres(cell_ids)
    polygons = grid.polygons(cell_ids)
    area_m2 = equal_area_m2(polygons)
    # Land and cell are split at different points before projection: but for the minimum, rounding would give an inland
    # cell more land than area.
    columns = {
        "cell_id": cell_ids,
        "lon_deg": lon_deg,
        "lat_deg": lat_deg,
        "area_m2": area_m2,
        "land_fraction": np.minimum(land_area_m2(polygons, parts) / area_m2, 1.0),
    }
    return gpd.GeoDataFrame(columns, geometry=polygons, crs=POLAR_CRS)


def _with_land(cells: GeoDataFrame, min_land_fraction: float) -> GeoDataFrame:
    return cells[cells["land_fraction"] >= min_land_fraction]

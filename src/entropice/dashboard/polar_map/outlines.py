"""Outlines of cells as the flat arrays that a graphics card takes."""

from dataclasses import dataclass

import numpy as np
import shapely

from entropice.sha256 import sha256_of_value
from entropice.types import Geometries


@dataclass(frozen=True)
class Outlines:
    """Closed rings in EPSG:3413, one after the other.

    Attributes
    ----------
    key
        Follows from the outlines; others have another one.
    n_cells
        Number of cells.
    bounds_m
        Left, bottom, right, top of all.
    vertices
        float32 x and y in turn (m), as bytes.
    starts
        uint32, as bytes: where each ring begins, and where the last one ends.
    owners
        uint32, as bytes: which cell each ring is of.
    """

    key: str
    n_cells: int
    bounds_m: tuple[float, float, float, float]
    vertices: bytes
    starts: bytes
    owners: bytes


def outlines_of(polygons: Geometries) -> Outlines:
    """The outer rings of polygons and multipolygons (n_cells,) in EPSG:3413; cells have no holes."""
    parts, owners = shapely.get_parts(polygons, return_index=True)
    rings = shapely.get_exterior_ring(parts)
    points = shapely.get_coordinates(rings).astype(np.float32)
    starts = np.concatenate([[0], np.cumsum(shapely.get_num_coordinates(rings))]).astype(np.uint32)
    left, bottom, right, top = (float(edge) for edge in shapely.total_bounds(polygons))
    return Outlines(
        key=sha256_of_value([len(points), points[:: max(1, len(points) // 1000)].tolist()])[:16],
        n_cells=len(polygons),
        bounds_m=(left, bottom, right, top),
        vertices=points.tobytes(),
        starts=starts.tobytes(),
        owners=owners.astype(np.uint32).tobytes(),
    )

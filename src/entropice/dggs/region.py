"""The part of the Arctic that a run covers."""

from dataclasses import dataclass
from typing import Self

import shapely

from entropice.dggs.grid import Grid
from entropice.dggs.polar import project, unproject
from entropice.errors import GridError
from entropice.types import BaseGeometry, BoolArray, CellIds, FloatArray

SOUTHERN_LIMIT_DEG = 50.0
"""Regions end here: farther south the polar CRS is too distorted, and land is not kept."""


@dataclass(frozen=True)
class Region:
    """Cells belong to a region by their centre.

    Attributes
    ----------
    parameter
        Name of the parameter that defines the region, for messages.
    min_lat_deg
        No part of the region lies south of this.
    polygon
        Outline in EPSG:3413; None if the latitude is the only limit.

    Raises
    ------
    GridError
        A latitude outside [50, 90).
    """

    parameter: str
    min_lat_deg: float
    polygon: BaseGeometry | None = None

    def __post_init__(self) -> None:
        if not SOUTHERN_LIMIT_DEG <= round(self.min_lat_deg, 6) < 90.0:
            raise GridError(
                "The region leaves the latitudes this project can map.",
                field=self.parameter,
                got=f"southernmost latitude {self.min_lat_deg:.2f}°",
                expected=f"{SOUTHERN_LIMIT_DEG:g}° to 90°",
                fix=f"keep the region north of {SOUTHERN_LIMIT_DEG:g}° N",
            )

    @classmethod
    def north_of(cls, min_lat_deg: float, *, parameter: str = "min_lat_deg") -> Self:
        """Everything from `min_lat_deg`, itself included, to the pole.

        Raises
        ------
        GridError
            A latitude outside [50, 90), rounded to 6 decimals.
        """
        return cls(parameter, min_lat_deg)

    @classmethod
    def inside(cls, polygon: BaseGeometry, *, parameter: str = "file") -> Self:
        """The inside of an EPSG:3413 polygon or multipolygon; its `min_lat_deg` is that of its southernmost vertex.

        Raises
        ------
        GridError
            A geometry without an area, or else with a vertex south of 50° N, its latitude rounded to 6 decimals.

        Examples
        --------
        The corners of a square of 200 km around the pole lie 146 km from it on the ground.

        >>> from shapely import box
        >>> round(Region.inside(box(-100e3, -100e3, 100e3, 100e3)).min_lat_deg, 2)
        88.69
        """
        if polygon.area == 0.0:
            raise GridError("The region has no area.", field=parameter, fix="give a polygon with an inside")
        # Latitude falls with the distance from the origin, a convex function: vertices hold the southernmost point.
        _, lat_deg = unproject(shapely.get_coordinates(polygon))
        return cls(parameter, float(lat_deg.min()), polygon)

    def cells(self, grid: Grid) -> CellIds:
        """Cells of `grid` with their centre in the region, sorted, shape (n_cell,); one on the outline belongs to it.

        Raises
        ------
        GridError
            No cell has its centre there.

        Examples
        --------
        Level 6 of HEALPix has four cells with a centre north of 89° N, on the axes of EPSG:3413: two of them on the
        outline of this square.

        >>> from shapely import box
        >>> from entropice.dggs import parse_grid
        >>> grid = parse_grid("healpix_6")
        >>> Region.north_of(89.0).cells(grid).tolist()
        [4095, 8191, 12287, 16383]
        >>> Region.inside(box(-100e3, -100e3, 0, 0)).cells(grid).tolist()
        [12287, 16383]
        """
        cell_ids = grid.cells_north_of(self.min_lat_deg)
        inside = cell_ids[self._contains(*grid.centres(cell_ids))]
        if not inside.size:
            raise GridError(
                f"No cell of {grid.key} has its centre in the region.",
                field=self.parameter,
                fix="enlarge the region or choose a finer grid",
            )
        return inside

    def _contains(self, lon_deg: FloatArray, lat_deg: FloatArray) -> BoolArray:
        if self.polygon is None:
            return lat_deg >= self.min_lat_deg
        shapely.prepare(self.polygon)
        inside: BoolArray = shapely.intersects_xy(self.polygon, project(lon_deg, lat_deg))
        return inside

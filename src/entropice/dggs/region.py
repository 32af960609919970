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
        """Everything from `min_lat_deg` to the pole; raises GridError unless it lies in [50, 90)."""
        return cls(parameter, min_lat_deg)

    @classmethod
    def inside(cls, polygon: BaseGeometry, *, parameter: str = "file") -> Self:
        """The inside of an EPSG:3413 polygon or multipolygon.

        Raises GridError if it has no area or a vertex south of 50° N.
        """
        if polygon.area == 0.0:
            raise GridError("The region has no area.", field=parameter, fix="give a polygon with an inside")
        # Latitude falls with the distance from the origin, a convex function: vertices hold the southernmost point.
        _, lat_deg = unproject(shapely.get_coordinates(polygon))
        return cls(parameter, float(lat_deg.min()), polygon)

    def cells(self, grid: Grid) -> CellIds:
        """Cells of `grid` with their centre in the region, sorted, shape (n_cell,); raises GridError if there is none.

        A centre on the outline belongs to the region.
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

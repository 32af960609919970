"""H3: hexagons (and twelve pentagons) by Uber, https://h3geo.org."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

import h3.api.numpy_int as h3
import numpy as np

from entropice.dggs.grid import check_parent_level, wrap_longitude
from entropice.dggs.near import NearPoints, largest_angle_deg, unit_vectors
from entropice.dggs.polar import ring_polygons
from entropice.types import BoolArray, CellIds, FloatArray, Geometries, IntArray
from entropice.units import M_PER_KM

STRAIGHT_LEVEL = 5
"""From here on edges drawn straight in EPSG:3413 change areas by 1.1e-5 at most; coarser ones are halved per level."""

REACH_IN_EDGES = 1.4
"""Longest distance from centre to vertex in EPSG:3413 north of 50° N, in mean edge lengths, with a margin."""

DESCENDANT_REACH_IN_EDGES = 2.0
"""Centres of all descendants lie within √3/(√7 − 1) ≈ 1.06 edges; twice that allows for distorted cells."""

EARTH_RADIUS_KM = 6371.007180918475
"""Authalic radius, as H3 uses it."""

LEVEL_OFFSET_BITS = 52
LEVEL_MASK = np.uint64(0b1111 << LEVEL_OFFSET_BITS)
FINEST_LEVEL = 15
BITS_PER_DIGIT = 3


@dataclass(frozen=True)
class H3Grid:
    """H3 cells of one level, 3 to 6. Vertices are geodetic coordinates; edges are great circles.

    Examples
    --------
    >>> import numpy as np
    >>> grid = H3Grid(4)
    >>> cell_ids = grid.cell_at(np.array([-135.5]), np.array([68.9]))
    >>> f"{cell_ids[0]:x}", f"{grid.parents(cell_ids, 3)[0]:x}"
    ('840d60bffffffff', '830d60fffffffff')
    >>> lon_deg, lat_deg = grid.centres(cell_ids)
    >>> bool(grid.cell_at(lon_deg, lat_deg) == cell_ids)
    True
    """

    level: int
    name: ClassVar[str] = "h3"

    @property
    def key(self) -> str:
        """``h3_<level>``."""
        return f"{self.name}_{self.level}"

    @property
    def metadata(self) -> dict[str, str | int]:
        """Attributes that ``xdggs.decode`` needs: ``grid_name`` and ``level``."""
        return {"grid_name": self.name, "level": self.level}

    @property
    def reach_m(self) -> float:
        """Upper bound of the distance from a centre to a vertex (m on the ground; north of 50° N in EPSG:3413 too).

        1.4 (`REACH_IN_EDGES`) times H3's mean edge length at the level.
        """
        return REACH_IN_EDGES * _mean_edge_km(self.level) * M_PER_KM

    def cells_north_of(self, min_lat_deg: float) -> CellIds:
        """Cells with centre latitude of at least `min_lat_deg`, found down the hierarchy; sorted, shape (n_cell,).

        Examples
        --------
        Three cells of level 3 have their centre within a degree of the pole, the next one does not.

        >>> grid = H3Grid(3)
        >>> cell_ids = grid.cells_north_of(89.0)
        >>> grid.centres(cell_ids)[1].round(2).tolist()
        [89.24, 89.13, 89.62]
        """
        return self._found(lambda _, lat_deg, reach_deg: lat_deg >= min_lat_deg - reach_deg)

    def cells_near(self, lon_deg: FloatArray, lat_deg: FloatArray, within_m: float) -> CellIds:
        """Cells whose centre may lie within a distance of a point on the ground, by the hierarchy; sorted (n_cell,).

        Points, longitudes and latitudes (n,) in degrees, are finite (ValueError else). Asked is whether the normals of
        centre and point are within the distance over 6,335 km, the ellipsoid's smallest radius of curvature: a cell up
        to 1 % farther may be among them, and none is missing.

        Examples
        --------
        The cell at the pole, whose centre is 43 km away.

        >>> import numpy as np
        >>> [f"{cell:x}" for cell in H3Grid(3).cells_near(np.array([0.0]), np.array([90.0]), 50e3)]
        ['830326fffffffff']
        """
        points, within_deg = NearPoints.of(lon_deg, lat_deg), largest_angle_deg(within_m)
        return self._found(lambda lon, lat, reach_deg: points.are_near(lon, lat, within_deg + reach_deg))

    def _found(self, may_hold: Callable[[FloatArray, FloatArray, float], BoolArray]) -> CellIds:
        """Cells of which something holds that is asked of centres: longitude, latitude, how far a cell may reach."""
        # H3 has no query by place. A parent's centre may lie outside and a child's inside, so each level keeps parents
        # as far away as any descendant's centre can be.
        cells: CellIds = h3.get_res0_cells()
        for level in range(self.level):
            descend = may_hold(*self.centres(cells), _descendant_reach_deg(level))
            cells = h3.uncompact_cells(cells[descend], level + 1).astype(np.uint64)
        return np.sort(cells[may_hold(*self.centres(cells), 0.0)])

    def centres(self, cell_ids: CellIds) -> tuple[FloatArray, FloatArray]:
        """Longitude in [−180, 180) and latitude of the centres (degrees), float64, each of shape (n_cell,)."""
        lat_lon = np.array([h3.cell_to_latlng(cell) for cell in cell_ids.tolist()]).reshape(-1, 2)
        return wrap_longitude(lat_lon[:, 1]), lat_lon[:, 0]

    def polygons(self, cell_ids: CellIds) -> Geometries:
        """Boundaries in EPSG:3413 (m), shape (n_cell,), in the order of the cells; vertices are rounded to 1 mm.

        Great-circle edges are densified: at level 5 and above they are drawn straight, at 4 in 2 parts, at 3 in 4.

        Examples
        --------
        Two neighbours meet along one edge of 4 parts, and share no area.

        >>> import numpy as np
        >>> first, second = H3Grid(3).polygons(np.array([0x830326FFFFFFFFF, 0x830320FFFFFFFFF], dtype=np.uint64))
        >>> len(first.exterior.coords) - 1, first.intersection(second).area
        (24, 0.0)
        """
        rings = [h3.cell_to_boundary(cell) for cell in cell_ids.tolist()]
        n_vertices = np.array([len(ring) for ring in rings], dtype=np.int64)
        lat_lon = np.array([vertex for ring in rings for vertex in ring]).reshape(-1, 2)
        steps = 1 << max(0, STRAIGHT_LEVEL - self.level)
        lon_deg, lat_deg = _densify(lat_lon, _next_vertex(n_vertices), steps)
        return ring_polygons(lon_deg, lat_deg, np.repeat(np.arange(len(rings)), n_vertices * steps))

    def parents(self, cell_ids: CellIds, level: int) -> CellIds:
        """Ancestors at `level`, shape (n_cell,): the level bits replaced, the finer digits set to 7 (unused).

        Raises
        ------
        GridError
            A level that is not 0 to the grid's own.

        Examples
        --------
        The level stands in one hexadecimal digit, and each finer digit has three bits.

        >>> import numpy as np
        >>> [f"{cell:x}" for cell in H3Grid(4).parents(np.array([0x840D60BFFFFFFFF], dtype=np.uint64), 3)]
        ['830d60fffffffff']
        """
        check_parent_level(self, level)
        level_bits = np.uint64(level << LEVEL_OFFSET_BITS)
        unused_digits = np.uint64((1 << BITS_PER_DIGIT * (FINEST_LEVEL - level)) - 1)
        return cell_ids & ~LEVEL_MASK | level_bits | unused_digits

    def cell_at(self, lon_deg: FloatArray, lat_deg: FloatArray) -> CellIds:
        """Cell that holds each point, uint64, shape (n,), of longitudes and latitudes (n,) in degrees.

        Raises
        ------
        h3.H3LatLngDomainError
            A point that is not finite.
        """
        points = zip(lat_deg.tolist(), lon_deg.tolist(), strict=True)
        return np.array([h3.latlng_to_cell(lat, lon, self.level) for lat, lon in points], dtype=np.uint64)


def _mean_edge_km(level: int) -> float:
    return float(h3.average_hexagon_edge_length(level, unit="km"))


def _descendant_reach_deg(level: int) -> float:
    return float(np.degrees(DESCENDANT_REACH_IN_EDGES * _mean_edge_km(level) / EARTH_RADIUS_KM))


def _next_vertex(n_vertices: IntArray) -> IntArray:
    """Index of the vertex after each one, going round its own ring; rings lie one after another."""
    ends = np.cumsum(n_vertices)
    following = np.arange(1, n_vertices.sum() + 1)
    following[ends - 1] = ends - n_vertices
    return following


def _densify(lat_lon_deg: FloatArray, following: IntArray, steps: int) -> tuple[FloatArray, FloatArray]:
    """Longitude and latitude of each vertex and ``steps − 1`` points on the great circle to the following one."""
    # Along the chord, then back to the sphere by the angles alone: points are not evenly spaced on the arc, but lie on
    # the great circle exactly, and both neighbours get the same ones whichever way they go round.
    start = unit_vectors(lat_lon_deg[:, 1], lat_lon_deg[:, 0])
    share = (np.arange(steps) / steps)[:, None]
    points = (start[:, None] * (1 - share) + start[following][:, None] * share).reshape(-1, 3)
    x, y, z = points.T
    return np.degrees(np.arctan2(y, x)), np.degrees(np.arctan2(z, np.hypot(x, y)))

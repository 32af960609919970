"""HEALPix: equal-area cells of the sphere (Górski et al. 2005, 10.1086/427976)."""

from dataclasses import dataclass
from typing import ClassVar

import healpy
import numpy as np

from entropice.dggs.grid import check_parent_level, wrap_longitude
from entropice.dggs.near import NearPoints, largest_angle_deg
from entropice.dggs.polar import ring_polygons
from entropice.types import CellIds, FloatArray, Geometries, IntArray

EDGE_STEPS = 16
"""Parts of an edge. Edges are no great circles: drawn straight, cell areas are up to 10 % wrong; now 5e-4."""

SPHERE_RADIUS_M = 6_400_000.0
"""Longest radius of curvature of the ellipsoid, rounded up."""

POLAR_SCALE = 1.1
"""Largest length scale of EPSG:3413 north of 50° N, rounded up."""

N_BASE_CELLS = 12


@dataclass(frozen=True)
class HealpixGrid:
    """HEALPix cells of one level, 6 to 10: NESTED ids, geodetic latitude taken for the sphere's, as healpy does.

    Notes
    -----
    A level has ``12 · 4^level`` cells of equal area on the sphere. Górski et al. (2005), doi:10.1086/427976.

    Examples
    --------
    >>> import numpy as np
    >>> grid = HealpixGrid(6)
    >>> cell_ids = grid.cells_north_of(89.0)
    >>> cell_ids.tolist()
    [4095, 8191, 12287, 16383]
    >>> grid.parents(cell_ids, 0).tolist()
    [0, 1, 2, 3]
    """

    level: int
    name: ClassVar[str] = "healpix"

    @property
    def key(self) -> str:
        """``healpix_<level>``."""
        return f"{self.name}_{self.level}"

    @property
    def metadata(self) -> dict[str, str | int]:
        """Attributes that ``xdggs.decode`` needs: ``grid_name``, ``level``, ``indexing_scheme``, ``ellipsoid``."""
        return {
            "grid_name": self.name,
            "level": self.level,
            "indexing_scheme": "nested",
            "ellipsoid": "sphere",
        }

    @property
    def reach_m(self) -> float:
        """Upper bound of the distance from a centre to a vertex (m on the ground; north of 50° N in EPSG:3413 too).

        The largest such angle of the level (``healpy.max_pixrad``) times 6,400 km and 1.1, the largest scale of the
        projection there.
        """
        return float(healpy.max_pixrad(self.n_side)) * SPHERE_RADIUS_M * POLAR_SCALE

    @property
    def n_side(self) -> int:
        """Cells along an edge of a base face."""
        return 1 << self.level

    def cells_north_of(self, min_lat_deg: float) -> CellIds:
        """Cells with centre latitude (degrees) of at least `min_lat_deg`; sorted, shape (n_cell,)."""
        south = np.radians(90.0 - min_lat_deg)
        # Inclusive, then by the centres: the query's own rule for a ring at the limit is left to rounding.
        ring_ids = healpy.query_strip(self.n_side, 0.0, south, inclusive=True)
        cells: CellIds = healpy.ring2nest(self.n_side, ring_ids).astype(np.uint64)
        _, lat_deg = self.centres(cells)
        return np.sort(cells[lat_deg >= min_lat_deg])

    def cells_near(self, lon_deg: FloatArray, lat_deg: FloatArray, within_m: float) -> CellIds:
        """Cells whose centre may lie within a distance of a point on the ground, by the hierarchy; sorted (n_cell,).

        Points, longitudes and latitudes (n,) in degrees, are finite (ValueError else). Asked is whether the normals of
        centre and point are within the distance over 6,335 km, the ellipsoid's smallest radius of curvature: a cell up
        to 1 % farther may be among them, and none is missing.

        Examples
        --------
        Cells of level 6 are 1° wide. About the pole four have their centre 0.73° (82 km) away, one in each quarter.

        >>> import numpy as np
        >>> grid, pole = HealpixGrid(6), (np.array([0.0]), np.array([90.0]))
        >>> grid.cells_near(*pole, 90e3).tolist(), grid.cells_near(*pole, 80e3).tolist()
        ([4095, 8191, 12287, 16383], [])
        """
        points, within_deg = NearPoints.of(lon_deg, lat_deg), largest_angle_deg(within_m)
        cells: CellIds = np.arange(N_BASE_CELLS, dtype=np.uint64)
        for coarse in map(HealpixGrid, range(self.level)):
            reach_deg = float(healpy.max_pixrad(coarse.n_side, degrees=True))
            descend = points.are_near(*coarse.centres(cells), within_deg + reach_deg)
            # The four children of a nested id are 4 id to 4 id + 3, so that cells stay sorted from level to level.
            cells = np.add.outer(cells[descend] << np.uint64(2), np.arange(4, dtype=np.uint64)).ravel()
        return cells[points.are_near(*self.centres(cells), within_deg)]

    def centres(self, cell_ids: CellIds) -> tuple[FloatArray, FloatArray]:
        """Longitude in [−180, 180) and latitude of the centres (degrees), float64, each of shape (n_cell,).

        Examples
        --------
        Cell 4095 of level 6 is the last of the first face, which has its corner at the pole.

        >>> import numpy as np
        >>> lon_deg, lat_deg = HealpixGrid(6).centres(np.array([4095], dtype=np.uint64))
        >>> lon_deg.round(6).tolist(), lat_deg.round(2).tolist()
        ([45.0], [89.27])
        """
        lon_deg, lat_deg = healpy.pix2ang(self.n_side, cell_ids.astype(np.int64), nest=True, lonlat=True)
        return wrap_longitude(lon_deg), lat_deg

    def polygons(self, cell_ids: CellIds) -> Geometries:
        """Boundaries in EPSG:3413 (m), shape (n_cell,), each edge a curve of 16 parts; vertices are rounded to 1 mm.

        In the order of the cells; the points of an edge are those of ``healpy.boundaries`` with ``step=16``.
        """
        vectors = healpy.boundaries(self.n_side, cell_ids.astype(np.int64), step=EDGE_STEPS, nest=True)
        points = np.moveaxis(vectors, 1, 2).reshape(-1, 3)
        lon_deg, lat_deg = healpy.vec2ang(points, lonlat=True)
        return ring_polygons(lon_deg, lat_deg, np.repeat(np.arange(len(cell_ids)), 4 * EDGE_STEPS))

    def parents(self, cell_ids: CellIds, level: int) -> CellIds:
        """Ancestors at `level`, shape (n_cell,): two bits fewer per level.

        Raises
        ------
        GridError
            A level that is not 0 to the grid's own.

        Examples
        --------
        Cells 4 to 7 have the parent 1, cell 8 the parent 2.

        >>> import numpy as np
        >>> HealpixGrid(6).parents(np.array([4, 7, 8], dtype=np.uint64), 5).tolist()
        [1, 1, 2]
        """
        check_parent_level(self, level)
        return cell_ids >> np.uint64(2 * (self.level - level))

    def cell_at(self, lon_deg: FloatArray, lat_deg: FloatArray) -> CellIds:
        """Cell that holds each point, uint64, shape (n,), of longitudes and latitudes (n,) in degrees.

        Points are finite: another one gives a number that is no cell, with a RuntimeWarning.

        Examples
        --------
        Whatever the turn of the longitude, at −315° as at 45°.

        >>> import numpy as np
        >>> HealpixGrid(6).cell_at(np.array([45.0, -315.0]), np.array([89.9, 89.9])).tolist()
        [4095, 4095]
        """
        cells = healpy.ang2pix(self.n_side, lon_deg, lat_deg, nest=True, lonlat=True)
        return np.asarray(cells, dtype=np.uint64)

    def on_faces(self, cell_ids: CellIds) -> tuple[IntArray, IntArray, IntArray]:
        """Base face (0 to 11), row and column of cells: each face is a square of `n_side` × `n_side` cells.

        Row 0 lies in the north-west. The bits of a nested id are those of both coordinates in turn (Górski et al. 2005,
        doi:10.1086/427976), so that neighbours in the square are neighbours on the ground. Cells have shape (n_cell,),
        and so have the results, int64.

        Examples
        --------
        Cell 0 lies in the last of 64 rows; 1 is east of it, 2 north of it. Cell 4096 is the first of the next face.

        >>> import numpy as np
        >>> face, row, column = HealpixGrid(6).on_faces(np.array([0, 1, 2, 4096], dtype=np.uint64))
        >>> face.tolist(), row.tolist(), column.tolist()
        ([0, 0, 0, 1], [63, 63, 62, 63], [0, 1, 0, 0])
        """
        east, north, face = healpy.pix2xyf(self.n_side, cell_ids.astype(np.int64), nest=True)
        return face.astype(np.int64), self.n_side - 1 - north.astype(np.int64), east.astype(np.int64)

    def of_faces(self, face: IntArray, row: IntArray, column: IntArray) -> CellIds:
        """The cells, uint64, at places in faces, all of one shape (n,), which is kept; the inverse of `on_faces`.

        Faces are 0 to 11, rows and columns 0 to `n_side` − 1.

        Examples
        --------
        >>> import numpy as np
        >>> HealpixGrid(6).of_faces(np.array([0, 0]), np.array([63, 62]), np.array([1, 1])).tolist()
        [1, 3]
        """
        cells = healpy.xyf2pix(self.n_side, column, self.n_side - 1 - row, face, nest=True)
        return np.asarray(cells, dtype=np.uint64)

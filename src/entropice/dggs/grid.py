"""What every grid can do."""

from typing import Protocol, runtime_checkable

from entropice.errors import GridError
from entropice.types import CellIds, FloatArray, Geometries, IntArray


class Grid(Protocol):
    """One level of a hierarchical global grid. Cell ids are uint64; coordinates are WGS 84 degrees."""

    @property
    def name(self) -> str:
        """``h3`` or ``healpix``."""

    @property
    def level(self) -> int:
        """Refinement level; each level has smaller cells than the one before."""

    @property
    def key(self) -> str:
        """The grid's name in parameters and paths: ``<name>_<level>``."""

    @property
    def metadata(self) -> dict[str, str | int]:
        """Attributes of a ``cell_ids`` coordinate from which xdggs knows the grid: ``grid_name`` and ``level``.

        Of HEALPix also ``indexing_scheme`` ("nested") and ``ellipsoid`` ("sphere").
        """

    @property
    def reach_m(self) -> float:
        """Metres: no vertex lies farther from its cell's centre on the ground, nor in EPSG:3413 north of 50° N."""

    def cells_north_of(self, min_lat_deg: float) -> CellIds:
        """Every cell whose centre latitude (degrees) is at least `min_lat_deg`, up to the pole; sorted (n_cell,).

        Empty where there is none.
        """

    def cells_near(self, lon_deg: FloatArray, lat_deg: FloatArray, within_m: float) -> CellIds:
        """Cells (n_cell,) whose centre lies within a distance on the ground of a point (n,), and few others; sorted.

        Points are in degrees, finite. No cell occurs twice; none comes where there is no point.
        """

    def centres(self, cell_ids: CellIds) -> tuple[FloatArray, FloatArray]:
        """Longitude in [−180, 180) and latitude of the cell centres (degrees), float64, each of shape (n_cell,)."""

    def polygons(self, cell_ids: CellIds) -> Geometries:
        """Boundaries in EPSG:3413 (m), shape (n_cell,), in the order of the cells; vertices are rounded to 1 mm.

        Vertices are projected first: neighbours share vertices as equal numbers, pole and ±180° are right.
        """

    def parents(self, cell_ids: CellIds, level: int) -> CellIds:
        """Ancestor of each cell at a level of 0 to its own, shape (n_cell,), in the order of the cells.

        Raises
        ------
        GridError
            Any other level.
        """

    def cell_at(self, lon_deg: FloatArray, lat_deg: FloatArray) -> CellIds:
        """Cell that holds each point, shape (n,), of longitudes and latitudes of shape (n,), in degrees and finite.

        ``cell_at(*centres(cell_ids))`` is ``cell_ids``. A point on a border belongs to one of its cells. What a point
        that is not finite gives depends on the grid: an error, or any number.
        """


@runtime_checkable
class FacedGrid(Grid, Protocol):
    """A grid whose cells are squares of arrays: its base faces."""

    @property
    def n_side(self) -> int:
        """Cells along an edge of a face."""

    def on_faces(self, cell_ids: CellIds) -> tuple[IntArray, IntArray, IntArray]:
        """Face, row and column of cells (n_cell,), int64 of that shape each; rows and columns 0 to `n_side` − 1.

        Row 0 lies in the north-west of a face, column 0 in its south-west.
        """

    def of_faces(self, face: IntArray, row: IntArray, column: IntArray) -> CellIds:
        """The cells, uint64, at places in faces, all of one shape, which is kept; the inverse of `on_faces`."""


def check_parent_level(grid: Grid, level: int) -> None:
    """Refuse a level at which cells of `grid` have no parents.

    Raises
    ------
    GridError
        A level below 0 or above the grid's own.
    """
    if not 0 <= level <= grid.level:
        raise GridError(
            f"Cells of {grid.key} have no parents at level {level}.",
            field="level",
            got=level,
            expected=f"0 to {grid.level}",
        )


def wrap_longitude(lon_deg: FloatArray) -> FloatArray:
    """Same meridians, in [−180, 180): longitudes in degrees of any shape, which is kept; NaN stays NaN.

    Examples
    --------
    >>> import numpy as np
    >>> wrap_longitude(np.array([180.0, 190.0, -180.0, 540.0])).tolist()
    [-180.0, -170.0, -180.0, -180.0]
    """
    return (lon_deg + 180.0) % 360.0 - 180.0

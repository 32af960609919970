"""What ground the pixels of fields are: the polar plane, or cells of a grid laid side by side.

Sequences are cut by rows and columns, whatever these mean. Where on the globe a pixel lies, how far a window may reach,
and how fields come onto a map is a matter of their ground alone.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Final, Protocol

import numpy as np

from entropice.crs import POLAR_CRS
from entropice.dggs import Grid, parse_grid
from entropice.dggs.polar import project, unproject
from entropice.errors import SchemaError
from entropice.imagery.mosaics import MosaicFrame
from entropice.types import CellIds, Dataset, Float32Array, FloatArray, IntArray

CELL_IDS: Final = "cell_ids"
"""Coordinate (y, x) of fields whose pixels are cells."""

SECTION_PX: Final = "section_px"
"""Attribute of such fields: edge of the squares that no window leaves."""

GRID: Final = "grid"
"""Attribute of such fields: key of the grid."""

_MAP_PIXELS_PER_CELL: Final = 4.0
"""Along an edge."""


class Ground(Protocol):
    """Where pixels of fields lie; coordinates are metres along rows and columns of the fields."""

    @property
    def is_plane(self) -> bool:
        """Whether coordinates of the fields are those of EPSG:3413."""

    @property
    def section_px(self) -> int | None:
        """Edge in pixels of the squares that no window may leave; None where all is one."""

    def lon_lat_deg(self, points_m: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Longitude and latitude in degrees, (n,) each, of points (n, 2), x and y in m of the fields."""

    def on_map(self, frame: MosaicFrame, values: Float32Array) -> tuple[MosaicFrame, Float32Array]:
        """Values (…, row, column) of a part of the fields as rasters in EPSG:3413, and where these lie.

        Parameters
        ----------
        frame
            Where the part lies, in the coordinates of the fields, in their pixels.
        values
            Its rows and columns; NaN where nothing is known.

        Returns
        -------
        MosaicFrame, Float32Array
            Where the rasters lie in EPSG:3413, and (…, row, column) of that frame; NaN where nothing is known.
        """


@dataclass(frozen=True)
class PolarGround:
    """EPSG:3413 itself."""

    is_plane = True
    section_px = None

    def lon_lat_deg(self, points_m: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Longitude and latitude in degrees, (n,) each, of points (n, 2) in EPSG:3413."""
        return unproject(points_m)

    def on_map(self, frame: MosaicFrame, values: Float32Array) -> tuple[MosaicFrame, Float32Array]:
        """Frame and values (…, row, column) as they are."""
        return frame, values


@dataclass(frozen=True, eq=False)
class CellGround:
    """Cells of a grid.

    Attributes
    ----------
    grid
        That the cells are of.
    cell_ids
        uint64 (row, column), of every pixel.
    left_m, top_m, pixel_m
        Outer corner of the first pixel, and edge of a pixel, in the fields' own coordinates.
    section_px
        Edge of the squares that no window may leave.
    """

    grid: Grid
    cell_ids: CellIds
    left_m: float
    top_m: float
    pixel_m: float
    section_px: int

    is_plane = False

    def lon_lat_deg(self, points_m: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Longitude and latitude in degrees, (n,) each, of the centres of the cells that hold the points (n, 2).

        Of a corner that is the cell at its lower right. Points outside the fields have the nearest cell at their edge.
        """
        rows, columns = self._places(points_m)
        return self.grid.centres(self.cell_ids[rows, columns])

    def on_map(self, frame: MosaicFrame, values: Float32Array) -> tuple[MosaicFrame, Float32Array]:
        """Each pixel (…, row, column) of the map shows the cell that holds its middle; nothing is averaged.

        Parameters
        ----------
        frame
            Where a part of the fields lies, in their own coordinates and pixels.
        values
            (…, row, column) of that part; NaN where nothing is known.

        Returns
        -------
        MosaicFrame, Float32Array
            A frame in EPSG:3413 around the cells of which something is known (around all where none is), and float32
            (…, row, column) of it; NaN outside the part. A pixel is a quarter of the fields' pixel wide, rounded to 100
            m. The frame's edges are those of the cells' centres, ``grid.reach_m`` further out and from there outwards
            to the next whole multiple of its pixel.

        Raises
        ------
        ValueError
            The fields' pixels are 200 m wide or less, so that a quarter is rounded to 0: nothing checks them before.
        """
        first_row, first_column = (int(axis[0]) for axis in self._places(np.array([[frame.left_m, frame.top_m]])))
        cells = self.cell_ids[first_row : first_row + frame.n_rows, first_column : first_column + frame.n_columns]
        known = np.isfinite(values).reshape(-1, *values.shape[-2:]).any(axis=0)
        drawn = cells[known] if known.any() else cells.ravel()
        of_map = self._frame_around(drawn)
        # Cells are looked up by number, for neighbours in the fields need not be neighbours on the globe.
        order = np.argsort(cells, axis=None)
        wanted = self._cells_of(of_map)
        place = order[np.searchsorted(cells.ravel()[order], wanted).clip(max=cells.size - 1)]
        is_there = cells.ravel()[place] == wanted
        shown = np.where(is_there, values.reshape(*values.shape[:-2], -1)[..., place], np.float32(np.nan))
        return of_map, shown.astype(np.float32)

    @cached_property
    def _map_pixel_m(self) -> float:
        return float(np.round(self.pixel_m / _MAP_PIXELS_PER_CELL, -2))

    def _places(self, points_m: FloatArray) -> tuple[IntArray, IntArray]:
        # A millionth of a pixel to the right: a corner that lies a rounding before its pixel would else be of the one
        # before.
        columns = np.floor((points_m[:, 0] - self.left_m) / self.pixel_m + 1e-6).astype(np.int64)
        rows = np.floor((self.top_m - points_m[:, 1]) / self.pixel_m + 1e-6).astype(np.int64)
        n_rows, n_columns = self.cell_ids.shape
        return rows.clip(0, n_rows - 1), columns.clip(0, n_columns - 1)

    def _frame_around(self, cells: CellIds) -> MosaicFrame:
        centres_m, edge_m = project(*self.grid.centres(cells)), self._map_pixel_m
        low = np.floor((centres_m.min(axis=0) - self.grid.reach_m) / edge_m)
        high = np.ceil((centres_m.max(axis=0) + self.grid.reach_m) / edge_m)
        n_columns, n_rows = (high - low).astype(int).tolist()
        return MosaicFrame(float(low[0] * edge_m), float(high[1] * edge_m), edge_m, n_rows, n_columns)

    def _cells_of(self, frame: MosaicFrame) -> CellIds:
        """The cell at the middle of each pixel of a map."""
        x_m = frame.left_m + (np.arange(frame.n_columns) + 0.5) * frame.pixel_m
        y_m = frame.top_m - (np.arange(frame.n_rows) + 0.5) * frame.pixel_m
        points = np.stack(np.meshgrid(x_m, y_m), axis=-1).reshape(-1, 2)
        return self.grid.cell_at(*unproject(points)).reshape(frame.n_rows, frame.n_columns)


def ground_of(fields: Dataset) -> Ground:
    """The ground of fields, dims (time, y, x), as their attributes ``crs`` or ``grid`` say it.

    ``crs`` EPSG:3413 makes a `PolarGround`, ``grid`` with a key such as ``h3_4``, ``cell_ids`` (y, x) and
    ``section_px`` a `CellGround`.

    Raises
    ------
    SchemaError
        They say neither, both, or another CRS; or cells without ``cell_ids`` and ``section_px``.
    GridError
        There is no such grid.
    """
    said = {name: fields.attrs[name] for name in ("crs", GRID) if name in fields.attrs}
    if said == {"crs": POLAR_CRS}:
        return PolarGround()
    if set(said) != {GRID}:
        raise SchemaError(
            "Fields are in another CRS." if "crs" in said else "Fields do not say what ground they are of.",
            field="crs",
            got=said.get("crs", "nothing"),
            expected=POLAR_CRS,
            fix="warp them where they are read: a label of another CRS moves no pixel",
        )
    return _cells(fields)


def _cells(fields: Dataset) -> CellGround:
    if CELL_IDS not in fields.coords or fields[CELL_IDS].dims != ("y", "x") or SECTION_PX not in fields.attrs:
        raise SchemaError(
            "Fields of cells do not say which cells they are of.",
            field=f"{CELL_IDS}, {SECTION_PX}",
            got=", ".join(map(str, fields.coords)) or "nothing",
            expected=f"a coordinate {CELL_IDS} (y, x), and the attribute {SECTION_PX}",
            fix="state them where the fields are made",
        )
    pixel_m = float(fields.attrs["pixel_m"])
    return CellGround(
        parse_grid(str(fields.attrs[GRID])),
        fields[CELL_IDS].to_numpy().astype(np.uint64),
        float(fields["x"][0]) - pixel_m / 2,
        float(fields["y"][0]) + pixel_m / 2,
        pixel_m,
        int(fields.attrs[SECTION_PX]),
    )

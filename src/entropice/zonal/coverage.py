"""Which share of every pixel of a raster tile lies in which cell: computed once, used for every band and year."""

from typing import Any, Final, NamedTuple

import numpy as np
from rasterio.transform import Affine

from entropice.errors import SchemaError
from entropice.memory_hints import LINE_BYTES, prefetch
from entropice.types import Geometries, IntArray
from entropice.zonal.clipping import Borders, Runs, clip_cells, most_crossings
from entropice.zonal.compiled import compiled, compiled_in_place
from entropice.zonal.rings import rings_of

RUNS_AHEAD: Final = 8
"""So many runs before it is needed, a run is asked for: the next row of a cell lies far away in memory."""

LARGEST_SIDE_PX: Final = 2**31 - 1


class Coverage(NamedTuple):
    """Pixels of every cell, each with the share of it that the cell covers.

    Attributes
    ----------
    transform
        Of the tile: (a, b, c, d, e, f), from (column, row) to coordinates.
    shape
        Rows and columns of the tile.
    run_starts
        First run of each cell and the end, int64, shape (n_cells + 1,).
    runs
        Whole pixels (weight 1), sorted by row and column within a cell.
    border_starts
        First border pixel of each cell and the end, int64, shape (n_cells + 1,).
    borders
        Pixels covered in part, with weights in (0, 1), sorted by row and column within a cell.
    """

    transform: tuple[float, float, float, float, float, float]
    shape: tuple[int, int]
    run_starts: IntArray
    runs: Runs
    border_starts: IntArray
    borders: Borders

    @property
    def n_cells(self) -> int:
        """How many cells, those without a pixel included."""
        return len(self.run_starts) - 1

    @property
    def n_bytes(self) -> int:
        """Memory of the weights, in bytes."""
        arrays = (self.run_starts, self.border_starts, *self.runs, *self.borders)
        return sum(array.nbytes for array in arrays)


@compiled
def runs_in_rows(coverage: Coverage, cell: int, first_row: int, end_row: int) -> Runs:
    """Runs of one cell, int32 of shape (n,) each, from `first_row` to before `end_row`: views, not copies.

    `cell` is a position in the coverage; rows and columns count from the tile's first corner. Without a run n is 0.

    Examples
    --------
    A cell of three rows of two whole pixels: in row 1 there is one run, from column 0 to before column 2.

    >>> import numpy as np
    >>> from rasterio.transform import Affine
    >>> from shapely import box
    >>> coverage = cell_coverage(np.array([box(0, 0, 2, 3)], dtype=object), Affine(1, 0, 0, 0, -1, 3), (3, 2))
    >>> [part.tolist() for part in runs_in_rows(coverage, 0, 1, 2)]
    [[1], [0], [2]]
    """
    start, stop = coverage.run_starts[cell], coverage.run_starts[cell + 1]
    rows = coverage.runs.row[start:stop]
    here = slice(start + np.searchsorted(rows, first_row), start + np.searchsorted(rows, end_row))
    return Runs(coverage.runs.row[here], coverage.runs.first[here], coverage.runs.stop[here])


@compiled
def borders_in_rows(coverage: Coverage, cell: int, first_row: int, end_row: int) -> Borders:
    """Border pixels of one cell, shape (n,) each, from `first_row` to before `end_row`: views, not copies.

    `cell` is a position in the coverage; rows and columns count from the tile's first corner. Without one n is 0.

    Examples
    --------
    A cell that holds a quarter of each of three pixels below one another: of rows 0 and 1 there are two.

    >>> import numpy as np
    >>> from rasterio.transform import Affine
    >>> from shapely import box
    >>> coverage = cell_coverage(np.array([box(0, 0, 0.25, 3)], dtype=object), Affine(1, 0, 0, 0, -1, 3), (3, 1))
    >>> [part.tolist() for part in borders_in_rows(coverage, 0, 0, 2)]
    [[0, 1], [0, 0], [0.25, 0.25]]
    """
    start, stop = coverage.border_starts[cell], coverage.border_starts[cell + 1]
    rows = coverage.borders.row[start:stop]
    here = slice(start + np.searchsorted(rows, first_row), start + np.searchsorted(rows, end_row))
    return Borders(coverage.borders.row[here], coverage.borders.column[here], coverage.borders.weight[here])


@compiled_in_place
def ask_ahead(band: Any, runs: Runs, k: int, first_row: int) -> None:
    """Ask for the pixels of a run some runs after the `k`-th; `band` begins with row `first_row` of the tile.

    A hint to the processor, which fetches them into its cache: nothing is returned or changed, and behind the last run
    nothing is asked for. `runs` have shape (n,) each, `band` (rows, columns).
    """
    ahead = k + RUNS_AHEAD
    if ahead < runs.row.size:
        for column in range(runs.first[ahead], runs.stop[ahead], LINE_BYTES // band.itemsize):
            prefetch(band, runs.row[ahead] - first_row, column)


def cell_coverage(polygons: Geometries, transform: Affine, shape: tuple[int, int]) -> Coverage:
    """Clip cells by the pixels of a tile; where cells tessellate, the weights of each pixel add up to 1 ± 1e-9.

    A share is planar: area of pixel ∩ cell over area of the pixel, in the raster's CRS. Neighbours must share the
    vertices of their border as equal numbers, as the polygons of `entropice.dggs` do; an edge then gives both its
    cells the same numbers, with opposite signs. Shares below 1e-10 are dropped.

    Parameters
    ----------
    polygons
        Valid polygons in the raster's CRS, shape (n_cells,), with holes and parts if need be; what lies outside the
        tile counts nothing. An empty geometry has no pixel.
    transform
        From (column, row) to coordinates: any upright or mirrored grid, bottom-up ones included.
    shape
        Rows and columns of the tile.

    Returns
    -------
    Coverage
        Of the cells in their order, also of those without a pixel on the tile. Cells may overlap: each is clipped on
        its own.

    Raises
    ------
    SchemaError
        A rotated, sheared or degenerate transform, or else a shape that is no shape: a side below 1 or above 2³¹ − 1.
    GridError
        A geometry that is no polygon, or a vertex that is no finite number.

    Notes
    -----
    Exact area coverage by signed trapezoids, as font rasterisers do it: each edge adds to each pixel that it crosses
    the signed height it passes and the area to its right; the running sum of heights along a row is 1 inside a cell
    and 0 outside, whatever corners lie in the row.

    Examples
    --------
    Three pixels of 1 m side by side; the cell holds half of the first, all of the second and half of the third.

    >>> import numpy as np
    >>> from rasterio.transform import Affine
    >>> from shapely import box
    >>> cells = np.array([box(0.5, 0.0, 2.5, 1.0)], dtype=object)
    >>> coverage = cell_coverage(cells, Affine(1, 0, 0, 0, -1, 1), (1, 3))
    >>> coverage.borders.column.tolist(), coverage.borders.weight.tolist()
    ([0, 2], [0.5, 0.5])
    >>> coverage.runs.first.tolist(), coverage.runs.stop.tolist()
    ([1], [2])
    """
    _require_upright(transform)
    _require_shape(shape)
    points, ring_starts, first_rings = rings_of(polygons)
    pixels = np.column_stack([(points[:, 0] - transform.c) / transform.a, (points[:, 1] - transform.f) / transform.e])
    # In pixels a border's vertices are equal numbers for both its cells if they were in metres: one expression, the
    # same roundings. A mirrored grid turns rings round, which `orientation` takes back.
    per_ring = np.append(0, np.cumsum(most_crossings(pixels, ring_starts, *shape)))
    orientation = 1.0 if transform.a * transform.e < 0 else -1.0
    run_starts, runs, border_starts, partial = clip_cells(
        pixels, ring_starts, first_rings, orientation, shape, np.diff(per_ring[first_rings])
    )
    n_borders, borders = border_starts[-1], Borders(*partial)
    # Slices copied: a view would keep the arrays of the bound alive, several times as large as what is found.
    return Coverage(
        tuple(transform)[:6],
        shape,
        run_starts,
        Runs(*[part[: run_starts[-1]].copy() for part in runs]),
        border_starts,
        Borders(borders.row[:n_borders].copy(), borders.column[:n_borders].copy(), borders.weight[:n_borders].copy()),
    )


def require_tile(found: tuple[int, ...], shape: tuple[int, int]) -> None:
    """Refuse a band whose shape `found` is not the tile's `shape` (rows, columns).

    Raises
    ------
    SchemaError
        Another shape.
    """
    if found != shape:
        raise SchemaError(
            "The band does not have the shape that the weights were computed for.",
            field="band",
            got=found,
            expected=shape,
            fix="compute the weights with this raster's transform and shape",
        )


def require_strip(found: tuple[int, ...], first_row: int, shape: tuple[int, int]) -> None:
    """Refuse a strip of shape `found`, from `first_row` on, that is not whole rows of a tile (rows, columns).

    Raises
    ------
    SchemaError
        Other than two axes, another number of columns, or rows before the tile's first or after its last.
    """
    if len(found) != 2 or found[1] != shape[1] or not 0 <= first_row <= shape[0] - found[0]:
        raise SchemaError(
            "The strip does not consist of rows of the tile that the weights were computed for.",
            field="strip",
            got=f"shape {found} from row {first_row}",
            expected=f"whole rows of a tile of shape {shape}",
        )


def _require_upright(transform: Affine) -> None:
    is_upright = transform.b == transform.d == 0 and transform.a != 0 and transform.e != 0
    if not (is_upright and np.isfinite(list(transform)).all()):
        raise SchemaError(
            "The raster's rows and columns do not follow the axes of its CRS.",
            field="transform",
            got=tuple(transform)[:6],
            expected="(a, 0, c, 0, e, f) of finite numbers, a and e other than 0",
            fix="warp it to an upright grid with gdalwarp",
        )


def _require_shape(shape: tuple[int, int]) -> None:
    if not all(0 < side <= LARGEST_SIDE_PX for side in shape):
        raise SchemaError(
            "This is no shape of a raster tile.",
            field="shape",
            got=shape,
            expected=f"rows and columns, each 1 to {LARGEST_SIDE_PX}",
        )

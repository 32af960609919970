"""Cells as pixels: the squares of base faces beside one another, so that nothing is resampled.

Below one another lie the parts of those faces that hold the cells, each a square of the same size. Neighbours within
a square are neighbours on the ground; squares of two faces have nothing to do with each other, so no window may reach
from one into the next.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from entropice.dggs.grid import FacedGrid, Grid
from entropice.errors import GridError
from entropice.types import CellIds, IntArray


@dataclass(frozen=True, eq=False)
class FaceLayout:
    """Which cell each pixel is.

    Attributes
    ----------
    cell_ids
        uint64 (n_face · section_px, section_px); every pixel is a cell, whether it was asked for or not.
    section_px
        Edge of the square of each face.
    """

    cell_ids: CellIds
    section_px: int

    def spread(self, cell_ids: CellIds, values: NDArray[Any]) -> NDArray[Any]:
        """Values (…, n_cell) of sorted cells on pixels (…, row, column); NaN where a pixel is none of the cells.

        Values are floating point, and so is the result, of their dtype; there is one cell or more. A cell that is no
        pixel of the layout is left out.

        Examples
        --------
        Cells 0 and 1 of a face lie in the southern row of a square of four.

        >>> import numpy as np
        >>> from entropice.dggs.healpix_grid import HealpixGrid
        >>> cells = np.array([0, 1], dtype=np.uint64)
        >>> layout = face_layout(HealpixGrid(6), cells, least_px=2)
        >>> layout.spread(cells, np.array([5.0, 6.0])).tolist()
        [[nan, nan], [5.0, 6.0]]
        """
        place = np.searchsorted(cell_ids, self.cell_ids.ravel()).clip(max=len(cell_ids) - 1)
        is_there = cell_ids[place] == self.cell_ids.ravel()
        spread = np.where(is_there, values[..., place], np.nan).astype(values.dtype)
        return spread.reshape(*values.shape[:-1], *self.cell_ids.shape)

    def taken(self, cell_ids: CellIds, pixels: NDArray[Any]) -> NDArray[Any]:
        """Values (…, n_cell) of cells from pixels (…, row, column); the inverse of `spread`.

        Cells come in any order, and each is a pixel of the layout: that is not checked.

        Examples
        --------
        >>> import numpy as np
        >>> layout = FaceLayout(np.array([[2, 3], [0, 1]], dtype=np.uint64), 2)
        >>> layout.taken(np.array([1, 2], dtype=np.uint64), np.array([[20.0, 30.0], [0.0, 10.0]])).tolist()
        [10.0, 20.0]
        """
        order = np.argsort(self.cell_ids, axis=None)
        place = order[np.searchsorted(self.cell_ids.ravel()[order], cell_ids)]
        taken: NDArray[Any] = pixels.reshape(*pixels.shape[:-2], -1)[..., place]
        return taken


def face_layout(grid: Grid, cell_ids: CellIds, least_px: int) -> FaceLayout:
    """The smallest squares that hold some cells.

    Parameters
    ----------
    cell_ids
        (n_cell,), one or more, in any order.
    least_px
        Squares are no smaller, as far as a face reaches.

    Returns
    -------
    FaceLayout
        A square for each base face that holds one of the cells, below one another by the face's number; all of the size
        that the widest needs, `least_px` or more, but no wider than a face. A square begins at the first row and the
        first column of the cells in its face, and is shifted back where it would reach beyond the face. Row 0 lies in
        the north-west of a face.

    Raises
    ------
    GridError
        Cells of the grid are no squares of faces: any but a HEALPix grid.

    Examples
    --------
    Cell 5 lies four columns east of cell 0: a square of 4 by 4 holds them.

    >>> import numpy as np
    >>> from entropice.dggs.healpix_grid import HealpixGrid
    >>> face_layout(HealpixGrid(6), np.array([0, 5], dtype=np.uint64), least_px=2).cell_ids.tolist()
    [[10, 11, 14, 15], [8, 9, 12, 13], [2, 3, 6, 7], [0, 1, 4, 5]]
    """
    faced = require_faces(grid)
    face, row, column = faced.on_faces(cell_ids)
    faces = np.unique(face)
    spans = [
        [(int(axis[face == each].min()), int(axis[face == each].max())) for axis in (row, column)] for each in faces
    ]
    widest = max(last - first + 1 for span in spans for first, last in span)
    section_px = min(max(widest, least_px), faced.n_side)
    squares = [_square(faced, int(each), span, section_px) for each, span in zip(faces, spans, strict=True)]
    return FaceLayout(np.concatenate(squares), section_px)


def require_faces(grid: Grid) -> FacedGrid:
    """The grid itself, if its cells lie in rows and columns.

    Raises
    ------
    GridError
        Cells of the grid are no squares of faces: any but a HEALPix grid.
    """
    if not isinstance(grid, FacedGrid):
        raise GridError(
            "Cells of this grid do not lie in rows and columns.",
            field="grid",
            got=grid.key,
            expected="a HEALPix grid, whose faces are squares of cells",
            fix="make the run that this one builds on with --params grid=healpix_7, and this one, too",
        )
    return grid


def _square(grid: FacedGrid, face: int, span: list[tuple[int, int]], section_px: int) -> CellIds:
    """Cells of one face, from the first row and column that are asked for on, as far as the face reaches."""
    rows, columns = (_reach(first, section_px, grid.n_side) for first, _ in span)
    row, column = np.meshgrid(rows, columns, indexing="ij")
    return grid.of_faces(np.full_like(row, face), row, column)


def _reach(first: int, section_px: int, n_side: int) -> IntArray:
    # Shifted back rather than cut at the face's edge: squares of all faces have one size, and every pixel is a cell.
    start = min(first, n_side - section_px)
    return np.arange(start, start + section_px, dtype=np.int64)

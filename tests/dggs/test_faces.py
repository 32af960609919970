"""Cells as pixels of base faces."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from entropice.dggs import parse_grid
from entropice.dggs.faces import face_layout
from entropice.errors import GridError
from entropice.types import CellIds

GRID = parse_grid("healpix_6")
N_CELLS = 12 * 4**6


def cells_of(numbers: list[int]) -> CellIds:
    return np.unique(np.array(numbers, dtype=np.uint64))


def interleaved(cell: int) -> tuple[int, int]:
    """x and y of a nested id in its face, bit by bit."""
    inside = cell % 4**6
    x = sum(((inside >> (2 * bit)) & 1) << bit for bit in range(6))
    y = sum(((inside >> (2 * bit + 1)) & 1) << bit for bit in range(6))
    return x, y


@given(st.integers(0, N_CELLS - 1))
def test_rows_and_columns_are_the_bits_of_the_nested_id(cell: int) -> None:
    face, row, column = GRID.on_faces(np.array([cell], dtype=np.uint64))
    x, y = interleaved(cell)

    assert (face[0], row[0], column[0]) == (cell // 4**6, 63 - y, x)
    assert GRID.of_faces(face, row, column)[0] == cell


@given(st.lists(st.integers(0, N_CELLS - 1), min_size=1, max_size=30), st.integers(1, 64))
def test_what_is_spread_over_pixels_is_taken_from_them_again(numbers: list[int], least_px: int) -> None:
    cell_ids = cells_of(numbers)
    layout = face_layout(GRID, cell_ids, least_px)
    values = np.arange(2.0 * len(cell_ids)).reshape(2, -1)

    pixels = layout.spread(cell_ids, values)

    assert pixels.shape == (2, *layout.cell_ids.shape)
    assert np.isfinite(pixels).sum() == values.size
    np.testing.assert_array_equal(layout.taken(cell_ids, pixels), values)
    assert layout.section_px >= min(least_px, 64)
    assert layout.cell_ids.shape == (layout.section_px * len(np.unique(cell_ids // 4**6)), layout.section_px)


def test_neighbours_in_a_square_are_neighbours_on_the_ground() -> None:
    cells = GRID.cells_north_of(70.0)
    layout = face_layout(GRID, cells, 1)
    square = layout.cell_ids[: layout.section_px]
    points = np.stack([np.stack(GRID.centres(square[row])) for row in range(3)])
    lat = np.radians(points[:, 1])
    lon = np.radians(points[:, 0])
    vectors = np.stack([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)])

    across = np.degrees(np.arccos((vectors[:, :, 1:] * vectors[:, :, :-1]).sum(axis=0).clip(-1, 1)))

    assert across.max() < 2.0


def test_cells_that_are_no_squares_are_refused() -> None:
    grid = parse_grid("h3_4")

    with pytest.raises(GridError, match="rows and columns"):
        face_layout(grid, grid.cells_north_of(85.0), 1)

"""Values of two runs on the same cells."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Union

from .cell_hierarchy import Grid
from .comparison_way import MIN_COVERED_SHARE

Value = Union[float, str, None]


@dataclass(frozen=True)
class CellValue:
    """What a run says of a cell; `low` and `high` are the ends of its doubt, None where it has none.

    `land_m2` is the area of its land; `value` is a number, a text, or None where it is unknown.
    """

    cell_id: int
    land_m2: float
    value: Value
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True)
class Piece:
    """The part of a smaller cell that lies in a larger one; `share` is of the smaller cell's area, 0..1."""

    cell_id: int
    larger_id: int
    share: float


@dataclass(frozen=True)
class ComparedCell:
    """A cell with what both runs say of it; `difference` is B − A, None where it has no number on both sides.

    `agrees` says whether texts are equal, or numbers lie in each other's interval; None where that is unknown.

    `land_m2` is that which A tells of the cell, or B where A does not have it. The difference of classes counts steps.
    """

    cell_id: int
    land_m2: float
    value_a: Value
    value_b: Value
    difference: float | None
    agrees: bool | None

    @property
    def is_in_both(self) -> bool:
        """Whether both runs have a value of the cell."""
        return self.value_a is not None and self.value_b is not None


def parent_pieces(cell_ids: Iterable[int], grid: Grid, larger: Grid) -> list[Piece]:
    """Every cell as a whole piece of its ancestor.

    The pieces stand in the order of `cell_ids`, each with a share of 1; `grid` has to nest in `larger`, see
    `Grid.nests_in`.

    Examples
    --------
    >>> parent_pieces([75, 18], Grid("healpix", 3), Grid("healpix", 2))
    [Piece(cell_id=75, larger_id=18, share=1.0), Piece(cell_id=18, larger_id=4, share=1.0)]
    """
    return [Piece(cell_id, grid.parent(cell_id, larger.level), 1.0) for cell_id in cell_ids]


def brought(cells: Sequence[CellValue], pieces: Iterable[Piece], larger: Sequence[CellValue]) -> list[CellValue]:
    """Numbers of small cells as means over the land of the cells of `larger`, in its order.

    v = Σ s·l·x / Σ s·l over the pieces of a larger cell: s the share of the small cell's area, l its land (m²), which
    is taken as spread evenly over it, x its value. v is None where Σ s·l is 0 or less than half of the larger cell's
    land; exactly half is enough. Small cells without a number count as unknown, and pieces of cells that are not given
    are passed over. Results have no `low` and `high`; the values of `larger` are not looked at.

    Examples
    --------
    >>> small = [CellValue(1, 30.0, 0.2), CellValue(2, 10.0, 0.6), CellValue(3, 99.0, None)]
    >>> pieces = [Piece(1, 7, 1.0), Piece(2, 7, 1.0), Piece(3, 7, 1.0), Piece(3, 8, 1.0)]
    >>> [cell.value for cell in brought(small, pieces, [CellValue(7, 80.0, None), CellValue(8, 99.0, None)])]
    [0.3, None]
    """
    known = {cell.cell_id: cell for cell in cells if isinstance(cell.value, (int, float))}
    sums = {cell.cell_id: [0.0, 0.0] for cell in larger}
    for piece in pieces:
        cell, total = known.get(piece.cell_id), sums.get(piece.larger_id)
        if cell is not None and total is not None:
            land_m2 = piece.share * cell.land_m2
            total[0] += land_m2
            total[1] += land_m2 * float(cell.value or 0)
    return [CellValue(cell.cell_id, cell.land_m2, _mean(cell.land_m2, *sums[cell.cell_id])) for cell in larger]


def _mean(land_m2: float, known_land_m2: float, total: float) -> float | None:
    if known_land_m2 <= 0 or known_land_m2 < MIN_COVERED_SHARE * land_m2:
        return None
    return total / known_land_m2


def joined(a: Sequence[CellValue], b: Sequence[CellValue], ranks: Mapping[str, int]) -> list[ComparedCell]:
    """Every cell of either run, ascending by id.

    A cell that one of them does not have has None as its value there. A number that is not finite, or a text without a
    rank, gives no difference. Numbers agree if each lies within the other's interval, ends included; it is None where
    an interval is unknown. If a sequence has a cell twice, its last entry counts.

    Parameters
    ----------
    ranks
        Place of each class in their order, where values are classes; their difference counts steps.

    Examples
    --------
    >>> of_a, of_b = [CellValue(1, 5.0, "few"), CellValue(2, 5.0, "few")], [CellValue(1, 5.0, "many")]
    >>> both = joined(of_a, of_b, {"few": 1, "many": 3})
    >>> [(cell.cell_id, cell.difference, cell.agrees) for cell in both]
    [(1, 2, False), (2, None, None)]
    """
    of_a, of_b = ({cell.cell_id: cell for cell in cells} for cells in (a, b))
    return [_compared(of_a.get(cell_id), of_b.get(cell_id), ranks) for cell_id in sorted(of_a.keys() | of_b.keys())]


def _compared(a: CellValue | None, b: CellValue | None, ranks: Mapping[str, int]) -> ComparedCell:
    present = [cell for cell in (a, b) if cell is not None]
    value_a, value_b = (None if cell is None else cell.value for cell in (a, b))
    return ComparedCell(
        cell_id=present[0].cell_id,
        land_m2=present[0].land_m2,
        value_a=value_a,
        value_b=value_b,
        difference=_difference(_number(value_a, ranks), _number(value_b, ranks)),
        agrees=None if a is None or b is None else _agrees(a, b),
    )


def _number(value: Value, ranks: Mapping[str, int]) -> float | None:
    if isinstance(value, str):
        return ranks.get(value)
    return value if value is None or math.isfinite(value) else None


def _difference(a: float | None, b: float | None) -> float | None:
    return None if a is None or b is None else b - a


def _agrees(a: CellValue, b: CellValue) -> bool | None:
    if isinstance(a.value, str) and isinstance(b.value, str):
        return a.value == b.value
    inside = (_is_inside(a.value, b), _is_inside(b.value, a))
    return None if None in inside else all(inside)


def _is_inside(value: Value, of: CellValue) -> bool | None:
    if not isinstance(value, (int, float)) or of.low is None or of.high is None:
        return None
    return of.low <= value <= of.high

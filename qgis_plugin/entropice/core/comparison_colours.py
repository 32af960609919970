"""The colours in which the two maps of a comparison stand side by side: where it can be, the same for both."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from .comparison import Comparison
from .comparison_cells import Value
from .comparison_side import Side
from .layers import Layer
from .scales import Graduated


def layers_side_by_side(comparison: Comparison) -> tuple[Layer, Layer]:
    """A's and B's layer; of one quantity both have the steps of A, whose outermost ones reach to all values of both.

    The outermost steps are those of both scales and of all values of the comparison. Of two quantities, or where a
    scale is not of steps, both are returned as they are. The layers of the comparison are not changed.
    """
    a, b = comparison.a.layer, comparison.b.layer
    if a.quantity != b.quantity or not isinstance(a.scale, Graduated) or not isinstance(b.scale, Graduated):
        return a, b
    values = [value for cell in comparison.cells for value in (cell.value_a, cell.value_b)]
    ends = [*a.scale.breaks, *b.scale.breaks, *_numbers(values)]
    shared = replace(a.scale, breaks=(min(ends), *a.scale.breaks[1:-1], max(ends)))
    return replace(a, scale=shared), replace(b, scale=shared)


def map_title(side: Side, name: str) -> str:
    """What the map of a side is called beside the other: its letter, quantity, year and grid.

    It is ``<name>: <title of the side> · <grid key>``.
    """
    return f"{name}: {side.title} · {side.manifest.grid_key}"


def _numbers(values: Sequence[Value]) -> list[float]:
    return [value for value in values if isinstance(value, (int, float))]

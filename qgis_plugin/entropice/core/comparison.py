"""Two maps, quantity by quantity: what differs where, and how alike they are."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from .cell_report import Fact
from .class_ranges import AREA_UNIT, M2_PER_KM2, is_area_fraction
from .comparison_agreement import Agreement, agreement
from .comparison_cells import CellValue, ComparedCell, joined
from .comparison_scale import OTHER, SAME, change_text, class_scale, diverging_scale, equality_scale
from .comparison_side import CLASS, Side
from .comparison_way import Way, mean_title, way_statement
from .language import phrase, tr
from .layers import Layer
from .scales import Categorical, Scale
from .tables import Table
from .wording import UNKNOWN, number_text, unit_text, value_text

DIFFERENCE, CHANGE = "difference", "change"
POINTS = phrase("percentage points")
_DIGITS = 3
_TABLE = Table("comparison", "Comparison", True, "cells", 0, frozenset((DIFFERENCE, CHANGE)))


@dataclass(frozen=True)
class Comparison:
    """B beside A on the cells of the run whose cells are larger.

    Attributes
    ----------
    cells
        Ascending by id.
    layer
        How the difference is drawn: of the column `DIFFERENCE`, or of `CHANGE` where values are texts.
    statement
        How the cells of the two met.
    """

    a: Side
    b: Side
    way: Way
    cells: tuple[ComparedCell, ...]
    agreement: Agreement
    layer: Layer
    statement: str


def compare(a: Side, b: Side, way: Way, cells_a: Sequence[CellValue], cells_b: Sequence[CellValue]) -> Comparison:
    """The comparison of two sides, whose values are on the same cells.

    `require_comparable` and `way_of` let both pass.

    Cells that only one of the two has are among those of the result, with None as the value of the other. Differences
    are B − A in the unit of the quantity, of classes in steps, of other texts None.
    """
    names = a.manifest.class_names if a.layer.quantity == CLASS else ()
    cells = tuple(joined(cells_a, cells_b, {name: rank for rank, name in enumerate(names)}))
    return Comparison(a, b, way, cells, agreement(cells), _layer(a, b, way, cells), way_statement(way, a, b))


def shown_title(side: Side, way: Way) -> str:
    """What a side shows on the cells of the comparison: its own title, or that of the mean it is brought to.

    The year stands behind it, where it is of one. Where a side is brought to larger cells and its mean has no meaning,
    the title is empty.
    """
    title = mean_title(side) if way.brings else side.layer.title
    year = side.layer.year
    return title or "" if year is None else f"{title} · {side.manifest.year_name(year)}"


def change_of(cell: ComparedCell) -> str | None:
    """Classes or texts beside each other, as the scales of a comparison name it; None where one is unknown.

    Of classes the number of steps with its sign, ``same`` for none; of other texts ``same`` or ``other``.
    """
    if cell.difference is not None:
        return change_text(cell.difference)
    if cell.agrees is None:
        return None
    return SAME if cell.agrees else OTHER


def facts(comparison: Comparison) -> Iterator[Fact]:
    """The agreement in words, one line a number: cells with both values, in A only, in B only, and land with both.

    Of numbers follow the mean difference, its mean size, and two correlations; at the end the share of the judged cells
    that agree, where any was judged. Numbers have three digits; what is not defined is "unknown". Cells where neither
    says anything count nowhere.
    """
    found, layer = comparison.agreement, comparison.layer
    n_cells = found.n_both + found.n_only_a + found.n_only_b
    yield Fact(tr("Cells with both"), tr("%1 of %2", f"{found.n_both:,}", f"{n_cells:,}"))
    yield Fact(tr("Cells only in A"), f"{found.n_only_a:,}")
    yield Fact(tr("Cells only in B"), f"{found.n_only_b:,}")
    yield Fact(tr("Land with both"), f"{number_text(found.land_both_m2 / 1e6, _DIGITS)} km²")
    if comparison.a.is_number:
        yield Fact(tr("Mean difference"), difference_text(layer, found.mean_difference))
        yield Fact(tr("Mean absolute difference"), difference_text(layer, found.mean_absolute_difference))
        yield Fact(tr("Correlation"), _number(found.correlation))
        yield Fact(tr("Rank correlation"), _number(found.rank_correlation))
    if found.agreeing_share is not None:
        name = tr("Within each other's 90 % range") if comparison.a.is_number else tr("Cells that agree")
        yield Fact(name, tr("%1 % of %2", number_text(100 * found.agreeing_share, _DIGITS), f"{found.n_judged:,}"))


def confusion_table(comparison: Comparison) -> tuple[tuple[str, ...], tuple[tuple[int, ...], ...]]:
    """Values of texts in their order, and the number of cells with each of them in A (rows) and B (columns).

    The order is that of the legend of A, then that of the alphabet for values which it does not have; values that no
    cell has are left out. Titles are those of the legend. Of numbers both are empty.
    """
    counts = comparison.agreement.confusion
    # Sorted, so that the order does not hang on which cell came first.
    found = dict.fromkeys(value for pair in sorted(counts) for value in pair)
    known = comparison.a.layer.scale.labels if isinstance(comparison.a.layer.scale, Categorical) else {}
    values = [*(value for value in known if value in found), *(value for value in found if value not in known)]
    rows = tuple(tuple(counts.get((of_a, of_b), 0) for of_b in values) for of_a in values)
    return tuple(known.get(value, value) for value in values), rows


def difference_text(layer: Layer, difference: float | None) -> str:
    """A difference with its unit, three digits; that of two percentages is in percentage points, None is "unknown".

    Shares (0..1) are multiplied by 100, areas per area by 10⁶ to m² per km²; all else stands in the unit of the layer.
    """
    if difference is None:
        return tr(UNKNOWN)
    if layer.format == "percent":
        return f"{number_text(100 * difference, _DIGITS)} {tr(POINTS)}"
    if is_area_fraction(layer.quantity):
        return f"{number_text(M2_PER_KM2 * difference, _DIGITS)} {tr(AREA_UNIT)}"
    return value_text(layer, difference)


def difference_unit(layer: Layer) -> str:
    """The unit of a difference as a reader would write it; empty where it has none.

    Of shares "percentage points", of areas per area "m² per km²", of all else the unit of the layer.
    """
    if layer.format == "percent":
        return tr(POINTS)
    return tr(AREA_UNIT) if is_area_fraction(layer.quantity) else unit_text(layer.unit)


def _number(value: float | None) -> str:
    return tr(UNKNOWN) if value is None else number_text(value, _DIGITS)


def _layer(a: Side, b: Side, way: Way, cells: Sequence[ComparedCell]) -> Layer:
    column = DIFFERENCE if a.is_number else CHANGE
    return Layer(
        name=column,
        table=_TABLE,
        column=column,
        quantity=a.layer.quantity,
        year=None,
        title=f"B − A: {_difference_title(a, b, way)}",
        description=f"A: {shown_title(a, way)}. B: {shown_title(b, way)}.",
        unit=a.layer.unit,
        group=a.layer.group,
        on_map=True,
        is_default=False,
        format=a.layer.format,
        scale=_scale(a, cells),
        overview=None,
    )


def _difference_title(a: Side, b: Side, way: Way) -> str:
    titles = [(mean_title(side) if way.brings else side.layer.title) or "" for side in (a, b)]
    return titles[0] if titles[0] == titles[1] else f"{titles[1]} − {titles[0]}"


def _scale(a: Side, cells: Sequence[ComparedCell]) -> Scale:
    if a.layer.quantity == CLASS:
        return class_scale(len(a.manifest.class_names))
    if not a.is_number:
        return equality_scale()
    return diverging_scale([cell.difference for cell in cells if cell.difference is not None])

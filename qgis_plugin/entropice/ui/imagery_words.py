"""What images say of a cell, as sentences in the user's language; what is not known is said in words, never as zero."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from ..adapter.translate import tr
from ..core.cell_imagery import LEFT_OUT, LOOKED_AT, Estimate, ImageryInCell
from ..core.cell_report import CellReport
from ..core.class_ranges import M2_PER_KM2
from ..core.task_tiles import TilesOfYear
from ..core.wording import number_text, percent

_DIGITS = 3


def expected_text(imagery: ImageryInCell) -> str:
    """What was expected before looking: per area, and on all of its land.

    Numbers have three digits; what is not known is left out or said.
    """
    if imagery.expected_per_km2 is None:
        return tr("Expected before looking: unknown.")
    density = number_text(imagery.expected_per_km2, _DIGITS)
    if imagery.expected_on_land is None:
        return tr("Expected before looking: %1 per km² of land.", density)
    on_land = number_text(imagery.expected_on_land, _DIGITS)
    return tr("Expected before looking: %1 per km² of land, %2 on all its land.", density, on_land)


def gate_text(imagery: ImageryInCell) -> str:
    """Whether the gate lets the cell pass, and from where on it does.

    A verdict that is neither "looked at" nor "left out" is unknown.
    """
    if imagery.verdict not in (LOOKED_AT, LEFT_OUT):
        return tr("Gate: unknown whether it lets this cell pass.")
    threshold = imagery.task.gate.threshold_per_km2
    if threshold is None:
        told = (tr("Gate: passed, as all cells do."), tr("Gate: left out."))
    else:
        density = number_text(threshold, _DIGITS)
        told = (
            tr("Gate: passed, as %1 per km² or more are expected.", density),
            tr("Gate: left out, as fewer than %1 per km² are expected.", density),
        )
    return told[imagery.verdict == LEFT_OUT]


def gate_description(imagery: ImageryInCell) -> str:
    """How the gate was chosen: which share it was to miss at most, and which it misses in how many blocks of ground."""
    gate = imagery.task.gate
    missed = tr("unknown") if gate.missed_share is None else percent(gate.missed_share)
    return tr(
        "The gate was chosen to miss at most %1 on average; in %2 blocks of ground it misses %3.",
        *(percent(gate.bound), number_text(gate.n_blocks, _DIGITS), missed),
    )


def imaged_text(imagery: ImageryInCell) -> str:
    """Whether images were taken, and of how much of the land.

    Without tiles in any year the cell was not imaged.
    """
    if not imagery.years:
        return tr("Not imaged.")
    if imagery.imaged_share is None:
        return tr("Imaged.")
    return tr("Imaged: %1 of the land.", percent(imagery.imaged_share))


def year_text(year: TilesOfYear) -> str:
    """What was seen and found in a year of images: tiles, area in km², outlines, and the sum of their chances.

    What is not known is said; found none is told apart from it.
    """
    return f"{year.year}: {tr('tiles: %1', year.n_tiles)}; {_seen_text(year.seen_area_m2)}; {_found_text(year)}"


def _seen_text(seen_area_m2: float | None) -> str:
    if seen_area_m2 is None:
        return tr("seen: unknown")
    return tr("seen: %1 km²", number_text(seen_area_m2 / M2_PER_KM2, _DIGITS))


def _found_text(year: TilesOfYear) -> str:
    if year.n_found is None:
        return tr("found: unknown")
    n_found = number_text(year.n_found, _DIGITS)
    if not year.n_found:
        return tr("found: none")
    if year.expected_found is None:
        return tr("found: %1", n_found)
    return tr("found: %1 (sum of their chances: %2)", n_found, number_text(year.expected_found, _DIGITS))


def density_text(imagery: ImageryInCell) -> str:
    """The density of what was found in the last year of images, per km² of land, with its 90 % range.

    Where there is none it says whether the cell was not imaged, or the density is unknown.
    """
    last_year = imagery.task.years[-1]
    if imagery.found_per_km2 is None:
        unknown = tr("not imaged") if not imagery.years else tr("unknown")
        return tr("Density of finds in %1: %2.", last_year, unknown)
    return tr("Density of finds in %1: %2.", last_year, _estimate_text(imagery.found_per_km2, tr("per km² of land")))


def growth_text(imagery: ImageryInCell) -> str:
    """How the area of what was found grows, in m² per year with its sign, and the 90 % range.

    Where it is unknown it says whether that is for want of images in two years.
    """
    if imagery.growth_m2_per_year is None:
        unknown = tr("unknown") if len(imagery.years) > 1 else tr("not imaged in two years")
        return tr("Growth: %1.", unknown)
    return tr("Growth: %1.", _estimate_text(imagery.growth_m2_per_year, tr("m² per year"), signed=True))


def next_text(imagery: ImageryInCell) -> str:
    """Whether the cell is among those to image next, and where it stands among them.

    Without a rank it says why, as far as the gate's verdict and the years of images tell it.
    """
    if imagery.rank is not None:
        return tr("Where to look next: rank %1 of the cells that pass and are not imaged.", f"{imagery.rank:,.0f}")
    if imagery.verdict == LEFT_OUT:
        return tr("Where to look next: not here, it is left out.")
    if imagery.years:
        return tr("Where to look next: elsewhere, it is imaged already.")
    return tr("Where to look next: no rank is told.")


def _estimate_text(estimate: Estimate, unit: str, *, signed: bool = False) -> str:
    plus = "+" if signed and estimate.value > 0 else ""
    value = f"{plus}{number_text(estimate.value, _DIGITS)} {unit}"
    if estimate.low is None or estimate.high is None:
        return value
    ends = (number_text(end, _DIGITS) for end in (estimate.low, estimate.high))
    return tr("%1 (90 % range %2 to %3)", value, *ends)


def imagery_lines(imagery: ImageryInCell) -> list[str]:
    """All that images say of a cell for one task, line by line.

    Expected, gate, imaged, each year, density, growth and rank, in this order.
    """
    return [
        expected_text(imagery),
        gate_text(imagery),
        imaged_text(imagery),
        *map(year_text, imagery.years),
        density_text(imagery),
        growth_text(imagery),
        next_text(imagery),
    ]


def imagery_comparison(reports: Sequence[CellReport]) -> Iterator[tuple[str, list[str]]]:
    """Cells side by side: the title of a task and a sentence for each cell, of all that images say.

    Tasks are told apart by their titles; a cell whose run does not have one has an empty text.
    """
    for title in dict.fromkeys(imagery.task.title for report in reports for imagery in report.imagery):
        for tell in (expected_text, gate_text, imaged_text, density_text, growth_text, next_text):
            yield title, [_told(report, title, tell) for report in reports]


def _told(report: CellReport, title: str, tell: Callable[[ImageryInCell], str]) -> str:
    return next((tell(imagery) for imagery in report.imagery if imagery.task.title == title), "")

"""Where to survey next: under a budget, cells of a run one by one, by the value that the run gives them.

The order is that of the pipeline: value over cost, where what a cell tells counts less beside chosen ones, by
1 − exp(−distance / range) for each. Over all cells, without constraints and with the budget of the run, the plan is the
run's own rank. Values only fall while cells are chosen, so a cell is valued anew only when it comes first (lazy greedy:
Minoux 1978, 10.1007/BFb0006528).
"""

from __future__ import annotations

import heapq
import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from .errors import RunFolderError
from .language import phrase, tr
from .survey_cells import Candidate, Constraints, UnitVector, allowed, distance_km
from .survey_terms import SurveyTerms

MAX_CELLS = 5_000
_N_SORTED_AT_ONCE = 10_000
_Queued = tuple[float, int, Candidate, float, int]
"""Minus the value over cost and the cell's id, which sort; the cell; its information beside the first n chosen; n."""


@dataclass(frozen=True)
class Choice:
    """A chosen cell; `gain_bits` is what it adds to the cells chosen before it, `spent_km2` the cost up to here."""

    rank: int
    cell: Candidate
    gain_bits: float
    spent_km2: float


@dataclass(frozen=True)
class SurveyPlan:
    """The chosen cells, first choice first, and out of how many they were chosen."""

    choices: tuple[Choice, ...]
    n_candidates: int
    budget_km2: float

    @property
    def spent_km2(self) -> float:
        """Cost (km²) of all chosen cells, at most the budget.

        Raises
        ------
        IndexError
            There are none, which `plan_survey` does not let pass.
        """
        return self.choices[-1].spent_km2

    @property
    def land_km2(self) -> float:
        """Land (km²) of all chosen cells, seen or not; 0 without any."""
        return sum(choice.cell.land_km2 for choice in self.choices)

    @property
    def gain_bits(self) -> float:
        """Information and finds expected of all chosen cells, in bits: the sum of what each adds to those before it."""
        return sum(choice.gain_bits for choice in self.choices)

    @property
    def n_expected(self) -> float:
        """Expected number of chosen cells with slumps: the sum of their probabilities."""
        return sum(choice.cell.p_any for choice in self.choices)

    @property
    def n_expected_range(self) -> tuple[float, float] | None:
        """Sums of the lower and of the upper ends of the cells' 90 % ranges; None where one is unknown."""
        lows = [choice.cell.p_low for choice in self.choices if choice.cell.p_low is not None]
        highs = [choice.cell.p_high for choice in self.choices if choice.cell.p_high is not None]
        n_cells = len(self.choices)
        return (sum(lows), sum(highs)) if len(lows) == len(highs) == n_cells else None


def plan_survey(
    candidates: Sequence[Candidate],
    constraints: Constraints,
    budget_km2: float,
    terms: SurveyTerms,
    folder: Path,
    pulse: Callable[[], None] = lambda: None,
) -> SurveyPlan:
    """The plan for the candidates of an area; of two cells of one value the one with the lower id comes first.

    `pulse` is called again and again; what it raises ends the planning.

    At each step the cell with the largest (information · Π (1 − exp(−d/range)) + finds) / cost is taken that still fits
    into the budget, d being the distances (km) to the cells chosen before it; a range of 0 leaves information as it is.
    A cell that does not fit is passed over, and cheaper ones after it may still come. The budget may be spent to the
    last km². `folder` is named in errors alone.

    Raises
    ------
    RunFolderError
        The budget or a constraint cannot be, the area or the constraints leave no cell, no cell fits into the budget,
        or the plan is longer than 5,000 cells.
    """
    _require_possible(candidates, constraints, budget_km2, folder)
    cells = allowed(candidates, constraints)
    if not cells:
        raise _empty(
            folder, "constraints", tr("none of %1 cells of the area", len(candidates)), tr("a cell"), tr(_LOOSEN)
        )
    cheapest_km2 = min(cell.cost_km2 for cell in cells)
    if cheapest_km2 > budget_km2:
        expected = tr("at least %1 km², the cost of the cheapest cell", f"{math.ceil(cheapest_km2):,}")
        raise _empty(folder, "budget", f"{budget_km2:,g} km²", expected, tr("Raise the budget."))
    return SurveyPlan(_chosen(cells, budget_km2, terms, folder, pulse), len(cells), budget_km2)


_LOOSEN = phrase("Loosen a constraint: less land, a larger distance, cells outside of where the map may be applied.")


def _require_possible(
    candidates: Sequence[Candidate], constraints: Constraints, budget_km2: float, folder: Path
) -> None:
    if not (math.isfinite(budget_km2) and budget_km2 > 0):
        raise _empty(folder, "budget", f"{budget_km2:g} km²", tr("more than 0 km²"), tr("Give a budget."))
    share = constraints.min_land_fraction
    if not 0 <= share <= 1:
        raise _empty(folder, tr("least share of land"), f"{share:g}", tr("0 to 1"), tr("Give a share, such as 0.5."))
    reach_km = constraints.max_distance_km
    if constraints.places and not (math.isfinite(reach_km) and reach_km > 0):
        fix = tr("Give a distance, or no places.")
        raise _empty(folder, tr("largest distance"), f"{reach_km:g} km", tr("more than 0 km"), fix)
    if not candidates:
        got, fix = (
            tr("no centre of a cell that nobody has looked at"),
            tr("Choose a larger area, or another part of the map."),
        )
        raise _empty(folder, "area", got, tr("at least one"), fix)
    if constraints.inside_only and all(cell.is_inside is None for cell in candidates):
        got, fix = tr("a run that does not say where the map may be applied"), tr("Leave this constraint out.")
        raise _empty(
            folder, tr("only where the map may be applied"), got, tr("a run with the layer applicability"), fix
        )


def _chosen(
    cells: Sequence[Candidate], budget_km2: float, terms: SurveyTerms, folder: Path, pulse: Callable[[], None]
) -> tuple[Choice, ...]:
    fresh = _most_valuable_first(cells)
    heap = list(islice(fresh, 1))
    choices: list[Choice] = []
    places: list[UnitVector] = []
    spent_km2 = 0.0
    while heap:
        pulse()
        _, _, cell, information_bits, n_heeded = heapq.heappop(heap)
        # A cell of the sorted rest came first: the next of them has to be in the queue before anything else is
        # compared.
        if n_heeded == 0:
            _push_all(heap, islice(fresh, 1))
        if spent_km2 + cell.cost_km2 > budget_km2:
            continue
        if n_heeded < len(places):
            # Only the cells chosen since it was last valued: the product over the others is in it already.
            information_bits = _what_is_new(cell, information_bits, places[n_heeded:], terms.range_km)
            heapq.heappush(heap, _queued(cell, information_bits, len(places)))
            continue
        if len(choices) == MAX_CELLS:
            fix = tr("Lower the budget, or choose a smaller area.")
            raise _empty(
                folder,
                "budget",
                tr("more than %1 cells", f"{MAX_CELLS:,}"),
                tr("at most %1 cells", f"{MAX_CELLS:,}"),
                fix,
            )
        spent_km2 += cell.cost_km2
        choices.append(Choice(len(choices) + 1, cell, information_bits + cell.find_bits, spent_km2))
        places.append(cell.place.unit_vector)
    return tuple(choices)


def _most_valuable_first(cells: Sequence[Candidate]) -> Iterator[_Queued]:
    """All cells as they are worth alone, each made when it is asked for.

    They are sorted in pieces: one sort of a large run, or a queue of it, would keep the interpreter, and with it the
    main thread, for too long.
    """
    starts = range(0, len(cells), _N_SORTED_AT_ONCE)
    pieces = (cells[slice(start, start + _N_SORTED_AT_ONCE)] for start in starts)
    ordered = heapq.merge(*(sorted(piece, key=_place_alone) for piece in pieces), key=_place_alone)
    return (_queued(cell, cell.information_bits, 0) for cell in ordered)


def _place_alone(cell: Candidate) -> tuple[float, int]:
    return -(cell.information_bits + cell.find_bits) / cell.cost_km2, cell.cell_id


def _push_all(heap: list[_Queued], entries: Iterable[_Queued]) -> None:
    for entry in entries:
        heapq.heappush(heap, entry)


def _queued(cell: Candidate, information_bits: float, n_heeded: int) -> _Queued:
    return (-(information_bits + cell.find_bits) / cell.cost_km2, cell.cell_id, cell, information_bits, n_heeded)


def _what_is_new(cell: Candidate, information_bits: float, places: Sequence[UnitVector], range_km: float) -> float:
    """What is left of the information of a cell beside cells chosen at some places."""
    if range_km == 0:
        return information_bits
    here = cell.place.unit_vector
    shares = (-math.expm1(-distance_km(here, place) / range_km) for place in places)
    return math.prod(shares, start=information_bits)


def _empty(folder: Path, field: str, got: str, expected: str, fix: str) -> RunFolderError:
    return RunFolderError(
        tr("No survey can be planned."), path=folder, field=field, got=got, expected=expected, fix=fix
    )

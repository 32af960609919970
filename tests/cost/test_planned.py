"""What a step has to do is said where it is known, and tiles are under way together as far as memory holds them."""

import math
from types import SimpleNamespace
from typing import Any

import pytest

from entropice.cost.planned import _declared, _known_cells, _n_together
from entropice.learning.doubts.dissimilarity import ROWS_KEPT
from entropice.pipelines.modelling.costs import ROWS_COMPARED
from entropice.pipelines.sources.work import Work
from entropice.pipelines.step_cost import Rate, StepCost


def _cost(n_cells: float) -> StepCost:
    return StepCost((), (Rate("cells", lambda _: n_cells, us=500.0),), fixed_s=1.0, written_bytes=lambda _: 8 * n_cells)


def test_what_is_declared_is_counted_and_timed() -> None:
    step = _declared("build", _cost(4000.0), None, "the cells")

    assert (step.amount, step.seconds, step.n_bytes, step.basis) == ("4 k cells", 3.0, 32_000, "the cells")
    assert step.memory_bytes is None


def test_of_what_nobody_can_count_it_is_said_what() -> None:
    step = _declared("build", _cost(math.nan), None, "the cells")

    assert (step.amount, step.seconds, step.n_bytes) == ("", None, None)
    assert step.basis == "how many cells is not known yet"


@pytest.mark.parametrize(
    ("has_cells", "pipelines", "basis"),
    [
        (True, ["grids"], "the cells, and the parameters"),
        (False, ["grids", "labels"], "the land's area, and the parameters"),
        (False, ["training"], "the parameters"),
    ],
)
def test_cells_are_counted_or_follow_from_the_land_where_there_are_to_be_any(
    has_cells: bool, pipelines: list[str], basis: str
) -> None:
    environment: Any = SimpleNamespace(has_cells=has_cells, composition=SimpleNamespace(pipelines=pipelines))
    assert _known_cells(environment) == basis


@pytest.mark.parametrize(
    ("tile_bytes", "kind", "n_together"),
    [(1, "local", 3), (2, "local", 1), (4, "local", 1), (0, "local", 3), (0, "slurm", 3), (0, "none", 1)],
)
def test_tiles_are_under_way_together_as_memory_and_workers_allow(tile_bytes: int, kind: str, n_together: int) -> None:
    parameters: Any = SimpleNamespace(
        tiles=SimpleNamespace(memory_ceiling_bytes=3), cluster=SimpleNamespace(kind=kind, n_workers=5)
    )
    work = Work(n_tiles=8, n_values=80, n_bytes=800, tile_bytes=tile_bytes)
    assert _n_together(work, parameters) == n_together


def test_as_many_rows_are_planned_for_comparing_as_are_compared() -> None:
    """Named twice, so that a plan need not import what compares them."""
    assert ROWS_COMPARED == ROWS_KEPT

"""Fits as tiles of a plan: independent tasks of one function, whose results are taken in the order of the tasks."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, Final

from entropice.tiles.plan import Plan, Result, Tile

SMALLER_BY: Final = "model fewer features (modelling.features) or models (modelling.models)"
AFTER_FAILURE: Final = "Steps that are finished are kept: the same command goes on from here"


def plan_of_fits(function: Callable[[Any], Result], tasks: Sequence[Any], what: str, n_bytes: int) -> Plan[Result]:
    """A plan with a tile for each task; the function is what they share, and goes to each worker once.

    The function is a module-level one, so that it can be sent. Tiles are in the order of the tasks, with keys ``0001``,
    ``0002`` and so on, each of `n_bytes` of peak memory and one value; `what` names the plan in messages.

    Examples
    --------
    >>> plan = plan_of_fits(abs, [-2, 5], "sizes", n_bytes=8)
    >>> [(tile.key, plan.reduce(plan.shared, tile.task)) for tile in plan.tiles]
    [('0001', 2), ('0002', 5)]
    """
    tiles = tuple(Tile(f"{number:04d}", task, 1, n_bytes) for number, task in enumerate(tasks, start=1))
    return Plan(what, _call, function, tiles, SMALLER_BY, "fit", AFTER_FAILURE)


def in_order_of(tiles: Iterable[Tile], results: Iterable[tuple[Tile, Result]]) -> Iterator[Result]:
    """Results that come in any order, in that of the tiles; each as soon as all before it are there.

    A tile whose result never comes holds back all behind it: those are not yielded.

    Examples
    --------
    >>> first, second = Tile("1", None, 1, 0), Tile("2", None, 1, 0)
    >>> list(in_order_of([first, second], [(second, "b"), (first, "a")]))
    ['a', 'b']
    """
    found: dict[str, Result] = {}
    wanted = deque(tile.key for tile in tiles)
    for tile, result in results:
        found[tile.key] = result
        while wanted and wanted[0] in found:
            yield found.pop(wanted.popleft())


def _call(function: Callable[[Any], Result], task: Any) -> Result:
    return function(task)

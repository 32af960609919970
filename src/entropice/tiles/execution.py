"""Tile plans executed in this process."""

from collections.abc import Iterator, Sequence

from entropice.errors import ConfigError
from entropice.tiles.plan import Plan, Result, Tile
from entropice.units import BYTES_PER_GIB


def run_here(plan: Plan[Result], tiles: Sequence[Tile]) -> Iterator[tuple[Tile, Result]]:
    """Execute tiles one after another, yielding each with its result when it is finished; in their order.

    Nothing is done before the first is asked for. What `plan.reduce` raises is raised here.

    Examples
    --------
    >>> plan = Plan("powers", pow, 2, (Tile("a", 3, 1, 8), Tile("b", 5, 1, 8)))  # reduce(shared, task)
    >>> [(tile.key, result) for tile, result in run_here(plan, plan.tiles)]
    [('a', 8), ('b', 32)]
    """
    for tile in tiles:
        yield tile, plan.reduce(plan.shared, tile.task)


def require_room(plan: Plan[Result], memory_ceiling_bytes: int) -> None:
    """Raise unless each tile alone stays below the memory ceiling, or is as large; a plan without tiles passes.

    `memory_ceiling_bytes` is held against `n_bytes` of the largest tile.

    Raises
    ------
    ConfigError
        The largest tile needs more memory than the ceiling.
    """
    largest = max(plan.tiles, key=lambda tile: tile.n_bytes, default=None)
    if largest is not None and largest.n_bytes > memory_ceiling_bytes:
        raise ConfigError(
            f"{plan.what}: one {plan.unit} alone takes more memory than all {plan.unit}s together may.",
            field="tiles.memory_ceiling_gib",
            got=f"{largest.n_bytes / BYTES_PER_GIB:.2f} GiB for {plan.unit} {largest.key}",
            expected=f"{memory_ceiling_bytes / BYTES_PER_GIB:g} GiB or less",
            fix=f"{plan.smaller_by}, or raise tiles.memory_ceiling_gib; results do not depend on either",
        )

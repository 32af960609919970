"""Tile plans executed in this process."""

from collections.abc import Iterator, Sequence

from entropice.errors import ConfigError
from entropice.tiles.plan import Arrays, Tile, TilePlan
from entropice.units import BYTES_PER_GIB


def run_here(plan: TilePlan, tiles: Sequence[Tile]) -> Iterator[tuple[Tile, Arrays]]:
    """Execute tiles one after another, yielding each with its arrays when it is finished."""
    for tile in tiles:
        yield tile, plan.reduce(plan.shared, tile.task)


def require_room(plan: TilePlan, memory_ceiling_bytes: int) -> None:
    """Raise unless each tile alone stays below the memory ceiling.

    Raises
    ------
    ConfigError
        The largest tile needs more memory than the ceiling.
    """
    largest = max(plan.tiles, key=lambda tile: tile.n_bytes, default=None)
    if largest is not None and largest.n_bytes > memory_ceiling_bytes:
        raise ConfigError(
            f"{plan.what}: one tile alone takes more memory than all tiles together may.",
            field="tiles.memory_ceiling_gib",
            got=f"{largest.n_bytes / BYTES_PER_GIB:.2f} GiB for tile {largest.key}",
            expected=f"{memory_ceiling_bytes / BYTES_PER_GIB:g} GiB or less",
            fix=f"{plan.smaller_by}, or raise tiles.memory_ceiling_gib; results do not depend on either",
        )

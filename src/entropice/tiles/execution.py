"""Plans carried out."""

from collections.abc import Iterator, Sequence

from entropice.progress import progress
from entropice.tiles.plan import Arrays, Tile, TilePlan


def run_tiles(plan: TilePlan, tiles: Sequence[Tile]) -> Iterator[tuple[Tile, Arrays]]:
    """Do some of a plan's tiles, yielding each with its arrays as soon as it is done."""
    for tile in progress(tiles, plan.what):
        yield tile, plan.reduce(plan.shared, tile.task)

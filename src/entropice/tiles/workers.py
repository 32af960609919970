"""Who works on tiles."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from types import TracebackType
from typing import TYPE_CHECKING, Self

from entropice.tiles.execution import require_room, run_here
from entropice.tiles.parameters import ClusterParameters, TileParameters
from entropice.tiles.plan import Arrays, Tile, TilePlan

if TYPE_CHECKING:
    from distributed import Client


class Workers:
    """This process, or the workers of a cluster that is opened for the first tile and closed on leaving the context.

    Parameters
    ----------
    tiles
        How much of a machine the tiles may take; the defaults where left out.
    cluster
        Who works; nobody but this process where left out.
    """

    def __init__(self, tiles: TileParameters | None = None, cluster: ClusterParameters | None = None) -> None:
        self._ceiling_bytes = (tiles or TileParameters()).memory_ceiling_bytes
        self._cluster = cluster or ClusterParameters()
        self._open = ExitStack()
        self._client: Client | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._client = None
        self._open.close()

    def run(self, plan: TilePlan, tiles: Sequence[Tile]) -> Iterator[tuple[Tile, Arrays]]:
        """Do some of a plan's tiles, yielding each with its arrays as it comes; one that cannot fit is refused first.

        Raises
        ------
        ConfigError
            A tile of the plan takes more memory than the ceiling, or the cluster cannot be opened.
        RunStateError
            No scheduler answers, or the workers that did a tile have died.
        """
        require_room(plan, self._ceiling_bytes)
        if self._cluster.kind == "none" or not tiles:
            return run_here(plan, tiles)
        client = self._opened()
        from entropice.tiles.distribution import run_on

        return run_on(client, plan, tiles, self._ceiling_bytes)

    def _opened(self) -> "Client":
        from entropice.tiles.clusters import open_client

        if self._client is None:
            self._client = self._open.enter_context(open_client(self._cluster))
        return self._client

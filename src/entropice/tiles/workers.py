"""Execution of tile plans, in this process or on a cluster."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from threading import Lock
from types import TracebackType
from typing import TYPE_CHECKING, Any, Final, Self

from entropice.processes import HandOut
from entropice.tiles.execution import require_room, run_here
from entropice.tiles.fits import in_order_of, plan_of_fits
from entropice.tiles.parameters import ClusterParameters, TileParameters
from entropice.tiles.plan import Plan, Result, Tile

if TYPE_CHECKING:
    from distributed import Client

_OPENING: Final = Lock()
"""Held while a cluster is opened: steps in several threads have the same workers."""


class Workers:
    """This process, or a cluster that is opened for the first tile and closed on leaving the context.

    Parameters
    ----------
    tiles
        Limits of memory; defaults if None.
    cluster
        Kind and size of the cluster; this process alone if None.
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

    def run(self, plan: Plan[Result], tiles: Sequence[Tile]) -> Iterator[tuple[Tile, Result]]:
        """Execute some of a plan's tiles, yielding each with its result when it is finished.

        Without a cluster they come in the order of `tiles`, on a cluster in no fixed order.

        Raises
        ------
        ConfigError
            A tile of the plan, also of those not asked for, needs more memory than the ceiling (nothing is executed
            then), or else the cluster cannot be opened.
        RunStateError
            No scheduler answers, or the workers of a tile have died.
        """
        require_room(plan, self._ceiling_bytes)
        if self._cluster.kind == "none" or not tiles:
            return run_here(plan, tiles)
        client = self._opened()
        from entropice.tiles.distribution import run_on

        return run_on(client, plan, tiles, self._ceiling_bytes)

    @property
    def hand_out(self) -> HandOut | None:
        """Has the workers of the cluster do other tasks than tiles (`processes.handed_out`); None without a cluster.

        Called with a module-level function, its tasks, a name and the peak memory of one task in bytes, it yields the
        results in the order of the tasks. Errors are those of `run`.
        """
        return None if self._cluster.kind == "none" else self._hand_out

    def _hand_out(
        self, function: Callable[[Any], Result], tasks: Sequence[Any], what: str, n_bytes: int
    ) -> Iterator[Result]:
        plan = plan_of_fits(function, tasks, what, n_bytes)
        return in_order_of(plan.tiles, self.run(plan, plan.tiles))

    def _opened(self) -> "Client":
        from entropice.tiles.clusters import open_client

        with _OPENING:
            if self._client is None:
                self._client = self._open.enter_context(open_client(self._cluster))
            return self._client

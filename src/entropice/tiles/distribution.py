"""Tile plans executed by the workers of a dask cluster."""

import logging
from collections import Counter, deque
from collections.abc import Iterator, Sequence
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Any, Final, Generic
from urllib.parse import urlsplit

from distributed import KilledWorker
from distributed.client import FutureCancelledError

from entropice.errors import RunStateError
from entropice.progress import show
from entropice.tiles.plan import Plan, Result, Tile
from entropice.units import BYTES_PER_GIB

if TYPE_CHECKING:
    from distributed import Client, Future

N_TRIES: Final = 2
"""Tries of a tile whose worker dies."""

LOG_AFTER_S: Final = 60.0
"""Wait without a finished tile after which the log says what is under way."""

_LOG = logging.getLogger(__name__)


def run_on(
    client: "Client", plan: Plan[Result], tiles: Sequence[Tile], memory_ceiling_bytes: int
) -> Iterator[tuple[Tile, Result]]:
    """Execute tiles on the workers, yielding each with its result when it is finished, in no fixed order.

    At most one tile per worker thread is submitted at a time, and only as many as stay below the memory ceiling of all
    machines together (sum of `n_bytes`). No tile is queued on a worker, so the death of a worker affects no other tile.
    There is no limit to the wait for a first worker. What `plan.reduce` raises is raised here; tiles under way are
    cancelled then, as they are where the caller stops early.

    Parameters
    ----------
    client
        Of the cluster.
    plan
        What to do.
    tiles
        Some of the plan's, none larger than the ceiling (`require_room`).
    memory_ceiling_bytes
        Of each machine.

    Raises
    ------
    RunStateError
        The worker of a tile has died twice (`N_TRIES`).
    """
    waiting = deque(tiles)
    work = _Work(client, plan, memory_ceiling_bytes)
    try:
        while waiting or work.under_way:
            work.begin(waiting)
            tile, result = work.next_finished()
            if result is None:
                waiting.appendleft(tile)
            else:
                yield tile, result
    finally:
        client.cancel(list(work.under_way), force=True)


class _Work(Generic[Result]):
    """Tiles submitted to the workers."""

    def __init__(self, client: "Client", plan: Plan[Result], memory_ceiling_bytes: int) -> None:
        self._client = client
        self._plan = plan
        self._ceiling_bytes = memory_ceiling_bytes
        self._shared: Any = None
        self._n_deaths: Counter[str] = Counter()
        self._done: SimpleQueue[Future[Any]] = SimpleQueue()
        self.under_way: dict[Future[Any], Tile] = {}

    def begin(self, waiting: deque[Tile]) -> None:
        """Submit the next tiles, within the number of threads and the memory ceiling."""
        if waiting and self._shared is None:
            self._share()
        n_threads = self._client.nthreads()
        n_machines = len({urlsplit(address).hostname for address in n_threads})
        n_free = max(1, sum(n_threads.values())) - len(self.under_way)
        n_free_bytes = self._ceiling_bytes * max(1, n_machines) - sum(tile.n_bytes for tile in self.under_way.values())
        # In their order: smaller tiles that went ahead could keep a large one waiting for room to the end.
        while waiting and n_free > 0 and waiting[0].n_bytes <= n_free_bytes:
            tile = waiting.popleft()
            n_free, n_free_bytes = n_free - 1, n_free_bytes - tile.n_bytes
            future = self._client.submit(self._plan.reduce, self._shared, tile.task, pure=False)
            self.under_way[future] = tile
            future.add_done_callback(self._done.put)

    def next_finished(self) -> tuple[Tile, Result | None]:
        """Wait for a tile: its result, or None if its worker has died."""
        while True:
            try:
                future = self._done.get(timeout=LOG_AFTER_S)
            except Empty:
                n_workers = len(self._client.nthreads())
                _LOG.info(
                    "%s: %d %ss under way, %d workers",
                    self._plan.what, len(self.under_way), self._plan.unit, n_workers,
                )  # fmt: skip
            else:
                tile = self.under_way.pop(future)
                return tile, self._result(future, tile)

    def _share(self) -> None:
        show(f"{self._plan.what}: waiting for the first worker")
        self._wait_for_a_worker()
        (self._shared,) = self._client.scatter([self._plan.shared], broadcast=True, hash=False)

    def _wait_for_a_worker(self) -> None:
        """Jobs may stand in a queue for hours, so there is no end to it, but a log that says so."""
        while True:
            try:
                self._client.wait_for_workers(1, timeout=LOG_AFTER_S)
            except TimeoutError:
                _LOG.info("%s: no worker has joined yet", self._plan.what)
            else:
                return

    def _result(self, future: "Future[Any]", tile: Tile) -> Result | None:
        try:
            result: Result = future.result()
        except (KilledWorker, FutureCancelledError) as error:
            self._record_worker_death(tile, error)
            return None
        return result

    def _record_worker_death(self, tile: Tile, error: Exception) -> None:
        """Count the death; `shared` is sent again, since it may be lost with the worker."""
        unit = self._plan.unit
        _LOG.warning("%s: the worker that did %s %s has died", self._plan.what, unit, tile.key)
        self._n_deaths[tile.key] += 1
        self._shared = None
        if self._n_deaths[tile.key] >= N_TRIES:
            raise RunStateError(
                f"{self._plan.what}: the workers that did one of the {unit}s have died.",
                field=unit,
                got=f"{tile.key}, {N_TRIES} times",
                expected=f"{tile.n_bytes / BYTES_PER_GIB:.2f} GiB of memory for each {unit}, beside the worker's own",
                fix=f"read the workers' logs; if memory ran out, {self._plan.smaller_by} or use fewer workers. "
                f"{self._plan.after_failure}",
            ) from error

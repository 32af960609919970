"""Threads that compute answers, and a queue before them that has an end."""

import asyncio
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Self, TypeVar

from entropice.serve.limits import Limits
from entropice.serve.refusals import unavailable

T = TypeVar("T")


class Pool:
    """A few threads; nothing is computed on the event loop.

    What has begun can't be stopped: an answer that comes too late holds its place until it is there, so that there
    are never more answers being computed and waited for than the limits say.

    Parameters
    ----------
    limits
        How many threads there are, how many answers may wait for one, and how long one may take.
    """

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._threads = ThreadPoolExecutor(limits.n_threads, "entropice-serve")
        self.n_open = 0

    @property
    def n_places(self) -> int:
        """Answers that may be computed or waited for: n_threads + queue_length."""
        return self._limits.n_threads + self._limits.queue_length

    async def answer(self, compute: Callable[[], T]) -> T:
        """What a function returns or raises, computed in a thread. To be called from one event loop alone.

        The time runs from when it is asked for, waiting included; `timeout_s` is that of the limits. What `compute`
        raises is raised here.

        Raises
        ------
        Refusal
            503: the queue is full, or the time has run out.
        """
        if self.n_open >= self.n_places:
            raise unavailable(
                "The queue is full.",
                field="queue",
                got=f"{self.n_open} requests",
                expected=f"fewer than {self.n_places}",
                fix="send the request again after the seconds of Retry-After",
            )
        return await self._within_time(self._begun(compute))

    def _begun(self, compute: Callable[[], T]) -> "Future[T]":
        loop = asyncio.get_running_loop()
        self.n_open += 1
        future = self._threads.submit(compute)
        # Counted on the event loop alone, which needs no lock.
        future.add_done_callback(lambda _: loop.call_soon_threadsafe(self._close_one))
        return future

    def _close_one(self) -> None:
        self.n_open -= 1

    async def _within_time(self, future: "Future[T]") -> T:
        try:
            return await asyncio.wait_for(asyncio.wrap_future(future), self._limits.timeout_s)
        except TimeoutError as error:
            raise unavailable(
                "The answer takes too long.",
                field="time",
                got=f"more than {self._limits.timeout_s:g} s",
                expected="less",
                fix="send the request again, or ask for less",
            ) from error

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._threads.shutdown(wait=True, cancel_futures=True)

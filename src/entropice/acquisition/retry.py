"""Retries with exponential backoff."""

import logging
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Event
from typing import TypeVar

from entropice.errors import DownloadError, without_keys

logger = logging.getLogger(__name__)

Result = TypeVar("Result")


class TransientError(Exception):
    """A failure that is worth another try.

    Parameters
    ----------
    what
        The failure, in words.
    retry_after_s
        Wait that the server asks for (``Retry-After``), in seconds; None without one.
    """

    def __init__(self, what: str, retry_after_s: float | None = None) -> None:
        self.retry_after_s = retry_after_s
        super().__init__(what)


@dataclass(frozen=True)
class RetryPolicy:
    """Waits double from try to try, or are as long as the server asks for, up to a limit.

    Attributes
    ----------
    n_tries
        Failures in a row without progress after which the call fails.
    first_wait_s, longest_wait_s
        Wait after the first failure, before jitter, and the longest of all (s).
    stopping
        Once set, no further try is made.
    """

    n_tries: int
    first_wait_s: float
    longest_wait_s: float
    stopping: Event = field(default_factory=Event, compare=False)

    def refuse_if_stopping(self) -> None:
        """Pass unless `stopping` is set.

        Raises
        ------
        DownloadError
            It is set.
        """
        if self.stopping.is_set():
            raise DownloadError("The download is being stopped.")

    def wait_s(self, n_failures: int, retry_after_s: float | None) -> float:
        """Wait after the n-th failure in a row (s), with random jitter of up to half of it.

        min(`longest_wait_s`, max(u · `first_wait_s` · 2ⁿ⁻¹, `retry_after_s`)), u uniform in 0.5 to 1.

        Examples
        --------
        >>> policy = RetryPolicy(n_tries=5, first_wait_s=1.0, longest_wait_s=60.0)
        >>> policy.wait_s(1, retry_after_s=10.0), policy.wait_s(9, retry_after_s=None)  # 128 s or more is too long
        (10.0, 60.0)
        """
        doubled = self.first_wait_s * 2.0 ** (n_failures - 1)
        spread = doubled * random.uniform(0.5, 1.0)  # noqa: S311 - keeps clients apart, nothing more
        return min(self.longest_wait_s, max(spread, retry_after_s or 0.0))

    def call(self, action: Callable[[], Result], url: str, n_gained: Callable[[], int] = lambda: 0) -> Result:
        """Call `action` until it succeeds; a failure after progress begins the count anew.

        Only TransientError is tried again; what else is raised passes.

        Parameters
        ----------
        action
            Gives the result, or raises.
        url
            Named in messages.
        n_gained
            Measure of progress, such as the bytes on disk.

        Raises
        ------
        DownloadError
            `n_tries` tries in a row have failed without progress, or the download is being stopped.

        Examples
        --------
        >>> left = ["data", TransientError("busy"), TransientError("busy")]
        >>> def action():
        ...     answer = left.pop()
        ...     if isinstance(answer, TransientError):
        ...         raise answer
        ...     return answer
        >>> RetryPolicy(n_tries=3, first_wait_s=0.0, longest_wait_s=0.0).call(action, "https://example.org")
        'data'
        """
        n_failures, n_before = 0, n_gained()
        while True:
            self.refuse_if_stopping()
            try:
                return action()
            except TransientError as error:
                n_failures, n_before = (1 if n_gained() > n_before else n_failures + 1), n_gained()
                if n_failures >= self.n_tries:
                    raise _given_up(url, error, self.n_tries) from error
                wait_s = self.wait_s(n_failures, error.retry_after_s)
                logger.info("%s: %s; next try in %.1f s", without_keys(url), error, wait_s)
                self.stopping.wait(wait_s)


def _given_up(url: str, error: TransientError, n_tries: int) -> DownloadError:
    return DownloadError(
        "The server does not deliver.",
        path=url,
        field="status",
        got=f"{error}, {n_tries} times in a row",
        expected="the data",
        fix="run the same command again later: what has been downloaded is kept, and it goes on from there",
    )

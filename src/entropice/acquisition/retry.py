"""How long to go on where a server does not answer as it should."""

import logging
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Event
from typing import TypeVar

from entropice.errors import DownloadError

logger = logging.getLogger(__name__)

Result = TypeVar("Result")


class TransientError(Exception):
    """A try failed in a way that often passes.

    Parameters
    ----------
    what
        What happened, in words.
    retry_after_s
        How long the server asks to be left alone; None where it does not say.
    """

    def __init__(self, what: str, retry_after_s: float | None = None) -> None:
        self.retry_after_s = retry_after_s
        super().__init__(what)


@dataclass(frozen=True)
class RetryPolicy:
    """Waits double from try to try, up to a limit; a server that asks for a longer wait is given it, up to that limit.

    Attributes
    ----------
    n_tries
        Failures in a row, without any byte gained, after which to give up.
    first_wait_s, longest_wait_s
        Bounds of the wait between two tries (s).
    stopping
        Once set, nothing is tried any more.
    """

    n_tries: int
    first_wait_s: float
    longest_wait_s: float
    stopping: Event = field(default_factory=Event, compare=False)

    def refuse_if_stopping(self) -> None:
        """Pass only while nobody wants to stop; raises DownloadError."""
        if self.stopping.is_set():
            raise DownloadError("The download is being stopped.")

    def wait_s(self, n_failures: int, retry_after_s: float | None) -> float:
        """How long to wait after the n-th failure in a row; half of a doubled wait is left to chance."""
        doubled = self.first_wait_s * 2.0 ** (n_failures - 1)
        spread = doubled * random.uniform(0.5, 1.0)  # noqa: S311 - keeps clients apart, nothing more
        return min(self.longest_wait_s, max(spread, retry_after_s or 0.0))

    def fetch_missing(self, action: Callable[[], Result], url: str, n_gained: Callable[[], int] = lambda: 0) -> Result:
        """Do it until it succeeds; a try that has gained something counts as none.

        Parameters
        ----------
        n_gained
            Something that grows with progress, such as the bytes on disk.

        Raises
        ------
        DownloadError
            `n_tries` tries in a row have failed without a gain.
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
                logger.info("%s: %s; next try in %.1f s", url, error, wait_s)
                self.stopping.wait(wait_s)


def _given_up(url: str, error: TransientError, n_tries: int) -> DownloadError:
    return DownloadError(
        "The server does not deliver.",
        path=url,
        got=f"{error}, {n_tries} times in a row",
        fix="run the same command again later: what has been downloaded is kept, and it goes on from there",
    )

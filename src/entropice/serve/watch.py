"""A thread that looks at the folders again and again; requests ask what it has found last."""

import logging
import threading
import time
from pathlib import Path
from typing import Final, Self

from entropice.serve.catalogue import Catalogue, looked

_SHARE_OF_TIME: Final = 0.1
"""Of a look, at most: where looking takes long, it is done less often."""

_log = logging.getLogger(__name__)


class Watch:
    """What is known of the run folders below a root, never older than an interval and a look.

    `current` is the latest catalogue; the first look is made before this returns. A look that fails leaves what was
    known, and is logged. It is a context: within it a thread looks, and at its end nothing is known any more.

    Parameters
    ----------
    root
        Below it lie the runs.
    n_threads
        Images that each model may look at at the same time.
    interval_s
        Between two looks.
    """

    def __init__(self, root: Path, n_threads: int, interval_s: float) -> None:
        self._root, self._n_threads, self._interval_s = root, n_threads, interval_s
        self.current = looked(root, Catalogue(), n_threads)
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="entropice-watch", daemon=True)

    def _watch(self) -> None:
        wait_s = self._interval_s
        while not self._ended.wait(wait_s):
            begun = time.monotonic()
            try:
                self.current = looked(self._root, self.current, self._n_threads)
            except Exception:
                # the edge of a thread, which is to look again when what is wrong has passed
                _log.exception("a look at the runs failed; what was known stays")
            wait_s = max(self._interval_s, (time.monotonic() - begun) / _SHARE_OF_TIME)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._thread.join()
        self.current = Catalogue()

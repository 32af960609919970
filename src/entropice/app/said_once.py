"""What a terminal has been told in a run is not told again: steps that recompute something repeat its warnings."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager


class SaidOnce(logging.Filter):
    """Lets each message of a logger through once."""

    def __init__(self) -> None:
        super().__init__()
        self._said: set[tuple[str, str]] = set()

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether this logger has not said the same before.

        The message counts with its arguments filled in; levels do not matter. Called by the logger for each record.
        """
        message = (record.name, record.getMessage())
        is_first = message not in self._said
        self._said.add(message)
        return is_first


@contextmanager
def said_once() -> Iterator[None]:
    """Filter what the root's handlers of now show; handlers that come later, such as the log of the run, get all.

    The filters are taken off at the end, also after an error. Within the block each handler shows a message once: two
    are the same where the name of the logger and the text, its arguments filled in, are; levels and times do not
    matter. Yields nothing.
    """
    filters = [(handler, SaidOnce()) for handler in logging.getLogger().handlers]
    for handler, once in filters:
        handler.addFilter(once)
    try:
        yield
    finally:
        for handler, once in filters:
            handler.removeFilter(once)

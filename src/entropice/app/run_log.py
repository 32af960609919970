"""The log of a run: all that is too much for a terminal."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

N_KEPT: Final = 20
"""How many logs a folder keeps."""

_KEPT_FROM_TERMINAL: Final = ("kedro", "py.warnings")
"""Loggers that conf/logging.yml keeps from the terminal, and so from the root of all loggers."""


@contextmanager
def run_log(folder: Path) -> Iterator[Path]:
    """Write all that is logged to a file of its own in `folder`, which appears with the first line.

    The folder is made. Lines are ``time level logger: message``, of all levels that loggers let through; a run that
    logs nothing leaves no file. Old logs go at the end, also after an error.

    Yields
    ------
    Path
        The file, named by the time of its beginning (UTC), such as ``2020-07-01T12-30-00.000000.log``. Of all ``*.log``
        in the folder the last 20 by name (`N_KEPT`) stay.

    Raises
    ------
    OSError
        The folder cannot be made, or an old log not be removed.
    """
    path = folder / f"{datetime.now(UTC):%Y-%m-%dT%H-%M-%S.%f}.log"
    folder.mkdir(parents=True, exist_ok=True)
    handler = logging.FileHandler(path, delay=True, encoding="utf-8")
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    apart = [logger for logger in map(logging.getLogger, _KEPT_FROM_TERMINAL) if not logger.propagate]
    loggers = [logging.getLogger(), *apart]
    for logger in loggers:
        logger.addHandler(handler)
    try:
        yield path
    finally:
        for logger in loggers:
            logger.removeHandler(handler)
        handler.close()
        for old in sorted(folder.glob("*.log"))[:-N_KEPT]:
            old.unlink(missing_ok=True)

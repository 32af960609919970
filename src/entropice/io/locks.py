"""A lock file that only one process holds, and that names it."""

import fcntl
import json
import logging
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from entropice.errors import RunStateError

_CREATE: Final = os.O_RDWR | os.O_CREAT

_LOG = logging.getLogger(__name__)


@contextmanager
def exclusive(path: Path, what: str) -> Iterator[None]:
    """Hold a lock file while the block runs; a killed process gives it back.

    Parameters
    ----------
    path
        The file; its folder is made, and the file is gone afterwards. Where the file system has no locks, this is
        logged and the block runs without one.
    what
        What only one process may do at a time, for the message.

    Raises
    ------
    RunStateError
        Another process holds it, or the folder cannot be written.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder, exclusive(Path(folder) / ".lock", "drawing maps"):
    ...     try:
    ...         with exclusive(Path(folder) / ".lock", "drawing maps"):
    ...             pass
    ...     except RunStateError as error:
    ...         error.what
    'Another process is drawing maps.'
    """
    descriptor = _acquired(path, what)
    try:
        os.ftruncate(descriptor, 0)
        os.write(descriptor, json.dumps(_this_process()).encode())
        yield
    finally:
        path.unlink(missing_ok=True)
        os.close(descriptor)


def _acquired(path: Path, what: str) -> int:
    """A locked descriptor of the file that stands at the path: the one before may have been removed meanwhile."""
    while True:
        descriptor = _opened(path)
        try:
            _lock(descriptor, path, what)
        except BaseException:
            os.close(descriptor)
            raise
        if path.exists() and os.fstat(descriptor).st_ino == path.stat().st_ino:
            return descriptor
        os.close(descriptor)


def _opened(path: Path) -> int:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        return os.open(path, _CREATE, 0o666)
    except OSError as error:
        raise RunStateError(
            "Nothing can be written into this folder.",
            path=path.parent,
            field="permissions",
            got=error.strerror,
            expected="a folder that can be written",
            fix="give write permission, or set work_root in conf/…/globals.yml to another folder",
        ) from error


def _lock(descriptor: int, path: Path, what: str) -> None:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        holder = _holder(descriptor)
        raise RunStateError(
            f"Another process is {what}.",
            path=path.parent,
            field="lock",
            got="process {pid} on {host}, since {since}".format(**holder),
            expected="one at a time",
            fix=f"wait until it has ended, or end it (kill {holder['pid']}); what is finished is kept",
        ) from error
    except OSError as error:
        _LOG.info("%s does not support locks (%s): do not start a run twice", path.parent, error.strerror)


def _this_process() -> dict[str, Any]:
    return {"pid": os.getpid(), "host": socket.gethostname(), "since": f"{datetime.now(UTC):%Y-%m-%d %H:%M:%S} UTC"}


def _holder(descriptor: int) -> dict[str, Any]:
    """Who holds it; unknown in the moment between locking and writing."""
    try:
        holder: dict[str, Any] = json.loads(os.pread(descriptor, 1000, 0))
    except ValueError:
        return dict.fromkeys(_this_process(), "unknown")
    return holder

"""Files and folders that appear whole or not at all."""

import os
import re
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_DISCARD_ATTEMPTS = 20
_DISCARD_PAUSE_S = 0.05
_LEFTOVER = re.compile(r"\.(partial|replaced)-(?P<pid>\d+)-.+")


@contextmanager
def atomic_file(path: Path) -> Iterator[Path]:
    """Yield a temporary path beside `path`; on success it replaces `path`, on error nothing has changed.

    The temporary name keeps the suffix, for writers that choose their format by it. Data and folder are flushed to
    the disk (fsync) before and after the rename, so a power cut leaves the old file or the new one.
    The folder of `path` is made where it is missing; whatever stands at `path`, a folder too, is replaced.

    Raises
    ------
    OSError
        The disk is full, the folder cannot be written, or the block has made no file.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     path = Path(folder) / "table.csv"
    ...     with atomic_file(path) as temporary:
    ...         _ = temporary.write_text("a,b")
    ...         stands_before = path.exists()
    ...     stands_before, path.read_text()
    (False, 'a,b')
    """
    temporary = _prepare(path)
    try:
        yield temporary
        _sync(temporary)
        _swap(temporary, path) if path.is_dir() else temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    _sync(path.parent)


@contextmanager
def atomic_folder(path: Path) -> Iterator[Path]:
    """Yield an empty temporary folder beside `path`; on success it takes the place of `path`.

    A folder cannot be replaced in one system call, so the old one is moved aside and deleted only after the new one
    stands. A kill between the two renames leaves no folder at `path`, never a mixed one.

    As of `atomic_file`, folders above are made, and on error nothing has changed: the temporary folder
    ``.partial-<pid>-<name>`` is deleted. What a killed process has left under such names goes with the next call.

    Raises
    ------
    OSError
        The disk is full, or the folder cannot be written.
    """
    temporary = _prepare(path)
    temporary.mkdir()
    try:
        yield temporary
        # The content before the names: after a power cut a rename that was flushed alone would stand for empty files.
        for item in sorted(temporary.rglob("*")):
            _sync(item)
        _sync(temporary)
        _swap(temporary, path)
    except BaseException:
        _discard(temporary)
        raise
    _sync(path.parent)


def _prepare(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".partial-{os.getpid()}-{path.name}")
    sweep_leftovers(path.parent)
    _delete(temporary)
    return temporary


def _discard(folder: Path) -> None:
    """Delete a folder that a failed writer's threads may still be filling for a moment."""
    for _ in range(_DISCARD_ATTEMPTS):
        shutil.rmtree(folder, ignore_errors=True)
        time.sleep(_DISCARD_PAUSE_S)
        if not folder.exists():
            return


def _swap(new: Path, path: Path) -> None:
    replaced = path.with_name(f".replaced-{os.getpid()}-{path.name}")
    _delete(replaced)
    if path.exists():
        path.rename(replaced)
    new.rename(path)
    _delete(replaced)


def sweep_leftovers(folder: Path) -> None:
    """Delete what processes that have ended were writing in a folder.

    These are files and folders called ``.partial-<pid>-…`` and ``.replaced-<pid>-…`` directly in it, whose process
    number no process of this machine has; subfolders are not looked into.

    Raises
    ------
    OSError
        There is no such folder.
    """
    for item in folder.iterdir():
        match = _LEFTOVER.fullmatch(item.name)
        if match and not _is_running(int(match["pid"])):
            _delete(item)


def _delete(item: Path) -> None:
    """Delete whatever stands at a path; of a link, only the link."""
    if item.is_dir() and not item.is_symlink():
        shutil.rmtree(item, ignore_errors=True)
    else:
        item.unlink(missing_ok=True)


def _is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)

"""What is served, taken up whole or not at all: files that are proved, copied and opened, or the reason why not."""

import hashlib
import shutil
import tempfile
import weakref
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final, Generic, TypeVar

from entropice.errors import EntropiceError, InputFileError
from entropice.io.checksums import verify_recorded_files

T = TypeVar("T")

_CHUNK_BYTES: Final = 1 << 20
_FIX: Final = "make the run again, or copy its whole folder again; it is taken up as soon as it is whole"

Stamp = tuple[tuple[int, int, int] | None, ...]
"""Of each file when it was changed, its size and its number on the disk; None where there is none."""


@dataclass(frozen=True)
class Source:
    """A file as the manifest of its run names it.

    Attributes
    ----------
    name
        In the copy.
    output
        The file or folder that was written as one, beside which a record of its content may stand.
    """

    path: Path
    name: str
    sha256: str
    output: Path


@dataclass(frozen=True)
class Part(Generic[T]):
    """Something that can be served.

    Attributes
    ----------
    version
        Changes where what is to be served does: the SHA-256 of the manifest, or of a part of it.
    opened
        From a folder with the copies, called once; the folder lasts as long as what it returns.
    """

    version: str
    sources: tuple[Source, ...]
    opened: Callable[[Path], T]


@dataclass(frozen=True)
class State(Generic[T]):
    """How a part stands.

    Attributes
    ----------
    served
        What answers; None where nothing does.
    version
        Of what is served.
    refused
        Why nothing answers; None where something does.
    pending
        Why what lies there now does not answer yet, while the one before it does.
    tried
        Version and stamp of the last attempt.
    """

    served: T | None
    version: str
    refused: EntropiceError | None
    pending: EntropiceError | None
    tried: tuple[str, Stamp]


def renewed(part: Part[T], before: "State[T] | None") -> State[T]:
    """How a part stands now. Nothing is read where nothing has changed since the last attempt.

    What is whole is served. What is not whole is refused, except while another version of what is served is on its way:
    either the manifest is new already and its files are not all there, or outputs beside a run were made anew, each
    as its own record says, and the manifest that will name them is not. Then the one before goes on.

    "Changed" is another version, or another time, size or number on the disk of a file. Files are copied to a temporary
    folder while their SHA-256 is computed, opened there, and removed when nothing uses what was opened any more.
    Where the one before goes on, `State.pending` has the reason.

    Raises
    ------
    OSError
        The temporary folder cannot be made.
    """
    tried = (part.version, stamp_of(part.sources))
    if before is not None and before.tried == tried:
        return before
    try:
        return State(_taken_up(part), part.version, None, None, tried)
    except EntropiceError as error:
        if before is not None and before.served is not None and _is_on_its_way(part, before.version):
            return replace(before, refused=None, pending=error, tried=tried)
        return State(None, part.version, error, None, tried)


def stamp_of(sources: tuple[Source, ...]) -> Stamp:
    """How the files look from outside, in their order: time (ns), size (bytes) and number, None where there is none."""
    return tuple(_stamp(source.path) for source in sources)


def _stamp(path: Path) -> tuple[int, int, int] | None:
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_mtime_ns, status.st_size, status.st_ino


def _is_on_its_way(part: Part[Any], served_version: str) -> bool:
    return part.version != served_version or all(_is_as_recorded(output) for output in {s.output for s in part.sources})


def _is_as_recorded(output: Path) -> bool:
    try:
        verify_recorded_files(output)
    except EntropiceError:
        return False
    return True


def _taken_up(part: Part[T]) -> T:
    folder = Path(tempfile.mkdtemp(prefix="entropice-serve-"))
    try:
        for source in part.sources:
            _copy_proved(source, folder / source.name)
        served = part.opened(folder)
    # Also on Ctrl-C and SIGTERM, which end the server as exceptions do: a copy of a run must not stay in /tmp.
    except BaseException:
        shutil.rmtree(folder)
        raise
    # those who are still being answered from it keep it
    weakref.finalize(served, shutil.rmtree, folder, ignore_errors=True)
    return served


def _copy_proved(source: Source, copy: Path) -> None:
    """Copy a file; what is proved is what was copied."""
    copy.parent.mkdir(parents=True, exist_ok=True)
    digest = hashlib.sha256()
    try:
        with source.path.open("rb") as file, copy.open("wb") as kept:
            while content := file.read(_CHUNK_BYTES):
                digest.update(content)
                kept.write(content)
    except OSError as error:
        raise _broken(source, error.strerror or str(error)) from error
    if digest.hexdigest() != source.sha256:
        raise _broken(source, f"SHA-256 {digest.hexdigest()}")


def _broken(source: Source, got: str) -> InputFileError:
    return InputFileError(
        "A file is missing, damaged or was changed after its run.",
        path=source.path,
        field=source.name,
        got=got,
        expected=f"SHA-256 {source.sha256}",
        fix=_FIX,
    )

"""SHA-256 of files, remembered between runs for as long as size and times of a file stay the same."""

import json
import logging
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from entropice.io.atomic import atomic_file, sweep_leftovers
from entropice.io.checksums import files_of, record_path, recorded_digests
from entropice.sha256 import sha256_of

_SETTLED_AFTER_NS = 2_000_000_000
"""A file younger than this may change again without a new time (two seconds on the coarsest file systems)."""

_LOG = logging.getLogger(__name__)


@dataclass(frozen=True)
class _Stamp:
    """What the file system says about a file; the change time cannot be set back by programs."""

    n_bytes: int
    modified_ns: int
    changed_ns: int

    @classmethod
    def of(cls, path: Path) -> Self:
        status = path.stat()
        return cls(status.st_size, status.st_mtime_ns, status.st_ctime_ns)

    @property
    def latest_ns(self) -> int:
        return max(self.modified_ns, self.changed_ns)


class Digests:
    """Digests of files, from memory where their stamps allow it.

    The memory is a cache: without it, or where it cannot be read, every file is hashed again. Within one run the first
    look at a file decides, so that what is recorded is what the file held before it was read. A file that was changed
    less than two seconds before it is hashed is not remembered for later runs: it may change again at the same time.

    Parameters
    ----------
    memory
        The file that is remembered in; None for one run alone.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     path, digests = Path(folder) / "land.gpkg", Digests(None)
    ...     _ = path.write_text("before")
    ...     first = digests.of(path)
    ...     _ = path.write_text("after it")
    ...     digests.of(path) == first, digests.has_changed(path)
    (True, True)
    """

    def __init__(self, memory: Path | None) -> None:
        self._memory = memory
        self._remembered = {} if memory is None else _read(memory)
        self._seen: dict[Path, str] = {}
        self._stamps: dict[Path, _Stamp] = {}
        self._is_changed = False

    def of(self, path: Path) -> str:
        """SHA-256 of a file's bytes, as 64 hexadecimal digits.

        The bytes are read only where size, time of change and time of status are not those that are remembered. Later
        calls give what the first gave, whatever the file holds by then.

        Raises
        ------
        OSError
            There is no such file, or it cannot be read.
        """
        if path not in self._seen:
            self._stamps[path] = _Stamp.of(path)
            self._seen[path] = self._look(path)
        return self._seen[path]

    def has_changed(self, path: Path) -> bool:
        """Whether a file holds something else than at the first look, or is gone; false where nobody has looked.

        A file whose times changed is hashed again: the same bytes with new times have not changed.
        """
        stamp = self._stamps.get(path)
        if stamp is None:
            return False
        return not path.is_file() or (_Stamp.of(path) != stamp and sha256_of(path) != self._seen[path])

    def trust_record(self, path: Path) -> None:
        """Take over what the record says of an output that was written just now, except for files changed since.

        `path` is the output, a file or folder. Files that the record does not name, or that were modified later than
        it, are forgotten, and hashed when they are asked for.

        Raises
        ------
        OSError
            There is no record.
        InputFileError
            It is damaged.
        """
        written_ns = record_path(path).stat().st_mtime_ns
        recorded = recorded_digests(path)
        for file in files_of(path):
            stamp = _Stamp.of(file)
            digest = recorded.get(file.relative_to(path.parent).as_posix())
            self._seen.pop(file, None)
            self._stamps.pop(file, None)
            # Whatever is younger than the record was changed after it, and is hashed when it is asked for.
            if digest is not None and stamp.modified_ns <= written_ns:
                self._seen[file] = digest
                self._remember(file, stamp, digest)

    def forget(self, path: Path) -> None:
        """Hash a file, or every file of a folder, again: it has turned out not to hold what was remembered.

        It is hashed when it is next asked for, not here. Files that nobody has asked for are passed over.

        Raises
        ------
        InputFileError
            There is no such file or folder.
        """
        for file in files_of(path):
            self._seen.pop(file, None)
            self._stamps.pop(file, None)
            self._is_changed |= self._remembered.pop(str(file), None) is not None

    def save(self) -> None:
        """Write the memory, without files that are gone; where nothing is new, only sweep what a killed run left.

        A memory that cannot be written is no error; the log says so.
        """
        if self._memory is None:
            return
        if self._is_changed:
            self._write(self._memory)
        elif self._memory.parent.is_dir():
            sweep_leftovers(self._memory.parent)

    def _write(self, memory: Path) -> None:
        kept = {name: entry for name, entry in self._remembered.items() if Path(name).is_file()}
        try:
            with atomic_file(memory) as temporary:
                temporary.write_text(json.dumps(kept), encoding="utf-8")
        except OSError as error:
            _LOG.warning("Digests are not remembered, so the next run hashes again: %s", error)
        self._is_changed = False

    def _look(self, path: Path) -> str:
        stamp = _Stamp.of(path)
        known = self._remembered.get(str(path), [])
        if known[:3] == _values(stamp):
            return str(known[3])
        digest = sha256_of(path)
        # Stamped before and after: a file that was written meanwhile would be remembered with the bytes of half-way.
        if time.time_ns() - stamp.latest_ns > _SETTLED_AFTER_NS and _Stamp.of(path) == stamp:
            self._remember(path, stamp, digest)
        return digest

    def _remember(self, path: Path, stamp: _Stamp, digest: str) -> None:
        self._remembered[str(path)] = [*_values(stamp), digest]
        self._is_changed = True


def _values(stamp: _Stamp) -> list[int]:
    return [stamp.n_bytes, stamp.modified_ns, stamp.changed_ns]


def _read(memory: Path) -> dict[str, list[Any]]:
    try:
        content = json.loads(memory.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError):
        _LOG.info("%s cannot be read; files are hashed again.", memory)
        return {}
    entries = content.items() if isinstance(content, dict) else ()
    return {name: entry for name, entry in entries if _is_entry(entry)}


def _is_entry(entry: object) -> bool:
    if not isinstance(entry, list) or len(entry) != 4:
        return False
    *stamp, digest = entry
    return all(isinstance(value, int) for value in stamp) and isinstance(digest, str) and len(digest) == 64

"""Checkpoints: finished parts of an incomplete output, kept on disk when the process ends."""

import glob
import io
import os
import re
import shutil
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from entropice.io.locks import exclusive
from entropice.sha256 import sha256_of, sha256_of_bytes, sha256_of_value

if TYPE_CHECKING:
    from entropice.tiles.plan import Arrays

_PART: Final = re.compile(r"(?P<key>.+)\.(?P<sha256>[0-9a-f]{64})\.npz")
_N_DIGITS: Final = 32
_NEEDED: Final = {"parameters", "inputs", "code", "libraries"}


class Checkpoints:
    """A hidden folder beside an output, with one file a part, such as a tile.

    A file's name holds the SHA-256 of its bytes, so that a torn or damaged file is detected by its name. The folder's
    name, ``.unfinished-<output>-<32 digits>``, holds the first digits of the SHA-256 of what the output is made with
    (`sha256_of_value` of the fingerprint), so that parts made with anything else are never used.

    All but `lock`, `remove` and `tidy` need the folder, which stands while the lock is held.

    Parameters
    ----------
    output
        Path of the complete output.
    fingerprint
        ``parameters``, content of the ``inputs``, ``code``, and ``libraries``, as in the output's record.

    Examples
    --------
    Parts made with another radius are not used:

    >>> from tempfile import TemporaryDirectory
    >>> import numpy as np
    >>> def found(output: Path, radius_m: int) -> list[str]:
    ...     parts = Checkpoints(output, {"parameters": radius_m, "inputs": {}, "code": {}, "libraries": {}})
    ...     with parts.lock():
    ...         keys = list(parts.finished())
    ...         parts.keep("tile_1", {"sums": np.zeros(2)})
    ...     return keys
    >>> with TemporaryDirectory() as folder:
    ...     [found(Path(folder) / "moments", radius_m) for radius_m in (100, 100, 200)]
    [[], ['tile_1'], []]
    """

    def __init__(self, output: Path, fingerprint: Mapping[str, Any]) -> None:
        digest = sha256_of_value(fingerprint)[:_N_DIGITS]
        self._prefix = f".unfinished-{output.name}-"
        self._folder = output.with_name(self._prefix + digest)
        self._lock = output.with_name(f".{output.name}.lock")
        self._is_trusted = fingerprint.keys() >= _NEEDED and None not in fingerprint["inputs"].values()

    @contextmanager
    def lock(self) -> Iterator[None]:
        """Create the folder and hold a lock on the output's parts, whatever they are made with.

        On leaving, the folder goes where it is empty, and stays with the parts that are in it.

        Raises
        ------
        RunStateError
            Another process holds the lock, or the folder cannot be created.
        """
        with exclusive(self._lock, "making this output"):
            self._folder.mkdir(exist_ok=True)
            try:
                yield
            finally:
                with suppress(OSError):
                    self._folder.rmdir()  # if it is empty

    def prune(self) -> None:
        """Delete parts made with anything else; all parts if it is unknown what the output is made with.

        It is unknown where the fingerprint lacks parameters, inputs, code or libraries, or the content of an input.
        """
        for folder in self._folders():
            if folder != self._folder:
                shutil.rmtree(folder)
        if not self._is_trusted:
            self.clear()

    def clear(self) -> None:
        """Delete every part that is made with what the output is made with now."""
        for path in self._folder.iterdir():
            path.unlink()

    def finished(self) -> dict[str, Path]:
        """The undamaged file of every finished part, by its key; anything else in the folder is deleted.

        Paths are of ``<key>.<sha256>.npz``, in the order of their names; every one is hashed. Of two of one key the
        last by name counts.
        """
        finished = {}
        for path in sorted(self._folder.iterdir()):
            match = _PART.fullmatch(path.name)
            if match and sha256_of(path) == match["sha256"]:
                finished[match["key"]] = path
            else:
                path.unlink()
        return finished

    def keep(self, key: str, arrays: "Arrays") -> None:
        """Write a part's arrays; the file appears whole or not at all.

        `key` names the part, as of `entropice.tiles.plan.Tile`. Written again with other bytes, both files stand.
        Arrays of any shape and number are kept as ``.npz`` without compression.

        Raises
        ------
        OSError
            The disk is full or the folder cannot be written.
        ValueError
            An array holds objects.
        """
        import numpy as np

        archive = io.BytesIO()
        np.savez(archive, allow_pickle=False, **arrays)
        content = archive.getvalue()
        # Without fsync: a part that a power cut tears has another SHA-256 than its name, and is made again.
        temporary = self._folder / f"partial-{os.getpid()}"
        temporary.write_bytes(content)
        temporary.replace(self._folder / f"{key}.{sha256_of_bytes(content)}.npz")

    def discard_others(self, keys: Collection[str]) -> None:
        """Delete every part but those with these keys, and whatever else is in the folder."""
        for path in self._folder.iterdir():
            match = _PART.fullmatch(path.name)
            if match is None or match["key"] not in keys:
                path.unlink()

    def remove(self) -> None:
        """Delete the folder with its parts; none there is no error."""
        shutil.rmtree(self._folder, ignore_errors=True)

    def tidy(self) -> None:
        """Delete every part, whatever it was made with, where a killed process has left some.

        Raises
        ------
        RunStateError
            Another process is making them.
        """
        if self._lock.exists() or self._folders():
            with exclusive(self._lock, "making this output"):
                for folder in self._folders():
                    shutil.rmtree(folder)

    def _folders(self) -> list[Path]:
        """Of this output, whatever its parts were made with."""
        found = self._folder.parent.glob(f"{glob.escape(self._prefix)}*")
        return [folder for folder in found if len(folder.name) == len(self._folder.name)]


def link_or_copy(source: Path, target: Path) -> None:
    """Hard-link a file; copy it where the file system has no hard links, or `target` stands already, which it replaces.

    Raises
    ------
    OSError
        There is no source, or nothing can be written.
    """
    try:
        os.link(source, target)
    except OSError:
        shutil.copyfile(source, target)

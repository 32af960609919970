"""Which code functions depend on, remembered between runs for as long as no file of the package changes."""

import hashlib
import json
import logging
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from entropice.incremental.source_code import SourceCode, place_of
from entropice.io.atomic import atomic_file
from entropice.sha256 import sha256_of

_LOG = logging.getLogger(__name__)


class RememberedCode:
    """The hashes of a `SourceCode`, without reading the sources where the whole package is as it was.

    The memory is a cache: without it, or where it cannot be read, the sources are read again.

    Parameters
    ----------
    root
        The package's folder; its name is the package's.
    memory
        The file that is remembered in.
    """

    def __init__(self, root: Path, memory: Path) -> None:
        self._code = SourceCode(root)
        self._memory = memory
        self._package = _package_sha256(root)
        self._known = _read(memory, self._package)
        self._is_changed = False

    def hashes(self, objects: Iterable[Callable[..., Any]]) -> dict[str, str]:
        """As `SourceCode.hashes`."""
        wanted = list(objects)
        key = " ".join(sorted({":".join(map(str, place_of(item))) for item in wanted}))
        if key not in self._known:
            self._known[key] = self._code.hashes(wanted)
            self._is_changed = True
        return dict(self._known[key])

    def save(self) -> None:
        """Write the memory; nothing is written where nothing is new."""
        if not self._is_changed:
            return
        try:
            with atomic_file(self._memory) as temporary:
                temporary.write_text(json.dumps({"package": self._package, "hashes": self._known}), encoding="utf-8")
        except OSError as error:
            _LOG.warning("What code steps depend on is not remembered, so the next run reads it again: %s", error)
        self._is_changed = False


def _package_sha256(root: Path) -> str:
    """Of every file of a package and of the Python that reads it."""
    files = sorted(path for path in root.rglob("*") if path.is_file() and "__pycache__" not in path.parts)
    lines = [sys.version, *(f"{sha256_of(path)}  {path.relative_to(root).as_posix()}" for path in files)]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def _read(memory: Path, package: str) -> dict[str, dict[str, str]]:
    try:
        content = json.loads(memory.read_text(encoding="utf-8"))
        hashes = content["hashes"] if content["package"] == package else {}
        return {str(key): {str(name): str(digest) for name, digest in of_key.items()} for key, of_key in hashes.items()}
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        _LOG.info("%s cannot be read; the sources are read again.", memory)
        return {}

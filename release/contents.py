"""Whether anything of the machine that built an archive is inside: paths, addresses of registries, cache files."""

import os
import re
import subprocess  # nosec B404
import sys
import tempfile
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path, PurePosixPath

CACHE_FOLDERS = frozenset(
    ("__pycache__", ".pytest_cache", ".mypy_cache", ".ruff_cache", ".hypothesis", ".ipynb_checkpoints", ".doctrees")
)
CACHE_SUFFIXES = frozenset((".pyc", ".pyo", ".nbi", ".nbc", ".pickle", ".orig", ".rej", ".swp"))
CACHE_NAMES = frozenset((".DS_Store", "Thumbs.db", ".coverage", ".buildinfo"))
ANY_MACHINE = {
    "a home folder": re.compile(rb"(?<![\w.~-])/(?:home|Users)/[\w.-]+/|[A-Za-z]:\\+Users\\+\w+"),
    "an address of a package index": re.compile(rb"https?://[\w.:@-]+/(?:[\w./-]*/)?simple/?(?=[\s\"'<]|$)"),
    "an option that names a package index": re.compile(rb"--(?:extra-)?index-url[ =]\S+|--find-links[ =]\S+"),
}
"""What betrays a machine whichever it is, by what it is called in messages."""
_SETTINGS = ("index-url", "extra-index-url", "find-links", "trusted-host", "proxy")
_SHORTEST = 5


def traces_of_this_machine(*folders: Path) -> frozenset[bytes]:
    """What is written nowhere but on this machine: `folders`, those of Python and temporary files, pip's settings."""
    places = (*folders, Path(sys.prefix), Path.home(), Path(tempfile.gettempdir()))
    paths = {f"{place}/" for place in {*places, *(place.resolve() for place in places)}}
    return frozenset(trace.encode() for trace in paths | set(_pip_settings()) if len(trace) >= _SHORTEST)


def objections(members: Iterable[tuple[str, bytes]], traces: frozenset[bytes]) -> Iterator[str]:
    """One line for each thing of a machine in `members`, pairs of a name and what it holds."""
    known = re.compile(rb"(?<![\w.~-])(?:" + b"|".join(map(re.escape, sorted(traces))) + rb")") if traces else None
    for name, content in members:
        if is_cache_file(name):
            yield f"{name}: a cache file"
        for what, pattern in ANY_MACHINE.items():
            if found := pattern.search(content):
                yield f"{name}: {what} ({_shown(found[0])})"
        if known and (found := known.search(content)):
            yield f"{name}: of this machine ({_shown(found[0])})"


def is_cache_file(name: str) -> bool:
    """Whether a member of an archive is what a tool leaves behind."""
    path = PurePosixPath(name)
    return bool(
        CACHE_FOLDERS.intersection(path.parts)
        or path.suffix in CACHE_SUFFIXES
        or path.name in CACHE_NAMES
        or name.endswith("~")
    )


def members_of(archive: Path) -> Iterator[tuple[str, bytes]]:
    """Names and contents of a wheel or another zip."""
    with zipfile.ZipFile(archive) as opened:
        for name in opened.namelist():
            yield f"{archive.name}/{name}", opened.read(name)


def _pip_settings() -> Iterator[str]:
    """The addresses and folders that pip is told to take packages from, host by host."""
    command = [sys.executable, "-m", "pip", "config", "list"]
    listed = subprocess.run(command, capture_output=True, text=True, check=True, env=os.environ)  # noqa: S603 - a fixed command  # nosec B603
    for line in listed.stdout.splitlines():
        key, _, value = line.partition("=")
        if key.endswith(_SETTINGS):
            yield from (address.removesuffix("/") for address in value.strip("'\"").split())


def _shown(found: bytes) -> str:
    return found.decode(errors="replace")

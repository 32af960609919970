"""What QGIS's plugin hub asks of an archive before it takes it.

The rules follow from the hub's validator (https://github.com/qgis/QGIS-Plugins-Website, qgis-app/plugins/validator.py),
as far as they can be told without a network: whether an address answers is for the hub to see.
"""

import configparser
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from urllib.parse import urlparse

LARGEST_BYTES = 25_000_000
REQUIRED = (
    "name",
    "description",
    "version",
    "qgisMinimumVersion",
    "author",
    "email",
    "about",
    "tracker",
    "repository",
)
ADDRESSES = ("tracker", "repository", "homepage")
UNWANTED_FOLDERS = ("__MACOSX", ".git", "__pycache__")


def broken_rules(archive: Path) -> list[str]:
    """A sentence for each rule that an archive breaks; empty if the hub would take it."""
    with zipfile.ZipFile(archive) as opened:
        names = [PurePosixPath(name) for name in opened.namelist()]
        return [*_of_size(archive), *_of_names(names), *_of_metadata(opened, names[0].parts[0])]


def _of_size(archive: Path) -> Iterator[str]:
    if archive.stat().st_size > LARGEST_BYTES:
        yield f"The archive has more than {LARGEST_BYTES} bytes."


def _of_names(names: list[PurePosixPath]) -> Iterator[str]:
    folders = {name.parts[0] for name in names}
    if len(folders) != 1 or not next(iter(folders)).isidentifier():
        yield f"There is not one folder whose name is a Python identifier: {sorted(folders)}."
    for name in names:
        if name.is_absolute() or ".." in name.parts:
            yield f"{name} leads outside the plugin."
        if name.suffix == ".pyc" or set(UNWANTED_FOLDERS) & set(name.parts):
            yield f"{name} is not source."
    inside = {PurePosixPath(*name.parts[1:]) for name in names}
    for wanted in ("__init__.py", "metadata.txt", "LICENSE"):
        if PurePosixPath(wanted) not in inside:
            yield f"{wanted} is missing."


def _of_metadata(archive: zipfile.ZipFile, folder: str) -> Iterator[str]:
    parser = configparser.ConfigParser(interpolation=None)
    parser.optionxform = str  # type: ignore[assignment, method-assign]
    parser.read_string(archive.read(f"{folder}/metadata.txt").decode("utf-8"))
    metadata = parser["general"]
    for key in REQUIRED:
        if not metadata.get(key, "").strip():
            yield f"metadata.txt has no {key}."
    for key in ADDRESSES:
        address = urlparse(metadata.get(key, ""))
        if address.scheme not in ("http", "https") or "." not in address.netloc:
            yield f"{key} is no address: {metadata.get(key)}."
    if re.fullmatch(r"[^/]+", metadata.get("author", "")) is None:
        yield "The author's name has a slash."
    if f"{folder}/{metadata.get('icon', '')}" not in archive.namelist():
        yield "The icon that metadata.txt names is missing."

"""The plugin's handbook for its archive: the pages of docs/plugin and their pictures, as they stand."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from qgis_plugin.metadata import FOLDER

DOCS = FOLDER.parent / "docs"
PAGES = "plugin"
_LINK = re.compile(r"(?<!!)\[([^\]]+)\]\(([^)#]*)(?:#[^)]*)?\)")
_PICTURE = re.compile(r"!\[[^\]]*\]\(([^)]+)\)")


def help_files() -> Mapping[str, bytes]:
    """Contents by path below the folder of help; links to what is not among them are plain text there."""
    pages = {path: path.read_text(encoding="utf-8") for path in sorted((DOCS / PAGES).glob("*.md"))}
    names = {path.name for path in pages}
    texts = {path: _LINK.sub(lambda link: link[0] if link[2] in names else link[1], pages[path]) for path in pages}
    pictures = {picture for path, text in texts.items() for picture in _pictures(path, text)}
    files = {path: text.encode() for path, text in texts.items()} | {path: path.read_bytes() for path in pictures}
    return {path.relative_to(DOCS).as_posix(): files[path] for path in sorted(files)}


def _pictures(page: Path, text: str) -> Iterator[Path]:
    return ((page.parent / found[1]).resolve() for found in _PICTURE.finditer(text))

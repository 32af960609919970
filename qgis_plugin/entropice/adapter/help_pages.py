"""Where help is: pages that the archive of the plugin holds, named by addresses of the plugin's own scheme."""

from __future__ import annotations

from pathlib import Path

SCHEME = "entropice-help"
FOLDER = Path(__file__).parents[1] / "help" / "plugin"
CONTENTS = "README"


def help_url(page: str) -> str:
    """The address of a page, which QGIS hands back to the plugin.

    It is ``entropice-help:<page>``; whether there is such a page is not looked at.
    """
    return f"{SCHEME}:{page}"


def help_file(page: str) -> Path:
    """The file of a page; that of the contents where there is no such page.

    Pages are Markdown files in the archive's folder ``help/plugin``; a name that leads outside of it is no page.
    """
    path = FOLDER / f"{page}.md"
    return path if path.is_file() and path.parent == FOLDER else FOLDER / f"{CONTENTS}.md"

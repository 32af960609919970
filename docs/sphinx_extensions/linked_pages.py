"""Pages that are read elsewhere too, and so hold no directive: READMEs of folders, files that the site includes."""

from typing import Any

PAGES_BELOW = {"decisions/README": "0*", "plugin/README": "*"}
"""Pages whose folder follows them in the site."""

INCLUDED = {"../CHANGELOG.md": "changelog.md", "../benchmarks/README.md": "benchmarks.md"}
"""Pages of the site by the files outside `docs` that they include, to which other pages link."""


def setup(app: Any) -> dict[str, bool]:
    """Connect what follows."""
    app.connect("source-read", _link_included)
    app.connect("source-read", _add_pages_below)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def _link_included(_app: Any, _page: str, source: list[str]) -> None:
    for file, page in INCLUDED.items():
        source[0] = source[0].replace(f"]({file}", f"]({page}")


def _add_pages_below(_app: Any, page: str, source: list[str]) -> None:
    if page in PAGES_BELOW:
        source[0] += f"\n```{{toctree}}\n:hidden:\n:glob:\n\n{PAGES_BELOW[page]}\n```\n"

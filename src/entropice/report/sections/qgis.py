"""How the run folder is opened in QGIS."""

from typing import Final

from markupsafe import Markup

from entropice.report.content import RunContent
from entropice.report.markup import render
from entropice.report.sections.section import Section


def draw(content: RunContent) -> Markup:
    """The section's HTML: how the folder is opened with the plugin and without, and which quantities have overviews."""
    return render(
        "qgis.html",
        content=content,
        default=next(layer for layer in content.layers if layer.is_default),
        overviews=list(dict.fromkeys(layer.title.lower() for layer in content.layers if layer.has_overview)),
    )


SECTION: Final = Section("qgis", "Open in QGIS", draw)

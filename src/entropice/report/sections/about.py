"""What the run says and what it does not say."""

from typing import Final

from markupsafe import Markup

from entropice.report.content import RunContent
from entropice.report.markup import render
from entropice.report.sections.section import Section


def draw(content: RunContent) -> Markup:
    """The section's HTML: what the run says and what it does not, by whether it claims anything about the world."""
    return render("about.html", content=content)


SECTION: Final = Section("about", "What this is, and what it is not for", draw)

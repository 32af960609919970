"""Whether a model may have known what it was judged by."""

from typing import Final

from markupsafe import Markup

from entropice.report.content import RunContent
from entropice.report.markup import render
from entropice.report.sections.section import Section


def draw(content: RunContent) -> Markup:
    """The section's HTML: how many signs of leaks were looked for, which, and each finding with its statement."""
    return render("leaks.html", leaks=content.leaks)


SECTION: Final = Section("leaks", "Leak alarm", draw)

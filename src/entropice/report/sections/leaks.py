"""Whether a model may have known what it was judged by."""

from typing import Final

from markupsafe import Markup

from entropice.report.content import RunContent
from entropice.report.markup import render
from entropice.report.sections.section import Section


def draw(content: RunContent) -> Markup:
    """The section's HTML: how many signs of leaks were looked for, which, and each finding with its statement.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> from entropice.report.leak_alarm import LeakAlarm
    >>> str(draw(SimpleNamespace(leaks=LeakAlarm(("exposure",), ()))))[:57]
    '<p>1 signs of leaks were looked for, none found. A leak l'
    """
    return render("leaks.html", leaks=content.leaks)


SECTION: Final = Section("leaks", "Leak alarm", draw)

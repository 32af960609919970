"""What a section of the report is."""

from collections.abc import Callable
from dataclasses import dataclass

from markupsafe import Markup

from entropice.report.charts.chart import Chart
from entropice.report.content import RunContent


@dataclass(frozen=True)
class Section:
    """One section of the report.

    Attributes
    ----------
    key
        Its address in the page.
    title
        Its heading, and its entry in the table of contents.
    draw
        Its HTML below the heading, from the run alone.
    needs
        Tables that must have rows; where one has none, the report says so in place of the section.
    reason
        Why they may have none; ``{map_model}`` stands for the title of the model behind the map.
    charts
        What is drawn below its text.
    """

    key: str
    title: str
    draw: Callable[[RunContent], Markup]
    needs: tuple[str, ...] = ()
    reason: str = ""
    charts: tuple[Chart, ...] = ()

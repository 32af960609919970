"""A comparison as one HTML document that opens offline."""

from pathlib import Path
from typing import Final

from entropice.comparison.charts import CHARTS
from entropice.comparison.comparison import Comparison
from entropice.report.markup import renderer
from entropice.report.page_charts import draw_chart, page_parts

render: Final = renderer(Path(__file__).parent / "templates")


def render_comparison(comparison: Comparison) -> str:
    """A complete document: no script but its own, no address outside itself; same comparison, same bytes.

    Charts in reading order; one that cannot be drawn is told in a sentence. The table of skill has a row at least.
    """
    charts = {chart.key: draw_chart(chart, comparison) for chart in CHARTS}
    return str(
        render(
            "comparison.html",
            facts=comparison.facts,
            n_units=len(comparison.units),
            n_unit_years=int(comparison.skill["n_unit_years"].iloc[0]),
            charts=charts,
            **page_parts(charts.values()),
        )
    )

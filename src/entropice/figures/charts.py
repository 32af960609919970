"""The charts of a run as figures for a paper."""

from collections.abc import Iterator

from entropice.figures.choices import choices_shown
from entropice.figures.figure import Figure, Missing
from entropice.report.chart_files import chart_png, chart_svg, for_paper
from entropice.report.charts import charts_of
from entropice.report.charts.chart import Chart, with_rows
from entropice.report.charts.map import MAP
from entropice.report.page_charts import draw_chart
from entropice.report.run_tables import RunTables


def chart_figures(run: RunTables) -> Iterator[Figure | Missing]:
    """Every chart of the run, in its order, but the one for which `map_figures` stand."""
    return (chart_figure(chart, run) for chart in charts_of(run.facts) if chart is not MAP)


def chart_figure(chart: Chart, run: RunTables) -> Figure | Missing:
    """A chart of a run, or why there is none; its notes say what was chosen in place of readers.

    ``svg`` and ``png`` are those of `entropice.report.chart_files`, notes those of `choices_shown`.
    """
    drawn = draw_chart(chart, run)
    if drawn.columns is None:
        return Missing(chart.key, chart.title, drawn.missing)
    specification = with_rows(for_paper(drawn.specification), drawn.columns)
    return Figure(
        chart.key,
        chart.title,
        chart.printed_caption_in(run.facts),
        choices_shown(specification),
        chart_svg(specification),
        chart_png(specification),
    )

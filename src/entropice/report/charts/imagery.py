"""The charts of a task: what was found, and how good it is."""

from entropice.report.charts.chart import Chart
from entropice.report.charts.imagery_curves import gate_chart, precision_chart, reliability_chart
from entropice.report.charts.imagery_maps import found_chart, growth_chart
from entropice.report.task_facts import TaskFacts


def charts_of_finds(task: TaskFacts) -> tuple[Chart, ...]:
    """Where something was found, how it grows, and what the gate misses: three charts, in this order."""
    return found_chart(task), growth_chart(task), gate_chart(task)


def charts_of_skill(task: TaskFacts) -> tuple[Chart, ...]:
    """How good pixels are: precision by recall, then frequency by mean chance."""
    return precision_chart(task), reliability_chart(task)

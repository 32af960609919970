"""What the runs have cost."""

from typing import Final

from entropice.comparison.charts.chart import ComparisonChart
from entropice.comparison.facts import ComparisonFacts
from entropice.comparison.frames import run_costs
from entropice.report.charts.chart import Specification
from entropice.report.charts.marks import choice, name, number, only, told
from entropice.report.charts.wrapping import BAR_OFFSET_PX, ROW_PX, chosen_as_axis_title, names_of, rows_of
from entropice.report.figure_files import BLUE
from entropice.types import DataFrame


def draw(frame: DataFrame, _: ComparisonFacts) -> Specification:
    """A bar for each run; the cost is chosen.

    From the columns ``name cost value`` of `run_costs`, in their order. Vega-Lite without data, width and look. The
    first cost is shown first.
    """
    bars = {
        "y": rows_of("name"),
        "x": number("value", None),
        "tooltip": [name("name", "run"), name("cost", "cost"), told("value", "value", ",.4~g")],
    }
    return {
        "height": {"step": ROW_PX},
        "title": chosen_as_axis_title("cost"),
        "params": [choice("cost", "Cost", frame["cost"])],
        "transform": [only("cost")],
        "layer": [
            {"mark": {"type": "bar", "height": 12, "yOffset": BAR_OFFSET_PX, "color": BLUE}, "encoding": bars},
            names_of("name"),
        ],
    }


COST: Final = ComparisonChart(
    "cost",
    "What the runs have cost",
    "Seconds of the last time that each step of a run ran, on whatever machine that was, without the source files; a "
    "run without a bar has none noted. Sizes are those of the run folders. Without intervals.",
    run_costs,
    draw,
    needs=("runs",),
)

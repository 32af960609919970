"""How alike the maps of two runs are."""

from typing import Final

from entropice.comparison.charts.chart import ComparisonChart
from entropice.comparison.facts import ComparisonFacts
from entropice.comparison.frames import map_agreement
from entropice.report.charts.chart import Specification
from entropice.report.charts.marks import choice, name, number, only, told
from entropice.report.charts.wrapping import BAR_OFFSET_PX, ROW_PX, chosen_as_axis_title, names_of, rows_of
from entropice.report.palettes import ENTROPY_RAMP, evenly_spaced
from entropice.types import DataFrame

YEARS: Final = ENTROPY_RAMP[2:]
"""Dark enough for points on paper."""


def draw(frame: DataFrame, facts: ComparisonFacts) -> Specification:
    """A row for each pair of runs, a point for each year; the measure is chosen.

    From the columns ``pair measure year value n_units`` of `map_agreement`, in their order; darker is later. Vega-Lite
    without data, width and look. Colours are those of `YEARS`, evenly spaced; the first measure is shown first.
    """
    years = [str(year) for year in facts.years]
    scale = {"domain": years, "range": evenly_spaced(YEARS, len(years))}
    points = {
        "y": rows_of("pair"),
        "x": number("value", None, scale={"zero": False}),
        "color": name("year", "year", scale=scale, legend={"orient": "top"}),
        "tooltip": [
            name("pair", "runs"), name("year", "year"), told("value", "value"), told("n_units", "units", ",d"),
        ],
    }  # fmt: skip
    return {
        "height": {"step": ROW_PX},
        "title": chosen_as_axis_title("measure"),
        "params": [choice("measure", "Show", frame["measure"])],
        "transform": [only("measure")],
        "layer": [
            {"mark": {"type": "point", "filled": True, "size": 60, "opacity": 1, "yOffset": BAR_OFFSET_PX},
             "encoding": points},
            names_of("pair"),
        ],
    }  # fmt: skip


AGREEMENT: Final = ComparisonChart(
    "agreement",
    "Agreement of the maps",
    "The maps of two runs on all common units, those that nobody has imaged among them. A rank correlation of 1 says "
    "that both put the units into the same order; the axis need not begin at 0. The share of land in cells with slumps "
    "grows with the cells: of runs with unlike cells compare its order, not its height. Maps that agree may be wrong "
    "alike. Without intervals.",
    map_agreement,
    draw,
    needs=("agreement",),
    reason="One run alone has nothing to be compared with.",
)

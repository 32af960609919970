"""Which of two maps forecasts better, and how sure that is."""

from typing import Final

from entropice.comparison.charts.chart import ComparisonChart
from entropice.comparison.charts.skill import ZERO
from entropice.comparison.facts import ComparisonFacts
from entropice.comparison.frames import FIRST, NEITHER, NO_INTERVAL, SECOND, map_differences
from entropice.report.charts.chart import Specification
from entropice.report.charts.marks import choice, name, number, only, told
from entropice.report.charts.theme import LIMIT, MAP_MODEL, OTHER_MODELS
from entropice.report.charts.wrapping import BAR_OFFSET_PX, ROW_PX, names_of, rows_of
from entropice.report.figure_files import INK
from entropice.types import DataFrame

VERDICTS: Final = {FIRST: LIMIT, NEITHER: INK, SECOND: MAP_MODEL, NO_INTERVAL: OTHER_MODELS[6]}
DIFFERENCE: Final = "difference of the chosen score (without unit), with 95 % interval"


def draw(frame: DataFrame, _: ComparisonFacts) -> Specification:
    """A row for each pair of runs beside 0; the score is chosen.

    From the columns ``pair score difference low_95 high_95 verdict`` of `map_differences`, in their order; the colour
    is that of the verdict. Vega-Lite without data, width and look. Colours are those of `VERDICTS`; the first score is
    shown first.
    """
    found = {verdict: colour for verdict, colour in VERDICTS.items() if verdict in set(frame["verdict"])}
    place = {
        "y": rows_of("pair"),
        "color": name("verdict", None, scale={"domain": list(found), "range": list(found.values())}),
        "tooltip": [
            name("pair", "runs"), told("difference", "difference", "+.3f"), told("low_95", "95 % from", "+.3f"),
            told("high_95", "to", "+.3f"),
        ],
    }  # fmt: skip
    interval = place | {"x": number("low_95", DIFFERENCE), "x2": {"field": "high_95"}}
    offset = {"yOffset": BAR_OFFSET_PX}
    return {
        "height": {"step": ROW_PX},
        "title": {"text": {"expr": "chosen_score"}},
        "params": [choice("score", "Score", frame["score"])],
        "transform": [only("score")],
        "layer": [
            ZERO,
            {"mark": {"type": "rule"} | offset, "encoding": interval},
            {"mark": {"type": "point", "filled": True, "size": 60, "opacity": 1} | offset,
             "encoding": place | {"x": number("difference", DIFFERENCE)}},
            names_of("pair"),
        ],
    }  # fmt: skip


DIFFERENCES: Final = ComparisonChart(
    "differences",
    "Differences between the maps",
    "The score of the first run's map model minus that of the second, on the same units and years. Lines: 95 % "
    "intervals of the difference, by bootstrap of the same blocks of units for both, so that what is hard for both "
    "cancels out. An interval that leaves 0 out says that one of them forecasts better; of pairs that are alike one in "
    "twenty does so by chance.",
    map_differences,
    draw,
    needs=("differences",),
    reason="One run alone has nothing to be compared with.",
)

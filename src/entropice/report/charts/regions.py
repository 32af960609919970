"""Whether forecasts promise too much or too little, region by region."""

from typing import Final

from entropice.report.charts.chart import Chart, Specification
from entropice.report.charts.marks import name, number, told
from entropice.report.charts.theme import LIMIT, MAP_MODEL, OTHER_MODELS, RULE
from entropice.report.figure_files import INK
from entropice.report.frames.regions import regional_bias
from entropice.report.run_tables import RunFacts
from entropice.types import DataFrame

VERDICTS: Final = {
    "too many slumps promised": MAP_MODEL,
    "0 inside the interval": INK,
    "too few slumps promised": LIMIT,
    "no interval": OTHER_MODELS[6],
}
AXIS: Final = {"labelExpr": "datum.value === 0 ? '0' : format(100 * datum.value, '+.3~g')"}


def draw(frame: DataFrame, _: RunFacts) -> Specification:
    """Bias of each sector with its interval, beside 0.

    From the columns ``region bias low_95 high_95 verdict mean_p_any frequency n_cell_years n_positive n_blocks`` of
    `regional_bias`, in their order; the colour is that of the verdict. A sector without an interval has a point alone.
    Vega-Lite without data, width and look.

    Examples
    --------
    Only the verdicts that occur are in the legend:

    >>> import pandas as pd
    >>> drawn = draw(pd.DataFrame({"verdict": ["no interval"]}), None)
    >>> drawn["layer"][1]["encoding"]["color"]["scale"]["domain"]
    ['no interval']
    """
    found = {verdict: colour for verdict, colour in VERDICTS.items() if verdict in set(frame["verdict"])}
    place = {
        "y": name("region", "longitude (°)", sort=None),
        "color": name("verdict", None, scale={"domain": list(found), "range": list(found.values())}),
    }
    tips = [
        name("region", "longitude (°)"), told("bias", "bias", "+.1%"), told("low_95", "95 % from", "+.1%"),
        told("high_95", "to", "+.1%"), told("mean_p_any", "mean probability", ".1%"),
        told("frequency", "with slumps", ".1%"), told("n_cell_years", "cells and years", ",d"),
        told("n_positive", "with slumps", ",d"), told("n_blocks", "spatial blocks", ",d"),
    ]  # fmt: skip
    return {
        "height": {"step": 34},
        "layer": [
            {"mark": {"type": "rule"} | RULE, "encoding": {"x": {"datum": 0}}},
            {"mark": {"type": "rule"}, "encoding": place | {"x": _bias("low_95"), "x2": {"field": "high_95"}}},
            {"mark": {"type": "point", "filled": True, "size": 60, "opacity": 1},
             "encoding": place | {"x": _bias("bias"), "tooltip": tips}},
        ],
    }  # fmt: skip


def _bias(field: str) -> Specification:
    return number(field, "bias (percentage points), with 95 % interval", axis=AXIS)


REGIONAL_BIAS: Final = Chart(
    "regional_bias",
    "Calibration by region",
    "Forecasts of {map_model}, the model behind the map, out of fold: the bias is the mean probability of any slump "
    "minus the share of cells and years with slumps, by sector of longitude, with a 95 % interval by bootstrap of "
    "spatial blocks. An interval that leaves 0 out says that too many (above 0) or too few slumps are promised.",
    regional_bias,
    draw,
    needs=("regional_calibration",),
    reason="No sector has forecasts of cells that a fit has not seen.",
)

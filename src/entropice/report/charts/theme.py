"""One look for every chart; colours that colour-blind readers can tell apart."""

from typing import Any, Final

from entropice.report.figure_files import INK, MUTED

SCHEMA: Final = "https://vega.github.io/schema/vega-lite/v6.json"
FONT: Final = '"Open Sans", "Segoe UI", "Helvetica Neue", Arial, sans-serif'
MAP_MODEL: Final = "#d55e00"
LIMIT: Final = "#0072b2"
OTHER_MODELS: Final = (
    "#009e73",
    "#cc79a7",
    "#56b4e9",
    "#753823",
    "#222222",
    "#4949f2",
    "#a8a8a8",
    "#67cf67",
    "#753b67",
)
RULE: Final = {"stroke": MUTED, "strokeDash": [4, 3], "strokeWidth": 1}
HALO: Final = {"stroke": "white", "strokeWidth": 3}
"""Of text below the text itself: keeps it apart from the lines that it stands on."""

PERCENT: Final[dict[str, Any]] = {"format": ".0%"}

_AXIS: Final = {
    "domainColor": MUTED, "tickColor": MUTED, "labelColor": INK, "titleColor": INK, "gridColor": "#ececec",
    "labelFontSize": 11, "titleFontSize": 11, "titleFontWeight": "normal",
    "labelLimit": 220, "tickCount": 6, "labelFlush": False,
}  # fmt: skip
CONFIG: Final[dict[str, Any]] = {
    "background": "white",
    "font": FONT,
    "view": {"stroke": None},
    "axis": _AXIS,
    "legend": {
        "labelFontSize": 11, "titleFontSize": 11, "titleFontWeight": "normal",
        "orient": "bottom", "columns": 2, "labelLimit": 300, "symbolLimit": 40, "symbolOpacity": 1,
    },
    "header": {"labelFontSize": 11, "labelLimit": 260},
    "title": {"fontSize": 12, "fontWeight": "normal", "anchor": "start"},
}  # fmt: skip

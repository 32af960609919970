"""Charts in a page that opens offline: rows once, specifications, and the scripts that draw them."""

import base64
import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

from markupsafe import Markup

from entropice.report.charts.chart import ChartOf
from entropice.report.charts.rows import row_columns
from entropice.report.markup import render
from entropice.report.shown import FactsT, TablesT

_BROWSER: Final = Path(__file__).parent / "browser"
LIBRARIES: Final = ("vega.min.js", "vega-lite.min.js", "vega-embed.min.js")
SCRIPTS: Final = (*LIBRARIES, "charts.js")
_SOURCE_MAP: Final = "\n//# sourceMappingURL="


@dataclass(frozen=True)
class DrawnChart:
    """A chart in a page, or why there is none: ``columns`` is None then.

    Attributes
    ----------
    key
        Names its place in the page, ``chart-<key>``.
    title, caption
        For readers; the caption is empty where there is no chart.
    missing
        Sentence why there is none; empty where there is one.
    columns
        Its rows by column, as `charts.rows.row_columns` gives them: plain values, None where unknown.
    specification
        Vega-Lite without rows.
    """

    key: str
    title: str
    caption: str
    missing: str
    columns: dict[str, list[Any]] | None
    specification: dict[str, Any]

    @property
    def figure(self) -> Markup:
        """Its place in the page, or the sentence in its stead.

        A ``figure`` with the title, an empty place that the script fills, and the caption; or a paragraph.

        Examples
        --------
        >>> str(DrawnChart("folds", "Folds", "", "No folds.", None, {}).figure).strip()
        '<p id="chart-folds">Folds — not shown: no folds.</p>'
        """
        return render("chart.html", drawn=self)


def draw_chart(chart: ChartOf[TablesT, FactsT], tables: TablesT) -> DrawnChart:
    """The rows and the specification of a chart.

    It has none where the chart says that something is missing, or where its frame has no rows: then the reason stands
    in ``missing``.
    """
    facts = tables.facts
    if missing := chart.missing(tables):
        return DrawnChart(chart.key, chart.title, "", missing, None, {})
    frame = chart.frame(tables)
    if frame.empty:
        return DrawnChart(chart.key, chart.title, "", chart.reason_in(facts), None, {})
    specification = chart.without_data(frame, facts) | {"datasets": chart.surroundings(tables)}
    return DrawnChart(chart.key, chart.title, chart.caption_in(facts), "", row_columns(frame), specification)


def page_parts(charts: Iterable[DrawnChart]) -> dict[str, Any]:
    """What the template ``page.html`` draws charts with: their data, and the scripts with their hashes.

    ``chart_data`` (`chart_data`), ``scripts`` (`scripts`) and ``script_hashes`` (`script_hashes`), as markup that is
    not escaped again.
    """
    return {
        "chart_data": Markup(chart_data(charts)),  # noqa: S704 - no "<"  # nosec B704
        "scripts": [Markup(text) for text in scripts()],  # noqa: S704 - package data  # nosec B704
        "script_hashes": script_hashes(),
    }


def chart_data(charts: Iterable[DrawnChart]) -> str:
    r"""All rows and specifications as JSON for a script element; equal columns, such as outlines, stand once.

    ``columns`` holds values by a hash of them (12 hexadecimal digits of the SHA-256 of their JSON), ``charts`` by key
    ``columns`` (hash by name) and ``specification``. Charts without columns are left out. ``<`` is written as
    ``\u003c``, so that no text can end the element.

    Raises
    ------
    ValueError
        A number is NaN or infinite.

    Examples
    --------
    >>> import json
    >>> chart = DrawnChart("map", "", "", "", {"x": [1, 2], "y": [1, 2]}, {"mark": "point"})
    >>> told = json.loads(chart_data([chart]))
    >>> len(told["columns"]), told["charts"]["map"]["specification"]
    (1, {'mark': 'point'})
    """
    # By the hash of their values, so that all maps of a run share the outlines of its cells.
    columns: dict[str, list[Any]] = {}
    placed: dict[str, Any] = {}
    for drawn in charts:
        if drawn.columns is not None:
            keys = {name: _key(values) for name, values in drawn.columns.items()}
            columns |= {keys[name]: values for name, values in drawn.columns.items()}
            placed[drawn.key] = {"columns": keys, "specification": drawn.specification}
    return _json({"columns": columns, "charts": placed})


def _key(values: list[Any]) -> str:
    """A short name that only equal values have."""
    return hashlib.sha256(_json(values).encode()).hexdigest()[:12]


def _json(value: Any) -> str:
    """Compact JSON without ``<``, which could end the element that holds it."""
    return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":")).replace("<", "\\u003c")


@cache
def scripts() -> tuple[str, ...]:
    """The text of every script, Vega, Vega-Lite, Vega-Embed, then ours, without the addresses of source maps."""
    return tuple((_BROWSER / name).read_text(encoding="utf-8").partition(_SOURCE_MAP)[0] for name in SCRIPTS)


@cache
def script_hashes() -> tuple[str, ...]:
    """What a content security policy calls each of them, in their order: ``'sha256-<base64>'``, quotes included.

    Examples
    --------
    >>> len(script_hashes()) == len(SCRIPTS), script_hashes()[0][:8]
    (True, "'sha256-")
    """
    digests = (hashlib.sha256(text.encode()).digest() for text in scripts())
    return tuple(f"'sha256-{base64.b64encode(digest).decode()}'" for digest in digests)

"""A report for readers that run no scripts: its charts are pictures."""

import base64
import json
import re
from importlib.util import find_spec
from typing import Any, Final

from entropice.report.charts.chart import Specification, with_rows

DRAWN_ELSEWHERE: Final = "<p>Drawn in the report itself, or here with the extra <code>figures</code>.</p>"
_CHART_DATA: Final = re.compile(r'<script type="application/json" id="chart-data">(.*?)</script>', re.S)
_SCRIPT: Final = re.compile(r"<(script|noscript)\b.*?</\1>", re.S)
_PLACE: Final = re.compile(r'(?P<before><figure id="chart-(?P<key>\w+)">.*?)<div class="chart"></div>', re.S)


def static_body(document: str) -> str:
    """What a complete HTML document shows, without its scripts; charts as SVG where the extra ``figures`` is there.

    The inside of ``body``, empty where there is none; SVGs are data URIs. Without the extra, a sentence in place of
    each chart says where it is drawn.

    Examples
    --------
    >>> static_body("<html><body><p>Cells</p><script>draw()</script></body></html>")
    '<p>Cells</p>'
    """
    body = document.partition("<body>")[2].rpartition("</body>")[0]
    found = _CHART_DATA.search(body)
    charts = _specifications(json.loads(found[1])) if found else {}
    return _PLACE.sub(lambda place: place["before"] + _picture(charts[place["key"]]), _SCRIPT.sub("", body))


def _specifications(page: dict[str, Any]) -> dict[str, Specification]:
    """Of the charts of a page, each with its rows."""
    return {
        key: with_rows(chart["specification"], {name: page["columns"][of] for name, of in chart["columns"].items()})
        for key, chart in page["charts"].items()
    }


def _picture(specification: Specification) -> str:
    if find_spec("vl_convert") is None:
        return DRAWN_ELSEWHERE
    from entropice.report.chart_files import chart_svg, for_paper

    content = base64.b64encode(chart_svg(for_paper(specification))).decode()
    return f'<img src="data:image/svg+xml;base64,{content}" alt="">'

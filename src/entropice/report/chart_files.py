"""Charts as files: Vega-Lite drawn without a browser, and without a network."""

import re
from itertools import count
from typing import Final

import vl_convert

from entropice.report.charts.chart import Specification
from entropice.report.paper import DOTS_PER_INCH, MM_PER_INCH, WIDTH_MM

VEGA_LITE: Final = "6.4"
FONT: Final = '"Liberation Sans", Arial, sans-serif'
"""The converter brings the first, so that no machine's own fonts matter; the second has letters as wide."""
PX_PER_INCH: Final = 96.0
"""As CSS has them."""
WIDTH_PX: Final = round(WIDTH_MM / MM_PER_INCH * PX_PER_INCH)
_CONVERTER_PX_PER_INCH: Final = 72.0
_NUMBER_OF_GRADIENT: Final = re.compile(r'(?<= id="gradient_)\d+(?=")|(?<="url\(#gradient_)\d+(?=\)")')


def for_paper(specification: Specification) -> Specification:
    """The specification of a chart, with a width and a font that do not depend on what holds it.

    The plot without its axes is 680 px wide (180 mm, two columns of a page); parts of a concatenation (``concat``) keep
    their own. The given specification is not changed.

    Examples
    --------
    >>> for_paper({"mark": "point", "config": {}})["width"] == WIDTH_PX
    True
    >>> "width" in for_paper({"concat": [], "config": {}})
    False
    """
    width = {} if "concat" in specification else {"width": WIDTH_PX}
    return specification | width | {"config": specification["config"] | {"font": FONT}}


def chart_svg(specification: Specification) -> bytes:
    """A chart with its rows as SVG (UTF-8); the same chart gives the same bytes, and nothing is fetched.

    Vega-Lite 6.4 with its rows inside, as `for_paper` gives it; a pixel is 1/96 inch.

    Raises
    ------
    ValueError
        It is no Vega-Lite, or asks for something outside of it.
    """
    svg: str = vl_convert.vegalite_to_svg(specification, vl_version=VEGA_LITE, allowed_base_urls=[])
    return _gradients_from_zero(svg).encode()


def _gradients_from_zero(svg: str) -> str:
    """The same with its gradients numbered anew: the converter counts those of all charts that it has drawn."""
    numbers = dict(zip(dict.fromkeys(_NUMBER_OF_GRADIENT.findall(svg)), map(str, count()), strict=False))
    return _NUMBER_OF_GRADIENT.sub(lambda found: numbers[found[0]], svg)


def chart_png(specification: Specification) -> bytes:
    """A chart with its rows as PNG of 300 dots per inch; the same chart gives the same bytes, and nothing is fetched.

    A pixel of the specification is 1/96 inch, so that a chart is as large as its SVG.

    Raises
    ------
    ValueError
        It is no Vega-Lite, or asks for something outside of it.
    """
    png: bytes = vl_convert.vegalite_to_png(
        specification,
        vl_version=VEGA_LITE,
        scale=_CONVERTER_PX_PER_INCH / PX_PER_INCH,
        ppi=DOTS_PER_INCH,
        allowed_base_urls=[],
    )
    return png

"""Figures as files and as data URIs: nothing to fetch, the same bytes every time."""

import base64
import io
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

import matplotlib as mpl
from matplotlib.figure import Figure

INK: Final = "#222222"
MUTED: Final = "#6b6b6b"
BLUE: Final = "#0072b2"
ORANGE: Final = "#d55e00"
GREY: Final = "#a8a8a8"

_STYLE: Final[Any] = {
    "font.family": "sans-serif",
    "font.sans-serif": ["DejaVu Sans"],
    "font.size": 9,
    "axes.edgecolor": MUTED,
    "axes.labelcolor": INK,
    "axes.linewidth": 0.6,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.titlesize": 10,
    "axes.titlelocation": "left",
    "legend.frameon": False,
    "text.color": INK,
    "xtick.color": MUTED,
    "ytick.color": MUTED,
    "xtick.labelcolor": INK,
    "ytick.labelcolor": INK,
    "svg.fonttype": "path",
    "svg.hashsalt": "entropice",
}
_DOTS_PER_INCH: Final = 130


@contextmanager
def house_style() -> Iterator[None]:
    """One look for every figure, whatever the user's matplotlib settings, which hold again after the block."""
    with mpl.rc_context():
        mpl.rcdefaults()
        mpl.rcParams.update(_STYLE)
        yield


def png_uri(figure: Figure) -> str:
    """`png_bytes` as a data URI, ``data:image/png;base64,…``, for the ``src`` of an image in a page."""
    return _data_uri("image/png", png_bytes(figure))


def png_bytes(figure: Figure, dots_per_inch: int = _DOTS_PER_INCH) -> bytes:
    """A PNG of 256 colours, without a date or a program's name; the same figure gives the same bytes.

    Transparent parts turn opaque. Width in pixels is the figure's in inches times ``dots_per_inch``.
    """
    from PIL import Image

    stream, small = io.BytesIO(), io.BytesIO()
    with house_style():
        # Not compressed here: the picture is read again at once, and compressed when it has few colours.
        figure.savefig(stream, format="png", dpi=dots_per_inch, pil_kwargs={"compress_level": 0})
    image = Image.open(stream).convert("RGB")
    # Flat colours of maps need no more, and take less room; dithering would put dots into what is one value.
    few_colours = image.quantize(256, dither=Image.Dither.NONE)
    few_colours.save(small, format="png", optimize=True, dpi=(dots_per_inch, dots_per_inch))
    return small.getvalue()


def svg_bytes(figure: Figure, dots_per_inch: int = _DOTS_PER_INCH) -> bytes:
    """An SVG, without a date or a program's name; pictures inside it have so many dots per inch.

    Letters are paths, so that no font is asked for; ids follow from the content: the same figure gives the same bytes.
    """
    stream = io.BytesIO()
    with house_style():
        figure.savefig(stream, format="svg", dpi=dots_per_inch, metadata={"Date": None, "Creator": None})
    return stream.getvalue()


def svg_uri(figure: Figure) -> str:
    """`svg_bytes` as a data URI, ``data:image/svg+xml;base64,…``, for the ``src`` of an image in a page."""
    return _data_uri("image/svg+xml", svg_bytes(figure))


def _data_uri(media_type: str, content: bytes) -> str:
    return f"data:{media_type};base64,{base64.b64encode(content).decode()}"

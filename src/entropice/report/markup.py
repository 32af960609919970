"""HTML from templates, and numbers as readers know them."""

import math
from pathlib import Path
from typing import Any, Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup


def format_number(value: float, digits: int = 3) -> str:
    """Fixed decimals with a true minus sign; an en dash for NaN."""
    return "–" if math.isnan(value) else f"{value:.{digits}f}".replace("-", "−")


def format_signed(value: float, digits: int = 3) -> str:
    """As ``format_number``, with a sign always."""
    return "–" if math.isnan(value) else f"{value:+.{digits}f}".replace("-", "−")


def format_percent(share: float, digits: int = 0) -> str:
    """A share as per cent; an en dash for NaN."""
    return "–" if math.isnan(share) else f"{100 * share:.{digits}f} %".replace("-", "−")


def format_significant(value: float, digits: int = 3) -> str:
    """With so many significant digits and a true minus sign; an en dash for NaN."""
    return "–" if math.isnan(value) else f"{value:.{digits}g}".replace("-", "−")


def format_sentence(text: str) -> str:
    """With a capital letter first; the others stay as they are."""
    return text[:1].upper() + text[1:]


def format_count(n: int) -> str:
    """Digits in groups of three."""
    return f"{n:,}"


_ROOM: Final = Path(__file__).parent
_TEMPLATES: Final = Environment(
    loader=FileSystemLoader([_ROOM / "templates", _ROOM / "sections"]),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_TEMPLATES.filters |= {
    "number": format_number,
    "percent": format_percent,
    "signed": format_signed,
    "significant": format_significant,
    "count": format_count,
    "sentence": format_sentence,
}


def render(template: str, **context: Any) -> Markup:
    """Fill a template of the page or of a section; text from outside stays text."""
    filled = _TEMPLATES.get_template(template).render(context)
    return Markup(filled)  # noqa: S704 - the template escapes  # nosec B704

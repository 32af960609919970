"""HTML from templates, and numbers as readers know them."""

import math
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

_SMALL: Final = 0.1


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


def format_score(value: float) -> str:
    """Three decimals, or three significant digits of what is below 0.1; an en dash for NaN."""
    return f"{value:#.3g}".replace("-", "−") if 0 < abs(value) < _SMALL else format_number(value)


def format_sentence(text: str) -> str:
    """With a capital letter first; the others stay as they are."""
    return text[:1].upper() + text[1:]


def format_count(n: int) -> str:
    """Digits in groups of three."""
    return f"{n:,}"


_ROOM: Final = Path(__file__).parent
_FILTERS: Final = {
    "number": format_number,
    "percent": format_percent,
    "signed": format_signed,
    "significant": format_significant,
    "count": format_count,
    "score": format_score,
    "sentence": format_sentence,
}


def renderer(*folders: Path) -> Callable[..., Markup]:
    """What fills a template of folders, or of any page, from its name and context; text from outside stays text."""
    templates = Environment(
        loader=FileSystemLoader([*folders, _ROOM / "templates"]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    templates.filters |= _FILTERS

    def fill(template: str, **context: Any) -> Markup:
        filled = templates.get_template(template).render(context)
        return Markup(filled)  # noqa: S704 - the template escapes  # nosec B704

    return fill


render: Final = renderer(_ROOM / "sections")
"""Fills a template of a section of the report, or of any page."""

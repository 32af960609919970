"""HTML from templates, and numbers as readers know them."""

import math
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

_SMALL: Final = 0.1


def format_number(value: float, digits: int = 3) -> str:
    """Fixed decimals with a true minus sign; an en dash for NaN. A negative number that rounds to 0 keeps its sign.

    Examples
    --------
    >>> format_number(-1.25, 1), format_number(float("nan")), format_number(-0.0001)
    ('−1.2', '–', '−0.000')
    """
    return "–" if math.isnan(value) else f"{value:.{digits}f}".replace("-", "−")


def format_signed(value: float, digits: int = 3) -> str:
    """Fixed decimals with a sign always, also of 0; a true minus sign, an en dash for NaN.

    Examples
    --------
    >>> format_signed(0.5), format_signed(-0.5), format_signed(0.0)
    ('+0.500', '−0.500', '+0.000')
    """
    return "–" if math.isnan(value) else f"{value:+.{digits}f}".replace("-", "−")


def format_percent(share: float, digits: int = 0) -> str:
    """A share as per cent; an en dash for NaN.

    Examples
    --------
    >>> format_percent(0.125, 1), format_percent(-0.25), format_percent(float("nan"))
    ('12.5 %', '−25 %', '–')
    """
    return "–" if math.isnan(share) else f"{100 * share:.{digits}f} %".replace("-", "−")


def format_significant(value: float, digits: int = 3) -> str:
    """With so many significant digits and a true minus sign; an en dash for NaN. Zeros at the end are left out.

    Examples
    --------
    >>> format_significant(12345.0), format_significant(-0.5), format_significant(1.5e-6)
    ('1.23e+04', '−0.5', '1.5e−06')
    """
    return "–" if math.isnan(value) else f"{value:.{digits}g}".replace("-", "−")


def format_score(value: float) -> str:
    """Three decimals, or three significant digits of what is below 0.1 in size and not 0; an en dash for NaN.

    Examples
    --------
    >>> format_score(0.1), format_score(-0.05), format_score(0.0123456), format_score(0.0)
    ('0.100', '−0.0500', '0.0123', '0.000')
    """
    return f"{value:#.3g}".replace("-", "−") if 0 < abs(value) < _SMALL else format_number(value)


def format_sentence(text: str) -> str:
    """With a capital letter first; the others stay as they are.

    Examples
    --------
    >>> format_sentence("eSPA draws the map."), format_sentence("")
    ('ESPA draws the map.', '')
    """
    return text[:1].upper() + text[1:]


def format_count(n: int) -> str:
    """Digits in groups of three.

    Examples
    --------
    >>> format_count(1234567), format_count(999)
    ('1,234,567', '999')
    """
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
    """What fills a template of folders, or of any page, from its name and context; text from outside stays text.

    A template is looked for in the folders in their order, then in ``report/templates``. Values are escaped unless they
    are `Markup`. The filters are ``number percent signed significant count score sentence``, the functions of this
    module.

    Returns
    -------
    Callable
        ``fill(template, **context)`` gives the filled template; it raises jinja2's `TemplateNotFound` where no folder
        has the template, and `UndefinedError` where the context lacks a name that it uses.

    Examples
    --------
    >>> str(render("missing.html", titles=["scores <b>"], reason="")).strip()
    '<p>Not shown: this run has no scores &lt;b&gt;.</p>'
    """
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

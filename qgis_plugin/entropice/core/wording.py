"""Values and steps as a reader would write them; null is "unknown", never zero."""

from __future__ import annotations

import math
import re

from .language import phrase, tr
from .layers import Layer
from .scales import Categorical

UNKNOWN = phrase("unknown")
_DIGITS = 3
_DIGITS_OF_SIGNED = 2
_SMALLEST_SHARE = 0.001
_HALF = 0.5
_MAX_DIGITS = 15
_PLAIN_RANGE = (1e-3, 1e12)
_EXPONENT_OF_UNIT = re.compile(r"(?<=[A-Za-z])-?\d+")
_SYMBOLS = {"degree": "°", "degC": "°C"}
_SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def value_text(layer: Layer, value: float | str | None) -> str:
    """A value of a layer with its unit; text is called what the layer's categories call it.

    None is "unknown"; numbers have three digits. Of the format ``percent`` a share (0..1) is told as a percentage.
    """
    if value is None:
        return tr(UNKNOWN)
    if isinstance(value, str):
        return layer.scale.labels.get(value, value) if isinstance(layer.scale, Categorical) else value
    return _with_unit(layer, number_text(_shown(layer, value), _DIGITS))


def step_texts(layer: Layer, breaks: tuple[float, ...]) -> list[str]:
    """The steps between the breaks of a layer, with as many digits as tell the breaks apart.

    Breaks halfway between whole numbers are those of whole numbers, which are told in their place.

    One text a step, `breaks` having one more; digits are at least two and at most 15. Steps of whole numbers are told
    as ``first – last``, or as the one number they hold.
    """
    if are_of_whole_numbers(breaks):
        return [_with_unit(layer, _whole_numbers(low + _HALF, high - _HALF)) for low, high in zip(breaks, breaks[1:])]
    shown = [_shown(layer, value) for value in breaks]
    tries = [[number_text(value, n_digits) for value in shown] for n_digits in range(2, _MAX_DIGITS + 1)]
    texts = next((texts for texts in tries if len(set(texts)) == len(texts)), tries[-1])
    return [_with_unit(layer, f"{low} – {high}") for low, high in zip(texts, texts[1:])]


def are_of_whole_numbers(breaks: tuple[float, ...]) -> bool:
    """Whether every break lies halfway between two whole numbers.

    Without breaks it is true.

    Examples
    --------
    >>> are_of_whole_numbers((-0.5, 0.5, 9.5)), are_of_whole_numbers((0.0, 0.5))
    (True, False)
    """
    return all(value % 1 == _HALF for value in breaks)


def _whole_numbers(first: float, last: float) -> str:
    return f"{first:,.0f}" if first == last else f"{first:,.0f} – {last:,.0f}"


def number_text(value: float, n_digits: int) -> str:
    """A number with that many significant digits; whole digits are never rounded away below 10¹².

    Sizes below 0.001 or from 10¹² on are written as ``1.5 × 10⁻⁴``; thousands are parted by commas, zeros at the end
    dropped, and the minus is U+2212. `n_digits` is 1 or more; the value has to be finite.

    Examples
    --------
    >>> number_text(1234.56, 3), number_text(-0.25, 3), number_text(0.00015, 2), number_text(0, 3)
    ('1,235', '−0.25', '1.5 × 10⁻⁴', '0')
    """
    smallest, largest = _PLAIN_RANGE
    if value != 0 and not smallest <= abs(value) < largest:
        mantissa, exponent = f"{value:.{n_digits - 1}e}".split("e")
        return _with_minus(f"{float(mantissa):g} × 10{str(int(exponent)).translate(_SUPERSCRIPTS)}")
    n_whole_digits = len(str(math.trunc(abs(value))))
    rounded = float(f"{value:.{max(n_digits, n_whole_digits)}g}")
    return _with_minus(f"{rounded:,.{_MAX_DIGITS}g}")


def unit_text(unit: str | None) -> str:
    """A unit as a reader would write it; empty where there is none.

    Powers are raised, ``degree`` and ``degC`` become signs; all else stands as UDUNITS spells it. None and ``1`` are no
    unit.

    Examples
    --------
    >>> unit_text("m2 km-2"), unit_text("degC"), unit_text("1")
    ('m² km⁻²', '°C', '')
    """
    if unit in (None, "1"):
        return ""
    text = _EXPONENT_OF_UNIT.sub(lambda found: found[0].translate(_SUPERSCRIPTS), unit or "")
    return " ".join(_SYMBOLS.get(word, word) for word in text.split(" "))


def percent(share: float) -> str:
    """A share as a percentage with one decimal; a small one is never shown as 0.

    Below 0.1 % in size it is ``< 0.1 %``, or ``> −0.1 %`` if negative.

    Examples
    --------
    >>> percent(0.1234), percent(0.0), percent(0.0004), percent(-0.5)
    ('12.3 %', '0.0 %', '< 0.1 %', '−50.0 %')
    """
    if share == 0:
        return "0.0 %"
    if abs(share) < _SMALLEST_SHARE:
        return "< 0.1 %" if share > 0 else "> −0.1 %"
    return _with_minus(f"{100 * share:.1f} %")


def signed(value: float) -> str:
    """A number with two significant digits and its sign.

    Zero has a plus.

    Examples
    --------
    >>> signed(1.25), signed(-0.5), signed(0.0)
    ('+1.2', '−0.5', '+0')
    """
    return ("+" if value >= 0 else "") + number_text(value, _DIGITS_OF_SIGNED)


def round_limit(value: float) -> float:
    """The smallest end of an axis, 1, 2 or 5 times a power of ten, that is not below a number above 0.

    Raises
    ------
    ValueError
        The value is 0 or negative.

    Examples
    --------
    >>> round_limit(0.3), round_limit(2.0), round_limit(700.0)
    (0.5, 2.0, 1000.0)
    """
    power = 10.0 ** math.floor(math.log10(value))
    return next(limit for limit in (factor * power for factor in (1, 2, 5, 10)) if limit >= value)


def _shown(layer: Layer, value: float) -> float:
    return 100 * value if layer.format == "percent" else value


def _with_unit(layer: Layer, text: str) -> str:
    if layer.format == "percent":
        return f"{text} %"
    return f"{text} {unit_text(layer.unit)}".rstrip()


def _with_minus(text: str) -> str:
    return text.replace("-", "−")

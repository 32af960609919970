"""Units as headers of rasters spell them."""

from typing import Final

_SPELLINGS: Final = {
    "m": ("metre", "metres", "meter", "meters"),
    "cm": ("centimetre", "centimetres", "centimeter", "centimeters"),
    "mm": ("millimetre", "millimetres", "millimeter", "millimeters"),
    "km": ("kilometre", "kilometres", "kilometer", "kilometers"),
    "ft": ("foot", "feet", "international foot"),
    "US survey foot": ("us-ft", "ftus", "us_survey_foot", "us survey feet", "foot_us"),
    "degC": ("°c", "c", "celsius", "degree celsius", "degrees celsius", "deg c", "degree_celsius"),
    "K": ("kelvin",),
    "%": ("percent", "per cent", "pct"),
    "degree": ("degrees", "deg", "°", "arc_degree"),
    "1": ("unitless", "dimensionless", "none", "fraction", "-"),
}
_STANDARD: Final = {name.lower(): unit for unit, names in _SPELLINGS.items() for name in (unit, *names)}

METRES: Final = {"m": 1.0, "cm": 0.01, "mm": 0.001, "km": 1000.0, "ft": 0.3048, "US survey foot": 1200 / 3937}
"""Metres in each unit of length."""


def standard_unit(unit: str) -> str:
    """One spelling of a unit: ``metres`` → ``m``, ``Celsius`` → ``degC``; as it is where it is not known.

    Capitals and spaces around do not matter. Known are ``m cm mm km ft degC K % degree 1`` and ``US survey foot``, by
    these names and their usual spellings in words.

    Examples
    --------
    >>> [standard_unit(unit) for unit in ("Metres", " C ", "percent", "furlong", "")]
    ['m', 'degC', '%', 'furlong', '']
    """
    return _STANDARD.get(unit.strip().lower(), unit.strip())


def metres_of(unit: str) -> float | None:
    """Metres in a unit of length, however it is spelled; None where it is none.

    Of those in `METRES`: m 1, cm 0.01, mm 0.001, km 1000, ft 0.3048, US survey foot 1200 / 3937.

    Examples
    --------
    >>> metres_of("Centimetres"), metres_of("feet"), metres_of("K")
    (0.01, 0.3048, None)
    """
    return METRES.get(standard_unit(unit))

"""How features of rasters are called: ``<name>_<statistic>_<unit>``, as ``slope_mean_deg``."""

import re
from typing import Final

_IN_NAMES: Final = {"1": "", "%": "percent", "degree": "deg", "degC": "c", "K": "k"}
_FACTOR: Final = re.compile(r"(%|1|[A-Za-z]+)(-?[1-9])?")


def unit_suffix(unit: str) -> str:
    """The unit as the end of a name: ``m`` → ``m``, ``degC`` → ``c``, ``kg m-2`` → ``kg_per_m2``, ``1`` → nothing.

    Raises
    ------
    ValueError
        What is no unit in the way of the CF conventions: symbols with exponents, separated by blanks.

    Examples
    --------
    >>> [unit_suffix(unit) for unit in ("m", "degC", "%", "kg m-2", "m s-1", "1")]
    ['m', 'c', 'percent', 'kg_per_m2', 'm_per_s', '']
    """
    factors = [_FACTOR.fullmatch(factor) for factor in unit.split(" ")]
    if not unit or None in factors:
        raise ValueError(f"{unit!r} is no CF unit such as m, degC, %, kg m-2 or 1: symbols with exponents, and blanks")
    return "_".join(_factor(found[1], found[2] or "") for found in factors if found is not None).strip("_")


def feature_name(name: str, what: str, unit: str) -> str:
    """Name of a feature from the raster's name, the statistic or category, and the unit; what is empty is left out.

    >>> feature_name("slope", "mean", "degree"), feature_name("lithology", "till_fraction", "1")
    ('slope_mean_deg', 'lithology_till_fraction')

    Raises
    ------
    ValueError
        The unit is none, as `unit_suffix` says.
    """
    return "_".join(part for part in (name, what, unit_suffix(unit)) if part)


def _factor(symbol: str, exponent: str) -> str:
    word = _IN_NAMES.get(symbol, symbol.lower())
    return f"per_{word}{exponent[1:].replace('1', '')}" if exponent.startswith("-") else f"{word}{exponent}"

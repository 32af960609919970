"""Styles of layers and pictures as plain values, and back."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from entropice.errors import SchemaError
from entropice.imagery.map_layers import Category, Ramp, Style


def style_entry(style: Style) -> dict[str, Any]:
    """A style as plain values, of the kind ``ramp`` or ``categories``.

    Keys are ``kind low high palette`` of a ramp, ``kind categories`` else, each category ``value title colour``.

    Examples
    --------
    >>> style_entry(Ramp(0.0, 1.0, "viridis"))
    {'kind': 'ramp', 'low': 0.0, 'high': 1.0, 'palette': 'viridis'}
    """
    if isinstance(style, Ramp):
        return {"kind": "ramp", **asdict(style)}
    return {"kind": "categories", "categories": [asdict(category) for category in style]}


def style_of(entry: Mapping[str, Any]) -> Style:
    """The style of plain values; `style_entry` is its inverse.

    Raises
    ------
    SchemaError
        It is of neither kind.
    KeyError
        A value is missing.

    Examples
    --------
    >>> category = Category(1, "Ice", "#ffffff")
    >>> style_of(style_entry((category,))) == (category,)
    True
    """
    if entry["kind"] == "ramp":
        return Ramp(entry["low"], entry["high"], entry["palette"])
    if entry["kind"] == "categories":
        return tuple(Category(**category) for category in entry["categories"])
    raise SchemaError("A style is unknown.", field="style.kind", got=entry["kind"], expected="ramp or categories")

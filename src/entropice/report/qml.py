"""QGIS styles (QML) from two templates: graduated and categorised polygons without outlines."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from entropice.report.palettes import red_green_blue

_TEMPLATES: Final = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "styles"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    keep_trailing_newline=True,
)


@dataclass(frozen=True)
class Interval:
    """One step of a graduated legend: values from ``lower`` to ``upper``."""

    lower: float
    upper: float
    label: str
    colour: str


@dataclass(frozen=True)
class Category:
    """One entry of a categorised legend: every value in ``values`` gets this colour."""

    values: tuple[str, ...]
    label: str
    colour: str


@dataclass(frozen=True)
class Style:
    """A named style of a layer; one per layer is its default."""

    name: str
    description: str
    qml: str
    is_default: bool = False


def graduated_qml(column: str, intervals: Sequence[Interval], map_tip: str) -> str:
    """QML that colours polygons by the interval in which ``column`` lies; null is not drawn."""
    return _render("graduated.qml", column, intervals, map_tip)


def categorised_qml(column: str, categories: Sequence[Category], map_tip: str) -> str:
    """QML that colours polygons by the text in ``column``; a value in no category is not drawn."""
    return _render("categorised.qml", column, categories, map_tip)


def _render(template: str, column: str, entries: "Sequence[Interval | Category]", map_tip: str) -> str:
    context: dict[str, Any] = {
        "column": column,
        "entries": [(entry, ",".join(map(str, red_green_blue(entry.colour)))) for entry in entries],
        "map_tip": map_tip,
    }
    return _TEMPLATES.get_template(template).render(context)

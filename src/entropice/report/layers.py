"""The layers of the run's GeoPackage with their titles and styles."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

import numpy as np

from entropice.report.breaks import upper_tail_breaks
from entropice.report.palettes import (
    CATEGORIES,
    ENTROPY_RAMP,
    OTHER,
    PROBABILITY_RAMP,
    STATE_COLOURS,
    STATE_LABELS,
    class_colours,
    evenly_spaced,
)
from entropice.report.qml import Category, Interval, Style, categorised_qml, graduated_qml
from entropice.report.tables import drivers_table
from entropice.types import DataFrame, FloatArray, GeoDataFrame

CELL_TIP: Final = (
    '<b>RTS probability [% round(100 * "p_any_rts", 1) %] %</b><br>'
    "most probable class: [% \"class_\" %]<br>[% replace(\"state\", '_', ' ') %]"
)
DRIVER_TIP: Final = '<b>[% "driver_1" %]</b><br>share [% round(100 * "share") %] % of what puts the cell into its box'

_MapKind = Literal["cells", "drivers"]
_MAP_TEXTS: Final[dict[_MapKind, tuple[str, str]]] = {
    "cells": ("RTS probability", "Probability, class, entropy and label of every cell."),
    "drivers": ("Leading driver", "The feature with the largest share in what puts each cell into its box."),
}


@dataclass(frozen=True)
class Layer:
    """One table of the GeoPackage; ``kind`` attributes has no geometry and no styles."""

    table: str
    kind: Literal["cells", "drivers", "attributes"]
    year: int | None
    title: str
    abstract: str
    frame: DataFrame
    styles: tuple[Style, ...] = ()

    def description(self) -> dict[str, Any]:
        """Its entry in the manifest."""
        default = [style.name for style in self.styles if style.is_default]
        return {
            "table": self.table,
            "kind": self.kind,
            "year": self.year,
            "title": self.title,
            "abstract": self.abstract,
            "default_style": default[0] if default else None,
            "styles": [style.name for style in self.styles],
            "n_rows": len(self.frame),
        }


def build_layers(
    tables: Mapping[int, GeoDataFrame],
    importances: DataFrame,
    scores: DataFrame,
    *,
    grid_key: str,
    class_names: Sequence[str],
    year_names: Mapping[int, str],
    notice: str,
) -> tuple[Layer, ...]:
    """Cells and drivers of every year, the latest on top, then the attribute tables.

    Parameters
    ----------
    tables
        Year → ``cells_table``.
    importances, scores
        The attribute tables.
    notice
        Put before every abstract; where it is not empty, titles say that this is a plumbing check.
    """
    mark = "Plumbing check: " if notice else ""
    long_names = dict(zip(importances["feature"], importances["long_name"], strict=True))
    of_cells = cells_styles(
        class_names, *(upper_tail_breaks(pooled(tables, column)) for column in ("p_any_rts", "entropy"))
    )
    of_drivers = (drivers_style(tables, long_names),)
    latest_first = sorted(tables.items(), reverse=True)

    def layer(kind: _MapKind, year: int, frame: GeoDataFrame, styles: tuple[Style, ...]) -> Layer:
        title, abstract = _MAP_TEXTS[kind]
        return Layer(
            f"{kind}_{grid_key}_{year}",
            kind,
            year,
            f"{mark}{title} {year_names[year]}",
            f"{notice} {abstract}".strip(),
            frame,
            styles,
        )

    return (
        *(layer("cells", year, table, of_cells) for year, table in latest_first),
        *(layer("drivers", year, drivers_table(table), of_drivers) for year, table in latest_first),
        Layer("feature_importances", "attributes", None, "Feature importances", notice, importances),
        Layer("scores", "attributes", None, "Scores", notice, scores),
    )


def pooled(tables: Mapping[int, GeoDataFrame], column: str) -> FloatArray:
    """One column of all years."""
    return np.concatenate([table[column].to_numpy(float) for table in tables.values()])


def cells_styles(
    class_names: Sequence[str], probability_breaks: FloatArray, entropy_breaks: FloatArray
) -> tuple[Style, ...]:
    """The four styles of a cells layer; probability is the default."""
    classes = [Category((name,), name, colour) for name, colour in class_colours(class_names).items()]
    states = [Category((name,), STATE_LABELS[name], colour) for name, colour in STATE_COLOURS.items()]
    probability = graduated_qml("p_any_rts", _percent_intervals(probability_breaks), CELL_TIP)
    entropy = graduated_qml("entropy", _intervals(entropy_breaks, ENTROPY_RAMP), CELL_TIP)
    return (
        Style("probability", "Probability of any slump", probability, is_default=True),
        Style("class", "Most probable class", categorised_qml("class_", classes, CELL_TIP)),
        Style("entropy", "Entropy of the class probabilities", entropy),
        Style("state", "What was observed", categorised_qml("state", states, CELL_TIP)),
    )


def _intervals(breaks: FloatArray, ramp: Sequence[str]) -> list[Interval]:
    colours = evenly_spaced(ramp, len(breaks) - 1)
    pairs = zip(breaks[:-1].tolist(), breaks[1:].tolist(), colours, strict=True)
    return [Interval(low, high, f"{low:g} – {high:g}", colour) for low, high, colour in pairs]


def _percent_intervals(breaks: FloatArray) -> list[Interval]:
    return [
        Interval(step.lower, step.upper, f"{100 * step.lower:g} – {100 * step.upper:g} %", step.colour)
        for step in _intervals(breaks, PROBABILITY_RAMP)
    ]


def drivers_style(tables: Mapping[int, GeoDataFrame], long_names: Mapping[str, str]) -> Style:
    """The most frequent leading drivers by colour, the rest together in grey."""
    categories = [
        Category((feature,), long_names[feature], colour)
        for feature, colour in driver_colours(tables).items()
        if colour != OTHER
    ]
    others = tuple(feature for feature, colour in driver_colours(tables).items() if colour == OTHER)
    if others:
        categories.append(Category(others, f"other ({len(others)})", OTHER))
    return Style("driver", "Leading driver", categorised_qml("driver_1", categories, DRIVER_TIP), is_default=True)


def driver_colours(tables: Mapping[int, GeoDataFrame]) -> dict[str, str]:
    """Every leading driver → its colour, the most frequent over all years first (ties by name)."""
    names = [name for table in tables.values() for name in table["driver_1"].dropna()]
    found, counts = np.unique(np.array(names, dtype=str), return_counts=True)
    by_frequency = found[np.lexsort((found, -counts))].tolist()
    return {
        name: CATEGORIES[position] if position < len(CATEGORIES) else OTHER
        for position, name in enumerate(by_frequency)
    }

"""What is known about one cell in one year, as plain text and numbers for the dock."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from .columns import N_DRIVERS
from .errors import RunFolderError
from .manifest import Manifest
from .safe_names import REBUILD

PROBABILITY_TOLERANCE = 1e-3
UNKNOWN = "unknown"
STATES = {
    "observed_with": "observed, slumps found",
    "observed_without": "observed, no slumps found",
    "unobserved": "not observed",
}


@dataclass(frozen=True)
class Bar:
    """One bar of a chart: `key` is the raw name (for its colour), `share` lies in 0..1."""

    key: str
    label: str
    share: float


@dataclass(frozen=True)
class Fact:
    """One line of text: a name and its value."""

    name: str
    value: str


@dataclass(frozen=True)
class CellReport:
    """A cell in a year; `classes` and `drivers` are empty where there is no prediction."""

    cell_name: str
    place: str
    year: int
    year_name: str
    classes: tuple[Bar, ...]
    drivers: tuple[Bar, ...]
    facts: tuple[Fact, ...]


def cell_report(manifest: Manifest, year: int, row: Mapping[str, object], path: Path) -> CellReport:
    """The report of one row of the cells table in `path`; null is "unknown", never zero.

    Raises
    ------
    RunFolderError
        A value has another type than its column, or the class probabilities are outside 0..1 or do not sum to 1.
    """
    reader = _Row(row, path)
    return CellReport(
        cell_name=cell_name(manifest.grid_key, int(reader.number("cell_id"))),
        place=_place(reader.number("lon_deg"), reader.number("lat_deg")),
        year=year,
        year_name=manifest.year_names[year],
        classes=_classes(manifest, reader),
        drivers=_drivers(manifest, reader),
        facts=_facts(reader),
    )


def cell_name(grid_key: str, cell_id: int) -> str:
    """The grid's own spelling of a cell: H3 in hexadecimal, HEALPix in decimal digits."""
    return format(cell_id, "x") if grid_key.startswith("h3_") else str(cell_id)


@dataclass(frozen=True)
class _Row:
    values: Mapping[str, object]
    path: Path

    def wrong(self, column: str, got: object, expected: str) -> RunFolderError:
        return RunFolderError(
            "A row of the map has a value that cannot be.",
            path=self.path,
            field=column,
            got=got,
            expected=expected,
            fix=REBUILD,
        )

    def optional_number(self, column: str) -> float | None:
        value = self.values[column]
        if value is None or (isinstance(value, (int, float)) and math.isfinite(value)):
            return value
        raise self.wrong(column, repr(value), "a finite number or null")

    def number(self, column: str) -> float:
        value = self.optional_number(column)
        if value is None:
            raise self.wrong(column, "null", "a number")
        return value

    def optional_text(self, column: str) -> str | None:
        value = self.values[column]
        if value is None or isinstance(value, str):
            return value
        raise self.wrong(column, repr(value), "text or null")


def _classes(manifest: Manifest, reader: _Row) -> tuple[Bar, ...]:
    columns = [f"p_{name}" for name in manifest.class_names]
    values = [reader.optional_number(column) for column in columns]
    known = [value for value in values if value is not None]
    if not known:
        return ()
    is_simplex = len(known) == len(values) and min(known) >= 0 and abs(sum(known) - 1) <= PROBABILITY_TOLERANCE
    if not is_simplex:
        raise reader.wrong(", ".join(columns), values, "probabilities in 0..1 that sum to 1")
    return tuple(Bar(name, name, value) for name, value in zip(manifest.class_names, known))


def _drivers(manifest: Manifest, reader: _Row) -> tuple[Bar, ...]:
    drivers = []
    for rank in range(1, N_DRIVERS + 1):
        feature = reader.optional_text(f"driver_{rank}")
        share = reader.optional_number(f"driver_{rank}_share")
        if feature is not None and share is not None:
            drivers.append(Bar(feature, _feature_label(manifest, feature), share))
    return tuple(drivers)


def _feature_label(manifest: Manifest, name: str) -> str:
    return manifest.feature_titles.get(name) or name


def _facts(reader: _Row) -> tuple[Fact, ...]:
    state = reader.optional_text("state")
    return (
        Fact("State", STATES.get(state or "", UNKNOWN)),
        Fact("Observed share of land", _percent(reader.optional_number("observed_fraction"))),
        Fact("Slumps counted", _figures(reader.optional_number("rts_count"))),
        Fact("Slumps per km²", _figures(reader.optional_number("rts_per_km2"))),
        Fact("Most probable class", reader.optional_text("class_") or UNKNOWN),
        Fact("Probability of any slump", _percent(reader.optional_number("p_any_rts"))),
        Fact("Entropy of the prediction", _figures(reader.optional_number("entropy"))),
        Fact("Expected slump area per km² of land", _m2_per_km2(reader.optional_number("expected_rts_area_fraction"))),
        Fact("Land share of the cell", _percent(reader.optional_number("land_fraction"))),
    )


def _percent(value: float | None) -> str:
    return UNKNOWN if value is None else f"{100 * value:.3g} %"


def _m2_per_km2(fraction: float | None) -> str:
    return UNKNOWN if fraction is None else f"{_figures(1e6 * fraction)} m²"


def _figures(value: float | None) -> str:
    if value is None:
        return UNKNOWN
    return f"{value:.3g}" if abs(value) < 1000 else f"{value:,.0f}"


def _place(lon_deg: float, lat_deg: float) -> str:
    east_or_west = "E" if lon_deg >= 0 else "W"
    north_or_south = "N" if lat_deg >= 0 else "S"
    return f"{abs(lat_deg):.2f}° {north_or_south}, {abs(lon_deg):.2f}° {east_or_west}"

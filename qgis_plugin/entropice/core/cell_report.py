"""What is known about one cell in one year, as plain text and numbers for the dock."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from .errors import RunFolderError
from .layers import Layer
from .manifest import Manifest
from .safe_names import REBUILD
from .scales import Categorical
from .tables import CELL_ID
from .wording import number_text, value_text

PROBABILITY_TOLERANCE = 1e-3
CONTRIBUTION_DIGITS = 2
_PLACE = ("lon_deg", "lat_deg")


@dataclass(frozen=True)
class Bar:
    """One bar of a chart: `share` lies in −1..1, `colour` is ``#rrggbb`` or None where the map has none for it."""

    label: str
    share: float
    colour: str | None


@dataclass(frozen=True)
class Fact:
    """One line of text: a name and its value."""

    name: str
    value: str


@dataclass(frozen=True)
class CellReport:
    """A cell in a year; `classes` and `drivers` are empty where nothing is predicted or explained."""

    cell_name: str
    place: str
    year: int
    year_name: str
    model_title: str
    classes: tuple[Bar, ...]
    drivers: tuple[Bar, ...]
    facts: tuple[Fact, ...]


def cell_report(manifest: Manifest, year: int, row: Mapping[str, object], path: Path) -> CellReport:
    """The report of one row of the table of cells in `path`.

    Class probabilities and drivers become bars (with what a driver adds, where it is told), longitude and latitude the
    place, every other quantity of the year or of all years a fact.

    Raises
    ------
    RunFolderError
        A value has another type than its quantity, class probabilities are outside 0..1 or do not sum to 1, or a
        driver's share is outside −1..1.
    """
    cell = _Cell(manifest, year, row, path)
    return CellReport(
        cell_name=cell_name(manifest.grid_name, cell.id),
        place=_place(cell),
        year=year,
        year_name=manifest.year_name(year),
        model_title=manifest.map_model_title,
        classes=_classes(cell),
        drivers=tuple(_drivers(cell)),
        facts=tuple(_facts(cell)),
    )


def cell_name(grid_name: str, cell_id: int) -> str:
    """The grid's own spelling of a cell: H3 in hexadecimal, any other grid in decimal digits."""
    return format(cell_id, "x") if grid_name == "h3" else str(cell_id)


class _Cell:
    """A row of the table of cells: its values are found by quantity, in one year."""

    def __init__(self, manifest: Manifest, year: int, row: Mapping[str, object], path: Path) -> None:
        self.manifest = manifest
        self._row = row
        self._path = path
        self.layers = {
            layer.quantity: layer
            for layer in manifest.layers
            if layer.table == manifest.cells and layer.column is not None and layer.year in (year, None)
        }

    @property
    def id(self) -> int:
        """The number of the cell."""
        value = self._row[CELL_ID]
        if isinstance(value, int):
            return value
        raise self.wrong(CELL_ID, repr(value), "a whole number")

    def value(self, layer: Layer) -> float | str | None:
        """A finite number, text, or None where it is unknown."""
        value = self._row[layer.column or ""]
        if value is None or isinstance(value, str) or (isinstance(value, (int, float)) and math.isfinite(value)):
            return value
        raise self.wrong(layer.name, repr(value), "a finite number, text or null")

    def number(self, quantity: str) -> float | None:
        """The number of a quantity; None where it is unknown or the run has no such quantity."""
        layer = self.layers.get(quantity)
        value = None if layer is None else self.value(layer)
        if isinstance(value, str):
            raise self.wrong(quantity, repr(value), "a number or null")
        return value

    def text(self, quantity: str) -> str | None:
        """The text of a quantity; None where it is unknown or the run has no such quantity."""
        layer = self.layers.get(quantity)
        value = None if layer is None else self.value(layer)
        if value is None or isinstance(value, str):
            return value
        raise self.wrong(quantity, repr(value), "text or null")

    def colour(self, quantity: str, value: str) -> str | None:
        """The colour that the map of a quantity has for a value, if it has one."""
        layer = self.layers.get(quantity)
        scale = layer.scale if layer else None
        return scale.colour_of(value) if isinstance(scale, Categorical) else None

    def wrong(self, field: str, got: object, expected: str) -> RunFolderError:
        return RunFolderError(
            "A row of the map has a value that cannot be.",
            path=self._path,
            field=field,
            got=got,
            expected=expected,
            fix=REBUILD,
        )


def _place(cell: _Cell) -> str:
    lon_deg, lat_deg = (cell.number(quantity) for quantity in _PLACE)
    if lon_deg is None or lat_deg is None:
        return ""
    east_or_west = "E" if lon_deg >= 0 else "W"
    north_or_south = "N" if lat_deg >= 0 else "S"
    return f"{abs(lat_deg):.2f}° {north_or_south}, {abs(lon_deg):.2f}° {east_or_west}"


def _classes(cell: _Cell) -> tuple[Bar, ...]:
    names = cell.manifest.class_names
    shares = [cell.number(quantity) for quantity in _class_quantities(cell.manifest)]
    known = [share for share in shares if share is not None]
    if not known:
        return ()
    if len(known) < len(names) or min(known) < 0 or abs(sum(known) - 1) > PROBABILITY_TOLERANCE:
        raise cell.wrong(", ".join(_class_quantities(cell.manifest)), shares, "probabilities in 0..1 that sum to 1")
    return tuple(Bar(name, share, cell.colour("class", name)) for name, share in zip(names, known))


def _class_quantities(manifest: Manifest) -> list[str]:
    return [f"p_{name}" for name in manifest.class_names]


def _drivers(cell: _Cell) -> Iterator[Bar]:
    for name_quantity, share_quantity, contribution_quantity in _driver_quantities(cell):
        feature, share = cell.text(name_quantity), cell.number(share_quantity)
        if feature is not None and share is not None:
            if not -1 <= share <= 1:
                raise cell.wrong(share_quantity, share, "a share in -1..1")
            label = cell.manifest.feature_titles.get(feature) or feature
            yield Bar(
                label + _contribution(cell.number(contribution_quantity)), share, cell.colour("driver_1", feature)
            )


def _contribution(log_odds: float | None) -> str:
    """What a driver adds, in words that go on from its name; none where it is unknown."""
    if log_odds is None:
        return ""
    return f" ({'+' if log_odds >= 0 else ''}{number_text(log_odds, CONTRIBUTION_DIGITS)} log-odds)"


def _driver_quantities(cell: _Cell) -> Iterator[tuple[str, str, str]]:
    """Name, share and contribution of the drivers, by rank, for as many ranks as the run has; the last may be none."""
    for rank in count(1):
        name, share, contribution = f"driver_{rank}", f"driver_{rank}_share", f"driver_{rank}_contribution"
        if not {name, share} <= cell.layers.keys():
            return
        yield name, share, contribution


def _facts(cell: _Cell) -> Iterator[Fact]:
    drivers = [quantity for told in _driver_quantities(cell) for quantity in told]
    shown_otherwise = {*_class_quantities(cell.manifest), *drivers, *_PLACE}
    for quantity, layer in cell.layers.items():
        if quantity not in shown_otherwise:
            yield Fact(layer.title, value_text(layer, cell.value(layer)))

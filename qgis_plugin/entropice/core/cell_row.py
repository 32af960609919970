"""A row of the table of cells: its values are found by quantity, in one year, and checked."""

from __future__ import annotations

import math
from collections.abc import Mapping
from pathlib import Path

from .errors import RunFolderError
from .language import tr
from .layers import Layer
from .manifest import Manifest
from .quantity_lookup import layers_of_cells
from .safe_names import REBUILD
from .scales import Categorical
from .tables import CELL_ID

ROUNDING = 1e-9


class CellRow:
    """What the row of a cell in the GeoPackage `path` says of a year and of all years.

    `layers` maps quantities to the layers of that year and the map's own model, `of_other_models` are those of the
    others. Every reader raises RunFolderError where a value has another type than its quantity.
    """

    def __init__(self, manifest: Manifest, year: int, row: Mapping[str, object], path: Path) -> None:
        self.manifest = manifest
        self.year = year
        self._row = row
        self._path = path
        of_year = [layer for layer in layers_of_cells(manifest) if layer.year in (year, None)]
        self.layers = {layer.quantity: layer for layer in of_year if layer.model is None}
        self.of_other_models = tuple(layer for layer in of_year if layer.model is not None)

    def in_year(self, year: int) -> CellRow:
        """The same row in another year."""
        return CellRow(self.manifest, year, self._row, self._path)

    @property
    def id(self) -> int:
        """The number of the cell."""
        value = self._row[CELL_ID]
        if isinstance(value, int):
            return value
        raise self.wrong(CELL_ID, repr(value), "a whole number")

    @property
    def name(self) -> str:
        """The grid's own spelling of the cell."""
        return cell_name(self.manifest.grid_name, self.id)

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

    def share(self, quantity: str, lowest: float = 0) -> float | None:
        """A number in `lowest`..1; None where it is unknown or the run has no such quantity."""
        value = self.number(quantity)
        if value is None:
            return None
        if lowest - ROUNDING <= value <= 1 + ROUNDING:
            return min(max(value, lowest), 1)
        raise self.wrong(quantity, value, f"a share in {_with_minus(lowest)}..1")

    def text(self, quantity: str) -> str | None:
        """The text of a quantity; None where it is unknown or the run has no such quantity."""
        layer = self.layers.get(quantity)
        value = None if layer is None else self.value(layer)
        if value is None or isinstance(value, str):
            return value
        raise self.wrong(quantity, repr(value), "text or null")

    def label(self, quantity: str) -> str | None:
        """The text of a quantity, called what the map calls it."""
        value = self.text(quantity)
        scale = self._categories(quantity)
        return value if value is None or scale is None else scale.labels.get(value, value)

    def colour(self, quantity: str, value: str) -> str | None:
        """The colour that the map of a quantity has for a value, if it has one."""
        scale = self._categories(quantity)
        return None if scale is None else scale.colour_of(value)

    def wrong(self, field: str, got: object, expected: str) -> RunFolderError:
        """The error for a value that cannot be."""
        return RunFolderError(
            tr("A row of the map has a value that cannot be."),
            path=self._path,
            field=field,
            got=got,
            expected=expected,
            fix=tr(REBUILD),
        )

    def _categories(self, quantity: str) -> Categorical | None:
        layer = self.layers.get(quantity)
        return layer.scale if layer is not None and isinstance(layer.scale, Categorical) else None


def cell_name(grid_name: str, cell_id: int) -> str:
    """The grid's own spelling of a cell: H3 in hexadecimal, any other grid in decimal digits."""
    return format(cell_id, "x") if grid_name == "h3" else str(cell_id)


def _with_minus(number: float) -> str:
    return f"{number:g}".replace("-", "−")

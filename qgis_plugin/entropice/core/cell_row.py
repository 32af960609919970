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

    `row` maps columns to values as SQLite gives them. Shares may miss their ends by 1e-9, and are then set to them. A
    column of a layer that `row` lacks is a KeyError.
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
        """The same row in another year; nothing is read again, and this one stays as it is."""
        return CellRow(self.manifest, year, self._row, self._path)

    @property
    def id(self) -> int:
        """The number of the cell.

        Raises
        ------
        RunFolderError
            It is no whole number.
        """
        value = self._row[CELL_ID]
        if isinstance(value, int):
            return value
        raise self.wrong(CELL_ID, repr(value), "a whole number")

    @property
    def name(self) -> str:
        """The grid's own spelling of the cell, see `cell_name`.

        Raises
        ------
        RunFolderError
            The number of the cell is no whole number.
        """
        return cell_name(self.manifest.grid_name, self.id)

    def value(self, layer: Layer) -> float | str | None:
        """What the column of a layer holds: a finite number, text, or None where it is unknown (null).

        Raises
        ------
        RunFolderError
            It is NaN, infinite, or bytes.
        """
        value = self._row[layer.column or ""]
        if value is None or isinstance(value, str) or (isinstance(value, (int, float)) and math.isfinite(value)):
            return value
        raise self.wrong(layer.name, repr(value), "a finite number, text or null")

    def number(self, quantity: str) -> float | None:
        """The number of a quantity in this year, of the map's own model, in the unit of its layer.

        It is None where it is unknown or the run has no such quantity.

        Raises
        ------
        RunFolderError
            The value is text, NaN or infinite.
        """
        layer = self.layers.get(quantity)
        value = None if layer is None else self.value(layer)
        if isinstance(value, str):
            raise self.wrong(quantity, repr(value), "a number or null")
        return value

    def share(self, quantity: str, lowest: float = 0) -> float | None:
        """A number in `lowest`..1, both included; None where it is unknown or the run has no such quantity.

        Raises
        ------
        RunFolderError
            The value is text, not finite, or outside by more than 1e-9.
        """
        value = self.number(quantity)
        if value is None:
            return None
        if lowest - ROUNDING <= value <= 1 + ROUNDING:
            return min(max(value, lowest), 1)
        raise self.wrong(quantity, value, f"a share in {_with_minus(lowest)}..1")

    def text(self, quantity: str) -> str | None:
        """The text of a quantity; None where it is unknown or the run has no such quantity.

        Raises
        ------
        RunFolderError
            The value is a number.
        """
        layer = self.layers.get(quantity)
        value = None if layer is None else self.value(layer)
        if value is None or isinstance(value, str):
            return value
        raise self.wrong(quantity, repr(value), "text or null")

    def label(self, quantity: str) -> str | None:
        """The text of a quantity, called what the legend of its map calls it; a value without a label by itself.

        None where it is unknown or the run has no such quantity.

        Raises
        ------
        RunFolderError
            The value is a number.
        """
        value = self.text(quantity)
        scale = self._categories(quantity)
        return value if value is None or scale is None else scale.labels.get(value, value)

    def colour(self, quantity: str, value: str) -> str | None:
        """The colour ``#rrggbb`` that the map of a quantity has for a value.

        None where the map does not draw the value, or the quantity has no categories or is not of this run.
        """
        scale = self._categories(quantity)
        return None if scale is None else scale.colour_of(value)

    def wrong(self, field: str, got: object, expected: str) -> RunFolderError:
        """The error for a value that cannot be, returned and not raised; `field` is the quantity or column."""
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
    """The grid's own spelling of a cell: H3 in hexadecimal, any other grid in decimal digits.

    Examples
    --------
    >>> cell_name("h3", 0x842413BFFFFFFFF), cell_name("healpix", 11)
    ('842413bffffffff', '11')
    """
    return format(cell_id, "x") if grid_name == "h3" else str(cell_id)


def _with_minus(number: float) -> str:
    return f"{number:g}".replace("-", "−")

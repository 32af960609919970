"""What is compared: one quantity and year of one run, and which two of them can be."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from .cell_hierarchy import Grid
from .errors import RunFolderError
from .language import tr
from .layers import Layer
from .manifest import Manifest
from .manifest_file import MANIFEST_NAME
from .quantity_lookup import column_title, layer_of, layers_of_cells

CLASS = "class"
CHANCE = "p_any_rts"
DENSITY = "expected_rts_area_fraction"
INTERVALS = {CHANCE: ("p_any_low", "p_any_high")}
"""The quantities that are the ends of a quantity's range of doubt."""


@dataclass(frozen=True)
class Side:
    """A layer of the cells of the run in `folder`."""

    folder: Path
    manifest: Manifest
    layer: Layer

    @property
    def column(self) -> str:
        """The column of its values in the table of cells; empty where the layer has none."""
        return self.layer.column or ""

    @property
    def grid(self) -> Grid:
        """The grid of the cells."""
        return Grid(self.manifest.grid_name, self.manifest.grid_level)

    @property
    def title(self) -> str:
        """Quantity, year and model, as a reader would call them.

        They are joined by a middle dot, see `column_title`.
        """
        return column_title(self.manifest, self.layer)

    @property
    def interval(self) -> tuple[str, str] | None:
        """The columns of the low and high end of its range of doubt, 90 % of P(any); None where the run has none.

        Only ``p_any_rts`` of the map's own model has one, in the same year.
        """
        ends = INTERVALS.get(self.layer.quantity, ()) if self.layer.model is None else ()
        columns = [_column_of(self.manifest, quantity, self.layer.year) for quantity in ends]
        return (columns[0], columns[1]) if all(columns) and len(columns) == 2 else None

    @property
    def is_number(self) -> bool:
        """Whether values are numbers, not texts: whether its layer has a unit."""
        return self.layer.unit is not None

    @property
    def is_of_classes(self) -> bool:
        """Whether values depend on where the density classes end: the class itself and its probabilities.

        The first class is the one without slumps, whatever the others are.
        """
        return self.layer.quantity in (CLASS, *(f"p_{name}" for name in self.manifest.class_names[1:]))


def side_of(folder: Path, manifest: Manifest, quantity: str, year: int | None, model: str | None = None) -> Side:
    """The side with a quantity in a year, of a model or that of the map.

    `quantity` may be the name of a column, too, which has its own year and model. `folder` is named in errors, and
    nothing is read from it.

    Raises
    ------
    RunFolderError
        The run has no such quantity, or not in this year.
    """
    return Side(folder, manifest, layer_of(manifest, quantity, year, folder, model))


def require_comparable(a: Side, b: Side) -> None:
    """Pass two sides whose values mean the same kind of thing.

    Numbers have to have one unit and one format. Class names and the edges between classes have to be equal, number by
    number, where either side is the class or the probability of a class but the first.

    Raises
    ------
    RunFolderError
        Units or kinds of value differ, texts are of two quantities, or classes have other edges.
    """
    fix = tr("Choose two quantities of one unit, or the same quantity on both sides.")
    kind_a, kind_b = (_kind(side) for side in (a, b))
    if kind_a != kind_b:
        raise _refused(b.folder, tr("unit of %1", b.column), kind_b, tr("%1, as %2 has", kind_a, a.column), fix)
    if not a.is_number and a.layer.quantity != b.layer.quantity:
        raise _refused(b.folder, "quantity", b.layer.quantity, tr("%1, as its values are texts", a.layer.quantity), fix)
    if (a.is_of_classes or b.is_of_classes) and _classes(a) != _classes(b):
        raise _refused(
            b.folder,
            "classes.edges",
            _classes(b),
            tr("%1, as the other run has: a class of the same name is another here", _classes(a)),
            tr("Compare %1 or %2, which depend on no edge.", CHANCE, DENSITY),
        )


def _kind(side: Side) -> str:
    return f"{side.layer.unit} ({side.layer.format})" if side.is_number else "text"


def _classes(side: Side) -> tuple[tuple[str, ...], tuple[float, ...]]:
    """Their names, and in m² per km² where all but the first begin."""
    return side.manifest.class_names, tuple(limits.low for limits in side.manifest.class_ranges.values())


def _column_of(manifest: Manifest, quantity: str, year: int | None) -> str:
    layers = [layer for layer in layers_of_cells(manifest) if _is_of_map(layer, quantity, year)]
    return layers[0].column or "" if layers else ""


def _is_of_map(layer: Layer, quantity: str, year: int | None) -> bool:
    return (layer.quantity, layer.year, layer.model) == (quantity, year, None)


def _refused(folder: Path, field: str, got: object, expected: str, fix: str) -> RunFolderError:
    return RunFolderError(
        tr("These two cannot be compared."),
        path=folder / MANIFEST_NAME,
        field=field,
        got=got,
        expected=expected,
        fix=fix,
    )

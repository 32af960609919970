"""From a quantity and a year to the layer of the cells that a run declares for them, drawn or only told."""

from __future__ import annotations

from pathlib import Path

from .errors import RunFolderError
from .language import tr
from .layers import Layer
from .manifest import Manifest
from .manifest_file import MANIFEST_NAME


def layers_of_cells(manifest: Manifest) -> tuple[Layer, ...]:
    """Every column of the table of cells that the run declares as a layer, in the manifest's order.

    Layers of all years and models are among them.
    """
    return tuple(layer for layer in manifest.layers if layer.table == manifest.cells and layer.column is not None)


def layer_of(manifest: Manifest, quantity: str, year: int | None, folder: Path, model: str | None = None) -> Layer:
    """The layer of a quantity in a year; one that is the same in all years is that of any.

    A column of the cells by its name is its own layer, whatever the year. Without a model, that of the map counts.

    Columns come first: a quantity that is spelt as a column is taken for that column, whatever the model. Without a
    year only a quantity that is the same in all years has a layer. `folder` is named in errors, and nothing is read
    from it.

    Raises
    ------
    RunFolderError
        The run has no such quantity, or not in this year.
    """
    layers = layers_of_cells(manifest)
    by_column = {layer.column: layer for layer in layers}
    if quantity in by_column:
        return by_column[quantity]
    known = [layer for layer in layers if (layer.quantity, layer.model) == (quantity, model)]
    if not known:
        names = dict.fromkeys(layer.quantity for layer in layers if layer.model == model)
        raise _missing(folder, "quantity", quantity, ", ".join(names), tr("Choose another quantity."))
    found = next((layer for layer in known if layer.year in (year, None)), None)
    if found is None:
        years = ", ".join(sorted(str(layer.year) for layer in known))
        raise _missing(folder, "year", year, years, tr("Choose another year."))
    return found


def column_title(manifest: Manifest, layer: Layer) -> str:
    """What to call a layer of the cells: its quantity, its year, and its model where that is not the map's.

    The parts are joined by a middle dot; a year or model without a name of the run is called by its own.
    """
    year = None if layer.year is None else manifest.year_name(layer.year)
    model = None if layer.model is None else manifest.model_title(layer.model)
    return " · ".join(part for part in (layer.title, year, model) if part is not None)


def _missing(folder: Path, field: str, got: object, expected: str, fix: str) -> RunFolderError:
    return RunFolderError(
        tr("The run does not say this of its cells."),
        path=folder / MANIFEST_NAME,
        field=field,
        got=got,
        expected=expected,
        fix=fix,
    )

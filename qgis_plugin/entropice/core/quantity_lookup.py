"""From a quantity and a year to the layer of the cells that a run declares for them, drawn or only told."""

from __future__ import annotations

from pathlib import Path

from .errors import RunFolderError
from .layers import Layer
from .manifest import Manifest
from .manifest_file import MANIFEST_NAME


def layers_of_cells(manifest: Manifest) -> tuple[Layer, ...]:
    """Every column of the table of cells that the run declares as a layer, in the manifest's order."""
    return tuple(layer for layer in manifest.layers if layer.table == manifest.cells and layer.column is not None)


def layer_of(manifest: Manifest, quantity: str, year: int | None, folder: Path) -> Layer:
    """The layer of a quantity in a year; one that is the same in all years is that of any.

    Raises
    ------
    RunFolderError
        The run has no such quantity, or not in this year.
    """
    known = [layer for layer in layers_of_cells(manifest) if layer.quantity == quantity]
    if not known:
        names = dict.fromkeys(layer.quantity for layer in layers_of_cells(manifest))
        raise _missing(folder, "quantity", quantity, ", ".join(names), "Choose another quantity.")
    found = next((layer for layer in known if layer.year in (year, None)), None)
    if found is None:
        years = ", ".join(sorted(str(layer.year) for layer in known))
        raise _missing(folder, "year", year, years, "Choose another year.")
    return found


def titled(layer: Layer, manifest: Manifest) -> str:
    """Title of a layer with the name of its year, if it has one."""
    return layer.title if layer.year is None else f"{layer.title} · {manifest.year_name(layer.year)}"


def _missing(folder: Path, field: str, got: object, expected: str, fix: str) -> RunFolderError:
    return RunFolderError(
        "The run does not say this of its cells.",
        path=folder / MANIFEST_NAME,
        field=field,
        got=got,
        expected=expected,
        fix=fix,
    )

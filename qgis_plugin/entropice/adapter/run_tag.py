"""How a layer remembers which run it is of and what it shows, also in a saved project."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from qgis.core import QgsMapLayer, QgsProject, QgsProviderRegistry

from ..core.selection import Selection

CELLS, OVERVIEW, AROUND, IMAGES = "cells", "overview", "around", "images"
_PROPERTY = "entropice/"
_NO_YEAR, _MAP_MODEL = 0, ""


@dataclass(frozen=True)
class RunTag:
    """The run, the part that a layer plays in it (cells, overview, around, images), and what it shows of the cells.

    `run_id` is that of the manifest, 16 hexadecimal digits.
    """

    run_id: str
    role: str
    selection: Selection


def attach_tag(layer: QgsMapLayer, tag: RunTag) -> None:
    """Write the tag into the layer's custom properties.

    A tag that is there is replaced. Properties begin with ``entropice/`` and are saved with the project; no year is
    kept as 0, the map's own model as an empty text.
    """
    layer.setCustomProperty(_PROPERTY + "run_id", tag.run_id)
    layer.setCustomProperty(_PROPERTY + "role", tag.role)
    layer.setCustomProperty(_PROPERTY + "quantity", tag.selection.quantity)
    layer.setCustomProperty(_PROPERTY + "model", tag.selection.model or _MAP_MODEL)
    layer.setCustomProperty(_PROPERTY + "is_faded", int(tag.selection.is_faded))
    layer.setCustomProperty(_PROPERTY + "year", tag.selection.year or _NO_YEAR)


def tag_of(layer: QgsMapLayer) -> RunTag | None:
    """The tag of a layer, or None where it is of no run: where run id or role is not among its properties."""
    run_id, role = layer.customProperty(_PROPERTY + "run_id"), layer.customProperty(_PROPERTY + "role")
    if run_id is None or role is None:
        return None
    year = int(layer.customProperty(_PROPERTY + "year", _NO_YEAR))
    quantity, model = (layer.customProperty(_PROPERTY + key) or "" for key in ("quantity", "model"))
    is_faded = bool(int(layer.customProperty(_PROPERTY + "is_faded", 0)))
    return RunTag(run_id, role, Selection(quantity, year or None, model or None, is_faded))


def tagged_layers(project: QgsProject) -> list[tuple[RunTag, QgsMapLayer]]:
    """The layers of runs in a project with their tags, topmost first.

    Layers that stand in no tree of layers are left out.
    """
    layers = [node.layer() for node in project.layerTreeRoot().findLayers() if node.layer() is not None]
    return [(tag, layer) for tag, layer in ((tag_of(layer), layer) for layer in layers) if tag is not None]


def folder_of(layer: QgsMapLayer) -> Path:
    """The folder of the file that a layer reads; a project that is moved with its run knows the place of both.

    Links are followed.

    Raises
    ------
    KeyError
        What the layer reads has no path, such as a layer in memory.
    """
    parts = QgsProviderRegistry.instance().decodeUri(layer.providerType(), layer.source())
    return Path(parts["path"]).resolve().parent

"""How a layer of cells remembers which run it shows, also in a saved project."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from qgis.core import QgsMapLayer, QgsProject, QgsVectorLayer

_PROPERTY = "entropice/"
_ALL_YEARS = 0


@dataclass(frozen=True)
class RunTag:
    """The run, and the name and year of a layer; no year where it is the same in all years."""

    folder: Path
    run_id: str
    layer: str
    year: int | None


def attach_tag(layer: QgsMapLayer, tag: RunTag) -> None:
    """Write the tag into the layer's custom properties."""
    layer.setCustomProperty(_PROPERTY + "folder", str(tag.folder))
    layer.setCustomProperty(_PROPERTY + "run_id", tag.run_id)
    layer.setCustomProperty(_PROPERTY + "layer", tag.layer)
    layer.setCustomProperty(_PROPERTY + "year", tag.year or _ALL_YEARS)


def tag_of(layer: QgsMapLayer) -> RunTag | None:
    """The tag of a layer, or None where it does not show the cells of a run."""
    values = [layer.customProperty(_PROPERTY + key) for key in ("folder", "run_id", "layer", "year")]
    if None in values:
        return None
    folder, run_id, name, year = values
    return RunTag(Path(folder), run_id, name, int(year) or None)


def tagged_layers(project: QgsProject) -> list[tuple[RunTag, QgsMapLayer]]:
    """The layers of cells of runs in a project with their tags, topmost first."""
    layers = project.layerTreeRoot().layerOrder()
    return [(tag, layer) for tag, layer in ((tag_of(layer), layer) for layer in layers) if tag is not None]


def polygons_of(project: QgsProject, run_id: str) -> QgsVectorLayer | None:
    """A layer with the polygons of a run's cells, or None where the project has none."""
    layers = [layer for tag, layer in tagged_layers(project) if tag.run_id == run_id]
    return next((layer for layer in layers if isinstance(layer, QgsVectorLayer) and layer.isValid()), None)

"""How a layer remembers which run it shows, also in a saved project."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from qgis.core import QgsMapLayer, QgsProject

_PROPERTY = "entropice/"


@dataclass(frozen=True)
class RunTag:
    """The run, year and style of a layer."""

    folder: Path
    run_id: str
    kind: str
    year: int
    style: str


def attach_tag(layer: QgsMapLayer, tag: RunTag) -> None:
    """Write the tag into the layer's custom properties."""
    layer.setCustomProperty(_PROPERTY + "folder", str(tag.folder))
    layer.setCustomProperty(_PROPERTY + "run_id", tag.run_id)
    layer.setCustomProperty(_PROPERTY + "kind", tag.kind)
    layer.setCustomProperty(_PROPERTY + "year", tag.year)
    layer.setCustomProperty(_PROPERTY + "style", tag.style)


def tag_of(layer: QgsMapLayer) -> RunTag | None:
    """The tag of a layer, or None where it is not a layer of a run."""
    values = [layer.customProperty(_PROPERTY + key) for key in ("folder", "run_id", "kind", "year", "style")]
    if None in values:
        return None
    folder, run_id, kind, year, style = values
    return RunTag(Path(folder), run_id, kind, int(year), style)


def tagged_layers(project: QgsProject) -> list[tuple[RunTag, QgsMapLayer]]:
    """The layers of runs in a project with their tags, topmost first."""
    layers = project.layerTreeRoot().layerOrder()
    return [(tag, layer) for tag, layer in ((tag_of(layer), layer) for layer in layers) if tag is not None]

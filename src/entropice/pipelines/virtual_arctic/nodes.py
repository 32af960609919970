"""The world behind the virtual Arctic; the files that stand for it are made by the sources."""

from entropice.pipelines.virtual_arctic.parameters import VirtualArcticParameters
from entropice.types import Dataset


def build_world(parameters: VirtualArcticParameters) -> Dataset:
    """Coasts, relief and ground ice on base units: what does not change with time."""
    from entropice.virtual_arctic.terrain import build_terrain

    return build_terrain(parameters)

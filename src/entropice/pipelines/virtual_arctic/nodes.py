"""The world behind the virtual Arctic; the files that stand for it are made by the sources."""

from entropice.pipelines.virtual_arctic.parameters import VirtualArcticParameters
from entropice.types import Dataset


def build_world(parameters: VirtualArcticParameters) -> Dataset:
    """Coasts, relief and ground ice on base units: what does not change with time.

    Returns
    -------
    Dataset
        The dataset ``world``, dims (y, x), y descending, EPSG:3413: ``land`` (bool), ``elevation_m`` (float32, defined
        under the sea too) and ``ground_ice`` (float32, standard normal). Equal parameters, seed among them, make the
        same world; its laws stand at `entropice.virtual_arctic.terrain.build_terrain`.
    """
    from entropice.virtual_arctic.terrain import build_terrain

    return build_terrain(parameters)

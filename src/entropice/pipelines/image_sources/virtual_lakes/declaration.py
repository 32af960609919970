"""Virtual lakes as Sentinel-1, Sentinel-2 and an elevation model see them."""

from collections.abc import Sequence
from typing import Final

from kedro.pipeline import Node

from entropice.pipelines.image_sources.declaration import ImageSource, Viewer
from entropice.pipelines.image_sources.virtual_lakes import nodes
from entropice.pipelines.image_sources.virtual_lakes.parameters import VirtualLakes
from entropice.pipelines.image_sources.virtual_lakes.sizes import images
from entropice.pipelines.sources.declaration import SYNTHETIC

WORLD: Final = ("params:task.virtual_lakes.lakes", "params:random_seed")
"""What all of it is made of."""
TILES: Final = "params:task.virtual_lakes.tiles"


def _nodes() -> Sequence[Node]:
    return [
        Node(nodes.list_lakes, inputs=[*WORLD], outputs="lakes", name="list_lakes", tags=["scenes"]),
        Node(nodes.place_chips, inputs=["lakes", TILES, *WORLD], outputs="tiles", name="place_tiles", tags=["scenes"]),
        Node(nodes.render_chips, inputs=["tiles", *WORLD], outputs="images", name="render_images", tags=["scenes"]),
        Node(
            nodes.audit_chips, inputs=["tiles", "lakes", *WORLD], outputs="audits", name="audit_labels", tags=["scenes"]
        ),
    ]


VIRTUAL_LAKES: Final = ImageSource(
    name="virtual_lakes",
    title="virtual lakes as three sensors see them",
    nouns="lakes",
    parameters=VirtualLakes,
    nodes=_nodes,
    images=images,
    licences=(SYNTHETIC,),
    viewer=Viewer(WORLD, nodes.open_scenery),
)

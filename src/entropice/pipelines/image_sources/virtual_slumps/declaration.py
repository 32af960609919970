"""The virtual Arctic seen from above, with slumps."""

from collections.abc import Sequence
from typing import Final

from kedro.pipeline import Node

from entropice.pipelines.image_sources.declaration import ImageSource, Viewer
from entropice.pipelines.image_sources.virtual_slumps import nodes
from entropice.pipelines.image_sources.virtual_slumps.parameters import VirtualSlumpParameters
from entropice.pipelines.image_sources.virtual_slumps.sizes import images
from entropice.pipelines.sources.declaration import SYNTHETIC

SEEN: Final = ("world", "truth", "params:virtual_arctic", "params:task.virtual_slumps.scenes")
"""What scenes are made of."""


def _nodes() -> Sequence[Node]:
    return [
        Node(
            nodes.place_tiles,
            inputs=[
                "given_rts",
                "given_coverage",
                "land",
                "params:task.virtual_slumps.tiles",
                "params:random_seed",
            ],
            outputs="tiles",
            name="place_tiles",
            tags=["scenes"],
        ),
        Node(
            nodes.render_images,
            inputs=["tiles", *SEEN],
            outputs="images",
            name="render_images",
            tags=["scenes"],
        ),
    ]


VIRTUAL_SLUMPS: Final = ImageSource(
    name="virtual_slumps",
    title="the virtual Arctic seen from above",
    nouns="slumps",
    parameters=VirtualSlumpParameters,
    nodes=_nodes,
    images=images,
    licences=(SYNTHETIC,),
    viewer=Viewer(SEEN, nodes.open_scenery),
)

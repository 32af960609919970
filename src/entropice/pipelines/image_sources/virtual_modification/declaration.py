"""A virtual land that people change by a known law, in the files of the published maps."""

from collections.abc import Sequence
from typing import Final

from kedro.pipeline import Node

from entropice.pipelines.image_sources.declaration import ImageSource
from entropice.pipelines.image_sources.virtual_modification import nodes, sizes
from entropice.pipelines.image_sources.virtual_modification.parameters import VirtualModificationParameters
from entropice.pipelines.sources.declaration import SYNTHETIC

LAND: Final = "params:task.virtual_modification.land"
UNIT: Final = "params:task.virtual_modification.unit"


def _nodes() -> Sequence[Node]:
    return [
        Node(
            nodes.make_files,
            inputs=[LAND, UNIT, "params:random_seed"],
            outputs="files",
            name="make_files",
            tags=["scenes"],
        ),
        Node(nodes.read_fields, inputs=["files", UNIT], outputs="fields", name="read_fields", tags=["scenes"]),
        Node(
            nodes.forecast_by_law,
            inputs=[LAND, "params:task.virtual_modification.ceiling", "params:random_seed"],
            outputs="ceiling",
            name="forecast_by_law",
            tags=["scenes"],
        ),
    ]


VIRTUAL_MODIFICATION: Final = ImageSource(
    name="virtual_modification",
    title="a virtual land that people change",
    nouns="changes",
    parameters=VirtualModificationParameters,
    nodes=_nodes,
    images=sizes.fields,
    licences=(SYNTHETIC,),
)

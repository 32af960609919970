"""Chips of real glacial lakes from three sensors: a folder that somebody gives (``<task>.files``)."""

from collections.abc import Sequence
from typing import Final

from kedro.pipeline import Node

from entropice.pipelines.image_sources.declaration import ImageSource, Viewer
from entropice.pipelines.image_sources.lake_chips import nodes
from entropice.pipelines.image_sources.lake_chips.licences import LICENCES
from entropice.pipelines.image_sources.lake_chips.parameters import LakeChipParameters

SECTION: Final = "params:task.lake_chips"


def _nodes() -> Sequence[Node]:
    return [
        Node(nodes.read_tiles, inputs=["files", SECTION], outputs="tiles", name="read_tiles", tags=["scenes"]),
        Node(
            nodes.copy_chips,
            inputs=["files", "tiles", SECTION],
            outputs="images",
            name="copy_chips",
            tags=["scenes"],
        ),
        Node(
            nodes.copy_audits,
            inputs=["files", "tiles", SECTION],
            outputs="audits",
            name="copy_audits",
            tags=["scenes"],
        ),
    ]


LAKE_CHIPS: Final = ImageSource(
    name="lake_chips",
    title="chips of three sensors, given as a folder",
    nouns="glacial lakes",
    parameters=LakeChipParameters,
    nodes=_nodes,
    viewer=Viewer(("images", "audits"), nodes.open_scenery),
    licences=LICENCES,
)

"""Images under ice charts: what analysts of NOAA/NESDIS saw, as masks to learn from (``<task>.files``)."""

from collections.abc import Sequence
from typing import Final

from kedro.pipeline import Node

from entropice.pipelines.image_sources.declaration import ImageSource
from entropice.pipelines.image_sources.ice_charts import download, nodes, snapshots
from entropice.pipelines.image_sources.ice_charts.licences import LICENCES
from entropice.pipelines.image_sources.ice_charts.parameters import IceChartParameters


def _nodes() -> Sequence[Node]:
    return [
        Node(
            nodes.cut_tiles,
            inputs=["files", "params:task.ice_charts"],
            outputs="images",
            name="cut_tiles",
            tags=["scenes"],
        )
    ]


ICE_CHARTS: Final = ImageSource(
    name="ice_charts",
    title="images under ice charts",
    nouns="sea ice",
    parameters=IceChartParameters,
    nodes=_nodes,
    licences=LICENCES,
    downloads=(download.DOWNLOAD, snapshots.DOWNLOAD),
)

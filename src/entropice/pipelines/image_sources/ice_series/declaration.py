"""Real series of ice concentration: a folder with files of NSIDC, OSI SAF or ESA CCI (``<task>.files``)."""

from collections.abc import Sequence
from typing import Final

from kedro.pipeline import Node

from entropice.pipelines.image_sources.declaration import ImageSource
from entropice.pipelines.image_sources.ice_series import nodes
from entropice.pipelines.image_sources.ice_series.download import DOWNLOAD
from entropice.pipelines.image_sources.ice_series.parameters import IceSeriesParameters
from entropice.pipelines.image_sources.licences import licence_of
from entropice.sources.ice.products import CONCENTRATIONS


def _nodes() -> Sequence[Node]:
    return [
        Node(
            nodes.read_fields,
            inputs=["files", "params:task.ice_series"],
            outputs="fields",
            name="read_fields",
            tags=["scenes"],
        )
    ]


ICE_SERIES: Final = ImageSource(
    name="ice_series",
    title="series of sea ice concentration",
    nouns="sea ice",
    parameters=IceSeriesParameters,
    nodes=_nodes,
    licences=tuple(map(licence_of, CONCENTRATIONS)),
    licences_of=lambda section: (licence_of(section.declared),),
    downloads=(DOWNLOAD,),
)

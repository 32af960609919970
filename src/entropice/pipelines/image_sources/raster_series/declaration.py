"""A folder of rasters of one quantity, a file a step, given by its path in the catalog (``<task>.files``)."""

from collections.abc import Sequence
from typing import Final

from kedro.pipeline import Node

from entropice.pipelines.image_sources.declaration import ImageSource
from entropice.pipelines.image_sources.licences import licence_of
from entropice.pipelines.image_sources.raster_series import nodes
from entropice.pipelines.image_sources.raster_series.parameters import RasterSeriesParameters
from entropice.sources.series.registry import RASTER_PRODUCTS


def _nodes() -> Sequence[Node]:
    return [
        Node(
            nodes.read_fields,
            inputs=["files", "params:task.raster_series"],
            outputs="fields",
            name="read_fields",
            tags=["scenes"],
        )
    ]


RASTER_SERIES: Final = ImageSource(
    name="raster_series",
    title="a folder of rasters, a file a step",
    nouns="changes",
    parameters=RasterSeriesParameters,
    nodes=_nodes,
    licences=tuple(map(licence_of, RASTER_PRODUCTS)),
    licences_of=lambda section: (licence_of(section.declared[0]),),
)

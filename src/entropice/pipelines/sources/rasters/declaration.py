"""Rasters of the user's own: statistics of cells, or shares of categories."""

from kedro.pipeline import Node

from entropice.pipelines.sources.declaration import WHERE, FeatureSource
from entropice.pipelines.sources.rasters import nodes
from entropice.pipelines.sources.rasters.parameters import RasterParameters
from entropice.pipelines.sources.rasters.work import raster_work


def _nodes() -> list[Node]:
    return [
        Node(
            nodes.plan_rasters,
            ["raster_files", "cells", "params:features.years", "params:features.rasters"],
            "raster_statistics",
            name="reduce_rasters",
            tags=["rasters", "heavy"],
        ),
        Node(
            nodes.derive_rasters,
            ["raster_statistics", *WHERE, "params:features.rasters"],
            "raster_features",
            name="derive_rasters",
            tags=["rasters"],
        ),
    ]


RASTERS = FeatureSource(
    "rasters",
    is_local=True,
    group="rasters",
    dataset="raster_features",
    files="raster_files",
    parameters=RasterParameters,
    nodes=_nodes,
    plan="raster_statistics",
    work=raster_work,
    # deflated float32, H3 level 6: 5 million with pixels of longitude and latitude, 8 to 14 million on a map
    values_per_s=5e6,
)

"""ArcticDEM: terrain of cells."""

from kedro.pipeline import Node

from entropice.pipelines.sources.arcticdem import nodes
from entropice.pipelines.sources.arcticdem.download import ElevationParameters, plan_elevation
from entropice.pipelines.sources.arcticdem.parameters import TerrainParameters
from entropice.pipelines.sources.arcticdem.virtual import cut_elevation_tiles
from entropice.pipelines.sources.arcticdem.work import terrain_work
from entropice.pipelines.sources.declaration import WHERE, Download, FeatureSource, Licence, VirtualFile


def _nodes() -> list[Node]:
    return [
        Node(
            nodes.plan_terrain,
            ["elevation_tiles", "cells", "params:features.terrain"],
            "terrain_moments",
            name="reduce_terrain",
            tags=["terrain", "heavy"],
        ),
        Node(
            nodes.derive_terrain,
            ["terrain_moments", *WHERE, "params:features.terrain"],
            "terrain_features",
            name="derive_terrain",
            tags=["terrain"],
        ),
    ]


ARCTICDEM = FeatureSource(
    "arcticdem",
    licence=Licence(
        "ArcticDEM v4.1 mosaics",
        "free to use with credit; Alaska from 2022 on is excepted",
        "ArcticDEM: Porter et al. 2023, Harvard Dataverse V1, doi 10.7910/DVN/3VDC4W. DEMs provided by the Polar "
        "Geospatial Center under NSF-OPP awards 1043681, 1559691, 1542736, 1810976 and 2129685.",
        "www.pgc.umn.edu/data/arcticdem",
    ),
    download=Download("elevation", ElevationParameters, plan_elevation, is_regional=True),
    virtual_files=(VirtualFile(cut_elevation_tiles, ("world",), ("elevation_tiles",)),),
    group="terrain",
    dataset="terrain_features",
    files="elevation_tiles",
    parameters=TerrainParameters,
    nodes=_nodes,
    feature_names=nodes.feature_names,
    plan="terrain_moments",
    work=terrain_work,
    # blocks of 1024² and 2048² pixels of 32 m, radii of 1, 3 and 10 km, H3 level 6: 4.3 and 2.4 million, halo included
    values_per_s=3e6,
)

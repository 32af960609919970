"""Wiring of the features pipeline."""

from typing import Literal

from kedro.pipeline import Node, Pipeline

from entropice.errors import ConfigError
from entropice.pipelines.features import climate_nodes, embedding_nodes, nodes, terrain_nodes


def create_pipeline(
    climate: Literal["era5_monthly", "era5_hourly", "era5_fields"] | None,
    terrain: Literal["arcticdem"] | None,
    embeddings: Literal["alphaearth"] | None,
) -> Pipeline:
    """Climate, terrain and embeddings of every cell; a source of None leaves its feature group out.

    Raises
    ------
    ConfigError
        If no group is left.
    """
    groups = {
        "climate_features": [] if climate is None else _climate_nodes(climate),
        "terrain_features": [] if terrain is None else _terrain_nodes(),
        "embedding_features": [] if embeddings is None else _embedding_nodes(),
    }
    present = [name for name, made_by in groups.items() if made_by]
    if not present:
        raise ConfigError(
            "There is no feature group.",
            field="climate, terrain, embeddings",
            got="null, null, null",
            expected="one source or more",
            fix="name a source in composition.yml",
        )
    assemble = Node(
        nodes.assemble_features, ["cells", *present], "features", name="assemble_features", tags=["features"]
    )
    every = [node for made_by in groups.values() for node in made_by]
    return Pipeline([*every, assemble], namespace="features", prefix_datasets_with_namespace=False)


def _climate_nodes(source: Literal["era5_monthly", "era5_hourly", "era5_fields"]) -> list[Node]:
    where = ["cells", "params:grid", "params:features.years"]
    prepare, derive = {
        "era5_monthly": (
            Node(
                climate_nodes.normalise_monthly_climate,
                ["climate_file", "cells"],
                "climate",
                name="normalise_climate",
                tags=["climate"],
            ),
            Node(
                climate_nodes.derive_climate_indices,
                ["climate", *where, "params:features.climate"],
                "climate_features",
                name="derive_climate",
                tags=["climate"],
            ),
        ),
        "era5_hourly": (
            Node(
                climate_nodes.plan_hourly_climate,
                ["climate_file", "cells", "params:features.years", "params:features.climate"],
                "climate_years",
                name="reduce_climate",
                tags=["climate", "heavy"],
            ),
            Node(
                climate_nodes.derive_hourly_climate,
                ["climate_years", "climate_file", *where, "params:features.climate"],
                "climate_features",
                name="derive_climate",
                tags=["climate"],
            ),
        ),
        "era5_fields": (
            Node(
                climate_nodes.normalise_climate_fields,
                "climate_file",
                "climate",
                name="normalise_climate",
                tags=["climate"],
            ),
            Node(
                climate_nodes.derive_climate_fields,
                ["climate", *where],
                "climate_features",
                name="derive_climate",
                tags=["climate"],
            ),
        ),
    }[source]
    return [prepare, derive]


def _terrain_nodes() -> list[Node]:
    return [
        Node(
            terrain_nodes.plan_terrain,
            ["elevation_tiles", "cells", "params:features.terrain"],
            "terrain_moments",
            name="reduce_terrain",
            tags=["terrain", "heavy"],
        ),
        Node(
            terrain_nodes.derive_terrain,
            ["terrain_moments", "cells", "params:grid", "params:features.years", "params:features.terrain"],
            "terrain_features",
            name="derive_terrain",
            tags=["terrain"],
        ),
    ]


def _embedding_nodes() -> list[Node]:
    return [
        Node(
            embedding_nodes.plan_embeddings,
            ["embedding_files", "cells", "params:features.years", "params:features.embeddings"],
            "embedding_moments",
            name="reduce_embeddings",
            tags=["embeddings", "heavy"],
        ),
        Node(
            embedding_nodes.derive_embeddings,
            ["embedding_moments", "cells", "params:grid", "params:features.years", "params:features.embeddings"],
            "embedding_features",
            name="derive_embeddings",
            tags=["embeddings"],
        ),
    ]

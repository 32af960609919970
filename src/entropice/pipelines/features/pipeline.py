"""Wiring of the features pipeline."""

from typing import Literal

from kedro.pipeline import Node, Pipeline

from entropice.errors import ConfigError
from entropice.pipelines.features import climate_nodes, nodes, terrain_nodes


def create_pipeline(
    climate: Literal["era5_monthly", "era5_fields"] | None, terrain: Literal["arcticdem"] | None
) -> Pipeline:
    """Climate and terrain of every cell, from the sources given; a source of None leaves its feature group out.

    Raises
    ------
    ConfigError
        If no group is left.
    """
    groups = {
        "climate_features": [] if climate is None else _climate_nodes(climate),
        "terrain_features": [] if terrain is None else _terrain_nodes(),
    }
    present = [name for name, made_by in groups.items() if made_by]
    if not present:
        raise ConfigError(
            "There is no feature group.",
            field="climate, terrain",
            got="null, null",
            expected="one source or more",
            fix="name a source in composition.yml",
        )
    assemble = Node(
        nodes.assemble_features, ["cells", *present], "features", name="assemble_features", tags=["features"]
    )
    every = [node for made_by in groups.values() for node in made_by]
    return Pipeline([*every, assemble], namespace="features", prefix_datasets_with_namespace=False)


def _climate_nodes(source: Literal["era5_monthly", "era5_fields"]) -> list[Node]:
    where = ["climate", "cells", "params:grid", "params:features.years"]
    normalise, derive, inputs = {
        "era5_monthly": (
            climate_nodes.normalise_monthly_climate,
            climate_nodes.derive_climate_indices,
            [*where, "params:features.climate"],
        ),
        "era5_fields": (climate_nodes.normalise_climate_fields, climate_nodes.derive_climate_fields, where),
    }[source]
    return [
        Node(normalise, "climate_file", "climate", name="normalise_climate", tags=["climate"]),
        Node(derive, inputs, "climate_features", name="derive_climate", tags=["climate"]),
    ]


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
            ["terrain_moments", "cells", "params:grid", "params:features.years"],
            "terrain_features",
            name="derive_terrain",
            tags=["terrain"],
        ),
    ]

"""Wiring of the features pipeline."""

from typing import Literal

from kedro.pipeline import Node, Pipeline

from entropice.errors import ConfigError
from entropice.pipelines.features import nodes


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
    normalise, derive = {
        "era5_monthly": (nodes.normalise_monthly_climate, nodes.derive_climate_indices),
        "era5_fields": (nodes.normalise_climate_fields, nodes.derive_climate_fields),
    }[source]
    return [
        Node(normalise, "climate_file", "climate", name="normalise_climate", tags=["climate"]),
        Node(
            derive,
            ["climate", "cells", "params:grid", "params:features"],
            "climate_features",
            name="derive_climate",
            tags=["climate"],
        ),
    ]


def _terrain_nodes() -> list[Node]:
    return [
        Node(
            nodes.derive_terrain,
            ["elevation_tiles", "cells", "params:grid", "params:features"],
            "terrain_features",
            name="derive_terrain",
            tags=["terrain", "heavy"],
        )
    ]

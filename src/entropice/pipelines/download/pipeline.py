"""Wiring of the download: one step a source."""

from collections.abc import Callable
from typing import Any

from kedro.pipeline import Node, Pipeline

from entropice.pipelines.download import nodes

REGION = "params:grids.region"
TRANSFER = "params:download.transfer"


def create_pipeline(*, climate: bool, terrain: bool, embeddings: bool) -> Pipeline:
    """What the environment reads: land and labels always, the feature groups' sources where it has them."""
    sources: dict[str, tuple[Callable[..., Any], bool, bool]] = {
        "land": (nodes.plan_land, False, True),
        "labels": (nodes.plan_labels, False, True),
        "climate": (nodes.plan_climate, True, climate),
        "elevation": (nodes.plan_elevation, True, terrain),
        "embeddings": (nodes.plan_embeddings, True, embeddings),
    }
    steps = [
        Node(
            plan,
            [f"params:download.{name}", *([REGION] if is_regional else []), TRANSFER],
            f"{name}_download",
            name=f"download_{name}",
            tags=["download", name],
        )
        for name, (plan, is_regional, is_wanted) in sources.items()
        if is_wanted
    ]
    return Pipeline(steps, namespace="download", prefix_datasets_with_namespace=False)

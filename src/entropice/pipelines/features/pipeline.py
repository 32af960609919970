"""Wiring of the features pipeline."""

from typing import TYPE_CHECKING, Final

from kedro.pipeline import Node, Pipeline

from entropice.pipelines.declaration import PipelineDeclaration
from entropice.pipelines.features import nodes
from entropice.pipelines.features.parameters import FeatureParameters

if TYPE_CHECKING:
    from entropice.pipelines.composition import Composition


def create_pipeline(composition: "Composition") -> Pipeline:
    """Every feature group of the environment, and all of them as one cube.

    The steps of each source, in the order of the registry, make its cube (``climate_features``, ``terrain_features``
    and the like) of its files and ``cells``; the last step joins the cubes as ``features``.
    """
    sources = composition.feature_sources
    assemble = Node(
        nodes.assemble_features,
        ["cells", *(source.dataset for source in sources)],
        "features",
        name="assemble_features",
        tags=["features"],
    )
    steps = [node for source in sources for node in source.nodes()]
    return Pipeline([*steps, assemble], namespace="features", prefix_datasets_with_namespace=False)


FEATURES: Final = PipelineDeclaration("features", create_pipeline, FeatureParameters)

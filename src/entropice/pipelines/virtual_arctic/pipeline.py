"""Wiring of the virtual Arctic."""

from typing import TYPE_CHECKING, Final

from kedro.pipeline import Node, Pipeline

from entropice.pipelines.declaration import PipelineDeclaration
from entropice.pipelines.sources.declaration import VirtualFile
from entropice.pipelines.virtual_arctic import nodes
from entropice.pipelines.virtual_arctic.parameters import VirtualArcticParameters

if TYPE_CHECKING:
    from entropice.pipelines.composition import Composition

_PARAMETERS: Final = "params:virtual_arctic"


def create_pipeline(composition: "Composition") -> Pipeline:
    """One world, and the files of every source that stand for it.

    The step ``build_world`` makes ``world`` of ``params:virtual_arctic``; each virtual file of the composition's
    sources has a step of its own, named as its function.
    """
    world = Node(nodes.build_world, _PARAMETERS, "world", name="build_world", tags="virtual_arctic")
    steps = [_step(file) for source in composition.sources for file in source.virtual_files]
    return Pipeline([world, *steps], namespace="virtual_arctic", prefix_datasets_with_namespace=False)


def _step(file: VirtualFile) -> Node:
    return Node(
        file.node,
        [*file.inputs, *([_PARAMETERS] if file.has_parameters else [])],
        list(file.outputs) if len(file.outputs) > 1 else file.outputs[0],
        name=file.node.__name__,
        tags="virtual_arctic",
    )


VIRTUAL_ARCTIC: Final = PipelineDeclaration("virtual_arctic", create_pipeline, VirtualArcticParameters)

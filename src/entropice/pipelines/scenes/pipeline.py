"""Wiring of what makes or fetches images."""

from typing import TYPE_CHECKING, Final

from kedro.pipeline import Pipeline

from entropice.pipelines.declaration import PipelineDeclaration
from entropice.pipelines.tasks.namespaced import of_tasks

if TYPE_CHECKING:
    from entropice.pipelines.composition import Composition


def create_pipeline(composition: "Composition") -> Pipeline:
    """Each task's source makes its images."""
    return of_tasks(composition, lambda task: task.image_source.nodes())


SCENES: Final = PipelineDeclaration("scenes", create_pipeline, None)

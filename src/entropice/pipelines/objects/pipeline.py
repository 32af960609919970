"""Wiring of objects: pixels that lie together, as masks find them."""

from typing import Final

from entropice.pipelines.kinds.mask.steps import evaluation_of_objects
from entropice.pipelines.tasks.namespaced import task_pipeline

OBJECTS: Final = task_pipeline("objects", evaluation_of_objects)

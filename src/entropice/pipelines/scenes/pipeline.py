"""Wiring of what makes or fetches images: each task's source has its own steps."""

from typing import Final

from entropice.pipelines.tasks.namespaced import task_pipeline

SCENES: Final = task_pipeline("scenes", lambda task: task.image_source.nodes())

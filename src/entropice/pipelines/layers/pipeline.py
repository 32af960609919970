"""Wiring of what map and report show of a task: each task's kind has its own steps."""

from typing import Final

from entropice.pipelines.tasks.namespaced import task_pipeline

LAYERS: Final = task_pipeline("layers", lambda task: task.answer.layers(task))

"""Wiring of a network's training: each task's kind has its own steps."""

from typing import Final

from entropice.pipelines.tasks.namespaced import task_pipeline

TRAINING: Final = task_pipeline("training", lambda task: task.answer.training(task))

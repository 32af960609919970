"""Wiring of what is learned from: each task's kind has its own steps."""

from typing import Final

from entropice.pipelines.tasks.namespaced import task_pipeline

SAMPLES: Final = task_pipeline("samples", lambda task: task.answer.samples(task))

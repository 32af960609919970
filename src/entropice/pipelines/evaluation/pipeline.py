"""Wiring of how good a network is: each task's kind has its own steps."""

from typing import Final

from entropice.pipelines.tasks.namespaced import task_pipeline

EVALUATION: Final = task_pipeline("evaluation", lambda task: task.answer.evaluation(task))

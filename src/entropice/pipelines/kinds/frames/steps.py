"""Steps of a task that asks for the next frames of a sequence."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from kedro.pipeline import Node

from entropice.pipelines.kinds.frames import nodes

if TYPE_CHECKING:
    from entropice.pipelines.tasks.task import Task

CEILING: Final = "ceiling"
"""Forecasts by the law itself, given by a source that knows it: `entropice.imagery.frames.given`."""

_SEEN: Final = ("params:task.bands", "params:task.target_bands", "params:task.samples")
_JUDGED: Final = ("params:task.target_bands", "params:task.samples", "params:task.training", "params:task.evaluation")


def samples(_: "Task") -> Sequence[Node]:
    """Sequences are cut from fields, dealt into parts, measured and checked.

    ``fields`` → ``tiles`` → ``splits`` → ``statistics`` → ``data_check``.
    """
    windows = "params:task.samples.windows"
    return [
        Node(
            nodes.place_windows,
            inputs=["fields", "params:task.target_bands", windows, "params:random_seed"],
            outputs="tiles",
            name="place_windows",
            tags=["samples"],
        ),
        Node(
            nodes.split_windows,
            inputs=[
                *("fields", "tiles", "params:grid"),
                *(windows, "params:task.samples.splits", "params:random_seed"),
            ],
            outputs="splits",
            name="split_windows",
            tags=["samples"],
        ),
        Node(
            nodes.measure_bands,
            inputs=["fields", "tiles", "splits", *_SEEN, "params:random_seed"],
            outputs="statistics",
            name="measure_bands",
            tags=["samples"],
        ),
        Node(
            nodes.check_windows,
            inputs=["fields", "tiles", "splits", "statistics", *_SEEN, "params:random_seed"],
            outputs="data_check",
            name="check_windows",
            tags=["samples"],
        ),
    ]


def training(_: "Task") -> Sequence[Node]:
    """Sequences become a trained network.

    ``fields``, ``tiles``, ``splits``, ``statistics``, ``data_check`` → ``network``.
    """
    made_of = ["fields", "tiles", "splits", "statistics", "data_check"]
    return [
        Node(
            nodes.train_network,
            inputs=[*made_of, *_SEEN, "params:task.network", "params:task.training"],
            outputs="network",
            name="train_network",
            tags=["training"],
        ),
    ]


def evaluation(task: "Task") -> Sequence[Node]:
    """Network, rivals and the law, where the source gives it, are judged, scored and watched.

    ``network`` and the sequences → ``forecast_sums`` → ``task_scores``, ``monitor`` and ``retraining_advice``.
    ``ceiling`` is read where a step of the task's source makes it.
    """
    return [
        Node(
            nodes.judge_forecasts,
            inputs=["network", "fields", "tiles", "splits", "statistics", *_JUDGED, *_given(task)],
            outputs="forecast_sums",
            name="judge_forecasts",
            tags=["evaluation"],
        ),
        Node(
            nodes.score_forecasts,
            inputs=["forecast_sums", "params:task.evaluation", "params:random_seed"],
            outputs="task_scores",
            name="score_forecasts",
            tags=["evaluation"],
        ),
        Node(
            nodes.monitor_forecasts,
            inputs=["fields", "forecast_sums", "params:task.evaluation.monitor"],
            outputs=["monitor", "retraining_advice"],
            name="monitor_forecasts",
            tags=["evaluation"],
        ),
    ]


def layers(_: "Task") -> Sequence[Node]:
    """What map, report and model card show: ``map_layers``, ``panel`` and ``card_facts``."""
    return [
        Node(
            nodes.map_forecasts,
            inputs=["network", "fields", "statistics", *_JUDGED],
            outputs="map_layers",
            name="map_forecasts",
            tags=["layers"],
        ),
        Node(
            nodes.draw_panel,
            inputs=["network", "fields", "tiles", "statistics", "forecast_sums", *_JUDGED],
            outputs="panel",
            name="draw_panel",
            tags=["layers"],
        ),
        Node(
            nodes.tell_facts,
            inputs=["fields", "splits", "task_scores", *_SEEN, "params:task.evaluation"],
            outputs="card_facts",
            name="tell_facts",
            tags=["layers"],
        ),
    ]


def _given(task: "Task") -> list[str]:
    """The ceiling, where a step of the source makes it."""
    return [CEILING] if any(CEILING in node.outputs for node in task.image_source.nodes()) else []

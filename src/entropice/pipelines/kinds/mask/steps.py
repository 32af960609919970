"""Steps of a task that asks for a mask."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from kedro.pipeline import Node

from entropice.pipelines.kinds.mask import nodes
from entropice.pipelines.kinds.mask.evaluation import nodes as evaluation
from entropice.pipelines.samples.steps import checking, measuring
from entropice.pipelines.training.steps import learning

if TYPE_CHECKING:
    from entropice.pipelines.tasks.task import Task


def samples(_: "Task") -> Sequence[Node]:
    """Tiles are split, measured and checked: ``tiles``, ``images`` → ``splits``, ``statistics``, ``data_check``."""
    return [
        Node(
            nodes.split_tiles,
            inputs=[
                "tiles",
                "images",
                "params:grid",
                "params:task.samples",
                "params:random_seed",
            ],
            outputs="splits",
            name="split_tiles",
            tags=["samples"],
        ),
        measuring(),
        checking(),
    ]


def training(_: "Task") -> Sequence[Node]:
    """Samples become a trained network, with distances to the edges of labels where a loss needs them.

    ``images``, ``splits``, ``statistics``, ``data_check`` → ``distances`` → ``network``.
    """
    return [
        Node(
            nodes.measure_distances,
            inputs=["images", "splits", "params:task.training.losses"],
            outputs="distances",
            name="measure_distances",
            tags=["training"],
        ),
        learning(nodes.train_network, "params:task.evaluation.ratios", "distances"),
    ]


def evaluation_of_pixels(_: "Task") -> Sequence[Node]:
    """Network and rivals are asked on held-out tiles, calibrated on some of them and scored on the others.

    ``network``, ``images``, ``splits``, ``statistics`` → ``held_out`` → ``calibration`` → ``image_scores``,
    ``chip_scores``, ``threshold_sweep``, ``image_curves``; and ``drift``, of images alone.
    """
    return [
        Node(
            evaluation.judge_held_out,
            inputs=[
                "network",
                "images",
                "splits",
                "statistics",
                "params:task.samples",
                "params:task.training",
                "params:task.evaluation",
            ],
            outputs="held_out",
            name="judge_held_out",
            tags=["evaluation"],
        ),
        Node(
            evaluation.calibrate,
            inputs=["held_out", "splits", "tiles", "params:task.evaluation"],
            outputs="calibration",
            name="calibrate",
            tags=["evaluation"],
        ),
        *_scoring_of_pixels(),
    ]


def _scoring_of_pixels() -> Sequence[Node]:
    """Scores by image and by chip, curves, and what drift of the images would cost."""
    return [
        Node(
            evaluation.score_images,
            inputs=["held_out", "calibration", "params:task.evaluation", "params:random_seed"],
            outputs="image_scores",
            name="score_images",
            tags=["evaluation"],
        ),
        Node(
            evaluation.score_chips,
            inputs=["held_out", "calibration", "tiles", "params:task.evaluation"],
            outputs=["chip_scores", "threshold_sweep"],
            name="score_chips",
            tags=["evaluation"],
        ),
        Node(
            evaluation.draw_curves,
            inputs=["held_out", "calibration", "params:task.evaluation"],
            outputs="image_curves",
            name="draw_curves",
            tags=["evaluation"],
        ),
        Node(
            evaluation.measure_drift,
            inputs=[
                "images",
                "splits",
                "statistics",
                "params:task.bands",
                "params:task.samples",
                "params:task.evaluation.drift",
                "params:random_seed",
            ],
            outputs="drift",
            name="measure_drift",
            tags=["evaluation"],
        ),
    ]


def evaluation_of_objects(_: "Task") -> Sequence[Node]:
    """Pixels above the threshold that was chosen make objects, which are calibrated and scored in turn.

    ``network``, ``images``, ``splits``, ``statistics``, ``calibration`` → ``held_out_objects``, ``held_out_ground`` →
    ``object_calibration``, ``object_scores``.
    """
    return [
        Node(
            evaluation.judge_objects,
            inputs=[
                "network",
                "images",
                "splits",
                "statistics",
                "calibration",
                "params:task.samples",
                "params:task.training",
                "params:task.evaluation",
            ],
            outputs=["held_out_objects", "held_out_ground"],
            name="judge_objects",
            tags=["objects"],
        ),
        Node(
            evaluation.calibrate_objects,
            inputs=["held_out_objects", "held_out_ground", "calibration", "params:task.evaluation"],
            outputs="object_calibration",
            name="calibrate_objects",
            tags=["objects"],
        ),
        Node(
            evaluation.score_objects,
            inputs=["held_out_objects", "held_out_ground", "params:task.evaluation", "params:random_seed"],
            outputs="object_scores",
            name="score_objects",
            tags=["objects"],
        ),
    ]


def layers(_: "Task") -> Sequence[Node]:
    """What map, report and model card show: ``task_scores``, ``map_layers``, ``panel`` and ``card_facts``."""
    looked_at = [
        *("network", "images", "splits", "statistics", "calibration"),
        *("params:task.samples", "params:task.training", "params:task.evaluation"),
    ]
    return [
        Node(
            evaluation.tell_scores,
            ["image_scores", "chip_scores", "held_out", "calibration", "params:task.evaluation", "params:random_seed"],
            "task_scores",
            name="tell_scores",
            tags=["layers"],
        ),
        Node(evaluation.map_chances, looked_at, "map_layers", name="map_chances", tags=["layers"]),
        Node(evaluation.draw_panel, looked_at, "panel", name="draw_panel", tags=["layers"]),
        Node(
            evaluation.tell_facts,
            ["splits", "params:task.bands", "params:task.evaluation"],
            "card_facts",
            name="tell_facts",
            tags=["layers"],
        ),
    ]

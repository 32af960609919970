"""The step that trains the network of a mask, a class or a change."""

from collections.abc import Callable
from typing import Any

from kedro.pipeline import Node


def learning(train: Callable[..., Any], *more: str) -> Node:
    """Checked samples become a trained network; `more` is what only this kind asks for.

    The step ``train_network`` makes ``network`` of ``images``, ``splits``, ``statistics``, ``data_check``, the task's
    bands, samples, network and training, and `more`, which `train` gets in this order.
    """
    return Node(
        train,
        inputs=[
            "images",
            "splits",
            "statistics",
            "data_check",
            "params:task.bands",
            "params:task.samples",
            "params:task.network",
            "params:task.training",
            *more,
        ],
        outputs="network",
        name="train_network",
        tags=["training"],
    )

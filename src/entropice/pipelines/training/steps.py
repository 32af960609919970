"""The step that trains the network of a mask, a class or a change."""

from collections.abc import Callable
from typing import Any

from kedro.pipeline import Node


def learning(train: Callable[..., Any], *more: str) -> Node:
    """Checked samples become a trained network; `more` is what only this kind asks for."""
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

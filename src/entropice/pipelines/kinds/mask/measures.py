"""Names of what the validation of a network tells of an epoch."""

from collections.abc import Iterable
from typing import Final

BALANCED: Final = 1.0
"""The ratio that says how well classes are told apart, and never what is met in a landscape."""

SCORES: Final = ("pr_auc", "iou_positive")
"""At every ratio."""


def measure(ratio: float, score: str) -> str:
    """The name of a score at a ratio of negative to positive pixels; at 1 it is called balanced.

    >>> measure(1.0, "pr_auc"), measure(100.0, "iou_positive")
    ('val_balanced_pr_auc', 'val_100_iou_positive')
    """
    return f"val_{'balanced' if ratio == BALANCED else format(ratio, 'g')}_{score}"


def measures(ratios: Iterable[float]) -> tuple[str, ...]:
    """The names of all, balanced first, then the ratios in their order, each once.

    >>> measures([10.0, 1.0])[:3]
    ('val_balanced_pr_auc', 'val_balanced_iou_positive', 'val_10_pr_auc')
    """
    return tuple(measure(ratio, score) for ratio in dict.fromkeys((BALANCED, *ratios)) for score in SCORES)

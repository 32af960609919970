"""Names of what the validation of a network tells of an epoch."""

from collections.abc import Iterable
from typing import Final

BALANCED: Final = 1.0
"""The ratio that says how well classes are told apart, and never what is met in a landscape."""

SCORES: Final = ("pr_auc", "iou_positive")
"""At every ratio."""


def measure(ratio: float, score: str) -> str:
    """The name of a score at a ratio."""
    return f"val_{'balanced' if ratio == BALANCED else format(ratio, 'g')}_{score}"


def measures(ratios: Iterable[float]) -> tuple[str, ...]:
    """The names of all, balanced first."""
    return tuple(measure(ratio, score) for ratio in dict.fromkeys((BALANCED, *ratios)) for score in SCORES)

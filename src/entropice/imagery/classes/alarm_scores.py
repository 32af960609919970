"""What an alarm for images of none of the classes costs and spares."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Final

import numpy as np
import pandas as pd

from entropice.imagery.block_bootstrap import bootstrap
from entropice.imagery.classes.judged import JudgedImages
from entropice.imagery.classes.score_table import membership
from entropice.quotients import quotient
from entropice.types import BoolArray, CellIds, DataFrame, FloatArray


@dataclass(frozen=True, eq=False)
class AlarmedImages:
    """Images with what an alarm says of them.

    Attributes
    ----------
    images
        What a model says.
    rings
        (n,) whether the alarm takes an image for none of the classes.
    confident_from
        Chance of an answer from which on it is confident.
    """

    images: JudgedImages
    rings: BoolArray
    confident_from: float

    @property
    def is_right(self) -> BoolArray:
        """(n,) whether the class with the highest chance is true."""
        return np.asarray(self.images.answers == self.images.labels)

    @property
    def is_confidently_wrong(self) -> BoolArray:
        """(n,) whether a class that is not true has a chance of at least `confident_from`."""
        return np.asarray(~self.is_right & (self.images.confidence >= self.confident_from))


AlarmFunction = Callable[[AlarmedImages, FloatArray], FloatArray]


@dataclass(frozen=True)
class AlarmScore:
    """One score of an alarm; as `entropice.imagery.classes.score_table.ClassScore`."""

    name: str
    title: str
    score: AlarmFunction
    best: float


def alarm_rate(alarmed: AlarmedImages, weights: FloatArray) -> FloatArray:
    """Share (…,) of images of the classes that ring it."""
    return quotient(weights @ alarmed.rings, weights.sum(axis=-1))


def accuracy_of_answered(alarmed: AlarmedImages, weights: FloatArray) -> FloatArray:
    """Share (…,) that is right of those that do not ring it; NaN where all do."""
    return quotient(weights @ (alarmed.is_right & ~alarmed.rings), weights @ ~alarmed.rings)


def confident_errors(alarmed: AlarmedImages, weights: FloatArray) -> FloatArray:
    """Share (…,) of all images that are answered wrongly with confidence, without an alarm."""
    return quotient(weights @ alarmed.is_confidently_wrong, weights.sum(axis=-1))


def confident_errors_left(alarmed: AlarmedImages, weights: FloatArray) -> FloatArray:
    """Share (…,) of all images that are answered wrongly with confidence, and for which the alarm does not ring.

    Weights are (…, n); NaN where they are all 0.
    """
    return quotient(weights @ (alarmed.is_confidently_wrong & ~alarmed.rings), weights.sum(axis=-1))


ALARM_SCORES: Final[tuple[AlarmScore, ...]] = (
    AlarmScore("alarm_rate", "false alarms", alarm_rate, 0),
    AlarmScore("accuracy_of_answered", "accuracy where no alarm rings", accuracy_of_answered, 1),
    AlarmScore("confident_errors", "confident errors, no alarm", confident_errors, 0),
    AlarmScore("confident_errors_left", "confident errors, with alarm", confident_errors_left, 0),
)


def alarm_score_table(alarmed: AlarmedImages, blocks: CellIds, replicates: FloatArray) -> DataFrame:
    """Every declared score; columns and parameters as `entropice.imagery.classes.score_table.class_score_table`."""
    counts = membership(blocks)

    def rows() -> Iterator[dict[str, object]]:
        for declared in ALARM_SCORES:
            each = bootstrap(partial(declared.score, alarmed), counts, replicates)
            yield {
                "score": declared.name, "part": None, "value": each.value, "low_95": each.low_95,
                "high_95": each.high_95, "n_blocks": each.n_blocks, "n": len(alarmed.rings),
            }  # fmt: skip

    return pd.DataFrame(list(rows()))

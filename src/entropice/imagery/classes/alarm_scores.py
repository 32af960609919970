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
    """One score (…,) of an alarm, of images with weights (…, n), in the fields of `ClassScore`."""

    name: str
    title: str
    score: AlarmFunction
    best: float


def alarm_rate(alarmed: AlarmedImages, weights: FloatArray) -> FloatArray:
    """Share (…,) of images of the classes that ring it.

    Weights are (…, n); NaN where they are all 0.

    Examples
    --------
    >>> from entropice.imagery.classes.judged import judged
    >>> images = judged(np.log([[0.75, 0.25], [0.75, 0.25]]), np.array([0, 1]), np.array([0.5, 0.5]))
    >>> alarmed = AlarmedImages(images, np.array([False, True]), confident_from=0.7)
    >>> alarm_rate(alarmed, np.array([[1.0, 1.0], [2.0, 0.0]])).tolist()
    [0.5, 0.0]
    """
    return quotient(weights @ alarmed.rings, weights.sum(axis=-1))


def accuracy_of_answered(alarmed: AlarmedImages, weights: FloatArray) -> FloatArray:
    """Share (…,) that is right of those that do not ring it; NaN where all do.

    Weights are (…, n).

    Examples
    --------
    >>> from entropice.imagery.classes.judged import judged
    >>> images = judged(np.log([[0.75, 0.25], [0.75, 0.25]]), np.array([0, 1]), np.array([0.5, 0.5]))
    >>> alarmed = AlarmedImages(images, np.array([False, True]), confident_from=0.7)
    >>> accuracy_of_answered(alarmed, np.array([[1.0, 1.0], [0.0, 2.0]])).tolist()
    [1.0, nan]
    """
    return quotient(weights @ (alarmed.is_right & ~alarmed.rings), weights @ ~alarmed.rings)


def confident_errors(alarmed: AlarmedImages, weights: FloatArray) -> FloatArray:
    """Share (…,) of all images that are answered wrongly with confidence, whether or not the alarm rings.

    Weights are (…, n); NaN where they are all 0. What it is where there is no alarm.

    Examples
    --------
    >>> from entropice.imagery.classes.judged import judged
    >>> images = judged(np.log([[0.75, 0.25], [0.75, 0.25]]), np.array([0, 1]), np.array([0.5, 0.5]))
    >>> alarmed = AlarmedImages(images, np.array([False, True]), confident_from=0.7)
    >>> float(confident_errors(alarmed, np.ones(2))), float(confident_errors_left(alarmed, np.ones(2)))
    (0.5, 0.0)
    """
    return quotient(weights @ alarmed.is_confidently_wrong, weights.sum(axis=-1))


def confident_errors_left(alarmed: AlarmedImages, weights: FloatArray) -> FloatArray:
    """Share (…,) of all images that are answered wrongly with confidence, and for which the alarm does not ring.

    Weights are (…, n); NaN where they are all 0.

    Examples
    --------
    >>> from entropice.imagery.classes.judged import judged
    >>> images = judged(np.log([[0.75, 0.25], [0.75, 0.25], [0.75, 0.25]]), np.array([0, 1, 1]), np.array([0.5, 0.5]))
    >>> alarmed = AlarmedImages(images, np.array([False, True, False]), confident_from=0.7)
    >>> float(confident_errors_left(alarmed, np.ones(3)).round(4))
    0.3333
    """
    return quotient(weights @ (alarmed.is_confidently_wrong & ~alarmed.rings), weights.sum(axis=-1))


ALARM_SCORES: Final[tuple[AlarmScore, ...]] = (
    AlarmScore("alarm_rate", "false alarms", alarm_rate, 0),
    AlarmScore("accuracy_of_answered", "accuracy where no alarm rings", accuracy_of_answered, 1),
    AlarmScore("confident_errors", "confident errors, no alarm", confident_errors, 0),
    AlarmScore("confident_errors_left", "confident errors, with alarm", confident_errors_left, 0),
)


def alarm_score_table(alarmed: AlarmedImages, blocks: CellIds, replicates: FloatArray) -> DataFrame:
    """Every declared score of an alarm, with intervals over blocks.

    Parameters
    ----------
    alarmed
        Images (n,) of the classes.
    blocks
        (n,) that each image lies in.
    replicates
        (n_replicate, n_block): `entropice.learning.scores.table.block_replicates`.

    Returns
    -------
    DataFrame
        ``score part value low_95 high_95 n_blocks n``, in the order of `ALARM_SCORES`: ``alarm_rate``,
        ``accuracy_of_answered``, ``confident_errors`` and ``confident_errors_left``, the functions of these names.
        ``part`` is null, ``low_95`` and ``high_95`` are the ends of the central 95 % of the replicates, ``n`` is the
        number of images.

    Raises
    ------
    SchemaError
        Replicates are of another number of blocks.
    """
    counts = membership(blocks)

    def rows() -> Iterator[dict[str, object]]:
        for declared in ALARM_SCORES:
            each = bootstrap(partial(declared.score, alarmed), counts, replicates)
            yield {
                "score": declared.name, "part": None, "value": each.value, "low_95": each.low_95,
                "high_95": each.high_95, "n_blocks": each.n_blocks, "n": len(alarmed.rings),
            }  # fmt: skip

    return pd.DataFrame(list(rows()))

"""All scores of classes, one declaration each, and the tables of them with intervals."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

import numpy as np
import pandas as pd

from entropice.imagery.block_bootstrap import Estimate, bootstrap, paired_difference
from entropice.imagery.classes import scores
from entropice.imagery.classes.judged import JudgedImages
from entropice.types import CellIds, DataFrame, FloatArray

Score = Callable[[JudgedImages, FloatArray], FloatArray]


@dataclass(frozen=True)
class ClassScore:
    """One score, for computing and for readers.

    Attributes
    ----------
    name, title
        In tables, and for people.
    score
        The score (…,) of images with weights (…, n).
    best
        Its best value.
    of_class
        The same of each class, (…, class); None where it has no parts.
    """

    name: str
    title: str
    score: Score
    best: float
    of_class: Score | None = None


def _macro(of_class: Score, images: JudgedImages, weights: FloatArray) -> FloatArray:
    return scores.macro(of_class(images, weights), images, weights)


def _by_class(name: str, title: str, of_class: Score) -> ClassScore:
    return ClassScore(name, title, partial(_macro, of_class), 1, of_class)


CLASS_SCORES: Final[tuple[ClassScore, ...]] = (
    ClassScore("accuracy", "accuracy", scores.accuracy, 1),
    ClassScore("balanced_accuracy", "balanced accuracy", partial(_macro, scores.recall), 1),
    _by_class("precision", "precision, mean of classes", scores.precision),
    _by_class("recall", "recall, mean of classes", scores.recall),
    _by_class("f_1", "F1, mean of classes", scores.f_1),
    ClassScore("log_score", "log score", scores.log_score, 0),
    ClassScore("log_skill", "log skill", scores.log_skill, 1),
    ClassScore("slope", "calibration slope", scores.calibration_slope, 1),
    ClassScore("ece", "ECE", scores.calibration_error, 0),
)


def _parts(declared: ClassScore, names: Sequence[str]) -> Iterator[tuple[str | None, Score]]:
    """A score of all classes together (None), and of each one where it has parts."""
    yield None, declared.score
    if declared.of_class is not None:
        for number, name in enumerate(names):
            yield name, partial(_part, declared.of_class, number)


def _part(of_class: Score, number: int, images: JudgedImages, weights: FloatArray) -> FloatArray:
    return of_class(images, weights)[..., number]


def membership(blocks: CellIds) -> FloatArray:
    """(n_block, n) whether an image lies in a block, the blocks in sorted order.

    Drawn blocks times it are weights of images, so that `entropice.imagery.block_bootstrap` serves images as it does
    counts of pixels.

    Examples
    --------
    >>> membership(np.array([7, 5, 7], np.uint64)).tolist()
    [[0.0, 1.0, 0.0], [1.0, 0.0, 1.0]]
    """
    _, places = np.unique(blocks, return_inverse=True)
    n_blocks = int(places.max(initial=-1)) + 1
    return np.asarray(np.eye(n_blocks)[places].T, dtype=np.float64)


def class_score_table(images: JudgedImages, names: Sequence[str], blocks: CellIds, replicates: FloatArray) -> DataFrame:
    """Every declared score, of all classes and of each.

    Parameters
    ----------
    images
        (n,) with their labels.
    names
        Of the classes, in the order of their numbers.
    blocks
        (n,) that each image lies in.
    replicates
        (n_replicate, n_block): `entropice.learning.scores.table.block_replicates`.

    Returns
    -------
    DataFrame
        ``score part value low_95 high_95 n_blocks n``; ``part`` is null or the name of a class, ``n`` the number of all
        images, ``low_95`` and ``high_95`` the ends of the central 95 % of the replicates. In the order of
        `CLASS_SCORES`: ``accuracy``, ``balanced_accuracy`` (`macro` of recall), ``precision``, ``recall`` and ``f_1``
        (`macro`, then of each class), ``log_score``, ``log_skill``, ``slope``, ``ece``, all functions of
        `entropice.imagery.classes.scores`. NaN where a score is not defined.

    Raises
    ------
    SchemaError
        Replicates are of another number of blocks.
    """
    counts = membership(blocks)

    def estimate(score: Score) -> Estimate:
        return bootstrap(partial(score, images), counts, replicates)

    return _table(estimate, names, len(images.labels))


def class_difference_table(
    first: JudgedImages, second: JudgedImages, names: Sequence[str], blocks: CellIds, replicates: FloatArray
) -> DataFrame:
    """How much higher every score of the first model is, in the same replicates.

    Rows and columns, ``score part value low_95 high_95 n_blocks n``, are those of `class_score_table`.

    Higher is not always better: `ClassScore.best` says what a score should be.

    Parameters
    ----------
    first, second
        What two models say of the same images (n,), in the same order.
    names
        Of the classes.
    blocks
        (n,) that each image lies in.
    replicates
        (n_replicate, n_block): `entropice.learning.scores.table.block_replicates`.

    Raises
    ------
    SchemaError
        Replicates are of another number of blocks.
    """
    counts = membership(blocks)

    def estimate(score: Score) -> Estimate:
        return paired_difference(partial(score, first), counts, partial(score, second), counts, replicates)

    return _table(estimate, names, len(first.labels))


def _table(estimate: Callable[[Score], Estimate], names: Sequence[str], n_images: int) -> DataFrame:
    def rows() -> Iterator[dict[str, object]]:
        for declared in CLASS_SCORES:
            for part, score in _parts(declared, names):
                each = estimate(score)
                yield {
                    "score": declared.name, "part": part, "value": each.value, "low_95": each.low_95,
                    "high_95": each.high_95, "n_blocks": each.n_blocks, "n": n_images,
                }  # fmt: skip

    return pd.DataFrame(list(rows()))

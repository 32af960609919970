"""What it says that an object was found: the log-odds that it is true, and the chance that a true one is found.

A line leads from the mean logit of a found object to the log-odds that it is true, at the share of true ones among the
objects that it is fitted to; `entropice.learning.two_stage.joint` takes that share out again. Objects are few where
pixels are many. So the line has a prior of conditional means (Bedrick, Christensen and Johnson 1996,
doi:10.1080/01621459.1996.10476713): Jeffreys' half a true and half a wrong object at each of two mean logits, a
standard deviation below and above the mean, or one logit where that is more. It is worth two objects, keeps the line
finite whatever they are, and leaves the slope its sign.

The chance that a true object of a class of sizes is found is (f + ½) / (n + 1), f found of n: the mean of a Beta
distribution with Jeffreys' prior. It is never 0, as estimates that divide by it need. In a class without objects that
of all sizes together stands in.
"""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final, Self

import numpy as np

from entropice.errors import LabelError
from entropice.imagery.calibration import Calibration, calibration_line
from entropice.imagery.object_sizes import SizeRecall, recall_by_size
from entropice.imagery.score_steps import Steps, steps_of
from entropice.types import BoolArray, FloatArray

FEW: Final = 30
"""True or wrong objects below which it is said that they are few."""

_PRIOR: Final = 0.5
_LEAST_SPREAD_LOGIT: Final = 1.0


@dataclass(frozen=True)
class SizeDetection:
    """The chance that true objects of a class of sizes are found.

    Attributes
    ----------
    low_m, high_m
        Extents of the class: at least `low_m`, below `high_m`; None in the last class, which is open.
    n, n_found
        True objects of the class, and those found.
    chance
        In 0..1, never 0 or 1.
    """

    low_m: float
    high_m: float | None
    n: int
    n_found: int
    chance: float


@dataclass(frozen=True)
class ObjectCalibration:
    """What found objects say, as validation objects had it.

    Attributes
    ----------
    line
        From mean logits to log-odds; its ratio is wrong : true objects, those of the prior among them.
    n_true, n_wrong
        Found objects that it is fitted to.
    detection
        By class of sizes, from extent 0 up.
    notes
        What whoever uses it has to know.
    """

    line: Calibration
    n_true: int
    n_wrong: int
    detection: tuple[SizeDetection, ...]
    notes: tuple[str, ...]

    @property
    def prevalence(self) -> float:
        """Share of true objects at which the log-odds hold: `joint.log_likelihood_ratio`'s ``training_prevalence``.

        1 / (1 + r), r the ratio of the line, is (n₁ + 1) / (n₁ + n₀ + 2) of n₁ true and n₀ wrong found objects: half a
        true and half a wrong one at two places are the prior's.
        """
        return 1 / (1 + self.line.ratio)

    @property
    def overall_detection(self) -> float:
        """Chance that a true object is found, whatever its size.

        (f + ½) / (n + 1), f found of n true objects of all classes.
        """
        n, n_found = (sum(getattr(each, name) for each in self.detection) for name in ("n", "n_found"))
        return _chance(n_found, n)

    def log_odds(self, mean_logits: FloatArray) -> FloatArray:
        """Log-odds (n,) that found objects are true, from the mean logit of their pixels alone; NaN stays.

        They hold at the share of true ones that `prevalence` gives.
        """
        return self.line.logits_at(mean_logits, self.line.ratio)

    def detection_of(self, extents_m: FloatArray) -> FloatArray:
        """Chance (n,) that true objects of these largest extents are found.

        Parameters
        ----------
        extents_m
            (n,) 0 or more, as `entropice.imagery.object_sizes.largest_extents_m` has them; one at an edge is of the
            upper class.

        Examples
        --------
        >>> classes = (SizeDetection(0.0, 100.0, 2, 1, 0.5), SizeDetection(100.0, None, 3, 3, 0.875))
        >>> calibration = ObjectCalibration(Calibration(1.0, 0.0, 1.0), 4, 0, classes, ())
        >>> calibration.detection_of(np.array([99.0, 100.0])).tolist(), round(calibration.overall_detection, 6)
        ([0.5, 0.875], 0.75)
        """
        edges = np.array([each.low_m for each in self.detection])
        chances = np.array([each.chance for each in self.detection])
        return np.asarray(chances[np.searchsorted(edges, extents_m, side="right") - 1], dtype=np.float64)

    def base_rate(self, ratio: float, n_negative: int, n_positive: int) -> float:
        """Share of true ones among found objects where positive : negative pixels = 1 : `ratio`.

        (n₁ + ½) / (n₁ + ½ + w (n₀ + ½)) of n₁ true and n₀ wrong objects, w = `ratio` · `n_positive` / `n_negative`:
        wrong objects weigh as `entropice.imagery.objects.at_ratio` has it, and Jeffreys' half an object is added to
        both.

        Parameters
        ----------
        n_negative, n_positive
            Scored pixels of the tiles whose objects it is fitted to; `n_negative` above 0.

        Examples
        --------
        Nine true and nine wrong objects. Where negative pixels are ten times as many as in the tiles, so are wrong
        objects:

        >>> calibration = ObjectCalibration(Calibration(1.0, 0.0, 1.0), 9, 9, (), ())
        >>> calibration.base_rate(10.0, 1000, 100), round(calibration.base_rate(100.0, 1000, 100), 4)
        (0.5, 0.0909)
        """
        weight = ratio * n_positive / n_negative
        true, wrong = self.n_true + _PRIOR, weight * (self.n_wrong + _PRIOR)
        return true / (true + wrong)

    def to_json(self) -> dict[str, Any]:
        """Return a JSON document that `from_json` reads back exactly; ``prevalence`` is for readers.

        ``line n_true n_wrong detection notes prevalence``, the fields of the class.
        """
        return {**asdict(self), "prevalence": self.prevalence}

    @classmethod
    def from_json(cls, document: dict[str, Any]) -> Self:
        """Rebuild what `to_json` wrote; other entries are left alone, a missing one raises KeyError."""
        return cls(
            line=Calibration.from_json(document["line"]),
            n_true=document["n_true"],
            n_wrong=document["n_wrong"],
            detection=tuple(SizeDetection(**each) for each in document["detection"]),
            notes=tuple(document["notes"]),
        )


def fit_objects(
    mean_logits: FloatArray,
    is_right: BoolArray,
    extents_m: FloatArray,
    is_found: BoolArray,
    size_edges_m: Sequence[float],
) -> ObjectCalibration:
    """Calibrate found objects.

    Parameters
    ----------
    mean_logits, is_right
        (n_found,) found objects that count: those matched or judged.
    extents_m, is_found
        (n_true,) true objects that count.
    size_edges_m
        Extents above 0, rising, at which a class of sizes begins; smaller ones are a class of their own.

    Returns
    -------
    ObjectCalibration
        With n_edge + 1 classes of sizes. ``notes`` says where fewer than `FEW` (30) objects are found true or wrong, or
        there in a class, and where the line falls.

    Raises
    ------
    LabelError
        Nothing was found, or nothing is there.

    Notes
    -----
    The line is a logistic regression of `is_right` on mean logits, with half a true and half a wrong object at each of
    two logits, a standard deviation (1 or more) below and above the mean: it is finite whatever the objects are. The
    chance of a class is (f + ½) / (n + 1), f found of n; without objects it is that of all classes together.

    Examples
    --------
    One of two small objects was found, and the large one; found objects lie evenly about a mean logit of 0.

    >>> z, is_right = np.array([-1.0, 1.0]), np.array([False, True])
    >>> fitted = fit_objects(z, is_right, np.array([20.0, 30.0, 200.0]), np.array([True, False, True]), (100.0,))
    >>> [each.chance for each in fitted.detection], abs(round(float(fitted.log_odds(np.array([0.0]))[0]), 6))
    ([0.5, 0.75], 0.0)
    >>> fitted.prevalence
    0.5
    """
    _require_some(len(is_right), len(is_found))
    detection = _detection(recall_by_size(extents_m, is_found, (0.0, *size_edges_m)), is_found)
    line, n_true = _line(mean_logits, is_right), int(is_right.sum())
    n_wrong = len(is_right) - n_true
    return ObjectCalibration(line, n_true, n_wrong, detection, (*_doubts(line, n_true, n_wrong), *_gaps(detection)))


def _line(mean_logits: FloatArray, is_right: BoolArray) -> Calibration:
    steps = _with_prior(mean_logits, is_right)
    ratio = (int(steps.counts.sum()) - steps.n_positive) / steps.n_positive
    intercept, slope = calibration_line(steps, ratio)
    return Calibration(float(slope), float(intercept), ratio)


def _with_prior(mean_logits: FloatArray, is_right: BoolArray) -> Steps:
    """Each object twice, and the prior's once, which makes halves of them."""
    # Two true and two wrong halves of objects on either side of the mean: with no evidence a flat line, whose maximum
    # exists even where all objects are right, or all of one score.
    spread = max(float(mean_logits.std()), _LEAST_SPREAD_LOGIT)
    at = mean_logits.mean() + spread * np.array([-1, 1, -1, 1])
    logits = np.concatenate([mean_logits, mean_logits, at])
    return steps_of(logits, np.concatenate([is_right, is_right, [True, True, False, False]]))


def _detection(recalls: Sequence[SizeRecall], is_found: BoolArray) -> tuple[SizeDetection, ...]:
    overall = _chance(int(is_found.sum()), len(is_found))
    return tuple(
        SizeDetection(
            each.low_m,
            each.high_m if np.isfinite(each.high_m) else None,
            each.n,
            each.n_found,
            _chance(each.n_found, each.n) if each.n else overall,
        )
        for each in recalls
    )


def _chance(n_found: int, n: int) -> float:
    return (n_found + _PRIOR) / (n + 2 * _PRIOR)


def _doubts(line: Calibration, n_true: int, n_wrong: int) -> Iterator[str]:
    if min(n_true, n_wrong) < FEW:
        yield f"few objects were found, {n_true} true and {n_wrong} wrong: the line leans on its prior"
    if line.slope <= 0:
        yield "objects of higher mean logits are not more often true: the line falls"


def _gaps(detection: Sequence[SizeDetection]) -> Iterator[str]:
    few = [f"{each.low_m:g} m" for each in detection if each.n < FEW]
    if few:
        yield f"fewer than {FEW} true objects are in the sizes from {', '.join(few)}"


def _require_some(n_found: int, n_there: int) -> None:
    if not (n_found and n_there):
        raise LabelError(
            "There are no objects to calibrate with.",
            field="validation split",
            got=f"{n_found} found and {n_there} true objects",
            expected="at least one of both",
            fix="take a larger validation split, smaller objects (min_px) or another rule of thresholds",
        )

"""Thresholds chosen on validation pixels, for all regions together or each by itself."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from entropice.errors import ConfigError, suggestion
from entropice.imagery.prevalence import Curve, curve_at
from entropice.imagery.score_steps import Steps
from entropice.types import FloatArray

EVERYWHERE: Final = "everywhere"
PRECISION_WANTED: Final = 0.8
RECALL_WANTED: Final = 0.5


@dataclass(frozen=True)
class Threshold:
    """A threshold, and what it gave where it was chosen.

    Attributes
    ----------
    logit
        Pixels are chosen from here up; infinite, which chooses none, where no threshold does what the rule asks.
    is_reached
        Whether the rule could be kept.
    precision, recall, iou, f_half
        On the validation pixels at the ratio; where the rule is not reached those of the threshold that came nearest.
    rule, ratio
        Name of the rule, and r of 1 : r.
    chosen_on
        Region whose pixels chose it, or ``everywhere``.
    n_positive
        Positive pixels that chose it.
    """

    logit: float
    is_reached: bool
    precision: float
    recall: float
    iou: float
    f_half: float
    rule: str
    ratio: float
    chosen_on: str
    n_positive: int


@dataclass(frozen=True)
class Rule:
    """How a threshold is chosen.

    Attributes
    ----------
    name, title
        In parameters, and for people.
    step
        The step of a curve that it takes, and whether that does what is asked.
    """

    name: str
    title: str
    step: Callable[[Curve], tuple[int, bool]]


def lowest_with_precision(curve: Curve) -> tuple[int, bool]:
    """Lowest threshold with precision of at least `PRECISION_WANTED`: it finds most; else that of highest precision.

    Precision may fall below in between: it does not fall steadily with the threshold.
    """
    precision = np.nan_to_num(curve.precision)
    reached = np.flatnonzero(precision >= PRECISION_WANTED)
    return (int(reached[-1]), True) if len(reached) else (int(precision.argmax()), False)


def highest_with_recall(curve: Curve) -> tuple[int, bool]:
    """Highest threshold that finds `RECALL_WANTED` of the positives, whatever else it finds: candidates to judge on."""
    return int((curve.recall >= RECALL_WANTED).argmax()), True


def _highest(values: FloatArray) -> tuple[int, bool]:
    """The highest threshold with the largest value."""
    return int(np.nan_to_num(values).argmax()), True


RULES: Final[tuple[Rule, ...]] = (
    Rule("precision", f"lowest threshold with precision of at least {PRECISION_WANTED:g}", lowest_with_precision),
    Rule("recall", f"highest threshold with recall of at least {RECALL_WANTED:g}", highest_with_recall),
    Rule("f_half", "threshold of the best F0.5", lambda curve: _highest(curve.f_half)),
    Rule("iou", "threshold of the best IoU", lambda curve: _highest(curve.iou)),
)


def rule_named(name: str) -> Rule:
    """The declared rule of a name; ConfigError where there is none."""
    by_name = {rule.name: rule for rule in RULES}
    if name not in by_name:
        raise ConfigError(
            f"There is no rule for thresholds {name!r}{suggestion(name, by_name)}",
            field="threshold",
            got=name,
            expected=", ".join(by_name),
            fix="name one of these, or declare the rule in entropice/imagery/thresholds.py",
        )
    return by_name[name]


def choose_threshold(steps: Steps, ratio: float, rule: Rule, chosen_on: str = EVERYWHERE) -> Threshold:
    """The threshold of a rule at 1 : `ratio`; leading dimensions of the steps are pooled.

    Raises
    ------
    LabelError
        There are no positives or no negatives.
    """
    curve = curve_at(steps.pooled(), ratio)
    step, is_reached = rule.step(curve)
    precision, recall, iou, f_half = (
        float(values[step]) for values in (curve.precision, curve.recall, curve.iou, curve.f_half)
    )
    logit = float(curve.thresholds[step]) if is_reached else np.inf
    return Threshold(logit, is_reached, precision, recall, iou, f_half, rule.name, ratio, chosen_on, steps.n_positive)


def regional_thresholds(
    steps_by_region: Mapping[str, Steps], everywhere: Steps, ratio: float, rule: Rule, min_positive: int
) -> dict[str, Threshold]:
    """A threshold for every region: its own where it has enough positives to choose it and reaches the rule.

    Parameters
    ----------
    steps_by_region
        Validation pixels of each region.
    everywhere
        Those of all regions: they choose the threshold of a region with fewer than `min_positive` positives, or in
        which the rule is not reached; its ``chosen_on`` says so.

    Raises
    ------
    LabelError
        There are no positives or no negatives in all regions together.
    """
    shared = choose_threshold(everywhere, ratio, rule)
    return {region: _own_or(shared, steps, region, rule, min_positive) for region, steps in steps_by_region.items()}


def _own_or(shared: Threshold, steps: Steps, region: str, rule: Rule, min_positive: int) -> Threshold:
    n_negative = int(steps.counts.sum()) - steps.n_positive
    if steps.n_positive < max(min_positive, 1) or n_negative == 0:
        return shared
    own = choose_threshold(steps, shared.ratio, rule, chosen_on=region)
    return own if own.is_reached else shared

"""Thresholds chosen on validation pixels, for all regions together or each by itself."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from entropice.imagery.prevalence import curve_at
from entropice.imagery.score_steps import Steps
from entropice.imagery.threshold_rules import Rule

EVERYWHERE: Final = "everywhere"


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


def choose_threshold(steps: Steps, ratio: float, rule: Rule, chosen_on: str = EVERYWHERE) -> Threshold:
    """The threshold of a rule at 1 : `ratio`; leading dimensions of the steps are pooled.

    Returns
    -------
    Threshold
        A pixel at the threshold is chosen. Where the rule is not reached the logit is infinite, so that none is, and
        the scores are those of the step that came nearest.

    Raises
    ------
    LabelError
        There are no positives or no negatives.

    Examples
    --------
    >>> from entropice.imagery.score_steps import steps_of
    >>> from entropice.imagery.threshold_rules import rule_named
    >>> steps = steps_of(np.array([3.0, 2.0, 1.0]), np.array([True, False, True]))
    >>> chosen = choose_threshold(steps, 1.0, rule_named("f_half"))
    >>> chosen.logit, chosen.precision, chosen.recall, round(chosen.f_half, 4)
    (3.0, 1.0, 0.5, 0.8333)
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

    Returns
    -------
    dict
        By region, in the order given. A region without positives or negatives has that of all, too.

    Raises
    ------
    LabelError
        There are no positives or no negatives in all regions together.

    Examples
    --------
    >>> from entropice.imagery.score_steps import steps_of
    >>> from entropice.imagery.threshold_rules import rule_named
    >>> some = steps_of(np.array([3.0, 2.0, 1.0]), np.array([True, False, True]))
    >>> none = some.with_counts(np.array([[1, 1, 1], [0, 0, 0]]))
    >>> chosen = regional_thresholds({"east": some, "west": none}, some, 1.0, rule_named("iou"), 2)
    >>> {region: (each.logit, each.chosen_on) for region, each in chosen.items()}
    {'east': (3.0, 'east'), 'west': (3.0, 'everywhere')}
    """
    shared = choose_threshold(everywhere, ratio, rule)
    return {region: _own_or(shared, steps, region, rule, min_positive) for region, steps in steps_by_region.items()}


def _own_or(shared: Threshold, steps: Steps, region: str, rule: Rule, min_positive: int) -> Threshold:
    n_negative = int(steps.counts.sum()) - steps.n_positive
    if steps.n_positive < max(min_positive, 1) or n_negative == 0:
        return shared
    own = choose_threshold(steps, shared.ratio, rule, chosen_on=region)
    return own if own.is_reached else shared

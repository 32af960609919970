"""Rules by which thresholds are chosen, one declaration each.

Parameters are checked with these names before a run begins, so numpy is imported where a rule is kept alone.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from entropice.errors import ConfigError, suggestion

if TYPE_CHECKING:
    from entropice.imagery.prevalence import Curve
    from entropice.types import FloatArray

PRECISION_WANTED: Final = 0.8
RECALL_WANTED: Final = 0.5


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
    step: "Callable[[Curve], tuple[int, bool]]"


def lowest_with_precision(curve: "Curve") -> tuple[int, bool]:
    """Lowest threshold with precision of at least `PRECISION_WANTED` (0.8): it finds most.

    Where there is none it is the threshold of highest precision, of equals the highest.

    Precision may fall below in between: it does not fall steadily with the threshold.

    Returns
    -------
    tuple
        Index of the step of a curve without leading dimensions, and whether the precision is reached.

    Examples
    --------
    >>> import numpy as np
    >>> from entropice.imagery.prevalence import curve_at
    >>> from entropice.imagery.score_steps import steps_of
    >>> curve = curve_at(steps_of(np.array([3.0, 2.0, 1.0]), np.array([True, False, True])), 0.25)
    >>> curve.precision.round(3).tolist(), lowest_with_precision(curve)
    ([1.0, 0.667, 0.8], (2, True))
    """
    import numpy as np

    precision = np.nan_to_num(curve.precision)
    reached = np.flatnonzero(precision >= PRECISION_WANTED)
    return (int(reached[-1]), True) if len(reached) else (int(precision.argmax()), False)


def highest_with_recall(curve: "Curve") -> tuple[int, bool]:
    """Highest threshold that finds `RECALL_WANTED` (0.5) of the positives, whatever else it finds.

    What it marks are candidates to judge on.

    Returns
    -------
    tuple
        Index of the step of a curve without leading dimensions, and True: the last step finds all.

    Examples
    --------
    >>> import numpy as np
    >>> from entropice.imagery.prevalence import curve_at
    >>> from entropice.imagery.score_steps import steps_of
    >>> highest_with_recall(curve_at(steps_of(np.array([3.0, 2.0, 1.0]), np.array([False, True, True])), 1.0))
    (1, True)
    """
    return int((curve.recall >= RECALL_WANTED).argmax()), True


def _highest(values: "FloatArray") -> tuple[int, bool]:
    """The highest threshold with the largest value."""
    import numpy as np

    return int(np.nan_to_num(values).argmax()), True


RULES: Final[tuple[Rule, ...]] = (
    Rule("precision", f"lowest threshold with precision of at least {PRECISION_WANTED:g}", lowest_with_precision),
    Rule("recall", f"highest threshold with recall of at least {RECALL_WANTED:g}", highest_with_recall),
    Rule("f_half", "threshold of the best F0.5", lambda curve: _highest(curve.f_half)),
    Rule("iou", "threshold of the best IoU", lambda curve: _highest(curve.iou)),
)


def rule_named(name: str) -> Rule:
    """The declared rule of a name: ``precision``, ``recall``, ``f_half`` or ``iou``.

    The first two are `lowest_with_precision` and `highest_with_recall`, the others the threshold with the largest F0.5
    or IoU, of equals the highest.

    Raises
    ------
    ConfigError
        There is none.
    """
    by_name = {rule.name: rule for rule in RULES}
    if name not in by_name:
        raise ConfigError(
            f"There is no rule for thresholds {name!r}{suggestion(name, by_name)}",
            field="threshold",
            got=name,
            expected=", ".join(by_name),
            fix="name one of these, or declare the rule in entropice/imagery/threshold_rules.py",
        )
    return by_name[name]

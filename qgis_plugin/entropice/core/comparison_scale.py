"""Colours for a difference: symmetric around 0, and apart for colour-blind readers."""

from __future__ import annotations

import math
from collections.abc import Sequence

from .language import tr
from .scales import Categorical, Category, Graduated

COLOURS = ("#542788", "#8073ac", "#b2abd2", "#dcdcd7", "#fdb863", "#e08214", "#b35806")
"""ColorBrewer PuOr (colorbrewer2.org), reversed, its middle darker than land: purple is lower, orange higher."""

SAME, OTHER = "same", "other"
_STEPS = (0.5, 1.5, 2.5)
_TYPICAL_SHARE = 0.95
_NOTHING = 1e-12
_WHERE_ALL_IS_ALIKE = 0.03
_ROUND = (1, 2, 4, 6, 8)
"""First digits of a width of which half, one and a half and two and a half times have few digits, too."""


def diverging_scale(differences: Sequence[float]) -> Graduated:
    """Steps of one width around a middle one that holds 0; the outermost reach to the largest difference.

    The difference that 5 % exceed decides the width, so that a single large one does not take all colours.

    Seven steps: their breaks are 0.5, 1.5 and 2.5 widths w on either side of 0, and the largest size of a difference. w
    is q/3 rounded down to 1, 2, 4, 6 or 8 times a power of ten, q being the 95th percentile of the sizes (the smallest
    that 95 % do not exceed), or their largest where q is 0. Without any difference, or where all are below 1e-12, q and
    the largest are 0.03. Differences have to be finite.

    Examples
    --------
    >>> [round(edge, 9) for edge in diverging_scale([-0.3, 0.1, 0.2]).breaks]
    [-0.3, -0.25, -0.15, -0.05, 0.05, 0.15, 0.25, 0.3]
    """
    sizes = sorted(abs(difference) for difference in differences)
    largest = sizes[-1] if sizes else 0.0
    typical = sizes[math.ceil(_TYPICAL_SHARE * len(sizes)) - 1] if sizes else 0.0
    if largest < _NOTHING:
        typical, largest = _WHERE_ALL_IS_ALIKE, _WHERE_ALL_IS_ALIKE
    # Three widths reach the typical difference, so that the outermost steps begin below it and are seen.
    width = _round_down((typical if typical >= _NOTHING else largest) / (_STEPS[-1] + _STEPS[0]))
    upper = [*(step * width for step in _STEPS), largest]
    return Graduated(tuple([-edge for edge in reversed(upper)] + upper), COLOURS)


def class_scale(n_classes: int) -> Categorical:
    """A colour for every number of classes between two that lie in order; values are as `change_text` writes them.

    From `n_classes` − 1 steps up to as many down, purple for lower and orange for higher; 1 to 4 classes have a colour
    of `COLOURS` for every step, no step the middle one.

    Raises
    ------
    IndexError
        There are more than four classes, so that a step has no colour.

    Examples
    --------
    >>> [category.value for category in class_scale(2).categories]
    ['+1', 'same', '-1']
    """
    middle = len(COLOURS) // 2
    steps = range(n_classes - 1, -n_classes, -1)
    return Categorical(
        tuple(Category(change_text(step), _class_label(step), COLOURS[middle + step]) for step in steps), None
    )


def equality_scale() -> Categorical:
    """A colour for the same text and one for another.

    Their values are ``same`` (#dcdcd7) and ``other`` (#b35806), in this order.
    """
    return Categorical((Category(SAME, tr("the same"), COLOURS[3]), Category(OTHER, tr("another"), COLOURS[-1])), None)


def change_text(step: float) -> str:
    """A number of classes with its sign.

    0 is ``same``; what is no whole number is rounded.

    Examples
    --------
    >>> change_text(2), change_text(0), change_text(-1.0)
    ('+2', 'same', '-1')
    """
    return f"{step:+.0f}" if step else SAME


def _class_label(step: int) -> str:
    if step == 0:
        return tr("the same class")
    if abs(step) == 1:
        return tr("B is 1 class higher") if step > 0 else tr("B is 1 class lower")
    return tr("B is %n classes higher", n=step) if step > 0 else tr("B is %n classes lower", n=-step)


def _round_down(value: float) -> float:
    """The next number from below with a first digit that reads well."""
    power = 10.0 ** math.floor(math.log10(value))
    # A width such as 0.6 may come out a last digit below 6 × 0.1, and would fall to the next lower one.
    return max(digit * power for digit in _ROUND if digit * power <= value * (1 + 1e-9))

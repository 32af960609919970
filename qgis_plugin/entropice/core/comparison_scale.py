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
    """
    sizes = sorted(abs(difference) for difference in differences)
    largest = sizes[-1] if sizes else 0.0
    typical = sizes[math.ceil(_TYPICAL_SHARE * len(sizes)) - 1] if sizes else 0.0
    if largest < _NOTHING:
        typical, largest = _WHERE_ALL_IS_ALIKE, _WHERE_ALL_IS_ALIKE
    width = _round_down((typical if typical >= _NOTHING else largest) / (_STEPS[-1] + _STEPS[0]))
    upper = [*(step * width for step in _STEPS), largest]
    return Graduated(tuple([-edge for edge in reversed(upper)] + upper), COLOURS)


def class_scale(n_classes: int) -> Categorical:
    """A colour for every number of classes between two that lie in order; values are as `change_text` writes them."""
    middle = len(COLOURS) // 2
    steps = range(n_classes - 1, -n_classes, -1)
    return Categorical(
        tuple(Category(change_text(step), _class_label(step), COLOURS[middle + step]) for step in steps), None
    )


def equality_scale() -> Categorical:
    """A colour for the same text and one for another."""
    return Categorical((Category(SAME, tr("the same"), COLOURS[3]), Category(OTHER, tr("another"), COLOURS[-1])), None)


def change_text(step: float) -> str:
    """A number of classes with its sign."""
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
    return max(digit * power for digit in _ROUND if digit * power <= value * (1 + 1e-9))

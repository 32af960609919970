"""How values become colours, as data that every reader can draw."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import pairwise
from typing import Any, ClassVar, Final

import numpy as np

from entropice.report.breaks import size_breaks, upper_tail_breaks
from entropice.report.palettes import CATEGORIES, DOUBT_RAMP, NO_RTS, OTHER, PROBABILITY_RAMP, evenly_spaced
from entropice.types import Series

HALF: Final = 0.5
_LARGE: Final = 1000.0


@dataclass(frozen=True)
class Graduated:
    """Steps: the n colours lie between n + 1 ascending breaks, which enclose every value.

    Steps of whole numbers have breaks halfway between them.
    """

    kind: ClassVar[str] = "graduated"
    breaks: tuple[float, ...]
    colours: tuple[str, ...]

    def steps(self, factor: float = 1.0) -> list[str]:
        """What each step holds, its breaks times a factor: ``0 – 0.5``; of whole numbers ``1`` or ``2 – 3``.

        Where there are numbers below 0: ``−3 to −1``. Whole numbers are those whose breaks all end in .5; no factor is
        applied to them. Six significant digits are shown at most.

        Examples
        --------
        >>> Graduated((0.0, 0.005, 0.02), ("#fff", "#000")).steps(100)
        ['0 – 0.5', '0.5 – 2']
        >>> Graduated((0.5, 1.5, 3.5), ("#fff", "#000")).steps()
        ['1', '2 – 3']
        >>> Graduated((-1500.0, -2.0, 2.0), ("#fff", "#000")).steps()
        ['−1,500 to −2', '−2 to 2']
        """
        if all(value % 1 == HALF for value in self.breaks):
            whole = [(int(low + HALF), int(high - HALF)) for low, high in pairwise(self.breaks)]
            return [f"{first}" if first == last else f"{first} – {last}" for first, last in whole]
        if self.breaks[0] < 0:
            return [f"{_signed(factor * low)} to {_signed(factor * high)}" for low, high in pairwise(self.breaks)]
        return [f"{factor * low:g} – {factor * high:g}" for low, high in pairwise(self.breaks)]


def _signed(value: float) -> str:
    """With a true minus sign, and digits in groups of three."""
    size = f"{abs(value):,.0f}" if abs(value) >= _LARGE else f"{abs(value):g}"
    return f"−{size}" if value < 0 else size


@dataclass(frozen=True)
class Category:
    """One value, what it is called, and its colour (``#rrggbb``)."""

    value: str
    label: str
    colour: str


@dataclass(frozen=True)
class Other:
    """Every known value that is no category: what they are called together, and their colour (``#rrggbb``)."""

    label: str
    colour: str


@dataclass(frozen=True)
class Categorical:
    """A colour for each category, and one for all other values where there are any.

    With a width, outlines are drawn in the colours and nothing is filled.
    """

    kind: ClassVar[str] = "categorical"
    categories: tuple[Category, ...]
    other: Other | None = None
    outline_width_mm: float | None = None


@dataclass(frozen=True)
class Single:
    """The same look everywhere; without a fill only the outline is drawn.

    Attributes
    ----------
    fill, stroke
        Colours (``#rrggbb``) of inside and outline; no fill is None.
    """

    kind: ClassVar[str] = "single"
    fill: str | None
    stroke: str
    stroke_width_mm: float = 0.2


Scale = Graduated | Categorical | Single


def scale_entry(scale: Scale | None) -> dict[str, Any] | None:
    """A scale as plain values; of what is filled, no width of outlines. None stays None.

    Keys are ``kind breaks colours`` of ``graduated``; ``kind categories other outline_width_mm`` of ``categorical``, a
    category being ``value label colour`` and other ``label colour`` or None; ``kind fill stroke stroke_width_mm`` of
    ``single``.

    Examples
    --------
    >>> scale_entry(Single("#fff", "#000"))
    {'kind': 'single', 'fill': '#fff', 'stroke': '#000', 'stroke_width_mm': 0.2}
    """
    if scale is None:
        return None
    entry = {"kind": scale.kind, **asdict(scale)}
    return {key: value for key, value in entry.items() if key != "outline_width_mm" or value is not None}


def scale_of(entry: Mapping[str, Any] | None) -> Scale | None:
    """The scale of plain values; `scale_entry` is its inverse. None stays None.

    Raises
    ------
    KeyError
        A field is missing.

    Examples
    --------
    >>> scale_of({"kind": "graduated", "breaks": [0.0, 1.0], "colours": ["#fff"]})
    Graduated(breaks=(0.0, 1.0), colours=('#fff',))
    """
    if entry is None:
        return None
    if entry["kind"] == Graduated.kind:
        return Graduated(tuple(entry["breaks"]), tuple(entry["colours"]))
    if entry["kind"] == Single.kind:
        return Single(entry["fill"], entry["stroke"], entry["stroke_width_mm"])
    categories = tuple(Category(**category) for category in entry["categories"])
    other = None if entry["other"] is None else Other(**entry["other"])
    return Categorical(categories, other, entry.get("outline_width_mm"))


def upper_tail(values: Series, ramp: Sequence[str]) -> Graduated:
    """Steps of a skewed quantity (n,), finer towards its top; NaN is no value.

    Breaks are the quantiles 0, .25, .5, .7, .85, .94, .98 and 1, rounded to two digits, the outer ones outwards; each
    step has a colour of the ramp, whose ends are kept.

    Raises
    ------
    SchemaError
        No value is finite.

    Examples
    --------
    >>> import pandas as pd
    >>> upper_tail(pd.Series([3.0, 3.0, np.nan]), ("#fff", "#000"))
    Graduated(breaks=(3.0, 3.1), colours=('#000',))
    """
    breaks = tuple(upper_tail_breaks(values.to_numpy(float)).tolist())
    return Graduated(breaks, tuple(evenly_spaced(ramp, len(breaks) - 1)))


def zero_apart(values: Series, ramp: Sequence[str], zero: str) -> Graduated:
    """Steps of a quantity (n,) that is often 0: from 0 to its least positive value, then those of an `upper_tail`.

    The first has the colour ``zero``; where the ramp has too few colours for the others, the lowest breaks are left
    out. NaN is no value. Without any positive value there is one step, 0 to 1.

    Examples
    --------
    >>> import pandas as pd
    >>> zero_apart(pd.Series([0.0, 0.0, 3.0, np.nan]), ("#fff", "#000"), "zero")
    Graduated(breaks=(0.0, 3.0, 3.1), colours=('zero', '#000'))
    >>> zero_apart(pd.Series([0.0, np.nan]), ("#fff", "#000"), "zero")
    Graduated(breaks=(0.0, 1.0), colours=('zero',))
    """
    if not (values > 0).any():
        return Graduated((0.0, 1.0), (zero,))
    # Zeros are left out of the quantiles: where most cells are 0, all steps but the last would begin there.
    least, *others = upper_tail(values[values > 0], ramp).breaks
    ends = [least, *others[1 - len(ramp) :]]
    return Graduated((0.0, *ends), (zero, *evenly_spaced(ramp, len(ends) - 1)))


def around_zero(values: Series, ramp: Sequence[str]) -> Graduated:
    """Steps that lie alike on both sides of 0, finer towards the ends; the middle one holds 0.

    Ends of steps are the quantiles .25, .6, .85 and 1 of the sizes without their signs, rounded to two digits. Where
    all values are 0 or NaN there is one step, −1 to 1.

    Parameters
    ----------
    values
        (n,); NaN is no value.
    ramp
        Seven colours from the least to the largest, the middle one for 0.

    Examples
    --------
    >>> import pandas as pd
    >>> around_zero(pd.Series([-1.0, 2.0, 3.0, -4.0, 0.0, np.nan]), "abcdefg").breaks
    (-4.0, -3.5, -2.8, -1.8, 1.8, 2.8, 3.5, 4.0)
    """
    # Sizes without their signs: steps of either side would differ, and equal losses and gains would look unlike.
    sizes = values.abs()[values != 0].dropna().to_numpy(float)
    ends = np.unique(size_breaks(sizes)) if sizes.size else np.ones(1)
    middle, n_beside = len(ramp) // 2, len(ends) - 1
    return Graduated((*(-ends[::-1]).tolist(), *ends.tolist()), tuple(ramp[middle - n_beside : middle + n_beside + 1]))


def first_ranks(values: Series, ramp: Sequence[str]) -> Graduated:
    """Steps of ranks (n,) 1, 2, 3, …: the first are darkest, and each step ends at twice the rank of the one before.

    NaN is no value; at least one rank is known. Ends are last / 2ᵏ, k = 0, 1, …, rounded up to whole ranks, and there
    are at most as many steps as the ramp has colours, so the first may hold more.

    Examples
    --------
    >>> import pandas as pd
    >>> first_ranks(pd.Series([1.0, 2.0, 8.0]), ("#ffffff", "#888888", "#000000")).breaks
    (0.5, 2.5, 4.5, 8.5)
    """
    last = float(values.max())
    # From the last rank down by halves: what is looked at first is told apart finest, however long the list is.
    ends = np.unique([np.ceil(last / 2**halvings) for halvings in range(len(ramp))])
    return Graduated((HALF, *(ends + HALF).tolist()), tuple(reversed(evenly_spaced(ramp, len(ends)))))


def named(colours: Mapping[str, str], labels: Mapping[str, str]) -> Categorical:
    """Categories that are known beforehand, in the order of ``colours``; one without a label is called by its value.

    Examples
    --------
    >>> [item.label for item in named({"hit": "#fff", "miss": "#000"}, {"hit": "slumps, forecast"}).categories]
    ['slumps, forecast', 'miss']
    """
    return Categorical(tuple(Category(value, labels.get(value, value), colour) for value, colour in colours.items()))


def class_sets(values: Series, class_names: Sequence[str]) -> Categorical:
    """Sets of classes (n,) such as ``few|some``: the first class alone, sets with it (undecided), without it, all.

    The first class alone has the colour `NO_RTS`, all classes `OTHER`; undecided sets are `evenly_spaced` on
    `DOUBT_RAMP` without its lightest, those without the first class on `PROBABILITY_RAMP`. Within each kind, sets stand
    and darken by the highest class in which they differ. Sets that do not occur are left out; null is no value. Names
    in a set are in the order of ``class_names``, the class without slumps first.

    Examples
    --------
    >>> import pandas as pd
    >>> sets = class_sets(pd.Series(["few|many", "none|few|many", "none", None]), ["none", "few", "many"])
    >>> [item.label for item in sets.categories]
    ['none', 'few or many', 'any class']
    """
    first, *others = class_names
    # A set as a binary number, a digit for each class: its order is that of the highest class in which two sets differ.
    place = {name: 2**number for number, name in enumerate(class_names)}
    found = [tuple(value.split("|")) for value in values.dropna().unique().tolist()]
    found.sort(key=lambda names: sum(place[name] for name in names))
    undecided = [names for names in found if first in names and 1 < len(names) <= len(others)]
    with_slumps = [names for names in found if first not in names]
    colours = {
        (first,): NO_RTS,
        **dict(zip(undecided, evenly_spaced(DOUBT_RAMP[1:], len(undecided)), strict=True)),
        **dict(zip(with_slumps, evenly_spaced(PROBABILITY_RAMP, len(with_slumps)), strict=True)),
        tuple(class_names): OTHER,
    }
    labels = {names: _any_of(names) for names in colours} | {tuple(class_names): "any class"}
    return Categorical(
        tuple(Category("|".join(names), labels[names], colour) for names, colour in colours.items() if names in found)
    )


def _any_of(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} or {names[-1]}"


def most_frequent(values: Series, labels: Mapping[str, str]) -> Categorical:
    """The most frequent values (n,) by colour (ties by name), the rest together in grey; null is no value.

    At most seven have a colour of their own; the rest are called ``other`` with their number.

    Examples
    --------
    >>> import pandas as pd
    >>> scale = most_frequent(pd.Series(["slope", "snow", "snow", None]), {"slope": "Slope"})
    >>> [item.label for item in scale.categories], scale.other
    (['snow', 'Slope'], None)
    """
    counts = values.value_counts().sort_index().sort_values(ascending=False, kind="stable")
    by_frequency = counts.index.tolist()
    first, rest = by_frequency[: len(CATEGORIES)], by_frequency[len(CATEGORIES) :]
    colours = dict(zip(first, CATEGORIES[: len(first)], strict=True))
    return Categorical(named(colours, labels).categories, Other(f"other ({len(rest)})", OTHER) if rest else None)

"""How a layer's values become colours, as the manifest says it: data, never a style file."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Union

from .fields import Fields

MAXCOLOURS = 250
MAX_STROKE_MM = 100
COLOUR = r"#[0-9a-f]{6}"
COLOUR_RULE = "a colour such as #1d91c0"


@dataclass(frozen=True)
class Graduated:
    """Steps of a number: colour i lies between breaks i and i + 1, which ascend.

    `labels` is what to call the steps; where it is empty, their breaks say it.
    """

    breaks: tuple[float, ...]
    colours: tuple[str, ...]
    labels: tuple[str, ...] = ()


@dataclass(frozen=True)
class Category:
    """One value, what to call it, its colour, which values are drawn alike, and whether it is hatched."""

    value: str
    label: str
    colour: str
    also: tuple[str, ...] = ()
    is_hatched: bool = False


@dataclass(frozen=True)
class Other:
    """What all known values that are no category have in common."""

    label: str
    colour: str


@dataclass(frozen=True)
class Categorical:
    """A colour for each category, and one for other values where there are any.

    With a width, only outlines are drawn.
    """

    categories: tuple[Category, ...]
    other: Other | None
    outline_width_mm: float | None = None

    @property
    def labels(self) -> Mapping[str, str]:
        """What to call each value, in the order of the categories; other values are not in it."""
        return {category.value: category.label for category in self.categories}

    def colour_of(self, value: str) -> str | None:
        """The colour of a value; None where the map does not draw it.

        It is ``#rrggbb``: that of its category, else that of other values, where the scale has one.

        Examples
        --------
        >>> scale = Categorical((Category("few", "few", "#fec44f"),), Other("other", "#a8a8a8"))
        >>> scale.colour_of("few"), scale.colour_of("many"), Categorical(scale.categories, None).colour_of("many")
        ('#fec44f', '#a8a8a8', None)
        """
        known = {category.value: category.colour for category in self.categories}
        return known.get(value, self.other.colour if self.other else None)


@dataclass(frozen=True)
class Single:
    """The same look everywhere; without `fill` only the outline is drawn.

    Colours are ``#rrggbb``, the width is in millimetres.
    """

    fill: str | None
    stroke: str
    stroke_width_mm: float


@dataclass(frozen=True)
class UnknownScale:
    """A scale of a kind that this version of the plugin cannot draw."""

    kind: str


Scale = Union[Graduated, Categorical, Single, UnknownScale]


def read_scale(fields: Fields) -> Scale:
    """The scale of a layer.

    `fields` is its ``scale``. Breaks are one more than colours and ascend, none equal; widths are 0 to 100 mm. A kind
    that is not known is no error, and gives an `UnknownScale`.

    By ``kind``, it has:

    - ``graduated``: ``breaks`` and ``colours``
    - ``categorical``: ``categories``, each with ``value label colour``; ``other`` with ``label colour``, or null;
      ``outline_width_mm`` where only outlines are drawn
    - ``single``: ``fill``, or null; ``stroke`` and ``stroke_width_mm``

    Raises
    ------
    RunFolderError
        A colour is not ``#rrggbb``, breaks do not ascend or do not enclose the colours, a value is there
        twice, or there are more than 250 colours.
    """
    kind = fields.text("kind")
    return _KINDS[kind](fields) if kind in _KINDS else UnknownScale(kind)


def _graduated(fields: Fields) -> Graduated:
    breaks = fields.numbers("breaks")
    colours = fields.texts("colours", COLOUR, "colours such as #1d91c0")
    if any(low >= high for low, high in zip(breaks, breaks[1:])):
        raise fields.wrong("breaks", breaks, "ascending numbers")
    require_few(fields, "colours", len(colours))
    if not colours or len(breaks) != len(colours) + 1:
        raise fields.wrong("breaks", f"{len(breaks)} breaks, {len(colours)} colours", "one break more than colours")
    return Graduated(breaks, colours)


def _categorical(fields: Fields) -> Categorical:
    categories = tuple(
        Category(entry.text("value"), entry.label("label"), _colour(entry, "colour"))
        for entry in fields.objects("categories")
    )
    require_few(fields, "categories", len(categories))
    values = [category.value for category in categories]
    other = fields.optional_object("other")
    if len(set(values)) != len(values) or (other is not None and not values):
        raise fields.wrong("categories", values, "every value once, and at least one beside others")
    return Categorical(
        categories,
        None if other is None else Other(other.label("label"), _colour(other, "colour")),
        _stroke_width_mm(fields, "outline_width_mm") if fields.has("outline_width_mm") else None,
    )


def require_few(fields: Fields, key: str, n_colours: int) -> None:
    """Accept as many colours as a legend can show.

    250 are few enough; `key` is what the error names.

    Raises
    ------
    RunFolderError
        There are more than 250.
    """
    if n_colours > MAXCOLOURS:
        raise fields.wrong(key, n_colours, f"at most {MAXCOLOURS}, which a legend can show")


def _single(fields: Fields) -> Single:
    fill = None if fields.is_null("fill") else _colour(fields, "fill")
    return Single(fill, _colour(fields, "stroke"), _stroke_width_mm(fields, "stroke_width_mm"))


def _stroke_width_mm(fields: Fields, key: str) -> float:
    return fields.number(key, minimum=0, maximum=MAX_STROKE_MM)


def _colour(fields: Fields, key: str) -> str:
    return fields.matching(key, COLOUR, COLOUR_RULE)


_KINDS: Mapping[str, Callable[[Fields], Scale]] = {
    "graduated": _graduated,
    "categorical": _categorical,
    "single": _single,
}

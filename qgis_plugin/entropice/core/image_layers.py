"""Layers of a run of images: a raster each, its colours as the manifest says them, and when it holds."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Union

from .fields import Fields
from .scales import COLOUR, COLOUR_RULE, require_few

NAME = r"[A-Za-z0-9_]{1,120}"
NAME_RULE = "letters, digits and underscores"
_DAY = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
_DAY_RULE = "a day such as 2024-03-01"


@dataclass(frozen=True)
class Stop:
    """A value, and the colour that it has."""

    value: float
    colour: str


@dataclass(frozen=True)
class Ramp:
    """Colours that run from stop to stop, which ascend; values beyond have the colour of the nearer end."""

    stops: tuple[Stop, ...]


@dataclass(frozen=True)
class ValueColour:
    """One value, what to call it, and its colour."""

    value: int
    title: str
    colour: str


@dataclass(frozen=True)
class Values:
    """A colour for each value."""

    values: tuple[ValueColour, ...]


Style = Union[Ramp, Values]


@dataclass(frozen=True)
class ImageLayer:
    """A raster; `begins` is the first day on which it holds, `ends` the first on which it does not any more.

    `file` is the name of a GeoTIFF in the run folder, `task` that of its task. Both days are None where time does not
    concern it.
    """

    name: str
    file: str
    task: str
    title: str
    description: str
    unit: str
    style: Style
    begins: date | None
    ends: date | None


def read_image_layer(fields: Fields) -> ImageLayer:
    """The layer of an entry of the manifest.

    Stops of a ramp are at least two and ascend, each value of categories is whole and there once, and there are at most
    250 colours. Either both days are null, or ``begins`` comes before ``ends``. Whether task and file are there is
    looked at by `read_image_manifest`.

    Read are ``name file task title description unit begins ends``, and ``style``, whose ``kind`` is ``ramp``, with
    ``stops`` of ``value colour``, or ``categories``, each with ``value title colour``.

    Raises
    ------
    RunFolderError
        A value is not as the schema says.
    """
    begins, ends = _day(fields, "begins"), _day(fields, "ends")
    if (begins is None) is not (ends is None) or (begins is not None and ends is not None and begins >= ends):
        raise fields.wrong("ends", f"{begins} to {ends}", "neither day, or both in their order")
    return ImageLayer(
        name=fields.matching("name", NAME, NAME_RULE),
        file=fields.text("file"),
        task=fields.text("task"),
        title=fields.label("title"),
        description=fields.text("description"),
        unit=fields.label("unit"),
        style=_style(fields.object("style")),
        begins=begins,
        ends=ends,
    )


def _day(fields: Fields, key: str) -> date | None:
    if fields.is_null(key):
        return None
    text = fields.matching(key, _DAY, _DAY_RULE)
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise fields.wrong(key, repr(text), _DAY_RULE) from error


def _style(fields: Fields) -> Style:
    return _KINDS[fields.one_of("kind", tuple(_KINDS))](fields)


def _ramp(fields: Fields) -> Ramp:
    stops = tuple(
        Stop(entry.number("value"), entry.matching("colour", COLOUR, COLOUR_RULE)) for entry in fields.objects("stops")
    )
    require_few(fields, "stops", len(stops))
    values = [stop.value for stop in stops]
    if len(stops) < 2 or any(low >= high for low, high in zip(values, values[1:])):
        raise fields.wrong("stops", values, "two values or more, ascending")
    return Ramp(stops)


def _values(fields: Fields) -> Values:
    entries = tuple(
        ValueColour(
            entry.whole_number("value", -(2**31), 2**31),
            entry.label("title"),
            entry.matching("colour", COLOUR, COLOUR_RULE),
        )
        for entry in fields.objects("categories")
    )
    require_few(fields, "categories", len(entries))
    values = [entry.value for entry in entries]
    if not values or len(set(values)) != len(values):
        raise fields.wrong("categories", values, "every value once, and at least one")
    return Values(entries)


_KINDS: Mapping[str, Callable[[Fields], Style]] = {"ramp": _ramp, "categories": _values}

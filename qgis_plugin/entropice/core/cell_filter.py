"""Conditions on what a run says of its cells, such as ``p_any_rts >= 0.8 AND state = unobserved``."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Union

from .errors import RunFolderError
from .language import tr
from .layers import Layer
from .manifest import Manifest
from .manifest_file import MANIFEST_NAME
from .quantity_lookup import layer_of
from .scales import Categorical

EXAMPLE = "p_any_rts >= 0.8 AND p_any_sd <= 5 % AND state = unobserved AND applicability = inside"
_AND = re.compile(r"\s+and\s+", re.IGNORECASE)
_KNOWN = re.compile(r"(\w+)\s+is\s+(known|unknown)", re.IGNORECASE)
_COMPARED = re.compile(r"(\w+)\s*(>=|<=|!=|≥|≤|≠|=|>|<)\s*(\S.*)")
_PERCENT = re.compile(r"([-+.\deE]+)\s*%")

Bound = Union[float, str]


@dataclass(frozen=True)
class Condition:
    """A test of the values of one layer; `words` are how it was written.

    `holds` takes the value of the layer's column in a row, None where it is unknown.
    """

    layer: Layer
    words: str
    holds: Callable[[object], bool]


def read_conditions(text: str, manifest: Manifest, year: int, folder: Path) -> tuple[Condition, ...]:
    """Conditions joined by AND: ``quantity operator value``, or ``quantity is known`` or ``is unknown``.

    A quantity stands for itself in `year`, or is written with a year of its own (``p_any_rts_2021``). Operators are
    ``= != < <= > >=``; a share may be written as a percentage. Unknown values satisfy nothing but ``is unknown``.

    ``and`` may be written small or large, a value in quotation marks or without, and white space around operators or
    not; ``≠ ≤ ≥`` are operators, too. Texts know only ``=`` and ``!=``, and have to be a category of the quantity where
    its map draws all of them. Numbers are compared exactly, in the unit of the table of cells, shares as 0..1: ``80 %``
    is 0.8.

    Raises
    ------
    RunFolderError
        A condition is none, as in an empty text, its quantity is not of this run or not in its year, or the value
        cannot be one of it.
    """
    parts = [part.strip() for part in _AND.split(text.strip())]
    return tuple(_condition(part, manifest, year, folder) for part in parts)


def passes(conditions: tuple[Condition, ...], row: Mapping[str, object]) -> bool:
    """Whether a row of the table of cells satisfies all conditions.

    `row` maps columns to values, None or no number being unknown. No condition at all is passed by every row. Bounds of
    ``<=`` and ``>=`` are included.
    """
    return all(condition.holds(row[condition.layer.column or ""]) for condition in conditions)


def _condition(words: str, manifest: Manifest, year: int, folder: Path) -> Condition:
    known = _KNOWN.fullmatch(words)
    if known is not None:
        wants_known = known[2].lower() == "known"
        return Condition(
            _layer(known[1], manifest, year, folder), words, lambda value: (value is not None) == wants_known
        )
    compared = _COMPARED.fullmatch(words)
    if compared is None:
        raise _refused(folder, "condition", words, tr("conditions joined by AND, such as %1", EXAMPLE))
    name, operator, value = compared.groups()
    layer = _layer(name, manifest, year, folder)
    return Condition(layer, words, _test(layer, operator, value.strip().strip("'\""), folder))


def _layer(name: str, manifest: Manifest, year: int, folder: Path) -> Layer:
    return layer_of(manifest, name, year, folder)


def _test(layer: Layer, operator: str, written: str, folder: Path) -> Callable[[object], bool]:
    if layer.unit is None:
        return _test_of_text(layer, operator, written, folder)
    bound = _number(layer, written, folder)
    compare = _OF_NUMBERS[operator]
    return lambda value: isinstance(value, (int, float)) and compare(value, bound)


def _test_of_text(layer: Layer, operator: str, written: str, folder: Path) -> Callable[[object], bool]:
    if operator not in _OF_TEXTS:
        raise _refused(folder, layer.quantity, operator, tr("= or !=, as its values are texts"))
    categories = layer.scale.labels if isinstance(layer.scale, Categorical) and layer.scale.other is None else {}
    if categories and written not in categories:
        raise _refused(folder, layer.quantity, written, tr("one of %1", ", ".join(categories)))
    wants_equal = _OF_TEXTS[operator]
    return lambda value: isinstance(value, str) and (value == written) == wants_equal


def _number(layer: Layer, written: str, folder: Path) -> float:
    percent = _PERCENT.fullmatch(written)
    try:
        return float(percent[1]) / 100 if percent else float(written)
    except ValueError:
        raise _refused(
            folder, layer.quantity, written, tr("a number such as 0.8, or a percentage such as 80 %")
        ) from None


_OF_NUMBERS: Mapping[str, Callable[[float, float], bool]] = {
    "=": lambda value, bound: value == bound,
    "!=": lambda value, bound: value != bound,
    "≠": lambda value, bound: value != bound,
    "<": lambda value, bound: value < bound,
    "<=": lambda value, bound: value <= bound,
    "≤": lambda value, bound: value <= bound,
    ">": lambda value, bound: value > bound,
    ">=": lambda value, bound: value >= bound,
    "≥": lambda value, bound: value >= bound,
}
_OF_TEXTS: Mapping[str, bool] = {"=": True, "!=": False, "≠": False}


def _refused(folder: Path, field: str, got: str, expected: str) -> RunFolderError:
    return RunFolderError(
        tr("These cells cannot be chosen."),
        path=folder / MANIFEST_NAME,
        field=field,
        got=got,
        expected=expected,
        fix=tr("Change the condition."),
    )

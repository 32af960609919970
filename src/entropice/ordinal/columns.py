"""What parameters say about the columns of a table: which one is the exposure, and the group of each other one."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Indices = NDArray[np.intp]


@dataclass(frozen=True)
class Columns:
    """Columns of a table.

    Attributes
    ----------
    exposure
        Number of the exposure's column, or None.
    groups
        Column numbers of each group and how many components stand for them, in the order of the numbers asked for;
        None where columns are not grouped.
    """

    exposure: int | None
    groups: Mapping[Hashable, tuple[Indices, int]] | None


def columns_of(
    names: Sequence[str],
    groups: Sequence[Hashable] | None,
    n_components: Mapping[Any, int] | int,
    exposure: int | str | None,
) -> Columns:
    """Resolve parameters for the columns called ``names``.

    `groups` holds a label for each column, whatever it says of the exposure's; `n_components` a number for each label,
    or one for all. Groups of a mapping come in its order, those that have no column left out; of one number in the
    order of their first columns.

    Raises
    ------
    ValueError
        If there is no such exposure, labels are not as many as columns, or a group lacks a positive number of
        components.

    Examples
    --------
    >>> names, groups = ["slope", "relief", "rain", "area"], ["terrain", "terrain", "climate", "terrain"]
    >>> columns = columns_of(names, groups, {"climate": 1, "terrain": 2}, "area")
    >>> columns.exposure, {group: (own.tolist(), number) for group, (own, number) in columns.groups.items()}
    (3, {'climate': ([2], 1), 'terrain': ([0, 1], 2)})
    """
    place = None if exposure is None else _place_of(exposure, names)
    if groups is None:
        return Columns(place, None)
    if len(groups) != len(names):
        raise ValueError(f"groups must hold one label a column: got {len(groups)} labels for {len(names)} columns.")
    members = _members(groups, place)
    asked = dict.fromkeys(members, n_components) if isinstance(n_components, int) else n_components
    _check_numbers(members, asked)
    return Columns(place, {group: (members[group], asked[group]) for group in asked if group in members})


def _place_of(exposure: int | str, names: Sequence[str]) -> int:
    numbers = {name: place for place, name in enumerate(names)} | {place: place for place in range(len(names))}
    if exposure not in numbers:
        raise ValueError(f"exposure must name or number one of the {len(names)} columns, got {exposure!r}.")
    return numbers[exposure]


def _members(groups: Sequence[Hashable], exposure: int | None) -> dict[Hashable, Indices]:
    places = [(group, place) for place, group in enumerate(groups) if place != exposure]
    labels = dict.fromkeys(group for group, _ in places)
    return {label: np.array([place for group, place in places if group == label], dtype=np.intp) for label in labels}


def _check_numbers(members: Mapping[Hashable, Indices], asked: Mapping[Hashable, int]) -> None:
    missing = [group for group in members if group not in asked]
    if missing:
        raise ValueError(f"n_components lacks the groups {missing}: give each a number of components.")
    wrong = {group: number for group, number in asked.items() if number < 1}
    if wrong:
        raise ValueError(f"n_components must be at least 1 for every group, got {wrong}.")

"""What is looked at in a run: a quantity in a year; and what there is to choose from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from .layer_plan import drawable_layers, plan_layers
from .layers import Layer
from .manifest import Manifest


@dataclass(frozen=True)
class Selection:
    """A quantity in a year. Of a quantity that is the same in all years, the year is that of the cell beside the map.

    Without a year the newest counts.
    """

    quantity: str
    year: int | None


@dataclass(frozen=True)
class Choice:
    """A quantity that can be drawn, what to call it, and the years for which it can be chosen, newest first."""

    quantity: str
    title: str
    years: tuple[int, ...]


@dataclass(frozen=True)
class ChoiceGroup:
    """The choices of a group of layers, such as ``prediction``."""

    group: str
    choices: tuple[Choice, ...]


def choices_of(manifest: Manifest) -> tuple[ChoiceGroup, ...]:
    """What a run can show on its cells, in the manifest's order."""
    layers = drawable_layers(manifest)
    groups = dict.fromkeys(layer.group for layer in layers)
    return tuple(
        ChoiceGroup(group, _choices(manifest, [layer for layer in layers if layer.group == group])) for group in groups
    )


def first_selection(manifest: Manifest) -> Selection | None:
    """The default layer, or the first that can be drawn; None without any."""
    first = plan_layers(manifest).first
    return None if first is None else fitted(manifest, Selection(first.quantity, first.year))


def fitted(manifest: Manifest, selection: Selection) -> Selection | None:
    """The nearest selection that a run has: the same quantity, else its default, in the nearest year.

    None where no layer of the cells can be drawn.
    """
    found = [choice for group in choices_of(manifest) for choice in group.choices]
    same = next((choice for choice in found if choice.quantity == selection.quantity), None)
    if same is not None:
        return replace(selection, year=_nearest(same.years, selection.year))
    first = plan_layers(manifest).first
    return None if first is None else fitted(manifest, Selection(first.quantity, selection.year or first.year))


def layer_for(manifest: Manifest, selection: Selection) -> Layer | None:
    """The declared layer that shows a selection; None where the run has none that can be drawn."""
    of_quantity = [layer for layer in drawable_layers(manifest) if layer.quantity == selection.quantity]
    return next((layer for layer in of_quantity if layer.year in (selection.year, None)), None)


def _choices(manifest: Manifest, layers: Sequence[Layer]) -> tuple[Choice, ...]:
    titles = {layer.quantity: layer.title for layer in reversed(layers)}
    quantities = dict.fromkeys(layer.quantity for layer in layers)
    return tuple(Choice(quantity, titles[quantity], _years(manifest, layers, quantity)) for quantity in quantities)


def _years(manifest: Manifest, layers: Sequence[Layer], quantity: str) -> tuple[int, ...]:
    years = {layer.year for layer in layers if layer.quantity == quantity}
    return tuple(year for year in reversed(manifest.years) if None in years or year in years)


def _nearest(years: Sequence[int], year: int | None) -> int:
    return years[0] if year is None else min(years, key=lambda other: abs(other - year))

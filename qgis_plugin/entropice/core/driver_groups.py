"""Drivers drawn by the group of features that they are of, such as terrain or climate."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import cycle

from .language import tr
from .layers import Layer
from .manifest import Manifest
from .scales import Categorical, Category

SUFFIX = "_group"
_DRIVERS = "drivers"
_COLOURS = ("#0072b2", "#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#d55e00", "#f0e442")


def by_feature_group(manifest: Manifest, layers: Sequence[Layer]) -> Iterator[Layer]:
    """A second layer for each that shows drivers, in the colours of the groups; none where the run has one group.

    Groups count that have a feature beyond chance. The copies have ``_group`` after name and quantity, no overview, and
    are no default; they come in the order of `layers`, of which those without categories are left out. There are seven
    colours, which come again from the eighth group on.
    """
    categories = tuple(_categories(manifest))
    if len(categories) > 1:
        for layer in layers:
            if layer.group == _DRIVERS and isinstance(layer.scale, Categorical):
                yield _grouped(layer, categories)


def _grouped(layer: Layer, categories: tuple[Category, ...]) -> Layer:
    return replace(
        layer,
        name=layer.name + SUFFIX,
        quantity=layer.quantity + SUFFIX,
        title=tr("%1, by group of features", layer.title),
        scale=Categorical(categories, None),
        is_default=False,
        overview=None,
    )


def _categories(manifest: Manifest) -> Iterator[Category]:
    """A category for each group that has a feature which exceeds chance; such as do not are drawn otherwise."""
    drivers = {name: group for name, group in manifest.feature_groups.items() if name not in manifest.chance_features}
    for group, colour in zip(dict.fromkeys(drivers.values()), cycle(_COLOURS)):
        first, *others = [name for name, its_group in drivers.items() if its_group == group]
        yield Category(first, group, colour, tuple(others))

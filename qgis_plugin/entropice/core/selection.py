"""What is looked at in a run: a quantity in a year; and what there is to choose from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from .layer_plan import drawable_layers, plan_layers
from .layers import Layer
from .manifest import MAX_KEPT, Manifest

_PREDICTION, _ENTROPY = "prediction", "entropy"


@dataclass(frozen=True)
class Selection:
    """A quantity in a year. Of a quantity that is the same in all years, the year is that of the cell beside the map.

    Without a year the newest counts, without a model that of the map. `is_faded` is whether cells get paler the less
    certain their class is.
    """

    quantity: str
    year: int | None
    model: str | None = None
    is_faded: bool = False


@dataclass(frozen=True)
class Choice:
    """A quantity that can be drawn, what it is, and for what it can be chosen: years, newest first, and models."""

    quantity: str
    title: str
    description: str
    years: tuple[int, ...]
    models: tuple[str | None, ...] = (None,)


@dataclass(frozen=True)
class ChoiceGroup:
    """The choices of a group of layers, such as ``prediction``."""

    group: str
    choices: tuple[Choice, ...]


@lru_cache(maxsize=MAX_KEPT)
def choices_of(manifest: Manifest) -> tuple[ChoiceGroup, ...]:
    """What a run can show on its cells, in the manifest's order.

    One group for each group of drawable layers, and in it one choice for each quantity, each where it first stands. A
    quantity that is the same in all years can be chosen for every year of the run.
    """
    layers = drawable_layers(manifest)
    groups = dict.fromkeys(layer.group for layer in layers)
    return tuple(
        ChoiceGroup(group, _choices(manifest, [layer for layer in layers if layer.group == group])) for group in groups
    )


@lru_cache(maxsize=MAX_KEPT)
def models_of(manifest: Manifest) -> tuple[str | None, ...]:
    """The models of which a run can show anything on its cells, that of the map first.

    None is the map's own, which is first even where nothing of it can be drawn; the others stand in the manifest's
    order.
    """
    others = dict.fromkeys(layer.model for layer in drawable_layers(manifest) if layer.model is not None)
    return (None, *others)


def of_model(manifest: Manifest, selection: Selection, model: str | None) -> Selection:
    """The same quantity of another model of `models_of`, or the first quantity that the run has of it.

    Year and fading stay as they are, whether or not the other quantity has them: `fitted` brings them to what there is.

    Raises
    ------
    IndexError
        The model is none of `models_of`.
    """
    found = [choice for group in choices_of(manifest) for choice in group.choices if model in choice.models]
    same = [choice for choice in found if choice.quantity == selection.quantity]
    return replace(selection, quantity=(same or found)[0].quantity, model=model)


def first_selection(manifest: Manifest) -> Selection | None:
    """The default layer, or the first that can be drawn; None without any.

    Of a layer that is the same in all years, the year is the newest.
    """
    first = plan_layers(manifest).first
    return None if first is None else fitted(manifest, Selection(first.quantity, first.year, first.model))


def fitted(manifest: Manifest, selection: Selection) -> Selection | None:
    """The nearest selection that a run has: the same quantity and model, else its default, in the nearest year.

    None where no layer of the cells can be drawn.

    The nearest year is that with the smallest distance, of two the newer one; without a year it is the newest. A model
    that the quantity does not have gives way to the first that it has. Fading stays only where the run says how certain
    the class is.
    """
    found = [choice for group in choices_of(manifest) for choice in group.choices]
    same = next((choice for choice in found if choice.quantity == selection.quantity), None)
    if same is not None:
        model = selection.model if selection.model in same.models else same.models[0]
        nearest = replace(selection, year=_nearest(same.years, selection.year), model=model)
        return replace(nearest, is_faded=selection.is_faded and certainty_layer(manifest, nearest) is not None)
    first = plan_layers(manifest).first
    if first is None:
        return None
    return fitted(manifest, replace(selection, quantity=first.quantity, year=selection.year or first.year))


def layer_for(manifest: Manifest, selection: Selection) -> Layer | None:
    """The declared layer that shows a selection; None where the run has none that can be drawn.

    A layer that is the same in all years shows any; without a year only such a layer does.
    """
    wanted = (selection.quantity, selection.model)
    layers = [layer for layer in drawable_layers(manifest) if (layer.quantity, layer.model) == wanted]
    return next((layer for layer in layers if layer.year in (selection.year, None)), None)


def certainty_layer(manifest: Manifest, selection: Selection) -> Layer | None:
    """The layer that says how certain the class is, in the year and of the model of a prediction that is selected.

    None where the run does not say it, and for what is no prediction or says it itself.

    It is the layer of the quantity ``entropy``; predictions are the layers of the group ``prediction``.
    """
    shown = layer_for(manifest, selection)
    if shown is None or shown.group != _PREDICTION or shown.year is None or shown.quantity == _ENTROPY:
        return None
    of_year = [layer for layer in manifest.layers if (layer.year, layer.model) == (shown.year, shown.model)]
    return next((layer for layer in of_year if layer.quantity == _ENTROPY and layer.column is not None), None)


def _choices(manifest: Manifest, layers: Sequence[Layer]) -> tuple[Choice, ...]:
    quantities = dict.fromkeys(layer.quantity for layer in layers)
    return tuple(
        _choice(manifest, [layer for layer in layers if layer.quantity == quantity]) for quantity in quantities
    )


def _choice(manifest: Manifest, layers: Sequence[Layer]) -> Choice:
    years = {layer.year for layer in layers}
    return Choice(
        quantity=layers[0].quantity,
        title=layers[0].title,
        description=layers[0].description,
        years=tuple(year for year in reversed(manifest.years) if None in years or year in years),
        models=tuple(dict.fromkeys(layer.model for layer in layers)),
    )


def _nearest(years: Sequence[int], year: int | None) -> int:
    return years[0] if year is None else min(years, key=lambda other: abs(other - year))

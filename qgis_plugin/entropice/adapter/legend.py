"""What a legend says beyond the manifest's scale: what a class means, and which drivers are none."""

from __future__ import annotations

from dataclasses import replace

from ..core.class_ranges import AREA_UNIT, M2_PER_KM2, ClassRange, is_area_fraction
from ..core.important_sets import CHANCE_COLOUR
from ..core.layers import Layer
from ..core.manifest import Manifest
from ..core.scales import Categorical, Category, Graduated, Scale
from ..core.wording import are_of_whole_numbers, number_text, step_texts, value_text
from .translate import tr

DRIVERS = "drivers"
_N_DIGITS = 2
_CLASS = "class"
_UNOBSERVED = "unobserved"


def on_map(manifest: Manifest, layer: Layer) -> Layer:
    """The layer with the labels and colours that it has on a map; it is told and found as before.

    A copy is returned. Steps get their labels, of areas per area in m² per km², a single one that is not of whole
    numbers "about" its lower break; classes their range; drivers that do not exceed chance become one grey; and the
    category ``unobserved`` is hatched. Breaks stay as they are.
    """
    return replace(layer, scale=_scale(manifest, layer))


def _scale(manifest: Manifest, layer: Layer) -> Scale | None:
    scale = layer.scale
    if isinstance(scale, Graduated):
        return replace(scale, labels=_step_labels(layer, scale))
    if isinstance(scale, Categorical) and layer.quantity == _CLASS:
        return replace(scale, categories=tuple(_with_range(manifest, category) for category in scale.categories))
    if isinstance(scale, Categorical) and layer.group == DRIVERS and manifest.chance_features:
        return _with_chance(manifest, scale)
    if isinstance(scale, Categorical):
        return replace(scale, categories=tuple(_hatched_if_unobserved(category) for category in scale.categories))
    return scale


def _step_labels(layer: Layer, scale: Graduated) -> tuple[str, ...]:
    if is_area_fraction(layer.quantity):
        layer = replace(layer, unit=tr(AREA_UNIT))
        scale = replace(scale, breaks=tuple(M2_PER_KM2 * value for value in scale.breaks))
    if len(scale.colours) > 1 or are_of_whole_numbers(scale.breaks):
        return tuple(step_texts(layer, scale.breaks))
    return (tr("about %1").replace("%1", value_text(layer, scale.breaks[0])),)


def _hatched_if_unobserved(category: Category) -> Category:
    return replace(category, is_hatched=category.value == _UNOBSERVED)


def _with_range(manifest: Manifest, category: Category) -> Category:
    known = manifest.class_ranges.get(category.value)
    return category if known is None else replace(category, label=f"{category.label}: {range_text(known)}")


def range_text(known: ClassRange) -> str:
    """The slump area that a class stands for, and its mean.

    It is such as ``10 – 100 m² per km², mean 40``: two digits, ``below`` or ``or more`` where one end is open, and the
    mean where it is known.
    """
    mean = "" if known.mean is None else tr(", mean %1").replace("%1", number_text(known.mean, _N_DIGITS))
    return f"{_limits_text(known)} {tr(AREA_UNIT)}{mean}"


def _limits_text(known: ClassRange) -> str:
    low, high = (None if limit is None else number_text(limit, _N_DIGITS) for limit in (known.low, known.high))
    if known.low == 0:
        return tr("any") if high is None else tr("below %1").replace("%1", high)
    return tr("%1 or more").replace("%1", low or "") if high is None else f"{low} – {high}"


def _with_chance(manifest: Manifest, scale: Categorical) -> Categorical:
    """The drivers that exceed chance in their colours, all that do not in one grey."""
    first, *others = sorted(manifest.chance_features)
    grey = Category(first, tr("no driver that exceeds chance"), CHANCE_COLOUR, tuple(others))
    drivers = tuple(category for category in scale.categories if category.value not in manifest.chance_features)
    other = None if scale.other is None else replace(scale.other, label=tr("another driver"))
    return Categorical((*drivers, grey), other)

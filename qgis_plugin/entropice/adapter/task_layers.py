"""What was found in images on the map: outlines and tiles of one year, with fields that say what they hold."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from qgis.core import QgsExpression, QgsMapLayer, QgsVectorLayer

from ..core.layers import Layer
from ..core.manifest import Manifest
from ..core.tables import CELL_ID
from ..core.tasks import YEAR, ImageryTask, task_of
from ..core.wording import UNKNOWN
from .map_tips import THREE_DIGITS, as_html, quoted, without_markup
from .renderers import draw_only
from .run_tag import tag_of
from .translate import phrase, tr

_AREA, _LARGE_AREA, _SHARE, _NUMBER, _TRUTH, _PLAIN = "area", "large area", "share", "number", "truth", "plain"
_FACTOR_AND_UNIT = {_AREA: (1, " m²"), _LARGE_AREA: (1e-6, " km²"), _SHARE: (100, " %"), _NUMBER: (1, "")}


@dataclass(frozen=True)
class _Field:
    """What to call a field, and how its values are told."""

    title: str
    form: str


_FIELDS: Mapping[str, _Field] = {
    "outline_id": _Field(phrase("Object, the same in all years"), _PLAIN),
    "object_id": _Field(phrase("Object, the same in all years"), _PLAIN),
    "region": _Field(phrase("Region"), _PLAIN),
    "split": _Field(phrase("Split of its ground"), _PLAIN),
    "tile": _Field(phrase("Tile"), _PLAIN),
    YEAR: _Field(phrase("Year of the images"), _PLAIN),
    CELL_ID: _Field(phrase("Cell"), _PLAIN),
    "p": _Field(phrase("Chance that it is true"), _SHARE),
    "p_pixels": _Field(phrase("Chance by its pixels alone"), _SHARE),
    "area_m2": _Field(phrase("Area"), _AREA),
    "area_low_90_m2": _Field(phrase("Area, lower end of its 90 % range"), _AREA),
    "area_high_90_m2": _Field(phrase("Area, upper end of its 90 % range"), _AREA),
    "area_sd_m2": _Field(phrase("Standard deviation of the area"), _AREA),
    "chance_mean": _Field(phrase("Mean chance of its pixels"), _SHARE),
    "n_pixels": _Field(phrase("Pixels inside the outline"), _PLAIN),
    "is_below_min": _Field(phrase("Smaller than what is counted"), _TRUTH),
    "is_cut": _Field(phrase("May go on where nobody has looked"), _TRUTH),
    "is_best": _Field(phrase("Chosen as one of the best"), _TRUTH),
    "inclusion": _Field(phrase("Chance that the design draws it"), _SHARE),
    "expected": _Field(phrase("Expected on it before looking"), _NUMBER),
    "n_found": _Field(phrase("Outlines found"), _PLAIN),
    "expected_found": _Field(phrase("Sum of the chances that these are true"), _NUMBER),
    "seen_area_m2": _Field(phrase("Area that its image shows"), _LARGE_AREA),
}


def task_layer(manifest: Manifest, layer: QgsMapLayer) -> tuple[Layer, ImageryTask] | None:
    """What a layer of the project shows of which task; None for a layer of none.

    The layer's tag names the quantity; of several declared layers with it the first that is of a task counts.
    """
    tag = tag_of(layer)
    declared = [declared for declared in manifest.layers if tag and declared.quantity == tag.selection.quantity]
    tasks = [(found, task_of(manifest.tasks, found.table)) for found in declared]
    return next(((found, task) for found, task in tasks if task is not None), None)


def show_year(manifest: Manifest, layer: QgsVectorLayer, year: int) -> None:
    """Draw of a task's layer the latest year of images up to a year, and say in its name which one it is.

    The symbols leave out the others: a filter of the source would let QGIS open the file again, and change it.

    Where all images are of later years, it is the first of them. A layer of no task stays as it is.
    """
    found = task_layer(manifest, layer)
    if found is None:
        return
    declared, task = found
    shown = task.year_up_to(year)
    draw_only(layer.renderer(), declared, f"{QgsExpression.quotedColumnRef(YEAR)} = {shown}")
    layer.setName(f"{declared.title} · {shown}")
    layer.triggerRepaint()


def tell_fields(layer: QgsVectorLayer, title: str) -> None:
    """Call fields what they are, and tell all of them where the pointer rests.

    Known are the keys of `_FIELDS`, such as ``object_id``, ``year``, ``p``, ``area_m2``, ``n_found`` and
    ``seen_area_m2``. Other fields keep their names and are not told; null is "unknown".
    """
    told = [name for name in layer.fields().names() if name in _FIELDS]
    for name in told:
        layer.setFieldAlias(layer.fields().indexOf(name), _alias(_FIELDS[name]))
    layer.setMapTipTemplate("".join((f"<b>{as_html(title)}</b>", *map(_line, told))))


def _alias(field: _Field) -> str:
    return f"{tr(field.title)} (m²)" if field.form in (_AREA, _LARGE_AREA) else tr(field.title)


def _line(name: str) -> str:
    value = f"coalesce({_value(QgsExpression.quotedColumnRef(name), _FIELDS[name].form)}, {quoted(tr(UNKNOWN))})"
    return f"<br>{as_html(tr(_FIELDS[name].title))}: [% {value} %]"


def _value(column: str, form: str) -> str:
    """An expression: what a reader is told; null for null."""
    if form == _PLAIN:
        return without_markup(f"to_string({column})")
    if form == _TRUTH:
        return f"CASE WHEN {column} THEN {quoted(tr('yes'))} WHEN NOT {column} THEN {quoted(tr('no'))} END"
    factor, unit = _FACTOR_AND_UNIT[form]
    return f"with_variable('x', {factor} * {column}, to_string({THREE_DIGITS})) || {quoted(unit)}"

"""What the map will show of a run, decided before any layer is built."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache

from .driver_groups import by_feature_group
from .language import tr
from .layers import Layer
from .manifest import MAX_KEPT, Manifest
from .scales import UnknownScale

LARGE_RUN_CELLS = 200_000
QUICK_CELLS = 20_000
# Ground in a window at 1:1: QGIS reckons with 96 pixels to the inch, 0.264583 mm each.
_WINDOW_M2_PER_SCALE2 = 1200 * 900 * 0.000264583**2


@dataclass(frozen=True)
class LayerPlan:
    """A run on the map, top to bottom: what lies above the cells, the cells, what lies below.

    `above` is hidden at first. `choices` are the layers that can be drawn of the cells, one at a time; `first` is the
    one that is shown first, the default if it is among them, else the first of them; None without any. `left_out` says
    of which layers nothing is shown, and why.
    """

    title: str
    above: tuple[Layer, ...]
    choices: tuple[Layer, ...]
    first: Layer | None
    below: tuple[Layer, ...]
    is_large: bool
    left_out: tuple[str, ...]


def plan_layers(manifest: Manifest) -> LayerPlan:
    """The plan of a run: every layer whose scale is known, in the manifest's order.

    On the map are the layers that the run puts there; of the cells one is shown at a time. Layers of other tables lie
    above the cells where they come before the first layer of the cells in the manifest, else below; without a layer of
    cells, all lie below. A run of more than 200,000 cells is large.
    """
    on_map = [layer for layer in manifest.layers if layer.on_map]
    around = [layer for layer in on_map if is_drawable(layer) and layer.table.table != manifest.cells.table]
    choices = drawable_layers(manifest)
    n_above = manifest.layers.index(choices[0]) if choices else 0
    return LayerPlan(
        title=title_of(manifest),
        above=tuple(layer for layer in around if layer in manifest.layers[:n_above]),
        choices=choices,
        first=next((layer for layer in choices if layer.is_default), choices[0] if choices else None),
        below=tuple(layer for layer in around if layer in manifest.layers[n_above:]),
        is_large=manifest.cells.n_rows > LARGE_RUN_CELLS,
        left_out=tuple(_left_out(layer) for layer in on_map if isinstance(layer.scale, UnknownScale)),
    )


def title_of(manifest: Manifest) -> str:
    """What to call a run: its title and grid, and its purpose where it is no model.

    It is ``title · grid key``, and behind it the purpose in brackets, such as ``(plumbing check)``.
    """
    suffix = "" if manifest.purpose == "model" else f" ({manifest.purpose})"
    return f"{manifest.title} · {manifest.grid_key}{suffix}"


@lru_cache(maxsize=MAX_KEPT)
def drawable_layers(manifest: Manifest) -> tuple[Layer, ...]:
    """The layers of the table of cells that have a scale which is known, also those that are told by default.

    Drivers come a second time, by the group of features that they are of.

    They stand in the manifest's order, layers of groups last. The tuple is kept for up to 16 manifests.
    """
    declared = [layer for layer in manifest.layers if is_drawable(layer) and layer.table.table == manifest.cells.table]
    return (*declared, *by_feature_group(manifest, declared))


def is_drawable(layer: Layer) -> bool:
    """Whether a layer has a scale of a kind that is known.

    A layer without a scale is told and not drawn: False.
    """
    return layer.scale is not None and not isinstance(layer.scale, UnknownScale)


def polygon_scale(n_cells: int, extent_m2: float) -> float:
    """The denominator of the scale below which a window of 1200 by 900 pixels holds about 20,000 cells or fewer.

    It is √(20,000 / n · A / w): n and A (m²) of the whole run, w the ground (m²) of such a window at 1:1, whose pixels
    are 0.264583 mm wide (96 to the inch). Cells are taken as spread evenly over the extent; both have to be above 0.

    Examples
    --------
    >>> round(polygon_scale(20_000, 4 * 1200 * 900 * 0.000264583**2), 6)
    2.0
    """
    return math.sqrt(QUICK_CELLS / n_cells * extent_m2 / _WINDOW_M2_PER_SCALE2)


def _left_out(layer: Layer) -> str:
    kind = layer.scale.kind if isinstance(layer.scale, UnknownScale) else ""
    return tr("%1 (%2): this version of the plugin cannot draw a scale of kind “%3”.", layer.title, layer.name, kind)

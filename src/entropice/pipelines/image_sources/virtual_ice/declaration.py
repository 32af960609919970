"""Virtual sea ice: its daily fields, and images of it with the type, the change or the mask of the ice."""

from collections.abc import Sequence
from typing import Final

from kedro.pipeline import Node

from entropice.pipelines.image_sources.declaration import ImageSource
from entropice.pipelines.image_sources.virtual_ice import nodes, sizes
from entropice.pipelines.image_sources.virtual_ice.parameters import (
    VirtualIceChange,
    VirtualIceCharts,
    VirtualIceFields,
    VirtualIceTypes,
)
from entropice.pipelines.sources.declaration import SYNTHETIC

SEED: Final = "params:random_seed"


def _field_nodes() -> Sequence[Node]:
    ice, ceiling = (f"params:task.virtual_ice_fields.{name}" for name in ("ice", "ceiling"))
    return [
        Node(nodes.make_fields, inputs=[ice, SEED], outputs="fields", name="make_fields", tags=["scenes"]),
        Node(
            nodes.forecast_by_law,
            inputs=[ice, ceiling, SEED],
            outputs="ceiling",
            name="forecast_by_law",
            tags=["scenes"],
        ),
    ]


def _type_nodes() -> Sequence[Node]:
    ice, tiles, types = (f"params:task.virtual_ice_types.{name}" for name in ("ice", "tiles", "types"))
    return [
        Node(nodes.place_types, inputs=[ice, tiles, types, SEED], outputs="tiles", name="place_tiles", tags=["scenes"]),
        Node(
            nodes.render_types,
            inputs=["tiles", ice, types, SEED],
            outputs="images",
            name="render_images",
            tags=["scenes"],
        ),
    ]


def _change_nodes() -> Sequence[Node]:
    ice, tiles, gap = (f"params:task.virtual_ice_change.{name}" for name in ("ice", "tiles", "gap_days"))
    return [
        Node(nodes.place_changes, inputs=[ice, tiles, gap, SEED], outputs="tiles", name="place_tiles", tags=["scenes"]),
        Node(
            nodes.render_changes,
            inputs=["tiles", ice, gap, SEED],
            outputs="images",
            name="render_images",
            tags=["scenes"],
        ),
    ]


def _chart_nodes() -> Sequence[Node]:
    ice, tiles, water = (f"params:task.virtual_ice_charts.{name}" for name in ("ice", "tiles", "open_water_share"))
    return [
        Node(
            nodes.place_charts, inputs=[ice, tiles, water, SEED], outputs="tiles", name="place_tiles", tags=["scenes"]
        ),
        Node(nodes.render_charts, inputs=["tiles", ice, SEED], outputs="images", name="render_images", tags=["scenes"]),
    ]


VIRTUAL_ICE: Final = (
    ImageSource(
        name="virtual_ice_fields",
        title="daily fields of virtual sea ice",
        nouns="days of sea ice",
        parameters=VirtualIceFields,
        nodes=_field_nodes,
        images=sizes.fields,
        licences=(SYNTHETIC,),
    ),
    ImageSource(
        name="virtual_ice_types",
        title="virtual sea ice seen from above, by type",
        nouns="types of sea ice",
        parameters=VirtualIceTypes,
        nodes=_type_nodes,
        images=sizes.types,
        licences=(SYNTHETIC,),
    ),
    ImageSource(
        name="virtual_ice_change",
        title="virtual sea ice seen from above, twice",
        nouns="changes of sea ice",
        parameters=VirtualIceChange,
        nodes=_change_nodes,
        images=sizes.changes,
        licences=(SYNTHETIC,),
    ),
    ImageSource(
        name="virtual_ice_charts",
        title="virtual sea ice seen from above, charted",
        nouns="floes",
        parameters=VirtualIceCharts,
        nodes=_chart_nodes,
        images=sizes.charts,
        licences=(SYNTHETIC,),
    ),
)
"""All sources of virtual sea ice."""

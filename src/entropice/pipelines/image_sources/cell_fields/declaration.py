"""Yearly climate indices of the cells of a finished run, side by side as fields; of a virtual world with its law."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from kedro.pipeline import Node

from entropice.pipelines.image_sources.cell_fields import nodes
from entropice.pipelines.image_sources.cell_fields.parameters import LawParameters
from entropice.pipelines.image_sources.declaration import ImageSource
from entropice.pipelines.sources.declaration import SYNTHETIC
from entropice.pipelines.sources.era5.licence import LICENCE

LAW_DRAWS: Final = "law_draws"
"""What someone forecasts who knows the climate's law and state: given by a source that knows it."""

_SPLITS: Final = "params:task.samples.splits"
_CLIMATE: Final = "params:features.climate"


def _nodes() -> Sequence[Node]:
    return [
        Node(
            nodes.sum_up_years,
            inputs=["given_climate", "cells", "params:grid", "params:features.min_known_fraction", _CLIMATE],
            outputs="yearly_indices",
            name="sum_up_years",
            tags=["scenes"],
        ),
        Node(
            nodes.lay_out_cells,
            inputs=["yearly_indices", "params:grid", _SPLITS, "params:task.samples.windows.n_pixels"],
            outputs=["fields", "usual_years"],
            name="lay_out_cells",
            tags=["scenes"],
        ),
    ]


def _nodes_with_law() -> Sequence[Node]:
    return [
        *_nodes(),
        Node(
            nodes.forecast_by_law,
            inputs=[
                *("given_climate", "world", "yearly_indices", "cells", _CLIMATE, "params:virtual_arctic"),
                *(_SPLITS, "params:task.samples.windows.future_horizons", "params:task.virtual_cell_fields"),
                "params:random_seed",
            ],
            outputs=LAW_DRAWS,
            name="forecast_by_law",
            tags=["scenes"],
        ),
    ]


CELL_FIELDS: Final = ImageSource(
    name="cell_fields",
    title="the yearly climate of cells",
    nouns="years",
    parameters=None,
    nodes=_nodes,
    licences=(LICENCE,),
)

VIRTUAL_CELL_FIELDS: Final = replace(
    CELL_FIELDS,
    name="virtual_cell_fields",
    title="the yearly climate of cells of the virtual Arctic, whose law is known",
    parameters=LawParameters,
    nodes=_nodes_with_law,
    licences=(SYNTHETIC,),
)

"""Layers of the map where the test tiles of a task are."""

from collections.abc import Sequence
from typing import cast

import pandas as pd

from entropice.imagery.map_layers import MapLayer, Style
from entropice.imagery.mosaics import MosaicFrame
from entropice.imagery.places import place_of
from entropice.imagery.samples import Place
from entropice.imagery.splits import TEST
from entropice.types import DataFrame, Float32Array


def keys_of_test(splits: DataFrame) -> Sequence[str]:
    """The tiles of the test, of which nothing was learned, in the order of the splits (``key split``)."""
    return splits.loc[splits["split"] == TEST, "key"].tolist()


def places_of(keys: Sequence[str], tiles: DataFrame) -> list[Place]:
    """Where tiles are, in the order of the keys, by the table of all: ``key left_m top_m pixel_m n_pixels year``.

    Raises
    ------
    KeyError
        The table lacks a key.
    """
    by_key = tiles.set_index("key", drop=False)
    return [place_of(cast("pd.Series[float]", by_key.loc[key])) for key in keys]


def layer_on(
    frame: MosaicFrame, values: Float32Array, style: Style, name: str, title: str, description: str
) -> MapLayer:
    """A layer of a mosaic, without a unit and a time; values (row, column) of the frame are NaN where not known."""
    return MapLayer(
        name=name,
        title=title,
        description=description,
        unit="1",
        values=values,
        left_m=frame.left_m,
        top_m=frame.top_m,
        pixel_m=frame.pixel_m,
        style=style,
    )

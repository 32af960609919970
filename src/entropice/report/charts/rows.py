"""Frames as the plain values that a page can hold."""

import json
from collections.abc import Mapping
from typing import Any, Final

import numpy as np
import pandas as pd
import shapely

from entropice.report.rounding import round_significant
from entropice.types import DataFrame, Series

SIGNIFICANT_DIGITS: Final = 5
"""More than a screen can show."""

Columns = dict[str, list[Any]]


def row_columns(frame: DataFrame) -> Columns:
    """The columns of a frame as lists of plain values: unknown is None, categories are places.

    Rows with polygons are GeoJSON features: ``type`` comes first, ``geometry`` is a mapping. Real numbers are rounded
    to five significant digits; a category is its place among those of its column, from 0.

    Examples
    --------
    >>> frame = pd.DataFrame({"share": [0.123456, None], "model": pd.Categorical(["b", None], ["a", "b"])})
    >>> row_columns(frame)
    {'share': [0.12346, None], 'model': [1, None]}
    """
    columns = {str(name): _plain(frame[name]) for name in frame.columns}
    return {"type": ["Feature"] * len(frame)} | columns if "geometry" in columns else columns


def rows_of(columns: Mapping[str, list[Any]]) -> list[dict[str, Any]]:
    """The same row by row: of lists of one length by name, a mapping for each place.

    Raises
    ------
    ValueError
        Lists have several lengths.

    Examples
    --------
    >>> rows_of({"x": [1, 2], "y": [3, None]})
    [{'x': 1, 'y': 3}, {'x': 2, 'y': None}]
    """
    return [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]


def _plain(values: Series) -> list[Any]:
    if values.name == "geometry":
        return [None if text is None else json.loads(text) for text in shapely.to_geojson(values.to_numpy())]
    if isinstance(values.dtype, pd.CategoricalDtype):
        values = values.cat.codes.astype(object).where(values.notna(), None)
    if pd.api.types.is_float_dtype(values):
        values = pd.Series(round_significant(values.to_numpy(float, na_value=np.nan), SIGNIFICANT_DIGITS))
    return list(values.astype(object).where(values.notna(), None))

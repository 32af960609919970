"""Columns of foreign tables, checked and typed."""

import logging
from collections.abc import Iterable, Sequence

import numpy as np
import pandas as pd

from entropice.errors import LabelError, SchemaError
from entropice.types import BoolArray, FloatArray, GeoDataFrame, IntArray, Series

logger = logging.getLogger(__name__)


def require_columns(frame: GeoDataFrame, columns: Iterable[str | None], name: str) -> None:
    """Raise `SchemaError` unless the table has every named column."""
    missing = [column for column in columns if column is not None and column not in frame.columns]
    if missing:
        raise SchemaError(
            f"{name}: a column is missing.",
            field=", ".join(missing),
            got=", ".join(map(str, frame.columns)),
            expected=", ".join(missing),
            fix="name the columns this file has in the parameters `labels`",
        )


def whole_numbers(values: Series, name: str) -> IntArray:
    """Return a column of whole numbers as int64; text, null and fractions raise `SchemaError`."""
    numbers = numbers_of(values, name)
    _refuse(values, numbers != np.round(numbers), name, "whole numbers")
    return numbers.astype(np.int64)


def fractions(values: Series, name: str) -> FloatArray:
    """Return a column of numbers between 0 and 1 as float64; anything else raises `SchemaError`."""
    numbers = numbers_of(values, name)
    _refuse(values, (numbers < 0) | (numbers > 1), name, "fractions from 0 to 1")
    return numbers


def numbers_of(values: Series, name: str) -> FloatArray:
    """Return a numeric column without nulls or infinities as float64; anything else raises `SchemaError`."""
    if not pd.api.types.is_numeric_dtype(values) or pd.api.types.is_bool_dtype(values):
        _refuse(values, np.ones(len(values), dtype=bool), name, "numbers")
    numbers = values.to_numpy(dtype=np.float64, na_value=np.nan)
    _refuse(values, ~np.isfinite(numbers), name, "numbers, none missing")
    return numbers


def keep_years(frame: GeoDataFrame, years: Sequence[int], name: str) -> GeoDataFrame:
    """Keep the rows whose `year` is configured, counting the others in the log; none at all is a `LabelError`."""
    is_kept = frame["year"].isin(list(years))
    if not is_kept.any():
        raise LabelError(
            f"{name}: no row is of a configured year.",
            field="labels.years",
            got=", ".join(map(str, sorted(frame["year"].unique()))),
            expected=", ".join(map(str, years)),
            fix="configure label years that the file holds",
        )
    if not is_kept.all():
        logger.info("%s: %d rows of years outside %s ignored", name, int((~is_kept).sum()), list(years))
    return frame[is_kept].reset_index(drop=True)


def _refuse(values: Series, is_wrong: BoolArray, name: str, expected: str) -> None:
    if is_wrong.any():
        raise SchemaError(
            f"{name}: a column has values that cannot be.",
            field=str(values.name),
            got=f"{values.dtype}, {int(is_wrong.sum())} wrong rows",
            expected=expected,
            sample=values[is_wrong].tolist(),
            fix="correct the file, or name another column in the parameters `labels`",
        )

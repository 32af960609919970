"""Columns of foreign tables, checked and typed."""

import logging
import re
from collections.abc import Collection, Iterable, Sequence
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd

from entropice.errors import SchemaError
from entropice.sources.slumps.columns import class_name
from entropice.types import BoolArray, DataFrame, FloatArray, GeoDataFrame, IntArray, Series

logger = logging.getLogger(__name__)

LARGEST_INTEGER: Final = np.iinfo(np.int64).max
LARGEST_EXACT_FLOAT: Final = 2.0**53
FIRST_YEAR, LAST_YEAR = 1900, 2100
WHOLE_NUMBER: Final = re.compile(r"0|-?[1-9]\d{0,18}")
"""In its one spelling: "007" and "7" are two names."""

IMAGE_NAME: Final = r"^(\d{8})_.*$"
"""Names of PlanetScope and Sentinel-2 images that begin with the date."""


def require_columns(frame: GeoDataFrame, columns: Iterable[str | None], name: str) -> None:
    """Refuse a table that lacks a named column; None among them is passed over.

    Raises
    ------
    SchemaError
        Columns are missing; all are named.
    """
    missing = [column for column in columns if column is not None and column not in frame.columns]
    if missing:
        raise SchemaError(
            f"{name}: a column is missing.",
            field=", ".join(missing),
            got=", ".join(map(str, frame.columns)),
            expected=", ".join(missing),
            fix="name the columns this file has in the parameters `labels`",
        )


def require_index_columns(table: DataFrame, columns: Sequence[str], path: Path, of_what: str, fix: str) -> None:
    """Refuse a publisher's index of files that lacks a named column.

    `of_what` says what the files are, and `fix` what to do, in the message.

    Raises
    ------
    SchemaError
        Columns are missing; all are named.
    """
    absent = [column for column in columns if column not in table]
    if absent:
        raise SchemaError(
            f"The index of the {of_what} lacks columns.",
            path=path,
            field=", ".join(absent),
            got=", ".join(map(str, table.columns)),
            expected=", ".join(columns),
            fix=fix,
        )


def whole_numbers(values: Series, name: str) -> IntArray:
    """A column of whole numbers as int64, bit for bit, in its order; numbers written as text count.

    `name` says in messages what the rows are, here as in all of this module.

    Raises
    ------
    SchemaError
        Words, nulls, truth values, dates, fractions, unsigned numbers from 2⁶³ on, and decimals beyond 2⁵³: of these,
        several whole numbers look alike.

    Examples
    --------
    >>> whole_numbers(pd.Series([1.0, 2.0]), "slumps").tolist(), whole_numbers(pd.Series(["7"]), "slumps").tolist()
    ([1, 2], [7])
    """
    numbers = _as_numbers(values, name)
    _refuse(values, numbers != np.round(numbers), name, "whole numbers")
    is_beyond = np.abs(numbers) > LARGEST_EXACT_FLOAT if numbers.dtype.kind == "f" else numbers > LARGEST_INTEGER
    _refuse(values, is_beyond, name, "whole numbers below 2⁶³, or below 2⁵³ in a column of decimals; or text")
    return numbers.astype(np.int64)


def fractions(values: Series, name: str) -> FloatArray:
    """A column of numbers between 0 and 1, both included, as float64 in its order.

    Raises
    ------
    SchemaError
        Anything else, such as a null.
    """
    numbers = numbers_of(values, name)
    _refuse(values, (numbers < 0) | (numbers > 1), name, "fractions from 0 to 1")
    return numbers


def areas_m2(values: Series, name: str) -> FloatArray:
    """A column of areas as float64 in its order, NaN where there is none.

    Raises
    ------
    SchemaError
        What is not above 0, or no number.

    Examples
    --------
    >>> areas_m2(pd.Series([None, 2.5]), "slumps").tolist()
    [nan, 2.5]
    """
    areas, is_known = np.full(len(values), np.nan), values.notna().to_numpy(dtype=bool)
    areas[is_known] = numbers_of(values[is_known], name)
    _refuse(values, areas <= 0, name, "areas above 0 m², or nothing where they are not known")
    return areas


def numbers_of(values: Series, name: str) -> FloatArray:
    """A column without nulls or infinities as float64, in its order.

    Numbers written as text count as numbers; the log says so.

    Raises
    ------
    SchemaError
        Nulls, infinities, words, truth values or dates.

    Examples
    --------
    >>> numbers_of(pd.Series(["1", "2.5"]), "slumps").tolist()
    [1.0, 2.5]
    """
    return _as_numbers(values, name).astype(np.float64)


def _as_numbers(values: Series, name: str) -> FloatArray | IntArray:
    """A column as int64, uint64 or float64, as it is."""
    if pd.api.types.is_bool_dtype(values) or pd.api.types.is_datetime64_any_dtype(values):
        _refuse(values, np.ones(len(values), dtype=bool), name, "numbers")
    _refuse(values, values.isna().to_numpy(dtype=bool), name, "numbers, none missing")
    numbers = np.asarray(pd.to_numeric(pd.Series(values.tolist()), errors="coerce"))
    _refuse(values, ~np.isfinite(numbers), name, "numbers, none missing")
    if not pd.api.types.is_numeric_dtype(values):
        logger.info("%s: numbers of the column %s are written as text", name, values.name)
    return numbers


def calendar_years(values: Series, name: str) -> IntArray:
    """A column of calendar years, 1900 to 2100, as int64 in its order.

    Raises
    ------
    SchemaError
        Numbers that are none, such as 0, 9999 and 20210718; nulls, words, dates or fractions.
    """
    years = whole_numbers(values, name)
    _refuse_other_years(values, years, name)
    return years


def _refuse_other_years(values: Series, years: IntArray, name: str) -> None:
    is_other = (years < FIRST_YEAR) | (years > LAST_YEAR)
    _refuse(values, is_other, name, f"calendar years, {FIRST_YEAR} to {LAST_YEAR}; name a column of dates under date")


def identities(values: Series, name: str) -> IntArray:
    """One number per identity: the column's own whole numbers, also as text, or else the rank of its texts, from 1.

    int64, in the order of the column. Texts count as numbers only where all of them are whole numbers in their one
    spelling.

    Raises
    ------
    SchemaError
        A null, or numbers that are not whole.

    Examples
    --------
    >>> [identities(pd.Series(texts), "slumps").tolist() for texts in (["7", "12"], ["007", "7"], ["b", "a", "b"])]
    [[7, 12], [1, 2], [2, 1, 2]]
    """
    _refuse(values, values.isna().to_numpy(dtype=bool), name, "identities, none missing")
    if pd.api.types.is_numeric_dtype(values) or pd.api.types.infer_dtype(values) == "integer":
        return whole_numbers(values, name)
    texts = values.astype(str)
    own = [int(text) for text in texts if WHOLE_NUMBER.fullmatch(text)]
    if len(own) == len(texts) and max(map(abs, own), default=0) <= LARGEST_INTEGER:
        return np.array(own, dtype=np.int64)
    return np.unique(texts, return_inverse=True)[1].astype(np.int64) + 1


def one_of(values: Series, known: Collection[str], name: str) -> Series:
    """A column as text (see `class_name`), with its index, whose every value is known.

    Raises
    ------
    SchemaError
        Other values, or nulls.

    Examples
    --------
    >>> one_of(pd.Series([1.0, 0.0]), {"0", "1"}, "slumps").tolist()
    ['1', '0']
    """
    values = values.map(class_name, na_action="ignore")
    is_unknown = ~values.isin(list(known))
    if is_unknown.any():
        raise SchemaError(
            f"{name}: a column has values that are not known.",
            field=str(values.name),
            got=f"{int(is_unknown.sum())} such rows",
            expected=" or ".join(sorted(known)),
            sample=values[is_unknown].unique().tolist(),
            fix="correct the file, or say in the parameters `labels` what these values stand for",
        )
    return values


def listed_years(values: Series, name: str) -> Series:
    """Every year that a value names, one int64 row each, under the value's own index.

    A value is a year (2021), a date, the name of an image that begins with its date, or several of them with
    commas between. A time with an offset counts in UTC, one without as it is written.

    Raises
    ------
    SchemaError
        Anything else, a null among them, or a year before 1900 or after 2100.

    Examples
    --------
    >>> years = listed_years(pd.Series(["2021,2022", "20210718_062500_1009"]), "footprints")
    >>> list(years.items())
    [(0, 2021), (0, 2022), (1, 2021)]
    """
    listed = _as_text(values, name).str.split(",").explode().str.strip().str.replace(IMAGE_NAME, r"\1", regex=True)
    dates = pd.to_datetime(listed, format="ISO8601", errors="coerce", utc=True)
    wrong = dates.index[dates.isna()].unique()
    _refuse(values, values.index.isin(wrong), name, 'years or dates: 2021, "2021,2022" or "2021-07-18"')
    years: Series = dates.dt.year.astype(np.int64)
    _refuse_other_years(listed, years.to_numpy(), name)
    return years


def year_spans(frame: DataFrame, column: str | tuple[str, str], name: str) -> tuple[IntArray, IntArray]:
    """First and last year, each int64 of shape (n,), of dates or ranges "from,to"; or from and to in a column each.

    Both ends belong to a span; one date alone begins and ends it.

    Of the column of `frame` that is named, or of two.

    Raises
    ------
    SchemaError
        A null, what is no year or date or none from 1900 to 2100, more than two in a value, or a later one first.

    Examples
    --------
    >>> first, last = year_spans(pd.DataFrame({"seen": ["2018-01-01,2021-01-01", "2020"]}), "seen", "slumps")
    >>> first.tolist(), last.tolist()
    ([2018, 2020], [2021, 2020])
    """
    if isinstance(column, str):
        return _spans_of(frame[column], name)
    (first_year, _), (_, last_year) = (_spans_of(frame[end], name) for end in column)
    _refuse(frame[column[1]], first_year > last_year, name, f"nothing earlier than {column[0]}")
    return first_year, last_year


def _spans_of(values: Series, name: str) -> tuple[IntArray, IntArray]:
    ends = listed_years(values, name).groupby(level=0).agg(["first", "last", "size"]).reindex(values.index)
    is_wrong = ((ends["size"] > 2) | (ends["first"] > ends["last"])).to_numpy(dtype=bool)
    _refuse(values, is_wrong, name, '"2018-01-01" or "2018-01-01,2021-01-01", the earlier date first')
    return ends["first"].to_numpy(dtype=np.int64), ends["last"].to_numpy(dtype=np.int64)


def _as_text(values: Series, name: str) -> Series:
    if pd.api.types.is_datetime64_any_dtype(values):
        return pd.Series(pd.to_datetime(values, utc=True).dt.strftime("%Y-%m-%d"))
    if pd.api.types.is_numeric_dtype(values):
        return pd.Series(whole_numbers(values, name), index=values.index, name=values.name).astype(str)
    return values.astype("string")


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

"""Columns of foreign tables: what is taken, bit for bit, and what is refused by the name of its column."""

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from entropice.errors import SchemaError
from entropice.sources.slumps.cleaning import (
    areas_m2,
    calendar_years,
    fractions,
    identities,
    listed_years,
    numbers_of,
    one_of,
    require_columns,
    whole_numbers,
    year_spans,
)


def column(*values: object) -> pd.Series:
    return pd.Series(list(values), name="given")


@given(st.lists(st.integers(-(2**63), 2**63 - 1), min_size=1))
def test_whole_numbers_keep_every_bit(values: list[int]) -> None:
    assert whole_numbers(pd.Series(values, dtype="int64"), "labels").tolist() == values


@given(st.lists(st.integers(-(2**53), 2**53), min_size=1))
def test_decimals_that_are_whole_are_whole_numbers_as_far_as_they_tell_them_apart(values: list[int]) -> None:
    assert whole_numbers(pd.Series(values, dtype="float64"), "labels").tolist() == values


@pytest.mark.parametrize(
    ("read", "values"),
    [
        (whole_numbers, column(1, 2.5)),
        (whole_numbers, column(2.0**53 + 2)),
        (whole_numbers, pd.Series([2**63], dtype="uint64", name="given")),
        (numbers_of, column(1.0, None)),
        (numbers_of, column(1.0, np.inf)),
        (numbers_of, column("1", "one")),
        (numbers_of, column(True, False)),
        (numbers_of, pd.Series(pd.to_datetime(["2021-07-18"]), name="given")),
        (fractions, column(0.5, 1.01)),
        (fractions, column(-0.01)),
        (areas_m2, column(3.0, 0.0)),
        (areas_m2, column(-1.0)),
        (calendar_years, column(20210718)),
        (calendar_years, column(1899)),
        (calendar_years, column(2101)),
        (identities, column("a", None)),
        (listed_years, column("2021,someday")),
        (listed_years, column(9999)),
        (listed_years, column(None)),
    ],
)
def test_what_cannot_be_is_refused_by_the_name_of_its_column(
    read: Callable[[pd.Series, str], object], values: pd.Series
) -> None:
    with pytest.raises(SchemaError, match="labels: a column has values that cannot be") as refused:
        read(values, "labels")

    assert refused.value.field == "given"


def test_bounds_are_taken() -> None:
    assert fractions(column(0, 1), "labels").tolist() == [0.0, 1.0]
    assert calendar_years(column(1900, 2100), "labels").tolist() == [1900, 2100]


def test_numbers_written_as_text_are_numbers_and_the_log_says_so(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO")

    assert numbers_of(column("1.5", "2"), "labels").tolist() == [1.5, 2.0]
    assert "numbers of the column given are written as text" in caplog.text


def test_an_area_may_be_unknown() -> None:
    np.testing.assert_array_equal(areas_m2(column(2.5, None, "4"), "labels"), [2.5, np.nan, 4.0])


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (["7", "-3"], [7, -3]),
        (["007", "7"], [1, 2]),  # two names, so ranks
        (["b", "a", "b"], [2, 1, 2]),
        ([7, 9], [7, 9]),
        (["9223372036854775808", "1"], [2, 1]),  # 2⁶³ is no int64
    ],
)
def test_identities_are_their_own_numbers_or_ranks(values: list[object], expected: list[int]) -> None:
    assert identities(column(*values), "labels").tolist() == expected


def test_values_stand_for_what_is_known() -> None:
    assert one_of(column("yes", "no"), {"yes", "no"}, "labels").tolist() == ["yes", "no"]
    with pytest.raises(SchemaError, match="values that are not known") as refused:
        one_of(column("yes", "maybe", None), {"yes", "no"}, "labels")
    assert refused.value.got == "2 such rows"
    assert refused.value.expected == "no or yes"


def test_a_missing_column_is_named() -> None:
    frame = pd.DataFrame({"a": [1]})

    require_columns(frame, ["a", None], "labels")
    with pytest.raises(SchemaError, match="labels: a column is missing") as refused:
        require_columns(frame, ["a", "b", "c"], "labels")
    assert (refused.value.field, refused.value.got) == ("b, c", "a")


def test_years_are_listed_by_value() -> None:
    """The last minute of 2021 twelve hours west of Greenwich is of 2022 in UTC."""
    values = column("2021,2023", "2020-07-18", "20190805_211500_PS", "2021-12-31T23:59:00-12:00")

    years = listed_years(values, "labels")

    assert list(zip(years.index, years, strict=True)) == [(0, 2021), (0, 2023), (1, 2020), (2, 2019), (3, 2022)]


def test_spans_are_ranges_in_one_column_or_two() -> None:
    frame = pd.DataFrame({"range": ["2018-01-01,2021-01-01", "2020"], "from": [2018, 2020], "to": [2021, 2020]})

    for named in ("range", ("from", "to")):
        first, last = year_spans(frame, named, "labels")
        assert (first.tolist(), last.tolist()) == ([2018, 2020], [2021, 2020])


@pytest.mark.parametrize("values", ["2021,2018", "2018,2019,2020"])
def test_a_range_backwards_or_of_three_ends_is_refused(values: str) -> None:
    with pytest.raises(SchemaError, match="cannot be"):
        year_spans(pd.DataFrame({"range": [values]}), "range", "labels")
    if values.count(",") == 1:
        first, last = values.split(",")
        with pytest.raises(SchemaError) as refused:
            year_spans(pd.DataFrame({"from": [first], "to": [last]}), ("from", "to"), "labels")
        assert refused.value.field == "to"

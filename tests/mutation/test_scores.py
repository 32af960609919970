"""What tests notice is a share with Wilson's interval, worked by hand."""

import pytest

from mutation.scores import Score, scores, table


def test_a_fault_that_never_ends_is_noticed_and_one_without_tests_is_not() -> None:
    words = ["killed", "killed", "timeout", "survived", "untested"]

    assert scores([*(("one", word) for word in words), ("two", "killed")]) == [
        Score("one", 2, 1, 2),
        Score("two", 1, 0, 0),
    ]
    assert Score("one", 2, 1, 2).noticed == pytest.approx(0.6)


def test_the_interval_is_that_of_wilson() -> None:
    """Of 9 among 10 with z = 1.959964: centre (9 + z²/2) / (10 + z²), reach z √(0.9 · 0.1 · 10 + z²/4) / (10 + z²)."""
    z = 1.959964
    centre, reach = (9 + z**2 / 2) / (10 + z**2), z * (0.9 + z**2 / 4) ** 0.5 / (10 + z**2)

    assert Score("one", 9, 0, 1).interval == pytest.approx((centre - reach, centre + reach), abs=1e-6)


def test_the_table_has_a_row_a_room_and_their_sum() -> None:
    lines = list(table([Score("one", 8, 1, 1), Score("two", 9, 0, 1)]))

    assert lines[2:] == [
        "| one | 10 | 8 | 1 | 1 | 90 % | 60 % to 98 % |",
        "| two | 10 | 9 | 0 | 1 | 90 % | 60 % to 98 % |",
        "| all | 20 | 17 | 1 | 2 | 90 % | 70 % to 97 % |",
    ]
    assert len(list(table([Score("one", 1, 0, 0)]))) == 3

"""What the log decides: the best epoch, the end, and what is kept."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from entropice.networks.log import EarlyStopping, best_epoch, is_stopped, kept_epochs

STOPPING = EarlyStopping("ap", patience=3, min_delta=0.01)


def rows(*values):
    return [{"epoch": number} | ({} if value is None else {"ap": value}) for number, value in enumerate(values, 1)]


@pytest.mark.parametrize(
    ("values", "best", "stopped"),
    [
        ((), None, False),
        ((None, None, None, None, None), None, False),
        ((math.nan, math.nan, math.nan, math.nan), None, False),
        ((0.1, 0.2, 0.2, 0.2), 2, False),
        ((0.1, 0.2, 0.2, 0.2, 0.2), 2, True),
        # a rise of less than min_delta gives the best state, and no more time
        ((0.1, 0.2, 0.205, 0.2, 0.2), 3, True),
        ((0.1, 0.2, None, None, 0.3, None, None), 5, False),
        # small rises add up
        ((0.1, 0.106, 0.112, 0.112, 0.112), 3, False),
    ],
)
def test_best_epoch_and_end_by_hand(values, best, stopped):
    assert best_epoch(rows(*values), STOPPING) == best
    assert is_stopped(rows(*values), STOPPING) == stopped


def test_of_a_loss_the_least_is_best():
    assert best_epoch(rows(0.3, 0.1, 0.2), EarlyStopping("ap", bigger_is_better=False)) == 2


@given(st.lists(st.floats(0, 1) | st.none(), max_size=60))
def test_kept_are_the_best_every_tenth_and_the_last_three(values):
    given_rows = rows(*values)
    kept, best = kept_epochs(given_rows, STOPPING), best_epoch(given_rows, STOPPING)
    n = len(values)
    expected = {epoch for epoch in range(1, n + 1) if epoch % 10 == 0 or epoch > n - 3 or epoch == best}
    assert kept == expected


@given(st.lists(st.floats(0, 1), min_size=1, max_size=60))
def test_what_is_best_or_will_be_kept_later_is_not_deleted_before(values):
    """States are deleted as epochs pass: what is kept at the end has been kept at every epoch since it was made."""
    given_rows = rows(*values)
    end = kept_epochs(given_rows, STOPPING)
    for n in range(1, len(values) + 1):
        assert {epoch for epoch in end if epoch <= n} <= kept_epochs(given_rows[:n], STOPPING)

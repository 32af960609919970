from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st

from entropice.acquisition.retry import RetryPolicy, TransientError
from entropice.errors import DownloadError

PATIENCE = RetryPolicy(n_tries=3, first_wait_s=1.0, longest_wait_s=60.0)


@given(st.integers(1, 50), st.none() | st.floats(0, 1e4))
def test_no_wait_is_beyond_its_bounds(n_failures: int, asked_s: float | None) -> None:
    wait_s = PATIENCE.wait_s(n_failures, asked_s)

    assert min(60.0, max(0.5 * 2.0 ** (n_failures - 1), asked_s or 0.0)) <= wait_s <= 60.0


def test_failures_count_in_a_row_and_gains_begin_the_count_anew() -> None:
    retry, sizes, n_tries = RetryPolicy(2, 0.0, 0.0), count(), 0

    def fail() -> None:
        nonlocal n_tries
        n_tries += 1
        if n_tries < 4:
            raise TransientError("dropped")

    retry.call(fail, "http://there", n_gained=lambda: next(sizes))

    assert n_tries == 4


def test_nothing_is_tried_once_somebody_wants_to_stop() -> None:
    retry = RetryPolicy(2, 0.0, 0.0)
    retry.stopping.set()

    with pytest.raises(DownloadError, match="stopped"):
        retry.call(lambda: None, "http://there")

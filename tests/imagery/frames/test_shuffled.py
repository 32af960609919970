"""Order in which sequences are learned from."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from entropice.errors import ConfigError
from entropice.imagery.frames.shuffled import shuffled_batches


@given(n_keys=st.integers(1, 40), batch_size=st.integers(1, 8), seed=st.integers(0, 9), epoch=st.integers(0, 9))
def test_every_sequence_is_seen_once_but_those_that_fill_no_batch(
    n_keys: int, batch_size: int, seed: int, epoch: int
) -> None:
    keys = [f"k{number}" for number in range(n_keys)]
    if n_keys < batch_size:
        with pytest.raises(ConfigError, match="fewer sequences"):
            shuffled_batches(keys, batch_size, None, seed, epoch)
        return

    batches = shuffled_batches(keys, batch_size, None, seed, epoch)

    seen = [key for batch in batches for key in batch]
    assert len(batches) == n_keys // batch_size
    assert all(len(batch) == batch_size for batch in batches)
    assert len(set(seen)) == len(seen) == n_keys // batch_size * batch_size
    assert batches == shuffled_batches(keys, batch_size, None, seed, epoch)


def test_epochs_have_orders_of_their_own() -> None:
    keys = [f"k{number}" for number in range(30)]

    orders = {tuple(shuffled_batches(keys, 30, None, 0, epoch)[0]) for epoch in range(5)}

    assert len(orders) == 5


def test_more_steps_than_there_are_batches_begin_anew() -> None:
    keys = [f"k{number}" for number in range(10)]

    batches = shuffled_batches(keys, 2, 12, 0, 0)

    assert len(batches) == 12
    assert batches[:5] == shuffled_batches(keys, 2, None, 0, 0)
    assert set(Counter(key for batch in batches[:10] for key in batch).values()) == {2}
    assert batches[:5] != batches[5:10]

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from entropice.errors import LabelError
from entropice.imagery.epochs import shuffled_batches

KEYS = [f"tile_{number}" for number in range(11)]


@given(seed=st.integers(0, 999), epoch=st.integers(0, 999), size=st.integers(1, 11))
def test_batches_are_full_and_show_no_sample_twice(seed: int, epoch: int, size: int) -> None:
    batches = shuffled_batches(KEYS, size, None, seed, epoch)

    shown = [key for batch in batches for key in batch]
    assert {len(batch) for batch in batches} == {size}
    assert len(shown) == len(set(shown)) == len(KEYS) // size * size
    assert set(shown) <= set(KEYS)


def test_epochs_and_seeds_differ() -> None:
    drawn = {tuple(shuffled_batches(KEYS, 4, None, seed, epoch)) for seed in range(3) for epoch in range(3)}

    assert len(drawn) == 9


def test_what_is_left_out_changes_so_that_all_are_seen_alike() -> None:
    seen = [key for epoch in range(300) for batch in shuffled_batches(KEYS, 10, None, 1, epoch) for key in batch]

    assert all(seen.count(key) > 240 for key in KEYS)


def test_fewer_samples_than_a_batch_are_refused() -> None:
    with pytest.raises(LabelError) as refused:
        shuffled_batches(KEYS, 12, None, 0, 0)

    assert refused.value.got == "11 samples"


def test_more_steps_than_there_are_batches_begin_anew() -> None:
    batches = shuffled_batches(KEYS, 2, 12, 0, 0)

    assert len(batches) == 12
    assert batches[:5] == shuffled_batches(KEYS, 2, None, 0, 0)
    assert max(Counter(key for batch in batches[:10] for key in batch).values()) == 2
    assert batches[:5] != batches[5:10]

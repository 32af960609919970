from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from entropice.errors import ConfigError
from entropice.imagery.curriculum import batches_of_epoch, check_reachable, ratio_at
from entropice.imagery.curriculum_rules import Curriculum, Phase

PUBLISHED = [(10, 1.0), (30, 5.0), (50, 10.0), (100, 15.0), (300, 20.0)]


def _curriculum(phases: list[tuple[int, float]], ramp_epochs: int = 0) -> Curriculum:
    return Curriculum(phases=[Phase(last_epoch=last, ratio=ratio) for last, ratio in phases], ramp_epochs=ramp_epochs)


@pytest.mark.parametrize(
    ("number", "ratio"),
    [(1, 1), (10, 1), (11, 5), (30, 5), (31, 10), (50, 10), (51, 15), (100, 15), (101, 20), (300, 20), (301, 20)],
)
def test_ratios_are_those_of_the_phases(number: int, ratio: float) -> None:
    assert ratio_at(_curriculum(PUBLISHED), number - 1) == ratio


def test_a_ramp_goes_linearly_from_one_ratio_to_the_next() -> None:
    curriculum = _curriculum([(2, 1.0), (9, 5.0)], ramp_epochs=3)

    assert [ratio_at(curriculum, epoch) for epoch in range(8)] == [1, 1, 2, 3, 4, 5, 5, 5]


@given(
    n_positive=st.integers(1, 40),
    ratio=st.floats(0.5, 6),
    batch_size=st.integers(1, 16),
    seed=st.integers(0, 5),
    epoch=st.integers(0, 20),
)
def test_batches_are_full_and_each_has_something_positive(
    n_positive: int, ratio: float, batch_size: int, seed: int, epoch: int
) -> None:
    positives = [f"p{number}" for number in range(n_positive)]
    negatives = [f"n{number}" for number in range(400)]
    curriculum = _curriculum([(300, ratio)])

    batches = batches_of_epoch(positives, negatives, curriculum, batch_size, seed, epoch)
    counts = Counter(key for batch in batches for key in batch)

    assert all(len(batch) == batch_size for batch in batches)
    assert len(batches) == (n_positive + round(ratio * n_positive)) // batch_size
    assert all(any(key.startswith("p") for key in batch) for batch in batches)
    assert all(n == 1 for key, n in counts.items() if key.startswith("n"))
    assert batches == batches_of_epoch(positives, negatives, curriculum, batch_size, seed, epoch)


def test_every_positive_tile_comes_and_negative_ones_are_drawn_anew() -> None:
    positives, negatives = [f"p{n}" for n in range(10)], [f"n{n}" for n in range(500)]
    first, second = (
        batches_of_epoch(positives, negatives, _curriculum([(300, 3.0)]), 8, seed=1, epoch=epoch) for epoch in (0, 1)
    )

    assert {key for batch in first for key in batch if key.startswith("p")} == set(positives)
    assert sum(key.startswith("p") for batch in first for key in batch) == 10
    assert {key for batch in first for key in batch} != {key for batch in second for key in batch}


@pytest.mark.parametrize(
    ("n_positive", "n_negative", "batch_size", "message"),
    [(10, 199, 4, "epoch 101 cannot be reached"), (0, 100, 4, "epoch 1 cannot"), (2, 100, 8, "no whole batch")],
)
def test_what_cannot_be_reached_is_refused_before_training(
    n_positive: int, n_negative: int, batch_size: int, message: str
) -> None:
    with pytest.raises(ConfigError, match=message):
        check_reachable(_curriculum(PUBLISHED), n_positive, n_negative, 300, batch_size)


def test_what_can_be_reached_passes() -> None:
    check_reachable(_curriculum(PUBLISHED), 10, 200, 300, 20)


def test_phases_in_another_order_are_refused() -> None:
    with pytest.raises(ValueError, match="one after the other"):
        _curriculum([(30, 5.0), (10, 1.0)])

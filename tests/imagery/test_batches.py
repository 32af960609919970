from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from entropice.errors import ConfigError, LabelError
from entropice.imagery.batches import batches_of_epoch, check_reachable
from entropice.imagery.curriculum_rules import CurriculumPhase, CurriculumRules


def rules_of(*ratios: float) -> CurriculumRules:
    phases = [CurriculumPhase(last_epoch=n, negatives_per_positive=ratio) for n, ratio in enumerate(ratios, 1)]
    return CurriculumRules(phases=phases, ramp_epochs=0)


def keys_of(name: str, n: int) -> list[str]:
    return [f"{name}{number}" for number in range(n)]


@st.composite
def reachable(draw: Any) -> tuple[int, int, float, int]:
    """Positive tiles, negative tiles, ratio and batch size that fit each other."""
    ratio = draw(st.floats(0.1, 12.0))
    batch_size = draw(st.integers(int(np.ceil(1 + ratio)), 40))
    n_positives = draw(st.integers(int(np.ceil((batch_size + 1) / (1 + ratio))), 200))
    return n_positives, round(ratio * n_positives) + draw(st.integers(0, 50)), ratio, batch_size


@given(problem=reachable(), seed=st.integers(0, 1000))
@settings(max_examples=150, deadline=None)
def test_batches_are_full_and_each_has_its_share_of_positive_tiles(
    problem: tuple[int, int, float, int], seed: int
) -> None:
    n_positives, n_negatives, ratio, batch_size = problem
    positives, negatives = keys_of("p", n_positives), keys_of("n", n_negatives)

    batches = batches_of_epoch(positives, negatives, rules_of(ratio), batch_size, seed, epoch=1)

    keys = [key for batch in batches for key in batch]
    assert {len(batch) for batch in batches} == {batch_size}
    assert len(keys) == len(set(keys))
    assert n_positives + round(ratio * n_positives) - len(keys) < batch_size
    n_positive = [sum(key in set(positives) for key in batch) for batch in batches]
    assert min(n_positive) >= 1
    assert np.ptp(n_positive) <= 1
    assert abs(sum(n_positive) - len(keys) / (1 + ratio)) <= 1.5


def test_hand_worked_batches() -> None:
    batches = batches_of_epoch(keys_of("p", 10), keys_of("n", 100), rules_of(1.0, 3.0), 8, seed=0, epoch=2)

    assert [sum(key.startswith("p") for key in batch) for batch in batches] == [2, 2, 2, 2, 2]
    assert len(batches_of_epoch(keys_of("p", 10), keys_of("n", 100), rules_of(1.0, 3.0), 8, seed=0, epoch=1)) == 2


def test_batches_depend_on_seed_and_epoch_alone_and_mix_the_places_of_positive_tiles() -> None:
    positives, negatives, rules = keys_of("p", 40), keys_of("n", 400), rules_of(5.0)

    batches = batches_of_epoch(positives, negatives, rules, 16, 1, 1)

    assert batches == batches_of_epoch(positives[::-1], frozenset(negatives), rules, 16, 1, 1)
    assert batches != batches_of_epoch(positives, negatives, rules, 16, 1, 2)
    assert batches != batches_of_epoch(positives, negatives, rules, 16, 2, 1)
    assert len({batch.index(key) for batch in batches for key in batch if key.startswith("p")}) > 8


@pytest.mark.parametrize(
    ("n_positives", "n_negatives", "batch_size", "error", "says"),
    [
        (10, 49, 8, LabelError, "10 positive and 49 negative"),
        (10, 50, 5, ConfigError, "at least 6"),
        (0, 100, 8, LabelError, "0 positive"),
        (3, 100, 8, LabelError, "8 tiles or more"),
    ],
)
def test_ratios_that_cannot_be_reached_are_refused_at_the_start(
    n_positives: int, n_negatives: int, batch_size: int, error: type[Exception], says: str
) -> None:
    with pytest.raises(error, match=says):
        check_reachable(n_positives, n_negatives, rules_of(1.0, 5.0), batch_size)
    with pytest.raises(error, match=says):
        batches_of_epoch(
            keys_of("p", n_positives), keys_of("n", n_negatives), rules_of(1.0, 5.0), batch_size, seed=0, epoch=1
        )


def test_the_published_curriculum_fits_batches_of_32() -> None:
    check_reachable(400, 8000, rules_of(1.0, 5.0, 10.0, 15.0, 20.0), 32)

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from entropice.imagery.curriculum import keys_of_epoch, ratio_at
from entropice.imagery.curriculum_rules import CurriculumPhase, CurriculumRules

PHASES = ((10, 1.0), (30, 5.0), (50, 10.0), (100, 15.0), (300, 20.0))
POSITIVES = [f"p{number}" for number in range(20)]
NEGATIVES = [f"n{number}" for number in range(500)]


def rules_of(*phases: tuple[int, float], ramp_epochs: int = 0) -> CurriculumRules:
    each = [CurriculumPhase(last_epoch=last, negatives_per_positive=ratio) for last, ratio in phases]
    return CurriculumRules(phases=each, ramp_epochs=ramp_epochs)


def test_hand_worked_steps() -> None:
    rules = rules_of(*PHASES)

    ratios = {epoch: ratio_at(rules, epoch) for epoch in (1, 10, 11, 30, 31, 50, 51, 100, 101, 300, 400)}

    assert ratios == {1: 1, 10: 1, 11: 5, 30: 5, 31: 10, 50: 10, 51: 15, 100: 15, 101: 20, 300: 20, 400: 20}


def test_hand_worked_ramp() -> None:
    rules = rules_of(*PHASES, ramp_epochs=4)

    assert [ratio_at(rules, epoch) for epoch in (10, 11, 12, 13, 14, 15, 30, 31)] == [1, 2, 3, 4, 5, 5, 5, 6.25]


@given(ramp_epochs=st.integers(0, 10), epoch=st.integers(1, 400))
def test_a_rising_curriculum_never_falls_and_ends_each_phase_at_its_ratio(ramp_epochs: int, epoch: int) -> None:
    rules = rules_of(*PHASES, ramp_epochs=ramp_epochs)

    assert ratio_at(rules, epoch) <= ratio_at(rules, epoch + 1)
    assert [ratio_at(rules, last) for last, _ in PHASES] == [ratio for _, ratio in PHASES]


@given(epoch=st.integers(1, 400))
def test_one_phase_is_a_fixed_ratio(epoch: int) -> None:
    assert ratio_at(rules_of((300, 10.0)), epoch) == 10.0


@given(seed=st.integers(0, 1000), epoch=st.integers(1, 400))
def test_an_epoch_has_all_positive_keys_and_as_many_others_as_the_ratio_says(seed: int, epoch: int) -> None:
    rules = rules_of(*PHASES)

    shown, others = keys_of_epoch(POSITIVES, NEGATIVES, rules, seed, epoch)

    assert sorted(shown) == sorted(POSITIVES)
    assert len(others) == len(set(others)) == 20 * ratio_at(rules, epoch)
    assert set(others) <= set(NEGATIVES)
    assert keys_of_epoch(POSITIVES[::-1], set(NEGATIVES), rules, seed, epoch) == (shown, others)


def test_negative_keys_are_drawn_anew_and_all_alike() -> None:
    rules = rules_of((300, 10.0))

    drawn = [keys_of_epoch(POSITIVES, NEGATIVES, rules, 0, epoch)[1] for epoch in range(1, 201)]

    assert len({frozenset(keys) for keys in drawn}) == 200
    counts = np.unique(np.concatenate(drawn), return_counts=True)[1]
    assert len(counts) == len(NEGATIVES)
    assert abs(counts - 80).max() < 6 * np.sqrt(200 * 0.4 * 0.6)


def test_impossible_phases_are_refused() -> None:
    with pytest.raises(ValidationError, match="must rise"):
        rules_of((10, 1.0), (10, 2.0))
    with pytest.raises(ValidationError, match="shortest phase, 10"):
        rules_of(*PHASES, ramp_epochs=11)
    with pytest.raises(ValidationError, match="phases"):
        rules_of()

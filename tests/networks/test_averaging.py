"""Averages of weights: numbers worked by hand, and their laws."""

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from entropice.networks.averaging import decay_at, move_average, uniform_soup


def test_the_average_moves_by_hand_and_counts_follow():
    average = {"w": torch.tensor([1.0, 2.0]), "n": torch.tensor(3)}
    move_average(average, {"w": torch.tensor([2.0, 0.0]), "n": torch.tensor(4)}, 0.9)
    torch.testing.assert_close(average["w"], torch.tensor([1.1, 1.8]))
    assert int(average["n"]) == 4


@pytest.mark.parametrize(("n_steps", "expected"), [(1, 2 / 11), (8, 0.5), (80, 0.9), (8990, 0.999), (10**6, 0.999)])
def test_decay_rises_to_the_published_one(n_steps, expected):
    assert decay_at(n_steps, 0.999) == pytest.approx(expected)


@given(st.integers(1, 400), st.floats(0.5, 0.9999))
def test_the_average_of_what_stays_is_that(n_steps, decay):
    average = {"w": torch.tensor(0.25)}
    for step in range(1, n_steps + 1):
        move_average(average, {"w": torch.tensor(0.25)}, decay_at(step, decay))
    assert float(average["w"]) == pytest.approx(0.25)


def test_after_short_training_the_beginning_is_forgotten():
    """Of weights that are 1 from the first step on, a fixed decay of .999 would show .18 after 200 steps."""
    average = {"w": torch.tensor(0.0)}
    for step in range(1, 201):
        move_average(average, {"w": torch.tensor(1.0)}, decay_at(step, 0.999))
    assert float(average["w"]) > 0.999


def test_a_soup_is_the_mean_of_its_members():
    members = [{"w": torch.tensor([value, 1.0]), "n": torch.tensor(int(value))} for value in (1.0, 2.0, 6.0)]
    soup = uniform_soup(members)
    torch.testing.assert_close(soup["w"], torch.tensor([3.0, 1.0]))
    assert int(soup["n"]) == 6
    soup["n"] += 1
    assert int(members[-1]["n"]) == 6

"""Savings worked by hand, replicates as repeated cells, and the limit that a model cannot pass on average."""

import numpy as np
import pytest

from entropice.errors import LabelError
from entropice.learning.scores.table import block_replicates
from entropice.learning.two_stage.saving import saving, saving_share


def world(seed, n=2000):
    random = np.random.default_rng([seed, 3])
    log_density = random.normal(-1.5, 1.2, n)
    density = np.exp(log_density + random.normal(0, 0.8, n))
    return density, np.exp(log_density), random.poisson(np.exp(log_density)).astype(float), random.uniform(1, 3, n)


@pytest.mark.parametrize(("kept", "expected"), [(0.5, 0.8), (0.51, 0.5), (0.9, 0.5), (0.91, 0.1), (1.0, 0.1)])
def test_the_saving_worked_by_hand(kept, expected):
    """Ten objects, areas 1 2 1 5 1 from the lowest density up; the first cell is empty."""
    density = np.array([1.0, 2.0, 2.0, 4.0, 5.0])
    n_objects, area = np.array([0.0, 1.0, 0.0, 4.0, 5.0]), np.array([1.0, 3.0, 1.0, 3.0, 2.0])
    assert saving(density, n_objects, area, kept) == pytest.approx(expected)


def test_multiples_are_repeated_cells():
    density, _, n_objects, area = world(0, 200)
    times = np.random.default_rng(1).integers(0, 3, 200)
    repeated = (np.repeat(values, times) for values in (density, n_objects, area))
    assert saving(density, n_objects * times, area * times, 0.9) == pytest.approx(saving(*repeated, 0.9))


@pytest.mark.parametrize("kept", [0.9, 0.95])
def test_knowing_the_truth_saves_more_and_the_interval_holds_the_share(kept):
    density, truth, n_objects, area = world(1)
    block = np.arange(2000) // 20
    weights = block_replicates(100, 0, 200)
    model = saving_share(density, truth, n_objects, area, block, kept, weights)
    assert 0.3 < model.share < 1
    assert model.share == pytest.approx(model.saving / model.attainable)
    assert model.low_95 < model.share < model.high_95
    itself = saving_share(truth, truth, n_objects, area, block, kept, weights)
    assert (itself.share, itself.low_95, itself.high_95) == (1, 1, 1)


def test_without_replicates_there_is_no_interval():
    density, truth, n_objects, area = world(2, 50)
    share = saving_share(density, truth, n_objects, area, np.zeros(50, dtype=int), 0.9, block_replicates(1, 0, 10))
    assert np.isnan([share.low_95, share.high_95]).all()


def test_without_objects_nothing_is_kept():
    with pytest.raises(LabelError):
        saving(np.ones(3), np.zeros(3), np.ones(3), 0.9)

"""The gate keeps its bound over recalibrations, and no higher threshold would."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from entropice.errors import ConfigError, LabelError, SchemaError
from entropice.learning.two_stage.gate import Gate, fit_gate, risk_curve


def world(random, n_blocks, n_cells=20):
    """Cells in blocks that share an effect; the forecast knows a part of the truth."""
    effect = np.repeat(random.normal(0, 1, n_blocks), n_cells)
    known = random.normal(0, 1, n_blocks * n_cells)
    n_objects = random.poisson(np.exp(-1.0 + 0.7 * effect + known))
    density = np.exp(known + random.normal(0, 0.7, len(known)))
    return density, n_objects.astype(float), np.repeat(np.arange(n_blocks), n_cells)


def missed_shares(gate, density, n_objects, block):
    total = np.bincount(block, weights=n_objects)
    missed = np.bincount(block, weights=n_objects * ~gate.passes(density))
    return missed[total > 0] / total[total > 0]


@pytest.mark.parametrize("bound", [0.05, 0.1])
def test_the_missed_share_stays_below_the_bound_over_recalibrations(bound):
    """200 of them, each judged on 50 further blocks: at most the bound, and not far below it."""
    shares = []
    for trial in range(200):
        random = np.random.default_rng([trial, 7])
        gate = fit_gate(*world(random, 60), bound)
        shares.append(missed_shares(gate, *world(random, 50)).mean())
    standard_error = np.std(shares) / np.sqrt(200)
    assert np.mean(shares) <= bound + 2 * standard_error
    assert np.mean(shares) > bound - 1 / 61 - 3 * standard_error


@given(seed=st.integers(0, 1000), bound=st.sampled_from([0.1, 0.2, 0.5]), n_blocks=st.integers(2, 15))
@settings(max_examples=40)
def test_the_threshold_is_the_highest_that_risk_control_allows(seed, bound, n_blocks):
    density, n_objects, block = world(np.random.default_rng(seed), n_blocks, 5)
    n_objects[0] = 1.0
    gate = fit_gate(density, n_objects, block, bound)
    allowed = []
    for threshold in np.unique(density):
        total, missed = (
            np.bincount(block, weights=n_objects * chosen) for chosen in (np.ones(len(density)), density < threshold)
        )
        losses = missed[total > 0] / total[total > 0]
        n = len(losses)
        if losses.sum() / (n + 1) + 1 / (n + 1) <= bound + 1e-12:
            allowed.append(threshold)
    assert gate.threshold == (max(allowed) if allowed else -np.inf)
    assert gate.missed_share == pytest.approx(missed_shares(gate, density, n_objects, block).mean())


def test_the_gate_worked_by_hand():
    """Four blocks, one of them empty; at a bound of .5 with three blocks the mean loss may be 1/3."""
    density = np.array([1.0, 4.0, 2.0, 5.0, 3.0, 6.0, 0.5])
    n_objects = np.array([1.0, 1.0, 2.0, 2.0, 0.0, 4.0, 0.0])
    gate = fit_gate(density, n_objects, np.array([0, 0, 1, 1, 2, 2, 3]), 0.5)
    assert (gate.threshold, gate.n_blocks) == (4.0, 3)
    assert gate.missed_share == pytest.approx((1 / 2 + 1 / 2 + 0) / 3)


def test_too_few_blocks_let_all_cells_pass():
    gate = fit_gate(np.array([1.0, 2.0]), np.array([1.0, 1.0]), np.array([0, 1]), 0.1)
    assert gate.threshold == -np.inf
    assert gate.passes(np.array([0.0, np.nan])).all()


def test_a_cell_without_a_forecast_passes_and_its_objects_are_not_missed():
    gate = fit_gate(np.array([np.nan, 1.0, 2.0]), np.array([5.0, 0.0, 5.0]), np.array([0, 0, 1]), 0.6)
    assert gate.passes(np.array([np.nan, gate.threshold, gate.threshold - 1e-9])).tolist() == [True, True, False]
    assert gate.missed_share == 0


@pytest.mark.parametrize("bound", [0.0, 1.0])
def test_a_bound_that_is_no_share_is_refused(bound):
    with pytest.raises(ConfigError):
        fit_gate(np.ones(2), np.ones(2), np.arange(2), bound)


def test_cells_without_objects_or_of_other_lengths_are_refused():
    with pytest.raises(LabelError, match="holds an object"):
        fit_gate(np.ones(2), np.zeros(2), np.arange(2), 0.1)
    with pytest.raises(SchemaError):
        fit_gate(np.ones(2), np.ones(3), np.arange(2), 0.1)


def test_the_curve_says_what_each_threshold_misses_and_saves_by_hand():
    """Block 0 has 4 objects and block 1 one; the area of block 1's cell is half of all."""
    density, n_objects = np.array([0.1, 0.2, 0.3, 0.2]), np.array([1.0, 0.0, 3.0, 1.0])
    curve = risk_curve(density, n_objects, np.array([1.0, 1.0, 1.0, 3.0]), np.array([0, 0, 0, 1]))
    assert curve["threshold"].tolist() == [0.1, 0.2, 0.3]
    assert curve["missed_share"].to_numpy() == pytest.approx([0, 1 / 8, 1 / 8 + 1 / 2])
    assert curve["land_saved"].to_numpy() == pytest.approx([0, 1 / 6, 5 / 6])


@given(seed=st.integers(0, 1000))
@settings(max_examples=20)
def test_the_curve_is_that_of_the_gate(seed):
    density, n_objects, block = world(np.random.default_rng(seed), 12)
    n_objects[0] = 1.0
    gate = fit_gate(density, n_objects, block, 0.3)
    curve = risk_curve(density, n_objects, np.ones(len(density)), block, n_points=1000).set_index("threshold")
    if np.isfinite(gate.threshold):
        assert curve.loc[gate.threshold, "missed_share"] == pytest.approx(gate.missed_share)
        assert curve.loc[gate.threshold, "land_saved"] == pytest.approx(1 - gate.passes(density).mean())
    assert (curve.diff().dropna() >= -1e-12).all(axis=None)


@pytest.mark.parametrize("threshold", [0.25, -np.inf])
def test_a_gate_comes_back_from_its_document(threshold):
    gate = Gate(threshold, 0.1, 0.05, 12)
    assert Gate.from_json({**gate.to_json(), "curve": []}) == gate

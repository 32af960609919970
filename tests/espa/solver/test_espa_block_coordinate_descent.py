"""Every sweep of a batch of fits against the literal evaluation of the formulas."""

import espa_reference as literal
import numpy as np
import pytest
from espa_problems import random_batch, small_table

N_SWEEPS = 4
CLASS_WEIGHTS = [None, "balanced", {0: 0.5, 1: 3.0}]


def weightings_of(kind, codes, seed):
    """Three weightings: of all rows, with a fold left out, and with a class left out."""
    random, n_rows = np.random.default_rng(seed), len(codes)
    weights = np.ones(n_rows) if kind == "equal" else random.integers(1, 4, n_rows) * random.uniform(0.1, 2.0)
    fold = np.where(np.arange(n_rows) % 4 == 1, 0.0, 1.0)
    return np.array([weights, weights * fold, weights * (codes != 1)])


def batch_of(missing, weights, affiliation, class_weight, pseudo_count, dtype):
    values, codes = small_table(11, n_rows=24, n_features=5, missing=missing)
    values[:, 3] = np.where(np.isnan(values[:, 3]), np.nan, 7.25)
    return random_batch(
        5,
        values=values.astype(dtype),
        codes=codes,
        weightings=weightings_of(weights, codes, 3),
        weighting_of=[0, 1, 1, 2],
        is_soft=affiliation == "soft",
        class_weight=class_weight,
        pseudo_count=pseudo_count,
    )


everywhere = [
    pytest.mark.parametrize("order", ["GSLW", "GWSL"]),
    pytest.mark.parametrize("pseudo_count", [0.0, 0.03], ids=["no-pseudo", "pseudo"]),
    pytest.mark.parametrize("class_weight", CLASS_WEIGHTS, ids=["plain", "balanced", "by-class"]),
    pytest.mark.parametrize("affiliation", ["hard", "soft"]),
    pytest.mark.parametrize("weights", ["equal", "weighted"]),
    pytest.mark.parametrize("missing", [0.0, 0.25], ids=["complete", "missing"]),
]


def in_every_combination(test):
    for mark in everywhere:
        test = mark(test)
    return test


@in_every_combination
def test_every_sweep_in_double_precision_equals_the_formulas(
    missing, weights, affiliation, class_weight, pseudo_count, order
):
    batch = batch_of(missing, weights, affiliation, class_weight, pseudo_count, np.float64)
    boxes = batch.boxes
    expected = batch.states(boxes)
    for _ in range(N_SWEEPS):
        boxes, losses = batch.sweep(boxes, order)
        for b, state in enumerate(batch.states(boxes)):
            problem, strengths = batch.problems[b], batch.strengths[b]
            affiliations, expected[b] = literal.sweep(problem, expected[b], strengths, order)
            assert losses[b] == pytest.approx(
                literal.objective(problem, affiliations, expected[b], strengths), rel=0, abs=1e-10
            )
            assert state.centers == pytest.approx(expected[b].centers, rel=0, abs=1e-10)
            assert state.probabilities == pytest.approx(expected[b].probabilities, rel=0, abs=1e-10)
            assert state.feature_weights == pytest.approx(expected[b].feature_weights, rel=0, abs=1e-10)


@in_every_combination
def test_every_sweep_in_single_precision_has_the_loss_of_the_formulas(
    missing, weights, affiliation, class_weight, pseudo_count, order
):
    """Compared on the boxes that are left: one of next to no mass may be none in single precision."""
    batch = batch_of(missing, weights, affiliation, class_weight, pseudo_count, np.float32)
    boxes = batch.boxes
    for _ in range(N_SWEEPS):
        swept, losses = batch.sweep(boxes, order)
        for b, state in enumerate(batch.states(boxes)):
            problem, strengths = batch.problems[b], batch.strengths[b]
            affiliations = literal.affiliate(problem, state, strengths)
            is_left = swept.is_alive[b][boxes.is_alive[b]]
            assert affiliations[problem.weights > 0][:, ~is_left].max(initial=0.0) < 1e-30
            left, old = affiliations[:, is_left], state.only(np.flatnonzero(is_left).tolist())
            expected = literal.objective(problem, left, literal.update(problem, left, old, strengths, order), strengths)
            assert losses[b] == pytest.approx(expected, rel=1e-4, abs=1e-6)
        boxes = swept

"""Every block update against literal loops, and as the minimiser it claims to be."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from entropice.espa.updates import (
    FLOOR,
    BoxModel,
    Penalties,
    affiliate,
    box_totals,
    feature_errors,
    gather_evidence,
    label_costs,
    objective,
    sweep,
    update_centers,
    update_probabilities,
    update_weights,
)

N_ROWS, N_FEATURES, N_CLASSES, N_BOXES = 25, 4, 3, 5
PENALTIES = Penalties(eps_entropy=0.07, eps_class=0.4, pseudo_count=0.01)


def problem(seed, *, missing=0.2):
    random = np.random.default_rng(seed)
    values = random.normal(size=(N_ROWS, N_FEATURES))
    values[random.random(values.shape) < missing] = np.nan
    values[0] = 0.5
    codes = random.integers(0, N_CLASSES, N_ROWS)
    weights = random.uniform(0.2, 3.0, N_ROWS)
    boxes = BoxModel(
        random.normal(size=(N_BOXES, N_FEATURES)),
        random.dirichlet(np.ones(N_CLASSES), N_BOXES).T,
        random.dirichlet(np.ones(N_FEATURES)),
    )
    return values, codes, weights / weights.sum(), boxes


def loop_distance(x, center, feature_weights, n):
    return sum(feature_weights[d] / n[d] * (x[d] - center[d]) ** 2 for d in range(len(x)) if not np.isnan(x[d]))


def loop_observed_weight(values, weights):
    return [
        sum(w for x, w in zip(values[:, d], weights, strict=True) if not np.isnan(x)) for d in range(values.shape[1])
    ]


def loop_objective(values, codes, weights, affiliations, boxes, penalties):
    n, total = loop_observed_weight(values, weights), 0.0
    for t, k in enumerate(affiliations):
        total += weights[t] * loop_distance(values[t], boxes.centers[k], boxes.feature_weights, n)
        total -= penalties.eps_class * weights[t] * np.log(max(boxes.probabilities[codes[t], k], FLOOR))
    for weight in boxes.feature_weights:
        total += penalties.eps_entropy * weight * np.log(weight)
    for probability in boxes.probabilities.ravel():
        total -= penalties.eps_class * penalties.pseudo_count * np.log(max(probability, FLOOR))
    return total


@pytest.mark.parametrize("missing", [0.0, 0.3])
@pytest.mark.parametrize("seed", range(5))
def test_affiliations_equal_literal_loops(seed, missing):
    values, codes, weights, boxes = problem(seed, missing=missing)
    n = loop_observed_weight(values, weights)
    expected = []
    for t in range(N_ROWS):
        costs = [
            loop_distance(values[t], boxes.centers[k], boxes.feature_weights, n)
            - PENALTIES.eps_class * np.log(max(boxes.probabilities[codes[t], k], FLOOR))
            for k in range(N_BOXES)
        ]
        expected.append(int(np.argmin(costs)))
    found = affiliate(
        gather_evidence(values, codes, weights, N_CLASSES), boxes, label_costs(boxes.probabilities, PENALTIES.eps_class)
    )
    assert found.tolist() == [sorted(set(expected)).index(k) for k in expected]


@pytest.mark.parametrize("missing", [0.0, 0.3])
@pytest.mark.parametrize("seed", range(5))
def test_sums_errors_and_objective_equal_literal_loops(seed, missing):
    values, codes, weights, boxes = problem(seed, missing=missing)
    evidence = gather_evidence(values, codes, weights, N_CLASSES)
    affiliations = np.arange(N_ROWS) % N_BOXES
    totals = box_totals(evidence, affiliations)
    errors = feature_errors(evidence, totals, boxes.centers)
    n = loop_observed_weight(values, weights)
    for d in range(N_FEATURES):
        literal = sum(
            weights[t] * (values[t, d] - boxes.centers[affiliations[t], d]) ** 2
            for t in range(N_ROWS)
            if not np.isnan(values[t, d])
        )
        assert errors[d] == pytest.approx(literal / n[d], rel=1e-10)
    assert objective(errors, totals, boxes, PENALTIES) == pytest.approx(
        loop_objective(values, codes, weights, affiliations, boxes, PENALTIES), rel=1e-10
    )


@pytest.mark.parametrize("seed", range(3))
def test_centers_and_probabilities_are_the_weighted_means_and_frequencies(seed):
    values, codes, weights, _ = problem(seed)
    affiliations = np.arange(N_ROWS) % N_BOXES
    totals = box_totals(gather_evidence(values, codes, weights, N_CLASSES), affiliations)
    centers, probabilities = update_centers(totals), update_probabilities(totals, 0.01)
    for k in range(N_BOXES):
        inside = affiliations == k
        for d in range(N_FEATURES):
            seen = inside & ~np.isnan(values[:, d])
            assert centers[k, d] == pytest.approx(np.average(values[seen, d], weights=weights[seen]), abs=1e-10)
        counts = np.array([weights[inside & (codes == m)].sum() + 0.01 for m in range(N_CLASSES)])
        assert probabilities[:, k] == pytest.approx(counts / counts.sum(), abs=1e-12)


def test_a_box_that_never_saw_a_feature_takes_the_global_mean():
    values = np.array([[1.0, np.nan], [3.0, 2.0], [5.0, -2.0]])
    totals = box_totals(gather_evidence(values, np.array([0, 1, 1]), np.ones(3), 2), np.array([0, 1, 1]))
    assert update_centers(totals).tolist() == [[1.0, 0.0], [4.0, 0.0]]


def test_weights_are_boltzmann_and_survive_tiny_eps():
    assert update_weights(np.array([0.0, np.log(2.0)]), 1.0) == pytest.approx([2 / 3, 1 / 3])
    assert update_weights(np.array([1.0, 2.0]), 1e-300).tolist() == [1.0, 0.0]


@given(seed=st.integers(0, 10_000))
@settings(max_examples=40, deadline=None)
def test_no_competitor_beats_a_closed_form(seed):
    values, codes, weights, boxes = problem(seed)
    random = np.random.default_rng(seed)
    evidence = gather_evidence(values, codes, weights, N_CLASSES)
    affiliations = affiliate(evidence, boxes, label_costs(boxes.probabilities, PENALTIES.eps_class))
    totals = box_totals(evidence, affiliations)
    centers = update_centers(totals)
    errors = feature_errors(evidence, totals, centers)
    best = BoxModel(
        centers, update_probabilities(totals, PENALTIES.pseudo_count), update_weights(errors, PENALTIES.eps_entropy)
    )
    loss = objective(errors, totals, best, PENALTIES)
    for _ in range(5):
        rivals = [
            replace(best, centers=centers + 0.1 * random.normal(size=centers.shape)),
            replace(best, probabilities=random.dirichlet(np.ones(N_CLASSES), len(centers)).T),
            replace(best, feature_weights=random.dirichlet(np.ones(N_FEATURES))),
        ]
        for rival in rivals:
            rival_errors = feature_errors(evidence, totals, rival.centers)
            assert loss <= objective(rival_errors, totals, rival, PENALTIES) + 1e-12


@given(
    seed=st.integers(0, 10_000),
    eps_entropy=st.floats(1e-4, 1.0),
    eps_class=st.floats(0.0, 5.0),
    pseudo_count=st.sampled_from([0.0, 1e-3, 0.1]),
)
@settings(max_examples=60, deadline=None)
def test_the_objective_never_rises(seed, eps_entropy, eps_class, pseudo_count):
    values, codes, weights, boxes = problem(seed)
    evidence = gather_evidence(values, codes, weights, N_CLASSES)
    penalties = Penalties(eps_entropy, eps_class, pseudo_count)
    losses = []
    for _ in range(6):
        boxes, loss = sweep(evidence, boxes, penalties)
        losses.append(loss)
    assert np.diff(losses).max() <= 1e-12 * max(1.0, abs(losses[0]))

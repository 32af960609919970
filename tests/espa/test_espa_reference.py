"""The literal evaluation that all else is compared with, itself against numbers worked by hand."""

import math

import espa_reference as literal
import numpy as np
import pytest

from entropice.espa import ESPAClassifier

# Four rows of two features in [0, 1]: the first feature tells the boxes apart, the second is spread in both alike.
ROWS = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
CLASSES = np.array([0, 1, 1, 1])
CENTERS = np.array([[0.0, 0.5], [1.0, 0.5]])

# Within the boxes the errors are 0 and 1/4, so b = 1/4 / log 3 makes the weights 3/4 and 1/4. The first box is half of
# each class, the second all of class 1. L = 1/4 * 1/4 + b (3/4 log 3/4 + 1/4 log 1/4) + c * 1/2 * log 2.
EPS_ENTROPY = 0.25 / math.log(3)
EPS_CLASS = 1.0
LOSS = 0.0625 + EPS_ENTROPY * (0.75 * math.log(0.75) + 0.25 * math.log(0.25)) + 0.5 * math.log(2)


def example(rows=ROWS, codes=CLASSES, weights=(1, 1, 1, 1), factors=(1, 1)):
    return literal.Problem(rows, codes, np.array(weights, dtype=float), np.array(factors, dtype=float))


def start(problem):
    shares = [sum(problem.w[t] for t in problem.rows if problem.codes[t] == m) for m in problem.classes]
    return literal.State(CENTERS, np.array([shares, shares]).T, np.array([0.5, 0.5]))


def test_a_sweep_worked_by_hand():
    problem, strengths = example(), literal.Strengths(EPS_ENTROPY, EPS_CLASS, 0.0, 0.0)
    affiliations, state = literal.sweep(problem, start(problem), strengths, "GSLW")
    assert affiliations.tolist() == [[1, 0], [1, 0], [0, 1], [0, 1]]
    assert state.centers.tolist() == CENTERS.tolist()
    assert state.probabilities.tolist() == [[0.5, 0.0], [0.5, 1.0]]
    assert state.feature_weights == pytest.approx([0.75, 0.25])
    assert literal.objective(problem, affiliations, state, strengths) == pytest.approx(LOSS)


def test_the_classifier_gives_the_numbers_worked_by_hand():
    model = ESPAClassifier(2, eps_entropy=EPS_ENTROPY, eps_class=EPS_CLASS, pseudo_count=0.0, init=CENTERS)
    model.fit(ROWS, CLASSES)
    assert model.loss_ == pytest.approx(LOSS)
    assert model.feature_weights_ == pytest.approx([0.75, 0.25])
    assert model.box_class_probabilities_.tolist() == [[0.5, 0.0], [0.5, 1.0]]
    assert model.distances(ROWS) == pytest.approx(np.array([[1, 13], [1, 13], [13, 1], [13, 1]]) / 16)


def test_missing_values_and_weights_worked_by_hand():
    """Of feature 1 the rows 0 and 2 (weights 1/8, 1/2) are observed, n = 5/8; all of feature 0, n = 1."""
    rows = np.array([[0.0, 0.0], [0.0, np.nan], [1.0, 1.0], [1.0, np.nan]])
    problem = example(rows, weights=(1, 2, 4, 1))
    state = literal.State(CENTERS, np.full((2, 2), 0.5), np.array([0.5, 0.5]))
    assert problem.n == [1.0, 0.625]
    assert literal.distances(problem, state) == pytest.approx(np.array([[0.2, 0.7], [0, 0.5], [0.7, 0.2], [0.5, 0]]))
    mixed = np.array([[1.0, 0.0], [0.0, 1.0], [0.0, 1.0], [1.0, 0.0]])
    assert literal.update_centers(problem, mixed) == pytest.approx(np.array([[0.5, 0.0], [2 / 3, 1.0]]))
    assert literal.feature_error(problem, mixed, CENTERS, 0) == pytest.approx(1 / 8 * 1 + 1 / 4 * 1)
    assert literal.feature_error(problem, mixed, CENTERS, 1) == pytest.approx((1 / 8 + 1 / 2) / 4 / 0.625)
    nowhere = np.array([[0.0, 1.0], [1.0, 0.0], [0.0, 1.0], [1.0, 0.0]])
    assert literal.update_centers(problem, nowhere)[0, 1] == pytest.approx(0.5 / 0.625)


def test_class_weights_and_pseudo_counts_worked_by_hand():
    """Factors 3 and 1 on shares 1/4 and 3/4: label weights are 1/2 and 1/2, ratios 2 and 2/3. In the first box class 0
    has 1/2 + 2α, class 1 has 1/6 + 2α/3; in the second 2α, and 1/3 + 2α/3."""
    problem, alpha = example(factors=(3, 1)), 0.25
    assert problem.rho == pytest.approx([2, 2 / 3])
    assert problem.v == pytest.approx([1 / 2, 1 / 6, 1 / 6, 1 / 6])
    affiliations = np.array([[1.0, 0.0], [1.0, 0.0], [0.0, 1.0], [0.0, 1.0]])
    found = literal.update_probabilities(problem, affiliations, literal.Strengths(0.0, 1.0, 0.0, alpha))
    assert found == pytest.approx(np.array([[3 / 4, 1 / 2], [1 / 4, 1 / 2]]))
    state = literal.State(CENTERS, found, np.array([1.0, 0.0]))
    strengths = literal.Strengths(0.0, 1.0, 0.0, alpha)
    labels = 1 / 2 * math.log(3 / 4) + 1 / 6 * math.log(1 / 4) + 1 / 3 * math.log(1 / 2)
    pseudo = 2 * math.log(3 / 4) + 2 / 3 * math.log(1 / 4) + (2 + 2 / 3) * math.log(1 / 2)
    assert literal.objective(problem, affiliations, state, strengths) == pytest.approx(-labels - alpha * pseudo)


def test_soft_affiliations_worked_by_hand():
    assert literal.soft_affiliation([0.0, math.log(3)], 1.0) == pytest.approx([0.75, 0.25])
    assert literal.soft_affiliation([1e6, 1e6 + 2 * math.log(3)], 2.0) == pytest.approx([0.75, 0.25])
    problem = example()
    state = literal.State(CENTERS, np.full((2, 2), 1.0), np.array([1.0, 0.0]))
    strengths = literal.Strengths(0.0, 0.0, 0.5, 0.0)
    evenly = np.full((4, 2), 0.5)
    assert literal.objective(problem, evenly, state, strengths) == pytest.approx(0.5 - 0.5 * math.log(2))


def test_ties_go_to_the_lowest_box_and_empty_boxes_are_dropped():
    problem, strengths = example(), literal.Strengths(EPS_ENTROPY, 0.0, 0.0, 0.0)
    twice = literal.State(np.repeat(CENTERS, 2, axis=0), np.full((2, 4), 0.5), np.array([0.5, 0.5]))
    affiliations, state = literal.sweep(problem, twice, strengths, "GSLW")
    assert affiliations.shape == (4, 2)
    assert state.centers.tolist() == CENTERS.tolist()


def test_probabilities_of_zero_count_as_the_floor():
    problem = example()
    state = literal.State(CENTERS, np.array([[1.0, 0.0], [0.0, 1.0]]), np.array([1.0, 0.0]))
    costs = literal.costs(problem, state, eps_class=1.0)
    assert costs[0] == pytest.approx([0.0, 1.0 - math.log(1e-12)])


def test_a_row_of_weight_zero_takes_its_nearest_box():
    problem = example(weights=(0, 1, 1, 1))
    state = literal.State(CENTERS, np.array([[0.0, 1.0], [1.0, 0.0]]), np.array([1.0, 0.0]))
    affiliations = literal.affiliate(problem, state, literal.Strengths(0.1, 100.0, 0.0, 0.0))
    assert affiliations[:, 0].tolist() == [1, 1, 1, 1]

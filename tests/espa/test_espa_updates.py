"""Every block update on its own: equal to the literal formula, and the minimiser of the objective in its block."""

from dataclasses import replace

import espa_reference as literal
import numpy as np
import pytest
from espa_problems import compiled_pass, random_batch, small_table
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import entropy

from entropice.espa.namespaced import chunk_costs, hard_affiliations, host_chunks, soft_affiliations
from entropice.espa.updates import (
    Boxes,
    BoxSums,
    assignment_costs,
    entropy_strengths,
    feature_errors,
    label_free_costs,
    objective,
    update_centers,
    update_feature_weights,
    update_probabilities,
)

N_ROWS, N_FEATURES, N_CLASSES, N_BOXES = 24, 5, 3, 4


def one_fit(seed, affiliation="hard", *, missing=0.25, **parameters):
    """A batch of one fit whose fourth feature is constant and whose weights hold zeros."""
    values, codes = small_table(seed, n_rows=N_ROWS, n_features=N_FEATURES, n_classes=N_CLASSES, missing=missing)
    values[:, 3] = np.where(np.isnan(values[:, 3]), np.nan, -1.5)
    weights = np.random.default_rng(seed).uniform(0.2, 3.0, N_ROWS) * (np.arange(N_ROWS) % 5 != 4)
    return random_batch(
        seed,
        values=values,
        codes=codes,
        weightings=weights[None],
        weighting_of=[0],
        is_soft=affiliation == "soft",
        n_boxes=N_BOXES,
        **parameters,
    )


def first_state(batch):
    return batch.states(batch.boxes)[0]


def strength_of_weights(errors, batch):
    """Given, or as the effective number of features asks."""
    if batch.strengths[0].n_effective_features is None:
        return batch.penalties.eps_entropy
    return entropy_strengths(errors, batch.penalties.n_effective_features)


def any_affiliations(seed, affiliation, n_boxes=N_BOXES):
    random = np.random.default_rng(seed)
    if affiliation == "soft":
        return random.dirichlet(np.ones(n_boxes), N_ROWS)
    return np.eye(n_boxes)[random.integers(0, n_boxes, N_ROWS)]


def sums_of(batch, affiliations):
    """The sums over the boxes by their definition, for affiliations (T, K)."""
    data, w = batch.data, batch.data.weights[0]
    values, means, partial_columns = data.rows.array, data.features.means[0], data.features.partial_columns
    n_boxes = affiliations.shape[1]
    values_by_box, observed = np.zeros((1, n_boxes, N_FEATURES)), np.zeros((1, n_boxes, len(partial_columns)))
    classes = np.zeros((1, n_boxes, N_CLASSES))
    for t in range(N_ROWS):
        for k in range(n_boxes):
            weight = w[t] * affiliations[t, k]
            classes[0, k, data.codes[t]] += weight
            for d in range(N_FEATURES):
                values_by_box[0, k, d] += 0.0 if np.isnan(values[t, d]) else weight * (values[t, d] - means[d])
            for p, d in enumerate(partial_columns):
                observed[0, k, p] += 0.0 if np.isnan(values[t, d]) else weight
    entropy = sum(w[t] * literal.x_log_x(share) for t in range(N_ROWS) for share in affiliations[t])
    return BoxSums(values_by_box, observed, classes, np.array([entropy]))


def boxes_of(batch, state):
    """Boxes of one fit in the units of the rows."""
    centers = batch.scalings[0].unscaled(state.centers) - batch.data.features.means[0]
    is_alive = np.ones((1, len(state.centers)), np.bool_)
    return Boxes(centers[None], state.probabilities[None], state.feature_weights[None], np.full(1, np.nan), is_alive)


def affiliations_of(batch, costs):
    """Affiliations (T, K) that the pass of an array namespace finds."""
    data = batch.data
    origin, n_classes = np.zeros(N_FEATURES), len(data.classes)
    (chunk,) = host_chunks(data.rows, data.codes, data.weights, data.features.partial_columns, n_classes, origin)
    complete = chunk_costs(chunk, costs)
    if batch.is_soft:
        return soft_affiliations(complete, batch.penalties.eps_affiliation)[:, 0, :]
    return hard_affiliations(complete)[:, 0, :]


def boxes_in_compiled_pass(batch, costs):
    """Box (T,) that the compiled pass puts every row into, read from sums under the weights 1, 2, 4, 8, …"""
    rows = replace(compiled_pass(batch.data), weights=2.0 ** np.arange(N_ROWS)[None])
    masses = rows.sums(costs, np.zeros(1, np.int64)).classes[0].sum(axis=1)
    members = [[int(mass) >> t & 1 for mass in masses] for t in range(N_ROWS)]
    assert [sum(member) for member in members] == [1] * N_ROWS
    return [member.index(1) for member in members]


in_every_way = [
    pytest.mark.parametrize(
        "pseudo",
        [{}, {"pseudo_count": 0.03}, {"prior_weight": 0.05, "n_effective_features": 2.5}],
        ids=["no-pseudo", "pseudo", "prior"],
    ),
    pytest.mark.parametrize(
        "class_weight", [None, "balanced", {0: 0.5, 1: 3.0}], ids=["plain", "balanced", "by-class"]
    ),
    pytest.mark.parametrize("affiliation", ["hard", "soft"]),
    pytest.mark.parametrize("missing", [0.0, 0.25], ids=["complete", "missing"]),
]


def every_way(test):
    for mark in in_every_way:
        test = mark(test)
    return test


@every_way
def test_affiliations_equal_the_formula(missing, affiliation, class_weight, pseudo):
    batch = one_fit(1, affiliation, missing=missing, class_weight=class_weight, **pseudo)
    problem, strengths, state = batch.problems[0], batch.strengths[0], first_state(batch)
    weighs = batch.data.weights[0] > 0
    found = affiliations_of(batch, assignment_costs(batch.boxes, batch.constants, batch.penalties))
    expected = literal.affiliate(problem, state, strengths)
    assert found[weighs] == pytest.approx(expected[weighs], rel=0, abs=1e-10)
    label_free = affiliations_of(batch, label_free_costs(batch.boxes, batch.constants))
    expected_label_free = literal.affiliate_without_labels(problem, state, strengths)
    assert label_free == pytest.approx(expected_label_free, rel=0, abs=1e-10)


@pytest.mark.parametrize("missing", [0.0, 0.25])
@pytest.mark.parametrize("seed", range(8))
def test_the_compiled_pass_puts_every_row_where_the_formula_does(seed, missing):
    batch = one_fit(seed, missing=missing, class_weight="balanced")
    problem, strengths, state = batch.problems[0], batch.strengths[0], first_state(batch)
    weighs = batch.data.weights[0] > 0
    found = np.array(boxes_in_compiled_pass(batch, assignment_costs(batch.boxes, batch.constants, batch.penalties)))
    expected = literal.affiliate(problem, state, strengths).argmax(axis=1)
    assert found[weighs].tolist() == expected[weighs].tolist()
    label_free = boxes_in_compiled_pass(batch, label_free_costs(batch.boxes, batch.constants))
    assert label_free == literal.affiliate_without_labels(problem, state, strengths).argmax(axis=1).tolist()


@every_way
def test_every_block_and_the_objective_equal_the_formulas_for_any_affiliations(
    missing, affiliation, class_weight, pseudo
):
    batch = one_fit(2, affiliation, missing=missing, class_weight=class_weight, **pseudo)
    problem, strengths, constants = batch.problems[0], batch.strengths[0], batch.constants
    affiliations = any_affiliations(3, affiliation)
    sums = sums_of(batch, affiliations)

    centers = update_centers(sums, constants.partial)
    expected_centers = literal.update_centers(problem, affiliations)
    scaled = batch.scalings[0].scaled(centers[0] + batch.data.features.means[0])
    assert scaled == pytest.approx(expected_centers, rel=0, abs=1e-10)

    errors = feature_errors(sums, centers, constants)[0]
    for d in np.flatnonzero(problem.varies):
        expected_error = literal.feature_error(problem, affiliations, expected_centers, d)
        assert errors[d] == pytest.approx(expected_error, rel=0, abs=1e-10)
    assert errors[~np.array(problem.varies)].tolist() == [np.inf]

    weights = update_feature_weights(errors[None], strength_of_weights(errors[None], batch))[0]
    expected_weights = literal.update_feature_weights(problem, affiliations, expected_centers, strengths)
    assert weights == pytest.approx(expected_weights, rel=0, abs=1e-10)

    probabilities = update_probabilities(sums, constants, batch.penalties)[0]
    expected_probabilities = literal.update_probabilities(problem, affiliations, strengths)
    assert probabilities == pytest.approx(expected_probabilities, rel=0, abs=1e-10)

    state = first_state(batch)
    boxes = boxes_of(batch, state)
    loss = objective(feature_errors(sums, boxes.centers, constants), sums, boxes, constants, batch.penalties)[0]
    assert loss == pytest.approx(literal.objective(problem, affiliations, state, strengths), rel=0, abs=1e-10)


@pytest.mark.parametrize("affiliation", ["hard", "soft"])
@given(seed=st.integers(0, 10_000), missing=st.sampled_from([0.0, 0.25]), pseudo_count=st.sampled_from([0.0, 0.05]))
@settings(max_examples=12)
def test_no_competitor_beats_a_closed_form(affiliation, seed, missing, pseudo_count):
    batch = one_fit(seed, affiliation, missing=missing, class_weight="balanced", pseudo_count=pseudo_count)
    random = np.random.default_rng(seed)
    problem, strengths, constants = batch.problems[0], batch.strengths[0], batch.constants

    def loss_of(affiliations, state):
        return literal.objective(problem, affiliations, state, strengths)

    affiliations = affiliations_of(batch, assignment_costs(batch.boxes, constants, batch.penalties))
    before = first_state(batch)
    best = loss_of(affiliations, before)
    for rival_seed in range(3):
        assert best <= loss_of(any_affiliations(rival_seed, affiliation), before) + 1e-12

    sums = sums_of(batch, affiliations)
    centers = update_centers(sums, constants.partial)
    weights = update_feature_weights(feature_errors(sums, centers, constants), batch.penalties.eps_entropy)[0]
    probabilities = update_probabilities(sums, constants, batch.penalties)[0]
    scaled = batch.scalings[0].scaled(centers[0] + batch.data.features.means[0])
    after = literal.State(scaled, probabilities, weights)
    best = loss_of(affiliations, after)
    for size in (1e-3, 1e-2, 0.1, 1.0):
        rivals = [
            replace(after, centers=scaled + size * random.normal(size=scaled.shape)),
            replace(after, probabilities=nudged(probabilities.T, size, random).T),
            replace(after, feature_weights=among_varying(problem, nudged(weights[None], size, random)[0])),
        ]
        assert all(best <= loss_of(affiliations, rival) + 1e-12 for rival in rivals)


def nudged(shares, size, random):
    """Shares (n, ·) moved towards random ones."""
    return (1 - size) * shares + size * random.dirichlet(np.ones(shares.shape[1]), len(shares))


def among_varying(problem, weights):
    kept = weights * problem.varies
    return kept / kept.sum()


@given(seed=st.integers(0, 10_000), n_effective_features=st.sampled_from([1.3, 2.0, 3.7]))
@settings(max_examples=20)
def test_no_weights_with_as_many_effective_features_have_a_smaller_error(seed, n_effective_features):
    random = np.random.default_rng(seed)
    errors = random.exponential(size=(1, 5))
    best = update_feature_weights(errors, entropy_strengths(errors, np.array([n_effective_features])))[0] @ errors[0]
    for rival in random.dirichlet(np.full(5, 0.5), 200):
        mixed = [(1 - share) * rival + share / 5 for share in np.linspace(0, 1, 50)]
        feasible = next(each for each in mixed if np.exp(entropy(each)) >= n_effective_features)
        assert best <= feasible @ errors[0] + 1e-12


@given(seed=st.integers(0, 10_000), missing=st.sampled_from([0.0, 0.3]), affiliation=st.sampled_from(["hard", "soft"]))
@settings(max_examples=40)
def test_from_the_same_affiliations_the_default_order_is_never_worse(seed, missing, affiliation):
    batch = one_fit(seed, affiliation, missing=missing, pseudo_count=0.01)
    boxes = batch.boxes
    for _ in range(3):
        swept, joint_losses = batch.sweep(boxes, "GSLW")
        _, published_losses = batch.sweep(boxes, "GWSL")
        assert (joint_losses <= published_losses + 1e-12).all()
        boxes = swept


@given(
    seed=st.integers(0, 10_000),
    order=st.sampled_from(["GSLW", "GWSL"]),
    affiliation=st.sampled_from(["hard", "soft"]),
    missing=st.sampled_from([0.0, 0.3]),
    class_weight=st.sampled_from([None, "balanced"]),
    pseudo_count=st.sampled_from([0.0, 1e-3, 0.1]),
    prior_weight=st.sampled_from([0.0, 0.1]),
    n_effective_features=st.sampled_from([None, 1.2, 2.0, 3.9, 4.0]),
)
@settings(max_examples=100)
def test_no_sweep_raises_the_objective(seed, order, affiliation, **parameters):
    """Under a constraint only sweeps from weights that obey it: the first one makes them so."""
    batch = one_fit(seed, affiliation, **parameters)
    boxes, losses = batch.boxes, []
    if parameters["n_effective_features"] is not None:
        boxes, _ = batch.sweep(boxes, order)
    for _ in range(6):
        boxes, (loss,) = batch.sweep(boxes, order)
        losses.append(loss)
        state = batch.states(boxes)[0]
        next_affiliations = literal.affiliate(batch.problems[0], state, batch.strengths[0])
        losses.append(literal.objective(batch.problems[0], next_affiliations, state, batch.strengths[0]))
    assert np.diff(losses).max() <= 1e-12 * max(1.0, abs(losses[0]))


@given(seed=st.integers(0, 10_000), affiliation=st.sampled_from(["hard", "soft"]))
@settings(max_examples=30)
def test_rows_that_tie_do_not_raise_the_objective(seed, affiliation):
    """Every value and every first centre is 0, 1 or 2: rows repeat, centres too, and many rows lie half-way."""
    random = np.random.default_rng(seed)
    values, codes = random.integers(0, 3, (N_ROWS, 3)).astype(float), np.arange(N_ROWS) % 2
    values[:3] = np.arange(3)[:, None]
    batch = random_batch(
        seed,
        values=values,
        codes=codes,
        weightings=np.ones((1, N_ROWS)),
        weighting_of=[0],
        is_soft=affiliation == "soft",
        n_boxes=6,
    )
    centers = random.integers(0, 3, (1, 6, 3)) - batch.data.features.means
    boxes, losses = replace(batch.boxes, centers=centers), []
    for _ in range(5):
        boxes, (loss,) = batch.sweep(boxes, "GSLW")
        losses.append(loss)
    assert np.diff(losses).max() <= 1e-12


def test_feature_weights_are_boltzmann_and_survive_tiny_strengths():
    errors = np.array([[0.0, np.log(2.0)], [1.0, 2.0], [3.0, np.inf]])
    weights = update_feature_weights(errors, np.array([1.0, 1e-300, 5.0]))
    assert weights == pytest.approx(np.array([[2 / 3, 1 / 3], [1.0, 0.0], [1.0, 0.0]]))


def test_without_entropy_the_first_feature_of_the_smallest_error_takes_all_weight():
    errors = np.array([[2.0, 1.0, 1.0], [0.5, np.inf, 0.7]])
    assert update_feature_weights(errors, np.zeros(2)).tolist() == [[0.0, 1.0, 0.0], [1.0, 0.0, 0.0]]


def test_a_box_that_never_saw_a_feature_takes_the_mean_over_all_rows():
    values = np.array([[1.0, np.nan], [3.0, 2.0], [5.0, -2.0]])
    sums = BoxSums(
        values=np.array([[[1.0 - 3.0, 0.0], [8.0 - 6.0, 0.0]]]) / 3,
        partial_observed=np.array([[[0.0], [2.0]]]) / 3,
        classes=np.array([[[1.0, 0.0], [0.0, 2.0]]]) / 3,
        affiliation_entropy=np.zeros(1),
    )
    relative = update_centers(sums, np.array([[0.0, 1.0]]))
    assert relative[0] + np.nanmean(values, axis=0) == pytest.approx(np.array([[1.0, 0.0], [4.0, 0.0]]))

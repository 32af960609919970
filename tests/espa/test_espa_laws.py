"""Laws of whole fits: what rows, features, weights, classes and seeds may and may not change."""

import numpy as np
import pytest
from espa_problems import minmax, partition, small_table
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.base import clone

from entropice.espa import ESPAClassifier

seeds = st.integers(0, 10_000)
affiliations = st.sampled_from(["hard", "soft"])


def small_model(**parameters):
    return ESPAClassifier(4, **{"n_init": 3, "tol": 1e-6, "random_state": 0} | parameters)


def assert_same_fit(found, expected, X, tolerance=1e-9):
    """Same loss, same assignments (starts that end alike may number boxes differently), same probabilities."""
    assert found.loss_ == pytest.approx(expected.loss_, rel=0, abs=tolerance)
    assert partition(found.box_of(X)) == partition(expected.box_of(X))
    assert found.predict_proba(X) == pytest.approx(expected.predict_proba(X), abs=tolerance)
    assert found.feature_weights_ == pytest.approx(expected.feature_weights_, abs=tolerance)


@given(
    seed=seeds,
    affiliation=affiliations,
    order=st.sampled_from(["GSLW", "GWSL"]),
    eps_class=st.floats(0.0, 2.0),
    eps_entropy=st.floats(0.0, 1.0),
    scale=st.sampled_from(["minmax", None]),
    reassign=st.booleans(),
    dtype=st.sampled_from(["float32", "float64"]),
)
@settings(max_examples=40)
def test_shares_sum_to_one_and_the_loss_falls(seed, **parameters):
    X, y = small_table(seed)
    model = small_model(random_state=seed, **parameters).fit(X, y)
    probabilities = model.predict_proba(X)
    assert probabilities.min() >= 0.0
    assert probabilities.sum(axis=1) == pytest.approx(np.ones(len(X)), abs=1e-12)
    assert model.box_class_probabilities_.sum(axis=0) == pytest.approx(np.ones(len(model.box_centers_)), abs=1e-12)
    assert model.feature_weights_.sum() == pytest.approx(1.0)
    assert model.loss_curve_[-1] == model.loss_
    assert len(model.loss_curve_) == model.n_iter_
    assert np.diff(model.loss_curve_).max(initial=0.0) <= 0.0


@given(
    seed=seeds,
    affiliation=affiliations,
    dtype=st.sampled_from(["float32", "float64"]),
    eps_entropy=st.sampled_from([0.0, 1e-30, 1e-9, 1e9]),
    eps_class=st.sampled_from([0.0, 1e-9, 1e9]),
    eps_affiliation=st.sampled_from([1e-20, 1e-9, 1e9]),
    pseudo_count=st.sampled_from([0.0, 1e9]),
)
@settings(max_examples=40)
def test_extreme_strengths_and_weights_give_finite_fits(seed, dtype, **parameters):
    X, y = small_table(seed, n_rows=12)
    weights = 10.0 ** np.random.default_rng(seed).uniform(-9, 9, len(X))
    model = small_model(dtype=dtype, **parameters).fit(X, y, weights)
    for name in ("box_centers_", "box_class_probabilities_", "feature_weights_", "loss_curve_"):
        assert np.isfinite(getattr(model, name)).all()
    assert model.predict_proba(X).sum(axis=1) == pytest.approx(np.ones(len(X)), abs=1e-9)


@given(seed=seeds, affiliation=affiliations)
@settings(max_examples=20)
def test_an_integer_weight_is_a_repeated_row(seed, affiliation):
    X, y = small_table(seed)
    counts = np.random.default_rng(seed).integers(1, 4, len(X))
    weighted = small_model(affiliation=affiliation).fit(X, y, sample_weight=counts)
    repeated = small_model(affiliation=affiliation).fit(np.repeat(X, counts, axis=0), np.repeat(y, counts))
    assert_same_fit(weighted, repeated, X)


@given(seed=seeds, affiliation=affiliations, wild=st.sampled_from([np.nan, 1e6, -3e4]))
@settings(max_examples=20)
def test_a_row_of_weight_zero_is_an_absent_row_whatever_it_holds(seed, affiliation, wild):
    X, y = small_table(seed)
    is_present = np.random.default_rng(seed).random(len(X)) < 0.7
    is_present[:5] = True
    X_wild, y_wild = np.where(is_present[:, None], X, wild), np.where(is_present, y, 99)
    weighted = small_model(affiliation=affiliation).fit(X_wild, y_wild, sample_weight=is_present.astype(float))
    absent = small_model(affiliation=affiliation).fit(X[is_present], y[is_present])
    assert weighted.classes_.tolist() == absent.classes_.tolist()
    assert_same_fit(weighted, absent, X)


@given(seed=seeds, factor=st.floats(1e-6, 1e6))
@settings(max_examples=10)
def test_only_the_proportions_of_the_weights_matter(seed, factor):
    X, y = small_table(seed)
    weights = np.random.default_rng(seed).uniform(0.1, 2, len(X))
    assert_same_fit(small_model().fit(X, y, weights), small_model().fit(X, y, factor * weights), X)


@given(seed=seeds, affiliation=affiliations)
@settings(max_examples=20)
def test_neither_row_nor_feature_order_matters(seed, affiliation):
    X, y = small_table(seed)
    random = np.random.default_rng(seed)
    rows, columns = random.permutation(X.shape[0]), random.permutation(X.shape[1])
    weights = random.integers(0, 3, len(X)).astype(float)
    weights[:5] = 1
    model = small_model(affiliation=affiliation).fit(X, y, weights)
    permuted = small_model(affiliation=affiliation).fit(X[rows][:, columns], y[rows], weights[rows])
    assert permuted.loss_ == pytest.approx(model.loss_, rel=0, abs=1e-9)
    assert permuted.feature_weights_ == pytest.approx(model.feature_weights_[columns], abs=1e-9)
    assert permuted.predict_proba(X[rows][:, columns]) == pytest.approx(model.predict_proba(X)[rows], abs=1e-9)
    assert partition(permuted.box_of(X[rows][:, columns])) == partition(model.box_of(X)[rows])


@given(seed=seeds)
@settings(max_examples=10)
def test_names_of_classes_do_not_matter(seed):
    X, y = small_table(seed)
    names = np.array(["dry", "moist", "wet"])
    named, numbered = small_model().fit(X, names[y]), small_model().fit(X, y)
    assert named.predict(X).tolist() == names[numbered.predict(X)].tolist()


@given(seed=seeds, affiliation=affiliations)
@settings(max_examples=10)
def test_balanced_class_weights_are_the_explicit_ones(seed, affiliation):
    X, y = small_table(seed)
    explicit = {label: 1 / count for label, count in enumerate(np.bincount(y))}
    balanced = small_model(affiliation=affiliation, class_weight="balanced").fit(X, y)
    assert_same_fit(balanced, small_model(affiliation=affiliation, class_weight=explicit).fit(X, y), X)


def test_class_weights_count_as_label_weight_and_default_to_one():
    X, y = small_table(1)
    model = small_model(class_weight={2: 5.0}, pseudo_count=0.0).fit(X, y)
    boxes, factors = model.box_of(X), np.array([1.0, 1.0, 5.0])
    for box in range(len(model.box_centers_)):
        weights = np.bincount(y[boxes == box], minlength=3) * factors
        assert model.box_class_probabilities_[:, box] == pytest.approx(weights / weights.sum(), abs=1e-12)


@pytest.mark.parametrize("affiliation", ["hard", "soft"])
def test_a_prior_draws_every_box_towards_the_prevalence(affiliation):
    """Mass of each class in the box by an assignment without labels, plus its share of the prior, over the sum."""
    X, y = small_table(3, missing=0.0)
    weights, prior_weight = np.random.default_rng(3).exponential(size=len(X)), 0.2
    weights /= weights.sum()
    plain, drawn = (
        ESPAClassifier(4, n_init=1, affiliation=affiliation, eps_class=0.0, pseudo_count=0.0, prior_weight=each)
        .set_params(random_state=0)
        .fit(X, y, weights)
        for each in (0.0, prior_weight)
    )
    assert drawn.box_centers_.tolist() == plain.box_centers_.tolist()
    costs = plain.distances(X)
    gaps = costs - costs.min(axis=1, keepdims=True)
    affiliations = np.exp(-gaps / plain.eps_affiliation) if affiliation == "soft" else gaps == 0
    masses = (weights[:, None] * affiliations / affiliations.sum(axis=1, keepdims=True)).sum(axis=0)
    prevalence = np.bincount(y, weights)[:, None]
    expected = (plain.box_class_probabilities_ * masses + prior_weight * prevalence) / (masses + prior_weight)
    assert drawn.box_class_probabilities_ == pytest.approx(expected, abs=1e-9)


def test_the_same_seed_gives_the_same_bytes():
    X, y = small_table(3)
    for affiliation in ("hard", "soft"):
        first, second = (small_model(affiliation=affiliation).fit(X, y) for _ in range(2))
        assert first.predict_proba(X).tobytes() == second.predict_proba(X).tobytes()
        assert first.box_centers_.tobytes() == second.box_centers_.tobytes()
        assert first.loss_curve_.tobytes() == second.loss_curve_.tobytes()


def test_another_seed_draws_other_starts():
    X, y = small_table(3)
    losses = {small_model(n_init=1, random_state=seed).fit(X, y).loss_ for seed in range(10)}
    assert len(losses) > 1


def test_more_starts_are_never_worse():
    X, y = small_table(3)
    losses = [small_model(n_init=n, random_state=7).fit(X, y).loss_ for n in (1, 2, 5, 20)]
    assert losses == sorted(losses, reverse=True)


@given(seed=seeds, scale_of_units=st.sampled_from([1e-3, 8.0, 1000.0]), offset=st.sampled_from([0.0, 273.15, -5e4]))
@settings(max_examples=15)
def test_from_given_centres_units_do_not_matter_under_minmax(seed, scale_of_units, offset):
    X, y = small_table(seed)
    X = minmax(X, np.ones(len(X))).scaled(X)
    centers = np.random.default_rng(seed).random((4, X.shape[1]))

    def changed(values):
        return values * scale_of_units + offset * scale_of_units

    model = small_model(init=centers).fit(X, y)
    rescaled = small_model(init=changed(centers)).fit(changed(X), y)
    assert rescaled.loss_ == pytest.approx(model.loss_, abs=1e-8)
    assert rescaled.box_of(changed(X)).tolist() == model.box_of(X).tolist()
    assert rescaled.feature_weights_ == pytest.approx(model.feature_weights_, abs=1e-8)
    assert rescaled.box_centers_ == pytest.approx(changed(model.box_centers_), rel=1e-8, abs=1e-8 * scale_of_units)


def test_a_clone_has_the_same_parameters_and_no_fit():
    model = small_model(class_weight={0: 2.0}, dtype="float32").fit(*small_table(0))
    cloned = clone(model)
    assert cloned.get_params() == model.get_params()
    assert not hasattr(cloned, "box_centers_")

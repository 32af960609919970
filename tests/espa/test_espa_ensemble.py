"""The ensemble: what it averages, what it draws, what it calibrates on, and where its members disagree."""

import numpy as np
import pandas as pd
import pytest
from espa_problems import small_table
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import entropy
from sklearn.base import clone
from sklearn.exceptions import NotFittedError
from sklearn.model_selection import GroupKFold

from entropice.espa import ESPAClassifier, ESPAEnsemble, StoredTable, fit_alike
from entropice.espa.calibration import tempered
from entropice.espa.data.row_hashes import number_distinct
from entropice.espa.data.rows import Rows

NAMES = ["slope", "elevation", "northness", "ice"]
N_ROWS = 80


def ensemble(n_members=5, **parameters):
    estimator = parameters.pop("estimator", ESPAClassifier(4, n_init=1))
    return ESPAEnsemble(estimator, n_members, **{"random_state": 0, "cv": 3} | parameters)


def table(seed=0, **parameters):
    return small_table(seed, n_rows=N_ROWS, **parameters)


def drawn_weights(model, y, **fit):
    """Share (n_members, T) of each row in each member: the weighted mean of an indicator of the row."""
    return np.array([member.feature_offset_ for member in model.fit(np.eye(len(y)), y, **fit).members_])


def mean_of(members, X):
    return np.mean([member.predict_proba(X) for member in members], axis=0)


def log_loss(probabilities, codes):
    return -np.log(np.maximum(probabilities[np.arange(len(codes)), codes], 1e-12)).mean()


@pytest.fixture
def held_out(monkeypatch):
    """What the temperature is fitted to, call by call: probabilities, classes, weights."""
    calls = []

    def fit_temperature(probabilities, codes, weights):
        calls.append((probabilities.copy(), codes.copy(), weights.copy()))
        return 1.0

    monkeypatch.setattr("entropice.espa.ensemble.fit_temperature", fit_temperature)
    return calls


@pytest.mark.parametrize("affiliation", ["hard", "soft"])
@settings(max_examples=5)
@given(seed=st.integers(0, 10_000))
def test_probabilities_are_the_members_mean_tempered(affiliation, seed):
    X, y = table(seed)
    estimator = ESPAClassifier(4, n_init=1, affiliation=affiliation)
    model = ensemble(estimator=estimator, random_state=seed).fit(X, y)
    mean = mean_of(model.members_, X)
    assert model.predict_proba(X) == pytest.approx(tempered(mean, model.temperature_), rel=0, abs=1e-12)
    assert model.predict_proba(X).sum(axis=1) == pytest.approx(np.ones(N_ROWS))
    assert model.predict(X).tolist() == mean.argmax(axis=1).tolist()
    plain = ensemble(estimator=estimator, random_state=seed, calibrate=None).fit(X, y)
    assert plain.temperature_ == 1.0
    assert plain.predict_proba(X) == pytest.approx(mean, rel=0, abs=1e-11)


def test_without_resampling_every_member_is_a_fit_on_its_own():
    X, y = table(1)
    weights = np.random.default_rng(1).exponential(size=N_ROWS)
    for member in ensemble(resample=None).fit(X, y, sample_weight=weights).members_:
        alone = ESPAClassifier(**member.get_params()).fit(X, y, sample_weight=weights)
        assert alone.loss_ == pytest.approx(member.loss_, rel=0, abs=1e-12)
        assert alone.predict_proba(X) == pytest.approx(member.predict_proba(X), rel=0, abs=1e-12)


def test_without_an_estimator_members_are_default_classifiers_of_one_start():
    model = ESPAEnsemble(n_members=2, cv=2, random_state=0).fit(*table(2))
    expected = ESPAClassifier(n_init=1).get_params()
    assert [member.get_params() | {"random_state": None} for member in model.members_] == [expected] * 2


@pytest.mark.parametrize("resample", ["bootstrap", None])
def test_the_same_seed_gives_the_same_bytes_and_another_seed_others(resample):
    X, y = table(3)
    first, again, other = (ensemble(resample=resample, random_state=seed).fit(X, y) for seed in (7, 7, 8))
    assert first.temperature_ == again.temperature_
    assert first.predict_proba(X).tobytes() == again.predict_proba(X).tobytes()
    assert first.feature_importances_.tobytes() == again.feature_importances_.tobytes()
    assert first.predict_proba(X).tobytes() != other.predict_proba(X).tobytes()


def test_a_generator_of_random_numbers_goes_on():
    X, y = table(3)
    random = np.random.RandomState(7)
    first, second = (ensemble(random_state=random).fit(X, y).predict_proba(X) for _ in range(2))
    assert first.tobytes() == ensemble(random_state=7).fit(X, y).predict_proba(X).tobytes()
    assert first.tobytes() != second.tobytes()


def test_bootstrap_weights_are_exponential():
    """Shares of independent exponential weights: mean 1 / T, variance (T - 1) / (T² (T + 1))."""
    n_rows = 20
    shares = drawn_weights(ensemble(400, estimator=ESPAClassifier(2, n_init=1), calibrate=None), np.arange(n_rows) % 2)
    assert shares.sum(axis=1) == pytest.approx(np.ones(400))
    assert (shares > 0).all()
    assert shares.mean(axis=0) == pytest.approx(np.full(n_rows, 1 / n_rows), rel=0.2)
    assert shares.var() == pytest.approx((n_rows - 1) / (n_rows**2 * (n_rows + 1)), rel=0.1)
    assert np.abs(np.corrcoef(shares.T) - np.eye(n_rows)).max() < 0.25


def test_members_draw_their_numbers_of_boxes():
    X, y = table(2)
    choices = (2, 3, 5)
    model = ensemble(60, n_boxes=choices, calibrate=None).fit(X, y)
    drawn = [member.n_boxes for member in model.members_]
    assert [drawn.count(choice) > 10 for choice in choices] == [True] * 3
    again = ensemble(60, n_boxes=choices, calibrate=None).fit(X, y)
    assert again.predict_proba(X).tobytes() == model.predict_proba(X).tobytes()
    for member, shares in zip(model.members_[:5], resampled(model, X, y), strict=False):
        alone = ESPAClassifier(**member.get_params()).fit(X, y, sample_weight=shares)
        assert alone.loss_ == pytest.approx(member.loss_, abs=1e-9)


def resampled(model, X, y):
    """Weights (T,) of each member, drawn again: they come first, whatever the numbers of boxes are."""
    return drawn_weights(ensemble(model.n_members, calibrate=None), y, groups=number_distinct(Rows(X, X.dtype), y))


def test_one_number_of_boxes_to_choose_from_is_that_of_the_estimator():
    X, y = table(2)
    expected = ensemble(calibrate=None).fit(X, y).predict_proba(X)
    assert ensemble(calibrate=None, n_boxes=[4]).fit(X, y).predict_proba(X).tobytes() == expected.tobytes()


def test_rows_that_differ_by_an_exchange_of_features_are_different_rows():
    shares = drawn_weights(ensemble(calibrate=None), np.arange(20) % 2)
    assert all(len(np.unique(row.round(12))) == 20 for row in shares)


def test_rows_of_a_group_share_their_weight():
    y, groups = np.arange(24) % 3, np.repeat(list("abcdef"), 4)
    shares = drawn_weights(ensemble(calibrate=None), y, groups=groups).reshape(5, 6, 4)
    assert shares == pytest.approx(np.repeat(shares[:, :, :1], 4, axis=2))
    assert all(len(np.unique(row[:, 0].round(12))) == 6 for row in shares)


def test_random_weights_multiply_sample_weights():
    y, groups, weights = np.arange(24) % 3, np.arange(24) // 2, np.ones(24)
    weights[::2] = 3.0
    weights[7] = 0.0
    shares = drawn_weights(ensemble(calibrate=None), y, groups=groups, sample_weight=weights)
    assert (shares[:, 7] == 0).all()
    others = np.setdiff1d(np.arange(12), [3])
    assert shares[:, ::2][:, others] == pytest.approx(3 * shares[:, 1::2][:, others])


@settings(max_examples=5)
@given(seed=st.integers(0, 10_000))
def test_an_integer_weight_is_a_repeated_row_and_zero_is_absence(seed):
    X, y = table(seed)
    random = np.random.default_rng(seed)
    counts = random.integers(0, 3, N_ROWS)
    rows = random.permutation(np.repeat(np.arange(N_ROWS), counts))
    weighted = ensemble(calibrate=None).fit(X, y, sample_weight=counts)
    repeated = ensemble(calibrate=None).fit(X[rows], y[rows])
    assert weighted.predict_proba(X) == pytest.approx(repeated.predict_proba(X), abs=1e-9)
    assert weighted.feature_importances_ == pytest.approx(repeated.feature_importances_, abs=1e-9)


def test_copies_of_a_table_in_groups_are_the_table():
    X, y = table(4)
    groups = np.random.default_rng(4).permutation(N_ROWS)
    once = ensemble(calibrate=None).fit(X, y, groups=groups)
    thrice = ensemble(calibrate=None).fit(np.tile(X, (3, 1)), np.tile(y, 3), groups=np.tile(groups, 3))
    assert thrice.predict_proba(X) == pytest.approx(once.predict_proba(X), abs=1e-9)


@pytest.mark.parametrize("resample", ["bootstrap", None])
def test_members_for_the_temperature_have_not_seen_the_held_out_rows(resample, held_out):
    """Other labels and other values in the held-out rows change nothing about the rest of their predictions.

    Groups keep each row's random weight whatever its values are.
    """
    X, y = table(5)
    train, test = np.arange(50), np.arange(50, N_ROWS)
    model = ensemble(cv=[(train, test)], resample=resample)
    poisoned_X, poisoned_y = X.copy(), y.copy()
    poisoned_X[65:] = 1e6
    poisoned_y[test] = (y[test] + 1) % 3
    for rows, labels in ((X, y), (poisoned_X, poisoned_y)):
        model.fit(rows, labels, groups=np.arange(N_ROWS))
    (probabilities, codes, _), (poisoned, poisoned_codes, _) = held_out
    assert (codes.tolist(), poisoned_codes.tolist()) == (y[test].tolist(), poisoned_y[test].tolist())
    assert probabilities[:15].tobytes() == poisoned[:15].tobytes()


def test_the_temperature_is_fitted_to_every_held_out_row_by_members_of_its_fold(held_out):
    """Without resampling and with one start each member is a fit to the training rows of the fold."""
    X, y = table(6)
    weights = np.random.default_rng(6).exponential(size=N_ROWS)
    groups = np.random.default_rng(6).integers(0, 6, N_ROWS)
    estimator = ESPAClassifier(3, init=X[~np.isnan(X).any(axis=1)][:3], n_init=1)
    ensemble(2, estimator=estimator, resample=None, cv=GroupKFold(3)).fit(X, y, sample_weight=weights, groups=groups)
    splits = list(GroupKFold(3).split(X, y, groups))
    expected = [estimator.fit(X[train], y[train], weights[train]).predict_proba(X[test]) for train, test in splits]
    tests = np.concatenate([test for _, test in splits])
    ((probabilities, codes, used_weights),) = held_out
    assert probabilities == pytest.approx(np.concatenate(expected), rel=0, abs=1e-12)
    assert codes.tolist() == y[tests].tolist()
    assert used_weights.tolist() == weights[tests].tolist()


def test_a_class_that_held_out_members_have_not_seen_has_probability_zero(held_out):
    X, y = table(7)
    X_seen, classes = X[y != 2], np.array(["a", "b", "c"])
    model = ensemble(cv=[(np.flatnonzero(y != 2), np.flatnonzero(y == 2))]).fit(X, classes[y])
    ((probabilities, codes, _),) = held_out
    assert (codes == 2).all()
    assert (probabilities[:, 2] == 0).all()
    assert probabilities.sum(axis=1) == pytest.approx(np.ones((y == 2).sum()))
    assert model.classes_.tolist() == ["a", "b", "c"]
    assert model.predict_proba(X_seen).shape == (len(X_seen), 3)


def test_a_weight_of_a_class_that_a_fold_lacks_is_no_error():
    X, y = table(7)
    weighted = ESPAClassifier(4, n_init=1, class_weight={0: 1.0, 1: 2.0, 2: 3.0})
    splits = [(np.flatnonzero(y != 2), np.flatnonzero(y == 2))]
    assert ensemble(estimator=weighted, cv=splits).fit(X, y).classes_.tolist() == [0, 1, 2]


def test_rows_of_weight_zero_are_as_if_not_there():
    """Even where they bring a class of their own, and in the held-out rows."""
    X, y = table(8)
    labels, weights = np.array(["a", "b", "c"])[y], np.ones(N_ROWS)
    labels[::9], weights[::9] = "aa", 0.0
    kept = np.flatnonzero(weights)
    splits = [(np.arange(40), np.arange(40, N_ROWS))]
    renumbered = [tuple(np.flatnonzero(np.isin(kept, rows)) for rows in splits[0])]
    model = ensemble(cv=splits).fit(X, labels, sample_weight=weights)
    expected = ensemble(cv=renumbered).fit(X[kept], labels[kept])
    assert model.classes_.tolist() == ["a", "b", "c"]
    assert model.temperature_ == pytest.approx(expected.temperature_, rel=1e-6)
    assert model.predict_proba(X) == pytest.approx(expected.predict_proba(X), abs=1e-9)


def overconfident_problem(n_rows, random):
    """One label in five is wrong."""
    X = random.normal(size=(n_rows, 3))
    return X, (X[:, 0] + X[:, 1] > 0).astype(int) ^ (random.random(n_rows) < 0.2)


def test_calibration_lowers_the_log_loss_of_overconfident_boxes():
    """Mean over eight seeds: 150 training rows, 30 hard boxes, 3 members, 2000 test rows."""
    losses = []
    for seed in range(8):
        random = np.random.default_rng(seed)
        X, y = overconfident_problem(150, random)
        X_test, y_test = overconfident_problem(2000, random)
        model = ensemble(3, estimator=ESPAClassifier(30, n_init=1), random_state=seed, cv=5).fit(X, y)
        assert model.temperature_ > 1
        uncalibrated = mean_of(model.members_, X_test)
        losses.append((log_loss(model.predict_proba(X_test), y_test), log_loss(uncalibrated, y_test)))
    calibrated, plain = np.mean(losses, axis=0)
    assert calibrated < plain - 0.05


def test_spread_is_the_mutual_information_of_class_and_member():
    X, y = table(9)
    model = ensemble(8).fit(X, y)
    each = np.array([member.predict_proba(X) for member in model.members_])
    expected = entropy(each.mean(axis=0), axis=1) - entropy(each, axis=2).mean(axis=0)
    assert model.epistemic_spread(X) == pytest.approx(expected, abs=1e-12)
    assert model.epistemic_spread(X).max() > 0.05
    assert (model.epistemic_spread(X) <= np.log(3)).all()


def test_members_that_agree_have_no_spread_and_no_interval():
    X, y = table(10)
    alike = ESPAClassifier(3, init=X[~np.isnan(X).any(axis=1)][:3])
    model = ensemble(estimator=alike, resample=None).fit(X, y)
    assert model.epistemic_spread(X) == pytest.approx(np.zeros(N_ROWS), abs=1e-12)
    assert np.diff(model.feature_importance_intervals_, axis=0) == pytest.approx(np.zeros((1, 4)), abs=1e-12)


def test_spread_is_wider_at_a_boundary_than_far_from_it():
    random = np.random.default_rng(11)
    X = random.uniform(-1, 1, (150, 2))
    model = ensemble(10).fit(X, (X[:, 0] > 0).astype(int))
    heights = np.linspace(-1, 1, 50)
    near, far = (np.column_stack([np.full(50, place), heights]) for place in (0.0, 0.9))
    assert model.epistemic_spread(near).mean() > 5 * model.epistemic_spread(far).mean()


@pytest.mark.parametrize(("n_members", "interval", "n_inside"), [(20, 0.9, 18), (20, 0.5, 10), (11, 0.8, 9)])
def test_the_interval_holds_its_share_of_the_members(n_members, interval, n_inside):
    X, y = table(12)
    model = ensemble(n_members, interval=interval, calibrate=None).fit(X, y)
    weights = np.array([member.feature_weights_ for member in model.members_])
    low, high = model.feature_importance_intervals_
    assert ((low <= weights) & (weights <= high)).sum(axis=0).tolist() == [n_inside] * 4
    assert model.feature_importances_ == pytest.approx(weights.mean(axis=0))
    assert model.feature_importances_.sum() == pytest.approx(1.0)


def test_data_frames_and_tables_on_disk_give_what_arrays_give(tmp_path):
    X, y = table(13)
    expected = ensemble().fit(X, y).predict_proba(X)
    frame = pd.DataFrame(X, columns=NAMES)
    model = ensemble().fit(frame, pd.Series(y))
    assert model.predict_proba(frame).tobytes() == expected.tobytes()
    assert model.feature_names_in_.tolist() == NAMES
    with pytest.raises(ValueError, match="feature names"):
        model.predict(frame[NAMES[::-1]])
    np.save(tmp_path / "rows.npy", X)
    stored = StoredTable(np.load(tmp_path / "rows.npy", mmap_mode="r"))
    assert ensemble().fit(stored, y).predict_proba(stored).tobytes() == expected.tobytes()


def test_nothing_can_be_asked_of_it_before_the_fit():
    X, _ = table(14)
    for ask in (ESPAEnsemble.predict, ESPAEnsemble.predict_proba, ESPAEnsemble.epistemic_spread):
        with pytest.raises(NotFittedError):
            ask(ensemble(), X)
    for name in ("feature_importances_", "feature_importance_intervals_"):
        with pytest.raises(NotFittedError):
            getattr(ensemble(), name)


@pytest.fixture
def no_fit(monkeypatch):
    """Fail as soon as anything is fitted."""

    def fit(*_):
        pytest.fail("a fit was begun")

    monkeypatch.setattr("entropice.espa.fitting._fit_batch", fit)


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"n_members": 1}, "n_members"),
        ({"interval": 1.0}, "interval"),
        ({"resample": "jackknife"}, "resample"),
        ({"calibrate": "isotonic"}, "calibrate"),
        ({"estimator": GroupKFold(2)}, "estimator"),
        ({"estimator": ESPAClassifier(eps_entropy=-1.0)}, r"'eps_entropy' .* Got -1.0"),
        ({"estimator": ESPAClassifier(81)}, "n_boxes=81: lower n_boxes"),
        ({"n_boxes": []}, "n_boxes must be None or whole numbers .*got none"),
        ({"n_boxes": [3, 0]}, r"n_boxes must be .* got \[0\]"),
        ({"cv": []}, "cv gives no fold"),
        ({"cv": [(np.arange(80), np.arange(1, 81))]}, "cv must give"),
    ],
    ids=[
        "members",
        "interval",
        "resample",
        "calibrate",
        "estimator",
        "parameter",
        "boxes",
        "no-choice",
        "choice",
        "no-fold",
        "beyond",
    ],
)
def test_bad_parameters_are_refused_before_any_fit(no_fit, parameters, message):
    with pytest.raises(ValueError, match=message):
        ensemble(**parameters).fit(*table(15))


def test_groups_of_another_length_are_refused_before_any_fit(no_fit):
    for calibrate in ("temperature", None):
        with pytest.raises(ValueError, match="inconsistent numbers of samples"):
            ensemble(calibrate=calibrate).fit(*table(15), groups=np.arange(10))


def test_held_out_rows_without_weight_cannot_calibrate():
    X, y = table(16)
    weights = np.where(np.arange(N_ROWS) < 60, 1.0, 0.0)
    with pytest.raises(ValueError, match="calibrate=None"):
        ensemble(cv=[(np.arange(60), np.arange(60, N_ROWS))]).fit(X, y, sample_weight=weights)


@pytest.mark.parametrize("n_rows", [12, N_ROWS])
def test_members_have_no_more_boxes_than_rows_and_a_warning_says_so(n_rows):
    """Rows of weight 0 do not count."""
    X, y = table(5)
    weights = np.arange(N_ROWS) < n_rows
    model = ensemble(30, n_boxes=range(n_rows - 4, n_rows + 4), calibrate=None)
    with pytest.warns(UserWarning, match=f"at most {n_rows} boxes where n_boxes goes up to {n_rows + 3}: the rows"):
        model.fit(X, y, sample_weight=weights)
    numbers = [member.n_boxes for member in model.members_]
    assert max(numbers) == n_rows
    assert min(numbers) < n_rows
    assert model.predict_proba(X).sum(axis=1) == pytest.approx(np.ones(N_ROWS))


def test_a_fold_that_cannot_be_trained_on_is_named():
    X, y = table(17)
    with pytest.raises(ValueError, match=r"training rows of fold 0 contain only one class .*: 1\."):
        ensemble(cv=[(np.flatnonzero(y == 1), np.flatnonzero(y == 2))]).fit(X, y)


@pytest.mark.parametrize("parameters", [{}, {"calibrate": None, "n_boxes": [2, 3, 5]}, {"resample": None}])
def test_ensembles_of_several_classifiers_are_those_that_each_fit_gives(parameters):
    X, y = table(3)
    estimators = [
        ESPAClassifier(4, n_init=1),
        ESPAClassifier(4, n_init=1, eps_class=0.1),
        ESPAClassifier(3, n_init=2, n_effective_features=2.0),
        ESPAClassifier(3, n_init=2, n_effective_features=3.0),
    ]
    together = [ensemble(3, estimator=each, cv=GroupKFold(3), **parameters) for each in estimators]
    together[1].set_params(n_boxes=[2, 4, 6, 7])
    alike = [clone(each) for each in together]
    fit_alike(together, X, y, groups=np.arange(N_ROWS) // 4)
    for found, each in zip(together, alike, strict=True):
        alone = each.fit(X, y, groups=np.arange(N_ROWS) // 4)
        assert found.temperature_ == alone.temperature_
        assert np.array_equal(found.predict_proba(X), alone.predict_proba(X))


@pytest.mark.parametrize(
    ("name", "other"),
    [("n_members", ensemble(4)), ("estimator", ensemble(estimator=ESPAClassifier(4, dtype="float32")))],
)
def test_ensembles_that_differ_otherwise_are_not_fitted_together(name, other):
    X, y = table()
    with pytest.raises(ValueError, match=f"differ in {name}"):
        fit_alike([ensemble(), other], X, y)

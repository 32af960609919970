import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.covariance import LedoitWolf

from entropice.errors import LabelError
from entropice.imagery.classes.strangeness import fit_alarm, fit_familiar


def _features(seed: int, n: int, n_features: int) -> tuple[np.ndarray, np.ndarray]:
    random = np.random.default_rng(seed)
    labels = np.arange(n) % 3
    return random.normal(size=(n, n_features)) * np.arange(1, n_features + 1) + 10 * labels[:, None], labels


@settings(max_examples=15)
@given(seed=st.integers(0, 999), n=st.integers(9, 60), n_features=st.integers(2, 12))
def test_distances_are_those_of_scikit_learn(seed: int, n: int, n_features: int) -> None:
    features, labels = _features(seed, n, n_features)
    asked = np.random.default_rng([seed, 1]).normal(size=(7, n_features)) * 20
    fitted = [LedoitWolf().fit(features[labels == number]) for number in range(3)]

    expected = np.min([each.mahalanobis(asked) for each in fitted], axis=0)

    np.testing.assert_allclose(fit_familiar(features, labels, 3).strangeness(asked), expected, rtol=1e-5)


def test_what_lies_between_classes_is_stranger_than_their_means() -> None:
    features, labels = _features(1, 300, 2)
    familiar = fit_familiar(features, labels, 3)

    at_means, between = familiar.strangeness(familiar.means), familiar.strangeness(familiar.means[:1] + 5)

    assert at_means == pytest.approx([0, 0, 0], abs=1e-9)
    assert between[0] > 1


def test_each_class_has_a_spread_of_its_own() -> None:
    random = np.random.default_rng(0)
    wide, narrow = random.normal(scale=5, size=(200, 2)), random.normal(scale=0.1, size=(200, 2)) + 100
    familiar = fit_familiar(np.concatenate([wide, narrow]), np.repeat([0, 1], 200), 2)

    near_wide, near_narrow = familiar.strangeness(np.array([[3.0, 3.0], [103.0, 103.0]]))

    assert near_wide < 3
    assert near_narrow > 100


def test_features_that_vary_nowhere_leave_numbers() -> None:
    familiar = fit_familiar(np.ones((6, 4)), np.arange(6) % 3, 3)

    assert np.isfinite(familiar.strangeness(np.zeros((1, 4)))).all()


@pytest.mark.parametrize("labels", [[0, 0, 2, 2], [0, 0, 1, 2, 2]])
def test_a_class_of_fewer_than_two_images_is_refused(labels: list[int]) -> None:
    with pytest.raises(LabelError):
        fit_familiar(np.zeros((len(labels), 2)), np.array(labels), 3)


@pytest.mark.parametrize(("n", "threshold", "rate"), [(99, 95.0, 0.05), (19, 19.0, 0.05), (9, 9.0, 0.1)])
def test_the_threshold_is_a_rank_of_the_validation_images(n: int, threshold: float, rate: float) -> None:
    alarm = fit_alarm(np.arange(1.0, n + 1), 0.05)

    assert alarm.threshold == threshold
    assert alarm.false_alarm_rate == pytest.approx(rate)
    assert alarm.rings(np.array([threshold, threshold + 0.5])).tolist() == [False, True]


def test_false_alarms_are_no_more_frequent_than_said() -> None:
    random = np.random.default_rng(2)
    rung = [fit_alarm(random.normal(size=39), 0.1).rings(random.normal(size=50)).mean() for _ in range(400)]

    assert np.mean(rung) == pytest.approx(0.1, abs=0.01)

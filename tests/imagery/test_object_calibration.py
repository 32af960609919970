"""Lines and chances of objects: worked by hand, against a fit by scikit-learn, and whatever few objects there are."""

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import expit
from sklearn.linear_model import LogisticRegression

from entropice.errors import LabelError
from entropice.imagery.object_calibration import FEW, ObjectCalibration, fit_objects
from entropice.learning.two_stage.joint import log_likelihood_ratio

EDGES = (50.0, 200.0, 1000.0)


def fitted(mean_logits, is_right, extents_m=(60.0,), is_found=(True,)):
    arrays = (np.array(mean_logits, float), np.array(is_right, bool), np.array(extents_m, float))
    return fit_objects(*arrays, np.array(is_found, bool), EDGES)


def test_the_line_is_that_of_weighted_records():
    random = np.random.default_rng(5)
    z = random.normal(2, 1.5, size=60)
    is_right = random.random(60) < expit(1.2 * z - 2)
    spread = z.std()
    x = np.concatenate([z, z.mean() + spread * np.array([-1, 1, -1, 1])])
    y = np.concatenate([is_right, [1, 1, 0, 0]])
    expected = LogisticRegression(C=np.inf, tol=1e-10).fit(x[:, None], y, np.r_[np.ones(60), np.full(4, 0.5)])

    line = fitted(z, is_right).line

    assert line.slope == pytest.approx(expected.coef_[0, 0], rel=1e-4)
    assert line.intercept == pytest.approx(expected.intercept_[0], abs=1e-4)
    assert line.ratio == pytest.approx((60 - is_right.sum() + 1) / (is_right.sum() + 1))


def test_many_objects_give_back_the_line_that_made_them():
    random = np.random.default_rng(6)
    z = random.normal(1, 2, size=40_000)
    calibration = fitted(z, random.random(len(z)) < expit(0.7 * z - 1))
    np.testing.assert_allclose(calibration.log_odds(np.array([0.0, 2.0])), [-1.0, 0.4], atol=0.06)
    assert calibration.notes == (f"fewer than {FEW} true objects are in the sizes from 0 m, 50 m, 200 m, 1000 m",)


def test_the_prevalence_is_what_the_joint_takes_out_again():
    """Logits that say nothing: the evidence of every object is nil."""
    z = np.repeat(np.linspace(-1, 1, 10), 8)
    calibration = fitted(z, np.tile([True, False, False, False], 20))
    evidence = log_likelihood_ratio(calibration.log_odds(z), calibration.prevalence)
    np.testing.assert_allclose(evidence, 0.0, atol=0.02)


@given(st.lists(st.tuples(st.floats(-8, 8), st.booleans()), min_size=1, max_size=12))
def test_the_line_is_finite_whatever_the_objects_are(objects):
    z, is_right = zip(*objects, strict=True)
    calibration = fitted(z, is_right)
    assert np.isfinite([calibration.line.slope, calibration.line.intercept]).all()
    assert 0 < calibration.prevalence < 1
    assert f"{sum(is_right)} true and {len(z) - sum(is_right)} wrong" in calibration.notes[0]


def test_fewer_than_few_are_named_and_so_is_a_line_that_falls():
    n = FEW
    rising = fitted([*np.linspace(-1, 2, n), *np.linspace(-2, 1, n)], [True] * n + [False] * n)
    falling = fitted([*np.linspace(-2, 1, n), *np.linspace(-1, 2, n - 1)], [True] * n + [False] * (n - 1))
    assert not [note for note in rising.notes if "few objects" in note or "falls" in note]
    assert falling.line.slope < 0 < rising.line.slope
    assert falling.notes[0].startswith(f"few objects were found, {n} true and {n - 1} wrong")
    assert "falls" in falling.notes[1]


def test_chances_to_be_found_are_those_worked_by_hand():
    extents_m = [10.0, 20.0, 50.0, 199.9, 200.0]
    calibration = fitted([0.0], [True], extents_m, [False, False, True, False, True])
    chances = [0.5 / 3, 1.5 / 3, 1.5 / 2, 2.5 / 6]
    assert [each.chance for each in calibration.detection] == pytest.approx(chances)
    assert [(each.n, each.n_found) for each in calibration.detection] == [(2, 0), (2, 1), (1, 1), (0, 0)]
    np.testing.assert_allclose(
        calibration.detection_of(np.array([0.0, 49.9, 50.0, 5000.0])), np.take(chances, [0, 0, 1, 3])
    )


@given(st.integers(1, 40), st.data())
def test_chances_to_be_found_are_never_nothing_nor_sure(n, data):
    is_found = data.draw(st.lists(st.booleans(), min_size=n, max_size=n))
    extents_m = data.draw(st.lists(st.floats(1, 3000), min_size=n, max_size=n))
    chances = fitted([0.0], [True], extents_m, is_found).detection_of(np.array(extents_m))
    assert ((chances > 0) & (chances < 1)).all()


def test_base_rates_follow_the_ratio_of_pixels():
    calibration = fitted([0.0] * 10, [True] * 6 + [False] * 4)
    assert calibration.base_rate(10, n_negative=1000, n_positive=100) == pytest.approx(6.5 / (6.5 + 4.5))
    assert calibration.base_rate(100, n_negative=1000, n_positive=100) == pytest.approx(6.5 / (6.5 + 45))


def test_json_gives_back_the_same():
    calibration = fitted([1.0, 0.5], [True, False])
    document = json.loads(json.dumps(calibration.to_json(), allow_nan=False))
    assert ObjectCalibration.from_json({**document, "min_px": 4}) == calibration


@pytest.mark.parametrize(("found", "there"), [(0, 3), (3, 0)])
def test_no_objects_are_refused(found, there):
    with pytest.raises(LabelError, match=f"{found} found and {there} true"):
        fitted(np.zeros(found), np.ones(found), np.full(there, 60.0), np.ones(there))

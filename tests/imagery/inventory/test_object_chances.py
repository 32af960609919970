"""Chances of objects: what logit and size tell, and that audits without a fault leave a doubt."""

import numpy as np
import pytest
from scipy.special import expit

from entropice.imagery.inventory.object_chances import ObjectChances, at_share, fit_object_chances, own_share


def test_a_known_law_is_found_again():
    random = np.random.default_rng(2)
    logits, n_pixels = random.normal(3, 1, 4000), np.exp(random.uniform(2, 7, 4000))
    chances = expit(-5 + 0.5 * logits + np.log(n_pixels))
    fitted = fit_object_chances(logits, n_pixels, random.uniform(size=4000) < chances)
    assert np.abs(fitted.of(logits, n_pixels) - chances).mean() < 0.03


@pytest.mark.parametrize("answer", [True, False])
def test_one_answer_alone_leaves_a_doubt(answer):
    fitted = fit_object_chances(np.array([2.0, 3, 4]), np.array([20.0, 20, 20]), np.full(3, answer))
    chance = fitted.of(np.array([3.0]), np.array([20.0]))[0]
    assert (0.5 < chance < 0.99) if answer else (0.01 < chance < 0.5)
    assert (fitted.n_true, fitted.n_wrong) == ((3, 0) if answer else (0, 3))


def objects(random, n_true, n_wrong):
    """Mean logits, numbers of pixels, and which are true; true ones are surer and larger."""
    is_true = np.repeat([True, False], [n_true, n_wrong])
    return random.normal(np.where(is_true, 4.0, 2.0), 1), np.exp(random.normal(np.where(is_true, 5, 4), 1)), is_true


@pytest.mark.parametrize("n_wrong", [100, 1000, 4000])
def test_chances_hold_where_more_is_wrong_than_in_audits(n_wrong):
    random = np.random.default_rng(3)
    fitted = fit_object_chances(*objects(random, 2000, 300))
    logits, n_pixels, is_true = objects(random, 1000, n_wrong)
    assert fitted.among(logits, n_pixels).mean() == pytest.approx(is_true.mean(), abs=0.04)
    if n_wrong == 4000:
        assert fitted.of(logits, n_pixels).mean() > is_true.mean() + 0.15


def test_the_share_by_hand():
    """Two objects that are told nothing of stay at the known share, drawn to a half by half an object of each kind."""
    assert own_share(np.array([]), 0.8) == 0.8
    assert own_share(np.array([0.7, 0.7]), 0.7) == pytest.approx(0.5, abs=1e-3)
    assert own_share(np.array([1 - 1e-12, 1e-12, 1e-12]), 0.5) == pytest.approx(1.5 / 4, abs=1e-4)


def test_chances_at_another_share_by_hand():
    """Odds of 3 at a share of one half are those of 1 at a quarter, where prior odds are a third."""
    np.testing.assert_allclose(at_share(np.array([0.75, 0.5]), 0.5, 0.25), [0.5, 0.25])
    np.testing.assert_allclose(at_share(np.array([0.3]), 0.4, 0.4), [0.3])


def test_chances_survive_json():
    fitted = ObjectChances(0.1, (0.2, 0.3), (1.0, 2.0), (3.0, 4.0), 5, 6)
    assert ObjectChances.from_json(fitted.to_json()) == fitted

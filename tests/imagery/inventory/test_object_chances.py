"""Chances of objects: what logit and size tell, and that audits without a fault leave a doubt."""

import numpy as np
import pytest
from scipy.special import expit

from entropice.imagery.inventory.object_chances import ObjectChances, fit_object_chances


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


def test_chances_survive_json():
    fitted = ObjectChances(0.1, (0.2, 0.3), (1.0, 2.0), (3.0, 4.0), 5, 6)
    assert ObjectChances.from_json(fitted.to_json()) == fitted

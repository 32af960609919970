"""Problems of the literature that eSPA is to solve."""

import numpy as np
import pytest
from espa_problems import distractor, worms

from entropice.espa import ESPAClassifier


@pytest.mark.parametrize("n_features", [10, 100])
def test_worms(n_features):
    random = np.random.default_rng(n_features)
    model = ESPAClassifier(6, eps_entropy=0.01, eps_class=0.05, n_init=10, random_state=0)
    model.fit(*worms(200, n_features, random))
    assert model.score(*worms(2000, n_features, random)) >= 0.95
    assert model.feature_weights_[:2].sum() >= 0.9


def test_distractor_needs_the_labels():
    random = np.random.default_rng(1)
    train, test = distractor(400, 12, random), distractor(2000, 12, random)
    model = ESPAClassifier(4, eps_entropy=0.005, eps_class=0.3, n_init=40, random_state=0).fit(*train)
    blind = ESPAClassifier(4, eps_entropy=0.005, eps_class=0.0, n_init=40, random_state=0).fit(*train)
    assert model.score(*test) >= 0.95
    assert model.feature_weights_[:2].sum() >= 0.99
    assert blind.score(*test) < 0.6

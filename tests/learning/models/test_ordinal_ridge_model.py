"""What the ordinal ridge does beyond what holds for every model."""

from dataclasses import replace

import numpy as np
import pytest
from model_problems import classes_by_features, fit, samples_in_stripes, tuning

from entropice.learning.exposure import EXPOSURE
from entropice.learning.models.ordinal_ridge import contributions, weights
from entropice.learning.models.view_groups import view_groups

TUNING = tuning()


@pytest.fixture(scope="module")
def samples():
    plain = samples_in_stripes()
    exposure = np.random.default_rng(1).normal(18.0, 0.3, 150)
    groups = {"a": "climate", "b": "climate", "c": "terrain", "d": "terrain"}
    return replace(plain, features=plain.features.assign(**{EXPOSURE: exposure}), groups=groups)


@pytest.fixture(scope="module")
def fitted(samples):
    return fit("ordinal_ridge", samples, classes_by_features(samples), TUNING)


def test_embedding_means_and_spreads_are_groups_of_their_own_and_so_is_what_has_none():
    groups = {"embedding_00_mean": "embeddings", "embedding_00_sd": "embeddings", "slope": "terrain", "ndvi": "ndvi"}
    labels, n_components = view_groups([*groups, "mine"], groups)
    assert labels == ["embeddings", "embedding spreads", "terrain", "ndvi", ""]
    assert n_components == {"embeddings": 16, "embedding spreads": 8, "terrain": 14, "ndvi": 8, "": 8}


def test_the_exposure_is_told_by_its_name_and_groups_come_from_the_samples(samples, fitted):
    assert fitted.estimator.exposure == EXPOSURE
    assert fitted.estimator.groups == ["climate", "climate", "terrain", "terrain", ""]
    without = replace(samples, features=samples.features.drop(columns=EXPOSURE))
    assert fit("ordinal_ridge", without, classes_by_features(samples), TUNING).estimator.exposure is None


def test_later_stages_take_the_ratio_of_the_first(samples):
    given = tuning(ordinal_ridge={"ridge": 2.0, "later_ridge_ratio": 3.0})
    estimator = fit("ordinal_ridge", samples, classes_by_features(samples), given).estimator
    assert (estimator.ridge, estimator.later_ridge) == (2.0, 6.0)


def test_contributions_are_exact_parts_of_the_log_odds_of_any(samples, fitted):
    parts = contributions(fitted, fitted.view(samples))
    p_any = 1 - fitted.predict_proba(samples, 3)[:, 0]
    log_odds = np.log(p_any / (1 - p_any))
    assert parts.sum(axis=1) - log_odds == pytest.approx(np.full(150, -fitted.estimator.intercept_[0]))


def test_weights_are_shares_and_equal_where_nothing_is_learned(samples, fitted):
    assert weights(fitted).sum() == pytest.approx(1.0)
    flat = replace(samples, features=samples.features.assign(a=1.0, b=1.0, c=1.0, d=1.0)[list("abcd")])
    alike = fit("ordinal_ridge", flat, classes_by_features(samples), TUNING)
    assert weights(alike) == pytest.approx(np.full(4, 0.25))

import numpy as np
import pandas as pd
import pytest

from entropice.learning.drivers.feature_sets import MAX_CLUSTERS, feature_sets
from entropice.learning.samples import Samples


@pytest.fixture(scope="module")
def samples():
    """Two pairs that say the same in climate, one feature alone in terrain, a constant one and an exposure."""
    random = np.random.default_rng(0)
    warm, wet, steep = random.normal(size=(3, 200))
    features = pd.DataFrame(
        {
            "warm": warm,
            "cold": -np.exp(warm),
            "wet": wet,
            "rain": wet + 0.1 * random.normal(size=200),
            "steep": steep,
            "flat": 0.0,
            "log_land_area": random.normal(size=200),
        }
    ).mask(random.random((200, 7)) < 0.02)
    groups = dict.fromkeys(["warm", "cold", "wet", "rain"], "climate") | dict.fromkeys(["steep", "flat"], "terrain")
    return Samples(features, np.zeros((200, 2)), np.zeros(200, dtype=np.uint64), groups)


def test_features_that_say_the_same_are_one_cluster_and_the_exposure_is_in_none(samples):
    found = feature_sets(samples, list(samples.features))
    clusters = {each.features for each in found if each.level == "cluster"}
    assert {frozenset(names) for names in clusters} == {
        frozenset({"warm", "cold"}),
        frozenset({"wet", "rain"}),
        frozenset({"steep"}),
    }
    groups = {each.group: set(each.features) for each in found if each.level == "group"}
    assert groups == {"climate": {"warm", "cold", "wet", "rain"}, "terrain": {"steep"}}


def test_only_features_that_the_model_sees_are_judged(samples):
    assert [each.features for each in feature_sets(samples, ["wet"])] == [("wet",), ("wet",)]
    assert feature_sets(samples, []) == ()


def test_many_unlike_features_share_a_few_clusters():
    features = pd.DataFrame(np.random.default_rng(0).normal(size=(300, 30))).add_prefix("f")
    groups = dict.fromkeys(features, "embeddings")
    samples = Samples(features, np.zeros((300, 2)), np.zeros(300, dtype=np.uint64), groups)
    clusters = [each for each in feature_sets(samples, list(features)) if each.level == "cluster"]
    assert len(clusters) <= MAX_CLUSTERS
    assert sorted(name for each in clusters for name in each.features) == sorted(features)

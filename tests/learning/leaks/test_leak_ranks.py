import numpy as np
import pandas as pd
import pytest
from scipy.stats import spearmanr
from sklearn.metrics import roc_auc_score

from entropice.learning.leaks.ranks import areas_under_curves, rank_correlations

RANDOM = np.random.default_rng(0)
IS_POSITIVE = RANDOM.random(200) < 0.3
FEATURES = pd.DataFrame(
    {"known": RANDOM.integers(0, 30, 200) + 5.0 * IS_POSITIVE, "rare": RANDOM.normal(9, 1, 200), "flat": 1.0}
)


def test_areas_are_those_of_scikit_learn_and_a_constant_has_one_half():
    areas = areas_under_curves(FEATURES, IS_POSITIVE)
    assert areas["known"] == pytest.approx(roc_auc_score(IS_POSITIVE, FEATURES["known"]))
    assert areas["flat"] == 0.5
    assert areas_under_curves(FEATURES, np.zeros(200, dtype=bool)).isna().all()


def test_pairs_with_an_unknown_value_count_half():
    is_known = np.arange(200) % 4 == 0
    rare = FEATURES[["rare"]][is_known].reindex(FEATURES.index)
    share = IS_POSITIVE[is_known].sum() * (~IS_POSITIVE[is_known]).sum() / (IS_POSITIVE.sum() * (~IS_POSITIVE).sum())
    of_known = roc_auc_score(IS_POSITIVE[is_known], FEATURES.loc[is_known, "rare"])
    assert areas_under_curves(rare, IS_POSITIVE)["rare"] == pytest.approx(0.5 + share * (of_known - 0.5))
    assert areas_under_curves(rare * np.nan, IS_POSITIVE)["rare"] == 0.5


def test_correlations_are_absolute_ranks_and_0_of_a_constant():
    targets = pd.DataFrame({"target": -FEATURES["known"] + RANDOM.normal(0, 4, 200)})
    found = rank_correlations(FEATURES, targets)["target"]
    assert found["known"] == pytest.approx(abs(spearmanr(FEATURES["known"], targets["target"]).statistic))
    assert found["flat"] == 0

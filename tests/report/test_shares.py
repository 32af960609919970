import math
from functools import partial

import pandas as pd
import pytest

from entropice.report.shares import share_of_limit as shares_of

share_of_limit = partial(shares_of, unshared=["ece"])


def scores(**values: float) -> pd.DataFrame:
    return pd.DataFrame([{"scheme": "spatial", "model": m, "score": "auc", "value": v} for m, v in values.items()])


def test_shares_by_hand() -> None:
    models = scores(prevalence=0.5, espa=0.6, knn_coordinates=0.45)
    shares = share_of_limit(models, scores(bayes_limit=0.7)).set_index("model")["share_of_limit"]
    assert shares.to_dict() == pytest.approx(
        {"prevalence": 0.0, "espa": 0.5, "knn_coordinates": -0.25, "bayes_limit": 1.0}
    )


def test_each_scheme_has_its_own_references() -> None:
    spatial = scores(prevalence=0.5, espa=0.6)
    random = scores(prevalence=0.5, espa=0.9).assign(scheme="random")
    limits = pd.concat([scores(bayes_limit=0.7), scores(bayes_limit=0.9).assign(scheme="random")])
    found = share_of_limit(pd.concat([spatial, random]), limits)
    assert found.loc[found["model"] == "espa", "share_of_limit"].tolist() == pytest.approx([0.5, 1.0])


def test_without_a_limit_every_share_is_unknown() -> None:
    assert share_of_limit(scores(prevalence=0.5, espa=0.6), None)["share_of_limit"].isna().all()


def test_a_limit_no_better_than_the_prevalence_has_no_share() -> None:
    found = share_of_limit(scores(prevalence=0.5, espa=0.6), scores(bayes_limit=0.5))
    assert found["share_of_limit"].isna().all()


def test_the_share_of_what_is_better_small_rises_as_it_falls() -> None:
    models = scores(prevalence=0.8, espa=0.6, knn_coordinates=0.9)
    shares = share_of_limit(models, scores(bayes_limit=0.4), falling=["auc"]).set_index("model")["share_of_limit"]
    assert shares.to_dict() == pytest.approx(
        {"prevalence": 0.0, "espa": 0.5, "knn_coordinates": -0.25, "bayes_limit": 1.0}
    )
    assert share_of_limit(models, scores(bayes_limit=0.4))["share_of_limit"].isna().all()


def test_calibration_error_has_no_share() -> None:
    ece = share_of_limit(
        scores(prevalence=0.0, espa=0.02).assign(score="ece"), scores(bayes_limit=0.01).assign(score="ece")
    )
    assert all(math.isnan(share) for share in ece["share_of_limit"])

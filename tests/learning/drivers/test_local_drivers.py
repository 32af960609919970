import numpy as np
import pandas as pd
import pytest
from model_problems import ESPA_FIXED, alone, fit, tuning

from entropice.learning.drivers.local import cell_drivers, contributions
from entropice.learning.samples import Samples

NAMES = ["a", "b", "c"]
RIDGE = {"ridge": 1.0, "later_ridge_ratio": 1.0}


def samples_of(features):
    blocks = (np.arange(len(features)) % 4).astype(np.uint64)
    groups = {"a": "climate", "b": "terrain", "c": "terrain", "unknown": "ice"}
    return Samples(features, np.zeros((len(features), 2)), blocks, groups)


def list_drivers(fitted, frame, n_top):
    keys, features = frame[["cell_id", "year"]], frame.drop(columns=["cell_id", "year"])
    return cell_drivers(alone("espa", fitted).main, keys, samples_of(features), n_top)


def fit_espa(features, codes, n_boxes):
    one = tuning(espa={"n_boxes": n_boxes, "n_effective_features": 1.5, **ESPA_FIXED})
    return fit("espa", samples_of(features), codes, one)


@pytest.fixture(scope="module")
def frame():
    random = np.random.default_rng(0)
    features = pd.DataFrame(random.normal(size=(80, 3)), columns=NAMES).mask(random.random((80, 3)) < 0.1)
    return features.assign(cell_id=np.arange(80, dtype=np.uint64), year=2021)


@pytest.fixture(scope="module")
def codes(frame):
    return (frame["a"].fillna(0) > 0).astype(int).to_numpy()


@pytest.fixture(scope="module")
def model(frame, codes):
    return fit_espa(frame[NAMES], codes, 5)


def test_shares_add_up_and_descend(model, frame):
    table = list_drivers(model, frame, 3)
    by_cell = table.groupby("cell_id")["share"]
    assert by_cell.apply(lambda shares: shares.abs().sum()).to_numpy() == pytest.approx(1.0)
    assert (by_cell.apply(lambda shares: shares.abs().diff().max()).dropna() <= 0).all()
    assert list(table.columns) == ["cell_id", "year", "rank", "feature", "share", "contribution"]
    assert table["rank"].max() == 3


def test_only_the_top_is_listed_and_unknown_rows_have_none(model, frame):
    blank = frame.head(2).copy()
    blank.loc[blank.index[1], NAMES] = np.nan
    table = list_drivers(model, blank, 2)
    assert table["cell_id"].tolist() == [0, 0]
    assert table["rank"].tolist() == [1, 2]


def test_a_model_with_one_box_explains_nothing(frame, codes):
    one_box = fit_espa(frame[NAMES], codes, 2)
    one_box.estimator.box_centers_ = one_box.estimator.box_centers_[:1]
    assert list_drivers(one_box, frame, 3).empty


def test_cell_drivers_name_only_what_the_model_knows(model, frame):
    wider = frame[["year", "c", "b", "cell_id", "a"]].assign(unknown=7.0)
    assert list_drivers(model, wider, 3).equals(list_drivers(model, frame, 3))


def test_contributions_of_a_linear_model_are_log_odds_and_those_of_boxes_are_not_told(model, frame, codes):
    frame = frame.fillna(0.0)
    linear = alone(
        "ordinal_ridge", fit("ordinal_ridge", samples_of(frame[NAMES]), codes, tuning(ordinal_ridge=RIDGE))
    ).main
    table = cell_drivers(linear, frame[["cell_id", "year"]], samples_of(frame[NAMES]), 3)
    p_any = 1 - linear.predict_proba(samples_of(frame[NAMES]), 2)[:, 0]
    log_odds = np.log(p_any / (1 - p_any)) - linear.whole.estimator.intercept_[0]
    assert contributions(linear, samples_of(frame[NAMES])).sum(axis=1) == pytest.approx(log_odds)
    told = table.groupby("cell_id")["contribution"].sum().reindex(frame["cell_id"], fill_value=0.0)
    assert told.to_numpy() == pytest.approx(log_odds)
    assert list_drivers(model, frame, 3)["contribution"].isna().all()

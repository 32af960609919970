"""Two worlds on one map: labels that follow one of three layers, and labels that follow none."""

import numpy as np
import pandas as pd
import pytest
from model_problems import fit, tuning

from entropice.learning.drivers.leave_out import leave_out_rises
from entropice.learning.drivers.nulls import Land
from entropice.learning.drivers.permutation import permutation_rises
from entropice.learning.drivers.refits import fit_folds
from entropice.learning.drivers.table import COLUMNS, global_drivers
from entropice.learning.models import MODELS
from entropice.learning.predictor import NOTHING, Part
from entropice.learning.samples import Samples
from entropice.virtual_arctic.fields import power_law_field

ONE = tuning(ordinal_ridge={"ridge": 3.0, "later_ridge_ratio": 1.0}, n_folds=3)
N_SIDE = 24


@pytest.fixture(scope="module")
def samples():
    random = np.random.default_rng(1)
    layers = {name: power_law_field(random, (N_SIDE, N_SIDE), 2.0, 6).ravel().astype(float) for name in "abc"}
    features = pd.DataFrame(layers).assign(unknown=np.nan, log_land_area=random.normal(size=N_SIDE**2))
    row, column = np.divmod(np.arange(N_SIDE**2), N_SIDE)
    coordinates_m = 1e5 * (np.column_stack([column, row]) - (N_SIDE - 1) / 2)
    blocks = (row // 6 * 4 + column // 6).astype(np.uint64)
    groups = {"a": "terrain", "b": "climate", "c": "climate", "unknown": "ice"}
    return Samples(features, coordinates_m, blocks, groups)


@pytest.fixture(scope="module")
def land(samples):
    return Land(samples.coordinates_m, lambda numbers: samples.features.iloc[numbers].reset_index(drop=True))


@pytest.fixture(scope="module")
def codes(samples):
    noise = np.random.default_rng(2).normal(size=len(samples.features))
    standardised = samples.features["a"] / samples.features["a"].std()
    return np.where(standardised + 0.7 * noise > 0.8, 1, 0)


def table_of(name, samples, codes, land):
    part = Part(MODELS[name], 1.0, {NOTHING: fit(name, samples, codes, ONE)})
    return global_drivers(part, ONE.inner_folds(samples, codes), ONE, land, 10)


@pytest.fixture(scope="module")
def told(samples, codes, land):
    return table_of("ordinal_ridge", samples, codes, land)


def test_what_labels_follow_is_found_and_nothing_else(told):
    assert {name: str(dtype) for name, dtype in told.dtypes.items()} == COLUMNS
    clusters = told[told["level"] == "cluster"].set_index("feature")
    assert clusters["is_discovery"].to_dict() == {"a": True, "b": False, "c": False}
    assert clusters["rank"]["a"] == 1
    assert clusters["low_95"]["a"] > clusters["null_q95"]["a"]
    groups = told[told["level"] == "group"].set_index("group")
    assert groups["is_discovery"].to_dict() == {"terrain": True, "climate": False}
    assert groups["leave_out"]["terrain"] > 0.05 > groups["leave_out"]["climate"]
    assert clusters["leave_out"].isna().all()


def test_the_same_seed_gives_the_same_table(samples, codes, land, told):
    pd.testing.assert_frame_equal(table_of("ordinal_ridge", samples, codes, land), told)


def test_labels_that_follow_nothing_have_no_driver(samples, land):
    by_chance = (np.random.default_rng(3).random(len(samples.features)) < 0.2).astype(np.int64)
    assert not table_of("ordinal_ridge", samples, by_chance, land)["is_discovery"].any()


def test_a_model_that_sees_no_feature_has_no_rows(samples, codes, land):
    table = table_of("latitude", samples, codes, land)
    assert ({name: str(dtype) for name, dtype in table.dtypes.items()}, len(table)) == (COLUMNS, 0)


def test_rises_are_those_of_the_rows_that_a_fold_tests(samples, codes):
    inner_folds = ONE.inner_folds(samples, codes)
    model, parameters = MODELS["ordinal_ridge"], ONE.candidates["ordinal_ridge"][0]
    fits = list(fit_folds(model, parameters, inner_folds, ONE))
    assert sorted(np.concatenate([each.rows for each in fits])) == list(range(len(codes)))
    shuffled = permutation_rises(fits, [["a"], ["unknown"]], len(codes), np.random.default_rng(0))
    left = leave_out_rises(model, parameters, inner_folds, ONE, [["a"], ["unknown"]])
    assert shuffled.shape == left.shape == (2, len(codes))
    assert (shuffled[1] == 0).all()
    assert left[1] == pytest.approx(0.0, abs=1e-9)
    assert shuffled[0].mean() > left[0].mean() > 0.05
    unused = permutation_rises(fits[:1], [["a"]], len(codes), np.random.default_rng(0))
    assert np.isnan(unused[0]).sum() == len(codes) - len(fits[0].rows)


def test_copies_say_what_chance_exceeds_once_in_twenty_and_discoveries_are_wrong_once_in_ten(
    monkeypatch, samples, codes, land
):
    """By hand: the 95 % quantile of importances 0, 1, …, 20 is 19; of q-values 0.1 is a discovery, and 0.11 is none."""
    copies = np.tile(np.arange(21.0)[:, None], 5)
    rises = np.full((5, len(codes)), 1.0)
    monkeypatch.setattr("entropice.learning.drivers.table._beside_copies", lambda *_: (rises, copies))
    monkeypatch.setattr("entropice.learning.drivers.table.p_values", lambda own, nulls: np.arange(len(own)))
    monkeypatch.setattr("entropice.learning.drivers.table.q_values", lambda p: np.array([0.1, 0.11, 0.5])[: len(p)])

    found = table_of("ordinal_ridge", samples, codes, land)

    groups = found[found["level"] == "group"]
    assert found["null_q95"].tolist() == pytest.approx([19.0] * 5)
    assert groups["is_discovery"].tolist() == [True, False]
    assert found["importance"].tolist() == [1.0] * 5

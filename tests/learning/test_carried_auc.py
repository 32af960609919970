"""The AUC of folds, carried on to the map: hand-worked numbers, laws, and what the two steps ask of fits."""

from dataclasses import replace
from itertools import combinations

import hypothesis.strategies as st
import numpy as np
import pandas as pd
import pytest
from fold_problems import ground_of
from hypothesis import given
from hypothesis.extra.numpy import arrays
from model_problems import tuning
from scipy.special import expit
from sklearn.metrics import roc_auc_score

from entropice.learning.carried_auc import (
    Steps,
    carried,
    expected_auc,
    step_to_all_land,
    step_to_all_rows,
    steps_to_map,
    without_two,
)
from entropice.learning.folds.table import make_folds
from entropice.learning.out_of_fold import predict_by_every_fold, predict_out_of_fold
from entropice.learning.samples import Samples

N_CELLS, N_CLASSES, N_FOLDS = 240, 3, 3
TUNING = tuning(n_folds=2, buffer_m=0.0, n_processes=1)
ONE = np.zeros(2, dtype=np.int64)
CHANCES = arrays(np.float64, 12, elements=st.sampled_from([0.1, 0.2, 0.4, 0.7, 0.9]))


def test_two_cells_that_mean_what_they_say():
    """A pair of both counts .64 in the right order and .04 in the wrong one; a cell and itself .16, half right."""
    chance = np.array([0.2, 0.8])
    assert expected_auc(chance, chance, ONE) == pytest.approx((0.64 + 0.16 / 2 + 0.16 / 2) / 1.0)
    assert expected_auc(chance, chance, np.arange(2)) == pytest.approx(0.5)
    assert np.isnan(expected_auc(chance, np.ones(2), ONE))


@given(chance=CHANCES, true=CHANCES, is_positive=arrays(np.bool_, 12).filter(lambda each: 0 < each.sum() < 12))
def test_an_expected_auc_is_that_of_cells_which_count_by_their_chance(chance, true, is_positive):
    one = np.zeros(12, dtype=np.int64)
    weights = np.concatenate([true, 1 - true])
    weighted = roc_auc_score(np.repeat([1, 0], 12), np.tile(chance, 2), sample_weight=weights)
    assert expected_auc(chance, true, one) == pytest.approx(weighted)
    assert expected_auc(chance, is_positive, one) == pytest.approx(roc_auc_score(is_positive, chance))


def test_a_map_that_differs_as_the_tested_cells_do_adds_nothing_and_a_wider_one_adds():
    random = np.random.default_rng(0)
    odds, one = random.normal(-1, 1.2, 4000), np.zeros(4000, dtype=np.int64)
    is_positive = random.random(4000) < expit(odds)
    alike, wider, narrower = (step_to_all_land(expit(odds), is_positive, one, expit([k * odds])) for k in (1, 1.5, 0.5))
    assert alike == pytest.approx(0, abs=1e-12)
    assert wider > 0.02
    assert narrower < -0.02


def test_chances_are_read_as_the_folds_have_shown_them_to_be():
    """Odds that are told twice as wide as they are have the same meaning, so the same step."""
    random = np.random.default_rng(1)
    odds, one = random.normal(-1, 1.2, 2000), np.zeros(2000, dtype=np.int64)
    is_positive, on_map = random.random(2000) < expit(odds), random.normal(-1, 2.0, (2, 500))
    as_it_is, too_wide = (step_to_all_land(expit(k * odds), is_positive, one, expit(k * on_map)) for k in (1, 2))
    assert as_it_is == pytest.approx(too_wide, abs=2e-3)
    assert step_to_all_land(np.full(2000, 0.3), is_positive, one, np.full((2, 5), 0.3)) == pytest.approx(0)


@given(limit=st.floats(0.5, 1), lost=st.floats(0, 0.1), n_folds=st.integers(3, 20))
def test_an_auc_that_lacks_something_over_n_is_carried_to_that_of_all_rows(limit, lost, n_folds):
    of_all, without_one, without_two_folds = (limit - lost * n_folds / (n_folds - k) for k in (0, 1, 2))
    assert without_one + step_to_all_rows(without_one, without_two_folds, n_folds) == pytest.approx(of_all)


def test_every_pair_of_folds_is_left_out_once():
    fold_of_cell = pd.Series([0, 0, 1, 2], index=pd.Index([7, 8, 9, 10], name="cell_id"), name="fold")
    of_two = without_two(fold_of_cell)
    for (_, roles), pair in zip(of_two.groupby("fold"), combinations(range(3), 2), strict=True):
        assert set(fold_of_cell[roles.loc[roles["role"] == "test", "cell_id"]]) == set(pair)
        assert set(roles["cell_id"]) == {7, 8, 9, 10}
    assert len(of_two) == 3 * 4


def test_only_the_auc_of_what_draws_the_map_moves_and_stays_an_auc():
    rows = pd.DataFrame(
        [("knndm", "best", "auc"), ("knndm", "best", "ece"), ("spatial", "best", "auc"), ("knndm", "logistic", "auc")],
        columns=["scheme", "model", "score"],
    ).assign(value=0.80, low_95=0.70, high_95=0.985)
    moved = carried(rows, "best", Steps(0.01, 0.02))
    assert moved.loc[0, ["value", "low_95", "high_95"]].tolist() == pytest.approx([0.83, 0.73, 1.0])
    pd.testing.assert_frame_equal(moved[1:], rows[1:])
    assert carried(rows, "best", Steps(np.nan, 0.0)).loc[0, ["value", "low_95"]].isna().all()


@pytest.fixture(scope="module")
def samples():
    random = np.random.default_rng(0)
    coordinates_m = random.uniform(0, 2e6, (N_CELLS, 2))
    features = pd.DataFrame(random.normal(size=(N_CELLS, 3)), columns=list("abc"))
    return Samples(features, coordinates_m, (coordinates_m // 4e5 @ [100, 1]).astype(np.uint64))


@pytest.fixture(scope="module")
def table(samples):
    signal = samples.features["a"].to_numpy() + np.random.default_rng(1).normal(size=N_CELLS)
    fraction = np.maximum(signal, 0.0) / 10
    return pd.DataFrame({"cell_id": np.arange(N_CELLS, dtype=np.uint64), "year": 2021, "rts_area_fraction": fraction})


@pytest.fixture(scope="module")
def folds(samples, table):
    ground = ground_of(table["cell_id"].to_numpy(), samples.blocks, samples.coordinates_m, n_folds=N_FOLDS)
    return make_folds(ground, ["spatial", "knndm"], 0)


@pytest.fixture(scope="module")
def told(table, samples, folds):
    return predict_out_of_fold(table, samples, folds, ["logistic"], N_CLASSES, TUNING)[1]


def test_the_fit_of_a_fold_predicts_its_tested_rows_as_out_of_fold(table, samples, folds, told):
    of_map = folds[folds["scheme"] == "knndm"]
    by_fold = predict_by_every_fold(table, samples, of_map, "logistic", N_CLASSES, TUNING, lambda: [samples])
    tested = told[told["scheme"] == "knndm"]
    assert by_fold.shape == (N_FOLDS, N_CELLS)
    assert by_fold[tested["fold"], tested["cell_id"]] == pytest.approx(1 - tested["p_none"].to_numpy())


def test_both_steps_are_small_beside_the_auc_and_no_other_scheme_counts(table, samples, folds, told):
    wide = replace(samples, features=samples.features * [3.0, 1.0, 1.0])
    steps = steps_to_map("logistic", table, samples, folds, told, lambda: [wide], N_CLASSES, TUNING)
    assert 0.02 < steps.to_all_land < 0.2
    assert 0 < abs(steps.to_all_rows) < 0.05
    of_map = [frame[frame["scheme"] == "knndm"] for frame in (folds, told)]
    assert steps_to_map("logistic", table, samples, *of_map, lambda: [wide], N_CLASSES, TUNING) == steps


def test_too_few_blocks_leave_the_second_step_out_with_a_message(table, samples, folds, told, caplog):
    few = replace(samples, blocks=samples.blocks % 5)
    steps = steps_to_map("logistic", table, few, folds, told, lambda: [samples], N_CLASSES, TUNING)
    assert steps.to_all_rows == 0
    assert "Too few labels to see how the AUC grows" in caplog.text

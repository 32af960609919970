"""Audits: fair samples, and corrections that find what was wrong."""

import numpy as np
import pandas as pd
import pytest
from scipy.special import expit, logit
from scipy.stats import binomtest

from entropice.errors import LabelError
from entropice.learning.audit import audit_scores, cross_fitted, draw_sample, fit_correction, intercept_interval

N_CELLS = 3000


@pytest.fixture(scope="module")
def predictions() -> pd.DataFrame:
    random = np.random.default_rng(0)
    return pd.DataFrame(
        {
            "cell_id": np.arange(N_CELLS, dtype=np.uint64) + np.uint64(2**63),
            "lon_deg": random.uniform(-180, 180, N_CELLS),
            "lat_deg": random.uniform(60, 84, N_CELLS),
            "year": 2023,
            "p_any": np.where(np.arange(N_CELLS) % 10 == 0, np.nan, expit(random.normal(-1.5, 1.5, N_CELLS))),
        }
    )


def answered(predictions: pd.DataFrame, n: int, intercept: float, slope: float, seed: int) -> pd.DataFrame:
    """A sample of cells whose true chance is a line through the logits of the map."""
    sample = draw_sample(predictions, n, seed)
    true = expit(intercept + slope * logit(sample["p_any"]))
    return sample.assign(observed=np.random.default_rng([seed, 1]).random(n) < true)


def test_a_sample_repeats_with_its_seed_and_holds_predicted_cells_once(predictions: pd.DataFrame) -> None:
    first, again, other = (draw_sample(predictions, 100, seed) for seed in (1, 1, 2))
    pd.testing.assert_frame_equal(first, again)
    assert list(first) == [*predictions, "weight", "observed"]
    assert first["cell_id"].is_unique
    assert first["p_any"].notna().all()
    assert (first["observed"] == "").all()
    assert set(first["cell_id"]) != set(other["cell_id"])


@pytest.mark.parametrize("n_strata", [1, 4])
def test_every_cell_has_the_same_chance_and_weights_sum_to_the_map(predictions: pd.DataFrame, n_strata: int) -> None:
    drawn = pd.concat([draw_sample(predictions, 90, seed, n_strata) for seed in range(300)])
    times = drawn["cell_id"].value_counts().reindex(predictions.dropna()["cell_id"], fill_value=0)
    assert times.mean() == 10
    assert times.var() == pytest.approx(10, rel=0.15)
    assert drawn["weight"].sum() == pytest.approx(300 * 2700)


def test_strata_get_their_share_and_steady_the_mean(predictions: pd.DataFrame) -> None:
    sample = draw_sample(predictions, 100, 0, n_strata=4)
    quarter = pd.cut(sample["p_any"], predictions["p_any"].quantile([0, 0.25, 0.5, 0.75, 1]).to_numpy(), labels=False)
    assert quarter.value_counts().tolist() == [25, 25, 25, 25]
    alike, stratified = (
        np.std([draw_sample(predictions, 50, seed, n)["p_any"].mean() for seed in range(60)]) for n in (1, 5)
    )
    assert stratified < 0.6 * alike


@pytest.mark.parametrize(("n_cells", "n_strata"), [(2701, 1), (3, 4), (0, 1)])
def test_samples_that_do_not_fit_are_refused(predictions: pd.DataFrame, n_cells: int, n_strata: int) -> None:
    with pytest.raises(LabelError, match="does not fit") as error:
        draw_sample(predictions, n_cells, 0, n_strata)
    assert "2700" in str(error.value.expected)


def test_the_interval_is_wilsons_where_all_chances_are_equal() -> None:
    observed = np.arange(80) < 13
    low, high = intercept_interval(np.zeros(80), observed, np.ones(80))
    wilson = binomtest(13, 80).proportion_ci(method="wilson")
    np.testing.assert_allclose(expit([low, high]), [wilson.low, wilson.high], atol=1e-6)


def test_intercept_and_slope_are_found_with_many_answers(predictions: pd.DataFrame) -> None:
    found = [fit_correction(answered(predictions, 1000, -0.7, 1.4, seed)) for seed in range(60)]
    assert np.mean([each.intercept for each in found]) == pytest.approx(-0.7, abs=0.04)
    assert np.mean([each.slope for each in found]) == pytest.approx(1.4, abs=0.03)
    assert np.mean([each.slope_low < 1.4 < each.slope_high for each in found]) > 0.88


def test_the_interval_of_the_intercept_holds_it_as_often_as_it_says(predictions: pd.DataFrame) -> None:
    found = [fit_correction(answered(predictions, 60, 0.8, 1.0, seed)) for seed in range(300)]
    assert 0.92 < np.mean([each.intercept_low <= 0.8 <= each.intercept_high for each in found]) < 0.98


def test_a_slope_that_is_not_identified_stays_at_one(predictions: pd.DataFrame) -> None:
    few = fit_correction(answered(predictions, 60, -1.0, 2.0, seed=1))
    assert few.slope == 1
    assert np.isnan([few.slope_low, few.slope_high]).all()
    equal = answered(predictions, 200, 1.0, 1.0, seed=1).assign(p_any=0.3)
    assert fit_correction(equal).slope == 1


@pytest.mark.parametrize("answer", [True, False])
def test_one_answer_alone_gives_a_finite_correction_and_an_open_interval(
    predictions: pd.DataFrame, answer: bool
) -> None:
    found = fit_correction(draw_sample(predictions, 30, 0).assign(observed=answer))
    assert np.isfinite(found.intercept)
    assert np.isinf(found.intercept_high if answer else found.intercept_low)
    assert np.isfinite(found.intercept_low if answer else found.intercept_high)


def test_no_answer_gives_no_correction(predictions: pd.DataFrame) -> None:
    with pytest.raises(LabelError, match="no answer"):
        fit_correction(draw_sample(predictions, 3, 0).iloc[:0])


def test_a_correction_keeps_the_order_and_the_ends(predictions: pd.DataFrame) -> None:
    chances = np.array([0.0, 0.1, 0.5, 1.0])
    corrected = fit_correction(answered(predictions, 300, 0.5, 1.0, seed=2)).apply(chances)
    assert (np.diff(corrected) > 0).all()
    assert ((corrected > 0) & (corrected < 1)).all()


def test_audit_skill_is_scored_by_cells(predictions: pd.DataFrame) -> None:
    answers = answered(predictions, 300, 0.0, 1.0, seed=5)
    scores = audit_scores(answers, training_prevalence=0.25, random_seed=0, n_replicates=200).set_index("score")
    assert (scores["scheme"] == "audit").all()
    brier = ((answers["p_any"] - answers["observed"]) ** 2).mean()
    reference = ((0.25 - answers["observed"]) ** 2).mean()
    assert scores.loc["brier_skill", "value"] == pytest.approx(1 - brier / reference)
    assert scores.loc["auc", "low_95"] < scores.loc["auc", "value"] < scores.loc["auc", "high_95"]


def test_a_cross_fitted_chance_knows_all_answers_but_those_of_its_tenth(predictions: pd.DataFrame) -> None:
    answers = answered(predictions, 95, -1.0, 1.0, seed=4)
    ordered = answers.sort_values(["observed", "p_any"]).index
    chances = pd.Series(cross_fitted(answers), index=answers.index)
    for first in range(10):
        tenth = ordered[first::10]
        correction = fit_correction(answers.drop(index=tenth))
        np.testing.assert_allclose(chances[tenth], correction.apply(answers.loc[tenth, "p_any"].to_numpy()))


def test_the_ends_of_a_corrected_chance_hold_it_and_may_be_open(predictions: pd.DataFrame) -> None:
    chances = np.array([0.01, 0.2, 0.7])
    low, high = fit_correction(answered(predictions, 100, 0.5, 1.0, seed=2)).interval(chances)
    corrected = fit_correction(answered(predictions, 100, 0.5, 1.0, seed=2)).apply(chances)
    assert ((low < corrected) & (corrected < high)).all()
    no_slump = fit_correction(draw_sample(predictions, 30, 0).assign(observed=False))
    np.testing.assert_array_equal(no_slump.interval(chances)[0], 0)

"""Scores against numbers worked by hand, and the laws of skill."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from entropice.errors import LabelError
from entropice.learning.scores import SCORES, fold_score_table, score_table
from entropice.learning.scores.auc import concordance
from entropice.learning.scores.calibration import calibration_bins
from entropice.learning.scores.forecast import Forecast
from entropice.learning.scores.skills import (
    PROBABILITY_FLOOR,
    brier_scores,
    log_losses,
    ranked_probability_scores,
)

# Two folds of two cells; the reference forecasts (.5, .3, .2) everywhere.
TRUTH = ["none", "many", "none", "few"]
MODEL = [(0.8, 0.1, 0.1), (0.2, 0.3, 0.5), (0.4, 0.4, 0.2), (0.5, 0.25, 0.25)]
REFERENCE = (0.5, 0.3, 0.2)


def frame_of(probabilities, model, truth=TRUTH, fold=(0, 0, 1, 1), scheme="spatial"):
    columns = dict(zip(("p_none", "p_few", "p_many"), np.array(probabilities).T, strict=True))
    keys = {"scheme": scheme, "fold": fold, "model": model, "cell_id": np.arange(len(truth), dtype=np.uint64)}
    return pd.DataFrame(keys | {"year": 2021, "class_": truth} | columns)


def example():
    return pd.concat([frame_of(MODEL, "espa"), frame_of([REFERENCE] * 4, "prevalence")], ignore_index=True)


def places_of(frame, n_blocks=2):
    cell_ids = frame["cell_id"].unique()
    return pd.DataFrame({"block": cell_ids % n_blocks, "land_area_m2": 1e9}, index=cell_ids)


def values(table, model="espa"):
    return table[table["model"] == model].set_index("score")["value"]


def test_scores_equal_the_numbers_worked_by_hand():
    scores = values(score_table(example(), places_of(example()), 0))
    log_model = -np.log([0.8, 0.5, 0.4, 0.25]).sum()
    log_reference = -np.log([0.5, 0.2, 0.5, 0.3]).sum()
    assert scores["log_skill"] == pytest.approx(1 - log_model / log_reference)
    # cumulative gaps: (.2,.1), (.2,.5), (.6,.2), (.5,.25) and (.5,.2), (.5,.8), (.5,.2), (.5,.2)
    assert scores["rpss"] == pytest.approx(1 - (0.05 + 0.29 + 0.40 + 0.3125) / (0.29 + 0.89 + 0.29 + 0.29))
    # any slump: .2, .8, .6, .5 against 0, 1, 0, 1
    assert scores["brier_skill"] == pytest.approx(1 - (0.04 + 0.04 + 0.36 + 0.25) / 1.0)
    # pairs within a fold: (.8 > .2) right, (.5 > .6) wrong
    assert scores["auc"] == pytest.approx(0.5)
    # four distinct forecasts, each its own bin: .2 + .2 + .6 + .5
    assert scores["ece"] == pytest.approx(1.5 / 4)


def test_the_reference_has_no_skill_and_no_order():
    table = score_table(example(), places_of(example()), 0)
    scores = values(table, "prevalence")
    assert scores[["log_skill", "rpss", "brier_skill"]].tolist() == [0.0, 0.0, 0.0]
    assert scores["auc"] == 0.5
    assert scores["ece"] == pytest.approx(0.0)
    assert list(table.columns) == (
        ["scheme", "model", "score", "value", "low_95", "high_95", "n_cell_years", "n_positive", "n_folds"]
    )
    assert table[["n_cell_years", "n_positive", "n_folds"]].drop_duplicates().to_numpy().tolist() == [[4, 2, 2]]


def test_elementary_scores():
    probabilities, codes = np.array([[0.7, 0.2, 0.1], [0.0, 1.0, 0.0]]), np.array([2, 0])
    assert log_losses(probabilities, codes) == pytest.approx(-np.log([0.1, PROBABILITY_FLOOR]))
    assert ranked_probability_scores(probabilities, codes) == pytest.approx([0.49 + 0.81, 1.0])
    assert brier_scores(probabilities, codes) == pytest.approx([0.49, 1.0])


def test_missing_the_neighbour_class_costs_less_than_missing_by_two():
    near, far = np.array([[0.0, 1.0, 0.0]]), np.array([[0.0, 0.0, 1.0]])
    assert ranked_probability_scores(near, np.array([0])) < ranked_probability_scores(far, np.array([0]))


@given(seed=st.integers(0, 1000))
@settings(max_examples=25, deadline=None)
def test_concordance_equals_counting_pairs(seed):
    random = np.random.default_rng(seed)
    n, n_blocks = 40, 5
    chance = random.integers(0, 6, n) / 6
    forecast = Forecast(
        probabilities=np.column_stack([1 - chance, chance]),
        reference=np.full((n, 2), 0.5),
        class_codes=random.integers(0, 2, n),
        block=random.integers(0, n_blocks, n),
        fold=random.integers(0, 3, n),
        land_area_m2=np.ones(n),
        n_blocks=n_blocks,
    )
    right, pairs = np.zeros((n_blocks, n_blocks)), np.zeros((n_blocks, n_blocks))
    for i in np.flatnonzero(forecast.class_codes == 1):
        for j in np.flatnonzero(forecast.class_codes == 0):
            if forecast.fold[i] == forecast.fold[j]:
                at = forecast.block[i], forecast.block[j]
                pairs[at] += 1
                a, b = forecast.probabilities[i, 0], forecast.probabilities[j, 0]
                right[at] += 0.5 if a == b else float(a < b)
    found_right, found_pairs = concordance(forecast)
    assert found_right.tolist() == right.tolist()
    assert found_pairs.tolist() == pairs.tolist()


def test_calibration_bins_keep_equal_forecasts_together():
    bins = calibration_bins(np.array([0.1] * 50 + [0.3] * 30 + [0.9] * 20))
    assert [len(set(part)) for part in (bins[:50], bins[50:80], bins[80:])] == [1, 1, 1]
    assert len(set(bins)) == 3
    assert np.bincount(calibration_bins(np.arange(100) / 100)).tolist() == [10] * 10


def noisy_forecast(seed, n=400):
    random = np.random.default_rng(seed)
    chance = random.beta(1, 3, n)
    truth = np.where(random.random(n) < chance, "some", "none")
    keys = {"scheme": "spatial", "fold": np.arange(n) % 2, "cell_id": np.arange(n, dtype=np.uint64), "year": 2021}
    frames = [
        pd.DataFrame(keys | {"model": model, "class_": truth, "p_none": 1 - p, "p_some": p})
        for model, p in (("limit", chance), ("prevalence", np.full(n, 0.25)))
    ]
    return pd.concat(frames, ignore_index=True)


def test_intervals_hold_the_value_and_follow_the_seed():
    frame = noisy_forecast(0)
    many, few = (score_table(frame, places_of(frame, n), 0) for n in (100, 5))
    limit = many[many["model"] == "limit"]
    skills = limit[limit["score"].isin(["log_skill", "rpss", "auc", "pr_auc", "brier_skill", "reliability_slope"])]
    assert ((skills["low_95"] < skills["value"]) & (skills["value"] < skills["high_95"])).all()
    assert values(many, "limit")["log_skill"] > 0
    assert values(many, "limit").tolist() == pytest.approx(values(few, "limit").tolist())
    assert many.equals(score_table(frame, places_of(frame, 100), 0))
    assert not many.equals(score_table(frame, places_of(frame, 100), 1))


def test_the_interval_is_the_central_95_percent_of_the_bootstrap():
    """Three cells without slumps, a block each, with Brier scores 1, 0.25 and 0; the reference has 0.25 everywhere.

    Three draws are all of the worst block, or all of the best, in 1 of 27 replicates each (3.7 %): more than the 2.5 %
    outside either end, less than the 5 % that an interval of 90 % leaves out.
    """
    model = frame_of([(0.0, 1.0, 0.0), (0.5, 0.5, 0.0), (1.0, 0.0, 0.0)], "espa", ["none"] * 3, fold=(0, 0, 0))
    reference = frame_of([(0.5, 0.5, 0.0)] * 3, "prevalence", ["none"] * 3, fold=(0, 0, 0))
    frame = pd.concat([model, reference], ignore_index=True)

    table = score_table(frame, places_of(frame, 3), 0, n_replicates=10_000)

    (skill,) = table[(table["model"] == "espa") & (table["score"] == "brier_skill")].to_dict("records")
    assert skill["value"] == pytest.approx(1 - 1.25 / 0.75)
    assert (skill["low_95"], skill["high_95"]) == pytest.approx((1 - 3 / 0.75, 1.0))


def test_one_block_has_no_interval_and_no_positive_no_auc():
    table = score_table(example(), places_of(example(), 1), 0)
    assert table[["low_95", "high_95"]].isna().all(axis=None)
    none = pd.concat([frame_of(MODEL, "espa", ["none"] * 4), frame_of([REFERENCE] * 4, "prevalence", ["none"] * 4)])
    scores = values(score_table(none, places_of(none), 0))
    defined = ["log_skill", "rpss", "brier_skill", "ece"]
    assert scores[defined].notna().all()
    assert scores.drop(defined).isna().all()


def test_a_class_that_a_fold_lacks_counts_as_probability_zero():
    frame = example()
    frame["p_some"] = np.nan
    scores = score_table(frame, places_of(frame), 0)
    assert values(scores)["log_skill"] == pytest.approx(
        values(score_table(example(), places_of(frame), 0))["log_skill"]
    )


def test_rows_without_reference_or_block_are_refused():
    frame = example()
    with pytest.raises(LabelError, match="prevalence forecast"):
        score_table(frame[frame["model"] == "espa"], places_of(frame), 0)
    with pytest.raises(LabelError, match="no block"):
        score_table(frame, places_of(frame).iloc[:2], 0)


def test_a_tested_cell_without_land_is_refused():
    frame = example()
    places = places_of(frame)
    places.loc[2, "land_area_m2"] = 0.0
    with pytest.raises(LabelError, match=r"field: land_area_m2(.|\n)*expected: more than 0 m2(.|\n)*for example: 2"):
        score_table(frame, places, 0)


def test_a_fold_is_scored_as_if_it_were_the_only_one():
    frame = example()
    by_fold = fold_score_table(frame, places_of(frame))
    assert list(by_fold.columns) == ["scheme", "fold", "model", "score", "value", "n_cell_years", "n_positive"]
    assert len(by_fold) == 2 * 2 * len(SCORES)
    for fold, rows in by_fold.groupby("fold"):
        alone = score_table(frame[frame["fold"] == fold], places_of(frame), 0, 0)
        both = rows.merge(alone, on=["model", "score"])
        np.testing.assert_allclose(both["value_x"], both["value_y"])

"""What draws the map: the model that is named, or the best with what it beat, or a mean of candidates."""

import numpy as np
import pytest
from model_problems import samples_in_stripes, tuning

from entropice.learning.best import (
    BEST_TITLE,
    CRITERION,
    FEW_BLOCKS,
    STEADY,
    best_of,
    candidate_weights,
    inner_log_score,
    statement,
    statement_of_best,
    takes_mean,
)
from entropice.learning.doubts.spread import chance_spread, fit_members
from entropice.learning.map_model import fit_map_model
from entropice.learning.model_file import from_arrays, to_arrays
from entropice.learning.models import MODELS
from entropice.learning.models.model import BEST
from entropice.learning.scores import log_losses
from entropice.learning.tuning import held_out_log_score

TUNING = tuning()
NAMES = ["espa", "logistic", "random_forest", "knn_coordinates", "prevalence"]


@pytest.fixture(scope="module")
def samples():
    return samples_in_stripes(300)


def worlds(samples):
    """Log odds linear in a feature; corners, which no line cuts off; a feature that means the opposite next door."""
    random = np.random.default_rng(2)
    a, b = (samples.features[name].fillna(0).to_numpy() for name in "ab")
    return {
        "logistic": (random.random(300) < 1 / (1 + np.exp(-4 * a))).astype(int),
        "random_forest": ((a > 0) ^ (b > 0)).astype(int),
        "prevalence": (a * np.where(samples.blocks % 2, -1, 1) > 0).astype(int),
    }


@pytest.mark.parametrize("best", ["logistic", "random_forest", "prevalence"])
def test_the_best_on_a_made_problem_draws_the_map_and_what_it_beat_is_stated(best, samples):
    inner_folds = TUNING.inner_folds(samples, worlds(samples)[best])
    predictor, choice = fit_map_model(BEST, NAMES, inner_folds, TUNING, samples.lacking)
    assert [part.model.name for part in predictor.parts] == [best]
    assert (choice["name"], choice["title"]) == (BEST, f"{BEST_TITLE}: {MODELS[best].title}")
    chosen = choice["chosen"]
    assert chosen["criterion"] == CRITERION
    assert chosen["parts"] == [{"name": best, "title": MODELS[best].title, "weight": 1.0}]
    assert {each["name"] for each in chosen["beaten"]} == set(NAMES) - {best}
    scores = [chosen["score"], *(each["score"] for each in chosen["beaten"])]
    assert scores == sorted(scores, reverse=True)


def test_models_without_candidates_are_judged_on_the_same_folds(samples):
    codes = worlds(samples)["logistic"]
    inner_folds = TUNING.inner_folds(samples, codes)
    fits = {name: TUNING.fit(MODELS[name], inner_folds) for name in ("logistic", "prevalence")}
    by_hand = np.mean(
        [
            -log_losses(np.tile(np.bincount(codes[train]) / len(train), (len(test), 1)), codes[test]).mean()
            for train, test in inner_folds.splits
        ]
    )
    scores = {name: inner_log_score(MODELS[name], fit, inner_folds, TUNING) for name, fit in fits.items()}
    assert scores["prevalence"] == pytest.approx(by_hand)
    assert scores["logistic"] == fits["logistic"].inner_log_score > by_hand


def test_the_first_of_equals_is_the_best():
    assert best_of({"logistic": -0.5, "espa": -0.4, "prevalence": -0.4}) == "espa"


def test_few_blocks_take_a_mean_of_candidates_where_they_are_compared():
    assert takes_mean([STEADY, "prevalence"], FEW_BLOCKS - 1)
    assert not takes_mean([STEADY, "prevalence"], FEW_BLOCKS)
    assert not takes_mean(["logistic", "prevalence"], FEW_BLOCKS - 1)


def test_candidates_weigh_as_likely_as_three_rows_a_block_make_them():
    weights = candidate_weights(np.array([-0.5, -0.4, -0.5]), 5)
    assert weights[1] / weights[0] == pytest.approx(np.exp(3 * 5 * 0.1))
    assert weights.sum() == pytest.approx(1.0)
    assert candidate_weights(np.array([-0.4, -0.4, -9.0]), 5).tolist() == [0.5, 0.5, 0.0]


def test_with_few_blocks_candidates_draw_the_map_by_their_scores_in_inner_folds(samples):
    inner_folds = TUNING.inner_folds(samples, worlds(samples)["logistic"])
    predictor, choice = fit_map_model(BEST, [STEADY, "prevalence"], inner_folds, TUNING, samples.lacking)
    title = f"{BEST_TITLE}: {MODELS[STEADY].title}, mean of candidates"
    assert choice == {"name": BEST, "title": title, "chosen": None}
    candidates = TUNING.settings(MODELS[STEADY]).candidates
    alone = [TUNING.fixed(each).fit(MODELS[STEADY], inner_folds) for each in candidates]
    scores = [held_out_log_score(MODELS[STEADY], each, inner_folds, TUNING) for each in alone]
    expected = sum(
        weight * each.predict_proba(samples, 2)
        for weight, each in zip(candidate_weights(np.array(scores), inner_folds.n_blocks), alone, strict=True)
    )
    assert predictor.predict_proba(samples, 2) == pytest.approx(expected)
    assert {part.model.name for part in predictor.parts} == {STEADY}
    kept = from_arrays(*to_arrays(predictor, samples, inner_folds.class_codes))
    assert np.array_equal(kept.predict_proba(samples, 2), predictor.predict_proba(samples, 2))
    members = fit_members(predictor, samples, inner_folds.class_codes, 2, 0)
    spread = chance_spread(1 - predictor.predict_proba(samples, 2)[:, 0], members, samples, 2)
    assert (spread["p_any_sd"] > 0).all()


def test_the_statement_tells_skill_over_the_prevalence():
    told = statement_of_best({"logistic": -0.6, "espa_ensemble": -0.7, "prevalence": -0.8})
    assert told["title"] == "best of the compared models: logistic regression"
    assert told["chosen"]["score"] == pytest.approx(0.25)
    assert [each["score"] for each in told["chosen"]["beaten"]] == pytest.approx([0.125, 0.0])


def test_a_named_model_has_beaten_nothing(samples):
    inner_folds = TUNING.inner_folds(samples, worlds(samples)["logistic"])
    predictor, choice = fit_map_model("logistic", NAMES, inner_folds, TUNING, samples.lacking)
    assert choice == statement("logistic") == {"name": "logistic", "title": "logistic regression", "chosen": None}
    assert [part.model.name for part in predictor.parts] == ["logistic"]

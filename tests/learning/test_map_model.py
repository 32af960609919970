"""What draws the map: the model that is named, or the best with what it beat, and a mixture where blocks are few."""

import numpy as np
import pytest
from model_problems import samples_in_stripes, tuning

from entropice.learning.best import (
    CRITERION,
    STABILISER,
    inner_log_score,
    statement,
    statement_of_best,
    weights_of_best,
)
from entropice.learning.map_model import fit_map_model
from entropice.learning.models import MODELS
from entropice.learning.models.model import BEST
from entropice.learning.scores import log_losses

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
    predictor, choice = fit_map_model(BEST, NAMES, inner_folds, TUNING, samples)
    assert [part.model.name for part in predictor.parts] == [best]
    assert (choice["name"], choice["title"]) == (BEST, f"best: {MODELS[best].title}")
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


@pytest.mark.parametrize(
    ("log_scores", "n_blocks", "expected"),
    [
        ({"logistic": -0.4, STABILISER: -0.5}, 10, {"logistic": 1.0}),
        ({"logistic": -0.4, STABILISER: -0.5}, 9, {"logistic": 0.75, STABILISER: 0.25}),
        ({"logistic": -0.5, STABILISER: -0.4}, 9, {STABILISER: 1.0}),
        ({"logistic": -0.4, "prevalence": -0.5}, 9, {"logistic": 1.0}),
        ({"logistic": -0.4, "prevalence": -0.4}, 99, {"logistic": 1.0}),
    ],
)
def test_the_best_is_stabilised_where_blocks_are_few(log_scores, n_blocks, expected):
    assert weights_of_best(log_scores, n_blocks) == expected


def test_the_statement_tells_skill_over_the_prevalence():
    scores = {"logistic": -0.6, "espa_ensemble": -0.7, "prevalence": -0.8}
    told = statement_of_best(scores, {"logistic": 0.75, "espa_ensemble": 0.25})
    assert told["title"] == "best: logistic regression with eSPA ensemble"
    assert told["chosen"]["score"] == pytest.approx(0.25)
    assert [each["score"] for each in told["chosen"]["beaten"]] == pytest.approx([0.125, 0.0])


def test_a_named_model_has_beaten_nothing(samples):
    inner_folds = TUNING.inner_folds(samples, worlds(samples)["logistic"])
    predictor, choice = fit_map_model("logistic", NAMES, inner_folds, TUNING, samples)
    assert choice == statement("logistic") == {"name": "logistic", "title": "logistic regression", "chosen": None}
    assert [part.model.name for part in predictor.parts] == ["logistic"]

"""Every model chooses by the mean log loss over the same inner folds."""

import logging
import re

import numpy as np
import pytest
from model_problems import GRIDS, classes_by_features, fit, samples_in_stripes, tuning
from sklearn.pipeline import make_pipeline

from entropice.learning.models import (
    MODELS,
    espa,
    espa_ensemble,
    histogram_boosting,
    knn_features,
    logistic,
    ordinal_ridge,
    random_forest,
    xgboost,
)
from entropice.learning.models.model import Recipe
from entropice.learning.samples import predict_all_classes
from entropice.learning.scores import log_losses

TUNING = tuning()


class InBlocks:
    """The ensemble for rows whose blocks are those of the samples."""

    def __init__(self, recipe):
        self.recipe = recipe

    def fit(self, rows, codes):
        blocks = samples_in_stripes().blocks[rows.index]
        components = espa_ensemble.make_components(list(rows.columns), {})
        ensemble = espa_ensemble.make(self.recipe, "n_members_search")
        return make_pipeline(components, ensemble).fit(rows, codes, espaensemble__groups=blocks)


MAKES = {
    "ordinal_ridge": lambda recipe: ordinal_ridge.make(recipe, {}),
    "espa": lambda recipe: espa.make(recipe, starts="n_init_search"),
    "espa_ensemble": InBlocks,
    "logistic": logistic.make,
    "random_forest": random_forest.make,
    "xgboost": xgboost.make,
    "histogram_boosting": histogram_boosting.make,
    "knn_features": knn_features.make,
}


@pytest.fixture(scope="module")
def samples():
    return samples_in_stripes()


@pytest.fixture(scope="module")
def codes(samples):
    return classes_by_features(samples)


def test_all_models_with_candidates_are_here():
    assert set(MAKES) == {name for name, model in MODELS.items() if model.parameters is not None} == set(GRIDS)


@pytest.mark.parametrize("name", MAKES)
def test_the_choice_is_the_lowest_mean_log_loss_over_inner_folds(name, samples, codes, caplog):
    """By fits one by one to the rows of each fold; a solver that begins elsewhere ends within its tolerance."""
    losses = []
    for candidate in TUNING.candidates[name]:
        by_fold = []
        for train, test in TUNING.inner_folds(samples, codes).splits:
            model = MAKES[name](Recipe(candidate, 0, "cpu", tuple("abcd")))
            model = model.fit(samples.features.iloc[train], codes[train])
            probabilities = predict_all_classes(model, samples.features.iloc[test], 3)
            by_fold.append(log_losses(probabilities, codes[test]).mean())
        losses.append(np.mean(by_fold))
    with caplog.at_level(logging.INFO):
        chosen = fit(name, samples, codes, TUNING).recipe.parameters
    assert chosen == TUNING.candidates[name][int(np.argmin(losses))]
    told = re.search(r"(-[\d.]+) of (-[\d.]+) to", caplog.text)
    assert [float(score) for score in told.groups()] == pytest.approx([-min(losses), -max(losses)], abs=2e-4)
    assert caplog.text.count(f"{MODELS[name].title}: ") == 1


@pytest.mark.parametrize("name", MAKES)
def test_one_candidate_needs_no_folds(name, samples, codes):
    """With 99 folds of five blocks there would be an error."""
    single = tuning(**{name: TUNING.candidates[name][1]}, n_folds=99)
    assert fit(name, samples, codes, single).recipe.parameters == TUNING.candidates[name][1]


@pytest.mark.parametrize("name", MAKES)
def test_a_feature_that_an_inner_fold_does_not_know_takes_no_part_in_the_comparison(name, samples, codes):
    _, test = TUNING.inner_folds(samples, codes).splits[0]
    values = np.full(150, np.nan)
    values[test] = np.arange(len(test))
    local = type(samples)(samples.features.assign(local=values), samples.coordinates_m, samples.blocks)
    fitted = fit(name, local, codes, TUNING)
    assert fitted.recipe.parameters == fit(name, samples, codes, TUNING).recipe.parameters
    assert fitted.recipe.feature_names == (*"abcd", "local")

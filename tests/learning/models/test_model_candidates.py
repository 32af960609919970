"""Candidates as parameters spell them."""

import pytest
from sklearn.model_selection import ParameterGrid

from entropice.learning.models import MODELS
from entropice.learning.models.candidates import candidates_of, check_numbers, expand

FOREST = {"n_estimators": 10, "max_features": [0.5, 1.0], "min_samples_leaf": [1, 10]}


def test_lists_are_combined_in_the_order_of_scikit_learn_and_single_values_hold_for_all():
    listed = {name: value if isinstance(value, list) else [value] for name, value in FOREST.items()}
    assert expand(FOREST) == list(ParameterGrid(listed))
    assert expand([FOREST, {"n_estimators": 3}]) == [*ParameterGrid(listed), {"n_estimators": 3}]


def test_every_candidate_is_complete():
    assert len(candidates_of(MODELS["random_forest"], FOREST)) == 4
    with pytest.raises(ValueError, match=r"random_forest\.min_samples_leaf is missing"):
        candidates_of(MODELS["random_forest"], {"n_estimators": 10, "max_features": 0.5})
    with pytest.raises(ValueError, match=r"has no parameter n_estimator; did you mean n_estimators\?"):
        candidates_of(MODELS["random_forest"], FOREST | {"n_estimator": 3})
    with pytest.raises(ValueError, match=r"random_forest\.max_features: Input should be less than .* \(got 7\.0\)"):
        candidates_of(MODELS["random_forest"], FOREST | {"max_features": [0.5, 7.0]})
    with pytest.raises(ValueError, match="random_forest has no candidate: give"):
        candidates_of(MODELS["random_forest"], FOREST | {"max_features": []})
    with pytest.raises(ValueError, match="prevalence has no candidates: leave it out"):
        candidates_of(MODELS["prevalence"], {})


def test_unequal_numbers_of_candidates_are_refused():
    two, three = [{}] * 2, [{}] * 3
    models = [MODELS[name] for name in ("espa", "espa_ensemble", "logistic", "prevalence")]
    check_numbers(models, {"espa": two, "espa_ensemble": two, "logistic": two, "xgboost": three})
    with pytest.raises(ValueError, match=r"the same number of candidates, but they are espa 3, espa_ensemble 2, "):
        check_numbers(models, {"espa": three, "espa_ensemble": two, "logistic": two})
    with pytest.raises(ValueError, match=r"modelling\.tuning\.candidates lacks espa, espa_ensemble, logistic"):
        check_numbers(models, {})

"""What eSPA and its ensemble do beyond what holds for every model."""

import numpy as np
import pandas as pd
import pytest
from model_problems import ESPA_FIXED, alone, classes_by_features, fit, samples_in_stripes, tuning

from entropice.errors import LabelError
from entropice.learning.samples import Samples

TUNING = tuning()


@pytest.fixture(scope="module")
def samples():
    return samples_in_stripes()


@pytest.fixture(scope="module")
def codes(samples):
    return classes_by_features(samples)


def espa_with(n_boxes, eps_entropy=0.05):
    return tuning(espa={"n_boxes": n_boxes, "eps_entropy": eps_entropy, **ESPA_FIXED})


def test_prevalence_predicts_training_frequencies(samples, codes):
    expected = np.bincount(codes, minlength=3) / len(codes)
    assert fit("prevalence", samples, codes, TUNING).predict_proba(samples, 3)[17] == pytest.approx(expected)


def test_a_feature_that_an_inner_fold_does_not_know_is_left_out_where_that_fold_is_fitted(samples, codes):
    """eSPA itself is fitted to all rows and keeps it; the ensemble, calibrated on inner folds, does not."""
    _, test = TUNING.inner_folds(samples, codes).splits[0]
    values = np.full(150, np.nan)
    values[test] = np.arange(len(test))
    local = Samples(samples.features.assign(local=values), samples.coordinates_m, samples.blocks)
    assert fit("espa", local, codes, TUNING).estimator.feature_names_in_.tolist() == [*"abcd", "local"]
    assert fit("espa_ensemble", local, codes, TUNING).estimator.feature_names_in_.tolist() == list("abcd")


def test_the_ensemble_weighs_whole_blocks(samples, codes):
    """The mean of an indicator of a row is the row's share of the weight: the same for all rows of a block."""
    indicators = Samples(pd.DataFrame(np.eye(150)).rename(columns=str), samples.coordinates_m, samples.blocks)
    for member in fit("espa_ensemble", indicators, codes, espa_with(2)).estimator.members_:
        shares = pd.Series(member.feature_offset_).groupby(samples.blocks)
        assert shares.max().to_numpy() == pytest.approx(shares.min().to_numpy())
        assert shares.max().round(12).nunique() == len(np.unique(samples.blocks))


def test_the_search_finds_the_number_of_boxes_that_predicts(samples):
    corners = (samples.features["a"] > 0).astype(int) ^ (samples.features["b"] > 0).astype(int)
    fitted = fit("espa", samples, corners.to_numpy(), TUNING)
    assert fitted.recipe.parameters["n_boxes"] == 6
    assert fitted.estimator.n_init == ESPA_FIXED["n_init"]


def test_the_file_of_an_ensemble_tells_the_number_of_its_folds(samples, codes):
    from entropice.learning.model_file import to_arrays

    fitted = fit("espa_ensemble", samples, codes, TUNING)
    _, metadata = to_arrays(alone("espa_ensemble", fitted), samples, codes)
    assert metadata["parts"][0]["fits"][0]["content"]["parameters"]["cv"] == 3
    assert len(fitted.estimator.cv) == 3


def test_candidates_with_more_boxes_than_rows_are_left_out(samples, codes):
    """More than all rows, and more than the rows of the smallest inner fold."""
    smallest = TUNING.inner_folds(samples, codes).fewest_training_rows
    for n_boxes, expected in (([3, smallest + 1, 151], 3), ([150, 151], 150)):
        assert fit("espa", samples, codes, espa_with(n_boxes)).recipe.parameters["n_boxes"] == expected


def test_only_candidates_with_more_boxes_than_rows_are_an_error_with_a_fix(samples, codes):
    smallest = TUNING.inner_folds(samples, codes).fewest_training_rows
    field = r"modelling\.tuning\.candidates\.espa\.n_boxes"
    message = rf"fewer training rows than boxes(.|\n)*{field}(.|\n)*fix: lower {field}"
    for n_boxes in ([151, 200], 151, [smallest + 1, smallest + 2]):
        with pytest.raises(LabelError, match=message):
            fit("espa", samples, codes, espa_with(n_boxes))
    with pytest.raises(LabelError, match=message):
        fit("espa_ensemble", samples, codes, espa_with(smallest + 1))


def test_contributions_sum_to_the_margin_between_the_two_nearest_boxes(samples, codes):
    from entropice.learning.models.espa import contributions

    fitted = fit("espa", samples, codes, TUNING)
    split = contributions(fitted, samples.features)
    nearest = np.sort(fitted.estimator.distances(samples.features), axis=1)
    assert split.sum(axis=1) == pytest.approx(nearest[:, 1] - nearest[:, 0], abs=1e-12)
    assert (split[samples.features.isna().to_numpy()] == 0).all()

"""What eSPA and its ensemble do beyond what holds for every model."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from model_problems import ESPA_FIXED, GRIDS, classes_by_features, fit, samples_in_stripes, tuning
from scipy.stats import entropy

from entropice.errors import LabelError
from entropice.learning.exposure import EXPOSURE
from entropice.learning.models import MODELS

TUNING = tuning()


@pytest.fixture(scope="module")
def samples():
    return samples_in_stripes()


@pytest.fixture(scope="module")
def codes(samples):
    return classes_by_features(samples)


def espa_with(n_boxes):
    return tuning(espa={"n_boxes": n_boxes, "n_effective_features": 2.0, **ESPA_FIXED})


def ensemble_with(**changes):
    return tuning(espa_ensemble=GRIDS["espa_ensemble"] | {"n_boxes_max": 6, "n_effective_features": 2.0} | changes)


def test_prevalence_predicts_training_frequencies(samples, codes):
    expected = np.bincount(codes, minlength=3) / len(codes)
    assert fit("prevalence", samples, codes, TUNING).predict_proba(samples, 3)[17] == pytest.approx(expected)


def test_a_feature_that_an_inner_fold_does_not_know_is_kept_where_all_rows_are_fitted(samples, codes):
    _, test = TUNING.inner_folds(samples, codes).splits[0]
    values = np.full(150, np.nan)
    values[test] = np.arange(len(test))
    local = replace(samples, features=samples.features.assign(local=values))
    assert fit("espa", local, codes, TUNING).estimator.feature_names_in_.tolist() == [*"abcd", "local"]
    assert fit("espa_ensemble", local, codes, TUNING).recipe.feature_names == (*"abcd", "local")


def test_the_ensemble_weighs_whole_blocks(samples, codes):
    """Under a member's weights the mean of a component is that of block means by the members' weights of blocks.

    Components that tell blocks apart solve for these weights: as many unknown as blocks, one equation a component.
    """
    in_block = pd.get_dummies(samples.blocks, dtype=float)
    spread = replace(samples, features=in_block.rename(columns=str))
    pipeline = fit("espa_ensemble", spread, codes, ensemble_with(eps_class=0.1)).estimator
    components, ensemble = pipeline
    by_block = components.transform(spread.features).groupby(samples.blocks).mean().to_numpy()
    equations = np.vstack([by_block.T, np.ones(len(by_block))])
    shares = []
    for member in ensemble.members_:
        share, *_ = np.linalg.lstsq(equations, np.append(member.feature_offset_, 1.0), rcond=None)
        assert equations @ share == pytest.approx(np.append(member.feature_offset_, 1.0), abs=1e-9)
        assert (share > 0).all()
        shares.append(tuple(share.round(9)))
    assert len(set(shares)) == len(ensemble.members_)


@pytest.mark.parametrize("name", ["espa", "espa_ensemble", "ordinal_ridge", "logistic"])
def test_a_refit_to_the_rows_of_the_fit_is_the_fit_again(samples, codes, name):
    """So a refit to other rows differs by these alone: an ensemble's weights are by block in both."""
    fitted = fit(name, samples, codes, espa_with(4) if name == "espa" else TUNING)
    again = MODELS[name].refit(fitted, samples, codes)
    np.testing.assert_array_equal(again.predict_proba(samples, 3), fitted.predict_proba(samples, 3))


def test_components_are_of_unit_variance_clipped_and_the_land_that_was_searched_is_one(samples, codes):
    """An outlier of 40 standard deviations is cut to 5 before the components, and these at 4."""
    wild = samples.features.assign(**{EXPOSURE: np.linspace(18, 20, 150)}, e=np.where(np.arange(150) == 7, 40.0, 0.0))
    grouped = replace(samples, features=wild, groups=dict.fromkeys("abcde", "terrain"))
    components, ensemble = fit("espa_ensemble", grouped, codes, TUNING).estimator
    values = components.transform(wild)
    assert list(values.columns) == [*(f"terrain_{number}" for number in range(1, 6)), EXPOSURE]
    assert np.abs(values.drop(columns=EXPOSURE).to_numpy()).max() == 4.0
    assert values["terrain_1"].std(ddof=0) == pytest.approx(1.0, abs=0.05)
    assert values[EXPOSURE].std(ddof=0) == pytest.approx(1.0)
    assert ensemble.feature_names_in_.tolist() == list(values.columns)


def test_members_draw_their_boxes_from_the_range_and_hold_the_number_of_features(samples, codes):
    fitted = fit("espa_ensemble", samples, codes, ensemble_with(n_boxes_max=[4, 5], n_members=20))
    _, ensemble = fitted.estimator
    assert {member.n_boxes for member in ensemble.members_} == set(
        range(3, fitted.recipe.parameters["n_boxes_max"] + 1)
    )
    for member in ensemble.members_:
        assert np.exp(entropy(member.feature_weights_)) == pytest.approx(2.0, rel=1e-6)


def test_the_inner_log_score_is_known_where_candidates_were_compared(samples, codes):
    one, two = ensemble_with(), ensemble_with(eps_class=[1.0, 1.0])
    assert np.isnan(fit("espa_ensemble", samples, codes, one).inner_log_score)
    assert -2.0 < fit("espa_ensemble", samples, codes, two).inner_log_score < -0.1


def test_a_range_of_boxes_that_descends_is_refused():
    with pytest.raises(ValueError, match=r"espa_ensemble.*n_boxes_max must not be below n_boxes_min"):
        ensemble_with(n_boxes_min=7)


def test_the_search_finds_the_number_of_boxes_that_predicts(samples):
    corners = (samples.features["a"] > 0).astype(int) ^ (samples.features["b"] > 0).astype(int)
    fitted = fit("espa", samples, corners.to_numpy(), TUNING)
    assert fitted.recipe.parameters["n_boxes"] == 6
    assert fitted.estimator.n_init == ESPA_FIXED["n_init"]


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


def test_the_ensemble_has_fewer_boxes_where_inner_folds_have_fewer_rows(samples, codes):
    """Only there: the fit to all rows has the boxes that were asked for."""
    smallest = TUNING.inner_folds(samples, codes).fewest_training_rows
    chosen = ensemble_with(n_boxes_min=smallest, n_boxes_max=[smallest + 1, smallest + 2], n_members=20)
    with pytest.warns(UserWarning, match=f"at most {smallest} boxes"):
        fitted = fit("espa_ensemble", samples, codes, chosen)
    numbers = {member.n_boxes for member in fitted.estimator[-1].members_}
    assert max(numbers) == fitted.recipe.parameters["n_boxes_max"]


def test_contributions_sum_to_the_margin_between_the_two_nearest_boxes(samples, codes):
    from entropice.learning.models.espa import contributions

    fitted = fit("espa", samples, codes, TUNING)
    split = contributions(fitted, samples.features)
    nearest = np.sort(fitted.estimator.distances(samples.features), axis=1)
    assert split.sum(axis=1) == pytest.approx(nearest[:, 1] - nearest[:, 0], abs=1e-12)
    assert (split[samples.features.isna().to_numpy()] == 0).all()

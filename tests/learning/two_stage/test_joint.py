"""Soft joining is Bayes' rule, and beats pixels alone and the hard gate where slumps hide among lookalikes."""

import numpy as np
import pandas as pd
import pytest
from scipy.special import expit, logit
from sklearn.metrics import average_precision_score

from entropice.errors import ConfigError, SchemaError
from entropice.learning.two_stage.gate import fit_gate
from entropice.learning.two_stage.joint import (
    log_likelihood_ratio,
    log_relative_density,
    out_of_fold_density,
    posterior_log_odds,
)

N_CELLS, TRAINING_PREVALENCE, LOOKALIKES_DRAWN = 4000, 0.05, 40


def scene(seed, distance, lookalikes, ignorance):
    """Average precision of pixels alone, of a hard gate at 95 % and of soft joining, and what the joint chances say.

    Densities of cells spread by a factor of 4.5 (one standard deviation); the forecast is out of fold by construction,
    with an error of which it knows the size. Scores of true objects and lookalikes are
    `distance` standard deviations apart; of the lookalikes some stand for all.
    """
    random = np.random.default_rng([seed, 31])
    log_density = random.normal(-0.8, 1.5, N_CELLS)
    forecast = log_density + random.normal(0, ignorance, N_CELLS)
    shrinkage = 1.5**2 / (1.5**2 + ignorance**2)
    forecast = -0.8 + shrinkage * (forecast + 0.8) + (1 - shrinkage) * 1.5**2 / 2
    n_true = random.poisson(np.exp(log_density))
    n_false = LOOKALIKES_DRAWN * n_true.sum()
    cell = np.concatenate([np.repeat(np.arange(N_CELLS), n_true), random.integers(0, N_CELLS, n_false)])
    is_true = np.arange(len(cell)) < n_true.sum()
    weight = np.where(is_true, 1.0, lookalikes / LOOKALIKES_DRAWN)
    score = random.normal(np.where(is_true, distance / 2, -distance / 2))
    log_odds = distance * score + logit(TRAINING_PREVALENCE)
    density = np.exp(forecast)
    evidence = log_likelihood_ratio(log_odds, TRAINING_PREVALENCE)
    relative = log_relative_density(density, np.ones(N_CELLS), 1e-6)
    joint = posterior_log_odds(evidence, relative[cell], 1 / (1 + lookalikes))
    gate = fit_gate(density, n_true.astype(float), np.arange(N_CELLS) // 10, 0.05)
    gated = np.where(gate.passes(density)[cell], evidence, -np.inf)
    finite = np.maximum(gated, -1e9)
    precisions = [average_precision_score(is_true, each, sample_weight=weight) for each in (evidence, finite, joint)]
    return precisions, expit(joint), is_true, weight


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("distance", [2.0, 3.0])
def test_among_many_lookalikes_soft_beats_the_gate_and_the_gate_beats_pixels(seed, distance):
    (alone, hard, soft), *_ = scene(seed, distance, 1000, ignorance=0.7)
    assert soft > hard > alone
    assert soft > 1.2 * alone


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize(("distance", "lookalikes"), [(3.0, 10), (4.0, 200)])
def test_where_pixels_tell_nearly_all_the_gate_hurts_and_soft_still_helps(seed, distance, lookalikes):
    (alone, hard, soft), *_ = scene(seed, distance, lookalikes, ignorance=0.7)
    assert hard < alone < soft


def test_joint_chances_come_true_as_often_as_they_say():
    _, chance, is_true, weight = scene(0, 2.0, 200, ignorance=0.7)
    for chosen in (chance >= 0, chance >= 0.1, chance >= 0.5):
        said, came = (np.sum(weight[chosen] * values[chosen]) for values in (chance, is_true))
        assert said / came == pytest.approx(1, abs=0.15)


def test_the_posterior_is_bayes_rule_by_hand():
    """Two cells with 1 and 3 true ones and 8 lookalikes per area; a score eight times as likely for a true one."""
    evidence = log_likelihood_ratio(np.full(2, logit(0.2) + np.log(8.0)), 0.2)
    relative = log_relative_density(np.array([1.0, 3.0]), np.ones(2), 1e-3)
    odds = np.exp(posterior_log_odds(evidence, relative, 2 / (2 + 8)))
    np.testing.assert_allclose(odds, [1 * 8 / 8, 3 * 8 / 8])


def test_the_mean_density_is_weighted_by_area_and_unknown_cells_are_like_it():
    relative = log_relative_density(np.array([1.0, 4.0, np.nan, 0.0]), np.array([2.0, 1.0, 9.0, 1.0]), 2.0)
    np.testing.assert_allclose(relative, [np.log(2 / 2.5), np.log(4 / 2.5), 0, np.log(2 / 2.5)])


def test_densities_of_a_fitted_map_are_refused():
    frame = pd.DataFrame({"cell_id": [1, 2], "density": [0.1, 0.2]})
    with pytest.raises(SchemaError, match="no out-of-fold") as caught:
        out_of_fold_density(frame, "density", np.array([1], dtype=np.uint64))
    assert caught.value.field == "fold"


def test_densities_come_to_the_cells_of_objects():
    frame = pd.DataFrame({"fold": [0, 1], "cell_id": np.array([7, 3], dtype=np.uint64), "density": [0.1, 0.2]})
    np.testing.assert_array_equal(
        out_of_fold_density(frame, "density", np.array([3, 9, 7, 3], dtype=np.uint64)), [0.2, np.nan, 0.1, 0.2]
    )
    with pytest.raises(SchemaError, match="several forecasts"):
        out_of_fold_density(pd.concat([frame, frame]), "density", np.array([3], dtype=np.uint64))


@pytest.mark.parametrize("share", [0.0, 1.0])
def test_shares_that_are_none_are_refused(share):
    with pytest.raises(ConfigError):
        log_likelihood_ratio(np.zeros(1), share)
    with pytest.raises(ConfigError):
        posterior_log_odds(np.zeros(1), np.zeros(1), share)


def test_impossible_densities_are_refused():
    with pytest.raises(SchemaError):
        log_relative_density(np.array([-1.0, 1.0]), np.ones(2), 0.1)
    with pytest.raises(SchemaError):
        log_relative_density(np.array([np.nan]), np.ones(1), 0.1)
    with pytest.raises(ConfigError, match="floor"):
        log_relative_density(np.ones(1), np.ones(1), 0.0)

"""Where whole feature groups are unknown, the submodel without them predicts."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from model_problems import samples_in_stripes, tuning

from entropice.learning import samples as learning_samples
from entropice.learning.map_model import fit_map_model
from entropice.learning.models import MODELS
from entropice.learning.predictor import NOTHING, Part, Predictor, fit_part

TUNING = tuning()
GROUPS = {"a": "terrain", "b": "terrain", "c": "climate", "d": "climate"}
CLIMATE, TERRAIN = frozenset({"climate"}), frozenset({"terrain"})


@pytest.fixture(scope="module")
def samples():
    """Groups; the first five rows know no climate, the next no terrain, the next nothing."""
    made = samples_in_stripes()
    features = made.features.assign(log_land_area=20.0)
    features.iloc[:5, 2:4], features.iloc[5:10, 0:2], features.iloc[10:15, 0:4] = np.nan, np.nan, np.nan
    return replace(made, features=features, groups=GROUPS)


@pytest.fixture(scope="module")
def inner_folds(samples):
    codes = (samples.features["a"].fillna(0) + samples.features["c"].fillna(0) > 0).astype(int).to_numpy()
    return TUNING.inner_folds(samples, codes)


def test_patterns_are_the_sets_of_groups_that_rows_know_nothing_of(samples):
    found = {unknown: np.flatnonzero(is_here).tolist() for unknown, is_here in samples.patterns()}
    assert found[CLIMATE] == list(range(5))
    assert found[TERRAIN] == list(range(5, 10))
    assert found[CLIMATE | TERRAIN] == list(range(10, 15))
    assert found[NOTHING] == list(range(15, 150))
    assert samples.describes.tolist() == [number not in range(10, 15) for number in range(150)]


@pytest.mark.parametrize("name", ["logistic", "espa", "random_forest"])
def test_a_row_without_a_group_is_predicted_by_the_fit_without_it(name, samples, inner_folds):
    part = fit_part(MODELS[name], inner_folds, TUNING, [CLIMATE], 1.0)
    submodel = part.submodels[CLIMATE]
    assert set(submodel.recipe.feature_names) == {"a", "b", "log_land_area"}
    assert submodel.recipe.parameters == part.whole.recipe.parameters
    probabilities = part.predict_proba(samples, 2)
    assert (probabilities[:5] == submodel.predict_proba(samples.rows(np.arange(5)), 2)).all()
    assert (probabilities[15:] == part.whole.predict_proba(samples.rows(np.arange(15, 150)), 2)).all()
    assert np.isnan(probabilities[5:15]).all()


def test_the_map_gets_a_submodel_for_every_pattern_and_every_single_group(samples, inner_folds):
    known = replace(samples, features=samples.features.iloc[:1])
    predictor, _ = fit_map_model("logistic", [], inner_folds, TUNING, known.lacking)
    assert set(predictor.main.submodels) == {NOTHING, CLIMATE, TERRAIN}
    assert predictor.knows(samples).tolist() == samples.describes.tolist()
    assert np.isnan(predictor.predict_proba(samples, 2)).any(axis=1).tolist() == (~samples.describes).tolist()


def test_a_model_of_places_needs_no_submodel_and_knows_every_row(samples, inner_folds):
    part = fit_part(MODELS["knn_coordinates"], inner_folds, TUNING, [CLIMATE], 1.0)
    assert set(part.submodels) == {NOTHING}
    assert Predictor((part,)).knows(samples).all()


def test_a_mixture_weighs_the_probabilities_of_its_parts(samples, inner_folds):
    parts = [
        fit_part(MODELS[name], inner_folds, TUNING, [], weight) for name, weight in (("logistic", 0.75), ("espa", 0.25))
    ]
    rows = samples.rows(np.arange(20, 60))
    mixed = Predictor(tuple(parts)).predict_proba(rows, 2)
    assert mixed == pytest.approx(0.75 * parts[0].predict_proba(rows, 2) + 0.25 * parts[1].predict_proba(rows, 2))
    assert Predictor(tuple(parts)).main is parts[0]


def test_the_smallest_set_of_groups_that_will_do_is_left_out(inner_folds):
    whole = TUNING.fit(MODELS["logistic"], inner_folds)
    both = frozenset({"climate", "ice"})
    part = Part(MODELS["logistic"], 1.0, {NOTHING: whole, CLIMATE: whole, both: whole})
    assert part.for_pattern(CLIMATE) is part.submodels[CLIMATE]
    assert part.for_pattern(frozenset({"ice"})) is part.submodels[both]
    assert part.for_pattern(TERRAIN) is None


@pytest.mark.parametrize("rows_per_piece", [1, 7, 50, 149, 150, 4096])
def test_what_is_predicted_does_not_depend_on_the_rows_that_are_predicted_with_it(
    samples, inner_folds, rows_per_piece, monkeypatch
):
    predictor, _ = fit_map_model("logistic", [], inner_folds, TUNING, samples.lacking)
    whole = predictor.predict_proba(samples, 2)
    monkeypatch.setattr(learning_samples, "ROWS_PER_PIECE", rows_per_piece)
    pieces = list(samples.pieces())
    assert [len(piece.features) for piece in pieces[:-1]] == [rows_per_piece] * (len(pieces) - 1)
    assert pd.concat([piece.features for piece in pieces]).equals(samples.features)
    np.testing.assert_allclose(predictor.predict_proba(samples, 2), whole, rtol=0, atol=1e-15)


def test_rows_in_blocks_of_whole_pieces_are_predicted_bit_for_bit_as_all_at_once(samples, inner_folds, monkeypatch):
    predictor, _ = fit_map_model("logistic", [], inner_folds, TUNING, samples.lacking)
    monkeypatch.setattr(learning_samples, "ROWS_PER_PIECE", 16)
    whole = predictor.predict_proba(samples, 2)
    for size in (16, 32, 64):
        blocks = [samples.rows(np.arange(start, min(start + size, 150))) for start in range(0, 150, size)]
        assert np.array_equal(
            np.concatenate([predictor.predict_proba(each, 2) for each in blocks]), whole, equal_nan=True
        )


def test_no_rows_have_no_predictions(samples, inner_folds):
    predictor, _ = fit_map_model("logistic", [], inner_folds, TUNING, samples.lacking)
    assert predictor.predict_proba(samples.rows(np.arange(0)), 2).shape == (0, 2)

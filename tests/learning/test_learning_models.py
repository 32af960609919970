import itertools
import logging
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from entropice.errors import LabelError, ModelFileError
from entropice.espa import ESPAClassifier, to_arrays
from entropice.learning.model_file import read_espa
from entropice.learning.models import MODELS
from entropice.learning.samples import Samples, predict_all_classes
from entropice.learning.scores import log_losses
from entropice.learning.tuning import EspaSearch, choose_espa, inner_folds, observed_in_all

SEARCH = EspaSearch(
    n_boxes=(2, 6),
    eps_entropy=(0.01, 0.1),
    eps_class=(1.0,),
    pseudo_count=1e-3,
    n_init=2,
    n_folds=3,
    buffer_m=50_000.0,
    n_init_search=1,
    random_seed=0,
)


@pytest.fixture(scope="module")
def samples():
    random = np.random.default_rng(0)
    features = pd.DataFrame(random.normal(size=(150, 4)), columns=list("abcd")).mask(random.random((150, 4)) < 0.05)
    coordinates_m = random.uniform(0, 1e6, (150, 2))
    return Samples(features, coordinates_m, (coordinates_m[:, 0] // 2e5).astype(np.uint64))


@pytest.fixture(scope="module")
def codes(samples):
    return np.where(samples.features["a"].fillna(0) > 0.5, 2, np.where(samples.features["b"].fillna(0) > 0, 1, 0))


@pytest.mark.parametrize("name", MODELS)
def test_every_model_gives_probabilities_over_all_classes(name, samples, codes):
    is_train = np.arange(150) < 100
    model = MODELS[name].fit(samples.where(is_train), codes[is_train], SEARCH)
    probabilities = model.predict_proba(samples.where(~is_train), 4)
    assert probabilities.shape == (50, 4)
    assert probabilities.sum(axis=1) == pytest.approx(np.ones(50))
    assert (probabilities[:, 3] == 0).all()


@pytest.mark.parametrize("name", MODELS)
def test_no_model_learns_from_the_rows_it_predicts(name, samples, codes):
    """Imputation, scaling and neighbours come from training rows: predictions of a row alone are the same."""
    model = MODELS[name].fit(samples, codes, SEARCH)
    first = model.predict_proba(samples, 3)[:1]
    alone = model.predict_proba(samples.where(np.arange(150) == 0), 3)
    assert alone == pytest.approx(first, abs=1e-12)


def test_prevalence_predicts_training_frequencies(samples, codes):
    expected = np.bincount(codes, minlength=3) / len(codes)
    assert MODELS["prevalence"].fit(samples, codes, SEARCH).predict_proba(samples, 3)[17] == pytest.approx(expected)


def test_a_feature_without_any_value_in_the_training_rows_is_left_out(samples, codes):
    """Even where the rows to predict know it; whatever it says there changes nothing."""
    is_train = np.arange(150) < 100
    late = Samples(samples.features.assign(late=np.where(is_train, np.nan, 5.0)), samples.coordinates_m, samples.blocks)
    other = Samples(late.features.assign(late=-late.features["late"]), samples.coordinates_m, samples.blocks)
    for name, each in MODELS.items():
        model = each.fit(late.where(is_train), codes[is_train], SEARCH)
        probabilities = model.predict_proba(late.where(~is_train), 3)
        assert probabilities.sum(axis=1) == pytest.approx(np.ones(50)), name
        assert (probabilities == model.predict_proba(other.where(~is_train), 3)).all(), name
    for name in ("espa", "espa_ensemble"):
        model = MODELS[name].fit(late.where(is_train), codes[is_train], SEARCH)
        without = MODELS[name].fit(samples.where(is_train), codes[is_train], SEARCH)
        assert model.estimator.feature_names_in_.tolist() == list("abcd")
        assert (model.predict_proba(late, 3) == without.predict_proba(samples, 3)).all()


def test_a_feature_that_an_inner_fold_does_not_know_is_left_out_where_that_fold_is_fitted(samples, codes):
    """eSPA itself is fitted to all rows and keeps it; the ensemble, calibrated on inner folds, does not."""
    _, test = inner_folds(SEARCH, samples, codes)[0]
    values = np.full(150, np.nan)
    values[test] = np.arange(len(test))
    local = Samples(samples.features.assign(local=values), samples.coordinates_m, samples.blocks)
    assert MODELS["espa"].fit(local, codes, SEARCH).estimator.feature_names_in_.tolist() == [*"abcd", "local"]
    assert MODELS["espa_ensemble"].fit(local, codes, SEARCH).estimator.feature_names_in_.tolist() == list("abcd")


def test_features_observed_in_all_subsets():
    features = pd.DataFrame({"a": [1.0, np.nan, 3.0], "b": [np.nan, np.nan, 1.0], "c": [np.nan] * 3})
    assert observed_in_all(features, [np.array([0, 1, 2])]) == ["a", "b"]
    assert observed_in_all(features, [np.array([0, 1]), np.array([2])]) == ["a"]


def test_the_ensemble_weighs_whole_blocks(samples, codes):
    """The mean of an indicator of a row is the row's share of the weight: the same for all rows of a block."""
    indicators = Samples(pd.DataFrame(np.eye(150)).rename(columns=str), samples.coordinates_m, samples.blocks)
    single = replace(SEARCH, n_boxes=(2,), eps_entropy=(0.05,))
    for member in MODELS["espa_ensemble"].fit(indicators, codes, single).estimator.members_:
        shares = pd.Series(member.feature_offset_).groupby(samples.blocks)
        assert shares.max().to_numpy() == pytest.approx(shares.min().to_numpy())
        assert shares.max().round(12).nunique() == len(np.unique(samples.blocks))


def test_inner_folds_keep_blocks_whole_and_the_buffer_empty(samples, codes):
    n_tested = np.zeros(150)
    for train, test in inner_folds(SEARCH, samples, codes):
        n_tested[test] += 1
        assert not set(samples.blocks[train]) & set(samples.blocks[test])
        gaps = samples.coordinates_m[train][:, None] - samples.coordinates_m[test][None]
        assert np.linalg.norm(gaps, axis=2).min() > SEARCH.buffer_m
    assert (n_tested == 1).all()


def test_inner_folds_with_one_class_to_train_on_drop_out_with_a_warning(samples, caplog):
    """The second class lies in one block only: the fold that tests it has nothing to learn it from."""
    only_here = (samples.blocks == samples.blocks[0]).astype(int)
    with caplog.at_level(logging.WARNING):
        splits = inner_folds(SEARCH, samples, only_here)
    assert len(splits) == 2
    assert all(set(only_here[train]) == {0, 1} for train, _ in splits)
    assert "2 of 3 inner folds" in caplog.text
    assert choose_espa(SEARCH, samples, only_here).n_boxes in SEARCH.n_boxes
    with pytest.raises(LabelError, match=r"no inner fold with two classes(.|\n)*fix: give one value each"):
        inner_folds(SEARCH, samples, np.zeros(150, int))


def test_all_inner_folds_with_two_classes_are_no_warning(samples, codes, caplog):
    with caplog.at_level(logging.WARNING):
        inner_folds(SEARCH, samples, codes)
    assert caplog.text == ""


def test_the_search_finds_the_number_of_boxes_that_predicts(samples):
    corners = (samples.features["a"] > 0).astype(int) ^ (samples.features["b"] > 0).astype(int)
    chosen = choose_espa(SEARCH, samples, corners.to_numpy())
    assert chosen.n_boxes == 6
    assert chosen.n_init == SEARCH.n_init


def test_the_choice_is_the_lowest_mean_log_loss_over_inner_folds(samples, codes, caplog):
    """By fits one by one, of as many starts as are meant for the search, to the rows of each fold."""
    losses = {}
    for n_boxes, eps_entropy in itertools.product(SEARCH.n_boxes, SEARCH.eps_entropy):
        model = ESPAClassifier(n_boxes, eps_entropy=eps_entropy, eps_class=1.0, pseudo_count=1e-3)
        model.set_params(n_init=SEARCH.n_init_search, random_state=SEARCH.random_seed, device="cpu")
        by_fold = []
        for train, test in inner_folds(SEARCH, samples, codes):
            model.fit(samples.features.iloc[train], codes[train])
            probabilities = predict_all_classes(model, samples.features.iloc[test], 3)
            by_fold.append(log_losses(probabilities, codes[test]).mean())
        losses[n_boxes, eps_entropy] = np.mean(by_fold)
    with caplog.at_level(logging.INFO):
        chosen = choose_espa(SEARCH, samples, codes)
    assert (chosen.n_boxes, chosen.eps_entropy) == min(losses, key=losses.get)
    assert f"{-min(losses.values()):.4f} of {-max(losses.values()):.4f} to" in caplog.text


def test_one_candidate_needs_no_folds(samples, codes):
    single = EspaSearch((3,), (0.05,), (1.0,), 1e-3, 2, n_folds=99, buffer_m=0.0, n_init_search=1, random_seed=0)
    assert choose_espa(single, samples, codes).n_boxes == 3


def test_candidates_with_more_boxes_than_rows_are_left_out(samples, codes):
    """More than all rows, and more than the rows of the smallest inner fold."""
    smallest = min(len(train) for train, _ in inner_folds(SEARCH, samples, codes))
    many = replace(SEARCH, n_boxes=(3, smallest + 1, 151))
    assert choose_espa(many, samples, codes).n_boxes == 3
    assert choose_espa(replace(SEARCH, n_boxes=(150, 151), eps_entropy=(0.05,)), samples, codes).n_boxes == 150


def test_only_candidates_with_more_boxes_than_rows_are_an_error_with_a_fix(samples, codes):
    smallest = min(len(train) for train, _ in inner_folds(SEARCH, samples, codes))
    message = r"fewer training rows than boxes(.|\n)*modelling.espa.n_boxes(.|\n)*fix: lower modelling.espa.n_boxes"
    for n_boxes in ((151, 200), (151,), (smallest + 1, smallest + 2)):
        with pytest.raises(LabelError, match=message):
            choose_espa(replace(SEARCH, n_boxes=n_boxes), samples, codes)
    single = replace(SEARCH, n_boxes=(smallest + 1,), eps_entropy=(0.05,))
    with pytest.raises(LabelError, match=message):
        MODELS["espa_ensemble"].fit(samples, codes, single)


def test_a_search_without_training_rows_is_an_error_with_a_fix(samples, codes):
    swallowed = EspaSearch((2, 3), (0.05,), (1.0,), 1e-3, 2, n_folds=3, buffer_m=9e6, n_init_search=1, random_seed=0)
    with pytest.raises(LabelError, match="fix: give one value each"):
        choose_espa(swallowed, samples, codes)


def test_a_damaged_model_file_names_the_fix(samples, codes):
    arrays, metadata = to_arrays(ESPAClassifier(3, n_init=1, random_state=0).fit(samples.features, codes))
    assert read_espa(arrays, metadata).predict(samples.features).shape == (150,)
    with pytest.raises(ModelFileError, match="kedro run --pipelines modelling"):
        read_espa({name: values for name, values in arrays.items() if name != "box_centers"}, metadata)
    with pytest.raises(ModelFileError, match="classes"):
        read_espa(arrays, {key: value for key, value in metadata.items() if key != "classes"})

import logging

import numpy as np
import pandas as pd
import pytest
from model_problems import classes_by_features, samples_in_stripes, tuning

from entropice.errors import LabelError
from entropice.learning.inner_folds import observed_in_all
from entropice.learning.models import MODELS

TUNING = tuning()


@pytest.fixture(scope="module")
def samples():
    return samples_in_stripes()


@pytest.fixture(scope="module")
def codes(samples):
    return classes_by_features(samples)


def test_features_observed_in_all_subsets():
    features = pd.DataFrame({"a": [1.0, np.nan, 3.0], "b": [np.nan, np.nan, 1.0], "c": [np.nan] * 3})
    assert observed_in_all(features, [np.array([0, 1, 2])]) == ["a", "b"]
    assert observed_in_all(features, [np.array([0, 1]), np.array([2])]) == ["a"]


def test_inner_folds_keep_blocks_whole_and_the_buffer_empty(samples, codes):
    n_tested = np.zeros(150)
    for train, test in TUNING.inner_folds(samples, codes).splits:
        n_tested[test] += 1
        assert not set(samples.blocks[train]) & set(samples.blocks[test])
        gaps = samples.coordinates_m[train][:, None] - samples.coordinates_m[test][None]
        assert np.linalg.norm(gaps, axis=2).min() > TUNING.buffer_m
    assert (n_tested == 1).all()


def test_folds_with_one_class_to_train_on_drop_out_with_one_warning_for_all_models(samples, caplog):
    """The second class lies in one block only: the fold that tests it has nothing to learn it from."""
    only_here = (samples.blocks == samples.blocks[0]).astype(int)
    inner_folds = TUNING.inner_folds(samples, only_here)
    with caplog.at_level(logging.WARNING):
        for name in ("espa", "espa_ensemble", "logistic"):
            TUNING.fit(MODELS[name], inner_folds)
    assert len(inner_folds.splits) == 2
    assert all(set(only_here[train]) == {0, 1} for train, _ in inner_folds.splits)
    assert [record.message for record in caplog.records] == [
        "Candidates are compared on 2 of 3 inner folds: the others lack classes."
    ]


def test_no_fold_with_two_classes_is_an_error_with_a_fix(samples, codes):
    for given, labels in ((TUNING, np.zeros(150, int)), (tuning(buffer_m=9e6), codes)):
        with pytest.raises(LabelError, match=r"no inner fold with two classes(.|\n)*fix: give every model one"):
            _ = given.inner_folds(samples, labels).splits


def test_all_inner_folds_with_two_classes_are_no_warning(samples, codes, caplog):
    with caplog.at_level(logging.WARNING):
        _ = TUNING.inner_folds(samples, codes).splits
    assert caplog.text == ""

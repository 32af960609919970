"""Laws that hold for every model of the registry."""

import copy
import json

import numpy as np
import pandas as pd
import pytest
from model_problems import alone, classes_by_features, fit, samples_in_stripes, tuning

from entropice.errors import FeatureError, ModelFileError
from entropice.learning.drivers.local import cell_drivers
from entropice.learning.model_file import from_arrays, to_arrays
from entropice.learning.models import MODELS
from entropice.learning.samples import Samples

TUNING = tuning()
REFITTED = ["random_forest", "histogram_boosting", "knn_features", "knn_coordinates", "latitude", "prevalence"]
every_model = pytest.mark.parametrize("name", MODELS)


@pytest.fixture(scope="module")
def samples():
    return samples_in_stripes()


@pytest.fixture(scope="module")
def codes(samples):
    return classes_by_features(samples)


@pytest.fixture(scope="module")
def fitted(samples, codes):
    return {name: fit(name, samples, codes, TUNING) for name in MODELS}


@every_model
def test_probabilities_over_all_classes_sum_to_1_and_an_absent_class_gets_0(name, samples, codes):
    """Class 1 has no training row, between classes that have some, and class 3 none above them."""
    without = np.where(codes == 1, 0, codes)
    probabilities = fit(name, samples, without, TUNING).predict_proba(samples, 4)
    assert probabilities.shape == (150, 4)
    assert probabilities.sum(axis=1) == pytest.approx(np.ones(150), abs=1e-12)
    assert (probabilities[:, [1, 3]] == 0).all()
    assert (probabilities[:, [0, 2]] > 0).any(axis=0).all()


@every_model
def test_no_model_learns_from_the_rows_it_predicts(name, samples, fitted):
    """Imputation, scaling and neighbours come from training rows: predictions of a row alone are the same."""
    first = fitted[name].predict_proba(samples, 3)[:1]
    alone = fitted[name].predict_proba(samples.where(np.arange(150) == 0), 3)
    assert alone == pytest.approx(first, abs=1e-12)


@pytest.mark.parametrize("name", [name for name, model in MODELS.items() if model.is_tuned])
def test_rows_that_are_prepared_are_predicted_the_same_also_where_features_are_shuffled(name, samples, fitted):
    """A feature that is shuffled before is the column that is shuffled after, and no other column changes."""
    model, view = fitted[name], fitted[name].view(samples)
    prepared = MODELS[name].prepare(model, view)
    order = np.random.default_rng(0).permutation(len(view))
    values = prepared.matrix.copy()
    values[:, 1] = values[order, 1]
    shuffled = view.assign(b=view["b"].to_numpy()[order])
    np.testing.assert_array_equal(MODELS[name].prepare(model, shuffled).matrix, values)
    assert prepared.probabilities(values) == pytest.approx(model.estimator.predict_proba(shuffled), abs=1e-12)
    assert prepared.probabilities(prepared.matrix) == pytest.approx(model.estimator.predict_proba(view), abs=1e-12)


@every_model
def test_a_model_is_kept_without_pickle_and_predicts_the_same(name, samples, codes, fitted):
    arrays, metadata = to_arrays(alone(name, fitted[name]), samples, codes)
    assert all(np.asarray(array).dtype.kind in "fiu" for array in arrays.values())
    again = from_arrays(arrays, json.loads(json.dumps(metadata, allow_nan=False)))
    assert again.main.model is MODELS[name]
    assert (again.predict_proba(samples, 3) == fitted[name].predict_proba(samples, 3)).all()
    arrays_again, metadata_again = to_arrays(again, samples, codes)
    assert metadata_again == metadata
    for key, array in arrays.items():
        np.testing.assert_array_equal(arrays_again[key], array)


@every_model
def test_a_damaged_or_foreign_file_is_refused_with_the_fix(name, samples, codes, fitted):
    arrays, metadata = to_arrays(alone(name, fitted[name]), samples, codes)
    for key in arrays:
        with pytest.raises(ModelFileError, match="kedro run --pipelines modelling"):
            from_arrays({other: array for other, array in arrays.items() if other != key}, metadata)
    for where in (metadata, metadata["parts"][0], metadata["parts"][0]["fits"][0]):
        for key in where.keys() - {"versions", "title"}:
            with pytest.raises(ModelFileError, match="kedro run --pipelines modelling"):
                from_arrays(arrays, without(metadata, where, key))


def test_a_file_of_an_unknown_model_is_refused_with_the_nearest(samples, codes, fitted):
    arrays, metadata = to_arrays(alone("espa", fitted["espa"]), samples, codes)
    other = metadata | {"parts": [metadata["parts"][0] | {"model": "esppa"}]}
    with pytest.raises(ModelFileError, match=r"no model 'esppa'; did you mean espa\?"):
        from_arrays(arrays, other)


def without(metadata, where, key):
    """A copy of a document that lacks a key of one of its parts."""
    whole = copy.deepcopy(metadata)
    parts = [whole, whole["parts"][0], whole["parts"][0]["fits"][0]]
    given = [metadata, metadata["parts"][0], metadata["parts"][0]["fits"][0]]
    del next(part for part, original in zip(parts, given, strict=True) if original is where)[key]
    return whole


@pytest.mark.parametrize("name", REFITTED)
def test_rows_that_do_not_give_the_stored_probabilities_again_are_refused(name, samples, codes, fitted):
    arrays, metadata = to_arrays(alone(name, fitted[name]), samples, codes)
    other = {**arrays, "0.0.class_codes": np.roll(codes == 0, 3).astype(np.int64)}
    with pytest.raises(ModelFileError, match="other probabilities"):
        from_arrays(other, metadata)


@every_model
def test_a_model_reads_its_features_by_name_and_misses_them(name, samples, codes, fitted):
    """Other columns, in another order, change nothing."""
    wider = Samples(samples.features[list("dcba")].assign(other=7.0), samples.coordinates_m, samples.blocks)
    expected = fitted[name].predict_proba(samples, 3)
    assert (fitted[name].predict_proba(wider, 3) == expected).all()
    narrow = Samples(samples.features[list("bcd")], samples.coordinates_m, samples.blocks)
    if fitted[name].recipe.feature_names is None:
        assert (fitted[name].predict_proba(narrow, 3) == expected).all()
    else:
        with pytest.raises(FeatureError, match=r"field: a\n(.|\n)*fix: fit it again"):
            fitted[name].predict_proba(narrow, 3)


@every_model
def test_an_unknown_value_is_no_error_and_a_row_without_any_gets_probabilities(name, samples, fitted):
    features = samples.features.copy()
    features.iloc[:5] = np.nan
    blank = Samples(features, samples.coordinates_m, samples.blocks)
    probabilities = fitted[name].predict_proba(blank, 3)
    assert probabilities.sum(axis=1) == pytest.approx(np.ones(150), abs=1e-12)


@every_model
def test_a_feature_without_any_value_in_the_training_rows_is_not_seen(name, samples, codes):
    """Even where the rows to predict know it; whatever it says there changes nothing."""
    is_train = np.arange(150) < 100
    late = Samples(samples.features.assign(late=np.where(is_train, np.nan, 5.0)), samples.coordinates_m, samples.blocks)
    other = Samples(late.features.assign(late=-late.features["late"]), samples.coordinates_m, samples.blocks)
    model = fit(name, late.where(is_train), codes[is_train], TUNING)
    without = fit(name, samples.where(is_train), codes[is_train], TUNING)
    assert "late" not in (model.recipe.feature_names or ())
    probabilities = model.predict_proba(late.where(~is_train), 3)
    assert (probabilities == model.predict_proba(other.where(~is_train), 3)).all()
    assert (probabilities == without.predict_proba(samples.where(~is_train), 3)).all()


@pytest.mark.parametrize("name", ["prevalence", "knn_coordinates", "knn_features", "logistic", "histogram_boosting"])
def test_the_order_of_the_training_rows_changes_nothing(name, samples, codes, fitted):
    """Of the models that draw nothing at random from rows by their place; one candidate, for folds may differ."""
    one = TUNING if name not in TUNING.candidates else tuning(**{name: TUNING.candidates[name][0]})
    order = np.random.default_rng(1).permutation(150)
    shuffled = Samples(samples.features.iloc[order], samples.coordinates_m[order], samples.blocks[order])
    expected = fit(name, samples, codes, one).predict_proba(samples, 3)
    found = fit(name, shuffled, codes[order], one).predict_proba(samples, 3)
    assert found == pytest.approx(expected, abs=1e-5)


@every_model
def test_what_a_model_explains_has_the_same_columns_and_dtypes_for_all(name, samples, codes, fitted):
    keys = pd.DataFrame({"cell_id": np.arange(150, dtype=np.uint64), "year": 2021})
    by_cell = cell_drivers(alone(name, fitted[name]).main, keys, samples, 3)
    expected = {"cell_id": "uint64", "year": "int64", "rank": "int16", "feature": "category"}
    expected |= {"share": "float64", "contribution": "float64"}
    assert by_cell.dtypes.astype(str).to_dict() == expected
    assert by_cell.empty == (MODELS[name].contributions is None)


@pytest.mark.parametrize("name", [name for name, model in MODELS.items() if model.importances is not None])
def test_weights_sum_to_1_and_survive_the_file(name, samples, codes, fitted):
    weights = MODELS[name].importances.weights(fitted[name])
    assert weights.sum() == pytest.approx(1.0)
    again = from_arrays(*to_arrays(alone(name, fitted[name]), samples, codes)).main
    assert (MODELS[name].importances.weights(again.whole) == weights).all()

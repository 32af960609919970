"""Models as arrays and JSON: the same model comes back bit for bit, a damaged one is refused with what is wrong."""

import json
import pickle

import numpy as np
import pandas as pd
import pytest
from espa_problems import small_table

from entropice.espa import ESPAClassifier, ESPAEnsemble, ESPASearch, from_arrays, to_arrays

NAMES = ["slope_mean_deg", "elevation_mean_m", "northness_mean"]
LABELS = {"numbers": np.array([-1, 0, 7]), "text": np.array(["few", "many", "none"])}


@pytest.fixture(scope="module")
def frame():
    return pd.DataFrame(small_table(0, n_features=3)[0], columns=NAMES)


@pytest.fixture(scope="module")
def codes():
    return small_table(0, n_features=3)[1]


@pytest.fixture(scope="module")
def classifier(frame, codes):
    return ESPAClassifier(4, n_init=2, random_state=0).fit(frame, codes)


@pytest.fixture(scope="module")
def ensemble(frame, codes):
    return ESPAEnsemble(ESPAClassifier(4, n_init=1), 12, cv=3, random_state=0).fit(frame, codes)


def rebuild(model):
    """By way of text and copies of the arrays."""
    arrays, metadata = to_arrays(model)
    return from_arrays({name: array.copy() for name, array in arrays.items()}, json.loads(json.dumps(metadata)))


@pytest.mark.parametrize("labels", LABELS)
@pytest.mark.parametrize("affiliation", ["hard", "soft"])
def test_a_classifier_survives_json_and_arrays_bit_for_bit(frame, codes, affiliation, labels):
    model = ESPAClassifier(4, affiliation=affiliation, n_init=2, random_state=0).fit(frame, LABELS[labels][codes])
    rebuilt = rebuild(model)
    assert rebuilt.predict_proba(frame).tobytes() == model.predict_proba(frame).tobytes()
    assert rebuilt.predict(frame).tolist() == model.predict(frame).tolist()
    assert rebuilt.box_of(frame).tolist() == model.box_of(frame).tolist()
    assert rebuilt.distances(frame).tobytes() == model.distances(frame).tobytes()
    assert rebuilt.get_params() == model.get_params()
    assert (rebuilt.loss_, rebuilt.n_iter_, rebuilt.n_features_in_) == (model.loss_, model.n_iter_, 3)
    for name, value in vars(model).items():
        if isinstance(value, np.ndarray):
            assert getattr(rebuilt, name).tolist() == value.tolist(), name


@pytest.mark.parametrize("labels", LABELS)
@pytest.mark.parametrize("calibrate", ["temperature", None])
def test_an_ensemble_survives_json_and_arrays_bit_for_bit(frame, codes, calibrate, labels):
    """Of more than ten members, so that names of arrays of the second and the twelfth begin alike."""
    estimator = ESPAClassifier(4, affiliation="soft", n_init=1, dtype="float32")
    model = ESPAEnsemble(estimator, 12, calibrate=calibrate, cv=3, random_state=0).fit(frame, LABELS[labels][codes])
    rebuilt = rebuild(model)
    assert rebuilt.predict_proba(frame).tobytes() == model.predict_proba(frame).tobytes()
    assert rebuilt.predict(frame).tolist() == model.predict(frame).tolist()
    assert rebuilt.epistemic_spread(frame).tobytes() == model.epistemic_spread(frame).tobytes()
    assert rebuilt.feature_importances_.tobytes() == model.feature_importances_.tobytes()
    intervals = model.feature_importance_intervals_
    assert rebuilt.feature_importance_intervals_.tobytes() == intervals.tobytes()
    assert rebuilt.get_params(deep=False).keys() == model.get_params(deep=False).keys()
    assert rebuilt.base().get_params() == model.base().get_params()
    assert rebuilt.temperature_ == model.temperature_
    assert [member.get_params() for member in rebuilt.members_] == [member.get_params() for member in model.members_]


def test_what_members_draw_their_numbers_of_boxes_from_comes_back(frame, codes):
    base = ESPAClassifier(n_init=1, n_effective_features=2.0, prior_weight=0.01)
    model = ESPAEnsemble(base, 6, n_boxes=range(2, 5), cv=2, random_state=0).fit(frame, codes)
    rebuilt = rebuild(model)
    assert rebuilt.predict_proba(frame).tobytes() == model.predict_proba(frame).tobytes()
    assert rebuilt.n_boxes == [2, 3, 4]
    assert [each.eps_entropy_ for each in rebuilt.members_] == [each.eps_entropy_ for each in model.members_]


def test_an_infinite_strength_comes_back(frame, codes):
    model = ESPAClassifier(3, n_effective_features=3, n_init=1, random_state=0).fit(frame, codes)
    assert rebuild(model).eps_entropy_ == np.inf


def test_an_ensemble_of_default_classifiers_comes_back(frame, codes):
    model = ESPAEnsemble(n_members=2, cv=2, random_state=0).fit(frame, codes)
    rebuilt = rebuild(model)
    assert rebuilt.predict_proba(frame).tobytes() == model.predict_proba(frame).tobytes()
    assert rebuilt.base().get_params() == model.base().get_params()


def test_a_model_that_came_back_can_be_saved_again(classifier, ensemble):
    for model in (classifier, ensemble):
        (arrays, metadata), (again, metadata_again) = to_arrays(model), to_arrays(rebuild(model))
        assert metadata == metadata_again
        assert {name: array.tobytes() for name, array in arrays.items()} == {
            name: array.tobytes() for name, array in again.items()
        }


def test_a_model_that_came_back_can_go_on(classifier, frame, codes):
    rebuilt = rebuild(classifier).set_params(warm_start=True).fit(frame, codes)
    assert rebuilt.loss_ == pytest.approx(classifier.loss_, rel=1e-9)


def test_arrays_are_plain_numbers(classifier, ensemble):
    for model in (classifier, ensemble):
        assert {array.dtype for array in to_arrays(model)[0].values()} == {np.dtype(np.float64)}


def test_pickle_works_too(classifier, ensemble, frame, codes):
    search = ESPASearch(ESPAClassifier(n_init=1, random_state=0), param_grid={"n_boxes": [2, 3]}, cv=2)
    for model in (classifier, ensemble, search.fit(frame, codes)):
        rebuilt = pickle.loads(pickle.dumps(model))  # noqa: S301  # what was pickled is known here
        assert rebuilt.predict_proba(frame).tobytes() == model.predict_proba(frame).tobytes()


@pytest.mark.parametrize("kind", ["classifier", "ensemble"])
def test_features_in_another_order_are_refused(request, kind, frame):
    rebuilt = rebuild(request.getfixturevalue(kind))
    with pytest.raises(ValueError, match="feature names"):
        rebuilt.predict(frame[NAMES[::-1]])
    with pytest.raises(ValueError, match="feature names"):
        rebuilt.predict(frame.rename(columns={NAMES[0]: "slope_mean_rad"}))
    with pytest.raises(ValueError, match=r"feature names|2 features"):
        rebuilt.predict(frame[NAMES[:2]])


def spoil(name, change):
    """Replace an array by what a function makes of it."""
    return lambda arrays, _: arrays.update({name: change(arrays[name])})


def forget(*path):
    """Take an entry out of the description."""

    def damage(_, metadata):
        for key in path[:-1]:
            metadata = metadata[key]
        metadata.pop(path[-1])

    return damage


DAMAGES = {
    "format": (lambda _, metadata: metadata.update(format="espa+"), "format"),
    "old version": (lambda _, metadata: metadata.update(format_version=2), "fit the model again"),
    "new version": (lambda _, metadata: metadata.update(format_version=4), "fit the model again"),
    "no version": (forget("format_version"), "fit the model again"),
    "no classes": (forget("classes"), "classes"),
    "no names": (forget("feature_names"), "feature_names"),
    "no parameters": (forget("parameters"), "parameters"),
    "fewer names": (lambda _, metadata: metadata["feature_names"].pop(), "shape"),
    "more classes": (lambda _, metadata: metadata["classes"].append(7), r"shape|classes"),
    "unknown parameter": (lambda _, metadata: metadata["parameters"].update(n_trees=3), "n_trees"),
}

CLASSIFIER_DAMAGES = {
    "missing": (lambda arrays, _: arrays.pop("box_centers"), "Missing arrays: box_centers"),
    "not finite": (spoil("box_centers", lambda array: array * np.nan), "box_centers .* not finite"),
    "axes": (spoil("box_centers", np.ravel), "box_centers has shape"),
    "transposed": (spoil("box_class_probabilities", np.transpose), "box_class_probabilities has shape"),
    "weights": (spoil("feature_weights", lambda array: array * 2), "feature_weights .* sum to 1"),
    "negative": (spoil("feature_weights", lambda array: array * [-1, 1, 1]), "feature_weights .* sum to 1"),
    "probabilities": (spoil("box_class_probabilities", lambda array: array / 2), "box_class_probabilities .* sum to 1"),
    "scale": (spoil("feature_scale", lambda array: array * 0), "feature_scale"),
    "metric": (spoil("feature_metric", lambda array: -array), "feature_metric"),
    "no loss": (spoil("loss_curve", lambda array: array[:0]), "loss_curve"),
    "strength": (spoil("eps_entropy", np.negative), "eps_entropy must be a strength"),
    "no strength": (spoil("eps_entropy", lambda array: array * np.nan), "eps_entropy must be a strength"),
    "strengths": (spoil("eps_entropy", lambda array: array[None]), "eps_entropy has shape"),
    "parameter": (lambda _, metadata: metadata["parameters"].update(n_boxes=-1), "n_boxes"),
}

ENSEMBLE_DAMAGES = {
    "missing": (lambda arrays, _: arrays.pop("11.feature_scale"), "Member 11: Missing arrays: feature_scale"),
    "not finite": (spoil("1.box_centers", lambda array: array * np.inf), "Member 1: Array box_centers"),
    "weights": (spoil("3.feature_weights", lambda array: array * 2), "Member 3: Array feature_weights .* sum to 1"),
    "no members": (forget("members"), "members"),
    "fewer members": (lambda _, metadata: metadata["members"].pop(), "11 members, expected n_members=12"),
    "more members": (lambda _, metadata: metadata["members"].append(metadata["members"][0]), "Member 12"),
    "no temperature": (forget("temperature"), "temperature"),
    "cold": (lambda _, metadata: metadata.update(temperature=0.0), "temperature must be positive"),
    "no number": (lambda _, metadata: metadata.update(temperature=np.nan), "temperature must be positive"),
    "unknown class": (
        lambda _, metadata: metadata["members"][2].update(classes=[5, 6, 7]),
        "members know the classes .*5, 6, 7",
    ),
    "member's parameter": (
        lambda _, metadata: metadata["members"][2]["parameters"].update(n_boxes=0),
        "Member 2: .*n_boxes",
    ),
    "parameter": (lambda _, metadata: metadata["parameters"].update(n_members=1), "n_members"),
    "estimator": (lambda _, metadata: metadata["parameters"]["estimator"].update(tol=-1.0), "tol"),
    "no estimator": (forget("parameters", "estimator"), "estimator"),
}

CASES = [
    pytest.param(kind, *case, id=f"{kind}-{name}")
    for kind, damages in (("classifier", DAMAGES | CLASSIFIER_DAMAGES), ("ensemble", DAMAGES | ENSEMBLE_DAMAGES))
    for name, case in damages.items()
]


@pytest.mark.parametrize(("kind", "damage", "message"), CASES)
def test_a_damaged_model_is_refused(request, kind, damage, message):
    arrays, metadata = to_arrays(request.getfixturevalue(kind))
    metadata = json.loads(json.dumps(metadata))
    damage(arrays, metadata)
    with pytest.raises(ValueError, match=message):
        from_arrays(arrays, metadata)


def test_the_arrays_of_another_kind_of_model_are_refused(classifier, ensemble):
    (alone, metadata_alone), (together, metadata_together) = to_arrays(classifier), to_arrays(ensemble)
    with pytest.raises(ValueError, match="Missing arrays"):
        from_arrays(alone, metadata_together)
    with pytest.raises(ValueError, match="Missing arrays"):
        from_arrays(together, metadata_alone)


def test_a_model_without_feature_names_cannot_be_saved(frame, codes):
    for model in (ESPAClassifier(2, n_init=1), ESPAEnsemble(ESPAClassifier(2, n_init=1), 2, cv=2)):
        with pytest.raises(ValueError, match="named features"):
            to_arrays(model.fit(frame.to_numpy(), codes))


@pytest.mark.parametrize(
    ("model", "name"),
    [
        (ESPAClassifier(2, n_init=1, class_weight={0: 1.0, 1: 2.0}), "class_weight"),
        (ESPAClassifier(2, init=np.full((2, 3), [[1.0], [2.0]])), "init"),
        (ESPAClassifier(2, n_init=1, random_state=np.random.RandomState(0)), "random_state"),
        (ESPAEnsemble(ESPAClassifier(2, n_init=1, class_weight={0: 1.0}), 2, cv=2), "class_weight"),
        (ESPAEnsemble(ESPAClassifier(2, n_init=1), 2, cv=[(np.arange(40), np.arange(40, 60))]), "cv"),
        (ESPAEnsemble(ESPAClassifier(2, n_init=1), 2, cv=2, random_state=np.random.RandomState(0)), "random_state"),
    ],
    ids=["class-weight", "init", "generator", "members", "folds", "ensemble-generator"],
)
def test_a_parameter_that_json_cannot_hold_is_refused_by_name(frame, codes, model, name):
    with pytest.raises(ValueError, match=f"{name} must be a number, a name or None"):
        to_arrays(model.fit(frame, codes))


def test_numbers_of_numpy_are_parameters_that_json_can_hold(frame, codes):
    model = ESPAClassifier(np.int64(3), n_init=1, eps_class=np.float32(0.5), random_state=0).fit(frame, codes)
    rebuilt = rebuild(model)
    assert rebuilt.predict_proba(frame).tobytes() == model.predict_proba(frame).tobytes()
    assert rebuilt.n_boxes == 3
    assert rebuilt.eps_class == 0.5


def test_a_model_that_is_not_fitted_cannot_be_saved():
    for model in (ESPAClassifier(), ESPAEnsemble()):
        with pytest.raises(ValueError, match="not fitted"):
            to_arrays(model)

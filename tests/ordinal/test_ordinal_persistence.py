"""Models as arrays and JSON: the same model comes back bit for bit, a damaged one is refused with what is wrong."""

import json

import numpy as np
import pytest
from ordinal_problems import GROUPS, ordered_table

from entropice.ordinal import GroupComponents, OrdinalRidgeClassifier, from_arrays, to_arrays

LABELS = {"numbers": np.array([-1, 0, 7, 9]), "text": np.array(["a", "b", "c", "d"])}


def fitted(labels="numbers"):
    X, y = ordered_table()
    model = OrdinalRidgeClassifier(np.float64(3.0), groups=tuple(GROUPS), n_components=2, exposure="log_area")
    return model.fit(X, LABELS[labels][y])


@pytest.mark.parametrize("labels", LABELS)
def test_a_model_survives_json_and_arrays_bit_for_bit(labels):
    X, y = ordered_table()
    model = fitted(labels)
    arrays, metadata = to_arrays(model)
    again = from_arrays(arrays, json.loads(json.dumps(metadata, allow_nan=False)))
    assert again.predict_proba(X).tobytes() == model.predict_proba(X).tobytes()
    assert again.contributions(X).tobytes() == model.contributions(X).tobytes()
    assert (again.predict(X) == model.predict(X)).all()
    assert again.n_iter_ == model.n_iter_
    assert again.fit(X, LABELS[labels][y]).predict_proba(X).tobytes() == model.predict_proba(X).tobytes()


@pytest.mark.parametrize("component_clip", [None, 4.0])
def test_components_survive_bit_for_bit(component_clip):
    X, _ = ordered_table()
    transformer = GroupComponents(GROUPS, 2, exposure="log_area", unit_variance=True, component_clip=component_clip)
    arrays, metadata = to_arrays(transformer.fit(X))
    again = from_arrays(arrays, json.loads(json.dumps(metadata, allow_nan=False)))
    assert again.transform(X).tobytes() == transformer.transform(X).tobytes()
    assert again.get_feature_names_out().tolist() == transformer.get_feature_names_out().tolist()
    with pytest.raises(ValueError, match=r"loadings has shape \(5, 4\), expected \(5, 5\)"):
        from_arrays({**arrays, "loadings": arrays["loadings"][:, 1:]}, metadata)
    with pytest.raises(ValueError, match="output_limits must be positive"):
        from_arrays({**arrays, "output_limits": -arrays["output_limits"]}, metadata)


def test_what_is_saved_says_the_format_that_files_of_today_have():
    """Models lie in run folders: another number here would refuse all of them."""
    for estimator, name in (
        (fitted(), "ordinal-ridge"),
        (GroupComponents().fit(ordered_table()[0]), "group-components"),
    ):
        _, metadata = to_arrays(estimator)
        assert (metadata["format"], metadata["format_version"]) == (name, 1)


def test_only_named_columns_can_be_saved():
    X, y = ordered_table()
    with pytest.raises(ValueError, match="named columns"):
        to_arrays(OrdinalRidgeClassifier().fit(X.to_numpy(), y))


def test_only_groups_with_names_can_be_saved():
    X, y = ordered_table()
    with pytest.raises(ValueError, match=r"must be text for a model to be saved, got \[0, 1\]"):
        to_arrays(OrdinalRidgeClassifier(groups=[0, 0, 1, 1, 1], n_components={0: 1, 1: 2}).fit(X, y))


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("coef", np.zeros((3, 4)), r"coef has shape \(3, 4\), expected \(3, 5\)"),
        ("intercept", np.zeros(2), r"intercept has shape \(2,\), expected \(3,\)"),
        ("means", np.full(5, np.inf), "means holds values that are not finite"),
        ("limits", np.full(5, np.nan), "limits holds values that are not finite"),
        ("scales", np.zeros(5), "must be positive"),
        ("limits", -np.ones(5), "must be positive"),
    ],
)
def test_damaged_arrays_are_refused(name, value, message):
    arrays, metadata = to_arrays(fitted())
    with pytest.raises(ValueError, match=message):
        from_arrays({**arrays, name: value}, metadata)


def test_missing_arrays_and_foreign_descriptions_are_refused():
    arrays, metadata = to_arrays(fitted())
    for name in arrays:
        with pytest.raises(ValueError, match=f"Missing arrays: {name}"):
            from_arrays({other: array for other, array in arrays.items() if other != name}, metadata)
    with pytest.raises(ValueError, match="fit the model again"):
        from_arrays(arrays, metadata | {"format_version": 99})
    for name in ("feature_names", "classes", "parameters", "n_iter"):
        with pytest.raises(ValueError, match=f"lacks or misnames something: '{name}'"):
            from_arrays(arrays, {other: value for other, value in metadata.items() if other != name})
    with pytest.raises(ValueError, match="lacks or misnames"):
        from_arrays(arrays, metadata | {"parameters": metadata["parameters"] | {"rigde": 1.0}})

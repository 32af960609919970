"""Fitted ordinal ridges as plain arrays and JSON-able metadata, checked on the way back; no pickle."""

from collections.abc import Mapping
from typing import Any, Final

import numpy as np
import sklearn
from numpy.typing import NDArray
from sklearn.utils.validation import check_is_fitted

from entropice.ordinal.classifier import OrdinalRidgeClassifier

NamedArrays = dict[str, NDArray[np.generic]]

FORMAT: Final = "ordinal-ridge"
FORMAT_VERSION: Final = 1
SHAPES: Final = {
    "medians": "D",
    "means": "D",
    "scales": "D",
    "limits": "D",
    "centers": "D",
    "coef": "SD",
    "intercept": "S",
}
"""Arrays with their axes: columns D, stages S."""


def to_arrays(model: OrdinalRidgeClassifier) -> tuple[NamedArrays, dict[str, Any]]:
    """Take a model fitted on named columns apart; `from_arrays` puts it together again, bit for bit.

    Raises
    ------
    ValueError
        If the model was fitted without column names, or a label of its groups is no text.
    """
    check_is_fitted(model)
    if not hasattr(model, "feature_names_in_"):
        raise ValueError("Only a model fitted on named columns (a data frame) can be saved.")
    arrays = {name: getattr(model, f"{name}_") for name in SHAPES}
    return arrays, {
        "format": FORMAT,
        "format_version": FORMAT_VERSION,
        "feature_names": model.feature_names_in_.tolist(),
        "classes": model.classes_.tolist(),
        "parameters": _plain(model.get_params(deep=False)),
        "n_iter": int(model.n_iter_),
        "versions": {"numpy": np.__version__, "scikit-learn": sklearn.__version__},
    }


def from_arrays(arrays: Mapping[str, NDArray[Any]], metadata: Mapping[str, Any]) -> OrdinalRidgeClassifier:
    """Rebuild the model that `to_arrays` took apart.

    Raises
    ------
    ValueError
        If the format is another one, an array is missing, has the wrong shape or holds what no fit gives.
    """
    found = (metadata.get("format"), metadata.get("format_version"))
    if found != (FORMAT, FORMAT_VERSION):
        raise ValueError(f"Expected the format {(FORMAT, FORMAT_VERSION)}, got {found}: fit the model again.")
    try:
        return _rebuilt(arrays, metadata)
    except (KeyError, TypeError) as error:
        raise ValueError(f"The description of the model lacks or misnames something: {error}.") from error


def _rebuilt(arrays: Mapping[str, NDArray[Any]], metadata: Mapping[str, Any]) -> OrdinalRidgeClassifier:
    model = OrdinalRidgeClassifier(**metadata["parameters"])
    model._validate_params()
    names, classes = metadata["feature_names"], metadata["classes"]
    _check(arrays, {"D": len(names), "S": len(classes) - 1})
    for name in SHAPES:
        setattr(model, f"{name}_", np.asarray(arrays[name], dtype=np.float64))
    model.classes_ = np.array(classes)
    model.feature_names_in_ = np.array(names, dtype=object)
    model.n_features_in_ = len(names)
    model.n_iter_ = int(metadata["n_iter"])
    return model


def _plain(parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Parameters that JSON can hold: sequences as lists, mappings as dictionaries, numbers of NumPy as Python's."""
    return {name: _plain_value(value) for name, value in parameters.items()}


def _plain_value(value: Any) -> Any:
    if isinstance(value, Mapping):
        return _with_names(value)
    if isinstance(value, np.ndarray | np.generic):
        return value.tolist()
    return list(value) if isinstance(value, tuple) else value


def _with_names(numbers: Mapping[Any, Any]) -> dict[str, Any]:
    unnamed = [label for label in numbers if not isinstance(label, str)]
    if unnamed:
        raise ValueError(f"Labels of groups must be text for a model to be saved, got {unnamed}.")
    return {label: _plain_value(each) for label, each in numbers.items()}


def _check(arrays: Mapping[str, NDArray[Any]], sizes: Mapping[str, int]) -> None:
    missing = [name for name in SHAPES if name not in arrays]
    if missing:
        raise ValueError(f"Missing arrays: {', '.join(missing)}.")
    for name, axes in SHAPES.items():
        expected = tuple(sizes[axis] for axis in axes)
        if arrays[name].shape != expected:
            raise ValueError(f"Array {name} has shape {arrays[name].shape}, expected {expected}.")
        if np.isnan(arrays[name]).any() or (name != "limits" and np.isinf(arrays[name]).any()):
            raise ValueError(f"Array {name} holds values that are not finite.")
    if (arrays["scales"] <= 0).any() or (arrays["limits"] <= 0).any():
        raise ValueError("Arrays scales and limits must be positive.")

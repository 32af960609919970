"""A fitted eSPA classifier as plain arrays and JSON-able metadata, checked on the way back; no pickle."""

from collections.abc import Mapping
from typing import Any, Final

import numpy as np
import sklearn
from numpy.typing import NDArray
from sklearn.utils.validation import check_is_fitted

from entropice.espa.classifier import ESPAClassifier

NamedArrays = dict[str, NDArray[np.generic]]

FORMAT: Final = "espa"
FORMAT_VERSION: Final = 1
SHAPES: Final = {
    "box_centers": "KD",
    "box_class_probabilities": "MK",
    "feature_weights": "D",
    "feature_offset": "D",
    "feature_scale": "D",
    "feature_metric": "D",
    "loss_curve": "I",
}
"""Arrays of the file with their axes: boxes K, features D, classes M, sweeps I."""


def to_arrays(model: ESPAClassifier) -> tuple[NamedArrays, dict[str, Any]]:
    """Take a model fitted on named features apart; `from_arrays` puts it together again, bit for bit.

    Raises
    ------
    ValueError
        If the model was fitted without feature names, or its random_state is not an integer or None.
    """
    check_is_fitted(model)
    if not hasattr(model, "feature_names_in_"):
        raise ValueError("Only a model fitted on named features (a data frame) can be saved.")
    parameters = model.get_params()
    if isinstance(parameters["random_state"], np.random.RandomState):
        raise ValueError("random_state must be an integer or None for a model to be saved.")
    metadata = {
        "format": FORMAT,
        "format_version": FORMAT_VERSION,
        "feature_names": model.feature_names_in_.tolist(),
        "classes": model.classes_.tolist(),
        "parameters": parameters,
        "versions": {"numpy": np.__version__, "scikit-learn": sklearn.__version__},
    }
    return {name: getattr(model, f"{name}_") for name in SHAPES}, metadata


def from_arrays(arrays: Mapping[str, NDArray[Any]], metadata: Mapping[str, Any]) -> ESPAClassifier:
    """Rebuild the model that `to_arrays` took apart.

    Raises
    ------
    ValueError
        If the format is another one, an array is missing, has the wrong shape or is not finite, or values break the
        laws of the model (weights and probabilities that do not sum to 1).
    """
    _check_format(metadata)
    _check_shapes(arrays, metadata)
    _check_values(arrays)
    model = ESPAClassifier(**metadata["parameters"])
    for name in SHAPES:
        setattr(model, f"{name}_", np.asarray(arrays[name], dtype=np.float64))
    model.loss_ = float(model.loss_curve_[-1])
    model.n_iter_ = len(model.loss_curve_)
    model.classes_ = np.array(metadata["classes"])
    model.feature_names_in_ = np.array(metadata["feature_names"], dtype=object)
    model.n_features_in_ = len(model.feature_names_in_)
    return model


def _check_format(metadata: Mapping[str, Any]) -> None:
    found = (metadata.get("format"), metadata.get("format_version"))
    if found != (FORMAT, FORMAT_VERSION):
        raise ValueError(f"Expected format {(FORMAT, FORMAT_VERSION)}, got {found}.")


def _check_shapes(arrays: Mapping[str, NDArray[Any]], metadata: Mapping[str, Any]) -> None:
    """Every array is there, with the sizes that the metadata and the other arrays imply."""
    missing = [name for name in SHAPES if name not in arrays]
    if missing:
        raise ValueError(f"Missing arrays: {', '.join(missing)}.")
    sizes = {
        "K": len(arrays["box_centers"]),
        "D": len(metadata["feature_names"]),
        "M": len(metadata["classes"]),
        "I": len(arrays["loss_curve"]),
    }
    for name, axes in SHAPES.items():
        expected = tuple(sizes[axis] for axis in axes)
        if arrays[name].shape != expected:
            raise ValueError(f"Array {name} has shape {arrays[name].shape}, expected {expected}.")


def _check_values(arrays: Mapping[str, NDArray[Any]]) -> None:
    for name in SHAPES:
        if not np.isfinite(arrays[name]).all():
            raise ValueError(f"Array {name} holds values that are not finite.")
    for name in ("feature_weights", "box_class_probabilities"):
        if (arrays[name] < 0).any() or not np.allclose(arrays[name].sum(axis=0), 1.0):
            raise ValueError(f"Array {name} does not hold shares that sum to 1.")

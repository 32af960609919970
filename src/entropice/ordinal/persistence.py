"""Fitted estimators as plain arrays and JSON-able metadata, checked on the way back; no pickle."""

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

import numpy as np
import sklearn
from numpy.typing import NDArray
from sklearn.utils.validation import check_is_fitted

from entropice.ordinal.classifier import OrdinalRidgeClassifier
from entropice.ordinal.components import GroupComponents

NamedArrays = dict[str, NDArray[np.generic]]
Estimator = OrdinalRidgeClassifier | GroupComponents


class Kind(NamedTuple):
    """An estimator, and its arrays with their axes: columns D, components K, stages S."""

    estimator: type[OrdinalRidgeClassifier] | type[GroupComponents]
    shapes: Mapping[str, str]


FORMAT_VERSION: Final = 1
SCALES: Final = dict.fromkeys(("medians", "means", "scales", "limits", "centers"), "D")
KINDS: Final = {
    "ordinal-ridge": Kind(OrdinalRidgeClassifier, SCALES | {"coef": "SD", "intercept": "S"}),
    "group-components": Kind(GroupComponents, SCALES | {"loadings": "DK", "output_limits": "K"}),
}
LIMITS: Final = ("limits", "output_limits")
"""Arrays that may be infinite."""
POSITIVE: Final = ("scales", *LIMITS)


def to_arrays(estimator: Estimator) -> tuple[NamedArrays, dict[str, Any]]:
    """Take an estimator fitted on named columns apart; `from_arrays` puts it together again, bit for bit.

    Arrays are float64, named and shaped as `KINDS` says: ``medians means scales limits centers`` (D,), and ``coef``
    (M − 1, D) and ``intercept`` (M − 1,) of a classifier, ``loadings`` (D, K) and ``output_limits`` (K,) of components.
    The metadata hold, as JSON can, ``format format_version feature_names parameters versions`` (of numpy and
    scikit-learn) and, of a classifier, ``classes`` and ``n_iter``.

    Sizes: D columns, M classes, K components.

    Raises
    ------
    ValueError
        If it was fitted without column names, or a label of its groups is no text; before a fit its subclass
        NotFittedError.

    Examples
    --------
    >>> import numpy as np
    >>> import pandas as pd
    >>> X = pd.DataFrame({"slope_deg": [0.0, 1.0, 8.0, 9.0]})
    >>> model = OrdinalRidgeClassifier().fit(X, [0, 0, 1, 1])
    >>> arrays, metadata = to_arrays(model)
    >>> arrays["coef"].shape, metadata["feature_names"], metadata["classes"]
    ((1, 1), ['slope_deg'], [0, 1])
    >>> np.array_equal(from_arrays(arrays, metadata).predict_proba(X), model.predict_proba(X))
    True
    """
    check_is_fitted(estimator)
    if not hasattr(estimator, "feature_names_in_"):
        raise ValueError("Only an estimator fitted on named columns (a data frame) can be saved.")
    name, kind = next((name, kind) for name, kind in KINDS.items() if type(estimator) is kind.estimator)
    arrays = {array: getattr(estimator, f"{array}_") for array in kind.shapes}
    return arrays, {
        "format": name,
        "format_version": FORMAT_VERSION,
        "feature_names": estimator.feature_names_in_.tolist(),
        "parameters": {name: _plain(value) for name, value in estimator.get_params(deep=False).items()},
        "versions": {"numpy": np.__version__, "scikit-learn": sklearn.__version__},
        **_beside_arrays(estimator),
    }


def from_arrays(arrays: Mapping[str, NDArray[Any]], metadata: Mapping[str, Any]) -> Estimator:
    """Rebuild the estimator that `to_arrays` took apart: arrays named and shaped as `KINDS` says, and its metadata.

    Other arrays are passed over; versions of libraries are not compared.

    Raises
    ------
    ValueError
        If the format or its version is another one, an array is missing, has the wrong shape or holds what no fit gives
        (NaN, infinity elsewhere than in limits, scales and limits that are not positive), a parameter is out of range,
        or the description lacks something.

    Examples
    --------
    >>> from_arrays({}, {"format": "pickle", "format_version": 1})
    Traceback (most recent call last):
        ...
    ValueError: Expected one of the formats [('ordinal-ridge', 1), ('group-components', 1)], got ('pickle', 1): fit ...
    """
    found = (metadata.get("format"), metadata.get("format_version"))
    known = [(name, FORMAT_VERSION) for name in KINDS]
    if found not in known:
        raise ValueError(f"Expected one of the formats {known}, got {found}: fit the model again.")
    try:
        return _rebuilt(KINDS[metadata["format"]], arrays, metadata)
    except (KeyError, TypeError) as error:
        raise ValueError(f"The description of the model lacks or misnames something: {error}.") from error


def _beside_arrays(estimator: Estimator) -> dict[str, Any]:
    if isinstance(estimator, GroupComponents):
        return {}
    return {"classes": estimator.classes_.tolist(), "n_iter": int(estimator.n_iter_)}


def _rebuilt(kind: Kind, arrays: Mapping[str, NDArray[Any]], metadata: Mapping[str, Any]) -> Estimator:
    estimator = kind.estimator(**metadata["parameters"])
    estimator._validate_params()
    names = metadata["feature_names"]
    missing = [name for name in kind.shapes if name not in arrays]
    if missing:
        raise ValueError(f"Missing arrays: {', '.join(missing)}.")
    sizes = {"D": len(names)}
    if isinstance(estimator, GroupComponents):
        sizes["K"] = len(arrays["output_limits"])
    else:
        estimator.classes_, estimator.n_iter_ = np.array(metadata["classes"]), int(metadata["n_iter"])
        sizes["S"] = len(estimator.classes_) - 1
    for name, axes in kind.shapes.items():
        _check(name, arrays[name], tuple(sizes[axis] for axis in axes))
        setattr(estimator, f"{name}_", np.asarray(arrays[name], dtype=np.float64))
    estimator.feature_names_in_ = np.array(names, dtype=object)
    estimator.n_features_in_ = len(names)
    return estimator


def _plain(value: Any) -> Any:
    """A parameter that JSON can hold."""
    if isinstance(value, Mapping):
        return _with_names(value)
    if isinstance(value, np.ndarray | np.generic):
        return value.tolist()
    return list(value) if isinstance(value, tuple) else value


def _with_names(numbers: Mapping[Any, Any]) -> dict[str, Any]:
    unnamed = [label for label in numbers if not isinstance(label, str)]
    if unnamed:
        raise ValueError(f"Labels of groups must be text for a model to be saved, got {unnamed}.")
    return {label: _plain(each) for label, each in numbers.items()}


def _check(name: str, array: NDArray[Any], expected: tuple[int, ...]) -> None:
    if array.shape != expected:
        raise ValueError(f"Array {name} has shape {array.shape}, expected {expected}.")
    if np.isnan(array).any() or (name not in LIMITS and np.isinf(array).any()):
        raise ValueError(f"Array {name} holds values that are not finite.")
    if name in POSITIVE and (array <= 0).any():
        raise ValueError(f"Array {name} must be positive.")

"""Fitted eSPA models as plain arrays and JSON-able metadata, checked on the way back; no pickle."""

from collections.abc import Mapping
from typing import Any, Final

import numpy as np
import sklearn
from numpy.typing import NDArray
from sklearn.utils.validation import check_is_fitted

from entropice.espa.classifier import ESPAClassifier
from entropice.espa.ensemble import ESPAEnsemble

NamedArrays = dict[str, NDArray[np.generic]]
Model = ESPAClassifier | ESPAEnsemble

FORMAT: Final = "espa"
ENSEMBLE_FORMAT: Final = "espa-ensemble"
FORMAT_VERSION: Final = 3
SHAPES: Final = {
    "box_centers": "KD",
    "box_class_probabilities": "MK",
    "eps_entropy": "",
    "feature_weights": "D",
    "feature_offset": "D",
    "feature_scale": "D",
    "feature_metric": "D",
    "loss_curve": "I",
    "descent_centers": "JD",
    "descent_probabilities": "MJ",
}
"""Arrays of a classifier with their axes (none: a number): boxes K (J before re-assignment), features D, classes M,
sweeps I."""


def to_arrays(model: Model) -> tuple[NamedArrays, dict[str, Any]]:
    """Take a model fitted on named features apart; `from_arrays` puts it together again, bit for bit.

    Arrays are float64, named and shaped as `SHAPES` says: ``box_centers`` (K, D), ``box_class_probabilities`` (M, K),
    ``eps_entropy`` (), ``feature_weights feature_offset feature_scale feature_metric`` (D,), ``loss_curve`` (sweeps,),
    ``descent_centers`` (J, D) and ``descent_probabilities`` (M, J). Those of an ensemble's members are named
    ``<number>.<array>``, from 0. The metadata hold, as JSON can, ``format format_version feature_names classes
    parameters versions`` (of numpy and scikit-learn) and, of an ensemble, ``temperature`` and ``members``, a list of
    ``classes`` and ``parameters``.

    Sizes: D features, M classes, K boxes, J boxes before the re-assignment.

    Raises
    ------
    ValueError
        If the model was fitted without feature names, or has a parameter that JSON cannot hold, such as given centres,
        a splitter or a random state that is no number; before a fit its subclass NotFittedError.

    Examples
    --------
    >>> import numpy as np
    >>> import pandas as pd
    >>> X = pd.DataFrame({"slope_deg": [0.0, 1.0, 8.0, 9.0]})
    >>> model = ESPAClassifier(n_boxes=2, device="cpu", random_state=0).fit(X, [0, 0, 1, 1])
    >>> arrays, metadata = to_arrays(model)
    >>> arrays["box_centers"].shape, metadata["feature_names"]
    ((2, 1), ['slope_deg'])
    >>> np.array_equal(from_arrays(arrays, metadata).predict(X), model.predict(X))
    True
    """
    check_is_fitted(model)
    if not hasattr(model, "feature_names_in_"):
        raise ValueError("Only a model fitted on named features (a data frame) can be saved.")
    if isinstance(model, ESPAClassifier):
        return _arrays_of(model), _metadata(model, FORMAT, _plain_parameters(model))
    parameters = _plain_parameters(model) | {"estimator": _plain_parameters(model.base())}
    members = [
        {"classes": member.classes_.tolist(), "parameters": _plain_parameters(member)} for member in model.members_
    ]
    arrays = {
        f"{number}.{name}": array
        for number, member in enumerate(model.members_)
        for name, array in _arrays_of(member).items()
    }
    return arrays, _metadata(model, ENSEMBLE_FORMAT, parameters) | {
        "temperature": model.temperature_,
        "members": members,
    }


def from_arrays(arrays: Mapping[str, NDArray[Any]], metadata: Mapping[str, Any]) -> Model:
    """Rebuild the model that `to_arrays` took apart: arrays named and shaped as `SHAPES` says, and its metadata.

    Other arrays are passed over; versions of libraries are not compared.

    Raises
    ------
    ValueError
        If the format or its version is another one, an array is missing, has the wrong shape or is not finite, the
        description lacks something, a parameter is out of range, or values break the laws of the model (weights and
        probabilities that do not sum to 1; members that are too few, or of other classes).

    Examples
    --------
    An array that was cut is refused; the example of `to_arrays` goes there and back.

    >>> import pandas as pd
    >>> X = pd.DataFrame({"slope_deg": [0.0, 1.0, 8.0, 9.0]})
    >>> arrays, metadata = to_arrays(ESPAClassifier(2, device="cpu", random_state=0).fit(X, [0, 0, 1, 1]))
    >>> from_arrays(arrays | {"box_centers": arrays["box_centers"][:1]}, metadata)
    Traceback (most recent call last):
        ...
    ValueError: Array box_class_probabilities has shape (2, 2), expected (2, 1).
    """
    _check_format(metadata)
    # A file may have been edited or cut: everything that prediction relies on is checked before there is a model.
    try:
        if metadata["format"] == FORMAT:
            return _classifier(arrays, metadata["classes"], metadata["parameters"], metadata["feature_names"])
        return _ensemble(arrays, metadata)
    except (KeyError, TypeError) as error:
        raise ValueError(f"The description of the model lacks or misnames something: {error}.") from error


def _ensemble(arrays: Mapping[str, NDArray[Any]], metadata: Mapping[str, Any]) -> ESPAEnsemble:
    parameters = metadata["parameters"]
    model = ESPAEnsemble(**parameters | {"estimator": ESPAClassifier(**parameters["estimator"])})
    model._validate_params()
    model.base()._validate_params()
    model.members_ = []
    for number, member in enumerate(metadata["members"]):
        try:
            rebuilt = _classifier(
                _own(arrays, number), member["classes"], member["parameters"], metadata["feature_names"]
            )
        except ValueError as error:
            raise ValueError(f"Member {number}: {error}") from error
        model.members_.append(rebuilt)
    model.temperature_ = float(metadata["temperature"])
    model.classes_ = np.array(metadata["classes"])
    _name_features(model, metadata["feature_names"])
    _check_ensemble(model)
    return model


def _check_ensemble(model: ESPAEnsemble) -> None:
    if len(model.members_) != model.n_members:
        raise ValueError(f"The ensemble has {len(model.members_)} members, expected n_members={model.n_members}.")
    if not (np.isfinite(model.temperature_) and model.temperature_ > 0):
        raise ValueError(f"temperature must be positive and finite, got {model.temperature_}.")
    known = np.unique(np.concatenate([member.classes_ for member in model.members_]))
    if not np.array_equal(known, model.classes_):
        raise ValueError(f"The members know the classes {known.tolist()}, the ensemble {model.classes_.tolist()}.")


def _arrays_of(model: ESPAClassifier) -> NamedArrays:
    return {name: np.asarray(getattr(model, f"{name}_")) for name in SHAPES}


def _own(arrays: Mapping[str, NDArray[Any]], number: int) -> NamedArrays:
    """Arrays of one member of an ensemble."""
    prefix = f"{number}."
    return {name.removeprefix(prefix): array for name, array in arrays.items() if name.startswith(prefix)}


def _plain_parameters(model: Model) -> dict[str, Any]:
    """Parameters that JSON can hold."""
    parameters: dict[str, Any] = model.get_params(deep=False)
    return {name: _plain(name, value) for name, value in parameters.items()}


def _plain(name: str, value: Any) -> Any:
    """A number, a name, None, a list of numbers of boxes; or the classifier of an ensemble, as it is."""
    if name == "n_boxes" and value is not None:
        return np.asarray(value).tolist()
    if not isinstance(value, str | int | float | bool | np.generic | ESPAClassifier | None):
        raise ValueError(f"{name} must be a number, a name or None for a model to be saved, got {value!r}.")
    return value.item() if isinstance(value, np.generic) else value


def _metadata(model: Model, name: str, parameters: dict[str, Any]) -> dict[str, Any]:
    return {
        "format": name,
        "format_version": FORMAT_VERSION,
        "feature_names": model.feature_names_in_.tolist(),
        "classes": model.classes_.tolist(),
        "parameters": parameters,
        "versions": {"numpy": np.__version__, "scikit-learn": sklearn.__version__},
    }


def _classifier(
    arrays: Mapping[str, NDArray[Any]], classes: list[Any], parameters: Mapping[str, Any], feature_names: list[str]
) -> ESPAClassifier:
    _check_shapes(arrays, len(classes), len(feature_names))
    _check_values(arrays)
    model = ESPAClassifier(**parameters)
    model._validate_params()
    for name in SHAPES:
        setattr(model, f"{name}_", np.asarray(arrays[name], dtype=np.float64))
    model.eps_entropy_ = float(model.eps_entropy_)
    model.loss_ = float(model.loss_curve_[-1])
    model.n_iter_ = len(model.loss_curve_)
    model.classes_ = np.array(classes)
    _name_features(model, feature_names)
    return model


def _name_features(model: Model, names: list[str]) -> None:
    model.feature_names_in_ = np.array(names, dtype=object)
    model.n_features_in_ = len(names)


def _check_format(metadata: Mapping[str, Any]) -> None:
    found = (metadata.get("format"), metadata.get("format_version"))
    known = [(name, FORMAT_VERSION) for name in (FORMAT, ENSEMBLE_FORMAT)]
    if found not in known:
        raise ValueError(f"Expected one of the formats {known}, got {found}: fit the model again.")


def _check_shapes(arrays: Mapping[str, NDArray[Any]], n_classes: int, n_features: int) -> None:
    """Every array is there, with the sizes that the metadata and the other arrays imply."""
    missing = [name for name in SHAPES if name not in arrays]
    if missing:
        raise ValueError(f"Missing arrays: {', '.join(missing)}.")
    sizes = {
        "K": len(arrays["box_centers"]),
        "J": len(arrays["descent_centers"]),
        "D": n_features,
        "M": n_classes,
        "I": len(arrays["loss_curve"]),
    }
    if not sizes["I"]:
        raise ValueError("Array loss_curve is empty, expected the objective of at least one sweep.")
    for name, axes in SHAPES.items():
        expected = tuple(sizes[axis] for axis in axes)
        if arrays[name].shape != expected:
            raise ValueError(f"Array {name} has shape {arrays[name].shape}, expected {expected}.")


def _check_values(arrays: Mapping[str, NDArray[Any]]) -> None:
    if not arrays["eps_entropy"] >= 0:
        raise ValueError(f"Array eps_entropy must be a strength of at least 0, got {arrays['eps_entropy']}.")
    for name in SHAPES:
        if name != "eps_entropy" and not np.isfinite(arrays[name]).all():
            raise ValueError(f"Array {name} holds values that are not finite.")
    if (arrays["feature_scale"] <= 0).any() or (arrays["feature_metric"] < 0).any():
        raise ValueError("Array feature_scale must be positive and feature_metric not negative.")
    for name in ("feature_weights", "box_class_probabilities", "descent_probabilities"):
        if (arrays[name] < 0).any() or not np.allclose(arrays[name].sum(axis=0), 1.0):
            raise ValueError(f"Array {name} does not hold shares that sum to 1.")

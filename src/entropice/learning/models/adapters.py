"""Steps that several models share, and classifiers of other libraries behind scikit-learn's contract."""

from typing import Any, Self

import numpy as np
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.impute import SimpleImputer
from sklearn.neighbors import KNeighborsClassifier

from entropice.learning.models.model import Device
from entropice.types import Float32Array, FloatArray


def median_imputer() -> SimpleImputer:
    """Put the median of the training rows in place of missing values (NaN).

    An unfitted imputer for rows (n, n_feature); a feature that no training row knows stays,
    with 0 in place of missing values.

    Examples
    --------
    >>> imputer = median_imputer().fit([[1.0, np.nan], [2.0, np.nan], [9.0, np.nan]])
    >>> imputer.transform([[np.nan, 5.0], [1.0, np.nan]]).tolist()
    [[2.0, 5.0], [1.0, 0.0]]
    """
    return SimpleImputer(strategy="median", keep_empty_features=True)


def distance_to_pole(coordinates_m: FloatArray) -> FloatArray:
    """Distance (n, 1) of places (n, 2) in EPSG:6931 to the pole, in 1,000 km: a function of latitude alone.

    Examples
    --------
    >>> distance_to_pole(np.array([[3e6, 4e6], [0.0, 0.0]])).tolist()
    [[5.0], [0.0]]
    """
    distance: FloatArray = np.linalg.norm(coordinates_m, axis=1, keepdims=True) / 1e6
    return distance


class ContiguousCodes(ClassifierMixin, BaseEstimator):  # type: ignore[misc]  # scikit-learn has no type hints
    """A classifier that asks for codes 0, 1, 2, … without gaps and computes in single precision.

    Parameters
    ----------
    inner
        The classifier of XGBoost or cuML.

    Attributes
    ----------
    classes_
        (n_class,) ascending codes seen in the fit.
    """

    def __init__(self, inner: Any) -> None:
        self.inner = inner

    def fit(self, rows: Any, class_codes: Any) -> Self:
        """Fit rows (n, n_feature) to any codes (n,), which the inner classifier sees as int32 from 0 without gaps.

        Examples
        --------
        >>> from sklearn.dummy import DummyClassifier
        >>> fitted = ContiguousCodes(DummyClassifier(strategy="prior")).fit(np.zeros((4, 1)), [3, 3, 3, 7])
        >>> fitted.classes_.tolist(), fitted.predict_proba(np.zeros((1, 1))).tolist()
        ([3, 7], [[0.75, 0.25]])
        """
        self.classes_, contiguous = np.unique(class_codes, return_inverse=True)
        self.inner.fit(_single(rows), contiguous.astype(np.int32))
        return self

    def predict_proba(self, rows: Any) -> FloatArray:
        """Return probabilities (n, n_class) by ``classes_``, in double precision, so that rows sum to 1."""
        probabilities: FloatArray = np.asarray(self.inner.predict_proba(_single(rows)), dtype=np.float64)
        normalised: FloatArray = probabilities / probabilities.sum(axis=1, keepdims=True)
        return normalised


class NearestRows(ClassifierMixin, BaseEstimator):  # type: ignore[misc]  # scikit-learn has no type hints
    """Class frequencies of the nearest training rows by Euclidean distance, or of all where there are fewer.

    Parameters
    ----------
    n_neighbors
        Rows to look at.
    device
        ``"cpu"`` for scikit-learn, ``"cuda"`` for cuML.

    Examples
    --------
    >>> fitted = NearestRows(2, "cpu").fit(np.array([[0.0], [1.0], [9.0]]), np.array([0, 1, 1]))
    >>> fitted.predict_proba(np.array([[0.2], [8.0]])).tolist()
    [[0.5, 0.5], [0.0, 1.0]]
    """

    def __init__(self, n_neighbors: int, device: Device) -> None:
        self.n_neighbors = n_neighbors
        self.device = device

    def fit(self, rows: Any, class_codes: Any) -> Self:
        """Remember rows (n, n_feature), without NaN, and their codes (n,), which may have gaps."""
        # As many as there are: libraries refuse to look at more rows than they were given, and folds may be small.
        self.inner_ = self._make(min(self.n_neighbors, len(class_codes))).fit(rows, class_codes)
        self.classes_ = self.inner_.classes_
        return self

    def predict_proba(self, rows: Any) -> Any:
        """Return class frequencies (n, n_class) of rows (n, n_feature), in the order of ``classes_``.

        Neighbours count alike, however far; of equally far ones the library chooses.

        Examples
        --------
        Of the two nearest rows to 0.2 one is of class 3.

        >>> fitted = NearestRows(2, "cpu").fit(np.array([[0.0], [1.0], [9.0]]), np.array([3, 7, 7]))
        >>> fitted.classes_.tolist(), fitted.predict_proba(np.array([[0.2]])).tolist()
        ([3, 7], [[0.5, 0.5]])
        """
        return self.inner_.predict_proba(rows)

    def _make(self, n_neighbors: int) -> Any:
        if self.device != "cuda":
            return KNeighborsClassifier(n_neighbors=n_neighbors)
        from cuml.neighbors import KNeighborsClassifier as OnCuda

        return ContiguousCodes(OnCuda(n_neighbors=n_neighbors, output_type="numpy"))


def _single(rows: Any) -> Float32Array:
    return np.ascontiguousarray(rows, dtype=np.float32)

"""Check what users hand in, by scikit-learn's own rules; tables on disk by the same rules, block by block."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.model_selection import check_cv
from sklearn.utils.validation import check_consistent_length, check_is_fitted, column_or_1d, validate_data

from entropice.espa.data.rows import StoredTable, rows_of

Indices = NDArray[np.int64]


def check_rows_and_labels(estimator: Any, X: Any, y: Any) -> tuple[Any, Any]:
    """Return rows (T, D) as floating point values or as the array on disk, and labels (T,); note features' names.

    Values are float32 or float64, NaN is missing. Sets ``n_features_in_`` of the estimator and, where X has names of
    columns, ``feature_names_in_``.

    Raises
    ------
    ValueError
        If shapes do not fit together, a value is infinite, or a label is missing.
    """
    if not isinstance(X, StoredTable):
        table, labels = validate_data(estimator, X, y, dtype=[np.float64, np.float32], ensure_all_finite="allow-nan")
        return table, labels
    labels = column_or_1d(y, warn=True)
    if len(labels) != X.shape[0]:
        raise ValueError(f"Found input variables with inconsistent numbers of samples: {[X.shape[0], len(labels)]}")
    _refuse_infinite(X)
    estimator.n_features_in_ = X.shape[1]
    if X.feature_names is not None:
        estimator.feature_names_in_ = np.array(X.feature_names, dtype=object)
    return X.array, labels


def check_rows(estimator: Any, X: Any) -> Any:
    """Return rows (T, D) for a fitted estimator as floating point values or as the array on disk; NaN is missing.

    Raises
    ------
    ValueError
        If the features are others than in the fit or in another order, or a value is infinite; before a fit its
        subclass NotFittedError.
    """
    check_is_fitted(estimator)
    if not isinstance(X, StoredTable):
        return validate_data(estimator, X, dtype=[np.float64, np.float32], ensure_all_finite="allow-nan", reset=False)
    if X.shape[1] != estimator.n_features_in_:
        raise ValueError(
            f"X has {X.shape[1]} features, but {type(estimator).__name__} is expecting {estimator.n_features_in_} "
            "features as input."
        )
    known = getattr(estimator, "feature_names_in_", None)
    if known is not None and X.feature_names is not None and list(X.feature_names) != known.tolist():
        raise ValueError("The feature names should match those that were passed during fit, in the same order.")
    _refuse_infinite(X)
    return X.array


def names_of(estimator: Any) -> list[str]:
    """Names (D,) of the features seen in the fit, or their numbers from 0 on, as text.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> named = SimpleNamespace(feature_names_in_=["slope"], n_features_in_=1)
    >>> names_of(SimpleNamespace(n_features_in_=2)), names_of(named)
    (['0', '1'], ['slope'])
    """
    names = getattr(estimator, "feature_names_in_", range(estimator.n_features_in_))
    return [str(name) for name in names]


def check_class_weight(class_weight: Any, classes: NDArray[Any]) -> None:
    """Refuse factors of classes that are not there, or that are not positive and finite.

    Parameters
    ----------
    class_weight
        Factors by label; anything but a mapping passes.
    classes
        (M,) labels.

    Raises
    ------
    ValueError
        If a label is none of the classes, or a factor is 0, negative, infinite or NaN.

    Examples
    --------
    >>> import numpy as np
    >>> check_class_weight({"some": 2.0}, np.array(["none", "some"]))
    >>> check_class_weight({"some": 0.0}, np.array(["none", "some"]))
    Traceback (most recent call last):
        ...
    ValueError: class_weight must be positive and finite, got {'some': 0.0}: leave rows out by sample_weight.
    """
    if not isinstance(class_weight, Mapping):
        return
    unknown = [label for label in class_weight if label not in classes.tolist()]
    if unknown:
        raise ValueError(f"class_weight names {unknown[0]!r}, but the classes are {classes.tolist()}.")
    wrong = {label: value for label, value in class_weight.items() if not 0 < value < np.inf}
    if wrong:
        raise ValueError(f"class_weight must be positive and finite, got {wrong}: leave rows out by sample_weight.")


def check_splits(splitter: Any, y: NDArray[Any], groups: Any) -> list[tuple[Indices, Indices]]:
    """Return the folds of a number, a splitter or an iterable of (train, test) as row numbers; masks are turned.

    Labels y and groups (or None) are of shape (T,); row numbers are int64, of shape (n_train,) and (n_test,).

    A number makes so many stratified folds, in the order of the rows (scikit-learn's ``StratifiedKFold``). A row may be
    in several folds, or in none.

    Raises
    ------
    ValueError
        If there is no fold, an index is no row (a negative one is none), training or test rows are empty or a mask is
        of another length, or there are not as many groups as labels.

    Examples
    --------
    >>> import numpy as np
    >>> (train, test), = check_splits([(np.array([True, True, False, False]), [3, 2])], np.array([0, 1, 0, 1]), None)
    >>> train.tolist(), test.tolist()
    ([0, 1], [3, 2])
    """
    check_consistent_length(y, groups)
    splits = [
        (_row_numbers(train, len(y)), _row_numbers(test, len(y)))
        for train, test in check_cv(splitter, y, classifier=True).split(np.zeros((len(y), 1)), y, groups)
    ]
    if not splits:
        raise ValueError("cv gives no fold: give at least one pair of training and test rows.")
    return splits


def _row_numbers(chosen: Any, n_rows: int) -> Indices:
    numbers = np.asarray(chosen)
    if numbers.dtype == np.bool_ and len(numbers) == n_rows:
        return np.flatnonzero(numbers)
    if not np.issubdtype(numbers.dtype, np.integer) or not len(numbers) or numbers.min() < 0 or numbers.max() >= n_rows:
        raise ValueError(f"cv must give masks of {n_rows} rows or row numbers 0 to {n_rows - 1}, got {numbers}.")
    return numbers.astype(np.int64)


def share_features(source: Any, target: Any) -> None:
    """Tell one estimator the number, and the names if there are any, of the features that another has seen in its fit.

    Sets ``n_features_in_`` and ``feature_names_in_`` of the target; the source is not changed.
    """
    target.n_features_in_ = source.n_features_in_
    if hasattr(source, "feature_names_in_"):
        target.feature_names_in_ = source.feature_names_in_


def _refuse_infinite(table: StoredTable) -> None:
    for where, chunk in rows_of(table.array, None).chunks():
        is_infinite = np.isinf(chunk).any(axis=0)
        if is_infinite.any():
            raise ValueError(
                f"Input X contains infinity in column {int(is_infinite.argmax())} within rows {where.start} to "
                f"{where.stop - 1}: replace it by NaN if it means missing."
            )

"""Leading principal components of each group of columns, unwhitened, as one matrix of loadings."""

from collections.abc import Hashable, Mapping, Sequence
from numbers import Integral, Real
from typing import Any, ClassVar, Self

import numpy as np
import scipy.linalg
from numpy.typing import NDArray
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.utils._param_validation import Interval
from sklearn.utils.validation import _check_feature_names_in, _check_sample_weight, check_is_fitted, validate_data

from entropice.ordinal.columns import Columns, Indices, columns_of
from entropice.ordinal.standardised import Floats, Standardisation, standardise_on


def component_loadings(z: Floats, weights: Floats, columns: Columns) -> Floats:
    """Loadings (D, K) of standardised rows (n, D) with weights (n,): those of each group, then the exposure itself.

    The components of a group are the leading eigenvectors of the covariance of its columns, so that ``z @ loadings``
    has uncorrelated columns within a group, each with the variance that it has in the data, the largest first. Without
    groups the loadings are the identity. Rows are centred and hold no NaN, as `standardised` gives them. Columns of
    loadings have length 1, and the largest entry of each is positive; a group has as many as it has columns at most.

    Sizes: D columns, K components.

    Examples
    --------
    Two columns that are equal have one component, along their diagonal.

    >>> import numpy as np
    >>> columns = columns_of(["slope", "relief"], ["terrain", "terrain"], 1, None)
    >>> loadings = component_loadings(np.array([[1.0, 1.0], [-1.0, -1.0]]), np.ones(2), columns)
    >>> (loadings**2).round(9).tolist(), bool((loadings > 0).all())
    ([[0.5], [0.5]], True)
    """
    if columns.groups is None:
        return np.eye(z.shape[1])
    blocks = [_leading(z, weights, members, number) for members, number in columns.groups.values()]
    if columns.exposure is not None:
        blocks.append(np.eye(z.shape[1])[:, [columns.exposure]])
    return np.concatenate(blocks, axis=1)


def _leading(z: Floats, weights: Floats, members: Indices, n_components: int) -> Floats:
    """Loadings (D, n_components) of one group; fewer where it has fewer columns."""
    # By the covariance, not by the rows: a group has few columns, and rows may be many.
    own = np.sqrt(weights)[:, None] * z[:, members]
    _, vectors = scipy.linalg.eigh(own.T @ own)
    leading = vectors[:, ::-1][:, :n_components]
    # An eigenvector has no sign of its own: which one a library gives differs between machines, and would change the
    # names' meaning.
    largest = np.abs(leading).argmax(axis=0)
    loadings = np.zeros((z.shape[1], leading.shape[1]))
    loadings[members] = leading * np.sign(leading[largest, np.arange(leading.shape[1])])
    return loadings


def component_names(names: Sequence[str], columns: Columns) -> list[str]:
    """Names (K,) of the columns of `component_loadings`: the group and a number from 1, or the column's own name.

    Groups in the order of `columns`, a group having no more names than columns; then the exposure's. Without groups
    the names as they are.

    Examples
    --------
    >>> columns = columns_of(["slope", "relief", "rain"], ["terrain", "terrain", "climate"], 1, None)
    >>> component_names(["slope", "relief", "rain"], columns)
    ['terrain_1', 'climate_1']
    """
    if columns.groups is None:
        return list(names)
    exposure = [] if columns.exposure is None else [names[columns.exposure]]
    return [
        f"{group}_{number + 1}"
        for group, (members, n_components) in columns.groups.items()
        for number in range(min(len(members), n_components))
    ] + exposure


class GroupComponents(TransformerMixin, BaseEstimator):  # type: ignore[misc]  # scikit-learn has no type hints
    """Turn many columns into the leading principal components of each group of them.

    Columns are put on one scale first (`entropice.ordinal.standardised`): medians for missing values, unit variance,
    clipped. The signs of components are such that the largest loading is positive.

    Parameters
    ----------
    groups
        Label of the group of each column (D,), the exposure's being ignored; None takes columns as they are.
    n_components
        Number of components by group, or of every group; a group with fewer columns has as many as columns.
    exposure
        Number or name of a column that stays a column of its own, unclipped; or None.
    clip
        Largest absolute standardised value.
    exposure_scale
        Standard deviation of the exposure's column.
    unit_variance
        Scale every output column to unit variance over the training rows.
    component_clip
        Largest absolute output value, the exposure's aside; None for no limit.

    Attributes
    ----------
    medians_, means_, scales_, limits_, centers_
        (D,), as in `entropice.ordinal.standardised.Standardisation`.
    loadings_
        (D, K): the output is ``z @ loadings_``, clipped.
    output_limits_
        (K,).

    Notes
    -----
    A row of weight 0 is an absent row, an integer weight a repeated row.
    """

    _parameter_constraints: ClassVar[dict[str, list[Any]]] = {
        "groups": ["array-like", None],
        "n_components": [Mapping, Interval(Integral, 1, None, closed="left")],
        "exposure": [Integral, str, None],
        "clip": [Interval(Real, 0, None, closed="neither")],
        "exposure_scale": [Interval(Real, 0, None, closed="neither")],
        "unit_variance": ["boolean"],
        "component_clip": [Interval(Real, 0, None, closed="neither"), None],
    }

    def __init__(
        self,
        groups: Sequence[Hashable] | None = None,
        n_components: Mapping[Any, int] | int = 8,
        *,
        exposure: int | str | None = None,
        clip: float = 5.0,
        exposure_scale: float = 1.0,
        unit_variance: bool = False,
        component_clip: float | None = None,
    ) -> None:
        self.groups = groups
        self.n_components = n_components
        self.exposure = exposure
        self.clip = clip
        self.exposure_scale = exposure_scale
        self.unit_variance = unit_variance
        self.component_clip = component_clip

    def fit(self, X: Any, y: Any = None, sample_weight: Any = None) -> Self:  # noqa: ARG002
        """Learn scales and loadings of rows X (n, D) with weights (n,); NaN is missing, labels are ignored.

        None for the weights weighs all rows alike. Columns are standardised as of
        `entropice.ordinal.standardised.standardise_on`, loadings are those of `component_loadings`; with
        ``unit_variance`` each column of them is divided by the standard deviation of its component over the rows.

        Raises
        ------
        ValueError
            If a parameter is out of range or does not fit the columns, a value is infinite, a weight negative, or all
            are zero.
        """
        self._validate_params()
        X = validate_data(self, X, dtype=np.float64, ensure_all_finite="allow-nan")
        weights = _check_sample_weight(sample_weight, X, dtype=np.float64, ensure_non_negative=True)
        columns = self._columns()
        standardisation = standardise_on(X, weights, self.clip, columns.exposure, self.exposure_scale)
        for name, values in standardisation.arrays().items():
            setattr(self, f"{name}_", values)
        z = standardisation.apply(X)
        loadings = component_loadings(z, weights, columns)
        self.loadings_ = loadings / _deviations(z @ loadings, weights) if self.unit_variance else loadings
        self.output_limits_ = self._output_limits(columns.exposure)
        return self

    def transform(self, X: Any) -> Floats:
        """Return the components (n, K), float64, of rows X (n, D); NaN is missing, and none is in the result.

        ``clip(z @ loadings_, −output_limits_, output_limits_)``, by group and number, the exposure last; limits are
        ``component_clip``, and infinite without it and for the exposure. z is standardised as in the fit.

        Sizes: D columns, K components.

        Raises
        ------
        ValueError
            Other columns than those of the fit, or infinite values; before a fit its subclass NotFittedError.

        Examples
        --------
        Two columns that say the same become one, of unit variance. Where one of them is missing it counts as its
        median: half is left.

        >>> model = GroupComponents(["terrain", "terrain"], 1, unit_variance=True).fit([[1.0, 2.0], [3.0, 6.0]])
        >>> model.transform([[1.0, 2.0], [3.0, float("nan")]]).round(9).tolist()
        [[-1.0], [0.5]]
        """
        check_is_fitted(self)
        X = validate_data(self, X, reset=False, dtype=np.float64, ensure_all_finite="allow-nan")
        standardisation = Standardisation(self.medians_, self.means_, self.scales_, self.limits_, self.centers_)
        components: Floats = np.clip(
            standardisation.apply(X) @ self.loadings_, -self.output_limits_, self.output_limits_
        )
        return components

    def get_feature_names_out(self, input_features: Any = None) -> NDArray[np.object_]:
        """Names (K,): the group and a number from 1, or the column's own name, in the order of `transform`.

        Raises
        ------
        ValueError
            Other names of input columns than those of the fit; before a fit its subclass NotFittedError.
        """
        check_is_fitted(self)
        names = _check_feature_names_in(self, input_features)
        return np.array(component_names(names, self._columns()), dtype=object)

    def _columns(self) -> Columns:
        return columns_of(_check_feature_names_in(self), self.groups, self.n_components, self.exposure)

    def _output_limits(self, exposure: int | None) -> Floats:
        limits = np.full(self.loadings_.shape[1], np.inf if self.component_clip is None else float(self.component_clip))
        if exposure is not None:
            limits[self.loadings_[exposure] != 0] = np.inf
        return limits

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.allow_nan = True
        return tags


def _deviations(values: Floats, weights: Floats) -> Floats:
    """Standard deviations (K,) of centred values (n, K); 1 where nothing varies."""
    deviations = np.sqrt(weights @ values**2 / weights.sum())
    return np.where(deviations > 0, deviations, 1.0)

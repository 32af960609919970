"""The eSPA classifier as a scikit-learn estimator."""

from collections.abc import Mapping
from numbers import Integral, Real
from typing import Any, ClassVar, Literal, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.utils._param_validation import Interval, StrOptions
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import _check_sample_weight, check_is_fitted

from entropice.espa.data.rows import rows_of
from entropice.espa.data.training_data import prepare_training_data
from entropice.espa.data.validation import check_class_weight, check_rows, check_rows_and_labels, names_of
from entropice.espa.fitted import Fitted
from entropice.espa.fitting import fit_together
from entropice.espa.initialisation.kmeans_plus_plus import Init
from entropice.espa.prediction import FittedBoxes, class_probabilities, distances, nearest
from entropice.espa.updates import Order

Floats = NDArray[np.float64]
Codes = NDArray[np.int64]


class ESPAClassifier(ClassifierMixin, BaseEstimator):  # type: ignore[misc]  # scikit-learn has no type hints
    """Classify by the box a row falls into, learning boxes, their class probabilities and feature weights together.

    The objective (module `entropice.espa.updates`) falls from sweep to sweep; of ``n_init`` random starts the one
    with the lowest objective is kept. Prediction looks at distances only.

    Parameters
    ----------
    n_boxes
        Number of boxes K to start with; boxes that lose all rows are dropped.
    eps_entropy
        Strength of the entropy of the feature weights (convention "plain", see `entropice.espa.conventions`): small
        values select few features. Without effect where `n_effective_features` is given.
    n_effective_features
        Effective number of features ``exp(H(W))``, H the entropy of the feature weights, that the weights hold from
        sweep to sweep, above 1; as many as there are, or more, weigh all alike. None leaves it to `eps_entropy`, whose
        scale depends on how many features there are and how they vary.
    eps_class
        Strength of the label term (convention "plain").
    affiliation
        ``"hard"`` puts a row into one box; ``"soft"`` spreads it over the boxes by ``exp(-cost / eps_affiliation)``,
        and probabilities are mixed accordingly.
    eps_affiliation
        Strength of the entropy of soft affiliations; without effect on hard ones.
    order
        Order of the block updates: ``"GSLW"`` (affiliations, centres, probabilities, feature weights) minimises
        jointly over the last three; ``"GWSL"`` is the order of the eSPA+ papers.
    scale
        ``"minmax"`` maps every feature to [0, 1] over the rows of the fit; None takes features as they are.
    pseudo_count
        Pseudo-weight α of every class in every box, as a share of the total weight of the rows.
    prior_weight
        Pseudo-weight β of all classes together in every box, dealt by their prevalence, as a share likewise: draws
        probabilities of small boxes towards the prevalence, ``(mass of the class + β prevalence) / (mass + β)``.
    n_init
        Number of random starts.
    init
        ``"k-means++"``, ``"random"``, or centres (n_boxes, D) in the units of X, which make a single start.
    max_iter, tol
        A fit ends when a sweep lowers the objective by no more than ``tol`` of its size, or after ``max_iter``.
    class_weight
        Factors of the label weights by class, ``"balanced"`` for equal weight of all classes, or None. They act on
        the label term and on the class probabilities, not on where boxes lie.
    reassign
        Recompute the class probabilities from a label-free assignment after the fit, so that they are frequencies
        of what prediction will do.
    warm_start
        Begin with the boxes that the last fit ended with.
    device
        ``"cpu"``, ``"cuda"`` (through CuPy or PyTorch), or ``"auto"``: CUDA where it can be had. Prediction is always
        computed on the CPU.
    dtype
        ``"float32"`` or ``"float64"`` for products over the rows; None takes that of X. Sums are always float64.
    random_state
        Seed of the starts.

    Attributes
    ----------
    classes_
        (M,) class labels.
    box_centers_
        (K, D), in the units of X.
    box_class_probabilities_
        (M, K), columns sum to 1.
    feature_weights_
        (D,), sum 1; exactly 0 for a feature that is constant in the fit.
    eps_entropy_
        Strength of the entropy of the feature weights: as given, or the one that `n_effective_features` led to, and
        infinite where all weigh alike. A fit with that strength in place of the number has a minimum at the same boxes.
    feature_offset_, feature_scale_, feature_metric_
        (D,): a distance is the sum of ``feature_metric_ * ((x - center) / feature_scale_)**2`` over the observed
        features; the offset (the mean) only keeps rounding small.
    descent_centers_, descent_probabilities_
        (J, D) and (M, J): centres and class probabilities before ``reassign``, where a warm start goes on.
    loss_, loss_curve_, n_iter_
        Objective of the best start at the end and after every sweep (before ``reassign``), and its sweeps.

    Notes
    -----
    NaN is missing: such a value takes part in no sum, and a feature's error is averaged over its own observed weight.
    A row of weight 0 is an absent row, an integer weight is a repeated row. Neither the order of rows nor that of
    features matters. A table on disk is read block by block if given as `entropice.espa.StoredTable`.
    Horenko (2020), doi:10.1162/neco_a_01296; Vecchi et al. (2022), doi:10.1162/neco_a_01490; Bassetti et al. (2025),
    arXiv:2506.17940.

    Examples
    --------
    Two groups that the first feature parts; the second, noise, gets no weight.

    >>> import numpy as np
    >>> X = np.array([[0.0, 0.3], [0.1, 0.9], [0.2, 0.0], [0.9, 0.8], [1.0, 0.1], [0.8, np.nan]])
    >>> y = ["none", "none", "none", "some", "some", "some"]
    >>> model = ESPAClassifier(n_boxes=2, eps_entropy=1e-3, device="cpu", random_state=0).fit(X, y)
    >>> model.predict([[0.15, 0.5], [0.85, 0.5], [np.nan, 0.5]]).tolist()[:2]
    ['none', 'some']
    >>> model.feature_weights_.round(3).tolist()
    [1.0, 0.0]
    >>> model.box_class_probabilities_.shape
    (2, 2)
    """

    _parameter_constraints: ClassVar[dict[str, list[Any]]] = {
        "n_boxes": [Interval(Integral, 1, None, closed="left")],
        "eps_entropy": [Interval(Real, 0, None, closed="left")],
        "n_effective_features": [Interval(Real, 1, None, closed="neither"), None],
        "eps_class": [Interval(Real, 0, None, closed="left")],
        "affiliation": [StrOptions({"hard", "soft"})],
        "eps_affiliation": [Interval(Real, 0, None, closed="neither")],
        "order": [StrOptions({"GSLW", "GWSL"})],
        "scale": [StrOptions({"minmax"}), None],
        "pseudo_count": [Interval(Real, 0, None, closed="left")],
        "prior_weight": [Interval(Real, 0, None, closed="left")],
        "n_init": [Interval(Integral, 1, None, closed="left")],
        "init": [StrOptions({"k-means++", "random"}), "array-like"],
        "max_iter": [Interval(Integral, 1, None, closed="left")],
        "tol": [Interval(Real, 0, None, closed="left")],
        "class_weight": [dict, StrOptions({"balanced"}), None],
        "reassign": ["boolean"],
        "warm_start": ["boolean"],
        "device": [StrOptions({"auto", "cpu", "cuda"})],
        "dtype": [StrOptions({"float32", "float64"}), None],
        "random_state": ["random_state"],
    }

    def __init__(
        self,
        n_boxes: int = 8,
        *,
        eps_entropy: float = 0.01,
        n_effective_features: float | None = None,
        eps_class: float = 0.1,
        affiliation: Literal["hard", "soft"] = "hard",
        eps_affiliation: float = 0.01,
        order: Order = "GSLW",
        scale: Literal["minmax"] | None = "minmax",
        pseudo_count: float = 1e-4,
        prior_weight: float = 0.0,
        n_init: int = 20,
        init: Init | ArrayLike = "k-means++",
        max_iter: int = 300,
        tol: float = 1e-8,
        class_weight: Mapping[Any, float] | Literal["balanced"] | None = None,
        reassign: bool = True,
        warm_start: bool = False,
        device: Literal["auto", "cpu", "cuda"] = "auto",
        dtype: Literal["float32", "float64"] | None = None,
        random_state: int | np.random.RandomState | None = None,
    ) -> None:
        self.n_boxes = n_boxes
        self.eps_entropy = eps_entropy
        self.n_effective_features = n_effective_features
        self.eps_class = eps_class
        self.affiliation = affiliation
        self.eps_affiliation = eps_affiliation
        self.order = order
        self.scale = scale
        self.pseudo_count = pseudo_count
        self.prior_weight = prior_weight
        self.n_init = n_init
        self.init = init
        self.max_iter = max_iter
        self.tol = tol
        self.class_weight = class_weight
        self.reassign = reassign
        self.warm_start = warm_start
        self.device = device
        self.dtype = dtype
        self.random_state = random_state

    def fit(self, X: Any, y: Any, sample_weight: Any = None) -> Self:
        """Fit boxes, class probabilities and feature weights to rows X (T, D) with classes y (T,).

        A sweep assigns every row to its box and then updates the rest, each by the exact minimiser of the objective
        that `entropice.espa.updates` states. Of the ``n_init`` starts that with the lowest objective is kept, the first
        of those within 1e-10 of it. Returned is the model itself, with the attributes of the class set.

        Parameters
        ----------
        X
            (T, D): an array, a frame, or a `entropice.espa.StoredTable`; NaN is missing.
        y
            (T,) class labels.
        sample_weight
            (T,), not negative; None weighs all rows alike.

        Raises
        ------
        ValueError
            If a parameter is out of range, an input is malformed or infinite, there are fewer rows of positive weight
            than boxes, one class only, a feature without any value or none that varies, or a weight is negative or all
            are zero; if ``device="cuda"`` cannot be had.

        Warns
        -----
        ConvergenceWarning
            If the best start still improved after ``max_iter`` sweeps.

        Examples
        --------
        From given centres two boxes of two rows each: their means. Class frequencies 1 and 0 are drawn half-way to the
        prevalence 0.5 by a prior weight as large as a box: (0.5 + 0.5 · 0.5) / (0.5 + 0.5).

        >>> X, y = [[0.0], [0.25], [0.75], [1.0]], [0, 0, 1, 1]
        >>> model = ESPAClassifier(2, init=[[0.0], [1.0]], prior_weight=0.5, pseudo_count=0.0, device="cpu").fit(X, y)
        >>> model.box_centers_.tolist(), model.box_class_probabilities_.tolist()
        ([[0.125], [0.875]], [[0.75, 0.25], [0.25, 0.75]])
        """
        self._validate_params()
        X, y = check_rows_and_labels(self, X, y)
        check_classification_targets(y)
        weights = _check_sample_weight(sample_weight, y, dtype=np.float64, copy=True, ensure_non_negative=True)
        check_class_weight(self.class_weight, np.unique(y[weights > 0]))
        data = prepare_training_data(rows_of(X, self.dtype), y, weights[None], names_of(self), ["the rows"])
        self.adopt(fit_together([self], data, [0])[0])
        return self

    def adopt(self, fitted: Fitted) -> None:
        """Take over what a fit has learned, as the attributes that `fit` sets; arrays are shared, not copied.

        ``loss_`` is the last entry of the curve, ``n_iter_`` its length. Names and number of the features are not part
        of it: `entropice.espa.data.validation.share_features` tells them.
        """
        self.classes_ = fitted.classes
        self.box_centers_ = fitted.centers
        self.box_class_probabilities_ = fitted.probabilities
        self.descent_centers_ = fitted.descent_centers
        self.descent_probabilities_ = fitted.descent_probabilities
        self.eps_entropy_ = fitted.eps_entropy
        self.feature_weights_ = fitted.feature_weights
        self.feature_metric_ = fitted.metric
        self.feature_offset_ = fitted.means
        self.feature_scale_ = fitted.scales
        self.loss_curve_ = fitted.curve
        self.loss_ = float(fitted.curve[-1])
        self.n_iter_ = len(fitted.curve)

    @property
    def feature_importances_(self) -> Floats:
        """Feature weights (D,), sum 1, under the name scikit-learn looks for; NotFittedError before a fit."""
        check_is_fitted(self)
        return self.feature_weights_

    def distances(self, X: Any) -> Floats:
        """Return the distance (T, K), float64, squared and weighted, of each row (T, D) to each box, in their order.

        ``Σ_d feature_metric_d ((x_d − center_kd) / feature_scale_d)²`` over the observed features, without a unit; NaN
        in X is missing and takes no part, so that a row without any value has distance 0 to all boxes.

        Sizes: T rows, D features, K boxes.

        Raises
        ------
        ValueError
            Other features than those of the fit, infinite values, or such as are too large for a distance; before a fit
            its subclass NotFittedError.

        Examples
        --------
        Centres at 0.125 and 0.875 of an extent of 1.

        >>> X, y = [[0.0], [0.25], [0.75], [1.0]], [0, 0, 1, 1]
        >>> model = ESPAClassifier(2, init=[[0.0], [1.0]], device="cpu").fit(X, y)
        >>> model.distances([[0.125], [float("nan")]]).tolist()
        [[0.0, 0.5625], [0.0, 0.0]]
        """
        return distances(rows_of(check_rows(self, X), self.dtype), self.boxes())

    def box_of(self, X: Any) -> Codes:
        """Return the nearest box (T,), int64, of each row (T, D): a number of a row of ``box_centers_``.

        Ties go to the lowest, and so does a row without any value. NaN in X is missing.

        Raises
        ------
        ValueError
            Other features than those of the fit, infinite values, or such as are too large for a distance; before a fit
            its subclass NotFittedError.

        Examples
        --------
        Centres at 0.125 and 0.875: 0.5 is as far from both.

        >>> X, y = [[0.0], [0.25], [0.75], [1.0]], [0, 0, 1, 1]
        >>> model = ESPAClassifier(2, init=[[0.0], [1.0]], device="cpu").fit(X, y)
        >>> model.box_of([[0.5], [0.625], [float("nan")]]).tolist()
        [0, 1, 0]
        """
        boxes: Codes = nearest(rows_of(check_rows(self, X), self.dtype), [self.boxes()])[0]
        return boxes

    def predict_proba(self, X: Any) -> Floats:
        """Return the class probabilities (T, M) of each row (T, D): those of its box, or mixed by soft affiliations.

        Columns are in the order of ``classes_``; rows, float64, sum to 1. NaN in X is missing. A row without any value
        is equally far from all boxes: it gets the first, or the mean of all where affiliations are soft.

        Sizes: T rows, D features, M classes.

        Raises
        ------
        ValueError
            Other features than those of the fit, infinite values, or such as are too large for a distance; before a fit
            its subclass NotFittedError.

        Examples
        --------
        Soft affiliations half-way between two boxes are 1/2 each.

        >>> boxes = {"init": [[0.0], [1.0]], "pseudo_count": 0.0, "device": "cpu"}
        >>> X, y = [[0.0], [0.25], [0.75], [1.0]], [0, 0, 1, 1]
        >>> hard, soft = (ESPAClassifier(2, affiliation=each, **boxes).fit(X, y) for each in ("hard", "soft"))
        >>> hard.predict_proba([[0.5]]).tolist(), soft.predict_proba([[0.5]]).round(6).tolist()
        ([[1.0, 0.0]], [[0.5, 0.5]])
        """
        rows = rows_of(check_rows(self, X), self.dtype)
        probabilities: Floats = class_probabilities(rows, [self.boxes()])[0]
        return probabilities

    def predict(self, X: Any) -> Any:
        """Return the most probable class (T,) of each row (T, D), a label of ``classes_``, ties to the first.

        NaN is missing: such a value takes no part in distances.

        Raises
        ------
        ValueError
            Other features than those of the fit, infinite values, or such as are too large for a distance; before a fit
            its subclass NotFittedError.
        """
        most_probable = self.predict_proba(X).argmax(axis=1)
        return self.classes_[most_probable]

    def boxes(self) -> FittedBoxes:
        """What prediction needs of the fit: centres (K, D) in the units of X, and a metric (D,) for them.

        The metric is ``feature_metric_ / feature_scale_**2``; with hard affiliations `eps_affiliation` is None.
        AttributeError before a fit.

        Sizes: D features, K boxes.
        """
        return FittedBoxes(
            self.box_centers_,
            self.feature_metric_ / self.feature_scale_**2,
            self.feature_offset_,
            self.box_class_probabilities_,
            float(self.eps_affiliation) if self.affiliation == "soft" else None,
        )

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.allow_nan = True
        return tags

r"""Block updates of eSPA: each is the exact minimiser of the objective in its block, so the objective never rises.

The objective is that of Horenko (2020, doi:10.1162/neco_a_01296), solved by the closed-form updates of Vecchi et al.
(2022, doi:10.1162/neco_a_01490), with soft affiliations as in Bassetti et al. (2025, arXiv:2506.17940), every
term weighted by row and missing values masked:

.. math::  L = \sum_t w_t \sum_k \Gamma_{tk} d_{tk} + b \sum_d W_d \log W_d
               - c \sum_t v_t \sum_k \Gamma_{tk} \log \Lambda_{y_t k}
               + g \sum_t w_t \sum_k \Gamma_{tk} \log \Gamma_{tk}
               - c \sum_{mk} (\alpha \rho_m + \beta \pi_m) \log \Lambda_{mk},
           \qquad d_{tk} = \sum_d \frac{W_d}{n_d r_d^2} m_{td} (x_{td} - s_{kd})^2

Where an effective number of features n is given, the term of the weights' entropy gives way to the constraint
:math:`\exp(H(W)) \ge n` with :math:`H(W) = -\sum_d W_d \log W_d`. The minimiser over W is Boltzmann still: b is the
Lagrange multiplier, the strength at which the constraint holds with equality (`entropy_strengths`).

======  =======================  ===============================================================
symbol  here                     meaning
======  =======================  ===============================================================
x, m    the rows                 features (T, D); 1 where observed, else 0
w       row weights              (T), sum 1
v       ``label_ratios``         label weights v_t = w_t ρ_m with m the class of row t, sum 1
n       in ``precisions``        observed weight of a feature (D): sum over t of w m
r       in ``precisions``        scale of a feature (D)
Γ       affiliations             (T, K), rows on the simplex; one-hot when hard (g = 0)
s       ``centers``              box centres (K, D), relative to the feature means
Λ       ``probabilities``        P(class | box) (M, K), columns sum to 1
W       ``feature_weights``      feature weights (D), sum 1
b, c    ``eps_entropy/_class``   strengths of the entropy and of the label term
g       ``eps_affiliation``      strength of the entropy of the affiliations
α, β    ``pseudo_count``,        pseudo-weight of every class in every box, and of all classes by their prevalence
        ``prior_weight``
π       ``class_shares`` times   prevalence: label weight of each class (M), sum 1
        ``label_ratios``
======  =======================  ===============================================================

Every array has a leading axis B, one entry a fit: many fits are updated at once. The functions work in the namespace
of the arrays they are given (NumPy, CuPy, PyTorch). What a sweep sees of the rows are sums over boxes (`BoxSums`),
which `entropice.espa.compiled` and `entropice.espa.namespaced` gather.
"""

from dataclasses import dataclass, fields
from typing import Any, Final, Literal, TypeVar

from array_api_compat import array_namespace, device

Array = Any
"""An array of any namespace that follows the array API."""

Order = Literal["GSLW", "GWSL"]

FLOOR: Final = 1e-12
"""Smallest probability inside a logarithm."""

DEAD: Final = 1e30
"""Cost of a box that is no more: finite, so that zero times it is zero in either precision."""

FAR: Final = 1e30
"""Gap, over the largest, of a feature that shall have no weight at any strength."""

LOG_STRENGTHS: Final = (-46.0, 18.0)
"""Range of the logarithm of an entropy's strength over the largest gap between the features' errors: below the lower
end gaps of the size of rounding are gaps still, above the upper one all weights are equal but for rounding."""

N_PARTS: Final = 8
N_CUTS: Final = 4
"""Cuts of that range into parts: the bracket of a strength ends 2 % wide."""

NEWTON_STEPS: Final = 5
"""From within such a bracket to rounding."""


@dataclass(frozen=True)
class Boxes:
    """What eSPA learns.

    Attributes
    ----------
    centers
        (B, K, D), relative to the feature means.
    probabilities
        (B, M, K).
    feature_weights
        (B, D).
    eps_entropy
        (B,): strength of the entropy at which the feature weights are what they are; infinite where all are equal.
    is_alive
        (B, K): boxes that have rows; the others are skipped as if they were not there.
    """

    centers: Array
    probabilities: Array
    feature_weights: Array
    eps_entropy: Array
    is_alive: Array


@dataclass(frozen=True)
class FitConstants:
    """What the updates need of features and classes; no sweep changes it.

    Attributes
    ----------
    offsets
        (B, D): weighted mean of a feature minus the origin of the values that an assignment step reads.
    squares
        (B, D): weighted sum of squared deviations from the mean.
    precisions
        (B, D): ``1 / (n_d r_d^2)``; 0 for a feature that does not vary.
    partial
        (P, D): one-hot rows that name the features with missing values.
    class_shares
        (B, M): weight of each class, sum 1.
    label_ratios
        (B, M): label weight over row weight, ``v_t / w_t``.
    """

    offsets: Array
    squares: Array
    precisions: Array
    partial: Array
    class_shares: Array
    label_ratios: Array


@dataclass(frozen=True)
class Penalties:
    """Strengths of the terms beside the discretisation error, and the number that the weights hold, each (B,).

    ``eps_affiliation`` is 0 when hard, ``eps_entropy`` where ``n_effective_features`` is given, which is NaN elsewhere.
    """

    eps_entropy: Array
    n_effective_features: Array
    eps_class: Array
    eps_affiliation: Array
    pseudo_count: Array
    prior_weight: Array


@dataclass(frozen=True)
class Costs:
    """Cost of a row in a box, linear in what an assignment step reads of the row.

    Attributes
    ----------
    coefficients
        (B, K, D), of the values, missing ones read as 0.
    partial_coefficients
        (B, K, P), of the observed mask of the partial features.
    by_class
        (B, K, M): the constant of a row of that class.
    """

    coefficients: Array
    partial_coefficients: Array
    by_class: Array


@dataclass(frozen=True)
class BoxSums:
    """Sums over the rows by weight and affiliation.

    Attributes
    ----------
    values
        (B, K, D): observed values relative to the feature means.
    partial_observed
        (B, K, P): observed weight of the partial features.
    classes
        (B, K, M): weight of each class.
    affiliation_entropy
        (B,): sum of ``w_t Γ_tk log Γ_tk``, 0 when hard.
    """

    values: Array
    partial_observed: Array
    classes: Array
    affiliation_entropy: Array

    def observed(self, partial: Array) -> Array:
        """Observed weight (B, K, D) of every feature in every box, ``Σ_t w_t Γ_tk m_td``; `partial` is (P, D).

        That of a complete feature is the box's mass, so that only partial features are summed over rows.

        Sizes: B fits, D features, P features with missing values, K boxes.

        Examples
        --------
        Two boxes of mass 1/2; the second feature is missing in half of the first one.

        >>> import numpy as np
        >>> sums = BoxSums(np.zeros((1, 2, 2)), np.array([[[0.25], [0.5]]]), np.array([[[0.5], [0.5]]]), np.zeros(1))
        >>> sums.observed(np.array([[0.0, 1.0]])).tolist()
        [[[0.5, 0.25], [0.5, 0.5]]]
        """
        xp = array_namespace(self.values)
        is_partial = xp.sum(partial, axis=0)
        masses = xp.sum(self.classes, axis=-1)[..., None]
        return masses * (1 - is_partial) + self.partial_observed @ partial


Batch = TypeVar("Batch", Boxes, FitConstants, Penalties)


def take(batch: Batch, fits: Array) -> Batch:
    """Some fits (n, ...) of a batch (B, ...), by index (n,), in their order; ``partial`` has no axis of fits.

    Examples
    --------
    >>> import numpy as np
    >>> strengths = np.array([0.5, 0.25])
    >>> take(Penalties(*[strengths] * 6), np.array([1, 1, 0])).eps_class.tolist()
    [0.25, 0.25, 0.5]
    """
    xp = array_namespace(fits)
    chosen = {
        field.name: getattr(batch, field.name)
        if field.name == "partial"
        else xp.take(getattr(batch, field.name), fits, axis=0)
        for field in fields(batch)
    }
    return type(batch)(**chosen)


def choose(condition: Array, new: Boxes, old: Boxes) -> Boxes:
    """Take new boxes (B, ...) where the condition (B,) holds, else the old ones (B, ...); both stay as they are.

    Examples
    --------
    >>> import numpy as np
    >>> def boxes(at):
    ...     one = np.ones((2, 1))
    ...     return Boxes(np.full((2, 1, 1), at), np.ones((2, 1, 1)), one, np.zeros(2), one > 0)
    >>> choose(np.array([True, False]), boxes(7.0), boxes(3.0)).centers.ravel().tolist()
    [7.0, 3.0]
    """
    xp = array_namespace(condition)

    def pick(name: str) -> Array:
        first, second = getattr(new, name), getattr(old, name)
        return xp.where(xp.reshape(condition, (-1,) + (1,) * (first.ndim - 1)), first, second)

    return Boxes(**{field.name: pick(field.name) for field in fields(new)})


def distance_costs(
    centers: Array, metric: Array, offsets: Array, partial: Array, is_alive: Array
) -> tuple[Array, Array, Array]:
    """Distance ``sum of metric * (x - s)**2`` to each box, up to a constant per row, linear in the row.

    Sizes: D features, P features with missing values, K boxes.

    Parameters
    ----------
    centers
        (..., K, D), relative to a point near them.
    metric
        (..., D).
    offsets
        (..., D): that point minus the origin of the values.
    partial
        (P, D), as in `FitConstants`.
    is_alive
        (..., K).

    Returns
    -------
    tuple
        Coefficients (..., K, D) of the values, (..., K, P) of the mask of partial features, and constants (..., K): the
        cost of a row is their sum with its values and mask. A box that is not alive has the constant 1e30.

    Examples
    --------
    Boxes at 1 and −1, metric 2: at x = 1 the costs are −4 + 2 and 4 + 2, the distances 0 and 8. The difference, 2 x²,
    is the row's own.

    >>> import numpy as np
    >>> centers, complete = np.array([[1.0], [-1.0]]), np.zeros((0, 1))
    >>> alive = np.array([True, True])
    >>> coefficients, _, constants = distance_costs(centers, np.array([2.0]), np.zeros(1), complete, alive)
    >>> coefficients.ravel().tolist(), constants.tolist()
    ([-4.0, 4.0], [2.0, 2.0])
    """
    xp = array_namespace(centers)
    # metric (x − s)² = metric x² − 2 metric s x + metric s². The first term is the same for all boxes and left out, so
    # that costs of all boxes are one matrix product with the rows. Where x is missing its constant must go, too: that
    # of complete features is summed once, that of partial ones multiplies their mask.
    metric, offsets = metric[..., None, :], offsets[..., None, :]
    coefficients = -2 * metric * centers
    constants = metric * centers**2 - coefficients * offsets
    is_complete = 1 - xp.sum(partial, axis=0)
    return coefficients, constants @ partial.T, xp.where(is_alive, xp.sum(constants * is_complete, axis=-1), DEAD)


def label_free_costs(boxes: Boxes, constants: FitConstants) -> Costs:
    """Cost by distance alone: ``d_tk`` up to a constant per row; (B, K, ·), the same for all classes.

    ``d_tk = Σ_d W_d m_td (x_td − s_kd)² precision_d`` with W the feature weights, m 1 where x is observed, s the
    centres. By boxes (B, K, D) and constants (B, ...); a box that is not alive costs 1e30.

    Sizes: B fits, D features, K boxes.
    """
    metric = boxes.feature_weights * constants.precisions
    coefficients, partial_coefficients, by_box = distance_costs(
        boxes.centers, metric, constants.offsets, constants.partial, boxes.is_alive
    )
    # Zero times the ratios gives every class its column, in any namespace and on any device.
    return Costs(coefficients, partial_coefficients, by_box[..., None] + 0 * constants.label_ratios[:, None, :])


def assignment_costs(boxes: Boxes, constants: FitConstants, penalties: Penalties) -> Costs:
    """Cost by distance and label: ``d_tk - c ρ_y log max(Λ_yk, FLOOR)`` up to a constant per row; (B, K, ·).

    By boxes (B, K, D), constants (B, ...) and penalties (B,). d is the distance of `label_free_costs`, c ``eps_class``,
    ρ ``label_ratios``, Λ the class probabilities of the boxes and y the row's class; FLOOR is 1e-12.

    Sizes: B fits, D features, K boxes.

    Examples
    --------
    One box in the middle with class probabilities 1 and 1/4, c = 2, ρ = 1: a row of the second class costs 2 log 4.

    >>> import numpy as np
    >>> one, probabilities = np.ones((1, 1)), np.array([[[1.0], [0.25]]])
    >>> boxes = Boxes(np.zeros((1, 1, 1)), probabilities, one, np.zeros(1), one > 0)
    >>> fixed = ([[0.0]], [[1.0]], [[0.25]], np.zeros((0, 1)), [[0.5, 0.5]], [[1.0, 1.0]])
    >>> constants, penalties = FitConstants(*map(np.array, fixed)), Penalties(*np.full((6, 1), 2.0))
    >>> costs = assignment_costs(boxes, constants, penalties)
    >>> np.exp(costs.by_class / 2).round(9).tolist()
    [[[1.0, 4.0]]]
    """
    xp = array_namespace(boxes.centers)
    by_distance = label_free_costs(boxes, constants)
    strength = penalties.eps_class[:, None] * constants.label_ratios
    label_costs = -strength[:, :, None] * log_probabilities(boxes.probabilities)
    by_class = by_distance.by_class + xp.permute_dims(label_costs, (0, 2, 1))
    return Costs(by_distance.coefficients, by_distance.partial_coefficients, by_class)


def log_probabilities(probabilities: Array) -> Array:
    """Logarithms of probabilities of any shape, floored at log 1e-12, so that all sums of them are finite.

    Examples
    --------
    >>> import numpy as np
    >>> np.exp(log_probabilities(np.array([1.0, 0.5, 0.0]))).round(15).tolist()
    [1.0, 0.5, 1e-12]
    """
    xp = array_namespace(probabilities)
    return xp.log(xp.where(probabilities > FLOOR, probabilities, FLOOR))


def update_centers(sums: BoxSums, partial: Array) -> Array:
    """Weighted mean (B, K, D) of the observed values; 0, the mean over all rows, where a box has none.

    Sets the derivative of L by s to zero: ``s_kd = Σ_t w_t Γ_tk m_td x_td / Σ_t w_t Γ_tk m_td``, relative to the
    feature means, with row weights w, affiliations Γ and m 1 where x is observed. `partial`, (P, D), names the features
    with missing values by rows that are 1 at one of them.

    Sizes: B fits, D features, P features with missing values, K boxes.

    Examples
    --------
    A sum of 1 over a mass of 1/2; the second box has no rows.

    >>> import numpy as np
    >>> sums = BoxSums(np.array([[[1.0], [0.0]]]), np.zeros((1, 2, 0)), np.array([[[0.5], [0.0]]]), np.zeros(1))
    >>> update_centers(sums, np.zeros((0, 1))).tolist()
    [[[2.0], [0.0]]]
    """
    observed = sums.observed(partial)
    xp = array_namespace(observed)
    is_observed = observed > 0
    return xp.where(is_observed, sums.values / xp.where(is_observed, observed, 1.0), 0.0)


def update_probabilities(sums: BoxSums, constants: FitConstants, penalties: Penalties) -> Array:
    """Class frequencies (B, M, K) of each box by label weight, after adding the pseudo-weight of every class.

    The minimiser of L over Λ with columns that sum to 1 (Gibbs' inequality); a box without mass has all classes alike:
    ``Λ_mk = (v_mk + α ρ_m + β π_m) / Σ_m (v_mk + α ρ_m + β π_m)`` with v_mk the label weight of class m in box k,
    ρ ``label_ratios``, π the prevalence, α ``pseudo_count`` (0 for a class without rows) and β ``prior_weight``.

    Sizes: B fits, K boxes, M classes.

    Examples
    --------
    A box of mass 1/2 with class 0 alone; prevalence 1/4 and 3/4, β = 1/2: (1/2 + 1/8) / (1/2 + 1/2) and 3/8.

    >>> import numpy as np
    >>> sums = BoxSums(np.zeros((1, 1, 1)), np.zeros((1, 1, 0)), np.array([[[0.5, 0.0]]]), np.zeros(1))
    >>> fixed = ([[0.0]], [[1.0]], [[0.25]], np.zeros((0, 1)), [[0.25, 0.75]], [[1.0, 1.0]])
    >>> constants, penalties = FitConstants(*map(np.array, fixed)), Penalties(*np.array([[0.0]] * 5 + [[0.5]]))
    >>> update_probabilities(sums, constants, penalties).tolist()
    [[[0.625], [0.375]]]
    """
    xp = array_namespace(sums.classes)
    weights = sums.classes * constants.label_ratios[:, None, :] + pseudo_weights(constants, penalties)[:, None, :]
    totals = xp.sum(weights, axis=-1, keepdims=True)
    has_mass = totals > 0
    frequencies = xp.where(has_mass, weights / xp.where(has_mass, totals, 1.0), 1 / weights.shape[-1])
    return xp.permute_dims(frequencies, (0, 2, 1))


def pseudo_weights(constants: FitConstants, penalties: Penalties) -> Array:
    """Label weight (B, M) that every box gets beside its rows': ``α ρ_m + β π_m`` for a class that has rows, else 0.

    α is ``pseudo_count``, β ``prior_weight``, ρ the class's label weight over its row weight, π its prevalence by label
    weight. Pseudo-rows weigh like rows of their class. Without ``α``, probabilities are
    ``Λ_mk = (mass of class m in box k + β π_m) / (mass of box k + β)``, on the way from frequencies to prevalence.

    Sizes: B fits, M classes.

    Examples
    --------
    α = 0.1, β = 1; the third class has no rows under this weighting.

    >>> import numpy as np
    >>> fixed = ([[0.0]], [[1.0]], [[0.25]], np.zeros((0, 1)), [[0.25, 0.75, 0.0]], [[1.0, 1.0, 1.0]])
    >>> constants, penalties = FitConstants(*map(np.array, fixed)), Penalties(*np.array([[0.0]] * 4 + [[0.1], [1.0]]))
    >>> pseudo_weights(constants, penalties).round(9).tolist()
    [[0.35, 0.85, 0.0]]
    """
    xp = array_namespace(constants.class_shares)
    is_present = xp.astype(constants.class_shares > 0, constants.class_shares.dtype)
    evenly = penalties.pseudo_count[:, None] * is_present * constants.label_ratios
    return evenly + penalties.prior_weight[:, None] * constants.class_shares * constants.label_ratios


def feature_errors(sums: BoxSums, centers: Array, constants: FitConstants) -> Array:
    """Mean squared distance (B, D) to the box centre by feature, over its observed weight, in scaled units.

    A feature that does not vary has error infinity and so never any weight. ``e_d = Σ_t w_t Σ_k Γ_tk m_td (x_td −
    s_kd)² / (n_d r_d²)``, from squares about the means and the sums (B, K, ·), at any centres (B, K, D),
    with row weights w, affiliations Γ, m 1 where x is observed, observed weight n and scale r of the feature.

    Sizes: B fits, D features, K boxes.

    Examples
    --------
    Rows at −1 and 1 of an extent of 2, one in each of two boxes: from the common mean they lie half an extent away,
    from their own centres nothing.

    >>> import numpy as np
    >>> sums = BoxSums(np.array([[[-0.5], [0.5]]]), np.zeros((1, 2, 0)), np.array([[[0.5], [0.5]]]), np.zeros(1))
    >>> constants = FitConstants(*map(np.array, ([[0.0]], [[1.0]], [[0.25]], np.zeros((0, 1)), [[1.0]], [[1.0]])))
    >>> centers = update_centers(sums, constants.partial)
    >>> feature_errors(sums, 0 * centers, constants).tolist(), feature_errors(sums, centers, constants).tolist()
    ([[0.25]], [[0.0]])
    """
    xp = array_namespace(centers)
    within = xp.sum((sums.observed(constants.partial) * centers - 2 * sums.values) * centers, axis=1)
    squares = constants.squares + within
    # Squares about the means, then shifted to the centres: no second pass over the rows. Rounding may end below 0.
    errors = xp.where(squares > 0, squares, 0.0) * constants.precisions
    return xp.where(constants.precisions > 0, errors, xp.inf)


def update_feature_weights(errors: Array, eps_entropy: Array) -> Array:
    """Boltzmann weights of the features, ``W_d ∝ exp(-e_d / b)``; all on the first smallest error when b is 0.

    Errors are (B, D), infinite for a feature that shall have no weight; strengths b are (B,); weights (B, D) sum to 1.

    Sizes: B fits, D features.

    Examples
    --------
    >>> import numpy as np
    >>> errors = np.array([[0.0, np.log(3), np.inf], [0.2, 0.1, 0.3]])
    >>> update_feature_weights(errors, np.array([1.0, 0.0])).round(6).tolist()
    [[0.75, 0.25, 0.0], [0.0, 1.0, 0.0]]
    """
    xp = array_namespace(errors)
    # Gaps to the smallest error: the weights are the same, and the largest exponential is 1 at any strength. Every
    # branch of `where` is computed, so each has to be finite on its own.
    varies = errors < xp.inf
    gaps = xp.where(varies, errors, 0.0) - xp.min(errors, axis=-1, keepdims=True)
    is_soft = eps_entropy[:, None] > 0
    unnormalised = xp.where(
        varies, xp.exp(-xp.where(varies, gaps, 0.0) / xp.where(is_soft, eps_entropy[:, None], 1.0)), 0.0
    )
    boltzmann = unnormalised / xp.sum(unnormalised, axis=-1, keepdims=True)
    smallest = xp.argmin(errors, axis=-1)[:, None] == xp.arange(errors.shape[-1], device=device(errors))
    return xp.where(is_soft, boltzmann, xp.astype(smallest, boltzmann.dtype))


def entropy_strengths(errors: Array, n_effective_features: Array) -> Array:
    """Strength b (B,) at which the Boltzmann weights have an effective number of features ``exp(H(W))``.

    H rises with b from the logarithm of the number of features that share the smallest error to that of all that vary.
    A number outside of these gives the nearer end: almost no strength, e⁻⁴⁶ of the largest gap between errors, or an
    infinite one, at which all weigh alike.

    Sizes: B fits, D features.

    Parameters
    ----------
    errors
        (B, D); infinite for a feature that does not vary.
    n_effective_features
        (B,), above 1.

    Returns
    -------
    Array
        (B,), in the unit of the errors; infinite where no more features vary than the number.

    Examples
    --------
    >>> import numpy as np
    >>> errors = np.array([[0.0, 0.1, 0.4, np.inf]])
    >>> weights = update_feature_weights(errors, entropy_strengths(errors, np.array([2.0])))
    >>> used = weights[weights > 0]
    >>> round(float(np.exp(-(used * np.log(used)).sum())), 9)
    2.0
    """
    xp = array_namespace(errors)
    varies = errors < xp.inf
    gaps = xp.where(varies, errors, 0.0) - xp.min(errors, axis=-1, keepdims=True)
    largest = xp.max(xp.where(varies, gaps, 0.0), axis=-1)
    unit = xp.where(largest > 0, largest, 1.0)
    relative = xp.where(varies, gaps / unit[:, None], FAR)
    log_strengths = _log_strengths(relative, xp.log(n_effective_features))
    n_varying = xp.sum(xp.astype(varies, errors.dtype), axis=-1)
    return xp.where(n_varying > n_effective_features, unit * xp.exp(log_strengths), xp.inf)


def _log_strengths(gaps: Array, entropy: Array) -> Array:
    """Logarithm (B,) of the strength with that entropy (B,), by gaps (B, D), of which the largest is 1 but for `FAR`.

    Cuts into equal parts bracket it, and Newton's steps within the bracket end at rounding: as many for every fit, so
    that nothing waits for a device.
    """
    xp = array_namespace(gaps)
    low, high = (xp.full_like(gaps[:, 0], end) for end in LOG_STRENGTHS)
    inner = xp.arange(1, N_PARTS, dtype=gaps.dtype, device=device(gaps))
    for _ in range(N_CUTS):
        part = (high - low) / N_PARTS
        is_short = _entropies(gaps[:, None, :], low[:, None] + part[:, None] * inner)[0] < entropy[:, None]
        low = low + part * xp.sum(xp.astype(is_short, gaps.dtype), axis=-1)
        high = low + part
    # Newton alone would leave the range: H is flat at both ends. Within the bracket it converges, and the clip holds it
    # there where the slope is lost to rounding.
    found = high
    for _ in range(NEWTON_STEPS):
        reached, slope = _entropies(gaps, found)
        step = (reached - entropy) / xp.where(slope > 0, slope, 1.0)
        found = xp.clip(found - step, low, high)
    return found


def _entropies(gaps: Array, log_strengths: Array) -> tuple[Array, Array]:
    """Entropy (...) of Boltzmann weights by gaps (..., D) at log strengths (...), and its derivative by those.

    ``H = log Z + mean of u``, ``dH / d log b = mean of u² - (mean of u)²`` with ``u_d = gap_d / b``, under the weights.
    """
    xp = array_namespace(gaps)
    ratios = gaps / xp.exp(log_strengths)[..., None]
    unnormalised = xp.exp(-ratios)
    weighted = unnormalised * ratios
    totals = xp.sum(unnormalised, axis=-1)
    means = xp.sum(weighted, axis=-1) / totals
    return xp.log(totals) + means, xp.sum(weighted * ratios, axis=-1) / totals - means**2


def objective(errors: Array, sums: BoxSums, boxes: Boxes, constants: FitConstants, penalties: Penalties) -> Array:
    """Evaluate L (B,), as the module states it, from the sums of the boxes and the errors (B, D); ``0 log 0`` is 0.

    With b ``eps_entropy``, c ``eps_class`` and g ``eps_affiliation``: error of the features by their weights, plus b
    times the negative entropy of these, plus c times the cross-entropy of classes and boxes with its pseudo-weights,
    plus g times the negative entropy of the affiliations: ``Σ_d W_d e_d + b Σ_d W_d log W_d − c Σ_mk (v_mk + α ρ_m +
    β π_m) log max(Λ_mk, 1e-12) + g Σ w Γ log Γ``, v_mk being the label weight of class m in box k. Boxes that are not
    alive have no pseudo-weight. Without a unit.

    Sizes: B fits, D features.

    Examples
    --------
    Errors 0.2 and 0.4 by equal weights, b = 1, c = 0: 0.3 − log 2.

    >>> import numpy as np
    >>> sums = BoxSums(np.zeros((1, 1, 2)), np.zeros((1, 1, 0)), np.array([[[0.5, 0.5]]]), np.zeros(1))
    >>> half, one = np.full((1, 2), 0.5), np.ones((1, 2))
    >>> boxes = Boxes(np.zeros((1, 1, 2)), half[..., None], half, np.ones(1), np.ones((1, 1), bool))
    >>> constants = FitConstants(0 * one, one, one, np.zeros((0, 2)), half, one)
    >>> loss = objective(np.array([[0.2, 0.4]]), sums, boxes, constants, Penalties(*np.array([[1.0]] + [[0.0]] * 5)))
    >>> (loss + np.log(2)).round(9).tolist()
    [0.3]
    """
    xp = array_namespace(errors)
    weights = boxes.feature_weights
    has_weight = weights > 0
    distance_term = xp.sum(weights * xp.where(has_weight, errors, 0.0), axis=-1)
    entropy_term = xp.sum(weights * xp.log(xp.where(has_weight, weights, 1.0)), axis=-1)
    alive = xp.astype(boxes.is_alive, weights.dtype)[..., None]
    label_weights = sums.classes * constants.label_ratios[:, None, :]
    pseudo = pseudo_weights(constants, penalties)[:, None, :] * alive
    logs = xp.permute_dims(log_probabilities(boxes.probabilities), (0, 2, 1))
    label_term = -xp.sum((label_weights + pseudo) * logs, axis=(-2, -1))
    return (
        distance_term
        + penalties.eps_entropy * entropy_term
        + penalties.eps_class * label_term
        + penalties.eps_affiliation * sums.affiliation_entropy
    )


def update(
    boxes: Boxes,
    sums: BoxSums,
    constants: FitConstants,
    penalties: Penalties,
    order: Order,
    *,
    holds_number: bool = False,
) -> tuple[Boxes, Array]:
    """Update everything but the affiliations, which `sums` hold; return the boxes and L (B,).

    Order "GSLW" minimises jointly over centres, probabilities and feature weights; "GWSL", the order of eSPA+, lets
    the feature weights see the old centres. The weights have the entropy's strength of the penalties, or, where they
    hold an effective number of features, that at which it is the number of the penalties.

    Boxes, sums, constants and penalties are of the same B fits, (B, ...), and not changed. A box of the result is alive
    where it has mass. In either order L, the objective, is that at the new boxes, with the affiliations that the sums
    hold.

    Examples
    --------
    Two boxes with a class of mass 1/2 each, at −1 and 1. β = 1/2 draws their frequencies from 1 to 3/4; L is the
    cross-entropy −3/2 log 3/4 − 1/2 log 1/4 alone, as distances are 0.

    >>> import numpy as np
    >>> masses, alive = np.array([[[0.5, 0.0], [0.0, 0.5]]]), np.ones((1, 2), bool)
    >>> sums = BoxSums(np.array([[[-0.5], [0.5]]]), np.zeros((1, 2, 0)), masses, np.zeros(1))
    >>> boxes = Boxes(np.zeros((1, 2, 1)), np.full((1, 2, 2), 0.5), np.ones((1, 1)), np.zeros(1), alive)
    >>> fixed = ([[0.0]], [[1.0]], [[0.25]], np.zeros((0, 1)), [[0.5, 0.5]], [[1.0, 1.0]])
    >>> penalties = Penalties(*np.array([[0.0], [np.nan], [1.0], [0.0], [0.0], [0.5]]))
    >>> updated, loss = update(boxes, sums, FitConstants(*map(np.array, fixed)), penalties, "GSLW")
    >>> updated.centers.ravel().tolist(), updated.probabilities[0].tolist(), loss.round(4).tolist()
    ([-1.0, 1.0], [[0.75, 0.25], [0.25, 0.75]], [1.1247])
    """
    xp = array_namespace(boxes.centers)
    centers = update_centers(sums, constants.partial)
    errors = feature_errors(sums, centers, constants)
    # The objective is evaluated at the new centres in either order: its errors are not those that the weights saw.
    errors_seen = feature_errors(sums, boxes.centers, constants) if order == "GWSL" else errors
    eps_entropy = penalties.eps_entropy
    if holds_number:
        eps_entropy = entropy_strengths(errors_seen, penalties.n_effective_features)
    updated = Boxes(
        centers,
        update_probabilities(sums, constants, penalties),
        update_feature_weights(errors_seen, eps_entropy),
        eps_entropy,
        xp.sum(sums.classes, axis=-1) > 0,
    )
    return updated, objective(errors, sums, updated, constants, penalties)

"""What a cell's own finds add to what its environment lets one expect.

A model of the environment expects μ = λ E finds in a cell where land of exposure E was searched. Cells depart from it:
with a factor that is gamma distributed with mean 1 and variance 1 / k, counts n are negative binomial,

    P(n) = Γ(n + k) / (Γ(k) n!) (k / (k + μ))^k (μ / (k + μ))^n,

and the density of a cell with n finds is, on average over the factors it may have,

    E[λ | n, E] = λ (k + n) / (k + λ E).

Where nothing was searched it is λ, and where all was searched for long it is n / E. k is the likeliest; the smaller,
the more the cell's own finds count.
"""

from typing import Final

import numpy as np
from scipy.optimize import minimize_scalar
from scipy.special import gammaln

from entropice.errors import SchemaError
from entropice.types import FloatArray

LEAST_K: Final = 1e-3
LARGEST_K: Final = 1e3
"""k stays in between: cells that depart a thousandfold, or practically not at all."""


def fit_dispersion(n_finds: FloatArray, expected: FloatArray) -> float:
    """The likeliest k of counts (n_cell,) beside what models that have not seen them expected (n_cell,).

    Between 0.001, where cells depart a thousandfold, and 1000, where they practically do not. ``P(n) = Γ(n + k) / (Γ(k)
    n!) (k / (k + μ))^k (μ / (k + μ))^n`` is the chance of n finds where μ are expected: negative binomial, as where
    cells depart from μ by a factor that is gamma distributed with mean 1 and variance 1 / k. The sum of log P over
    cells is searched over log k by Brent's bounded method (SciPy's ``minimize_scalar``, its default tolerance), so that
    an end is nearly, not quite, reached.

    Raises
    ------
    SchemaError
        The arrays differ in length, a count is negative, or an expectation is not positive (or NaN).

    Examples
    --------
    Cells that hold what was expected do not depart; where one holds all, finds cluster.

    >>> expected = np.full(4, 2.0)
    >>> fit_dispersion(np.full(4, 2.0), expected) > 900
    True
    >>> fit_dispersion(np.array([0.0, 0.0, 0.0, 8.0]), expected) < 1
    True
    """
    _require(n_finds, expected)
    low, high = np.log([LEAST_K, LARGEST_K])
    found = minimize_scalar(
        lambda log_k: -_log_likelihood(n_finds, expected, np.exp(log_k)), bounds=(low, high), method="bounded"
    )
    return float(np.exp(found.x))


def chance_of_any(expected: FloatArray, k: float) -> FloatArray:
    """Chance (n_cell,) of at least one find where so many (n_cell,) are expected: ``1 − (k / (k + μ))^k``.

    It is 1 − exp(−μ) for large k, and smaller the more cells depart (small k).

    Examples
    --------
    >>> chance_of_any(np.array([0.0, 1.0, 3.0]), k=1.0).round(6).tolist()
    [0.0, 0.5, 0.75]
    """
    # By expm1 and log1p: chances of one in a million would drown in the rounding of 1 − (1 − p).
    return np.asarray(-np.expm1(-k * np.log1p(expected / k)), dtype=np.float64)


def updated_density(density: FloatArray, n_finds: FloatArray, exposure: FloatArray, k: float) -> FloatArray:
    """Density (n_cell,) expected after a look, ``λ (k + n) / (k + λ E)``, in the unit of λ.

    Parameters
    ----------
    density
        (n_cell,) λ, before the look.
    n_finds, exposure
        (n_cell,) what was found, and on how much land, in the unit of λ's area; 0 and 0 where nobody looked.
    k
        From `fit_dispersion`.

    Examples
    --------
    Two are expected a km². Nobody looked; a km² held five: 2 (1 + 5) / (1 + 2).

    >>> updated_density(np.array([2.0, 2.0]), np.array([0.0, 5.0]), np.array([0.0, 1.0]), k=1.0).tolist()
    [2.0, 4.0]
    """
    return np.asarray(density * (k + n_finds) / (k + density * exposure), dtype=np.float64)


def _log_likelihood(n: FloatArray, expected: FloatArray, k: float) -> float:
    terms = gammaln(n + k) - gammaln(k) - (n + k) * np.log1p(expected / k) + n * np.log(expected / k)
    return float(terms.sum())


def _require(n_finds: FloatArray, expected: FloatArray) -> None:
    if len(n_finds) != len(expected):
        raise SchemaError("Cells differ.", got=f"{len(n_finds)}, {len(expected)}", expected="one length")
    if (n_finds < 0).any() or not (expected > 0).all():
        raise SchemaError(
            "Counts and expectations are wrong.", field="n_finds, expected", expected="0 or more, and more than 0"
        )

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
    """The likeliest k of counts (n_cell,) beside what was expected of them, by models that have not seen the counts.

    Raises
    ------
    SchemaError
        The arrays differ in length, a count is negative, or an expectation is not positive.
    """
    _require(n_finds, expected)
    low, high = np.log([LEAST_K, LARGEST_K])
    found = minimize_scalar(
        lambda log_k: -_log_likelihood(n_finds, expected, np.exp(log_k)), bounds=(low, high), method="bounded"
    )
    return float(np.exp(found.x))


def chance_of_any(expected: FloatArray, k: float) -> FloatArray:
    """Chance (n_cell,) of at least one find where so many are expected."""
    return np.asarray(-np.expm1(-k * np.log1p(expected / k)), dtype=np.float64)


def updated_density(density: FloatArray, n_finds: FloatArray, exposure: FloatArray, k: float) -> FloatArray:
    """Density (n_cell,) expected after a look.

    Parameters
    ----------
    density
        (n_cell,) λ, before the look.
    n_finds, exposure
        (n_cell,) what was found, and on how much land; 0 and 0 where nobody looked.
    k
        From `fit_dispersion`.
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

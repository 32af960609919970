"""Which importances exceed those of layers that mean nothing, and how often that would be said in error."""

from typing import Final

import numpy as np
from scipy.stats import false_discovery_control

from entropice.types import CellIds, FloatArray

FALSE_DISCOVERY_RATE: Final = 0.1
"""Expected share of errors among what is called a driver."""

NULL_QUANTILE: Final = 0.95
N_REPLICATES: Final = 500


def p_values(importances: FloatArray, nulls: FloatArray) -> FloatArray:
    """Chance (n_set,) that a set without meaning is as important, from copies without meaning (n_null, n_set).

    Each importance is measured in standard deviations from the mean of its own set's copies, and each copy's likewise
    from the mean of the set's other copies. The p-value is the share of all copies of all sets that lie as far, the set
    itself counted among them (Phipson & Smyth 2010, doi:10.2202/1544-6115.1585). It is 1 where a set's copies do not
    differ and the set does not exceed them. The distance of a value x from n copies of mean m and standard deviation s
    (n − 1 in the denominator) is ``(x − m) / (s √(1 + 1/n))``; with s = 0 it is infinite, above 0 where x exceeds m and
    below 0 elsewhere. With N copies of all sets together, ``p = (1 + number of copies at least as far) / (1 + N)``.
    Three copies at least.

    Examples
    --------
    Far above three copies: 1 of 1 + 3.

    >>> p_values(np.array([9.0]), np.array([[0.0], [1.0], [2.0]])).tolist()
    [0.25]
    """
    # Copies of all sets are pooled once they are on one scale: a few copies a set could say no less than 1 / (n + 1),
    # and each copy costs a fit.
    own = _distances(importances, nulls)
    others = np.array([_distances(nulls[each], np.delete(nulls, each, axis=0)) for each in range(len(nulls))])
    n_as_far: FloatArray = (others.ravel() >= own[:, None]).sum(axis=1).astype(np.float64)
    return (1 + n_as_far) / (1 + others.size)


def _distances(values: FloatArray, nulls: FloatArray) -> FloatArray:
    """Standard deviations (n_set,) of a prediction that values (n_set,) lie above the mean of n nulls (n, n_set)."""
    spread = nulls.std(axis=0, ddof=1) * np.sqrt(1 + 1 / len(nulls))
    above = values - nulls.mean(axis=0)
    distances: FloatArray = np.divide(above, spread, out=np.where(above > 0, np.inf, -np.inf), where=spread > 0)
    return distances


def q_values(p: FloatArray) -> FloatArray:
    """Smallest false discovery rate (n_set,) at which each set is called a driver, by p-values (n_set,).

    ``q₍ᵢ₎ = min_{j ≥ i} p₍ⱼ₎ n / j`` of the sorted p-values, at most 1; in the order given, and empty of none.
    Benjamini and Hochberg (1995), doi:10.1111/j.2517-6161.1995.tb02031.x.

    Examples
    --------
    3 · 0.01, 3 · 0.04 / 2 and 0.5.

    >>> q_values(np.array([0.5, 0.01, 0.04])).round(6).tolist()
    [0.5, 0.03, 0.06]
    """
    adjusted: FloatArray = false_discovery_control(p) if len(p) else p
    return adjusted


def block_intervals(rises: FloatArray, blocks: CellIds, random: np.random.Generator) -> FloatArray:
    """Ends (2, n_set) of the 95 % interval of the mean rise of the loss (n_set, n), by bootstrap of blocks (n,).

    Rises hold no NaN. With one block both ends are the mean. A replicate is ``Σ_b m_b S_b / Σ_b m_b n_b``, with S_b the
    sum of the rises over block b, n_b its rows and multinomial m (Künsch 1989, doi:10.1214/aos/1176347265). There are
    500 (`N_REPLICATES`), the same for all sets; ends are linear between them.

    Examples
    --------
    >>> ends = block_intervals(np.array([[1.0, 3.0]]), np.array([7, 7], dtype=np.uint64), np.random.default_rng(0))
    >>> ends.tolist()
    [[2.0], [2.0]]
    """
    _, codes = np.unique(blocks, return_inverse=True)
    n_blocks = codes.max() + 1
    sums = np.zeros((len(rises), n_blocks))
    np.add.at(sums.T, codes, rises.T)
    weights = random.multinomial(n_blocks, np.full(n_blocks, 1 / n_blocks), size=N_REPLICATES)
    means = (weights @ sums.T) / (weights @ np.bincount(codes))[:, None]
    ends: FloatArray = np.quantile(means, [0.025, 0.975], axis=0)
    return ends

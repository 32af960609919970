"""Where a fit begins: rows spread by k-means++ as centres, their own classes mixed with the priors, equal weights.

Rows are drawn from a pool in canonical order: neither the given order of rows or features, nor whether a row is
repeated or weighs more, nor absent rows (weight 0) change what a seed draws.
"""

from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from entropice.espa.compiled import compiled
from entropice.espa.rows import CHUNK_ROWS, Rows, Values

Floats = NDArray[np.float64]
Codes = NDArray[np.int64]
Init = Literal["k-means++", "random"]

POOL_ROWS: Final = 1024
"""Rows, equally spaced by weight in canonical order, that starts are drawn from."""


@dataclass(frozen=True)
class Pool:
    """Rows to draw starts from.

    Attributes
    ----------
    deviations
        (P, D), in the precision of the rows: values relative to the feature means; 0 where missing.
    is_observed
        (P, D).
    codes
        (P,) classes.
    masses
        (P,), sum 1.
    """

    deviations: Values
    is_observed: NDArray[np.bool_]
    codes: Codes
    masses: Floats


@dataclass(frozen=True)
class Starts:
    """Starts of one weighting: centres (R, K, D) relative to the means, classes (R, K), boxes drawn (R, K)."""

    centers: Floats
    codes: Codes
    is_drawn: NDArray[np.bool_]


def row_keys(rows: Rows, codes: NDArray[np.int32], salts: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Hash (T,) of each row's class and values, each value with the salt (D,) of its feature.

    With equal salts the hash is the same for any order of the features.
    """
    keys = codes.astype(np.uint64)
    for where, block in rows.blocks():
        for start in range(0, len(block), CHUNK_ROWS):
            chunk = np.ascontiguousarray(block[start : start + CHUNK_ROWS], dtype=np.float64) + 0.0
            first = where.start + start
            hash_rows(chunk.view(np.uint64), np.isnan(chunk), salts, keys[first : first + len(chunk)])
    return keys


@compiled
def hash_rows(bits, is_missing, salts, keys):  # type: ignore[no-untyped-def]
    """Add to each key (n,) the mixed hash (SplitMix64) of every salted value (n, D)."""
    for t in range(len(bits)):
        total = keys[t]
        for d in range(bits.shape[1]):
            z = salts[d] + (np.uint64(0) if is_missing[t, d] else bits[t, d] + np.uint64(0x9E3779B97F4A7C15))
            z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
            z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
            total += z ^ (z >> np.uint64(31))
        keys[t] = total


def number_distinct(rows: Rows, codes: NDArray[np.int32]) -> Codes:
    """Number the distinct rows: equal rows share a number (T,), and numbers ascend in canonical order."""
    n_features = rows.shape[1]
    keys = row_keys(rows, codes, np.zeros(n_features, np.uint64))
    own = row_keys(rows, codes, np.arange(1, n_features + 1, dtype=np.uint64) * np.uint64(0xD1342543DE82EF95))
    order = np.lexsort((own, keys))
    is_new = np.append(True, (np.diff(own[order]) != 0) | (np.diff(keys[order]) != 0))
    numbers = np.empty(len(order), np.int64)
    numbers[order] = np.cumsum(is_new) - 1
    return numbers


def draw_pool(rows: Rows, codes: NDArray[np.int32], order: Codes, weights: Floats, means: Floats, n_boxes: int) -> Pool:
    """Take rows at equal steps of cumulated weight, at least eight a box; a row hit often has more mass."""
    n_steps = max(POOL_ROWS, 8 * n_boxes)
    picked, hits = _pick_evenly(order, weights, n_steps)
    values = rows.pick(picked)
    is_observed = ~np.isnan(values)
    np.subtract(values, means, out=values, casting="same_kind")
    values[~is_observed] = 0
    return Pool(values, is_observed, codes[picked].astype(np.int64), hits / n_steps)


def _pick_evenly(order: Codes, weights: Floats, n_steps: int) -> tuple[Codes, Codes]:
    """Rows at equal steps of cumulated weight, and how many steps hit each."""
    cumulated = weights[order]
    np.cumsum(cumulated, out=cumulated)
    steps = (np.arange(n_steps) + 0.5) / n_steps * cumulated[-1]
    places, hits = np.unique(np.searchsorted(cumulated, steps), return_counts=True)
    return order[places], hits


def draw_starts(pool: Pool, metric: Floats, n_boxes: int, uniforms: Floats, init: Init) -> Starts:
    """Draw rows as centres: the next ∝ mass × distance to the nearest drawn ("k-means++"), or ∝ mass ("random").

    Parameters
    ----------
    pool
        What to draw from.
    metric
        (D,): a distance is the sum of ``metric * (x - s)**2`` over the observed features.
    n_boxes
        K; fewer are drawn where every row of the pool is at a centre.
    uniforms
        (R, K) in [0, 1): a start a row.
    init
        How.
    """
    drawn, is_drawn = _draw_rows(pool, metric, n_boxes, uniforms, init)
    centers = np.empty((*drawn.shape, len(metric)))
    for start, rows in zip(centers, drawn, strict=True):
        start[:] = pool.deviations[rows]
    return Starts(centers, pool.codes[drawn], is_drawn)


def _draw_rows(
    pool: Pool, metric: Floats, n_boxes: int, uniforms: Floats, init: Init
) -> tuple[Codes, NDArray[np.bool_]]:
    """Rows of the pool (R, K), and whether there was one left to draw."""
    n_starts = len(uniforms)
    drawn = np.zeros((n_starts, n_boxes), np.int64)
    is_drawn = np.zeros((n_starts, n_boxes), np.bool_)
    scaled = pool.deviations * np.sqrt(metric).astype(pool.deviations.dtype)
    nearest = np.full((len(pool.masses), n_starts), np.inf if init == "k-means++" else 1.0)
    for k in range(n_boxes):
        is_drawn[:, k] = nearest.max(axis=0) > 0
        drawn[:, k] = _draw(pool.masses[:, None] * (nearest if k else 1.0), uniforms[:, k])
        if init == "k-means++":
            np.minimum(nearest, _distances(scaled, pool.is_observed, drawn[:, k]), out=nearest)
    return drawn, is_drawn


def _draw(masses: Floats, uniforms: Floats) -> Codes:
    """Draw a row for each column of masses (P, R) by inverse cumulated mass."""
    cumulated = masses.cumsum(axis=0)
    places = (cumulated <= uniforms * cumulated[-1]).sum(axis=0)
    drawn: Codes = np.minimum(places, len(masses) - 1)
    return drawn


def _distances(scaled: Values, is_observed: NDArray[np.bool_], drawn: Codes) -> Floats:
    """Squared distances (P, R) of all rows to some, over the observed features; rounding noise counts as 0."""
    norms = np.einsum("td,td->t", scaled, scaled)
    centers = scaled[drawn]
    distances = norms[:, None] - 2 * scaled @ centers.T + is_observed @ (centers**2).T
    noise = scaled.shape[1] * np.finfo(scaled.dtype).eps * norms.max()
    return np.where(distances > noise, distances, 0.0).astype(np.float64)

"""Rows drawn as first centres, spread by k-means++ (Arthur and Vassilvitskii, 2007) or by weight alone.

Rows are drawn from a pool in canonical order: neither the given order of rows or features, nor whether a row is
repeated or weighs more, nor absent rows (weight 0) change what a seed draws.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from entropice.espa.data.rows import Values
from entropice.espa.data.training_data import TrainingData

Floats = NDArray[np.float64]
Codes = NDArray[np.int64]
Init = Literal["k-means++", "random"]

POOL_ROWS: Final = 1024
"""Rows, equally spaced by weight in canonical order, that centres are drawn from."""


@dataclass(frozen=True)
class Pool:
    """Rows to draw centres from.

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
class DrawnRows:
    """Rows of a pool that starts have as centres.

    Attributes
    ----------
    pool
        What was drawn from.
    numbers
        (R, K), in the pool: a start a row.
    is_drawn
        (R, K): whether there was a row left to draw.
    """

    pool: Pool
    numbers: Codes
    is_drawn: NDArray[np.bool_]

    @property
    def codes(self) -> Codes:
        """Class codes, int64, of the drawn rows by start and box (R, K); meaningless where none was drawn."""
        return self.pool.codes[self.numbers]

    def centers(self) -> Floats:
        """Values (R, K, D), float64, relative to the feature means; 0, the mean, where missing.

        Sizes: R starts, D features, K boxes.
        """
        centers = np.empty((*self.numbers.shape, self.pool.deviations.shape[1]))
        # Start by start: indexing all at once would hold a second array of this size, in the precision of the pool.
        for start, picked in zip(centers, self.numbers, strict=True):
            start[:] = self.pool.deviations[picked]
        return centers


def draw_pool(data: TrainingData, order: Callable[[], Codes], weighting: int, n_boxes: int) -> Pool:
    """Take rows at equal steps of cumulated weight, at least eight a box; a row hit often has more mass.

    A pool of fixed size makes the cost of a start independent of the number of rows, and steps of weight instead of
    rows make a row of weight 2 and a row given twice the same.

    Parameters
    ----------
    data
        The rows.
    order
        Gives their canonical order (T,).
    weighting
        Under which rows weigh.
    n_boxes
        K.

    Returns
    -------
    Pool
        At most ``max(1024, 8 K)`` rows, in canonical order, each once; masses are multiples of one over that number.

    Examples
    --------
    Two rows of weights 3/4 and 1/4, about their mean 1.5.

    >>> import numpy as np
    >>> from entropice.espa.data.rows import rows_of
    >>> from entropice.espa.data.training_data import prepare_training_data
    >>> rows, labels = rows_of(np.array([[1.0], [3.0]]), None), np.array(["none", "some"])
    >>> data = prepare_training_data(rows, labels, np.array([[3.0, 1.0]]), ["slope"], ["the rows"])
    >>> pool = draw_pool(data, lambda: np.array([0, 1]), weighting=0, n_boxes=2)
    >>> pool.deviations.ravel().tolist(), pool.masses.tolist()
    ([-0.5, 1.5], [0.75, 0.25])
    """
    n_steps = max(POOL_ROWS, 8 * n_boxes)
    picked, hits = _pick_evenly(order(), data.weights[weighting], n_steps)
    values = data.rows.pick(picked)
    is_observed = ~np.isnan(values)
    np.subtract(values, data.features.means[weighting], out=values, casting="same_kind")
    values[~is_observed] = 0
    return Pool(values, is_observed, data.codes[picked].astype(np.int64), hits / n_steps)


def _pick_evenly(order: Codes, weights: Floats, n_steps: int) -> tuple[Codes, Codes]:
    """Rows at equal steps of cumulated weight, and how many steps hit each."""
    cumulated = weights[order]
    np.cumsum(cumulated, out=cumulated)
    # Half a step in: a row of weight w is hit w · n_steps times, rounded, and the last row not by rounding alone.
    steps = (np.arange(n_steps) + 0.5) / n_steps * cumulated[-1]
    hit, n_hits = np.unique(np.searchsorted(cumulated, steps), return_counts=True)
    return order[hit], n_hits


def draw_rows(pool: Pool, metric: Floats, uniforms: Floats, init: Init) -> DrawnRows:
    """Draw rows as centres: the next ∝ mass × distance to the nearest drawn ("k-means++"), or ∝ mass ("random").

    Sizes: R starts, D features, K boxes.

    Parameters
    ----------
    pool
        What to draw from.
    metric
        (D,): a distance is the sum of ``metric * (x - s)**2`` over the observed features.
    uniforms
        (R, K) in [0, 1): a start a row. Fewer are drawn where every row of the pool is at a centre.
    init
        How.

    Returns
    -------
    DrawnRows
        Rows (R, K) of the pool. "k-means++" draws no place twice: where all are taken, `is_drawn` is False. "random"
        may draw the same row again.

    Notes
    -----
    The first row of a start is drawn by mass alone. With distance the squared one, ``Σ_d metric_d (x_d − s_d)²``; one
    of the size of rounding counts as 0. Drawn is the first row of the pool whose cumulated mass, or mass × distance,
    exceeds the uniform number times the total. Arthur and Vassilvitskii (2007), *k-means++: the advantages of careful
    seeding*, SODA, 1027–1035.

    Examples
    --------
    Two rows at 0 and one at 1: whichever is drawn first, the second is at the other place.

    >>> import numpy as np
    >>> deviations, masses = np.array([[0.0], [0.0], [1.0]]), np.ones(3) / 3
    >>> pool = Pool(deviations, np.ones((3, 1), dtype=bool), np.array([0, 0, 1]), masses)
    >>> drawn = draw_rows(pool, np.ones(1), np.array([[0.1, 0.9], [0.9, 0.1]]), "k-means++")
    >>> drawn.centers()[:, :, 0].tolist()
    [[0.0, 1.0], [1.0, 0.0]]
    """
    drawn = np.zeros(uniforms.shape, np.int64)
    is_drawn = np.zeros(uniforms.shape, np.bool_)
    scaled = pool.deviations * np.sqrt(metric).astype(pool.deviations.dtype)
    norms, is_observed = np.einsum("td,td->t", scaled, scaled), pool.is_observed.astype(scaled.dtype)
    # `nearest` is the squared distance (P, R) to the nearest drawn row. All starts draw their k-th row at once, so that
    # the distances are one matrix product; the first row has no distance to weigh by and is drawn by mass alone.
    nearest = np.full((len(pool.masses), len(uniforms)), np.inf if init == "k-means++" else 1.0)
    for k in range(uniforms.shape[1]):
        is_drawn[:, k] = nearest.max(axis=0) > 0
        # Far rows are likely, not certain, to be drawn: the farthest row is an outlier more often than a group.
        drawn[:, k] = _draw(pool.masses[:, None] * (nearest if k else 1.0), uniforms[:, k])
        if init == "k-means++":
            np.minimum(nearest, _distances(scaled, norms, is_observed, drawn[:, k]), out=nearest)
    return DrawnRows(pool, drawn, is_drawn)


def _draw(masses: Floats, uniforms: Floats) -> Codes:
    """Draw a row for each column of masses (P, R) by inverse cumulated mass."""
    cumulated = masses.cumsum(axis=0)
    n_below = (cumulated <= uniforms * cumulated[-1]).sum(axis=0)
    # Where no mass is left all sums are 0 and "below": the last row stands in, and `is_drawn` leaves its box out.
    drawn: Codes = np.minimum(n_below, len(masses) - 1)
    return drawn


def _distances(scaled: Values, norms: Values, is_observed: Values, drawn: Codes) -> Floats:
    """Squared distances (P, R) of all rows, with squared norms (P,), to some by observed features; noise counts as 0.

    As ``|x|² - 2 x·s + |s|²`` they are a matrix product, but equal rows may come out a rounding error apart: without
    the threshold a copy of a drawn row could be drawn as another box.
    """
    centers = scaled[drawn]
    distances = norms[:, None] - 2 * scaled @ centers.T + is_observed @ (centers**2).T
    noise = scaled.shape[1] * np.finfo(scaled.dtype).eps * norms.max()
    return np.where(distances > noise, distances, 0.0).astype(np.float64)

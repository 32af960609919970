"""Hard and soft affiliations in any array namespace (NumPy, CuPy, PyTorch), on any device.

The compiled counterpart for hard affiliations on the CPU is `entropice.espa.compiled`; both give the same sums.
"""

import functools
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, fields
from typing import Final

import numpy as np
from array_api_compat import array_namespace, device
from numpy.typing import NDArray

from entropice.espa.data.rows import CHUNK_ROWS, Rows
from entropice.espa.devices import Place
from entropice.espa.updates import Array, BoxSums, Costs

SMALLEST_EPS: Final = 1e-30
"""Strength of the affiliations' entropy below which they are hard in either precision."""

LARGEST_RATIO: Final = 800.0
"""Cost over strength beyond which an affiliation is 0 in either precision."""

RESIDENT_COSTS: Final = 2**25
"""Costs computed at a time on a device, which bounds the memory beside the rows."""


@dataclass(frozen=True)
class Chunk:
    """Some rows on the device of the computation.

    Attributes
    ----------
    values
        (n, D), relative to the origin of the pass; 0 where missing.
    observed
        (n, P): mask of the partial features.
    is_class
        (n, M): one-hot classes.
    weights
        (n, F), double precision.
    """

    values: Array
    observed: Array
    is_class: Array
    weights: Array


@dataclass(frozen=True)
class NamespacedPass:
    """Rows as chunks, ready to be summed over boxes.

    Attributes
    ----------
    chunks
        Gives the chunks anew for every pass, told how many costs a row has.
    offsets
        (F, D): feature means under each weighting minus the origin.
    partial
        (P, D): one-hot rows that name the partial features.
    is_soft
        Whether affiliations are soft, by the strengths that `sums` is given, or hard.
    """

    chunks: Callable[[int], Iterable[Chunk]]
    offsets: Array
    partial: Array
    is_soft: bool

    def sums(self, costs: Costs, weighting_of: Array, eps_affiliation: Array) -> BoxSums:
        """Affiliate every row in every fit of a batch by its costs and sum over the boxes.

        Sizes: B fits, K boxes.

        Parameters
        ----------
        costs
            Of the fits' boxes (B, K, ·), on the device of the chunks.
        weighting_of
            (B,): the weighting of the rows that each fit sees.
        eps_affiliation
            (B,): strength of the entropy of soft affiliations; without effect on hard ones.

        Returns
        -------
        BoxSums
            (B, K, ·), float64, on the same device, relative to the feature means of each fit's weighting; 0 for a box
            without rows. Hard affiliations go to the first cheapest box.

        Examples
        --------
        Costs −2 x and 2 x put 3 and 0, the tie, into the first box, −1 into the second. About the mean 0.5 the sums are
        0.25 · 2.5 − 0.5 · 0.5 and −0.25 · 1.5.

        >>> import numpy as np
        >>> values, weights = np.array([[3.0], [-1.0], [0.0]]), np.array([[0.25], [0.25], [0.5]])
        >>> chunk = Chunk(values, np.zeros((3, 0)), np.ones((3, 1)), weights)
        >>> data = NamespacedPass(lambda n_costs: [chunk], np.array([[0.5]]), np.zeros((0, 1)), is_soft=False)
        >>> costs = Costs(np.array([[[-2.0], [2.0]]]), np.zeros((1, 2, 0)), np.zeros((1, 2, 1)))
        >>> data.sums(costs, np.array([0]), np.array([0.0])).values.ravel().tolist()
        [0.375, -0.375]
        """
        xp = array_namespace(costs.coefficients)
        n_fits, n_boxes, _ = costs.by_class.shape
        chunks = self.chunks(n_fits * n_boxes)
        eps = eps_affiliation if self.is_soft else None
        parts = (_chunk_sums(chunk, costs, weighting_of, eps) for chunk in chunks)
        values, observed, classes, entropy = functools.reduce(_add, parts)
        sums = BoxSums(values, observed, classes, entropy)
        # Values are summed about one origin for all weightings and moved to each one's means by the observed weight:
        # an array of deviations for every weighting would not fit a device.
        offsets = xp.take(self.offsets, weighting_of, axis=0)[:, None, :]
        return BoxSums(values - sums.observed(self.partial) * offsets, observed, classes, entropy)


def _add(total: tuple[Array, ...], part: tuple[Array, ...]) -> tuple[Array, ...]:
    return tuple(first + second for first, second in zip(total, part, strict=True))


def _chunk_sums(chunk: Chunk, costs: Costs, weighting_of: Array, eps_affiliation: Array | None) -> tuple[Array, ...]:
    """Sums over one chunk: values (B, K, D) relative to the origin, observed, classes, affiliation entropy."""
    xp = array_namespace(chunk.values)
    complete = chunk_costs(chunk, costs)
    weights = xp.astype(xp.take(chunk.weights, weighting_of, axis=1), complete.dtype)
    if eps_affiliation is None:
        affiliations = hard_affiliations(complete)
        entropy = xp.zeros(weights.shape[1], dtype=xp.float64, device=device(weights))
    else:
        affiliations = soft_affiliations(complete, eps_affiliation)
        entropy = xp.astype(xp.sum(weights * xp.sum(_x_log_x(affiliations), axis=-1), axis=0), xp.float64)
    weighted = xp.reshape(affiliations * weights[..., None], (affiliations.shape[0], -1))
    return *(_by_box(weighted, part, costs) for part in (chunk.values, chunk.observed, chunk.is_class)), entropy


def _by_box(weighted: Array, part: Array, costs: Costs) -> Array:
    """Sums (B, K, ·) over the rows of a part (n, ·)."""
    xp = array_namespace(part)
    n_fits, n_boxes, _ = costs.by_class.shape
    # One product over the rows for all boxes of all fits, in the precision of the rows; chunks are added in float64.
    sums = xp.astype(weighted, part.dtype).T @ part
    return xp.reshape(xp.astype(sums, xp.float64), (n_fits, n_boxes, part.shape[1]))


def host_chunks(
    rows: Rows,
    codes: NDArray[np.int32],
    weights: NDArray[np.float64],
    partial_columns: NDArray[np.int64],
    n_classes: int,
    origin: NDArray[np.float64],
) -> Iterator[Chunk]:
    """Read rows chunk by chunk, relative to the origin (D,), so that single precision loses nothing to offsets.

    Parameters
    ----------
    rows
        T rows of D features.
    codes
        Class of each row (T,), 0 to `n_classes` − 1; another one is of no class.
    weights
        Of each row in each of F fits (F, T).
    partial_columns
        The columns (P,) in which NaN may occur.
    origin
        What is subtracted from every row (D,), in the precision of the rows as they lie.

    Yields
    ------
    Chunk
        Of at most `CHUNK_ROWS` rows n, in their order: `values` (n, D) and `observed` (n, P), 1 or 0, and `is_class`
        (n, n_classes), 1 in the column of the row's class, in the dtype that `rows` has; `weights` (n, F), float64.
        NaN in a partial column is 0 in `values` and not observed.

    Examples
    --------
    One row of class 1 of 2, relative to the origin (1, 0); its second value is missing.

    >>> import numpy as np
    >>> from entropice.espa.data.rows import rows_of
    >>> rows, codes = rows_of(np.array([[3.0, np.nan]]), None), np.array([1], dtype=np.int32)
    >>> chunk, = host_chunks(rows, codes, np.array([[1.0]]), np.array([1]), 2, np.array([1.0, 0.0]))
    >>> chunk.values.tolist(), chunk.observed.tolist(), chunk.is_class.tolist()
    ([[2.0, 0.0]], [[0.0]], [[0.0, 1.0]])
    """
    for where, block in rows.blocks():
        for start in range(0, len(block), CHUNK_ROWS):
            values = np.asarray(block[start : start + CHUNK_ROWS] - origin, dtype=rows.dtype)
            chunk = slice(where.start + start, where.start + start + len(values))
            yield Chunk(
                values=np.where(np.isnan(values), 0, values) if len(partial_columns) else values,
                observed=(~np.isnan(values[:, partial_columns])).astype(rows.dtype),
                is_class=(codes[chunk, None] == np.arange(n_classes)).astype(rows.dtype),
                weights=weights[:, chunk].T,
            )


def resident_chunks(host: Iterator[Chunk], place: Place) -> Callable[[int], Iterator[Chunk]]:
    """Move rows to a device once; give them back in chunks whose costs fit a fixed budget.

    Chunks (n, ...) of the host, one or more, are put behind one another there. Called with how many costs a row has,
    the result yields all rows in order, at most 2²⁵ costs at a time but no fewer than 1,024 rows, and may be called
    again.
    """
    names = [field.name for field in fields(Chunk)]
    # Put together, since how many rows fit depends on the boxes of a pass: few at first, more as fits leave the batch.
    moved = [[place.asarray(getattr(chunk, name)) for name in names] for chunk in host]
    whole = [place.namespace.concat(parts) for parts in zip(*moved, strict=True)]

    def chunks(n_costs: int) -> Iterator[Chunk]:
        n_rows = max(CHUNK_ROWS, RESIDENT_COSTS // n_costs)
        n_total = whole[0].shape[0]
        for start in range(0, n_total, n_rows):
            yield Chunk(*(part[start : min(start + n_rows, n_total), :] for part in whole))

    return chunks


def chunk_costs(chunk: Chunk, costs: Costs) -> Array:
    """Complete costs (n, B, K) of the rows of a chunk, in their precision.

    A sum of products of values, mask and one-hot classes with their coefficients: see `entropice.espa.updates.Costs`.

    Sizes: B fits, K boxes.

    Examples
    --------
    A row of class 1 with the values 2 and 0, the second of which is missing: 2 · 2 + 0 · 5 + 0 · 7 + 10 in the first
    box.

    >>> import numpy as np
    >>> chunk = Chunk(np.array([[2.0, 0.0]]), np.array([[0.0]]), np.array([[0.0, 1.0]]), np.array([[1.0]]))
    >>> by_value, by_mask, by_class = [[2.0, 5.0], [1.0, 1.0]], [[7.0], [0.0]], [[1.0, 10.0], [0.0, 0.0]]
    >>> chunk_costs(chunk, Costs(*(np.array([each]) for each in (by_value, by_mask, by_class)))).tolist()
    [[[14.0, 2.0]]]
    """
    xp = array_namespace(chunk.values)
    pairs = (
        (chunk.values, costs.coefficients),
        (chunk.observed, costs.partial_coefficients),
        (chunk.is_class, costs.by_class),
    )
    # Three products and their sum: one product would need values, mask and classes side by side, the rows a second
    # time.
    n_fits, n_boxes, _ = costs.by_class.shape
    terms = [
        part @ xp.reshape(xp.astype(table, part.dtype), (n_fits * n_boxes, part.shape[1])).T for part, table in pairs
    ]
    return xp.reshape(terms[0] + terms[1] + terms[2], (chunk.values.shape[0], n_fits, n_boxes))


def hard_affiliations(costs: Array) -> Array:
    """One-hot (n, B, K) of the first cheapest box by costs (n, B, K), in their dtype.

    Sizes: B fits, K boxes.

    Examples
    --------
    >>> import numpy as np
    >>> hard_affiliations(np.array([[[2.0, 1.0, 1.0]]])).tolist()
    [[[0.0, 1.0, 0.0]]]
    """
    xp = array_namespace(costs)
    boxes = xp.arange(costs.shape[-1], device=device(costs))
    return xp.astype(xp.argmin(costs, axis=-1)[..., None] == boxes, costs.dtype)


def soft_affiliations(costs: Array, eps_affiliation: Array) -> Array:
    """Boltzmann affiliations (n, B, K): ``Γ_k ∝ exp(-cost_k / g)``, by costs (n, B, K) and g by fit (B,); sum 1 over K.

    A strength below 1e-30 counts as that; a cost more than 800 g above the lowest counts as 800 g above it.

    Sizes: B fits, K boxes.

    Examples
    --------
    A gap of g log 3 makes the nearer box three times as likely; without strength it takes all.

    >>> import numpy as np
    >>> costs = np.array([[[0.0, 0.1 * np.log(3)]]])
    >>> soft_affiliations(costs, np.array([0.1])).round(6).tolist()
    [[[0.75, 0.25]]]
    >>> soft_affiliations(costs, np.array([0.0])).tolist()
    [[[1.0, 0.0]]]
    """
    xp = array_namespace(costs)
    # Gaps to the smallest cost, not costs: exp of these would underflow for all boxes of a distant row. The ratio is
    # bounded before the division, as an infinite one times zero would be NaN.
    gaps = costs - xp.min(costs, axis=-1, keepdims=True)
    strengths = xp.astype(xp.where(eps_affiliation > SMALLEST_EPS, eps_affiliation, SMALLEST_EPS), costs.dtype)[:, None]
    unnormalised = xp.exp(-xp.minimum(gaps, LARGEST_RATIO * strengths) / strengths)
    return unnormalised / xp.sum(unnormalised, axis=-1, keepdims=True)


def _x_log_x(shares: Array) -> Array:
    xp = array_namespace(shares)
    return shares * xp.log(xp.where(shares > 0, shares, 1.0))

"""Hard affiliations on the CPU: every row is read from memory once a sweep, and what is done with it follows in cache.

The counterpart for any array namespace, and for soft affiliations, is `entropice.espa.namespaced`.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from entropice.espa.data.rows import CHUNK_ROWS, Rows, Values
from entropice.espa.jit import compiled
from entropice.espa.products import SMALL_TILE, find_costs
from entropice.espa.registers import PANEL_BYTES
from entropice.espa.updates import BoxSums, Costs

CHUNK_BYTES: Final = 2**20
"""Of the values of a chunk: they stay in a core's second cache from the product to the sums."""

FEWEST_ROWS: Final = 128
"""Of a chunk: it costs as much again as some rows to begin sums, and to add them up."""


@dataclass(frozen=True)
class CompiledPass:
    """Rows with their classes and weightings, ready to be summed over boxes.

    Attributes
    ----------
    rows
        (T, D).
    codes
        (T,) class codes.
    weights
        (F, T): weightings, each of sum 1; a row of weight 0 takes no part.
    means
        (F, D): feature means under each weighting; sums are relative to these.
    partial_columns
        (P,): features with missing values.
    """

    rows: Rows
    codes: NDArray[np.int32]
    weights: NDArray[np.float64]
    means: NDArray[np.float64]
    partial_columns: NDArray[np.int64]

    def sums(self, costs: Costs, weighting_of: NDArray[np.int64]) -> BoxSums:
        """Put every row into its cheapest box in every fit of a batch, ties to the lowest, and sum over the boxes.

        Sizes: B fits, K boxes.

        Parameters
        ----------
        costs
            Of the fits' boxes (B, K, ·).
        weighting_of
            (B,): the weighting of the rows that each fit sees.

        Returns
        -------
        BoxSums
            (B, K, ·), float64, relative to the feature means of each fit's weighting; 0 for a box without rows.
            Affiliations are hard, so that their entropy is 0.

        Examples
        --------
        Costs −2 x and 2 x put 3 and 0, the tie, into the first box, −1 into the second. About the mean 0.5 the sums are
        0.25 · 2.5 − 0.5 · 0.5 and −0.25 · 1.5.

        >>> import numpy as np
        >>> from entropice.espa.data.rows import rows_of
        >>> no_feature, weights = np.array([], dtype=np.int64), np.array([[0.25, 0.25, 0.5]])
        >>> rows, codes = rows_of(np.array([[3.0], [-1.0], [0.0]]), None), np.zeros(3, np.int32)
        >>> data = CompiledPass(rows, codes, weights, np.array([[0.5]]), no_feature)
        >>> costs = Costs(np.array([[[-2.0], [2.0]]]), np.zeros((1, 2, 0)), np.zeros((1, 2, 1)))
        >>> sums = data.sums(costs, np.array([0]))
        >>> sums.values.ravel().tolist(), sums.classes.ravel().tolist()
        ([0.375, -0.375], [0.75, 0.25])
        """
        sums = BoxSums(
            values=np.zeros(costs.coefficients.shape),
            partial_observed=np.zeros(costs.partial_coefficients.shape),
            classes=np.zeros(costs.by_class.shape),
            affiliation_entropy=np.zeros(len(weighting_of)),
        )
        chunk_rows, means = rows_of_a_chunk(self.rows), np.ascontiguousarray(self.means, self.rows.dtype)
        totals = sums.values, sums.partial_observed, sums.classes
        coefficients = joined(costs, self.rows.dtype)
        for first, values, observed in without_gaps(self.rows, self.partial_columns, chunk_rows):
            where = slice(first, first + len(values))
            labels = self.codes[where], self.weights[:, where], weighting_of, means
            add_rows(values, observed, coefficients, *labels, chunk_rows, *totals)
        if len(self.partial_columns):
            self._forget_missing(sums, weighting_of)
        return sums

    def _forget_missing(self, sums: BoxSums, weighting_of: NDArray[np.int64]) -> None:
        """Take back what missing values, read as 0, have added."""
        # A test for NaN in the loop over rows would cost more than this correction by mass: 0 − mean times the weight.
        missing = sums.classes.sum(axis=-1)[..., None] - sums.partial_observed
        means = self.means[weighting_of][:, None, self.partial_columns]
        sums.values[:, :, self.partial_columns] += missing * means


class ChunkCosts(NamedTuple):
    """Some rows: the first one's number, how many, and their costs (B K, n)."""

    first: int
    n_rows: int
    costs: Values


def chunks_with_costs(rows: Rows, partial_columns: NDArray[np.int64], costs: Costs) -> Iterator[ChunkCosts]:
    """Yield the rows chunk by chunk with their costs, in a buffer that the next chunk reuses.

    Sizes: T rows, D features, P features with missing values, K boxes.

    Parameters
    ----------
    rows
        (T, D); NaN is missing.
    partial_columns
        (P,): features that may be missing.
    costs
        Of the boxes of B fits, (B, K, ·), with one class (M = 1) for all rows.

    Yields
    ------
    ChunkCosts
        At most 1,024 rows, in order, in the precision of the rows; costs not finite where values are too large. Costs
        are those of `entropice.espa.updates.distance_costs`: up to a constant of the row.

    Examples
    --------
    Two boxes whose costs are −2 x + 1 and 2 x + 1.

    >>> import numpy as np
    >>> from entropice.espa.data.rows import rows_of
    >>> costs = Costs(np.array([[[-2.0], [2.0]]]), np.zeros((1, 2, 0)), np.ones((1, 2, 1)))
    >>> rows = rows_of(np.array([[3.0], [0.0]]), None)
    >>> [(chunk.first, chunk.costs.tolist()) for chunk in chunks_with_costs(rows, np.array([], dtype=np.int64), costs)]
    [(0, [[-5.0, 1.0], [7.0, 1.0]])]
    """
    chunk_rows, coefficients = rows_of_a_chunk(rows), joined(costs, rows.dtype)
    panel, buffer, codes = *buffers(coefficients, chunk_rows), np.zeros(chunk_rows, np.int32)
    n_boxes = costs.coefficients.shape[0] * costs.coefficients.shape[1]
    for first, values, observed in without_gaps(rows, partial_columns, chunk_rows):
        for start in range(0, len(values), chunk_rows):
            chunk = slice(start, min(start + chunk_rows, len(values)))
            find_costs(values[chunk], observed[chunk], codes, coefficients, panel, buffer)
            yield ChunkCosts(first + start, chunk.stop - start, buffer[:n_boxes, : chunk.stop - start])


def rows_of_a_chunk(rows: Rows) -> int:
    """How many rows (n, D) make a chunk: a power of 2, so that chunks are the same however a table is read.

    As many as 1 MiB holds, but 128 to 1,024.

    Examples
    --------
    A row of 200 features takes 1,600 bytes in double precision: 655 fit.

    >>> import numpy as np
    >>> from entropice.espa.data.rows import rows_of
    >>> [rows_of_a_chunk(rows_of(np.zeros((5, n_features)), None)) for n_features in (1, 200, 10_000)]
    [1024, 512, 128]
    """
    fitting = max(CHUNK_BYTES // (rows.shape[1] * rows.dtype.itemsize), 1)
    return min(max(1 << (fitting.bit_length() - 1), FEWEST_ROWS), CHUNK_ROWS)


def joined(costs: Costs, dtype: np.dtype[Any]) -> Values:
    """Coefficients of values, masks and classes side by side (B K, D + P + M), and zeros to a multiple of a tile.

    Rows are the boxes of the first fit, then those of the second, and so on; behind them rows of 0, to a multiple of 4.

    Sizes: B fits, D features, P features with missing values, K boxes, M classes.

    Examples
    --------
    Two boxes of one fit, one feature, two classes.

    >>> import numpy as np
    >>> costs = Costs(np.array([[[2.0], [3.0]]]), np.zeros((1, 2, 0)), np.array([[[0.5, 5.0], [0.25, 1.0]]]))
    >>> joined(costs, np.dtype(np.float64)).tolist()
    [[2.0, 0.5, 5.0], [3.0, 0.25, 1.0], [0.0, 0.0, 0.0], [0.0, 0.0, 0.0]]
    """
    terms = np.concatenate([costs.coefficients, costs.partial_coefficients, costs.by_class], axis=-1)
    boxes = terms.reshape(-1, terms.shape[-1])
    filled: Values = np.zeros((-(-len(boxes) // SMALL_TILE) * SMALL_TILE, boxes.shape[1]), dtype)
    filled[: len(boxes)] = boxes
    return filled


def buffers(coefficients: Values, chunk_rows: int) -> tuple[Values, Values]:
    """A panel (D + P + M, rows of a panel), of 0, and the costs of a chunk (K, chunk_rows), not set, for `find_costs`.

    By coefficients (K, D + P + M) as of `joined`, in their dtype. A panel has as many rows as 128 bytes hold numbers on
    a processor with AVX-512, else as 32 bytes do.

    Sizes: D features, P features with missing values, K boxes, M classes.
    """
    n_boxes, n_terms = coefficients.shape
    width = PANEL_BYTES // coefficients.itemsize
    return np.zeros((n_terms, width), coefficients.dtype), np.empty((n_boxes, chunk_rows), coefficients.dtype)


def without_gaps(
    rows: Rows, partial_columns: NDArray[np.int64], chunk_rows: int
) -> Iterator[tuple[int, Values, Values]]:
    """Yield the number of a first row, values (n, D) with 0 for missing, and the mask of the partial features (n, P).

    Complete rows come as they lie in memory, others in chunks of a buffer that the next one reuses. Values may not be
    written to, whether the table may or not: else loops would be compiled for either.

    `partial_columns` (P,) name the features in which NaN may occur; elsewhere none is looked for. The mask is 1 or 0.

    Sizes: D features, P features with missing values.

    Examples
    --------
    >>> import numpy as np
    >>> from entropice.espa.data.rows import rows_of
    >>> rows = rows_of(np.array([[1.0, np.nan], [2.0, 3.0]]), None)
    >>> [(first, values.tolist(), mask.tolist()) for first, values, mask in without_gaps(rows, np.array([1]), 128)]
    [(0, [[1.0, 0.0], [2.0, 3.0]], [[0.0], [1.0]])]
    """
    n_partial = len(partial_columns)
    observed = np.empty((chunk_rows, n_partial), rows.dtype)
    filled = np.empty((chunk_rows if n_partial else 0, rows.shape[1]), rows.dtype)
    for where, block in rows.blocks():
        if not n_partial:
            yield where.start, read_only(block), np.empty((len(block), 0), rows.dtype)
            continue
        for start in range(0, len(block), chunk_rows):
            values = block[start : start + chunk_rows]
            split_missing(values, partial_columns, filled, observed)
            yield where.start + start, read_only(filled[: len(values)]), observed[: len(values)]


def read_only(values: Values) -> Values:
    """A view, of the same shape, that may not be written to; the array itself still may."""
    view: Values = values.view()
    view.flags.writeable = False
    return view


@compiled
def split_missing(values, partial_columns, filled, observed):  # type: ignore[no-untyped-def]
    """Write values (n, D) with 0 for NaN into `filled` (n or more, D), and the mask of the partial features.

    `partial_columns` (P,) name these; `observed` (n or more, P) becomes 1 where they have a value, else 0.

    Sizes: D features, P features with missing values.
    """
    n_rows, n_features = values.shape
    for t in range(n_rows):
        for d in range(n_features):
            value = values[t, d]
            filled[t, d] = value if value == value else 0
        for p in range(len(partial_columns)):
            value = values[t, partial_columns[p]]
            observed[t, p] = 1 if value == value else 0


@compiled
def add_rows(  # type: ignore[no-untyped-def]
    values,
    observed,
    coefficients,
    codes,
    weights,
    weighting_of,
    means,
    chunk_rows,
    values_by_box,
    observed_by_box,
    classes,
):
    """Add rows, `chunk_rows` of them at a time, to the sums of every fit, in place.

    Sizes: B fits, F weightings of the rows, D features, P features with missing values, K boxes, M classes.

    Parameters
    ----------
    values, observed
        (n, D), 0 for missing, and (n, P): mask of the partial features.
    coefficients
        (B K or more, D + P + M), as of `joined`.
    codes
        (n,): classes, int32.
    weights
        (F, n): weightings of the rows.
    weighting_of
        (B,): weighting of each fit.
    means
        (F, D), in the precision of the values.
    chunk_rows
        Rows at a time.
    values_by_box, observed_by_box, classes
        (B, K, D), (B, K, P) and (B, K, M), float64: what is added to, as in `entropice.espa.updates.BoxSums`. A missing
        value adds as a 0 does.
    """
    n_rows, width = len(values), PANEL_BYTES // values.itemsize
    panel = np.zeros((coefficients.shape[1], width), values.dtype)
    costs = np.empty((len(coefficients), min(chunk_rows, (n_rows + width - 1) // width * width)), values.dtype)
    for first in range(0, n_rows, chunk_rows):
        chunk = slice(first, min(first + chunk_rows, n_rows))
        find_costs(values[chunk], observed[chunk], codes[chunk], coefficients, panel, costs)
        labels = codes[chunk], weights[:, chunk], weighting_of, means
        add_chunk(values[chunk], observed[chunk], costs, *labels, values_by_box, observed_by_box, classes)


@compiled
def add_chunk(  # type: ignore[no-untyped-def]
    values, observed, costs, codes, weights, weighting_of, means, values_by_box, observed_by_box, classes
):
    """Add a chunk's rows to the sums of every fit, in place, each in the box where its cost (B K, n) is lowest.

    Parameters but the costs are those of `add_rows`.

    Sizes: B fits, K boxes.
    """
    n_rows, n_boxes = len(values), classes.shape[1]
    cheapest, box = np.empty(n_rows, values.dtype), np.empty(n_rows, np.uint32)
    members, n_members = np.empty((n_boxes, n_rows), np.uint32), np.empty(n_boxes, np.uint32)
    part = np.empty((n_boxes, values.shape[1]), values.dtype)
    for fit in range(len(weighting_of)):
        find_cheapest(costs[fit * n_boxes : (fit + 1) * n_boxes], cheapest, box)
        weight = weights[weighting_of[fit]]
        # Sorted by box, one box's sums stay in registers while its rows pass. A chunk is summed in the precision of the
        # rows, which is fast, and added in float64, so that rounding grows with the chunk and not with the table.
        sort_by_box(box, weight, members, n_members)
        part[:] = 0
        add_by_box(values, weight, means[weighting_of[fit]], members, n_members, part)
        add_to(values_by_box[fit], part)
        for t in range(n_rows):
            classes[fit, box[t], codes[t]] += weight[t]
        for p in range(observed.shape[1]):
            for t in range(n_rows):
                observed_by_box[fit, box[t], p] += weight[t] * observed[t, p]


@compiled
def find_cheapest(costs, cheapest, box):  # type: ignore[no-untyped-def]
    """Find the first lowest of each row's costs (K, n or more), and which box (n,) has it.

    Every loop runs along the rows, so that it is done in vector registers. `cheapest` (n,), of the dtype of the costs,
    and `box` (n,), uint32, are overwritten. Of equal costs the first box counts; a NaN is never lower, but in the first
    box it stays.

    Examples
    --------
    >>> import numpy as np
    >>> costs, cheapest, box = np.array([[3.0, 1.0], [2.0, 1.0]]), np.empty(2), np.empty(2, np.uint32)
    >>> find_cheapest(costs, cheapest, box)
    >>> cheapest.tolist(), box.tolist()
    ([2.0, 1.0], [1, 0])
    """
    first = costs[0]
    for t in range(len(box)):
        cheapest[t] = first[t]
        box[t] = np.uint32(0)
    for k in range(1, len(costs)):
        row, number = costs[k], np.uint32(k)
        for t in range(len(box)):
            is_cheaper = row[t] < cheapest[t]
            cheapest[t] = row[t] if is_cheaper else cheapest[t]
            box[t] = number if is_cheaper else box[t]


@compiled
def sort_by_box(box, weight, members, n_members):  # type: ignore[no-untyped-def]
    """List the rows of positive weight of each box in `members` (K, n), and their number in `n_members` (K,).

    By box (n,) and weight (n,) of each row, ascending; both lists, uint32, are overwritten. Behind a box's last row
    `members` keeps what it held.

    Examples
    --------
    Row 1 has no weight.

    >>> import numpy as np
    >>> members, n_members = np.zeros((2, 4), np.uint32), np.zeros(2, np.uint32)
    >>> sort_by_box(np.array([1, 1, 0, 1], np.uint32), np.array([0.5, 0.0, 0.25, 0.25]), members, n_members)
    >>> n_members.tolist(), members[1, :2].tolist()
    ([1, 2], [0, 3])
    """
    n_members[:] = 0
    for t in range(len(box)):
        if weight[t] > 0:
            k = box[t]
            members[k, n_members[k]] = t
            n_members[k] += np.uint32(1)


@compiled
def add_by_box(values, weight, mean, members, n_members, total_by_box):  # type: ignore[no-untyped-def]
    """Add weighted deviations from the mean to each box (K, D), four rows at a time so that sums stay in registers.

    In place, to `total_by_box` (K, D), of the dtype of the values: ``Σ w_t (x_t − mean)`` over a box's rows, by values
    (n, D), weight (n,), mean (D,), and the lists of `sort_by_box`.

    Sizes: D features, K boxes.
    """
    real = values.dtype.type
    for k in range(len(n_members)):
        # In pairs: one after the other, each row would wait for the sum of the row before it.
        rows, total = members[k, : n_members[k]], total_by_box[k]
        n_in_fours = len(rows) // 4 * 4
        for i in range(0, n_in_fours, 4):
            t0, t1, t2, t3 = rows[i], rows[i + 1], rows[i + 2], rows[i + 3]
            x0, x1, x2, x3 = values[t0], values[t1], values[t2], values[t3]
            w0, w1, w2, w3 = real(weight[t0]), real(weight[t1]), real(weight[t2]), real(weight[t3])
            for d in range(len(total)):
                total[d] += (w0 * (x0[d] - mean[d]) + w1 * (x1[d] - mean[d])) + (
                    w2 * (x2[d] - mean[d]) + w3 * (x3[d] - mean[d])
                )
        for i in range(n_in_fours, len(rows)):
            x0, w0 = values[rows[i]], real(weight[rows[i]])
            for d in range(len(total)):
                total[d] += w0 * (x0[d] - mean[d])


@compiled
def add_to(total, part):  # type: ignore[no-untyped-def]
    """Add a part (K, D) in single or double precision to a total (K, D) in double precision, in place.

    Sizes: D features, K boxes.
    """
    for k in range(part.shape[0]):
        for d in range(part.shape[1]):
            total[k, d] += part[k, d]

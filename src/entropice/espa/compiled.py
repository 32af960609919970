"""Hard affiliations on the CPU: per chunk one matrix product, then one compiled pass while the chunk is in cache.

The counterpart for any array namespace, and for soft affiliations, is `entropice.espa.namespaced`.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from entropice.espa.data.rows import CHUNK_ROWS, Rows, Values
from entropice.espa.jit import compiled
from entropice.espa.updates import BoxSums, Costs


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

        Parameters
        ----------
        costs
            Of the fits' boxes (B, K, ·).
        weighting_of
            (B,): the weighting of the rows that each fit sees.

        Returns
        -------
        BoxSums
            (B, K, ·), float64, relative to the feature means of each fit's weighting.
        """
        sums = BoxSums(
            values=np.zeros(costs.coefficients.shape),
            partial_observed=np.zeros(costs.partial_coefficients.shape),
            classes=np.zeros(costs.by_class.shape),
            affiliation_entropy=np.zeros(len(weighting_of)),
        )
        means, by_class = (np.ascontiguousarray(part, self.rows.dtype) for part in (self.means, costs.by_class))
        totals = sums.values, sums.partial_observed, sums.classes
        for first, *chunk in chunks_with_costs(self.rows, self.partial_columns, costs):
            add_chunk(first, *chunk, self.codes, self.weights, weighting_of, means, by_class, *totals)
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
    """Some rows: the first one's number, their values (n, D) with 0 for missing, the mask of the partial features
    (n, P), and their costs (B K, n) without the constants."""

    first: int
    values: Values
    observed: Values
    costs: Values


def chunks_with_costs(rows: Rows, partial_columns: NDArray[np.int64], costs: Costs) -> Iterator[ChunkCosts]:
    """Yield the rows chunk by chunk with the varying part of their costs, in buffers that the next chunk reuses.

    Parameters
    ----------
    rows
        (T, D); NaN is missing.
    partial_columns
        (P,): features that may be missing.
    costs
        Of the boxes of B fits, (B, K, ·).

    Yields
    ------
    ChunkCosts
        At most 1,024 rows, in order, in the precision of the rows; costs not finite where values are too large.
    """
    n_features, n_partial = rows.shape[1], len(partial_columns)
    coefficients = costs.coefficients.reshape(-1, n_features).astype(rows.dtype)
    partial_coefficients = costs.partial_coefficients.reshape(len(coefficients), n_partial).astype(rows.dtype)
    buffer = np.empty(len(coefficients) * CHUNK_ROWS, rows.dtype)
    observed = np.empty((CHUNK_ROWS, n_partial), rows.dtype)
    filled = np.empty((CHUNK_ROWS if n_partial else 0, n_features), rows.dtype)
    for block_rows, block in rows.blocks():
        for start in range(0, len(block), CHUNK_ROWS):
            values = block[start : start + CHUNK_ROWS]
            n = len(values)
            chunk_costs = buffer[: len(coefficients) * n].reshape(-1, n)
            if n_partial:
                split_missing(values, partial_columns, filled, observed)
                values = filled[:n]
            with np.errstate(over="ignore", invalid="ignore"):  # a prediction refuses rows whose costs are not finite
                np.matmul(coefficients, values.T, out=chunk_costs)
            if n_partial:
                chunk_costs += partial_coefficients @ observed[:n].T
            yield ChunkCosts(block_rows.start + start, values, observed[:n], chunk_costs)


@compiled
def split_missing(values, partial_columns, filled, observed):  # type: ignore[no-untyped-def]
    """Write values with 0 for missing, and the observed mask of the partial features."""
    n_rows, n_features = values.shape
    for t in range(n_rows):
        for d in range(n_features):
            value = values[t, d]
            filled[t, d] = value if value == value else 0
        for p in range(len(partial_columns)):
            value = values[t, partial_columns[p]]
            observed[t, p] = 1 if value == value else 0


@compiled
def add_chunk(  # type: ignore[no-untyped-def]
    first,
    values,
    observed,
    costs,
    codes,
    weights,
    weighting_of,
    means,
    by_class,
    values_by_box,
    observed_by_box,
    classes,
):
    """Add a chunk's rows to the sums of every fit; `costs` (B K, n) become the complete costs."""
    n_fits, n_boxes, n_classes = by_class.shape
    n_rows = len(values)
    own_codes = codes[first : first + n_rows]
    # The constant of a row's class is added as a product with its indicator: looking it up by code would gather from
    # memory and keep `find_cheapest` out of vector registers.
    is_class = np.empty((n_classes, n_rows), values.dtype)
    for m in range(n_classes):
        for t in range(n_rows):
            is_class[m, t] = own_codes[t] == m
    cheapest = np.empty(n_rows, values.dtype)
    box = np.empty(n_rows, np.uint32)
    members, n_members = np.empty((n_boxes, n_rows), np.uint32), np.empty(n_boxes, np.uint32)
    part = np.empty((n_boxes, values.shape[1]), values.dtype)
    for fit in range(n_fits):
        find_cheapest(costs[fit * n_boxes : (fit + 1) * n_boxes], by_class[fit], is_class, cheapest, box)
        weight = weights[weighting_of[fit], first : first + n_rows]
        # Sorted by box, one box's sums stay in registers while its rows pass. A chunk is summed in the precision of the
        # rows, which is fast, and added in float64, so that rounding grows with the chunk and not with the table.
        sort_by_box(box, weight, members, n_members)
        part[:] = 0
        add_by_box(values, weight, means[weighting_of[fit]], members, n_members, part)
        add_to(values_by_box[fit], part)
        for t in range(n_rows):
            classes[fit, box[t], own_codes[t]] += weight[t]
        for p in range(observed.shape[1]):
            for t in range(n_rows):
                observed_by_box[fit, box[t], p] += weight[t] * observed[t, p]


@compiled
def find_cheapest(costs, by_class, is_class, cheapest, box):  # type: ignore[no-untyped-def]
    """Complete the costs (K, n) by the constants of the rows' classes, and find the first lowest of each row.

    Every loop runs along the rows, so that it is done in vector registers.
    """
    n_boxes, n_rows = costs.shape
    for k in range(n_boxes):
        row = costs[k]
        for m in range(by_class.shape[1]):
            constant, indicator = by_class[k, m], is_class[m]
            for t in range(n_rows):
                row[t] += constant * indicator[t]
    first = costs[0]
    for t in range(n_rows):
        cheapest[t] = first[t]
        box[t] = np.uint32(0)
    for k in range(1, n_boxes):
        row, number = costs[k], np.uint32(k)
        for t in range(n_rows):
            is_cheaper = row[t] < cheapest[t]
            cheapest[t] = row[t] if is_cheaper else cheapest[t]
            box[t] = number if is_cheaper else box[t]


@compiled
def sort_by_box(box, weight, members, n_members):  # type: ignore[no-untyped-def]
    """List the rows of positive weight of each box in `members` (K, n)."""
    n_members[:] = 0
    for t in range(len(box)):
        if weight[t] > 0:
            k = box[t]
            members[k, n_members[k]] = t
            n_members[k] += np.uint32(1)


@compiled
def add_by_box(values, weight, mean, members, n_members, total_by_box):  # type: ignore[no-untyped-def]
    """Add weighted deviations from the mean to each box (K, D), four rows at a time so that sums stay in registers."""
    real = values.dtype.type
    for k in range(len(n_members)):
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
    """Add a part (K, D) in single or double precision to a total in double precision."""
    for k in range(part.shape[0]):
        for d in range(part.shape[1]):
            total[k, d] += part[k, d]

"""The pass over the rows that a fit takes: compiled where it can be, else in an array namespace."""

import functools
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from entropice.espa.compiled import CompiledPass
from entropice.espa.devices import HOST, Place
from entropice.espa.evidence import Evidence
from entropice.espa.namespaced import NamespacedPass, host_chunks, resident_chunks
from entropice.espa.updates import Array, BoxSums, Costs

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class RowPass:
    """How rows are affiliated.

    Attributes
    ----------
    sums
        Gives sums over the boxes by costs, weighting of each fit (B,) and strength of the affiliations' entropy (B,).
    origin
        (D,): point that the pass reads values from.
    """

    sums: Callable[[Costs, Array, Array], BoxSums]
    origin: Floats


def pass_over_rows(evidence: Evidence, place: Place, is_soft: bool) -> RowPass:
    """Return the compiled pass for hard affiliations on the CPU, else the pass in the namespace of the place.

    The latter holds sums in the precision of the rows, so it reads values from a point near them.
    """
    features = evidence.features
    n_features = features.means.shape[1]
    if place is HOST and not is_soft:
        compiled = CompiledPass(
            evidence.rows, evidence.codes, evidence.weights, features.means, features.partial_columns
        )
        return RowPass(lambda costs, weighting_of, _: compiled.sums(costs, weighting_of), np.zeros(n_features))
    origin = features.means[0]
    read = functools.partial(
        host_chunks,
        evidence.rows,
        evidence.codes,
        evidence.weights,
        features.partial_columns,
        len(evidence.classes),
        origin,
    )
    namespaced = NamespacedPass(
        (lambda _: read()) if place is HOST else resident_chunks(read(), place),
        place.asarray(features.means - origin),
        place.asarray(one_hot(features.partial_columns, n_features)),
        is_soft,
    )
    return RowPass(namespaced.sums, origin)


def one_hot(columns: NDArray[np.int64], n_features: int) -> Floats:
    """Rows (P, D) that name features."""
    named = np.zeros((len(columns), n_features))
    named[np.arange(len(columns)), columns] = 1.0
    return named

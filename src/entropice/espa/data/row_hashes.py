"""Rows known by their values and class, wherever they stand: a canonical order, and numbers of distinct rows."""

import numpy as np
from numpy.typing import NDArray

from entropice.espa.data.rows import Rows
from entropice.espa.jit import compiled

Codes = NDArray[np.int64]
Hashes = NDArray[np.uint64]


def canonical_order(rows: Rows, codes: NDArray[np.int32]) -> Codes:
    """Order (T,) of the rows (T, D) of classes (T,) by hash; rows equal up to an exchange of features keep their order.

    A draw that goes by this order does not depend on how rows and features are ordered.

    Examples
    --------
    Rows and features turned round: in canonical order the rows are the same.

    >>> import numpy as np
    >>> from entropice.espa.data.rows import rows_of
    >>> X, codes = np.array([[1.0, 2.0], [5.0, 4.0], [0.0, 7.0]]), np.zeros(3, dtype=np.int32)
    >>> order, turned = (canonical_order(rows_of(each, None), codes) for each in (X, X[::-1, ::-1]))
    >>> np.array_equal(X[order], X[::-1][turned])
    True
    """
    unsalted = np.zeros(rows.shape[1], np.uint64)
    return row_hashes(rows, codes, unsalted).argsort(kind="stable")


def number_distinct(rows: Rows, codes: NDArray[np.int32]) -> Codes:
    """Number the distinct rows (T, D) of classes (T,): equal rows share a number (T,), ascending in canonical order.

    NaN equals NaN, and −0 equals 0. Numbers are int64, from 0 on without a gap. Rows are told apart by two hashes of 64
    bits each, not by their values: those of `row_hashes` without salts and, between rows that these do not part, with
    the salt ``(d + 1) · 0xD1342543DE82EF95`` of feature d.

    Examples
    --------
    >>> import numpy as np
    >>> from entropice.espa.data.rows import rows_of
    >>> X = np.array([[0.0, 1.0], [np.nan, 2.0], [-0.0, 1.0], [np.nan, 2.0], [0.0, 1.0]])
    >>> numbers = number_distinct(rows_of(X, None), np.array([0, 0, 0, 0, 1], dtype=np.int32))
    >>> bool(numbers[0] == numbers[2]), bool(numbers[1] == numbers[3]), len(set(numbers.tolist()))
    (True, True, 3)
    """
    n_features = rows.shape[1]
    hashes = row_hashes(rows, codes, np.zeros(n_features, np.uint64))
    # Without salts, rows that differ by an exchange of features have the same hash: a second, salted one parts them.
    salted = row_hashes(rows, codes, np.arange(1, n_features + 1, dtype=np.uint64) * np.uint64(0xD1342543DE82EF95))
    order = np.lexsort((salted, hashes))
    is_new = np.append(True, (np.diff(salted[order]) != 0) | (np.diff(hashes[order]) != 0))
    numbers = np.empty(len(order), np.int64)
    numbers[order] = np.cumsum(is_new) - 1
    return numbers


def row_hashes(rows: Rows, codes: NDArray[np.int32], salts: Hashes) -> Hashes:
    """Hash (T,) of each row's class (T,) and values (T, D), each value with the salt (D,) of its feature.

    With equal salts the hash is the same for any order of the features: a sum of the values' hashes, as `add_hashes`
    makes them, modulo 2⁶⁴, and of the class. Values are hashed in double precision, −0 as 0; hashes are uint64.

    Examples
    --------
    >>> import numpy as np
    >>> from entropice.espa.data.rows import rows_of
    >>> rows, codes = rows_of(np.array([[1.0, 2.0], [2.0, 1.0], [1.0, 2.0]]), None), np.array([0, 0, 1], dtype=np.int32)
    >>> first, exchanged, other_class = row_hashes(rows, codes, np.zeros(2, np.uint64))
    >>> bool(first == exchanged), bool(first == other_class)
    (True, False)
    >>> first, exchanged, _ = row_hashes(rows, codes, np.array([0, 1], np.uint64))
    >>> bool(first == exchanged)
    False
    """
    hashes = codes.astype(np.uint64)
    for where, values in rows.chunks():
        # Adding 0 turns -0.0 into 0.0, which has other bits though it is the same value.
        chunk = np.ascontiguousarray(values, dtype=np.float64) + 0.0
        add_hashes(chunk.view(np.uint64), np.isnan(chunk), salts, hashes[where])
    return hashes


@compiled
def add_hashes(bits, is_missing, salts, hashes):  # type: ignore[no-untyped-def]
    """Add to each hash (n,), in place, the mixed hash (SplitMix64) of every salted value (n, D).

    Steele, Lea and Flood (2014), doi:10.1145/2660193.2660195, with ``salt + bits + 0x9E3779B97F4A7C15`` as the state
    that is mixed. A missing value hashes as its salt alone, whatever the bits of the NaN. Bits, salts (D,) and hashes
    are uint64, sums modulo 2⁶⁴; `is_missing` (n, D) is bool.
    """
    for t in range(len(bits)):
        total = hashes[t]
        for d in range(bits.shape[1]):
            z = salts[d] + (np.uint64(0) if is_missing[t, d] else bits[t, d] + np.uint64(0x9E3779B97F4A7C15))
            z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
            z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
            total += z ^ (z >> np.uint64(31))
        hashes[t] = total

"""The rows of a fit or a prediction, read in blocks, so that neither a table on disk nor a conversion is held whole."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Protocol

import numpy as np
from numpy.typing import DTypeLike, NDArray

Values = NDArray[np.float32] | NDArray[np.float64]

CHUNK_ROWS: Final = 1024
"""Rows of one product and of one partial sum: as many as a core's cache holds beside their costs."""

BLOCK_ROWS: Final = 8 * CHUNK_ROWS
"""Rows converted or copied at a time where the table cannot be used as it lies in memory."""


class RowReadable(Protocol):
    """An array on disk: anything with a shape, a dtype and slices of rows (Zarr, HDF5, NumPy memory maps)."""

    @property
    def shape(self) -> tuple[int, ...]:
        """(T, D): numbers of rows and features."""

    @property
    def dtype(self) -> Any:
        """NumPy's type of the values, floating point."""

    def __getitem__(self, where: slice, /) -> Any:
        """Some rows."""


@dataclass(frozen=True)
class StoredTable:
    """A table (T, D) on disk that eSPA reads block by block instead of whole.

    Attributes
    ----------
    array
        Floating point values; NaN is missing.
    feature_names
        Names (D,) of the features, or None.

    Raises
    ------
    ValueError
        Other than two axes, values that are not floating point, or another number of names than of features.
    """

    array: RowReadable
    feature_names: Sequence[str] | None = None

    def __post_init__(self) -> None:
        if len(self.array.shape) != 2 or not np.issubdtype(np.dtype(self.array.dtype), np.floating):
            raise ValueError(
                f"A stored table has two axes and floating point values, got shape {self.array.shape} and dtype "
                f"{self.array.dtype}."
            )
        if self.feature_names is not None and len(self.feature_names) != self.array.shape[1]:
            raise ValueError(f"Got {len(self.feature_names)} feature names for {self.array.shape[1]} features.")

    @property
    def shape(self) -> tuple[int, int]:
        """(T, D): numbers of rows and features."""
        n_rows, n_features = self.array.shape
        return n_rows, n_features


@dataclass(frozen=True)
class Rows:
    """Rows (T, D) in the precision in which they are to be computed with.

    Attributes
    ----------
    array
        An array in memory or on disk.
    dtype
        float32 or float64.
    block_rows
        Rows of a block, a multiple of `CHUNK_ROWS`.
    """

    array: Any
    dtype: np.dtype[Any]
    block_rows: int = field(init=False)

    def __post_init__(self) -> None:
        # No smaller than a stored chunk, which would else be read and unpacked several times; a multiple of the rows of
        # a product, so that rows are summed in the same portions however a table is stored.
        stored = getattr(self.array, "chunks", None)
        smallest = max(stored[0], BLOCK_ROWS) if stored else BLOCK_ROWS
        object.__setattr__(self, "block_rows", -(-max(smallest, 1) // CHUNK_ROWS) * CHUNK_ROWS)

    @property
    def shape(self) -> tuple[int, int]:
        """(T, D): numbers of rows and features."""
        n_rows, n_features = self.array.shape
        return n_rows, n_features

    def blocks(self) -> Iterator[tuple[slice, Values]]:
        """Yield where, and values (n, D): consecutive rows, contiguous and of the right type.

        All come at once, not copied, where memory holds them so already; else at most `block_rows` at a time, in order.

        Raises
        ------
        ValueError
            A table on disk that gives fewer rows or features than its shape says.

        Examples
        --------
        >>> import numpy as np
        >>> rows = Rows(np.array([[1, 2], [3, 4]]), np.dtype(np.float32))
        >>> [(where, values.tolist(), str(values.dtype)) for where, values in rows.blocks()]
        [(slice(0, 2, None), [[1.0, 2.0], [3.0, 4.0]], 'float32')]
        """
        if self._is_ready():
            yield slice(0, self.shape[0]), self.array
            return
        for start in range(0, self.shape[0], self.block_rows):
            where = slice(start, min(start + self.block_rows, self.shape[0]))
            block = np.ascontiguousarray(self.array[where], dtype=self.dtype)
            if block.shape != (where.stop - where.start, self.shape[1]):
                raise ValueError(
                    f"The table gives {block.shape} values for rows {where.start} to {where.stop - 1}, expected "
                    f"{(where.stop - where.start, self.shape[1])}: it is shorter than its shape {self.shape} says."
                )
            yield where, block

    def chunks(self) -> Iterator[tuple[slice, Values]]:
        """Yield where, and values (n, D): the rows of `blocks`, at most `CHUNK_ROWS` (1,024) at a time.

        Raises
        ------
        ValueError
            A table on disk that gives fewer rows or features than its shape says.
        """
        for where, block in self.blocks():
            for start in range(0, len(block), CHUNK_ROWS):
                chunk = block[start : start + CHUNK_ROWS]
                first = where.start + start
                yield slice(first, first + len(chunk)), chunk

    def pick(self, indices: NDArray[np.int64]) -> Values:
        """Copy some rows (n, D), in the order of the indices (n,), in one pass over the table.

        A row may be asked for twice. Indices lie in 0 to T − 1, which is not checked.

        Raises
        ------
        ValueError
            A table on disk that gives fewer rows or features than its shape says.

        Examples
        --------
        >>> import numpy as np
        >>> Rows(np.array([[1.0], [2.0], [3.0]]), np.dtype(np.float64)).pick(np.array([2, 0, 2])).tolist()
        [[3.0], [1.0], [3.0]]
        """
        picked = np.empty((len(indices), self.shape[1]), self.dtype)
        for where, block in self.blocks():
            inside = (indices >= where.start) & (indices < where.stop)
            picked[inside] = block[indices[inside] - where.start]
        return picked

    def _is_ready(self) -> bool:
        array = self.array
        return isinstance(array, np.ndarray) and array.dtype == self.dtype and array.flags.c_contiguous


def rows_of(array: Any, dtype: DTypeLike | None) -> Rows:
    """Rows (T, D) in the given precision, or in the array's if that is None; float64 unless float32 or float64.

    Nothing is read or converted yet.

    Examples
    --------
    >>> import numpy as np
    >>> [str(rows_of(np.zeros((2, 3), dtype), None).dtype) for dtype in ("float32", "float64", "float16", "int64")]
    ['float32', 'float64', 'float64', 'float64']
    """
    kept = np.dtype(array.dtype if dtype is None else dtype)
    return Rows(array, kept if kept in (np.float32, np.float64) else np.dtype(np.float64))

"""Length of the stored vectors: they are unit vectors, or something else was done to their codes."""

from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from entropice.errors import SchemaError
from entropice.types import Float32Array
from entropice.zonal.compiled import compiled_reduction

TOLERANCE: Final = 0.05
"""A unit vector of 64 values is 0.045 longer or shorter at most once they are codes, whichever way they are rounded."""

LARGEST_CODE: Final = 127.5
FINEST: Final = "finest pixels"


def require_unit_vectors(
    path: Path, pixels: str, codes: NDArray[np.int8], is_known: NDArray[np.bool_], first_row: int
) -> None:
    """Refuse codes whose vectors have another length than 1; it is measured as `vector_lengths` says.

    Parameters
    ----------
    pixels
        Which pixels of the file these are, for the message.
    codes
        Shape (64, n_rows, n_columns).
    is_known
        Shape (n_rows, n_columns), False where masked; those may hold anything.
    first_row
        Row of the file in which they begin, for the message.

    Raises
    ------
    SchemaError
        A known vector longer or shorter than 1 by more than 0.05 (`TOLERANCE`), which no rounding to codes makes. Where
        no pixel is known, all pass.
    """
    lengths = vector_lengths(codes)
    is_wrong = is_known & (np.abs(lengths - 1.0) > TOLERANCE)
    if not is_wrong.any():
        return
    wrong = lengths[is_wrong]
    row, column = np.argwhere(is_wrong)[0].tolist()
    what, fix = _cause(wrong, is_overview=pixels != FINEST)
    raise SchemaError(
        what,
        path=path,
        field=f"length of vectors in the {pixels}",
        got=f"{wrong.min():.2f} to {wrong.max():.2f} in {len(wrong)} of {np.count_nonzero(is_known)} known pixels, "
        f"first in row {first_row + row}, column {column}",
        expected=f"1 ± {TOLERANCE}",
        fix=fix,
    )


def vector_lengths(codes: NDArray[np.int8]) -> Float32Array:
    """Lengths of the de-quantised vectors, float32, shape (n_rows, n_columns).

    A code q, of shape (64, n_rows, n_columns), says v = sign(q) · (q / 127.5)², so √(Σ v²) = √(Σ q⁴) / 127.5². Masked
    pixels (−128) are taken for codes.

    Examples
    --------
    One code of −102 and else 0 is (102 / 127.5)² = 0.8² long:

    >>> codes = np.zeros((64, 1, 2), dtype=np.int8)
    >>> codes[0, 0, 0] = -102
    >>> [round(length, 4) for length in vector_lengths(codes)[0].tolist()]
    [0.64, 0.0]
    """
    fourth_powers = np.zeros(codes.shape[1:], dtype=np.float32)
    _add_fourth_powers(codes, fourth_powers)
    lengths: Float32Array = np.sqrt(fourth_powers)
    lengths /= np.float32(LARGEST_CODE**2)
    return lengths


def _cause(lengths: Float32Array, *, is_overview: bool) -> tuple[str, str]:
    if not lengths.any():
        return (
            "Pixels are 0 in all bands, which no embedding is: what is unknown is not masked.",
            "write -128 in all 64 bands where nothing is known, or use the files as published",
        )
    if is_overview:
        return (
            "The overview holds no unit vectors: its codes were averaged as they are, which mixes another surface.",
            "set features.embeddings.resolution_m to the finest pixels, or make overviews with gdaladdo -r nearest",
        )
    return (
        "The codes are no unit vectors: they were averaged, resampled or quantised in another way.",
        "use the files as published, whose value is sign(v) * (v / 127.5)^2; resample with gdalwarp -r near only",
    )


@compiled_reduction
def _add_fourth_powers(codes: Any, totals: Any) -> None:
    """Add the fourth power of every code to the total of its pixel, in place: a value is the square of its code."""
    n_bands, n_rows, n_columns = codes.shape
    for row in range(n_rows):
        total = totals[row]
        for band in range(n_bands):
            line = codes[band, row]
            for column in range(n_columns):
                square = np.float32(line[column]) * np.float32(line[column])
                total[column] += square * square

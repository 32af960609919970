"""Random numbers that are functions of whole coordinates, whoever asks for them and in which order."""

from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from entropice.types import Float32Array, FloatArray, IntArray

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Words = NDArray[np.uint64]
else:
    Words = Any

_ROW_STEP: Final = np.uint64(0x9E3779B97F4A7C15)
_COLUMN_STEP: Final = np.uint64(0xC2B2AE3D27D4EB4F)


@lru_cache(maxsize=4096)
def stream(seed: int, topic: str, *numbers: int) -> np.uint64:
    """A key that stands for a topic of a world; numbers, such as a year, are not negative.

    The first uint64 that ``numpy.random.SeedSequence([seed, *bytes of the topic in UTF-8, *numbers])`` generates: a
    function of its arguments alone, on every machine; `topic` is any text.

    Raises
    ------
    ValueError
        The seed or a number is negative (of numpy).
    """
    return np.uint64(np.random.SeedSequence([seed, *topic.encode(), *numbers]).generate_state(1, np.uint64)[0])


def hashed(key: np.uint64, rows: IntArray, columns: IntArray) -> Words:
    """64 random bits for each pair of whole coordinates, which are broadcast against each other.

    uint64 of the broadcast shape, (1,) for two single numbers; coordinates may be negative.

    Notes
    -----
    The finaliser of SplitMix64 (Steele et al. 2014, doi:10.1145/2660193.2660195), once for each coordinate, modulo 2⁶⁴
    and with negative numbers as their two's complement: m(m(row · A + key) + column · B), A = 0x9E3779B97F4A7C15, B =
    0xC2B2AE3D27D4EB4F and m(x) = y ⊕ (y ≫ 31) of y = (z ⊕ (z ≫ 27)) · 0x94D049BB133111EB of z = (x ⊕ (x ≫ 30)) ·
    0xBF58476D1CE4E5B9.

    Examples
    --------
    >>> whole = hashed(np.uint64(1), np.arange(3)[:, None], np.arange(4))
    >>> part = hashed(np.uint64(1), np.array([2])[:, None], np.arange(1, 4))
    >>> whole.shape, bool((whole[2:, 1:] == part).all())
    ((3, 4), True)
    """
    by_row = _mixed(np.asarray(rows, dtype=np.int64).view(np.uint64) * _ROW_STEP + key)
    return _mixed(by_row + np.asarray(columns, dtype=np.int64).view(np.uint64) * _COLUMN_STEP)


def uniform(key: np.uint64, rows: IntArray, columns: IntArray) -> FloatArray:
    """Even over [0, 1), in steps of 2⁻⁵³: the upper bits of `hashed`, whose shapes these are."""
    numbers: FloatArray = (hashed(key, rows, columns) >> np.uint64(11)).astype(np.float64) * 2.0**-53
    return numbers


def bell(key: np.uint64, rows: IntArray, columns: IntArray) -> Float32Array:
    """Mean 0 and variance 1, nearly Gaussian: the sum of four even numbers of 16 bits, within ±3.5.

    float32, in the shapes of `hashed`: (a + b + c + d − 131070) √3 / 65536 of the four quarters of its bits.
    """
    # The sum is the same in any order of bytes, so on any machine.
    quarters = np.ascontiguousarray(hashed(key, rows, columns))[..., None].view(np.uint16)
    total = quarters.sum(axis=-1, dtype=np.int32) - np.int32(2 * 65535)
    numbers: Float32Array = total.astype(np.float32) * np.float32(np.sqrt(3.0) / 65536)
    return numbers


def _mixed(words: Words) -> Words:
    words = np.atleast_1d(words)
    words = (words ^ (words >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    words = (words ^ (words >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    mixed: Words = words ^ (words >> np.uint64(31))
    return mixed

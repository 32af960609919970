"""Arrays on their way to the browser: what the map holds is not sent again."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from entropice.sha256 import sha256_of_bytes

N_KEY_DIGITS = 16


@dataclass(frozen=True)
class KeyedArray:
    """The bytes of an array, and a key that follows from them."""

    key: str
    content: bytes


def keyed(array: np.ndarray[Any, Any]) -> KeyedArray:
    """An array of any shape, row by row.

    The bytes are those of memory in C order, in the machine's own byte order; the key is the first 16 hexadecimal
    digits of their SHA-256. Shape and dtype are no part of it.

    Examples
    --------
    >>> keyed(np.array([[1, 2], [3, 4]], np.uint8)) == keyed(np.array([1, 2, 3, 4], np.uint8))
    True
    """
    content = array.tobytes()
    return KeyedArray(sha256_of_bytes(content)[:N_KEY_DIGITS], content)

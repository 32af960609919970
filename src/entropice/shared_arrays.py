"""Arrays in memory that the processes of a machine share: sent to another process, they take no second copy.

The memory has no name in any folder: it goes with the last process that uses it, however that ends.
"""

import os
import weakref
from collections.abc import Iterable
from typing import Final

import numpy as np

from entropice.types import FloatArray

HAS_NAMELESS_MEMORY: Final = hasattr(os, "memfd_create")
"""Linux alone lets one process open the nameless memory of another."""


def stacked(arrays: Iterable[FloatArray], shape: tuple[int, int]) -> FloatArray:
    """Arrays (n,) one below the other as one (n_array, n) in shared memory; each is asked for when it is laid there.

    What joblib sends to other processes names the place of such an array, and of views of it, in place of the values. A
    process that writes into the array changes it for itself alone. Where memory cannot be shared it is an array like
    any other. float64, of `shape`.

    Raises
    ------
    ValueError
        There are more or fewer arrays than `shape` has rows, or one cannot be laid into a row.

    Examples
    --------
    >>> stacked(iter([np.zeros(2), np.ones(2)]), (2, 2)).tolist()
    [[0.0, 0.0], [1.0, 1.0]]
    """
    if not HAS_NAMELESS_MEMORY or 0 in shape:
        return _filled(np.empty(shape), arrays)
    memory = os.memfd_create("entropice")
    path = f"/proc/{os.getpid()}/fd/{memory}"
    os.ftruncate(memory, int(np.prod(shape)) * np.dtype(np.float64).itemsize)
    _filled(np.memmap(path, np.float64, "r+", shape=shape), arrays)
    # Copy on write: what another process writes stays its own.
    shared = np.memmap(path, np.float64, "c", shape=shape)
    weakref.finalize(shared, os.close, memory)
    return shared


def _filled(stack: FloatArray, arrays: Iterable[FloatArray]) -> FloatArray:
    for row, array in zip(stack, arrays, strict=True):
        row[:] = array
    return stack

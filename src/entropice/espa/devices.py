"""Where a fit is computed: compiled on the CPU, or in an array namespace on a CUDA device."""

import ctypes
import functools
import importlib.util
from dataclasses import dataclass
from typing import Any

import array_api_compat
import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, eq=False)
class Place:
    """An array namespace and the device its arrays lie on; equal to itself only, for CuPy's devices have no hash.

    Attributes
    ----------
    namespace
        NumPy, CuPy or PyTorch, as array-api-compat wraps them.
    device
        As that namespace names it: ``"cpu"`` of NumPy.
    """

    namespace: Any
    device: Any

    def asarray(self, array: NDArray[Any]) -> Any:
        """Move an array of NumPy, of any shape and dtype, here; no copy where it is here already."""
        return self.namespace.asarray(np.ascontiguousarray(array), device=self.device)


HOST = Place(array_api_compat.array_namespace(np.empty(0)), "cpu")


def choose_place(device: str) -> Place:
    """Return the place for ``"cpu"``, ``"cuda"``, or ``"auto"``: CUDA where a library and a device are at hand.

    ``"auto"`` is the CPU, without a word, where CUDA cannot be had.

    Raises
    ------
    ValueError
        If CUDA is asked for and cannot be had.

    Examples
    --------
    >>> choose_place("cpu") is HOST
    True
    """
    if device == "cpu":
        return HOST
    cuda = cuda_place()
    if cuda is None and device == "cuda":
        raise ValueError(
            "device='cuda' needs a CUDA device and CuPy or PyTorch built for it, and found none: install one of them, "
            "or use device='cpu'."
        )
    return cuda or HOST


@functools.cache
def cuda_place() -> Place | None:
    """CUDA through CuPy, else through PyTorch, else None.

    The driver is looked for first: importing PyTorch takes seconds, which machines without a device need not pay.
    Looked for once a process, and the same place from then on.
    """
    if not has_driver():
        return None
    if importlib.util.find_spec("cupy") is not None:
        import cupy
        from array_api_compat import cupy as namespace

        if cupy.cuda.is_available():
            return Place(namespace, cupy.cuda.Device())
    if importlib.util.find_spec("torch") is not None:
        import torch
        from array_api_compat import torch as torch_namespace

        if torch.cuda.is_available():
            return Place(torch_namespace, torch.device("cuda"))
    return None


def has_driver() -> bool:
    """Whether an NVIDIA driver is installed: its library can be loaded; a device there need not be."""
    for name in ("libcuda.so.1", "nvcuda.dll"):
        try:
            ctypes.CDLL(name)
        except OSError:
            continue
        return True
    return False

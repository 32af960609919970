"""How this room compiles its loops: machine code kept beside the source, without Python's lock."""

from collections.abc import Callable
from typing import Any, TypeVar, cast

from numba import njit

Function = TypeVar("Function", bound=Callable[..., Any])


def compiled(function: Function) -> Function:
    """Compile a function, keeping the order of its floating-point operations."""
    fast: Any = njit(cache=True, nogil=True, error_model="numpy")(function)
    return cast(Function, fast)


def compiled_reduction(function: Function) -> Function:
    """Compile a function whose sums may be taken in any order, so that they run on vector registers."""
    fast: Any = njit(cache=True, nogil=True, error_model="numpy", fastmath={"reassoc", "contract"})(function)
    return cast(Function, fast)

"""How loops over rows are compiled: cached on disk, without the interpreter's lock, sums in the order written."""

from collections.abc import Callable
from typing import Any, Final

from entropice.compiled_cache import compiled_with

compiled: Final[Callable[..., Any]] = compiled_with(nogil=True, error_model="numpy", fastmath={"contract"})
"""Decorator; fused multiply-add is the only freedom that the compiler has with floating point values."""

"""How this room compiles its loops: machine code kept on disk, without Python's lock."""

from typing import Final

from entropice.compiled_cache import compiled_with

compiled: Final = compiled_with(nogil=True, error_model="numpy")
"""Decorator that keeps the order of a function's floating-point operations."""

compiled_reduction: Final = compiled_with(nogil=True, error_model="numpy", fastmath={"reassoc", "contract"})
"""Decorator of a function whose sums may be taken in any order, so that they run on vector registers."""

"""How this room compiles its loops: machine code kept on disk, without Python's lock."""

from typing import Final

from entropice.compiled_cache import compiled_with

compiled: Final = compiled_with(nogil=True, error_model="numpy")
"""Decorator that keeps the order of a function's floating-point operations."""

# Of the freedoms of `fastmath`, not "nnan": the compiler would take NaN for impossible, and drop all tests for it.
compiled_reduction: Final = compiled_with(nogil=True, error_model="numpy", fastmath={"reassoc", "contract"})
"""Decorator of a function whose sums may be taken in any order, so that they run on vector registers."""

compiled_in_place: Final = compiled_with(nogil=True, error_model="numpy", _nrt=False)
"""Decorator as `compiled`, of a function that neither makes nor returns an array.

numba counts who holds an array each time that a loop takes it out of a tuple or looks at a part of it: two locked
instructions, which took more than half of the time of loops over few numbers. Whoever calls holds them all anyway.
"""

compiled_reduction_in_place: Final = compiled_with(
    nogil=True, error_model="numpy", fastmath={"reassoc", "contract"}, _nrt=False
)
"""Decorator as `compiled_reduction`, of a function that neither makes nor returns an array."""

"""Asking for memory before it is needed, from compiled loops that know where they will read next, and hardware does not."""

from typing import Any, Final

from llvmlite import ir  # type: ignore[import-untyped]  # numba brings it
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic

LINE_BYTES: Final = 64
"""What comes at a time."""

FOR_READING, INTO_NEAREST_CACHE, OF_DATA = 0, 3, 1
"""Hints of the instruction."""

_CGUTILS: Final[Any] = cgutils


def emit_prefetch(builder: Any, pointer: Any) -> None:
    """Add the instruction to a function; an address without memory is no fault."""
    byte, number = ir.IntType(8).as_pointer(), ir.IntType(32)
    of_type = ir.FunctionType(ir.VoidType(), [byte, number, number, number])
    function = _CGUTILS.get_or_insert_function(builder.module, of_type, "llvm.prefetch.p0")
    hints = [ir.Constant(number, hint) for hint in (FOR_READING, INTO_NEAREST_CACHE, OF_DATA)]
    builder.call(function, [builder.bitcast(pointer, byte), *hints])


@intrinsic
def _prefetch(_, matrix, row, column):  # type: ignore[no-untyped-def]
    """Ask for the value (row, column) of a C-contiguous array and what lies on the same line of memory."""

    def emit(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        array = context.make_array(signature.args[0])(context, builder, arguments[0])
        n_columns = builder.extract_value(array.shape, 1)
        place = builder.add(builder.mul(arguments[1], n_columns), arguments[2])
        emit_prefetch(builder, builder.gep(array.data, [place]))
        return context.get_dummy_value()

    return types.void(matrix, types.intp, types.intp), emit


prefetch: Final[Any] = _prefetch
"""``prefetch(matrix, row, column)``, in compiled functions only."""

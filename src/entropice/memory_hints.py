"""What compiled loops know of their memory, and hardware does not: where they read next, what they never read again."""

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
    """Add the instruction to a function; an address without memory is no fault.

    Both are llvmlite's: the builder of the function's code, and a pointer of any type, whose line of `LINE_BYTES` is
    asked for. It is LLVM's ``llvm.prefetch`` for reading, into the nearest cache, of data.
    """
    byte, number = ir.IntType(8).as_pointer(), ir.IntType(32)
    of_type = ir.FunctionType(ir.VoidType(), [byte, number, number, number])
    function = _CGUTILS.get_or_insert_function(builder.module, of_type, "llvm.prefetch.p0")
    hints = [ir.Constant(number, hint) for hint in (FOR_READING, INTO_NEAREST_CACHE, OF_DATA)]
    builder.call(function, [builder.bitcast(pointer, byte), *hints])


def _pointer(context: Any, builder: Any, of_type: Any, arguments: Any) -> Any:
    """Pointer to the value of an array of two axes, of any strides, that is named by its row and its column."""
    array = context.make_array(of_type)(context, builder, arguments[0])
    offsets = [builder.mul(builder.extract_value(array.strides, axis), arguments[1 + axis]) for axis in range(2)]
    first = builder.bitcast(array.data, ir.IntType(8).as_pointer())
    return builder.bitcast(builder.gep(first, [builder.add(*offsets)]), array.data.type)


@intrinsic
def _prefetch(_, matrix, row, column):  # type: ignore[no-untyped-def]  # noqa: ARG001 - numba asks for the names
    """Ask for the value (row, column) of an array and what lies on the same line of memory."""

    def emit(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        emit_prefetch(builder, _pointer(context, builder, signature.args[0], arguments))
        return context.get_dummy_value()

    return types.void(matrix, types.intp, types.intp), emit


@intrinsic
def _store_past_caches(_, matrix, row, column, value):  # type: ignore[no-untyped-def]  # noqa: ARG001
    """Write (row, column) of an array; its line is neither read before nor kept in a cache."""

    def emit(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        pointer = _pointer(context, builder, signature.args[0], arguments)
        # As an integer: not every processor has such an instruction for one float.
        bits = ir.IntType(matrix.dtype.bitwidth)
        store = builder.store(
            builder.bitcast(arguments[3], bits), builder.bitcast(pointer, bits.as_pointer()), align=bits.width // 8
        )
        store.set_metadata("nontemporal", builder.module.add_metadata([ir.Constant(ir.IntType(32), 1)]))
        return context.get_dummy_value()

    return types.void(matrix, types.intp, types.intp, matrix.dtype), emit


prefetch: Final[Any] = _prefetch
"""``prefetch(matrix, row, column)``, in compiled functions only."""

store_past_caches: Final[Any] = _store_past_caches
"""``store_past_caches(matrix, row, column, value)``, in compiled functions only."""

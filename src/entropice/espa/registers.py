"""Products in vector registers, written as LLVM's vector instructions: numba makes none of this from loops.

A *panel* holds the values of as many rows as `PANEL_BYTES` have numbers of their precision, feature by feature: one
feature's values of those rows lie side by side and fill registers. A product with some boxes then keeps all its sums in
registers while it passes the features once. Each sum runs over the features in order, one fused multiplication and
addition a feature, so that a row's cost depends neither on the registers' size nor on where in a table the row lies.
"""

from collections.abc import Callable
from typing import Any, Final

from llvmlite import binding, ir  # type: ignore[import-untyped]  # numba brings it
from numba import types
from numba.core import cgutils, config
from numba.extending import intrinsic

from entropice.memory_hints import emit_prefetch

_CONFIG: Final[Any] = config
_CGUTILS: Final[Any] = cgutils

_HAS_AVX512: Final[bool] = _CONFIG.CPU_NAME is None and binding.get_host_cpu_features().get("avx512f", False)

VECTOR_BYTES: Final = 64 if _HAS_AVX512 else 32
"""Of a vector: one AVX-512 or AVX register, or two of Arm's."""

N_VECTORS: Final = 2 if _HAS_AVX512 else 1
"""Vectors of a panel: with eight boxes 16 or 8 sums, half of the registers that there are."""

PANEL_BYTES: Final = N_VECTORS * VECTOR_BYTES

TILE_BOXES: Final = 8
"""Boxes of one product."""

FUSED: Final = ("contract",)
"""Lets a product and a sum become one instruction, as `entropice.espa.jit.compiled` does."""

Emitter = Callable[[Any, Any, Any, Any], Any]


class _Matrix:
    """A C-contiguous array of two axes, read and written in vectors."""

    def __init__(self, context: Any, builder: Any, of_type: Any, value: Any) -> None:
        if of_type.layout != "C":
            raise TypeError(f"Got {of_type}, expected a C-contiguous array.")
        array = context.make_array(of_type)(context, builder, value)
        self.builder, self.data = builder, array.data
        self.n_columns = builder.extract_value(array.shape, 1)
        self.n_lanes = VECTOR_BYTES * 8 // of_type.dtype.bitwidth
        self.vector = ir.VectorType(context.get_data_type(of_type.dtype), self.n_lanes)

    def at(self, row: Any, column: Any) -> Any:
        """Pointer to a value."""
        return self.builder.gep(self.data, [self.builder.add(self.builder.mul(row, self.n_columns), column)])

    def load(self, row: Any, column: Any) -> Any:
        """Values of a row from a column on."""
        return self.builder.load(self._vector_at(row, column), align=1)

    def store(self, values: Any, row: Any, column: Any) -> None:
        """Write values into a row from a column on."""
        self.builder.store(values, self._vector_at(row, column), align=1)

    def prefetch(self, row: Any, column: Any) -> None:
        """Ask for a row's values from a column on; no fault where there are none."""
        emit_prefetch(self.builder, self.at(row, column))

    def splat(self, row: Any, column: Any) -> Any:
        """One value in all lanes."""
        nothing = ir.Constant(self.vector, ir.Undefined)
        value, lane = self.builder.load(self.at(row, column)), ir.Constant(ir.IntType(32), 0)
        first = self.builder.insert_element(nothing, value, lane)
        return self.builder.shuffle_vector(first, nothing, _lanes([0] * self.n_lanes))

    def _vector_at(self, row: Any, column: Any) -> Any:
        return self.builder.bitcast(self.at(row, column), self.vector.as_pointer())


def _lanes(numbers: list[int]) -> Any:
    lane = ir.IntType(32)
    return ir.Constant(ir.VectorType(lane, len(numbers)), [ir.Constant(lane, number) for number in numbers])


def _after(builder: Any, start: Any, n: int) -> list[Any]:
    """``start``, ``start + 1`` and so on."""
    return [builder.add(start, ir.Constant(start.type, k)) for k in range(n)]


@intrinsic
def transpose(  # type: ignore[no-untyped-def]
    _, values, row, column, panel, feature, lane
) -> tuple[Any, Emitter]:
    """Write a square of as many rows and columns as a vector has lanes, from (row, column) on, into (feature, lane).

    Of values (n rows, D features) into a panel (features, rows of a panel), both C-contiguous (TypeError else) and of
    one precision; within compiled code alone. That the square lies within both is not checked.
    """

    def emit(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        source, target = (_Matrix(context, builder, signature.args[k], arguments[k]) for k in (0, 3))
        n = source.n_lanes
        rows = [source.load(each, arguments[2]) for each in _after(builder, arguments[1], n)]
        # The next panel comes into the cache while this one is multiplied.
        for each in _after(builder, builder.add(arguments[1], ir.Constant(arguments[1].type, N_VECTORS * n)), n):
            source.prefetch(each, arguments[2])
        for each, turned in zip(_after(builder, arguments[4], n), _transposed(builder, rows), strict=True):
            target.store(turned, each, arguments[5])
        return context.get_dummy_value()

    return types.void(values, row, column, panel, feature, lane), emit


def _transposed(builder: Any, rows: list[Any]) -> list[Any]:
    """Transpose a square of 2ᵐ vectors: squares of 1, 2, 4, … lanes change places across the diagonal."""
    turned, n, step = list(rows), len(rows), 1
    while step < n:
        upper = _lanes([n + lane - step if lane & step else lane for lane in range(n)])
        lower = _lanes([n + lane if lane & step else lane + step for lane in range(n)])
        for k in (k for k in range(n) if not k & step):
            pair = turned[k], turned[k + step]
            turned[k], turned[k + step] = (builder.shuffle_vector(*pair, lanes) for lanes in (upper, lower))
        step *= 2
    return turned


@intrinsic(prefer_literal=True)
def multiply(  # type: ignore[no-untyped-def]
    _, n_boxes, coefficients, first, panel, costs, column
) -> tuple[Any, Emitter]:
    """Write products of rows of coefficients (K, D) from ``first`` on, ``n_boxes`` of them, a number known when this is
    compiled, with a panel (D, width) into costs (K, n) from a column on.

    ``costs[k, column + lane] = Σ_d coefficients[k, d] panel[d, lane]``, added in the order of d, each with one fused
    multiplication and addition. Arrays are C-contiguous (TypeError else) and of one precision; within compiled code
    alone. That rows and columns lie within the arrays is not checked.
    """

    def emit(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        boxes_by_feature, features_by_row, target = (
            _Matrix(context, builder, signature.args[k], arguments[k]) for k in (1, 3, 4)
        )
        n_lanes, boxes = target.n_lanes, _after(builder, arguments[2], n_boxes.literal_value)
        starts = [ir.Constant(arguments[2].type, n_lanes * k) for k in range(N_VECTORS)]
        zero = ir.Constant(target.vector, [0.0] * n_lanes)
        sums = [[_CGUTILS.alloca_once(builder, target.vector) for _ in starts] for _ in boxes]
        for place in (place for places in sums for place in places):
            builder.store(zero, place)
        with _CGUTILS.for_range(builder, boxes_by_feature.n_columns) as loop:
            values = [features_by_row.load(loop.index, start) for start in starts]
            for box, places in zip(boxes, sums, strict=True):
                factor = boxes_by_feature.splat(box, loop.index)
                for value, place in zip(values, places, strict=True):
                    product = builder.fmul(factor, value, flags=FUSED)
                    builder.store(builder.fadd(product, builder.load(place), flags=FUSED), place)
        for box, places in zip(boxes, sums, strict=True):
            for start, place in zip(starts, places, strict=True):
                target.store(builder.load(place), box, builder.add(arguments[5], start))
        return context.get_dummy_value()

    return types.void(n_boxes, coefficients, first, panel, costs, column), emit

"""A plugin of pytest's for loops that Python runs: hints on memory have no meaning there, and what is stored is stored.

It is loaded before any test, so that modules import what stands here.
"""

from typing import Any

from entropice import memory_hints


def prefetch(matrix: Any, row: int, column: int) -> None:
    """Do nothing: a hint changes no number."""


def store_past_caches(matrix: Any, row: int, column: int, value: float) -> None:
    """Write (row, column) of a matrix."""
    matrix[row, column] = value


vars(memory_hints).update(prefetch=prefetch, store_past_caches=store_past_caches)

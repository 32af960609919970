"""Folds: each scheme that deals cells into training and test is one module, and one entry here.

Nothing heavy is imported at the top: parameters know every scheme before a run begins.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from entropice.learning.folds import knndm, random_cells, region, spatial, year
from entropice.learning.folds.scheme import BUFFER, TEST, TRAIN, Ground, Scheme

SCHEMES: Final[Mapping[str, Scheme]] = MappingProxyType(
    {scheme.name: scheme for scheme in (spatial.SCHEME, knndm.SCHEME, region.SCHEME, year.SCHEME, random_cells.SCHEME)}
)
"""Every scheme by its name, in the readers' order: what counts first, the comparison last."""

SPATIAL: Final = spatial.SCHEME.name
"""The scheme that every run has: models, the attainable limit and the map's warning are compared under it."""

__all__ = ["BUFFER", "SCHEMES", "SPATIAL", "TEST", "TRAIN", "Ground", "Scheme"]

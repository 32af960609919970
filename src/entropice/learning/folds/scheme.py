"""What every scheme declares, and what it knows of the cells that it deals."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from entropice.types import CellIds, DataFrame, FloatArray, IntArray

if TYPE_CHECKING:
    import numpy as np

TRAIN: Final = "train"
TEST: Final = "test"
BUFFER: Final = "buffer"
"""Neither trained on nor tested."""


@dataclass(frozen=True)
class Ground:
    """The cells that are dealt, and the map that the model is for.

    Attributes
    ----------
    cell_ids, block_ids
        (n,): observed cells, each once, and the block (parent cell) of each.
    coordinates_m
        (n, 2): their centres, as `coordinates.equal_area_coordinates_m` gives them.
    map_coordinates_m
        (n_map, 2): centres of all land cells, the observed ones among them.
    years
        (n_year,): label years, ascending.
    n_folds
        That are wanted.
    buffer_m
        Between centres of training and test cells, in the schemes that keep blocks apart.
    """

    cell_ids: CellIds
    block_ids: CellIds
    coordinates_m: FloatArray
    map_coordinates_m: FloatArray
    years: IntArray
    n_folds: int
    buffer_m: float


Deal = Callable[[Ground, "np.random.Generator"], DataFrame]
"""Roles ``fold cell_id year role``, as `dealing.hold_out` gives them."""


@dataclass(frozen=True)
class Scheme:
    """A way to deal cells into folds.

    Attributes
    ----------
    name
        In tables and parameters.
    title, description
        For readers: the skill that it measures, and how.
    deal
        Makes the roles.
    keeps_blocks_apart
        Whether no block is in training and test of a fold, and no training cell lies within the buffer of a test cell.
        Where neighbours stay in training their labels show what no input shows, so there is no attainable limit.
    """

    name: str
    title: str
    description: str
    deal: Deal
    keeps_blocks_apart: bool

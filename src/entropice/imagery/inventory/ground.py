"""Whose ground an object lies on: what a network has learned from is no witness to how good it is."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from entropice.dggs import Grid
from entropice.dggs.polar import unproject
from entropice.imagery.split_rules import SplitRules
from entropice.imagery.splits import split_of_block
from entropice.types import CellIds, FloatArray, Series


@dataclass(frozen=True)
class Ground:
    """Blocks (n,) that points lie in, and the splits that these were dealt into."""

    block: CellIds
    split: Series


def ground_at(points_m: FloatArray, grid: Grid, rules: SplitRules, seed: int) -> Ground:
    """Ground of points (n, 2) in EPSG:3413, by the parent cell that holds them, as tiles are dealt.

    Parameters
    ----------
    grid, rules
        A block is the cells of one parent at ``rules.block_level``.
    seed
        That of the tiles' splits: another one deals otherwise.

    Returns
    -------
    Ground
        ``block`` uint64 (n,); ``split`` (n,) is ``train``, ``validation`` or ``test`` by
        `entropice.imagery.splits.split_of_block`. Buffers are not left out: a point near ground of another split has
        the split of its own.

    Raises
    ------
    GridError
        Cells have no parents at the level of blocks.
    """
    blocks = grid.parents(grid.cell_at(*unproject(points_m)), rules.block_level)
    each, position = np.unique(blocks, return_inverse=True)
    splits = pd.Series([split_of_block(int(block), rules.shares, seed) for block in each], dtype=object)
    return Ground(blocks, splits.take(position).reset_index(drop=True))

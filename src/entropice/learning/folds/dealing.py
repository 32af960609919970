"""Folds of whole groups of cells, and the roles that follow."""

import numpy as np
import pandas as pd

from entropice.errors import LabelError
from entropice.learning.folds.coordinates import is_near_any
from entropice.learning.folds.scheme import BUFFER, TEST, TRAIN, Ground
from entropice.types import BoolArray, CellIds, IntArray


def deal_blocks(block_ids: CellIds, n_folds: int, random: np.random.Generator) -> IntArray:
    """Deal whole blocks into folds (n,): the largest first, each to the fold with the fewest cells; ties by chance.

    `block_ids` (n,) are the block of each cell; folds are numbered from 0, and none is empty. Fold sizes differ by no
    more than the largest block. Ties go as in `deal_groups`.

    Raises
    ------
    LabelError
        If there are fewer blocks than folds.

    Examples
    --------
    Blocks 5 and 6 have three cells together, as block 4 has alone.

    >>> blocks = np.array([4, 4, 4, 5, 5, 6], dtype=np.uint64)
    >>> deal_blocks(blocks, 2, np.random.default_rng(0)).tolist()
    [0, 0, 0, 1, 1, 1]
    """
    require_blocks(block_ids, n_folds)
    return deal_groups(block_ids, n_folds, random)


def require_blocks(block_ids: CellIds, n_folds: int) -> None:
    """Pass only where there are as many blocks, of cells (n,), as folds, or more.

    Raises
    ------
    LabelError
        If there are fewer different blocks than folds.
    """
    n_blocks = len(np.unique(block_ids))
    if n_blocks < n_folds:
        raise LabelError(
            "There are fewer spatial blocks than folds.",
            field="modelling.folds",
            got=f"{n_blocks} blocks for {n_folds} folds",
            expected="at least one block a fold",
            fix="lower modelling.folds.n_folds, raise modelling.folds.block_level (smaller blocks), "
            "or take a larger region",
        )


def deal_groups(group_of_cell: CellIds | IntArray, n_folds: int, random: np.random.Generator) -> IntArray:
    """Deal whole groups, by the group of each cell (n,), into folds (n,): the largest first, each to the smallest fold.

    Ties, of groups and of folds, go by chance and by number. There may be empty folds where groups are fewer.

    Examples
    --------
    Groups of 3, 2 and 1 cells: the smallest joins the second.

    >>> import numpy as np
    >>> deal_groups(np.array([7, 7, 7, 8, 8, 9]), 2, np.random.default_rng(0)).tolist()
    [0, 0, 0, 1, 1, 1]
    """
    # Longest processing time first (Graham 1969, doi:10.1137/0117039): no fold ends more than a third above the best
    # possible, which random dealing of few uneven blocks misses by far.
    groups, place, sizes = np.unique(group_of_cell, return_inverse=True, return_counts=True)
    fold_of_group = np.empty(len(groups), dtype=np.int64)
    n_cells = np.zeros(n_folds, dtype=np.int64)
    for group in np.lexsort([random.permutation(len(groups)), -sizes]):
        fold_of_group[group] = n_cells.argmin()
        n_cells[fold_of_group[group]] += sizes[group]
    return fold_of_group[place]


def hold_out(ground: Ground, fold_of_cell: IntArray, buffer_m: float) -> pd.DataFrame:
    """Test the cells of each fold on the others, in all years.

    A training cell whose centre lies within `buffer_m` of the centre of any test cell, the distance itself included,
    becomes ``buffer``; to keep outlines apart, add `widest_cell_m` to the gap that is wanted. With 0 m there is no
    buffer. Roles are ``test``, ``buffer`` and ``train``; rows go fold by fold, cells in the order of the ground.

    Parameters
    ----------
    ground
        The cells (n).
    fold_of_cell
        (n,) from 0 without gaps.
    buffer_m
        Between centres, in metres.

    Returns
    -------
    DataFrame
        ``fold cell_id year role``, one row per fold and cell; ``year`` is null, which stands for every year.

    Raises
    ------
    LabelError
        If a fold has no training cell left.

    Examples
    --------
    Four cells on a line, 100 km apart, the first held out with a buffer of 150 km:

    >>> import numpy as np
    >>> ids, places_m = np.arange(4, dtype=np.uint64), np.column_stack([np.arange(4) * 1e5, np.zeros(4)])
    >>> ground = Ground(ids, ids, places_m, places_m, np.array([2020]), 2, 150e3)
    >>> hold_out(ground, np.array([0, 1, 1, 1]), 150e3)
    Traceback (most recent call last):
        ...
    entropice.errors.LabelError: No training cell is left in fold 1...
    >>> hold_out(ground, np.array([0, 1, 2, 2]), 150e3).query("fold == 0")["role"].tolist()
    ['test', 'buffer', 'train', 'train']
    """
    pieces = [_roles(ground, fold, fold_of_cell == fold, buffer_m) for fold in range(fold_of_cell.max() + 1)]
    return pd.concat(pieces, ignore_index=True)


def _roles(ground: Ground, fold: int, is_test: BoolArray, buffer_m: float) -> pd.DataFrame:
    coordinates_m = ground.coordinates_m
    # Neighbours share weather, terrain and often the same slump field: trained on the cell next door, a model is asked
    # what it has nearly seen, and its score says nothing of ground where nobody has looked.
    is_buffer = (buffer_m > 0) & ~is_test & is_near_any(coordinates_m, coordinates_m[is_test], buffer_m)
    if (is_test | is_buffer).all():
        raise LabelError(
            f"No training cell is left in fold {fold}.",
            field="modelling.folds.buffer_m",
            got=f"{buffer_m:g} m between centres",
            expected="at least one training cell beyond the buffer",
            fix="lower modelling.folds.buffer_m, or raise modelling.folds.block_level (smaller blocks)",
        )
    role = np.where(is_test, TEST, np.where(is_buffer, BUFFER, TRAIN))
    years = pd.array([pd.NA] * len(role), dtype="Int64")
    return pd.DataFrame({"fold": fold, "cell_id": ground.cell_ids, "year": years, "role": role})

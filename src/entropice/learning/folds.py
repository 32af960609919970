"""Folds of cells: whole parent blocks with a buffer around them, and random ones to show the gap."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

import numpy as np
import pandas as pd
from pyproj import Transformer
from scipy.spatial import KDTree

from entropice.crs import EQUAL_AREA_CRS, LON_LAT_CRS
from entropice.errors import LabelError
from entropice.types import BoolArray, CellIds, DataFrame, FloatArray, GeoDataFrame, IntArray

SPATIAL = "spatial"
RANDOM = "random"
TRAIN, TEST, BUFFER = "train", "test", "buffer"


@dataclass(frozen=True)
class Scheme:
    """A way to deal cells into folds: its name in tables, its title and what it means for readers."""

    name: str
    title: str
    description: str


SCHEMES: Final[Mapping[str, Scheme]] = MappingProxyType(
    {
        scheme.name: scheme
        for scheme in (
            Scheme(
                SPATIAL,
                "transfer skill (spatial folds)",
                "Each fold holds out whole regions with a buffer around them.",
            ),
            Scheme(
                RANDOM,
                "random cross-validation",
                "Neighbours of a held-out cell stay in training, so these scores flatter.",
            ),
        )
    }
)
"""Every scheme by its name, in the readers' order: what counts first, the comparison last."""


def equal_area_coordinates_m(lon_deg: FloatArray, lat_deg: FloatArray) -> FloatArray:
    """Coordinates (n, 2) in EPSG:6931, whose distances are true at the pole and 3.5 % off at most at 60° N."""
    to_polar = Transformer.from_crs(LON_LAT_CRS, EQUAL_AREA_CRS, always_xy=True)
    return np.column_stack(to_polar.transform(lon_deg, lat_deg))


def widest_cell_m(cells: GeoDataFrame) -> float:
    """Largest diameter of a cell (EPSG:6931): centres farther apart than this belong to cells that do not touch."""
    return 2 * float(cells.to_crs(EQUAL_AREA_CRS).minimum_bounding_radius().max())


def make_folds(
    cell_ids: CellIds,
    block_ids: CellIds,
    coordinates_m: FloatArray,
    n_folds: int,
    buffer_m: float,
    random_seed: int,
) -> DataFrame:
    """Give every cell one role in every fold of two schemes; every cell is tested once in each scheme.

    In ``spatial`` folds a block is never split, and a training cell whose centre lies within `buffer_m` of the centre
    of any test cell becomes ``buffer``. In ``random`` folds cells are dealt out alone, without a buffer. To keep
    outlines apart, add `widest_cell_m` to the gap that is wanted.

    Parameters
    ----------
    cell_ids, block_ids
        (n,): cells, each once, and the block (parent cell) of each.
    coordinates_m
        (n, 2): cell centres, as `equal_area_coordinates_m` gives them.

    Returns
    -------
    DataFrame
        ``scheme fold cell_id role``, one row per scheme, fold and cell.

    Raises
    ------
    LabelError
        If there are fewer blocks than folds, or a spatial fold has no training cell left.
    """
    random = np.random.default_rng(random_seed)
    fold_of_cell = {
        SPATIAL: deal_blocks(block_ids, n_folds, random),
        RANDOM: random.permutation(np.arange(len(cell_ids)) % n_folds),
    }
    buffers_m = {SPATIAL: buffer_m, RANDOM: 0.0}
    pieces = [
        _fold_table(scheme, fold, cell_ids, fold_of == fold, coordinates_m, buffers_m[scheme])
        for scheme, fold_of in fold_of_cell.items()
        for fold in range(n_folds)
    ]
    return pd.concat(pieces, ignore_index=True)


def deal_blocks(block_ids: CellIds, n_folds: int, random: np.random.Generator) -> IntArray:
    """Deal whole blocks into folds: the largest first, each to the fold with the fewest cells; ties by chance.

    Fold sizes differ by no more than the largest block.
    """
    blocks, block_of_cell, sizes = np.unique(block_ids, return_inverse=True, return_counts=True)
    if len(blocks) < n_folds:
        raise LabelError(
            "There are fewer spatial blocks than folds.",
            field="modelling.folds",
            got=f"{len(blocks)} blocks for {n_folds} folds",
            expected="at least one block a fold",
            fix="lower modelling.folds.n_folds, raise modelling.folds.block_level (smaller blocks), "
            "or take a larger region",
        )
    fold_of_block = np.empty(len(blocks), dtype=np.int64)
    n_cells = np.zeros(n_folds, dtype=np.int64)
    for block in np.lexsort([random.permutation(len(blocks)), -sizes]):
        fold_of_block[block] = n_cells.argmin()
        n_cells[fold_of_block[block]] += sizes[block]
    return fold_of_block[block_of_cell]


def is_near_any(coordinates_m: FloatArray, others_m: FloatArray, reach_m: float) -> BoolArray:
    """Whether each point (n, 2) lies within `reach_m` of any of the others."""
    nearest_m, _ = KDTree(others_m).query(coordinates_m)
    return np.asarray(nearest_m <= reach_m)


def _fold_table(
    scheme: str, fold: int, cell_ids: CellIds, is_test: BoolArray, coordinates_m: FloatArray, buffer_m: float
) -> DataFrame:
    is_buffer = (buffer_m > 0) & ~is_test & is_near_any(coordinates_m, coordinates_m[is_test], buffer_m)
    if (is_test | is_buffer).all():
        raise LabelError(
            f"No training cell is left in fold {fold} of scheme {scheme}.",
            field="modelling.folds.buffer_m",
            got=buffer_m,
            fix="lower modelling.folds.buffer_m, or raise modelling.folds.block_level (smaller blocks)",
        )
    role = np.where(is_test, TEST, np.where(is_buffer, BUFFER, TRAIN))
    return pd.DataFrame({"scheme": scheme, "fold": fold, "cell_id": cell_ids, "role": role})

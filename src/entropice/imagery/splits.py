"""Which tiles are learned from, which choose and which judge: by blocks of ground, the same in all years.

A block is a parent cell of the grid that the cell models use, so that a block of either is one of both. Its split
follows from a hash of seed and number alone. A tile is kept where all ground within half the buffer of it belongs to
one split: then two tiles of different splits are a buffer apart at least. A division by degrees cannot promise that,
for degrees of longitude shrink towards the pole.
"""

from typing import Final

import numpy as np
import pandas as pd
from pyproj import Transformer

from entropice.crs import LON_LAT_CRS, POLAR_CRS
from entropice.dggs.grid import Grid, check_parent_level
from entropice.errors import LabelError
from entropice.imagery.split_rules import SplitRules
from entropice.types import CellIds, DataFrame, FloatArray, IntArray

TRAIN: Final = "train"
VALIDATION: Final = "validation"
TEST: Final = "test"
BUFFER: Final = "buffer"
UNSEEN: Final = "unseen"
"""Of tiles that show nothing, as below clouds."""

SPLITS: Final = (TRAIN, VALIDATION, TEST)

_AROUND: Final = np.array([(x, y) for x in (-1, 0, 1) for y in (-1, 0, 1) if x or y], dtype=np.float64)
"""Corners of a square and middles of its sides, for a half edge of 1."""

_CORNER_DEPTH: Final = 0.5
"""How deep the corner of a cell can reach between two points on a side unseen, over their distance: 90° at least."""

_TRUE_SCALE_LAT_DEG: Final = 70.0


def split_tiles(tiles: DataFrame, grid: Grid, rules: SplitRules, seed: int) -> DataFrame:
    """The split of every tile.

    Parameters
    ----------
    tiles
        ``key left_m top_m pixel_m n_pixels`` in EPSG:3413.

    Returns
    -------
    DataFrame
        ``key block split``, in the order of `tiles`: the parent cell below the tile's middle (uint64), and ``train``,
        ``validation``, ``test`` or ``buffer``.

    Raises
    ------
    GridError
        The grid has no parents at the level.
    LabelError
        A split has no tile.
    """
    level = rules.block_level[grid.name]
    check_parent_level(grid, level)
    half_m = (tiles["pixel_m"] * tiles["n_pixels"] / 2).to_numpy()
    middle_m = np.stack([tiles["left_m"] + half_m, tiles["top_m"] - half_m], axis=1)
    lat_deg = _lon_lat(middle_m)[1]
    reach_m = half_m + rules.buffer_m / 2 * projected_per_true_m(lat_deg)
    block = _blocks(middle_m, grid, level)
    number = split_numbers(block, rules, seed)
    is_alike = np.ones(len(tiles), dtype=bool)
    for step in _AROUND:
        around_m = middle_m + step * (reach_m * (1 + _CORNER_DEPTH))[:, None]
        is_alike &= split_numbers(_blocks(around_m, grid, level), rules, seed) == number
    split = np.where(is_alike, np.array(SPLITS)[number], BUFFER)
    _require_all(split)
    return pd.DataFrame({"key": tiles["key"].to_numpy(), "block": block, "split": split})


def require_positives(splits: DataFrame) -> None:
    """Pass only where each split has tiles with something positive (``n_positive``), and tiles without.

    Raises
    ------
    LabelError
        Names the split.
    """
    for name in SPLITS:
        is_positive = splits.loc[splits["split"] == name, "n_positive"] > 0
        if is_positive.all() or not is_positive.any():
            raise LabelError(
                f"The {name} split has no tile {'with' if not is_positive.any() else 'without'} anything positive.",
                field="split",
                got=f"{int(is_positive.sum())} of {len(is_positive)} tiles",
                expected="both kinds in each of train, validation and test",
                fix="take more tiles, smaller blocks (a higher block_level) or other shares",
            )


def split_numbers(blocks: CellIds, rules: SplitRules, seed: int) -> IntArray:
    """Place in `SPLITS` of blocks (n,): a uniform hash of seed and block against the shares."""
    chance = _mixed(_mixed(blocks) ^ _mixed(np.array(seed, dtype=np.uint64))) / 2.0**64
    is_test = chance < rules.test_share
    is_validation = ~is_test & (chance < rules.test_share + rules.validation_share)
    return np.where(is_test, 2, np.where(is_validation, 1, 0)).astype(np.int64)


def projected_per_true_m(lat_deg: FloatArray) -> FloatArray:
    """Metres of EPSG:3413 in a true metre, on the sphere: (1 + sin 70°) / (1 + sin φ) (Snyder 1987, eq. 21-4)."""
    ratio: FloatArray = (1 + np.sin(np.radians(_TRUE_SCALE_LAT_DEG))) / (1 + np.sin(np.radians(lat_deg)))
    return ratio


def _mixed(values: CellIds) -> CellIds:
    """The finaliser of SplitMix64 (Steele et al. 2014, doi:10.1145/2714064.2660195), elementwise on uint64."""
    with np.errstate(over="ignore"):
        mixed = values.astype(np.uint64) + np.uint64(0x9E3779B97F4A7C15)
        mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    finished: CellIds = mixed ^ (mixed >> np.uint64(31))
    return finished


def _blocks(points_m: FloatArray, grid: Grid, level: int) -> CellIds:
    return grid.parents(grid.cell_at(*_lon_lat(points_m)), level)


def _lon_lat(points_m: FloatArray) -> tuple[FloatArray, FloatArray]:
    lon_deg, lat_deg = Transformer.from_crs(POLAR_CRS, LON_LAT_CRS, always_xy=True).transform(*points_m.T)
    return lon_deg, lat_deg


def _require_all(split: "np.ndarray[tuple[int], np.dtype[np.str_]]") -> None:
    counts = {name: int((split == name).sum()) for name in (*SPLITS, BUFFER)}
    missing = [name for name in SPLITS if counts[name] == 0]
    if missing:
        raise LabelError(
            f"The {' and '.join(missing)} split has no tile.",
            field="split",
            got=", ".join(f"{name} {n}" for name, n in counts.items()),
            expected="tiles in each of train, validation and test",
            fix="take more tiles, smaller blocks (a higher block_level), other shares or a narrower buffer",
        )

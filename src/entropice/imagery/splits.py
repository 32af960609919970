"""Training, validation and test tiles that are apart on the ground."""

from typing import Final

import numpy as np
import pandas as pd
import shapely
from scipy.spatial import KDTree

from entropice.dggs import Grid
from entropice.dggs.polar import project, scale_at, unproject
from entropice.errors import LabelError, SchemaError
from entropice.imagery.split_rules import SplitRules
from entropice.imagery.uniform_hash import uniform_of
from entropice.types import BoolArray, CellIds, DataFrame, FloatArray, Geometries, Series

TRAIN: Final = "train"
VALIDATION: Final = "validation"
TEST: Final = "test"
SPLITS: Final = (TRAIN, VALIDATION, TEST)
BUFFER: Final = "buffer"
"""What is said instead of a split of tiles that are left out."""

UNSEEN: Final = "unseen"
"""The same of tiles that show nothing, as below clouds."""

_TILES_PER_CHUNK: Final = 100_000
_SMALLEST_SCALE: Final = 0.96
"""Lengths in EPSG:3413 over those on the ground are nowhere smaller than this; at the pole they are .97."""

_HEMISPHERE_SCALE: Final = 2.0
"""Lengths in EPSG:3413 over those on the ground are smaller than this north of the equator."""

_EQUATOR_M: Final = 12_331_000.0
"""From the pole to the equator in EPSG:3413, to the kilometre above."""


def split_tiles(tiles: DataFrame, grid: Grid, rules: SplitRules, seed: int) -> DataFrame:
    """Deal tiles into splits by the parent cell that their middle lies in.

    `tiles` stay as they are.

    Parameters
    ----------
    tiles
        ``key left_m top_m pixel_m n_pixels`` of `entropice.imagery.places`; north of the equator.
    grid
        Its cells tile the ground; a block is the cells of one parent at ``rules.block_level``.
    rules
        Level of the blocks, buffer and shares.
    seed
        Another one deals anew.

    Returns
    -------
    DataFrame
        ``key block split``, in the order of the tiles; ``block`` is uint64, ``split`` one of `SPLITS` or `BUFFER`.

    Raises
    ------
    SchemaError
        A key occurs twice, a corner is not finite, or one is south of the equator (farther than 12,331 km from the pole
        in EPSG:3413); looked at in this order.
    GridError
        Cells have no parents at the level of blocks.

    Notes
    -----
    Blocks, not tiles, are drawn: by a hash of seed and block, so that a tile's split depends neither on its year nor
    on which other tiles there are. Tiles within ``rules.buffer_m`` of ground of another split are left out. What is
    kept lies wholly on ground of its own split, so that tiles of different splits neither overlap nor lie within
    twice that distance of each other.

    Distances are metres on the ground. They are compared in EPSG:3413, where each tile's buffer is as wide as it is
    at the largest scale that the buffer reaches, so that it is nowhere too narrow: ``buffer_m`` times the scale at
    ρ + 2 ``buffer_m`` from the pole, ρ the distance in EPSG:3413 of the tile's farthest corner. It is too wide by as
    much as the scale changes over tile and buffer: by 1 part in 1,000 of tiles of 5 km with a buffer of 2 km at 30° N.

    How the split of a block is drawn is what `split_of_block` shows.

    A tile that only touches ground of another split is within 0 m of it.
    """
    _check(tiles)
    # A tile is dealt by its middle alone; that the rest of it lies on the same split's ground is what the buffer holds,
    # also where it is 0 wide.
    blocks = grid.parents(grid.cell_at(*unproject(_middles_m(tiles))), rules.block_level)
    buffers_m = _projected_buffers_m(tiles, rules.buffer_m)
    ground = _cells_near(tiles, grid, buffers_m)
    ground_splits = _splits_of(grid.parents(ground, rules.block_level), rules, seed)
    splits = _splits_of(blocks, rules, seed)
    tree = shapely.STRtree(grid.polygons(ground))
    is_near = [
        _is_near_other(tree, ground_splits, tiles.iloc[part], splits.iloc[part], buffers_m[part])
        for part in _chunks(len(tiles))
    ]
    # By ground, not by other tiles: a tile's split and whether it is left out stay as they are when tiles are added.
    left_out = np.concatenate([np.empty(0, dtype=bool), *is_near])
    return pd.DataFrame({"key": tiles["key"].to_numpy(), "block": blocks, "split": splits.mask(left_out, BUFFER)})


def require_positives(splits: DataFrame) -> None:
    """Pass only where each split, in columns ``split n_positive``, has tiles with something positive, and without.

    Rows of what is no split, such as the buffer, count for nothing; a split without rows does not pass.

    Raises
    ------
    LabelError
        Names the split, the first of `SPLITS` that lacks one of both.

    Examples
    --------
    >>> both = pd.DataFrame({"split": list(SPLITS) * 2, "n_positive": [0, 0, 0, 5, 1, 2]})
    >>> require_positives(both)
    >>> try:
    ...     require_positives(both.iloc[:5])
    ... except LabelError as error:
    ...     print(error.what)
    The test split has no tile with anything positive.
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


def tile_boxes(tiles: DataFrame) -> Geometries:
    """Outlines (n_tile,) in EPSG:3413 of tiles with the columns ``left_m top_m pixel_m n_pixels``.

    In their order; a tile's edge is ``pixel_m`` × ``n_pixels``, and neighbours share an edge.

    Examples
    --------
    >>> tiles = pd.DataFrame({"left_m": [0.0], "top_m": [40.0], "pixel_m": [10.0], "n_pixels": [4]})
    >>> tile_boxes(tiles)[0].bounds
    (0.0, 0.0, 40.0, 40.0)
    """
    left_m, top_m, edge_m = _columns(tiles)
    boxes: Geometries = shapely.box(left_m, top_m - edge_m, left_m + edge_m, top_m)
    return boxes


def split_of_block(block: int, shares: dict[str, float], seed: int) -> str:
    """The split whose part of [0, 1) holds the hash of seed and block, ``uniform_of(seed, "block", block)``.

    A part holds its lower end and not its upper one; the hash is that of `entropice.imagery.uniform_hash`.

    Parameters
    ----------
    block
        Number of the block, such as the id of a parent cell.
    shares
        Share of each split; their order says which part of [0, 1) is whose, from 0 up. They should sum to 1: what is
        beyond the sum belongs to the last.
    seed
        Another one deals anew.

    Examples
    --------
    The hash u of seed 0 and block 7 decides alone, whichever other blocks there are.

    >>> round(uniform_of(0, "block", 7), 3)
    0.74
    >>> split_of_block(7, {"train": 0.9, "test": 0.1}, 0), split_of_block(7, {"train": 0.1, "test": 0.9}, 0)
    ('train', 'test')
    """
    place = np.searchsorted(np.cumsum(list(shares.values())), uniform_of(seed, "block", block), side="right")
    # Shares add up to 1 but for rounding: a hash just below 1 may lie beyond their sum.
    return list(shares)[min(int(place), len(shares) - 1)]


def _splits_of(blocks: CellIds, rules: SplitRules, seed: int) -> Series:
    each, positions = np.unique(blocks, return_inverse=True)
    splits = [split_of_block(int(block), rules.shares, seed) for block in each]
    return pd.Series(splits, dtype=object).take(positions).reset_index(drop=True)


def _projected_buffers_m(tiles: DataFrame, buffer_m: float) -> FloatArray:
    """A distance on the ground around each tile, in EPSG:3413."""
    return buffer_m * _largest_scales(_from_pole_m(tiles), buffer_m)


def _largest_scales(from_pole_m: FloatArray, within_m: float) -> FloatArray:
    """Of EPSG:3413 within a distance on the ground of points that lie so far from the pole."""
    outermost_m = from_pole_m + _HEMISPHERE_SCALE * within_m
    return scale_at(np.column_stack([outermost_m, np.zeros_like(outermost_m)]))


def _cells_near(tiles: DataFrame, grid: Grid, buffers_m: FloatArray) -> CellIds:
    """Every cell that may lie within its buffer of a tile, and few others."""
    _, _, edge_m = _columns(tiles)
    buffer_m, half_m = float(np.max(buffers_m, initial=0.0)), float(np.max(edge_m, initial=0.0)) / np.sqrt(2)
    farthest_m = np.max(_from_pole_m(tiles), initial=0.0, keepdims=True) + buffer_m
    [scale] = _largest_scales(farthest_m, grid.reach_m)
    # Ground is near where an outline is, but cells are found by their centres: so far may a centre lie from the middle
    # of a tile whose corner, with its buffer, its outline just meets.
    reach_m = grid.reach_m * float(scale) + buffer_m + half_m
    middles_m = _middles_m(tiles)
    cells = grid.cells_near(*unproject(middles_m), reach_m / _SMALLEST_SCALE)
    nearest_m, _ = KDTree(middles_m).query(project(*grid.centres(cells)), distance_upper_bound=reach_m)
    near: CellIds = cells[np.isfinite(nearest_m)]
    return near


def _is_near_other(
    tree: shapely.STRtree, ground_splits: Series, tiles: DataFrame, splits: Series, buffers_m: FloatArray
) -> BoolArray:
    """Whether ground of a split other than a tile's own lies within a distance of it."""
    tile, cell = tree.query(tile_boxes(tiles), predicate="dwithin", distance=buffers_m)
    is_other = splits.to_numpy()[tile] != ground_splits.to_numpy()[cell]
    return np.bincount(tile[is_other], minlength=len(tiles)) > 0


def _chunks(n_tiles: int) -> list[slice]:
    return [slice(start, start + _TILES_PER_CHUNK) for start in range(0, n_tiles, _TILES_PER_CHUNK)]


def _from_pole_m(tiles: DataFrame) -> FloatArray:
    """Distance in EPSG:3413 between the pole and the corner of each tile that is farthest from it."""
    left_m, top_m, edge_m = _columns(tiles)
    x_m = np.maximum(np.abs(left_m), np.abs(left_m + edge_m))
    y_m = np.maximum(np.abs(top_m), np.abs(top_m - edge_m))
    farthest_m: FloatArray = np.hypot(x_m, y_m)
    return farthest_m


def _middles_m(tiles: DataFrame) -> FloatArray:
    left_m, top_m, edge_m = _columns(tiles)
    return np.column_stack([left_m + edge_m / 2, top_m - edge_m / 2])


def _columns(tiles: DataFrame) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Left, top and edge of each tile."""
    left_m, top_m, pixel_m, n_pixels = tiles[["left_m", "top_m", "pixel_m", "n_pixels"]].to_numpy(dtype=np.float64).T
    return left_m, top_m, pixel_m * n_pixels


def _check(tiles: DataFrame) -> None:
    repeated = tiles["key"].duplicated()
    if repeated.any():
        raise SchemaError(
            "Tiles have keys that occur more than once.",
            field="key",
            got=f"{int(repeated.sum())} repeated keys",
            expected="each key once",
            sample=tiles["key"][repeated],
        )
    is_finite: BoolArray = np.logical_and.reduce([np.isfinite(column) for column in _columns(tiles)])
    if not is_finite.all():
        raise SchemaError(
            "Tiles have places that are not finite.",
            field="left_m, top_m, pixel_m, n_pixels",
            got=f"{int((~is_finite).sum())} tiles without a place",
            expected="finite numbers",
            sample=tiles["key"][~is_finite],
        )
    is_south = _from_pole_m(tiles) > _EQUATOR_M
    if is_south.any():
        raise SchemaError(
            "Tiles reach south of the equator.",
            field="left_m, top_m, pixel_m, n_pixels",
            got=f"{int(is_south.sum())} tiles farther than {_EQUATOR_M / 1e3:,.0f} km from the pole in EPSG:3413",
            expected="tiles in the Northern Hemisphere",
            sample=tiles["key"][is_south],
        )

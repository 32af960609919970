"""Split a million random tiles: ``python -m benchmarks.imagery_splits``.

Tiles of 512 pixels of 3 m lie at random between 50 and 85° N. The figures are the share that is kept, how many pairs
of tiles of different splits overlap, how near the nearest of such pairs come, and the CPU time of the split.
"""

import time
from typing import Final

import numpy as np
import pandas as pd
from scipy.spatial import KDTree

from benchmarks.measuring import against, circumstances
from entropice.dggs import parse_grid
from entropice.dggs.polar import project
from entropice.imagery.split_rules import SplitRules
from entropice.imagery.splits import BUFFER, SPLITS, split_tiles
from entropice.types import DataFrame, FloatArray

N_TILES: Final = 1_000_000
PIXEL_M: Final = 3.0
N_PIXELS: Final = 512
EDGE_M: Final = PIXEL_M * N_PIXELS
RULES: Final = SplitRules(block_level=4, buffer_m=2200.0, train=0.7, validation=0.15, test=0.15)


def random_tiles(n_tiles: int, seed: int) -> DataFrame:
    """Tiles whose middles are uniform on the sphere between 50 and 85° N."""
    random = np.random.default_rng(seed)
    lat_deg = np.degrees(np.arcsin(random.uniform(*np.sin(np.radians([50.0, 85.0])), size=n_tiles)))
    middles_m = project(random.uniform(-180.0, 180.0, size=n_tiles), lat_deg)
    left_m, top_m = (middles_m + np.array([-0.5, 0.5]) * EDGE_M).T
    return pd.DataFrame(
        {"key": np.arange(n_tiles), "left_m": left_m, "top_m": top_m, "pixel_m": PIXEL_M, "n_pixels": N_PIXELS}
    )


def gaps_m(tiles: DataFrame, splits: DataFrame) -> FloatArray:
    """From each tile of a split to the nearest of a later one in `SPLITS`, by the larger of the gaps in x and y.

    Tiles overlap where it is below 0.
    """
    corners_m = tiles[["left_m", "top_m"]].to_numpy()
    groups = [corners_m[splits["split"] == split] for split in SPLITS]
    trees = [KDTree(np.concatenate(groups[number + 1 :])) for number in range(len(groups) - 1)]
    nearest = [tree.query(group, p=np.inf)[0] for tree, group in zip(trees, groups[:-1], strict=True)]
    return np.concatenate(nearest) - EDGE_M


def main() -> None:
    """Print the figures."""
    tiles = random_tiles(N_TILES, seed=0)
    for key in ("h3_4", "healpix_7"):
        rules = RULES.model_copy(update={"block_level": int(key[-1])})
        begin_s = time.process_time()
        splits = split_tiles(tiles, parse_grid(key), rules, seed=42)
        cpu_s = time.process_time() - begin_s
        kept, gaps = float((splits["split"] != BUFFER).mean()), gaps_m(tiles, splits)
        print(f"{key}: kept {against(kept, '>=', 0.8)}, CPU {against(cpu_s, '<=', 60.0, ' s')}")  # noqa: T201
        print(f"  pairs that overlap {int((gaps < 0).sum())}, smallest gap {gaps.min():,.0f} m")  # noqa: T201
    print(circumstances())  # noqa: T201


if __name__ == "__main__":
    main()

"""Sectors by hand, at their edges, and across the date line."""

import numpy as np
import pandas as pd
import pytest

from entropice.dggs.polar import project
from entropice.imagery.sectors import SECTORS, sectors_at, sectors_of_blocks


@pytest.mark.parametrize(
    ("lon_deg", "sector"),
    [(-180, 0), (-90.01, 0), (-90, 1), (-0.01, 1), (0, 2), (89.9, 2), (90, 3), (179.9, 3), (180, 0)],
)
def test_a_meridian_belongs_to_the_sector_east_of_it(lon_deg, sector):
    assert sectors_at(np.array([float(lon_deg)])).tolist() == [SECTORS[sector]]


def test_a_block_lies_where_the_mean_of_its_tiles_does():
    """Tiles at 178° E and 170° W are 12° apart: their mean lies at 176° W."""
    x_m, y_m = project(np.array([178.0, -170.0, 45.0]), np.array([70.0, 70.0, 70.0])).T
    tiles = pd.DataFrame(
        {"key": ["c", "a", "b"], "left_m": x_m - 50, "top_m": y_m + 50, "pixel_m": 10.0, "n_pixels": 10}
    )
    splits = pd.DataFrame({"key": ["a", "b", "c"], "block": np.array([7, 3, 7], dtype=np.uint64)})

    sectors = sectors_of_blocks(np.array([3, 7], dtype=np.uint64), splits, tiles)

    assert sectors.tolist() == ["0-90E", "180W-90W"]

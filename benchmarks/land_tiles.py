"""All tiles of a made world's land, the true slumps in each, and what a segmenter with stated errors finds there."""

from dataclasses import dataclass
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
import xarray as xr

from entropice.derive.labels import OBSERVED_WITH, OBSERVED_WITHOUT, UNOBSERVED
from entropice.types import BoolArray, FloatArray, IntArray
from entropice.units import M2_PER_KM2
from entropice.virtual_arctic.areas import draw_areas_m2
from entropice.virtual_arctic.bayes_limit import cells_of_units
from entropice.virtual_arctic.lattice import lattice_of
from entropice.virtual_arctic.slumps import active_slumps
from entropice.virtual_arctic.specification import AreaDistribution, WorldSpecification

TILE_M: Final = 1536
TILE_KM2: Final = TILE_M**2 / 1e6


@dataclass(frozen=True)
class Detector:
    """What a segmenter gets wrong, and what its validation tells of that.

    Attributes
    ----------
    recall, false_per_km2
        Of true slumps, and of land.
    believed_recall, believed_false_per_km2
        As estimated on validation tiles: all that a model knows of them.
    """

    recall: float
    false_per_km2: float
    believed_recall: float
    believed_false_per_km2: float

    def true_density(self, found_per_km2: FloatArray) -> FloatArray:
        """True slumps per km² from expected finds per km²; at least a hundredth of what is found."""
        corrected = np.maximum(found_per_km2 - self.believed_false_per_km2, found_per_km2 / 100)
        return np.asarray(corrected / self.believed_recall, dtype=np.float64)


@dataclass(frozen=True)
class LandTiles:
    """Tiles (n_tile,) whose middle is land, in one year.

    Attributes
    ----------
    cell
        Position of the cell.
    n_true, n_found_true, n_found
        True slumps, those that are found, and all finds.
    found_m2
        Area of the finds.
    true_rate
        (n_cell,) expected true slumps per tile; the effect of each block that no input shows is not known.
    """

    cell: IntArray
    n_true: IntArray
    n_found_true: IntArray
    n_found: IntArray
    found_m2: FloatArray
    true_rate: FloatArray

    @property
    def n_cells(self) -> int:
        """Cells of the grid."""
        return len(self.true_rate)

    @property
    def n_of_cell(self) -> FloatArray:
        """Tiles (n_cell,) of each cell."""
        return self.sums(np.ones(len(self.cell)))

    def sums(self, values: FloatArray | IntArray | BoolArray) -> FloatArray:
        """Sums (n_cell,) over the tiles of each cell."""
        return np.bincount(self.cell, weights=values, minlength=self.n_cells)


def validated(recall: float, false_per_km2: float, n_true: int, land_km2: float, seed: int) -> Detector:
    """A detector that was validated on some true slumps and land of its own."""
    random = np.random.default_rng([seed, n_true])
    believed = random.binomial(n_true, recall) / n_true, random.poisson(false_per_km2 * land_km2) / land_km2
    return Detector(recall, false_per_km2, *believed)


def slumps_of(truth: xr.Dataset, world: WorldSpecification, year: int) -> pd.DataFrame:
    """True slumps of a year."""
    active = active_slumps(truth, world)
    return active[active["year"] == year]


@dataclass(frozen=True)
class TileGrid:
    """Squares of `TILE_M` over a world, numbered along rows from the top left.

    Attributes
    ----------
    cell
        (n_row, n_column) position of the cell, or −1 where the middle is no land of any.
    left_m, top_m
        Outer corner.
    """

    cell: IntArray
    left_m: int
    top_m: int

    def at(self, slumps: pd.DataFrame) -> IntArray:
        """Tile (n,) of each slump; −1 outside."""
        row = ((self.top_m - slumps["y_m"].to_numpy()) // TILE_M).astype(np.int64)
        column = ((slumps["x_m"].to_numpy() - self.left_m) // TILE_M).astype(np.int64)
        is_within = (row < self.cell.shape[0]) & (column < self.cell.shape[1])
        return np.where(is_within, row * self.cell.shape[1] + column, -1)


def lay_tiles(truth: xr.Dataset, cells: gpd.GeoDataFrame) -> TileGrid:
    """Tiles of all land."""
    lattice = lattice_of(truth)
    cell_of_unit = np.where(truth["land"].to_numpy(), cells_of_units(cells, truth), -1)
    middles = [
        (np.arange(n * lattice.step_m // TILE_M) * TILE_M + TILE_M // 2) // lattice.step_m for n in lattice.shape
    ]
    return TileGrid(cell_of_unit[np.ix_(*middles)], lattice.left_m, lattice.top_m)


def make_tiles(truth: xr.Dataset, cells: gpd.GeoDataFrame, slumps: pd.DataFrame, detector: Detector) -> LandTiles:
    """Lay tiles over the land, and image each of them, whether anybody looks or not."""
    grid = lay_tiles(truth, cells)
    kept, n_tiles = np.flatnonzero(grid.cell >= 0), grid.cell.size
    random = np.random.default_rng([truth.attrs["seed"], TILE_M])
    at = grid.at(slumps)
    tile, area_m2 = at[at >= 0], slumps["area_m2"].to_numpy()[at >= 0]
    is_found = random.uniform(size=len(tile)) < detector.recall
    false = random.poisson(detector.false_per_km2 * TILE_KM2, n_tiles)
    false_m2 = draw_areas_m2(AreaDistribution(**truth.attrs["areas"]), random, int(false.sum()))
    n_true, n_found_true = (np.bincount(each, minlength=n_tiles)[kept] for each in (tile, tile[is_found]))
    found_m2 = np.bincount(tile[is_found], weights=area_m2[is_found], minlength=n_tiles)
    found_m2 += np.bincount(np.repeat(np.arange(n_tiles), false), weights=false_m2, minlength=n_tiles)
    cell = grid.cell.ravel()[kept]
    n_of_cell = np.bincount(cell, minlength=len(cells))
    rate = true_rates(truth.sel(year=int(slumps["year"].iloc[0])), cells)
    return LandTiles(
        cell=cell,
        n_true=n_true,
        n_found_true=n_found_true,
        n_found=n_found_true + false[kept],
        found_m2=found_m2[kept],
        true_rate=np.divide(rate, n_of_cell, out=np.zeros(len(cells)), where=n_of_cell > 0),
    )


def true_rates(one_year: xr.Dataset, cells: gpd.GeoDataFrame) -> FloatArray:
    """Expected true slumps (n_cell,) of each cell's land, over all unseen effects that there may be."""
    cell_of_unit, attributes = cells_of_units(cells, one_year), one_year.attrs
    is_used = one_year["land"].to_numpy() & (cell_of_unit >= 0)
    log_rate = one_year["known_log_rate"].to_numpy()[is_used].astype(np.float64)
    rate = np.exp(log_rate + attributes["unseen_variance"] / 2)
    return np.bincount(cell_of_unit[is_used], weights=rate, minlength=len(cells))


def segmented_labels(tiles: LandTiles, is_imaged: BoolArray, cells: gpd.GeoDataFrame, year: int) -> pd.DataFrame:
    """Labels of the cells as a campaign that searched the imaged tiles would leave them; others are unobserved."""
    n_imaged, n_found, found_m2 = (
        tiles.sums(np.where(is_imaged, values, 0)) for values in (1, tiles.n_found, tiles.found_m2)
    )
    seen_m2 = np.where(n_imaged > 0, n_imaged, np.nan) * TILE_KM2 * M2_PER_KM2
    return pd.DataFrame(
        {
            "cell_id": cells["cell_id"].to_numpy(),
            "year": year,
            "observed_fraction": np.divide(
                n_imaged, tiles.n_of_cell, out=np.zeros(len(cells)), where=tiles.n_of_cell > 0
            ),
            "observed_land_area_m2": seen_m2,
            "state": np.where(n_imaged == 0, UNOBSERVED, np.where(n_found > 0, OBSERVED_WITH, OBSERVED_WITHOUT)),
            "rts_count": n_found,
            "rts_area_m2": found_m2,
            "rts_per_km2": n_found / seen_m2 * M2_PER_KM2,
            "rts_area_fraction": found_m2 / seen_m2,
        }
    )

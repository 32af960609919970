"""Whether growth of cells is estimated without bias, and whether its intervals cover it, from simulated sightings.

``python -m benchmarks.growth --work FOLDER --seeds 121 122 --records FILE`` takes worlds of `benchmarks.virtual_arctic`
(made below FOLDER, unless they are). Their slumps that are active in 2021 and in 2023 grow by the law of
`entropice.virtual_scenes.growth`, so that the growth of each cell is known. Sightings are simulated, ten times a world:
areas are on average right, with the variance 2 k a³ √A / 3 of an outline whose 4 √A / a edge pixels of a metres are
true by chance, k = 9 of them together (`entropice.imagery.sightings.calibrated_areas_m2`); slumps are seen with the
chance .95 / (1 + (400 m² / A)²), in both years alike. What is told of that chance is

- known: the chance itself;
- by size: recall of the size class of the *seen* area, on 2,000 validated slumps of the same world.

Imaged are all tiles of 1,536 m, or a tenth of them: those of the cells with the highest true rates, and a tenth of the
budget at random (`entropice.learning.two_stage.budget`). Then growth is either that of the cell, estimated from what
was chosen, or that of the tiles imaged alone. Bias is that of the total over the true total.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd
import yaml
from scipy.stats import norm

from benchmarks.land_tiles import lay_tiles, true_rates
from benchmarks.mapped_world import read_cells, read_cube
from benchmarks.matrix import Measures, measured_worlds, report
from benchmarks.virtual_arctic import PROJECT, make_world
from entropice.learning.two_stage.budget import RANDOM_SHARE, choose_tiles
from entropice.learning.two_stage.growth import LEVEL, cell_growth, object_growth
from entropice.types import FloatArray, IntArray
from entropice.virtual_arctic.slumps import active_slumps
from entropice.virtual_scenes.growth import growth_factor, growth_m2_per_year
from entropice.virtual_scenes.specification import Growth

YEARS: Final = (2021, 2023)
PIXELS_M: Final = (3.0, 10.0)
N_CORRELATED: Final = 9
HIGHEST_CHANCE: Final = 0.95
HALF_SEEN_M2: Final = 400.0
SIZE_CLASSES_M2: Final = (0.0, 300.0, 500.0, 1000.0, 2000.0, 5000.0, np.inf)
N_VALIDATED: Final = 2000
BUDGET_SHARE: Final = 0.1
N_REPLICATES: Final = 10
LEAST_SLUMPS: Final = (0, 1, 10)
"""Cells with at least so many are told apart: those without any are covered whatever the interval."""


@dataclass(frozen=True)
class Slumps:
    """Slumps (n,) that are there in both years.

    Attributes
    ----------
    tile, cell
        Where.
    area_m2
        (n, 2) in the two years.
    growth
        In m² a year.
    """

    tile: IntArray
    cell: IntArray
    area_m2: FloatArray
    growth: FloatArray


@dataclass(frozen=True)
class Grounds:
    """A world's slumps, its tiles ``tile_id cell_id``, and the expected slumps of each tile."""

    slumps: Slumps
    tiles: pd.DataFrame
    expected: FloatArray


def growth_law() -> Growth:
    """The law of the project's scenes."""
    given = yaml.safe_load((PROJECT / "conf/slump_imagery/parameters.yml").read_text(encoding="utf-8"))
    return Growth(**given["tasks"]["slumps"]["virtual_slumps"]["scenes"]["growth"])


def make_grounds(work: Path, seed: int) -> Grounds:
    """Make or read a world, and let its slumps grow."""
    world, folder = make_world(work, seed).parameters.virtual_arctic, work / f"world_{seed}"
    truth, cells, law = read_cube(folder / "01_raw/truth.zarr"), read_cells(folder), growth_law()
    grid = lay_tiles(truth, cells)
    active = active_slumps(truth, world)
    n_years = active[active["year"].isin(YEARS)].groupby("slump_id").size()
    both = active[active["slump_id"].isin(n_years.index[n_years == len(YEARS)])].drop_duplicates("slump_id")
    tile = grid.at(both)
    is_kept = (tile >= 0) & (grid.cell.ravel()[tile] >= 0)
    both, tile = both[is_kept], tile[is_kept]
    slump_id, area_m2 = both["slump_id"].to_numpy(), both["area_m2"].to_numpy()
    areas = np.stack([area_m2 * growth_factor(slump_id, area_m2, year, law, seed) for year in YEARS], axis=1)
    cell = grid.cell.ravel()
    of_land = np.flatnonzero(cell >= 0)
    n_of_cell = np.bincount(cell[of_land], minlength=len(cells))
    rate = true_rates(truth.sel(year=YEARS[-1]), cells) / np.maximum(n_of_cell, 1)
    slumps = Slumps(tile, cell[tile], areas, growth_m2_per_year(slump_id, area_m2, law, seed))
    return Grounds(slumps, pd.DataFrame({"tile_id": of_land, "cell_id": cell[of_land]}), rate[cell[of_land]])


def chance_to_see(area_m2: FloatArray) -> FloatArray:
    """Of a slump of this true area."""
    return HIGHEST_CHANCE / (1 + (HALF_SEEN_M2 / area_m2) ** 2)


def sight(slumps: Slumps, pixel_m: float, random: np.random.Generator) -> pd.DataFrame:
    """Sightings of all slumps in both years, as `object_growth` takes them, with the chance that is known."""
    pieces = []
    for year, area_m2 in zip(YEARS, slumps.area_m2.T, strict=True):
        variance = 2 / 3 * N_CORRELATED * pixel_m**3 * np.sqrt(area_m2)
        chance = chance_to_see(area_m2)
        columns = {
            "object_id": np.arange(len(area_m2)),
            "tile_id": slumps.tile,
            "year": year,
            "area_m2": area_m2 + np.sqrt(variance) * random.standard_normal(len(area_m2)),
            "variance_m4": variance,
            "detection": chance,
        }
        pieces.append(pd.DataFrame(columns)[random.uniform(size=len(area_m2)) < chance])
    return pd.concat(pieces, ignore_index=True)


def by_size(sightings: pd.DataFrame, slumps: Slumps, random: np.random.Generator) -> pd.DataFrame:
    """The same, with recall of the size class of the seen area, as validated slumps have it by their true area."""
    validated = random.choice(slumps.area_m2.ravel(), N_VALIDATED)
    is_seen = random.uniform(size=N_VALIDATED) < chance_to_see(validated)
    n, n_seen = (
        np.bincount(size_class(each), minlength=len(SIZE_CLASSES_M2) - 1) for each in (validated, validated[is_seen])
    )
    recall = (n_seen + 0.5) / (n + 1)
    return sightings.assign(detection=recall[size_class(sightings["area_m2"].to_numpy())])


def size_class(area_m2: FloatArray) -> IntArray:
    """Number of the class; areas below 0 are in the first."""
    return np.searchsorted(SIZE_CLASSES_M2[1:-1], area_m2, side="right")


def designs(grounds: Grounds, seed: int) -> dict[str, tuple[pd.DataFrame, pd.DataFrame]]:
    """By name, the tiles imaged with their chances, and the tiles whose growth is estimated."""
    chosen = choose_tiles(grounds.expected, round(BUDGET_SHARE * len(grounds.tiles)), RANDOM_SHARE, seed)
    stratum = np.where(chosen.is_best, "best", "random")
    imaged = grounds.tiles.assign(stratum=stratum, inclusion=chosen.inclusion)[chosen.is_chosen]
    everything = told(grounds, grounds.tiles)
    return {
        "all tiles imaged": (everything, grounds.tiles),
        "a tenth imaged, of the whole cell": (imaged, grounds.tiles),
        "a tenth imaged, of imaged tiles": (told(grounds, imaged), imaged),
    }


def told(grounds: Grounds, tiles: pd.DataFrame) -> pd.DataFrame:
    """Tiles that stand for themselves: those with slumps, and one of each cell; the others change nothing."""
    is_kept = tiles["tile_id"].isin(grounds.slumps.tile) | ~tiles["cell_id"].duplicated()
    return tiles[is_kept].assign(stratum="all", inclusion=1.0)


def measures(grounds: Grounds, seed: int, n_replicates: int = N_REPLICATES) -> Measures:
    """Bias and coverage of one world, over replicates."""
    results: dict[tuple[str, str], list[dict[str, float]]] = {}
    for replicate in range(n_replicates):
        for pixel_m in PIXELS_M:
            random = np.random.default_rng([seed, replicate, round(pixel_m)])
            known = sight(grounds.slumps, pixel_m, random)
            told_chances = {"known": known, "by size": by_size(known, grounds.slumps, random)}
            for design, tiles in designs(grounds, seed + replicate).items():
                for chances, sightings in told_chances.items():
                    row = f"{design}, {pixel_m:g} m, chances {chances}"
                    results.setdefault((row, design), []).append(one_replicate(grounds.slumps, sightings, *tiles))
    found: Measures = {
        ("what there is", "slumps", "in both years"): float(len(grounds.slumps.growth)),
        ("what there is", "growth, m² a year", "of a slump"): float(grounds.slumps.growth.mean()),
    }
    for (row, _), each in results.items():
        for column in each[0]:
            found["growth", row, column] = float(np.nanmean([result[column] for result in each]))
    return found


def one_replicate(
    slumps: Slumps, sightings: pd.DataFrame, imaged: pd.DataFrame, asked: pd.DataFrame
) -> dict[str, float]:
    """Relative bias of the total, whether its interval covers, and the share of cells whose intervals do."""
    seen = sightings[sightings["tile_id"].isin(imaged["tile_id"])]
    table = cell_growth(object_growth(seen, *YEARS), imaged).set_index("cell_id")
    is_asked = np.isin(slumps.tile, asked["tile_id"]) & np.isin(slumps.cell, table.index)
    true = pd.Series(slumps.growth[is_asked]).groupby(slumps.cell[is_asked]).agg(["sum", "size"])
    true = true.reindex(table.index, fill_value=0)
    total, reach = table["growth_m2_per_year"].sum(), norm.ppf((1 + LEVEL) / 2) * np.sqrt(table["variance"].sum())
    is_covered = (table["low_90"] <= true["sum"]) & (true["sum"] <= table["high_90"])
    return {
        "bias": total / true["sum"].sum() - 1,
        "total covered": float(abs(total - true["sum"].sum()) <= reach),
        **{f"cells covered, ≥ {least} slumps": is_covered[true["size"] >= least].mean() for least in LEAST_SLUMPS},
    }


def measure(work: Path, seed: int) -> Measures:
    """All of one world."""
    return measures(make_grounds(work, seed), seed)


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure worlds and print the tables."""
    print(report(measured_worlds(__doc__, measure, arguments)))  # noqa: T201


if __name__ == "__main__":
    main()

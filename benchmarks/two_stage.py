"""What a hard gate saves on virtual Arctics, beside the most that can be saved, and whether it keeps its promise.

``python -m benchmarks.two_stage --work FOLDER --seeds 121 122 --records FILE`` makes the worlds of
`benchmarks.virtual_arctic` below FOLDER, unless they are made, and predicts every imaged cell and year out of fold,
with the base run's folds, candidates and models. Rows are ranked by expected slumps per land area, the sum over classes
of P(class) × mean of the fold's training rows: of ``rts_per_km2``, or, "by area", of ``rts_area_fraction``, which is
the product's ``expected_rts_area_fraction``. Beside them stand

- the limit: finds per land area expected by someone who knows every rate, but neither chance nor the unseen effect;
- hindsight: the slumps that were found, which nobody knows before looking.

Blocks are divided at random, again and again. Four fifths calibrate a gate, as many as five folds leave; the others
tell which share of a block's slumps the gate misses, as a mean over blocks that hold any. What is promised is the mean
over divisions; in a world its interval is that of the divisions drawn. "By folds" calibrates on all spatial folds but
one and tests that one, far from the others.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
import xarray as xr

from benchmarks.mapped_world import read_cells, read_cube
from benchmarks.matrix import Measures, measured_worlds, report
from benchmarks.measuring import markdown_table
from benchmarks.virtual_arctic import World, load_world
from entropice.learning.models.model import BEST
from entropice.learning.out_of_fold import predict_out_of_fold
from entropice.learning.scores.table import block_replicates
from entropice.learning.training_table import KEYS
from entropice.learning.two_stage.expected_density import expected_in_folds, means_by_fold
from entropice.learning.two_stage.gate import fit_gate
from entropice.learning.two_stage.saving import saving, saving_share
from entropice.types import BoolArray, FloatArray, IntArray
from entropice.virtual_arctic.bayes_limit import observed_intensity

COMPARED: Final = (BEST, "ordinal_ridge", "espa_ensemble", "logistic")
COLUMNS: Final = {"": "rts_per_km2", ", by area": "rts_area_fraction"}
"""What classes are averaged by, by what is added to a model's name."""

LIMIT: Final = "limit"
HINDSIGHT: Final = "hindsight"
KEPT: Final = (0.9, 0.95, 0.99)
BOUNDS: Final = (0.05, 0.1)
N_DIVISIONS: Final = 200
CALIBRATING_SHARE: Final = 0.8
M2_PER_KM2: Final = 1e6
ENDS: Final = ("share of the attainable saving", "its low end in a world", "its high end in a world")


@dataclass(frozen=True)
class Imaged:
    """Rows (n,) of cells and years that were imaged.

    Attributes
    ----------
    n_slumps, land_km2
        Slumps found, and land that was seen.
    block, fold
        Codes from 0 of the block, and the spatial fold that tested the row.
    density
        Expected slumps per land area by ranking, the limit and hindsight among them.
    """

    n_slumps: FloatArray
    land_km2: FloatArray
    block: IntArray
    fold: IntArray
    density: Mapping[str, FloatArray]

    @property
    def n_blocks(self) -> int:
        """Blocks with imaged land."""
        return int(self.block.max()) + 1


def imaged(world: World, cells: gpd.GeoDataFrame, truth: xr.Dataset) -> Imaged:
    """Predict a world out of fold, and lay the truth beside it."""
    names = [*world.compared, BEST]
    fold_classes, forecasts = predict_out_of_fold(
        world.table, world.samples, world.folds, names, world.n_classes, world.tuning
    )
    n_slumps = world.table["rts_count"].to_numpy(np.float64)
    land_km2 = world.table["observed_land_area_m2"].to_numpy() / M2_PER_KM2
    means = {added: means_by_fold(world.table, world.folds, fold_classes, column) for added, column in COLUMNS.items()}
    rows = {name: rows_of_table(forecasts[forecasts["model"] == name], world.table) for name in COMPARED}
    density = {
        name + added: expected_in_folds(rows[name], of_class) for added, of_class in means.items() for name in rows
    }
    _, block = np.unique(world.places["block"].loc[world.table["cell_id"]], return_inverse=True)
    known = {LIMIT: expected_finds(world.table, cells, truth) / land_km2, HINDSIGHT: n_slumps / land_km2}
    return Imaged(n_slumps, land_km2, block, rows[BEST]["fold"].to_numpy(), {**density, **known})


def rows_of_table(forecasts: pd.DataFrame, table: pd.DataFrame) -> pd.DataFrame:
    """The forecasts of one model in the order of the training table."""
    return forecasts.set_index(KEYS).loc[pd.MultiIndex.from_frame(table[KEYS])]


def expected_finds(table: pd.DataFrame, cells: gpd.GeoDataFrame, truth: xr.Dataset) -> FloatArray:
    """Finds (n,) expected in the observed part of each cell and year, over all unseen effects that there may be."""
    intensity = observed_intensity(truth, cells, table[KEYS].reset_index(drop=True))
    mean_multiplier = np.exp(intensity.unseen_variance / 2)
    return intensity.expected_counts(np.full((intensity.by_block.shape[1], 1), mean_multiplier))[:, 0]


def savings(rows: Imaged, seed: int, n_replicates: int) -> Measures:
    """Land that must be imaged, and the share of the attainable saving with its bootstrap of blocks."""
    weights = block_replicates(rows.n_blocks, seed, n_replicates)
    found: Measures = {
        ("land to image", name, f"{kept:.0%}"): 1 - saving(density, rows.n_slumps, rows.land_km2, kept)
        for name, density in rows.density.items()
        for kept in KEPT
    }
    for name in (name for name in rows.density if name not in (LIMIT, HINDSIGHT)):
        for kept in KEPT:
            share = saving_share(
                rows.density[name], rows.density[LIMIT], rows.n_slumps, rows.land_km2, rows.block, kept, weights
            )
            for title, value in zip(ENDS, (share.share, share.low_95, share.high_95), strict=True):
                found[title, name, f"{kept:.0%}"] = value
    return found


def divisions(n_blocks: int, seed: int, n: int) -> BoolArray:
    """Which blocks (n, n_block) calibrate: as many others each time."""
    first = np.broadcast_to(np.arange(n_blocks) < round(CALIBRATING_SHARE * n_blocks), (n, n_blocks))
    calibrates: BoolArray = np.random.default_rng([seed, n_blocks]).permuted(first, axis=1)
    return calibrates


def all_but_one(rows: Imaged) -> BoolArray:
    """Which blocks (n_fold, n_block) calibrate: those of all folds but one."""
    fold_of_block = np.zeros(rows.n_blocks, dtype=np.int64)
    fold_of_block[rows.block] = rows.fold
    calibrates: BoolArray = fold_of_block != np.unique(rows.fold)[:, None]
    return calibrates


def tried(rows: Imaged, density: FloatArray, calibrates: BoolArray, bound: float) -> tuple[float, float, float]:
    """Fit a gate to some blocks (n_block,) and use it in the others.

    Returns
    -------
    missed_of_block, missed, saved
        Share of a block's slumps that is missed, as the mean over blocks with any; of all slumps; share of land that is
        not looked at.
    """
    is_first = calibrates[rows.block]
    gate = fit_gate(density[is_first], rows.n_slumps[is_first], rows.block[is_first], bound)
    n_slumps, land_km2, block = (values[~is_first] for values in (rows.n_slumps, rows.land_km2, rows.block))
    is_out = ~gate.passes(density[~is_first])
    lost, held = (np.bincount(block, weights=weights) for weights in (n_slumps * is_out, n_slumps))
    of_block = lost[held > 0] / held[held > 0]
    return float(of_block.mean()), float(lost.sum() / held.sum()), float(land_km2[is_out].sum() / land_km2.sum())


def recalibrations(rows: Imaged, seed: int, n_divisions: int = N_DIVISIONS) -> Measures:
    """Shares missed and saved by gates of every ranking but hindsight, which no gate could be fitted to."""
    found: Measures = {}
    random, by_folds = divisions(rows.n_blocks, seed, n_divisions), all_but_one(rows)
    for bound in BOUNDS:
        title = f"conformal risk control, bound {bound:.2f}"
        for name in (*COMPARED, LIMIT):
            density = rows.density[name]
            results = np.array([tried(rows, density, each, bound) for each in random])
            far = np.array([tried(rows, density, each, bound) for each in by_folds])
            missed, missed_slumps, saved = results.mean(axis=0)
            found[title, name, "missed of a block"] = missed
            found[title, name, "± of divisions"] = 1.96 * results[:, 0].std(ddof=1) / np.sqrt(n_divisions)
            found[title, name, "bound − missed"] = bound - missed
            found[title, name, "missed of all slumps"] = missed_slumps
            found[title, name, "land saved"] = saved
            found[title, name, "by folds: missed of a block"] = far[:, 0].mean()
            found[title, name, "by folds: land saved"] = far[:, 2].mean()
    return found


def measures(rows: Imaged, seed: int, n_replicates: int) -> Measures:
    """All of one world."""
    blocks_with_slumps = np.unique(rows.block[rows.n_slumps > 0]).size
    sizes: Measures = {
        ("what there is", "blocks", "imaged"): float(rows.n_blocks),
        ("what there is", "blocks", "with slumps"): float(blocks_with_slumps),
        ("what there is", "slumps", "imaged"): float(rows.n_slumps.sum()),
    }
    return {**sizes, **savings(rows, seed, n_replicates), **recalibrations(rows, seed)}


def measure(work: Path, seed: int) -> Measures:
    """Make or read a world and measure it."""
    world = load_world(work, seed)
    folder = work / f"world_{seed}"
    rows = imaged(world, read_cells(folder), read_cube(folder / "01_raw/truth.zarr"))
    return measures(rows, seed, world.n_replicates)


def by_world(found: pd.DataFrame, kept: str) -> str:
    """Spell the share of the attainable saving of each world, with its interval."""
    spelled = [
        [str(seed), *("{:.3f} ({:.3f} to {:.3f})".format(*(row[end, name, kept] for end in ENDS)) for name in COMPARED)]
        for seed, row in found.iterrows()
    ]
    return markdown_table([f"share of the attainable saving, {kept} kept", *COMPARED], spelled)


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure worlds and print the tables."""
    found = measured_worlds(__doc__, measure, arguments)
    print("\n\n".join([report(found), *(by_world(found, f"{kept:.0%}") for kept in KEPT)]))  # noqa: T201


if __name__ == "__main__":
    main()

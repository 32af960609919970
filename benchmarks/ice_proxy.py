"""Whether the map of slumps tells where ground ice is, on virtual Arctics whose ice is known.

``python -m benchmarks.ice_proxy --work FOLDER --chosen-by 1 2 3 4 5 --seeds 101 102 --records FILE`` reads worlds that
`benchmarks.virtual_arctic` made below FOLDER. A ridge fitted to all observed rows draws every cell of the last label
year at full land area. Compared with the mean ground ice of a cell's land, by Spearman's rank correlation over cells,
are

- the expected density and P(any) of that map;
- the expected density of someone who knows every rate: the limit of any map of slumps as a proxy;
- the best single feature: chosen with its sign on the worlds of ``--chosen-by``; and the best of each world itself,
  which nobody could choose without knowing the ice.
"""

import argparse
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd
import xarray as xr
from scipy.stats import spearmanr

from benchmarks.mapped_world import CONFIGURED, produced, read_cells, read_cube
from benchmarks.matrix import Measures, measured, report
from entropice.learning.classes import fit_classes
from entropice.learning.exposure import EXPOSURE
from entropice.learning.models import MODELS
from entropice.learning.prediction import predict_cells
from entropice.learning.predictor import Predictor, fit_part
from entropice.types import BoolArray, FloatArray, IntArray
from entropice.virtual_arctic.bayes_limit import cells_of_units

RIDGE: Final = "ordinal_ridge"
BY_ICE: Final = "rank correlation with ground ice"


@dataclass(frozen=True)
class Icy:
    """The cells of one world in one year.

    Attributes
    ----------
    features
        By cell.
    proxies
        What is said of each cell (n,), by name.
    ice
        Mean ground ice of a cell's land (n,).
    is_imaged
        Whether any year has a label (n,).
    """

    features: pd.DataFrame
    proxies: Mapping[str, FloatArray]
    ice: FloatArray
    is_imaged: BoolArray


def icy(work: Path, seed: int) -> Icy:
    """Draw the map of a world, and lay the truth beside it."""
    world, folder = produced(work, seed), work / f"world_{seed}/01_raw"
    is_last = (world.keys["year"] == world.keys["year"].max()).to_numpy()
    keys, mapped = world.keys[is_last].reset_index(drop=True), world.mapped.where(is_last)
    classes = fit_classes(world.area_fraction, CONFIGURED["n_classes"])
    folds = world.tuning.inner_folds(world.training, classes.assign(world.area_fraction))
    part = fit_part(MODELS[RIDGE], folds, world.tuning, [unknown for unknown, _ in mapped.patterns()], 1.0)
    said = predict_cells(Predictor((part,)), classes, keys, mapped)
    cells = read_cells(work / f"world_{seed}").set_index("cell_id").loc[keys["cell_id"]].reset_index()
    truth = read_cube(folder / "truth.zarr").sel(year=int(keys["year"][0]))
    of_unit = cells_of_units(cells, truth)
    proxies = {
        "expected density of the map": said["expected_rts_area_fraction"].to_numpy(),
        "P(any) of the map": said["p_any"].to_numpy(),
        "expected density, every rate known": mean_over_land(np.exp(truth["known_log_rate"]), of_unit, len(cells)),
    }
    ice = mean_over_land(read_cube(folder / "world.zarr")["ground_ice"], of_unit, len(cells))
    imaged = world.keys["cell_id"][world.is_imaged]
    features = mapped.features.drop(columns=EXPOSURE)
    return Icy(features, proxies, ice, keys["cell_id"].isin(imaged).to_numpy())


def mean_over_land(values: xr.DataArray, cell_of_unit: IntArray, n_cells: int) -> FloatArray:
    """Mean (n_cell,) of values over each cell's units on land, where they are known."""
    of_unit = values.to_numpy()
    is_known = (cell_of_unit >= 0) & np.isfinite(of_unit)
    cell = cell_of_unit[is_known]
    sums = np.bincount(cell, weights=of_unit[is_known], minlength=n_cells)
    means: FloatArray = sums / np.bincount(cell, minlength=n_cells)
    return means


def rank_correlation(values: FloatArray, ice: FloatArray) -> float:
    """Spearman's, over the cells (n,) that know both."""
    return float(spearmanr(values, ice, nan_policy="omit")[0])


def correlations_of_features(world: Icy) -> "pd.Series[float]":
    """Rank correlation of each feature."""
    return world.features.apply(lambda column: rank_correlation(column.to_numpy(), world.ice))


def choose_feature(worlds: Sequence[Icy]) -> tuple[str, float]:
    """Name and sign of the feature with the largest mean correlation over some worlds."""
    mean = pd.DataFrame([correlations_of_features(world) for world in worlds]).mean()
    name = str(mean.abs().idxmax())
    return name, float(np.sign(mean[name]))


def measures(world: Icy, feature: str, sign: float) -> Measures:
    """Rank correlations by what is told, over all cells and over those that nobody imaged."""
    best = correlations_of_features(world)
    own = str(best.abs().idxmax())
    told = {
        **world.proxies,
        f"best feature of other worlds ({feature})": sign * world.features[feature].to_numpy(),
        "best feature of the world itself": np.sign(best[own]) * world.features[own].to_numpy(),
    }
    is_full = world.features.notna().all(axis=1).to_numpy()
    chosen = {
        "cells that know every feature": is_full,
        "those of them that nobody imaged": is_full & ~world.is_imaged,
        "all cells": np.ones_like(is_full),
    }
    return {
        (BY_ICE, name, title): rank_correlation(values[rows], world.ice[rows])
        for name, values in told.items()
        for title, rows in chosen.items()
        if np.isfinite(values[rows]).all()
    }


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure worlds and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--work", type=Path, required=True, help="the folder of the worlds")
    parser.add_argument("--chosen-by", type=int, nargs="+", required=True, help="seeds of the worlds that choose")
    parser.add_argument("--seeds", type=int, nargs="+", required=True)
    parser.add_argument("--records", type=Path, required=True, help="JSON lines, one a world; none is measured twice")
    given = parser.parse_args(arguments)
    feature, sign = choose_feature([icy(given.work, seed) for seed in given.chosen_by])
    found = measured(lambda seed: measures(icy(given.work, seed), feature, sign), given.seeds, given.records)
    print(f"Worlds {given.seeds}; {feature}, sign {sign:+.0f}\n\n{report(found)}")  # noqa: T201


if __name__ == "__main__":
    main()

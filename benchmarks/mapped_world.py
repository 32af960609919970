"""Worlds with labels of imaged cells and the truth of every cell of their map: light ones, or the pipelines' own."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Final

import geopandas as gpd
import pandas as pd
import xarray as xr
import yaml

from benchmarks.light_arctic import YEAR, LightSpecification, make_world
from entropice.learning.classes import DensityClasses
from entropice.learning.samples import Samples
from entropice.learning.training_table import KEYS, build_training_table, feature_columns
from entropice.learning.tuning import Tuning
from entropice.pipelines.modelling.nodes import map_samples, observed_samples, tuning_of
from entropice.pipelines.modelling.parameters import TuningParameters, tuned_candidates
from entropice.pipelines.modelling.splitting import FoldParameters
from entropice.types import BoolArray, FloatArray
from entropice.virtual_arctic.bayes_limit import class_probabilities

GRID: Final = "h3_4"
CONFIGURED: Final[Mapping[str, Any]] = yaml.safe_load(
    (Path(__file__).parents[1] / "conf/base/modelling/parameters.yml").read_text(encoding="utf-8")
)["modelling"]
"""Models, candidates, classes and years of the base run."""

SPLITTING: Final = FoldParameters(**CONFIGURED["folds"])
TUNING: Final = TuningParameters(**CONFIGURED["tuning"])
N_LIMIT_DRAWS: Final = 400

Probabilities = Callable[[DensityClasses, BoolArray], FloatArray]
"""P(class) (m, n_class) of chosen rows (n,) of the map, at full land area."""


@dataclass(frozen=True)
class MappedWorld:
    """One world.

    Attributes
    ----------
    training, area_fraction
        What was imaged, and its label (n_training,).
    keys, mapped
        ``cell_id year`` of every row of the map (n,), and what models may see of it at its full land area.
    is_imaged
        Whether a row of the map has a label (n,).
    true, limit
        Of the rates as they are, and of what the features tell of them at most.
    """

    seed: int
    training: Samples
    area_fraction: FloatArray
    keys: pd.DataFrame
    mapped: Samples
    is_imaged: BoolArray
    true: Probabilities
    limit: Probabilities
    tuning: Tuning


def light(specification: LightSpecification, buffer_m: float) -> MappedWorld:
    """A light world, with the candidates of the base run."""
    world = make_world(specification)
    return MappedWorld(
        specification.seed,
        world.training_samples,
        world.training_table["rts_area_fraction"].to_numpy(),
        world.cells[["cell_id"]].assign(year=YEAR),
        world.map_samples,
        world.is_imaged,
        lambda classes, chosen: world.class_probabilities(world.oracle, classes)[chosen],
        lambda classes, chosen: world.class_probabilities(world.limit, classes)[chosen],
        Tuning(tuned_candidates(TUNING.candidates), TUNING.n_inner_folds, buffer_m, specification.seed),
    )


def produced(work: Path, seed: int) -> MappedWorld:
    """A world that `benchmarks.virtual_arctic` made; its truth is the limit, which knows no unseen effect."""
    folder = work / f"world_{seed}"
    cells, features = read_cells(folder), read_cube(folder / GRID / "04_feature/features.zarr")
    table = build_training_table(pd.read_parquet(folder / GRID / "03_primary/labels.parquet"), features)
    names, years = feature_columns(table), CONFIGURED["prediction_years"]
    keys, mapped = map_samples(names, features, cells, GRID, SPLITTING, years)
    is_imaged = pd.MultiIndex.from_frame(keys).isin(pd.MultiIndex.from_frame(table[KEYS]))
    limit = partial(limit_of_map, read_cube(folder / "01_raw/truth.zarr"), cells, keys)
    tuning = tuning_of(cells, SPLITTING, TUNING, seed)
    training = observed_samples(table, features, cells, GRID, SPLITTING)
    fraction = table["rts_area_fraction"].to_numpy()
    return MappedWorld(seed, training, fraction, keys, mapped, is_imaged, limit, limit, tuning)


def read_cells(folder: Path) -> gpd.GeoDataFrame:
    """The cells of a made world."""
    return gpd.read_parquet(folder / GRID / "03_primary/cells.parquet")


def read_cube(path: Path) -> xr.Dataset:
    """A cube, whole in memory."""
    return xr.open_zarr(path, consolidated=False).load()


def limit_of_map(
    truth: xr.Dataset, cells: gpd.GeoDataFrame, keys: pd.DataFrame, classes: DensityClasses, chosen: BoolArray
) -> FloatArray:
    """P(class | all base-unit inputs) (m, n_class) of chosen cells and years, were all of their land seen."""
    seen = truth.assign(observed=truth["observed"] | truth["land"])
    land_area_m2 = SPLITTING.places_of(cells, GRID)["land_area_m2"]
    targets = keys[chosen].assign(scheme="map", fold=0).reset_index(drop=True)
    labels = targets[KEYS].assign(
        observed_land_area_m2=land_area_m2.loc[targets["cell_id"]].to_numpy(), rts_area_fraction=0.0
    )
    found = class_probabilities(seen, cells, labels, targets, {"map/0": classes.to_json()}, 0, N_LIMIT_DRAWS)
    return targets.merge(found, on=KEYS, how="left")[[f"p_{name}" for name in classes.names]].to_numpy()

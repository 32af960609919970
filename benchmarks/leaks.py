"""How many planted leaks the alarm catches, and how often it rings in runs without any.

``python -m benchmarks.leaks --work FOLDER --planted 1 2 --clean 1 2 3`` reads worlds that `benchmarks.virtual_arctic`
made below FOLDER, plants each kind of leak in each planted world in its first or second way by turns, and prints what
is found. The alarm is given artefacts alone. Models are few and tuned little: it judges the run, not their skill.
"""

import argparse
import json
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import xarray as xr
from sklearn.decomposition import PCA
from threadpoolctl import threadpool_limits

from benchmarks.virtual_arctic import markdown
from entropice.learning.classes import fit_classes
from entropice.learning.folds import SPATIAL, Ground
from entropice.learning.folds.coordinates import equal_area_coordinates_m, widest_cell_m
from entropice.learning.folds.table import has_role, make_folds
from entropice.learning.leaks import Artefacts, Finding, find_leaks
from entropice.learning.models import MODELS
from entropice.learning.models.candidates import candidates_of
from entropice.learning.out_of_fold import predict_out_of_fold
from entropice.learning.samples import Samples
from entropice.learning.scores import log_losses
from entropice.learning.training_table import KEYS, build_training_table, feature_columns
from entropice.learning.tuning import Tuning
from entropice.pipelines.modelling.splitting import FoldParameters
from entropice.types import BoolArray, FloatArray, IntArray

GRID: Final = "h3_4"
SCHEMES: Final = (SPATIAL, "random")
COMPARED: Final = ("logistic", "knn_coordinates", "prevalence")
N_CLASSES: Final = 4
C_VALUES: Final = [0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0]
FEATURES: Final = (
    *("thawing_degree_days_c_d", "thawing_degree_days_lag_1_c_d", "thawing_degree_days_anomaly_c_d"),
    *("summer_rain_mm", "summer_rain_lag_1_mm", "summer_precipitation_mm", "snow_water_equivalent_max_mm"),
    *("slope_mean_deg", "slope_sd_deg", "northness_mean", "eastness_mean", "elevation_mean_m", "position_3000m_sd_m"),
    *(f"embedding_{dimension:02d}_mean" for dimension in range(8)),
)
CLIMATE: Final = ("thawing_degree_days_c_d", "summer_rain_mm")
SETTINGS: Final = FoldParameters(schemes=SCHEMES)


@dataclass(frozen=True)
class World:
    """What a run is made from, and what is declared of it.

    Attributes
    ----------
    table, cube, folds
        As the datasets ``training_table``, ``features`` and ``folds``.
    places
        ``block land_area_m2 x_m y_m lon_deg lat_deg`` by ``cell_id``.
    buffer_m
        Declared between centres.
    """

    table: pd.DataFrame
    cube: xr.Dataset
    folds: pd.DataFrame
    places: pd.DataFrame
    buffer_m: float
    seed: int

    @property
    def samples(self) -> Samples:
        """What models may see of the rows of the table."""
        of_row = self.places.loc[self.table["cell_id"]]
        features = self.table[feature_columns(self.table)]
        return Samples(features, of_row[["x_m", "y_m"]].to_numpy(), of_row["block"].to_numpy())

    @property
    def tuning(self) -> Tuning:
        """How models are tuned."""
        candidates = {"logistic": candidates_of(MODELS["logistic"], {"C": C_VALUES})}
        return Tuning(candidates, n_folds=3, buffer_m=self.buffer_m, random_seed=0)

    def has_role(self, scheme: str, fold: int, role: str) -> BoolArray:
        """Whether each row of the table has a role in a fold."""
        is_fold = (self.folds["scheme"] == scheme) & (self.folds["fold"] == fold)
        return has_role(self.table, self.folds[is_fold], role)


def read_world(work: Path, seed: int) -> World:
    """Read the labels, cells and features that the project's pipelines made for a seed."""
    folder = work / f"world_{seed}" / GRID
    cells = gpd.read_parquet(folder / "03_primary/cells.parquet")
    labels = pd.read_parquet(folder / "03_primary/labels.parquet")
    cube = xr.open_zarr(folder / "04_feature/features.zarr", consolidated=False)[list(FEATURES)].load()
    table = build_training_table(labels, cube)
    coordinates_m = equal_area_coordinates_m(cells["lon_deg"].to_numpy(), cells["lat_deg"].to_numpy())
    where = cells.set_index("cell_id")[["lon_deg", "lat_deg"]].assign(x_m=coordinates_m[:, 0], y_m=coordinates_m[:, 1])
    places = SETTINGS.places_of(cells, GRID).join(pd.DataFrame(where))
    buffer_m = SETTINGS.buffer_m + widest_cell_m(cells)
    world = World(table, cube, pd.DataFrame(), places, buffer_m, seed)
    return replace(world, folds=folds_of(world))


def folds_of(world: World, **changes: Any) -> pd.DataFrame:
    """Folds of the world's cells; `changes` are other values of the ground."""
    cell_ids = np.unique(world.table["cell_id"])
    of_cell = world.places.loc[cell_ids]
    coordinates_m = of_cell[["x_m", "y_m"]].to_numpy()
    ground = Ground(
        cell_ids,
        of_cell["block"].to_numpy(),
        coordinates_m,
        map_coordinates_m=world.places[["x_m", "y_m"]].to_numpy(),
        years=np.unique(world.table["year"]),
        n_folds=SETTINGS.n_folds,
        buffer_m=world.buffer_m,
    )
    return make_folds(replace(ground, **changes), SCHEMES, 0)


@dataclass(frozen=True)
class Run:
    """What a run leaves behind, and what is declared of it."""

    world: World
    fold_classes: Mapping[str, Any]
    out_of_fold: pd.DataFrame


def run(world: World) -> Run:
    """Predict out of fold as the project does."""
    return Run(world, *refit(world, world.folds))


def refit(world: World, folds: pd.DataFrame) -> tuple[dict[str, Any], pd.DataFrame]:
    """Predict the test rows of some folds as the project does."""
    return predict_out_of_fold(world.table, world.samples, folds, COMPARED, N_CLASSES, world.tuning)


def artefacts_of(finished: Run) -> Artefacts:
    """What the alarm is given."""
    world = finished.world
    return Artefacts(
        table=world.table,
        folds=world.folds,
        fold_classes=finished.fold_classes,
        out_of_fold=finished.out_of_fold,
        cube=world.cube,
        places=world.places,
        buffer_m=world.buffer_m,
        n_classes=N_CLASSES,
        n_refit_folds=SETTINGS.n_folds,
        refit=lambda folds: refit(world, folds)[1],
    )


def with_feature(world: World, **columns: FloatArray) -> World:
    """Put columns (n,) into table and cube; where nothing was observed the cube has none."""
    cells, years = world.cube["cell_ids"].to_numpy(), world.cube["year"].to_numpy()
    cell = pd.Index(cells).get_indexer(pd.Index(world.table["cell_id"]))
    year = pd.Index(years).get_indexer(pd.Index(world.table["year"]))
    cube = world.cube.copy()
    for name, values in columns.items():
        filled = np.full((len(cells), len(years)), np.nan)
        filled[cell, year] = values
        cube[name] = (("cell", "year"), filled, {"group": "planted", "years": "y"})
    return replace(world, table=world.table.assign(**columns), cube=cube)


def leaky_run(
    world: World,
    *,
    edges_of_all: bool = False,
    transform: Callable[[pd.DataFrame], pd.DataFrame] = lambda features: features,
    train_on: Sequence[str] = ("train",),
    choose: Callable[[Sequence[FloatArray]], IntArray] | None = None,
) -> Run:
    """Predict out of fold with a leak inside: other rows behind edges or fits, or candidates chosen by test rows.

    Parameters
    ----------
    transform
        Of the features of all rows, before any fold is looked at.
    train_on
        Roles of the rows that models are fitted to.
    choose
        From the mean log scores (n_candidate,) of each fold's test rows, the candidate of each fold (n_fold,).
    """
    fractions, samples = world.table["rts_area_fraction"].to_numpy(), world.samples
    samples = replace(samples, features=transform(samples.features))
    found, classes_of, folds = [], {}, world.folds[["scheme", "fold"]].drop_duplicates()
    for scheme, fold in folds.itertuples(index=False, name=None):
        is_train = np.any([world.has_role(scheme, fold, role) for role in train_on], axis=0)
        is_test = world.has_role(scheme, fold, "test")
        classes = fit_classes(fractions[is_train | edges_of_all], N_CLASSES)
        codes, classes_of[f"{scheme}/{fold}"] = classes.assign(fractions), classes.to_json()
        truth = world.table.loc[is_test, KEYS].assign(
            scheme=scheme, fold=fold, class_=np.array(classes.names)[codes[is_test]]
        )
        for name in COMPARED:
            tunings = _single_candidates(world.tuning) if choose and MODELS[name].is_tuned else [world.tuning]
            predicted = [
                each.fit(MODELS[name], each.inner_folds(samples.where(is_train), codes[is_train])).predict_proba(
                    samples.where(is_test), len(classes.names)
                )
                for each in tunings
            ]
            scores = np.array([-log_losses(each, codes[is_test]).mean() for each in predicted])
            found.append((truth.assign(model=name), classes.names, predicted, scores))
    tuned = [scores for *_, scores in found if len(scores) > 1]
    chosen = iter(choose(tuned) if choose else ())
    frames = [
        truth.assign(**_columns(names, predicted[next(chosen) if len(predicted) > 1 else 0]))
        for truth, names, predicted, _ in found
    ]
    out_of_fold = pd.concat(frames, ignore_index=True)
    columns = [column for column in out_of_fold if column.startswith("p_")]
    return Run(world, classes_of, out_of_fold.fillna(dict.fromkeys(columns, 0.0)))


def _columns(names: Sequence[str], probabilities: FloatArray) -> dict[str, FloatArray]:
    return dict(zip((f"p_{name}" for name in names), probabilities.T, strict=True))


def _single_candidates(tuning: Tuning) -> list[Tuning]:
    return [replace(tuning, candidates={"logistic": [each]}) for each in tuning.candidates["logistic"]]


def components_of_all(features: pd.DataFrame) -> pd.DataFrame:
    """Principal components of all rows, test rows included."""
    filled = features.fillna(features.median())
    scaled = (filled - filled.mean()) / filled.std(ddof=0)
    parts = PCA(8, random_state=0).fit_transform(scaled)
    return pd.DataFrame(parts, index=features.index, columns=[f"component_{number}" for number in range(8)])


def table_of_components(world: World) -> World:
    """The same components as columns of table and cube."""
    kept = world.table.drop(columns=feature_columns(world.table))
    parts = components_of_all(world.table[feature_columns(world.table)])
    bare = replace(world, table=kept, cube=world.cube.drop_vars(list(world.cube.data_vars)))
    return with_feature(bare, **{str(name): values.to_numpy() for name, values in parts.items()})


def neighbours_label(world: World, n_nearest: int, *, weighted: bool) -> FloatArray:
    """Mean label of the nearest other cells: slumps or none in the same year, or area in all years by distance."""
    rows = world.table.reset_index(drop=True)
    coordinates_m = world.places.loc[rows["cell_id"], ["x_m", "y_m"]].to_numpy()
    slumps, area = (rows["rts_area_fraction"] > 0).to_numpy(float), rows["rts_area_fraction"].to_numpy()
    means = np.empty(len(rows))
    for row in range(len(rows)):
        distance_m = np.linalg.norm(coordinates_m - coordinates_m[row], axis=1)
        is_other = distance_m > 0 if weighted else (distance_m > 0) & (rows["year"] == rows["year"][row]).to_numpy()
        near = np.flatnonzero(is_other)[np.argsort(distance_m[is_other], kind="stable")[:n_nearest]]
        means[row] = np.average(area[near], weights=1 / distance_m[near]) if weighted else slumps[near].mean()
    return means


def later_rows(world: World) -> World:
    """Climate of the year after in the rows of the table; the last year keeps its own."""
    cell = pd.Index(world.cube["cell_ids"].to_numpy()).get_indexer(pd.Index(world.table["cell_id"]))
    last = len(world.cube["year"]) - 1
    year = np.minimum(pd.Index(world.cube["year"].to_numpy()).get_indexer(pd.Index(world.table["year"])) + 1, last)
    later = {name: world.cube[name].transpose("cell", "year").to_numpy()[cell, year] for name in CLIMATE}
    return replace(world, table=world.table.assign(**later))


def later_cube(world: World) -> World:
    """Climate of the year after in the cube, and so in the table; the last year keeps its own."""
    cube = world.cube.copy()
    for name in CLIMATE:
        values = world.cube[name].transpose("cell", "year").to_numpy()
        shifted = np.concatenate([values[:, 1:], values[:, -1:]], axis=1)
        cube[name] = (("cell", "year"), shifted, world.cube[name].attrs)
    columns = [*world.table.columns.difference(feature_columns(world.table), sort=False)]
    labels = world.table[columns]
    return replace(world, cube=cube, table=build_training_table(labels, cube))


def random_as_spatial(world: World) -> pd.DataFrame:
    """Random folds under the name of spatial ones, too."""
    random = world.folds[world.folds["scheme"] == "random"]
    return pd.concat([random.assign(scheme=SPATIAL), random], ignore_index=True)


def halved_blocks(world: World) -> pd.DataFrame:
    """Folds of blocks cut in two by longitude, without a word of it."""
    of_cell = world.places.loc[np.unique(world.table["cell_id"])]
    middle = of_cell.groupby("block")["lon_deg"].transform("median")
    half = of_cell["block"].to_numpy() * np.uint64(2) + (of_cell["lon_deg"] > middle).to_numpy().astype(np.uint64)
    return folds_of(world, block_ids=half)


def one_block_split(world: World) -> pd.DataFrame:
    """Folds in which half of one tested block is in training."""
    folds = world.folds.copy()
    is_first = (folds["scheme"] == SPATIAL) & (folds["fold"] == 0) & (folds["role"] == "test")
    block = world.places.loc[folds.loc[is_first, "cell_id"], "block"]
    largest = block[block == block.mode()[0]].index[::2]
    folds.loc[is_first & folds["cell_id"].isin(largest), "role"] = "train"
    return folds


def copied_rows(world: World) -> World:
    """Features and labels of rows with slumps, written over rows without slumps: oversampled before the split."""
    random, table = np.random.default_rng(0), world.table.copy()
    is_positive = (table["rts_area_fraction"] > 0).to_numpy()
    given = random.choice(np.flatnonzero(is_positive), 40, replace=False)
    taken = random.choice(np.flatnonzero(~is_positive), 40, replace=False)
    columns = [name for name in table.columns if name not in (*KEYS, "observed_land_area_m2")]
    table.loc[table.index[taken], columns] = table.loc[table.index[given], columns].to_numpy()
    copied = {name: table[name].to_numpy(dtype=np.float64) for name in feature_columns(table)}
    return with_feature(replace(world, table=table.infer_objects()), **copied)


def two_roles(world: World) -> pd.DataFrame:
    """Folds in which one tested cell in twenty is trained on as well."""
    tested = world.folds[world.folds["role"] == "test"]
    again = tested.sample(frac=0.05, random_state=0).assign(role="train")
    return pd.concat([world.folds, again], ignore_index=True)


def with_noise(values: FloatArray, share: float) -> FloatArray:
    """Values with noise of a share of their standard deviation."""
    return values + share * values.std() * np.random.default_rng(0).standard_normal(len(values))


Plant = Callable[[World], Run]


def _label(world: World, *, counted: bool) -> World:
    table = world.table
    label = np.log1p(table["rts_count"].to_numpy(float)) if counted else table["rts_area_fraction"].to_numpy()
    ranks = pd.Series(label).rank().to_numpy()
    return with_feature(world, planted_index=with_noise(ranks, 0.05) if counted else label * 1e6)


def _rotated(world: World) -> World:
    of_row = world.places.loc[world.table["cell_id"]]
    east, north = of_row["x_m"].to_numpy(), of_row["y_m"].to_numpy()
    return with_feature(world, planted_a=0.8 * east + 0.6 * north, planted_b=0.6 * east - 0.8 * north)


def _coordinates(world: World) -> World:
    of_row = world.places.loc[world.table["cell_id"]]
    return with_feature(world, planted_x=of_row["lon_deg"].to_numpy(), planted_y=of_row["lat_deg"].to_numpy())


def _told_as_declared(world: World) -> Run:
    finished = run(replace(_rotated(world), folds=random_as_spatial(world)))
    return replace(finished, world=replace(finished.world, folds=world.folds))


def _best_of_each_fold(scores: Sequence[FloatArray]) -> IntArray:
    return np.array([each.argmax() for each in scores])


def _best_of_all_folds(scores: Sequence[FloatArray]) -> IntArray:
    return np.full(len(scores), np.mean(scores, axis=0).argmax())


PLANTS: Final[Mapping[str, tuple[Plant, Plant]]] = {
    "edges fitted on all rows": (partial(leaky_run, edges_of_all=True),) * 2,
    "scaling or components fitted on all rows": (
        partial(leaky_run, transform=components_of_all),
        lambda world: run(table_of_components(world)),
    ),
    "label as a feature": (
        lambda world: run(_label(world, counted=False)),
        lambda world: run(_label(world, counted=True)),
    ),
    "neighbour's label": (
        lambda world: run(with_feature(world, planted=neighbours_label(world, 6, weighted=False))),
        lambda world: run(with_feature(world, planted=neighbours_label(world, 10, weighted=True))),
    ),
    "feature year after label year": (
        lambda world: run(later_rows(world)),
        lambda world: run(later_cube(world)),
    ),
    "buffer removed": (
        lambda world: run(replace(world, folds=folds_of(world, buffer_m=0.0))),
        partial(leaky_run, train_on=("train", "buffer")),
    ),
    "blocks split": (
        lambda world: run(replace(world, folds=halved_blocks(world))),
        lambda world: run(replace(world, folds=one_block_split(world))),
    ),
    "tuning on outer folds": (
        partial(leaky_run, choose=_best_of_each_fold),
        partial(leaky_run, choose=_best_of_all_folds),
    ),
    "coordinates under random folds": (
        lambda world: run(replace(_coordinates(world), folds=random_as_spatial(world))),
        _told_as_declared,
    ),
    "rows duplicated across folds": (
        lambda world: run(copied_rows(world)),
        lambda world: run(replace(world, folds=two_roles(world))),
    ),
}
"""Two ways to plant each kind."""


def judge(finished: Run) -> tuple[list[Finding], float]:
    """What the alarm finds, and the CPU seconds that it takes."""
    begin_s = time.process_time()
    return find_leaks(artefacts_of(finished)), time.process_time() - begin_s


def planted_rows(work: Path, seeds: Sequence[int]) -> Iterator[dict[str, Any]]:
    """One row a kind and world; ways to plant alternate between worlds."""
    for place, seed in enumerate(seeds):
        world = read_world(work, seed)
        for kind, plants in PLANTS.items():
            findings, cpu_s = judge(plants[place % len(plants)](world))
            yield row_of(seed, kind, findings, cpu_s)


def clean_rows(work: Path, seeds: Sequence[int]) -> Iterator[dict[str, Any]]:
    """One row a world without a leak."""
    for seed in seeds:
        findings, cpu_s = judge(run(read_world(work, seed)))
        yield row_of(seed, "none", findings, cpu_s)


def row_of(seed: int, kind: str, findings: Sequence[Finding], cpu_s: float) -> dict[str, Any]:
    """What is printed of one run."""
    found = [finding.entry() for finding in findings]
    return {"seed": seed, "planted": kind, "found": [each["kind"] for each in found], "cpu_s": cpu_s, "findings": found}


def main() -> None:
    """Print one JSON line a run, and the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--work", type=Path, required=True, help="the folder of the worlds")
    parser.add_argument("--planted", type=int, nargs="*", default=[], help="seeds of worlds to plant leaks in")
    parser.add_argument("--clean", type=int, nargs="*", default=[], help="seeds of worlds to leave alone")
    given, rows = parser.parse_args(), []
    with threadpool_limits(limits=1):
        for source, seeds in ((planted_rows, given.planted), (clean_rows, given.clean)):
            for row in source(given.work, seeds):
                rows.append(row)
                sys.stdout.write(json.dumps(row, default=float) + "\n")
                sys.stdout.flush()
    cells = ([str(row["seed"]), row["planted"], ", ".join(row["found"]), f"{row['cpu_s']:.1f}"] for row in rows)
    sys.stdout.write(markdown(["world", "planted", "found", "CPU s"], cells) + "\n")


if __name__ == "__main__":
    main()

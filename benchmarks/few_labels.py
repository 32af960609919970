"""Skill from few labels: training blocks thinned in the project's own folds, on virtual Arctics.

``python -m benchmarks.few_labels --work FOLDER --seeds 101 102 103`` reads worlds that `benchmarks.virtual_arctic` made
below FOLDER; without ``--work`` they are light ones. In every spatial fold all training blocks but some are left out;
smaller sets lie within larger ones, and the test rows stay. Sets are drawn at random until the smallest holds as many
rows with slumps as one class needs.

All sizes are scored against one reference, the prevalence of all training rows of the fold, and one limit. Mixtures
hold a quarter of another forecast.
"""

import argparse
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd

from benchmarks.doubts import BUFFER_M, folds_of, specification_of
from benchmarks.light_arctic import LightArctic, make_world
from benchmarks.mapped_world import CONFIGURED, TUNING
from benchmarks.matrix import Measures, measured, report
from benchmarks.virtual_arctic import World, load_worlds
from entropice.learning.classes import MIN_BIN_POSITIVES, DensityClasses
from entropice.learning.folds import SPATIAL, TRAIN
from entropice.learning.folds.table import has_role
from entropice.learning.models.model import BEST
from entropice.learning.out_of_fold import predict_out_of_fold
from entropice.learning.scores import REFERENCE, score_table
from entropice.learning.scores.interval import width_of_blocks
from entropice.learning.tuning import Tuning
from entropice.pipelines.modelling.parameters import tuned_candidates
from entropice.types import CellIds
from entropice.virtual_arctic.bayes_limit import BAYES_LIMIT

N_BLOCKS: Final = (5, 10, 20, 40)
RIDGE: Final = "ordinal_ridge"
OF_THESE_ROWS: Final = "prevalence of these rows"
ENSEMBLE: Final = "espa_ensemble"
PARTNERS: Final = (ENSEMBLE, "logistic", OF_THESE_ROWS)
MIXTURES: Final = {f"¾ {RIDGE} + ¼ {name}": {RIDGE: 0.75, name: 0.25} for name in PARTNERS}
COMPARED: Final = (BEST, RIDGE, ENSEMBLE, "logistic", *MIXTURES, OF_THESE_ROWS)
LIGHT_BLOCK_M: Final = 440_000.0
"""Five such blocks of a light world hold about as many imaged cells as five blocks of a made one."""

N_REPLICATES: Final = 2
KEPT: Final = ["scheme", "fold", "cell_id", "year", "class_"]


def thinned(world: World, n_blocks: int) -> pd.DataFrame:
    """The folds with training rows of some blocks alone."""
    block = world.folds["cell_id"].map(world.places["block"])
    kept = world.folds["role"] != TRAIN
    for fold, roles in world.folds.groupby("fold"):
        chosen = drawn_blocks(world, roles, np.random.default_rng([world.seed, fold]))[:n_blocks]
        kept |= (world.folds["fold"] == fold) & block.isin(chosen)
    return world.folds[kept]


def drawn_blocks(world: World, roles: pd.DataFrame, random: np.random.Generator) -> CellIds:
    """Training blocks of a fold in random order, the first `N_BLOCKS` with enough slumps for a class."""
    training = world.table[has_role(world.table, roles, TRAIN)]
    block = training["cell_id"].map(world.places["block"])
    while True:
        order = random.permutation(block.unique())
        if (training["rts_area_fraction"][block.isin(order[: N_BLOCKS[0]])] > 0).sum() >= MIN_BIN_POSITIVES:
            return order


def forecasts(world: World, n_blocks: int) -> tuple[pd.DataFrame, float]:
    """Forecasts of everything compared, reference and limit among them, and the mean training rows of a fold."""
    folds = thinned(world, n_blocks)
    names = [*world.compared, BEST]
    classes, found = predict_out_of_fold(world.table, world.samples, folds, names, world.n_classes, world.tuning)
    found = found.assign(model=found["model"].replace(REFERENCE, OF_THESE_ROWS))
    mixed = [mixture(found, name, weights) for name, weights in MIXTURES.items()]
    one = found[found["model"] == OF_THESE_ROWS]
    bare = one.drop(columns=[column for column in one if column.startswith("p_")])
    reference = bare.merge(prevalence_of_all(world, classes), on="fold").assign(model=REFERENCE)
    limit = world.limit(one, classes).drop(columns="standard_error_max")
    n_rows = np.mean([has_role(world.table, roles, TRAIN).sum() for _, roles in folds.groupby("fold")])
    return pd.concat([found, *mixed, reference, limit], ignore_index=True), float(n_rows)


def mixture(found: pd.DataFrame, name: str, weights: Mapping[str, float]) -> pd.DataFrame:
    """A weighted mean of forecasts of the same rows."""
    parts = {part: found[found["model"] == part].reset_index(drop=True) for part in weights}
    columns = [column for column in found if column.startswith("p_")]
    mean = np.sum([weight * parts[part][columns].to_numpy() for part, weight in weights.items()], axis=0)
    return next(iter(parts.values())).assign(model=name, **dict(zip(columns, mean.T, strict=True)))


def prevalence_of_all(world: World, classes_of: Mapping[str, dict[str, Any]]) -> pd.DataFrame:
    """``fold p_<class>…``: shares among all training rows of each fold, in the classes of the thinned ones."""
    rows = []
    for (scheme, fold), roles in world.folds.groupby(["scheme", "fold"]):
        classes = DensityClasses.from_json(classes_of[f"{scheme}/{fold}"])
        training = world.table.loc[has_role(world.table, roles, TRAIN), "rts_area_fraction"].to_numpy()
        shares = np.bincount(classes.assign(training), minlength=len(classes.names)) / len(training)
        rows.append({"fold": fold, **{f"p_{name}": share for name, share in zip(classes.names, shares, strict=True)}})
    return pd.DataFrame(rows).fillna(0.0)


def light_world(seed: int) -> World:
    """A light world with the models and candidates of the base run."""
    world = make_world(specification_of(seed, block_m=LIGHT_BLOCK_M))
    folds = folds_of(world)
    return World(
        seed=seed,
        table=world.training_table,
        samples=world.training_samples,
        folds=folds[folds["scheme"] == SPATIAL],
        tuning=Tuning(tuned_candidates(TUNING.candidates), TUNING.n_inner_folds, BUFFER_M, seed, n_processes=1),
        places=world.places,
        compared=CONFIGURED["models"],
        n_classes=CONFIGURED["n_classes"],
        n_replicates=N_REPLICATES,
        limit=partial(light_limit, world),
    )


def light_limit(world: LightArctic, tested: pd.DataFrame, classes_of: Mapping[str, dict[str, Any]]) -> pd.DataFrame:
    """What the features tell at most of the observed land of tested cells, in the classes of each fold."""
    found = []
    for fold, rows in tested.groupby("fold"):
        classes = DensityClasses.from_json(classes_of[f"{SPATIAL}/{fold}"])
        area_m2 = np.where(world.is_imaged, world.observed_land_area_m2, 1.0)
        chances = world.class_probabilities(world.limit, classes, area_m2)[rows["cell_id"].to_numpy()]
        named = dict(zip((f"p_{name}" for name in classes.names), chances.T, strict=True))
        found.append(rows[KEPT].assign(model=BAYES_LIMIT, standard_error_max=0.0, **named))
    return pd.concat(found, ignore_index=True).fillna(0.0)


def measures(world: World, blocks: Sequence[int]) -> Measures:
    """Everything that is compared, by table, row and column."""
    found: Measures = {}
    for n_blocks in blocks:
        together, n_rows = forecasts(world, n_blocks)
        scores = score_table(together, world.places, world.seed, N_REPLICATES, width_of_blocks)
        value = scores.set_index(["score", "model"])["value"].to_dict()
        skill = {name: value["log_skill", name] for name in (*COMPARED, BAYES_LIMIT)}
        size = f"{n_blocks} blocks"
        found["rows", "training rows", size] = n_rows
        for name in COMPARED:
            found["share of the limit", name, size] = skill[name] / skill[BAYES_LIMIT]
            found["gain in log skill over the ridge", name, size] = skill[name] - skill[RIDGE]
            found["AUC", name, size] = value["auc", name]
    return found


def of_partner(found: pd.DataFrame) -> pd.DataFrame:
    """What the stabiliser adds to the ridge beyond what any other partner adds (world by measure)."""
    gain = found["gain in log skill over the ridge"]
    first, *others = MIXTURES
    title = f"gain in log skill of {first} over"
    differences = {
        (title, other, size): gain[first, size] - gain[other, size] for other in others for size in gain[first].columns
    }
    return pd.DataFrame(differences)


def world_of(seed: int, work: Path | None) -> World:
    """A light world, or one made before."""
    return load_worlds(work.resolve(), [seed])[0] if work else light_world(seed)


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure worlds and print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--work", type=Path, help="the folder of made worlds; without it they are light ones")
    parser.add_argument("--seeds", type=int, nargs="+", required=True)
    parser.add_argument(
        "--records", type=Path, required=True, help="JSON lines, one a world; those on it are not repeated"
    )
    parser.add_argument("--blocks", type=int, nargs="+", choices=N_BLOCKS, default=N_BLOCKS)
    given = parser.parse_args(arguments)
    found = measured(lambda seed: measures(world_of(seed, given.work), given.blocks), given.seeds, given.records)
    print(f"Worlds {given.seeds}\n\n{report(found)}\n\n{report(of_partner(found))}")  # noqa: T201


if __name__ == "__main__":
    main()

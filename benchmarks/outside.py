"""Skill outside the training region, and where embeddings are unknown, on worlds whose truth is known everywhere.

``python -m benchmarks.outside distance --seeds 2001 2002 --records FILE`` hides a half of a light world, fits models to
the imaged cells of the other half and draws the hidden one at full land area; then the other way round. Even seeds are
cut into west and east, odd ones into south and north. Cells that know every feature group are scored by distance to the
nearest training cell, in expectation under the true rates; bins with fewer than 100 cells do not count. Skill is told
against two references: the training prevalence, and the true mean of the bin's own cells. Bias is mean P(any) minus the
true one. With ``--work FOLDER`` the worlds are those that `benchmarks.virtual_arctic` made there; their truth is the
limit, which knows no unseen effect.

``python -m benchmarks.outside regions --work FOLDER --seeds 201 202 --records FILE`` makes worlds in which the
campaigns of all years leave whole regions out, fits models to all that was imaged and draws the cells that nobody
imaged; scores are the same.

``python -m benchmarks.outside embeddings --work FOLDER --seeds 101 102 --records FILE`` fits a ridge to all observed
rows of such worlds and draws the cells that nobody imaged and whose embeddings are unknown: with medians in their
place, and by the submodel without embeddings.
"""

import argparse
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd
from sklearn.linear_model import LogisticRegression

from benchmarks.doubts import BUFFER_M, specification_of
from benchmarks.mapped_world import CONFIGURED, MappedWorld, light, produced
from benchmarks.matrix import Measures, measured, report
from benchmarks.virtual_arctic import make_world
from entropice.learning.best import best_of, inner_log_score, mean_of_candidates, takes_mean
from entropice.learning.classes import DensityClasses, fit_classes
from entropice.learning.folds.coordinates import nearest_m
from entropice.learning.inner_folds import InnerFolds
from entropice.learning.models import MODELS
from entropice.learning.models.model import BEST
from entropice.learning.predictor import Predictor, fit_part
from entropice.learning.samples import Samples
from entropice.learning.scores import REFERENCE
from entropice.learning.scores.skills import PROBABILITY_FLOOR, log_odds
from entropice.types import BoolArray, FloatArray

EDGES_KM: Final = (0.0, 100.0, 300.0, 600.0, 1000.0, np.inf)
BINS: Final = ("≤ 100 km", "100–300 km", "300–600 km", "600–1,000 km", "> 1,000 km")
FEWEST_CELLS: Final = 100
RIDGE: Final = "ordinal_ridge"
TOLD: Final = (BEST, *(name for name in CONFIGURED["models"] if name != REFERENCE))
LIMIT, OWN_MEAN = "limit", "own mean"
REFERENCES: Final = {"the training prevalence": REFERENCE, "the place's own mean": OWN_MEAN}
WITH_REGIONS: Final = {"imaging": {"unvisited_share": 0.3, "observed_share": 0.4}}
"""What differs from the world of the base run, in values of ``virtual_arctic``."""

EMBEDDINGS: Final = frozenset({"embeddings"})


def distance_measures(world: MappedWorld) -> Measures:
    """Scores of hidden halves by table, model and bin of distance."""
    return by_distance(pd.concat([scored_half(world, is_visible) for is_visible in halves_of(world)]))


def region_measures(world: MappedWorld) -> Measures:
    """Scores of never-imaged cells by table, model and bin of distance."""
    return by_distance(scored(world, np.ones(len(world.area_fraction), dtype=bool), never_imaged(world)))


def never_imaged(world: MappedWorld) -> BoolArray:
    """Whether no year has imaged a row's cell (n,)."""
    cell_id = world.keys["cell_id"]
    return ~cell_id.isin(cell_id[world.is_imaged]).to_numpy()


def by_distance(drawn_cells: pd.DataFrame) -> Measures:
    """Scores by table, model and bin, of rows as `scored` gives them."""
    n_cells = drawn_cells.groupby("bin", observed=True)["cell_id"].nunique()
    places = [str(place) for place in n_cells.index[n_cells >= FEWEST_CELLS]]
    found: Measures = {("cells", "cells with every feature", place): float(n_cells[place]) for place in places}
    for place in places:
        mean = drawn_cells[drawn_cells["bin"] == place].drop(columns=["bin", "cell_id"]).mean()
        found |= {(title, name, place): value for title, name, value in skills(mean)}
        for name in (*TOLD, REFERENCE):
            bias = mean[f"p {name}"] - mean["p true"]
            found["bias of mean P(any)", name, place] = bias
            found["|bias| of mean P(any)", name, place] = abs(bias)
    return found


def skills(mean: "pd.Series[float]") -> Iterator[tuple[str, str, float]]:
    """Title, name and value of each skill and share of the attainable one, from mean losses."""
    for title, reference in REFERENCES.items():
        loss = mean[f"loss {reference}"]
        for name in (*TOLD, LIMIT):
            yield f"log skill over {title}", name, 1 - mean[f"loss {name}"] / loss
        for name in TOLD:
            share = (loss - mean[f"loss {name}"]) / (loss - mean[f"loss {LIMIT}"])
            yield f"share of the limit, over {title}", name, share


def halves_of(world: MappedWorld) -> Iterator[Callable[[Samples], BoolArray]]:
    """Which rows of some samples lie in the half that is not hidden, twice."""
    axis = world.seed % 2
    middle_m = np.median(world.mapped.coordinates_m[:, axis])
    yield lambda samples: samples.coordinates_m[:, axis] < middle_m
    yield lambda samples: samples.coordinates_m[:, axis] >= middle_m


def scored_half(world: MappedWorld, is_visible: Callable[[Samples], BoolArray]) -> pd.DataFrame:
    """The hidden rows, drawn by models of the others."""
    return scored(world, is_visible(world.training), ~is_visible(world.mapped))


def scored(world: MappedWorld, is_trained_on: BoolArray, is_drawn: BoolArray) -> pd.DataFrame:
    """``bin cell_id``, ``loss <name>`` and ``p <name>`` of rows of the map (n,) that know every feature group."""
    training = world.training.where(is_trained_on)
    classes = fit_classes(world.area_fraction[is_trained_on], CONFIGURED["n_classes"])
    codes = classes.assign(world.area_fraction[is_trained_on])
    chosen = is_drawn & ~world.mapped.unknown_groups().any(axis=1).to_numpy()
    tested = world.mapped.where(chosen)
    said = drawn(world, world.tuning.inner_folds(training, codes), tested, len(classes.names))
    true = world.true(classes, chosen)
    place = pd.cut(nearest_m(tested.coordinates_m, training.coordinates_m) / 1e3, EDGES_KM, labels=list(BINS))
    own_mean = pd.DataFrame(true).groupby(place, observed=True).transform("mean").to_numpy()
    said |= {LIMIT: world.limit(classes, chosen), OWN_MEAN: own_mean, "true": true}
    return pd.DataFrame(
        {"bin": place, "cell_id": world.keys["cell_id"].to_numpy()[chosen]}
        | {f"loss {name}": expected_losses(true, each) for name, each in said.items()}
        | {f"p {name}": 1 - each[:, 0] for name, each in said.items()}
    )


def drawn(world: MappedWorld, inner_folds: InnerFolds, tested: Samples, n_classes: int) -> dict[str, FloatArray]:
    """Probabilities (n, n_class) of the base run's models and of the best of them."""
    fits = {name: world.tuning.fit(MODELS[name], inner_folds) for name in CONFIGURED["models"]}
    said = {name: fitted.predict_proba(tested, n_classes) for name, fitted in fits.items()}
    log_scores = {
        name: inner_log_score(MODELS[name], fitted, inner_folds, world.tuning) for name, fitted in fits.items()
    }
    if takes_mean(CONFIGURED["models"], inner_folds.n_blocks):
        return said | {BEST: Predictor(mean_of_candidates(inner_folds, world.tuning)).predict_proba(tested, n_classes)}
    return said | {BEST: said[best_of(log_scores)]}


def expected_losses(true: FloatArray, said: FloatArray) -> FloatArray:
    """Expected log loss (n,) of what is said (n, n_class), under true probabilities."""
    losses: FloatArray = -(true * np.log(np.maximum(said, PROBABILITY_FLOOR))).sum(axis=1)
    return losses


def embedding_measures(world: MappedWorld) -> Measures:
    """Loss, slope and bias of the map where embeddings are unknown and nobody looked, by way of drawing it."""
    classes = fit_classes(world.area_fraction, CONFIGURED["n_classes"])
    folds = world.tuning.inner_folds(world.training, classes.assign(world.area_fraction))
    part = fit_part(MODELS[RIDGE], folds, world.tuning, [EMBEDDINGS], 1.0)
    chosen = world.mapped.unknown_groups()["embeddings"].to_numpy() & ~world.is_imaged
    rows, n_classes, limit = world.mapped.where(chosen), len(classes.names), world.limit(classes, chosen)
    ways = {
        "medians": part.whole.predict_proba(rows, n_classes),
        "submodel": part.submodels[EMBEDDINGS].predict_proba(rows, n_classes),
    }
    reference = prevalence(classes, world.area_fraction, len(limit))
    found = {("cells", "cell-years", "n"): float(chosen.sum())}
    for name, said in ways.items():
        found |= {("drawn by", name, title): value for title, value in against_limit(limit, said, reference).items()}
    loss = {name: found["drawn by", name, "expected log loss"] for name in ways}
    return found | {("difference", "submodel − medians", "expected log loss"): loss["submodel"] - loss["medians"]}


def prevalence(classes: DensityClasses, area_fraction: FloatArray, n: int) -> FloatArray:
    """Training shares of the classes, for each of n rows."""
    shares = np.bincount(classes.assign(area_fraction), minlength=len(classes.names)) / len(area_fraction)
    return np.tile(shares, (n, 1))


def against_limit(limit: FloatArray, said: FloatArray, reference: FloatArray) -> Mapping[str, float]:
    """Expected scores of what is said; all are (n, n_class)."""
    loss, lowest, highest = (expected_losses(limit, each).mean() for each in (said, limit, reference))
    return {
        "expected log loss": float(loss),
        "share of the limit, over the training prevalence": float((highest - loss) / (highest - lowest)),
        "reliability slope": expected_slope(1 - limit[:, 0], 1 - said[:, 0]),
        "bias of mean P(any)": float((limit[:, 0] - said[:, 0]).mean()),
    }


def expected_slope(true: FloatArray, said: FloatArray) -> float:
    """Slope of the logistic regression of the truth on the log odds of what is said, both P(any) (n,)."""
    odds = np.tile(log_odds(said), 2)[:, None]
    is_any = np.repeat([True, False], len(said))
    fitted = LogisticRegression(C=np.inf).fit(odds, is_any, sample_weight=np.concatenate([true, 1 - true]))
    return float(fitted.coef_[0, 0])


STUDIES: Final = {"distance": distance_measures, "regions": region_measures, "embeddings": embedding_measures}


def world_of(study: str, seed: int, work: Path | None) -> MappedWorld:
    """A light world, or one of the pipelines: made before, but for those of the study of regions."""
    if work is None:
        return light(specification_of(seed), BUFFER_M)
    if study == "regions":
        make_world(work, seed, WITH_REGIONS)
    return produced(work, seed)


def biases(found: pd.DataFrame) -> str:
    """Spell the bias of `best` in every world, by bin."""
    of_best = found["bias of mean P(any)"][BEST]
    return "\n".join(f"- {place}: {', '.join(f'{bias:+.3f}' for bias in of_best[place].dropna())}" for place in of_best)


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure worlds and print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("study", choices=STUDIES)
    parser.add_argument("--work", type=Path, help="the folder of made worlds; without it they are light ones")
    parser.add_argument("--seeds", type=int, nargs="+", required=True)
    parser.add_argument("--records", type=Path, required=True, help="JSON lines, one a world; none is measured twice")
    given = parser.parse_args(arguments)
    work = given.work and given.work.resolve()
    world = partial(world_of, given.study, work=work)
    found = measured(lambda seed: STUDIES[given.study](world(seed)), given.seeds, given.records)
    nearest_first = found[sorted(found, key=lambda names: BINS.index(names[2]) if names[2] in BINS else 0)]
    by_world = f"\n\nBias of `best` by world\n\n{biases(nearest_first)}" if given.study != "embeddings" else ""
    print(f"Worlds {given.seeds}\n\n{report(nearest_first)}{by_world}")  # noqa: T201


if __name__ == "__main__":
    main()

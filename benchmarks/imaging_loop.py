"""What is gained by learning from imaged tiles which to image next, and what their labels are worth to a cell model.

``python -m benchmarks.imaging_loop --work FOLDER --seeds 121 122 --records FILE`` takes worlds of
`benchmarks.virtual_arctic` (made below FOLDER, unless they are) and lays tiles of 1,536 m over their land in one year.
A segmenter finds 80 % of the true slumps, and so many false ones, everywhere alike, that 90 % of the finds on a random
tile are true; 500 true slumps and 5,000 tiles of its own validation tell how many, not which. Nothing else is known.

In a first round 2 % of all tiles are imaged at random. In each of three further rounds a model of the cells is fitted
to what the imaged tiles have shown, and as many again are imaged: the best that are left, a tenth of them at random
(`entropice.learning.two_stage.budget`). Compared are, in true slumps found per 1,000 tiles,

- random: random tiles in every round;
- learning: ordinal ridge as in the base run, and scikit-learn's Poisson regression of finds per tile weighted by tiles,
  its penalty chosen on the inner spatial folds; + own finds: its density updated by what the cell itself has shown
  (`entropice.learning.two_stage.own_finds`);
- not learning: the model of the first round kept;
- true rates: by the world's rates, which know nothing of the effect of each block that no input shows;
- hindsight: by the slumps per tile that each cell holds.

Then the cell model is fitted to the labels that the imaged tiles leave, beside those of the campaign, under the spatial
folds of the base run, in cells that the campaign saw. The truth of a cell is whether there is any true slump on its
land in that year: on all of it, or on a random part as large as the median imaged one (then in expectation over parts).
Both are asked for at that exposure. Log skill is against the share of such cells.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, partial
from pathlib import Path
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
import xarray as xr
from sklearn.impute import SimpleImputer
from sklearn.linear_model import PoissonRegressor
from sklearn.metrics import log_loss, mean_poisson_deviance, roc_auc_score
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import StandardScaler

from benchmarks.land_tiles import (
    M2_PER_KM2,
    TILE_KM2,
    Detector,
    LandTiles,
    make_tiles,
    segmented_labels,
    slumps_of,
    validated,
)
from benchmarks.mapped_world import GRID, SPLITTING, read_cells, read_cube
from benchmarks.matrix import Measures, measured_worlds, report
from benchmarks.virtual_arctic import World, load_world, make_world
from entropice.learning.classes import fit_classes
from entropice.learning.exposure import EXPOSURE
from entropice.learning.folds import TEST, TRAIN
from entropice.learning.folds.table import has_role
from entropice.learning.models import MODELS
from entropice.learning.out_of_fold import predict_by_every_fold
from entropice.learning.predictor import fit_part
from entropice.learning.samples import Samples
from entropice.learning.training_table import build_training_table, feature_columns
from entropice.learning.two_stage.budget import RANDOM_SHARE, choose_tiles
from entropice.learning.two_stage.own_finds import chance_of_any, fit_dispersion, updated_density
from entropice.pipelines.modelling.nodes import map_samples, observed_samples
from entropice.types import BoolArray, FloatArray, IntArray

YEAR: Final = 2023
BUDGET_SHARE: Final = 0.02
N_ROUNDS: Final = 3
RECALL: Final = 0.8
PRECISION: Final = 0.9
N_VALIDATION_SLUMPS: Final = 500
N_VALIDATION_TILES: Final = 5000
CAMPAIGN: Final = "campaign"
LEARNED_FROM: Final = {
    "random tiles": "random",
    "chosen by ridge": "learning: ridge",
}
"""Policies whose tiles a cell model is refitted to."""

HOUSE_MODEL: Final = "ordinal_ridge"
PENALTIES: Final = tuple(np.logspace(-2, 1, 5))

N_REWEIGHTINGS: Final = 2

Split = tuple[IntArray, IntArray]
Forecast = Callable[[pd.DataFrame], FloatArray]
"""Expected true slumps per tile (n_cell,) from labels of the cells."""


@dataclass(frozen=True)
class Loop:
    """A world to image.

    Attributes
    ----------
    world, cells, cube, tiles, detector
        What there is.
    """

    world: World
    cells: gpd.GeoDataFrame
    cube: xr.Dataset
    tiles: LandTiles
    detector: Detector

    @property
    def budget(self) -> int:
        """Tiles in each round."""
        return round(BUDGET_SHARE * len(self.tiles.cell))

    @cached_property
    def on_map(self) -> Samples:
        """Every cell in the year, at its full land area."""
        return map_samples(feature_columns(self.world.table), self.cube, self.cells, GRID, SPLITTING, [YEAR])[1]

    def at_exposure(self, land_m2: FloatArray | float) -> Samples:
        """Every cell, so much of its land searched."""
        return replace(self.on_map, features=self.on_map.features.assign(**{EXPOSURE: np.log(land_m2)}))

    def table(self, labels: pd.DataFrame) -> pd.DataFrame:
        """The training table of some labels."""
        return build_training_table(labels, self.cube)

    def samples(self, table: pd.DataFrame) -> Samples:
        """What models may see of its rows."""
        return observed_samples(table, self.cube, self.cells, GRID, SPLITTING)


def by_house_model(loop: Loop, labels: pd.DataFrame) -> FloatArray:
    """By P(class) × mean finds per km² of the class, every cell as exposed as the median one."""
    table = loop.table(labels)
    classes = fit_classes(table["rts_area_fraction"].to_numpy(), loop.world.n_classes)
    codes = classes.assign(table["rts_area_fraction"].to_numpy())
    asked = loop.at_exposure(float(table["observed_land_area_m2"].median()))
    inner_folds = loop.world.tuning.inner_folds(loop.samples(table), codes)
    patterns = [unknown for unknown, _ in asked.patterns()]
    part = fit_part(MODELS[HOUSE_MODEL], inner_folds, loop.world.tuning, patterns, 1.0)
    means = table["rts_per_km2"].groupby(codes).mean().reindex(range(len(classes.names)), fill_value=0.0)
    found_per_km2 = part.predict_proba(asked, len(classes.names)) @ means.to_numpy()
    return loop.detector.true_density(found_per_km2) * TILE_KM2


@dataclass(frozen=True)
class RateFit:
    """Finds per km² by the features, and how much cells depart from it (`entropice.learning.two_stage.own_finds`)."""

    model: Pipeline
    k: float

    def density(self, features: pd.DataFrame) -> FloatArray:
        """Expected finds per km² (n,)."""
        return np.asarray(self.model.predict(features[self.model.feature_names_in_]), dtype=np.float64)


def by_rates(loop: Loop, labels: pd.DataFrame, n_reweightings: int) -> FloatArray:
    """By a regression of finds per km²."""
    found_per_km2 = fit_rates(loop, loop.table(labels), n_reweightings).density(loop.on_map.features)
    return loop.detector.true_density(found_per_km2) * TILE_KM2


def by_rates_and_own_finds(loop: Loop, labels: pd.DataFrame) -> FloatArray:
    """The same, reweighted, and updated by what each cell has shown."""
    fit = fit_rates(loop, loop.table(labels), N_REWEIGHTINGS)
    seen_km2 = labels["observed_land_area_m2"].fillna(0.0).to_numpy() / M2_PER_KM2
    found_per_km2 = updated_density(fit.density(loop.on_map.features), labels["rts_count"].to_numpy(), seen_km2, fit.k)
    return loop.detector.true_density(found_per_km2) * TILE_KM2


def fit_rates(loop: Loop, table: pd.DataFrame, n_reweightings: int) -> RateFit:
    """Regress finds per km², weighted by the km² seen, and then again by what cells tell if they depart by k.

    The rate of a cell varies by λ / E + λ² / k around λ, so that it tells as much as E / (1 + λ E / k) of a Poisson's.
    """
    samples = loop.samples(table)
    features, rate = samples.features.drop(columns=EXPOSURE), table["rts_per_km2"].to_numpy()
    land_km2 = table["observed_land_area_m2"].to_numpy() / M2_PER_KM2
    splits = loop.world.tuning.inner_folds(samples, (rate > 0).astype(np.int64)).splits
    fit = fit_weighted(features, rate, land_km2, land_km2, splits)
    for _ in range(n_reweightings):
        weights = land_km2 / (1 + fit.density(features) * land_km2 / fit.k)
        fit = fit_weighted(features, rate, land_km2, weights, splits)
    return fit


def fit_weighted(
    features: pd.DataFrame, rate: FloatArray, land_km2: FloatArray, weights: FloatArray, splits: Sequence[Split]
) -> RateFit:
    """Fit with the penalty that is best on the splits; what they hold out tells the dispersion."""
    tested = np.concatenate([test for _, test in splits])
    held_out = [
        np.concatenate(
            [poisson(penalty, features, rate, weights, train).predict(features.iloc[test]) for train, test in splits]
        )
        for penalty in PENALTIES
    ]
    losses = [mean_poisson_deviance(rate[tested], each, sample_weight=weights[tested]) for each in held_out]
    best = int(np.argmin(losses))
    k = fit_dispersion((rate * land_km2)[tested], held_out[best] * land_km2[tested])
    return RateFit(poisson(PENALTIES[best], features, rate, weights, np.arange(len(rate))), k)


def poisson(penalty: float, features: pd.DataFrame, rate: FloatArray, weights: FloatArray, rows: IntArray) -> Pipeline:
    """Fit to some rows; the penalty counts in units of the mean rate, so that it means the same whatever the unit."""
    mean = float(np.average(rate[rows], weights=weights[rows]))
    model = PoissonRegressor(alpha=penalty * mean, solver="newton-cholesky", max_iter=300)
    fitted = make_pipeline(SimpleImputer(strategy="median"), StandardScaler(), model)
    return fitted.fit(features.iloc[rows], rate[rows], poissonregressor__sample_weight=weights[rows])


def image_rounds(loop: Loop, forecast: Forecast, first: BoolArray, seed: int) -> tuple[list[float], BoolArray]:
    """True slumps found per 1,000 tiles in each further round, and which tiles are imaged in the end."""
    is_imaged, found = first.copy(), []
    for number in range(N_ROUNDS):
        density = forecast(segmented_labels(loop.tiles, is_imaged, loop.cells, YEAR))
        left = np.flatnonzero(~is_imaged)
        chosen = choose_tiles(density[loop.tiles.cell[left]], loop.budget, RANDOM_SHARE, seed + number)
        looked_at = left[chosen.is_chosen]
        found.append(1000 * float(loop.tiles.n_found_true[looked_at].sum()) / len(looked_at))
        is_imaged[looked_at] = True
    return found, is_imaged


def kept(forecast: Forecast, labels: pd.DataFrame) -> Forecast:
    """The forecast from some labels, whatever is learned later."""
    density = forecast(labels)
    return lambda _: density


def policies(loop: Loop, first: BoolArray) -> Mapping[str, Forecast]:
    """What chooses tiles, by name."""
    labels, tiles = segmented_labels(loop.tiles, first, loop.cells, YEAR), loop.tiles
    learners: dict[str, Forecast] = {
        "ridge": lambda seen: by_house_model(loop, seen),
        "Poisson": lambda seen: by_rates(loop, seen, 0),
        "reweighted": lambda seen: by_rates(loop, seen, N_REWEIGHTINGS),
        "reweighted + own finds": lambda seen: by_rates_and_own_finds(loop, seen),
    }
    hindsight = tiles.sums(tiles.n_true) / np.maximum(tiles.n_of_cell, 1)
    return {
        **{f"not learning: {name}": kept(forecast, labels) for name, forecast in learners.items()},
        **{f"learning: {name}": forecast for name, forecast in learners.items()},
        "true rates": lambda _: tiles.true_rate,
        "hindsight": lambda _: hindsight,
    }


def imaging(loop: Loop, seed: int) -> tuple[Measures, dict[str, BoolArray]]:
    """What every policy finds, and the tiles that each has imaged."""
    random = np.random.default_rng([seed, loop.budget])
    order = random.permutation(len(loop.tiles.cell))
    first = np.zeros(len(order), dtype=bool)
    first[order[: loop.budget]] = True
    of_random = [
        1000 * float(loop.tiles.n_found_true[order[begin : begin + loop.budget]].mean())
        for begin in loop.budget * np.arange(N_ROUNDS + 1)
    ]
    rounds, imaged = {"random": of_random[1:]}, {"random": np.isin(np.arange(len(order)), order[: 4 * loop.budget])}
    for name, forecast in policies(loop, first).items():
        rounds[name], imaged[name] = image_rounds(loop, forecast, first, seed)
    found = rounds_told(rounds, of_random[0])
    for name, tiles in imaged.items():
        share = float(loop.tiles.n_found_true[tiles].sum() / loop.tiles.n_true.sum())
        found["share of all true slumps found in the end", name, "after four rounds"] = share
    return found, imaged


def rounds_told(rounds: Mapping[str, Sequence[float]], of_first: float) -> Measures:
    """Finds by round and policy, over random ones, and what learning adds."""
    title, gained = "true slumps found per 1,000 tiles", "found in all three rounds, over"
    found: Measures = {
        (title, name, f"round {number + 2}"): each[number]
        for name, each in rounds.items()
        for number in range(N_ROUNDS)
    }
    found[title, "random", "round 1"] = of_first
    total = {name: sum(each) for name, each in rounds.items()}
    for name, each in total.items():
        found[title, name, "all three"] = each / N_ROUNDS
        found[gained, name, "random"] = each / total["random"]
        found[gained, name, "hindsight"] = each / total["hindsight"]
        if name.startswith("learning"):
            found[gained, name, "not learning"] = each / total[f"not {name}"]
    return found


def susceptibility(loop: Loop, imaged: Mapping[str, BoolArray]) -> Measures:
    """Cell models fitted to the campaign's labels and to segmented ones, on the same folds."""
    tables = {
        title: loop.table(segmented_labels(loop.tiles, imaged[policy], loop.cells, YEAR))
        for title, policy in LEARNED_FROM.items()
    }
    part_m2 = float(np.median([table["observed_land_area_m2"].median() for table in tables.values()]))
    is_tested = tested_by(loop)
    found: Measures = {}
    for title, table in {CAMPAIGN: loop.world.table, **tables}.items():
        found["what is learned from", title, "finds"] = float(table["rts_count"].sum())
        found["what is learned from", title, "1,000 km²"] = table["observed_land_area_m2"].sum() / M2_PER_KM2 / 1000
        to_true = (lambda density: density) if title == CAMPAIGN else loop.detector.true_density
        for (model, exposure), (chance, share) in chances_of_any(loop, table, to_true, is_tested, part_m2).items():
            for score, value in scored(chance, share).items():
                found[f"{score}, {exposure}", model, title] = value
    gained = {
        (f"{title}, segmented − campaign", model, learned): value - found[title, model, CAMPAIGN]
        for (title, model, learned), value in found.items()
        if learned in tables
    }
    return {**found, **gained}


def tested_by(loop: Loop) -> BoolArray:
    """Whether each spatial fold tests each cell (n_fold, n_cell)."""
    keys = loop.cells[["cell_id"]].assign(year=YEAR)
    tested = np.array([has_role(keys, roles, TEST) for _, roles in loop.world.folds.groupby("fold")])
    return np.asarray(tested & (loop.tiles.n_of_cell > 0) & loop.on_map.describes, dtype=bool)


def chances_of_any(
    loop: Loop, table: pd.DataFrame, to_true: Callable[[FloatArray], FloatArray], is_tested: BoolArray, part_m2: float
) -> dict[tuple[str, str], tuple[FloatArray, FloatArray]]:
    """By model and exposure, the chance of any slump in each tested cell, and in which share of cases there is one.

    The rates are corrected for what the segmenter gets wrong; the classes of ordinal ridge can't be.
    """
    world, land_m2 = loop.world, np.maximum(loop.tiles.n_of_cell, 1) * TILE_KM2 * M2_PER_KM2
    n_true = loop.tiles.sums(loop.tiles.n_true)
    samples = loop.samples(table)
    fits = {name: rates_by_fold(loop, table, n) for name, n in (("Poisson", 0), ("reweighted", N_REWEIGHTINGS))}
    found: dict[tuple[str, str], tuple[FloatArray, FloatArray]] = {}
    for exposure, exposure_m2 in {"all land": land_m2, "a part": np.minimum(part_m2, land_m2)}.items():
        asked = loop.at_exposure(exposure_m2)
        chances = {
            name: np.array(
                [chance_of_any(to_true(fit.density(asked.features)) * exposure_m2 / M2_PER_KM2, fit.k) for fit in each]
            )
            for name, each in fits.items()
        }
        chances["ridge"] = predict_by_every_fold(
            table, samples, world.folds, HOUSE_MODEL, world.n_classes, world.tuning, partial(iter, [asked])
        )
        share = np.broadcast_to(1 - (1 - exposure_m2 / land_m2) ** n_true, is_tested.shape)
        for name, chance in chances.items():
            found[name, exposure] = chance[is_tested], share[is_tested]
    return found


def rates_by_fold(loop: Loop, table: pd.DataFrame, n_reweightings: int) -> list[RateFit]:
    """The fits to each fold's training rows."""
    roles = [of_fold for _, of_fold in loop.world.folds.groupby("fold")]
    training = [table[has_role(table, each, TRAIN)].reset_index(drop=True) for each in roles]
    return [fit_rates(loop, each, n_reweightings) for each in training]


def scored(chance: FloatArray, share: FloatArray) -> dict[str, float]:
    """AUC and log skill where there is a slump in a share of the cases of each cell."""
    is_any, weights = np.repeat([1, 0], len(share)), np.concatenate([share, 1 - share])
    said = np.clip(np.tile(chance, 2), 1e-6, 1 - 1e-6)
    reference = np.full(len(said), share.mean())
    losses = [log_loss(is_any, each, sample_weight=weights) for each in (said, reference)]
    return {"AUC": float(roc_auc_score(is_any, said, sample_weight=weights)), "log skill": 1 - losses[0] / losses[1]}


def make_loop(work: Path, seed: int) -> Loop:
    """Make or read a world, and image all of it in advance."""
    world, folder = load_world(work, seed), work / f"world_{seed}"
    cells, cube = read_cells(folder), read_cube(folder / GRID / "04_feature/features.zarr")
    truth = read_cube(folder / "01_raw/truth.zarr")
    slumps = slumps_of(truth, make_world(work, seed).parameters.virtual_arctic, YEAR)
    land_km2 = float(world.places["land_area_m2"].sum()) / M2_PER_KM2
    false_per_km2 = RECALL * len(slumps) / land_km2 * (1 / PRECISION - 1)
    detector = validated(RECALL, false_per_km2, N_VALIDATION_SLUMPS, N_VALIDATION_TILES * TILE_KM2, seed)
    return Loop(world, cells, cube, make_tiles(truth, cells, slumps, detector), detector)


def measure(work: Path, seed: int) -> Measures:
    """All of one world."""
    loop = make_loop(work, seed)
    tiles = loop.tiles
    sizes: Measures = {
        ("what there is", "tiles", "in all"): float(len(tiles.cell)),
        ("what there is", "tiles", "a round"): float(loop.budget),
        ("what there is", "true slumps", "in all"): float(tiles.n_true.sum()),
        ("what there is", "precision", "in all"): float(tiles.n_found_true.sum() / tiles.n_found.sum()),
    }
    found, imaged = imaging(loop, seed)
    return {**sizes, **found, **susceptibility(loop, imaged)}


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure worlds and print the tables."""
    print(report(measured_worlds(__doc__, measure, arguments)))  # noqa: T201


if __name__ == "__main__":
    main()

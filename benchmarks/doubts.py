"""Whether what a map says of its skill and doubts is true: light virtual Arctics, whose truth is known everywhere.

``python -m benchmarks.doubts --first-seed 1001 --n-worlds 100`` makes worlds one after another and prints Markdown.
In each world the configured model is tuned and fitted to the imaged cells and draws a map of all land, at full land
area. Compared are

- declared skill (AUC of out-of-fold predictions under each scheme, and that under kNNDM folds carried on to the map)
  with the AUC of the map, expected under the true rates; the 90 % interval is the bootstrap's 95 % one, narrowed about
  the value by 1.645 / 1.960;
- conformal coverage and the cells' true classes, on never-imaged cells;
- the error |logit P(any) − logit P(any | all features)| inside the area of applicability, outside it, and by tenths of
  the dissimilarity index (cells that know every feature group), on never-imaged cells; the second P is the attainable
  limit were every feature known;
- the bias of mean P(any) on never-imaged cells with and without an audit of 100 of them.

An audit mends what imaging that follows a wide unseen effect has spoilt: ``--imaging unseen --unseen-cells 25``. Worlds
alternate between campaigns that were everywhere and campaigns that left large regions out. Seeds below 1000 were
looked at while the doubts were designed.
"""

import argparse
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

import numpy as np
import pandas as pd
from scipy.special import expit, logit
from scipy.stats import spearmanr, t
from threadpoolctl import threadpool_limits

from benchmarks.light_arctic import YEAR, LightArctic, LightSpecification, expected_auc, make_world
from benchmarks.measuring import markdown_table
from entropice.learning.audit import draw_sample, fit_correction
from entropice.learning.carried_auc import SCHEME as KNNDM
from entropice.learning.carried_auc import Steps, carried, steps_to_map
from entropice.learning.classes import DensityClasses, fit_classes
from entropice.learning.doubts.applicability import fit_applicability
from entropice.learning.doubts.conformal import fit_conformal
from entropice.learning.doubts.doubts import Doubts, add_doubts
from entropice.learning.doubts.spread import fit_members
from entropice.learning.folds import SPATIAL, TEST, TRAIN, Ground
from entropice.learning.folds.table import make_folds
from entropice.learning.map_model import fit_map_model
from entropice.learning.models import MODELS
from entropice.learning.models.candidates import candidates_of
from entropice.learning.out_of_fold import predict_out_of_fold
from entropice.learning.prediction import predict_cells
from entropice.learning.predictor import Predictor
from entropice.learning.scores import REFERENCE, score_table
from entropice.learning.scores.skills import PROBABILITY_FLOOR
from entropice.learning.tuning import Tuning
from entropice.types import BoolArray, FloatArray, IntArray

SCHEMES: Final = (SPATIAL, KNNDM, "random")
CARRIED: Final = "knndm, carried on to the map"
N_FOLDS, N_CLASSES, N_MEMBERS, N_AUDITED = 5, 4, 20, 100
BUFFER_M: Final = 157_000.0
N_REPLICATES: Final = 500
INTEREST_CELLS: Final = (20.0, 40.0)
GRIDS: Final = {
    "ordinal_ridge": {"ridge": [1.0, 3.0, 10.0, 30.0, 100.0, 300.0], "later_ridge_ratio": 3.0},
    "logistic": {"C": [0.003, 0.01, 0.03, 0.1]},
}
_NARROWED = 1.645 / 1.960


@dataclass(frozen=True)
class Study:
    """One world with what was said of it.

    Attributes
    ----------
    out_of_fold
        Of the map's model and the prevalence, under every scheme.
    predictions
        The map with its doubts, by land cell.
    steps
        What carries the AUC under kNNDM folds on to the map.
    """

    world: LightArctic
    classes: DensityClasses
    out_of_fold: pd.DataFrame
    predictions: pd.DataFrame
    doubts: Doubts
    steps: Steps


def specification_of(seed: int, **law: Any) -> LightSpecification:
    """Worlds of even seeds were imaged everywhere, those of odd seeds in fewer and larger regions."""
    return LightSpecification(seed, interest_cells=INTEREST_CELLS[seed % len(INTEREST_CELLS)], **law)


def study(specification: LightSpecification, name: str) -> Study:
    """Draw a map of a world by a model, and its doubts."""
    world, seed = make_world(specification), specification.seed
    table, samples = world.training_table, world.training_samples
    tuning = Tuning({name: candidates_of(MODELS[name], GRIDS[name])}, N_FOLDS, BUFFER_M, seed)
    folds = folds_of(world)
    _, out_of_fold = predict_out_of_fold(table, samples, folds, [REFERENCE, name], N_CLASSES, tuning)
    fractions = table["rts_area_fraction"].to_numpy()
    classes = fit_classes(fractions, N_CLASSES)
    codes = classes.assign(fractions)
    inner_folds, patterns = tuning.inner_folds(samples, codes), world.map_samples.lacking
    predictor, _ = fit_map_model(name, [name], inner_folds, tuning, patterns)
    keys = world.cells[["cell_id"]].assign(year=YEAR)
    predictions = predict_cells(predictor, classes, keys, world.map_samples)
    of_map = out_of_fold[out_of_fold["model"] == name]
    doubts = _doubts(world, predictor, classes, codes, folds, of_map)
    steps = steps_to_map(name, table, samples, folds, of_map, partial(iter, [world.map_samples]), N_CLASSES, tuning)
    return Study(world, classes, out_of_fold, add_doubts(predictions, world.map_samples, doubts), doubts, steps)


def folds_of(world: LightArctic) -> pd.DataFrame:
    """Roles of the imaged cells under every scheme."""
    samples = world.training_samples
    ground = Ground(
        world.training_table["cell_id"].to_numpy(),
        samples.blocks,
        samples.coordinates_m,
        map_coordinates_m=world.coordinates_m,
        years=np.array([YEAR]),
        n_folds=N_FOLDS,
        buffer_m=BUFFER_M,
    )
    return make_folds(ground, SCHEMES, world.specification.seed)


def _doubts(
    world: LightArctic,
    predictor: Predictor,
    classes: DensityClasses,
    codes: IntArray,
    folds: pd.DataFrame,
    out_of_fold: pd.DataFrame,
) -> Doubts:
    samples, spatial = world.training_samples, out_of_fold[out_of_fold["scheme"] == SPATIAL]
    splits = list(_splits(folds[folds["scheme"] == SPATIAL], world.training_table["cell_id"]))
    return Doubts(
        fit_members(predictor, samples, codes, N_MEMBERS, world.specification.seed),
        fit_conformal(spatial, world.blocks, classes.names),
        fit_applicability(samples, np.ones(samples.features.shape[1]), splits),
    )


def _splits(folds: pd.DataFrame, cell_ids: pd.Series) -> Iterator[tuple[IntArray, IntArray]]:
    for _, roles in folds.groupby("fold"):
        role = roles.set_index("cell_id")["role"].loc[cell_ids].to_numpy()
        yield np.flatnonzero(role == TRAIN), np.flatnonzero(role == TEST)


def measures(made: Study) -> dict[str, float]:
    """Everything that is compared, by name."""
    return {
        **_declared_skill(made),
        **_coverage(made),
        **_errors(made),
        **_audit(made),
    }


def _declared_skill(made: Study) -> dict[str, float]:
    world, chance = made.world, made.predictions["p_any"].to_numpy()
    scores = score_table(made.out_of_fold, world.places, world.specification.seed, N_REPLICATES)
    auc = _of_schemes(scores)
    auc.loc[CARRIED] = _of_schemes(carried(scores, auc["model"].iloc[0], made.steps)).loc[KNNDM]
    true = expected_auc(chance, world)
    limit = world.chance_of_any(world.limit)
    found = {
        "true AUC": true,
        "true AUC, never imaged": expected_auc(chance, world, ~world.is_imaged),
        "AUC of the limit, imaged minus all land": expected_auc(limit, world, world.is_imaged)
        - expected_auc(limit, world),
        "step to all land": made.steps.to_all_land,
        "step to all rows": made.steps.to_all_rows,
    }
    for scheme in (*SCHEMES, CARRIED):
        value, low, high = (float(auc.loc[scheme, column]) for column in ("value", "low_95", "high_95"))
        low, high = value - _NARROWED * (value - low), value + _NARROWED * (high - value)
        found |= {
            f"{scheme}: error": value - true,
            f"{scheme}: covered": float(low <= true <= high),
            f"{scheme}: error, never imaged": value - found["true AUC, never imaged"],
        }
    return found


def _of_schemes(scores: pd.DataFrame) -> pd.DataFrame:
    return scores[(scores["score"] == "auc") & (scores["model"] != REFERENCE)].set_index("scheme")


def _coverage(made: Study) -> dict[str, float]:
    world, predictions, names = made.world, made.predictions, made.classes.names
    true = world.class_probabilities(world.oracle, made.classes)[~world.is_imaged]
    probabilities = predictions[[f"p_{name}" for name in names]].to_numpy()[~world.is_imaged]
    holds = made.doubts.conformal.members(probabilities)
    limit = world.chance_of_any(world.limit)
    is_within = predictions["p_any_low"].le(limit) & predictions["p_any_high"].ge(limit)
    return {
        "sets hold positives": float((true * holds)[:, 1:].sum() / true[:, 1:].sum()),
        **{
            f"sets hold {name}": float((true * holds)[:, code].sum() / true[:, code].sum())
            for code, name in enumerate(names)
        },
        "classes in a set": float(holds.sum(axis=1).mean()),
        "range holds the limit": float(is_within[~world.is_imaged].mean()),
    }


def _errors(made: Study) -> dict[str, float]:
    world = made.world
    cells = made.predictions.assign(
        error=np.abs(_logits(made.predictions["p_any"]) - _logits(world.chance_of_any(world.limit_of_full_features))),
        loss=_expected_log_loss(made),
    )[~world.is_imaged]
    inside, outside = cells[cells["is_applicable"]], cells[~cells["is_applicable"]]
    reason = outside["not_applicable_because"]
    known = cells[cells["unknown_groups"] == 0]
    by_tenth = known.groupby(pd.qcut(known["dissimilarity"], 10, labels=False))["error"].mean()
    return {
        "share outside": float((~cells["is_applicable"]).mean()),
        "error inside": float(inside["error"].mean()),
        "error outside minus inside": float(outside["error"].mean() - inside["error"].mean()),
        "excess log loss outside minus inside": float(outside["loss"].mean() - inside["loss"].mean()),
        **{
            f"error {title} minus inside": float(outside.loc[reason.str.contains(text), "error"].mean())
            - float(inside["error"].mean())
            for title, text in {"where a group is unknown": "unknown", "far": "far", "unlike": "unlike"}.items()
        },
        "error and dissimilarity: rank correlation": float(spearmanr(known["dissimilarity"], known["error"])[0]),
        "error and spread: rank correlation": float(spearmanr(known["p_any_sd"], known["error"])[0]),
        **{f"error in tenth {number + 1} of dissimilarity": float(by_tenth[number]) for number in (0, 4, 9)},
    }


def _expected_log_loss(made: Study) -> FloatArray:
    """Expected log loss of P(any) above the limit of all features (n,)."""
    world = made.world
    limit = world.chance_of_any(world.limit_of_full_features)
    said = expit(_logits(made.predictions["p_any"]))
    loss: FloatArray = limit * np.log(limit / said) + (1 - limit) * np.log((1 - limit) / (1 - said))
    return loss


def _audit(made: Study) -> dict[str, float]:
    """An audit of never-imaged cells; the bias after it is that of the cells that were not looked at."""
    world = made.world
    found = {}
    distant = made.predictions["distance_m"].to_numpy() > 2 * BUFFER_M
    for place, where in {"never imaged": ~world.is_imaged, "beyond 314 km": ~world.is_imaged & distant}.items():
        before, after = biases(world, made.predictions, where)
        found |= {f"|bias| {place}": abs(before), f"|bias| {place}, after 100 cells": abs(after)}
    return found


def biases(world: LightArctic, predictions: pd.DataFrame, where: BoolArray) -> tuple[float, float]:
    """Bias of mean P(any) over some land cells (n,) without and with an audit of `N_AUDITED` of them.

    Cells that were looked at do not count. Both are NaN where less than half of the cells would be left.
    """
    true = pd.Series(world.chance_of_any(world.oracle), world.cells["cell_id"])
    frame = world.cells.merge(predictions[["cell_id", "year", "p_any"]], on="cell_id")[where]
    if len(frame) < 2 * N_AUDITED:
        return np.nan, np.nan
    sample = draw_sample(frame, N_AUDITED, world.specification.seed)
    seen = pd.Series(world.counts > 0, world.cells["cell_id"]).loc[sample["cell_id"]].to_numpy()
    corrected = fit_correction(sample.assign(observed=seen)).apply(frame["p_any"].to_numpy())
    rest = ~frame["cell_id"].isin(sample["cell_id"]).to_numpy()
    truth = true.loc[frame["cell_id"]].to_numpy()
    return float((frame["p_any"] - truth)[rest].mean()), float((corrected - truth)[rest].mean())


def _logits(chance: "pd.Series[float] | FloatArray") -> FloatArray:
    logits: FloatArray = logit(np.clip(np.asarray(chance), PROBABILITY_FLOOR, 1 - PROBABILITY_FLOOR))
    return logits


def summary(found: pd.DataFrame) -> str:
    """Spell the measures (world by row): mean, half of a 95 % t interval, root mean square, worlds above 0."""
    rows = []
    for name in found:
        values = found[name].dropna().to_numpy(dtype=np.float64)
        half = t.ppf(0.975, len(values) - 1) * values.std(ddof=1) / np.sqrt(len(values)) if len(values) > 1 else np.nan
        rms, above = np.sqrt((values**2).mean()), (values > 0).sum()
        rows.append([name, f"{values.mean():.4f} ± {half:.4f}", f"{rms:.4f}", f"{above} of {len(values)}"])
    return markdown_table(["measure", "mean over worlds", "RMS", "above 0"], rows)


def main() -> None:
    """Measure as the command line says, and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--first-seed", type=int, default=1001)
    parser.add_argument("--n-worlds", type=int, default=100)
    parser.add_argument("--model", choices=GRIDS, default="ordinal_ridge")
    parser.add_argument("--response", choices=["smooth", "thresholds"], default="smooth")
    parser.add_argument("--imaging", choices=["features", "unseen"], default="features")
    parser.add_argument("--unseen-cells", type=float, default=LightSpecification.unseen_cells)
    given = parser.parse_args()
    seeds = range(given.first_seed, given.first_seed + given.n_worlds)
    law = {"response": given.response, "imaging": given.imaging, "unseen_cells": given.unseen_cells}
    with threadpool_limits(limits=1):
        found = pd.DataFrame([measures(study(specification_of(seed, **law), given.model)) for seed in seeds])
    circumstances = f"{given.model}, {law}"
    print(f"{circumstances}, seeds {seeds[0]} to {seeds[-1]}\n\n{summary(found)}")  # noqa: T201


if __name__ == "__main__":
    main()

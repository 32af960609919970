"""What an audit does to the bias of a map: light virtual Arctics, whose truth is known everywhere.

``python -m benchmarks.audits --first-seed 2001 --n-worlds 100`` makes worlds one after another and prints Markdown. In
each world the configured model is tuned and fitted to the imaged cells and draws a map of all land. Samples of 30, 100
and 300 cells are drawn from all land and from the cells beyond 314 km, as a map of another region would be, and looked
at without error. Compared are, over the cells that were not looked at,

- |bias| of mean P(any) of the map as it is, always corrected, and corrected where a bias is shown: where 0 lies outside
  the interval of the intercept with the slope held at 1;
- how often the interval of the intercept holds the one that makes the map's mean true.
"""

import argparse
from collections.abc import Iterator
from typing import Any, Final

import numpy as np
import pandas as pd
from scipy.optimize import brentq
from scipy.special import expit
from scipy.stats import t
from threadpoolctl import threadpool_limits

from benchmarks.doubts import BUFFER_M, GRIDS, N_CLASSES, N_FOLDS, specification_of
from benchmarks.light_arctic import YEAR, LightArctic, LightSpecification, make_world
from benchmarks.measuring import markdown_table
from entropice.learning.audit import draw_sample, fit_correction, intercept_interval
from entropice.learning.classes import fit_classes
from entropice.learning.folds.coordinates import is_near_any
from entropice.learning.map_model import fit_map_model
from entropice.learning.models import MODELS
from entropice.learning.models.candidates import candidates_of
from entropice.learning.prediction import predict_cells
from entropice.learning.scores.skills import log_odds
from entropice.learning.tuning import Tuning
from entropice.types import BoolArray, FloatArray

SIZES: Final = (30, 100, 300)
N_DRAWS: Final = 5


def map_of(world: LightArctic, name: str) -> FloatArray:
    """P(any) of every land cell (n,) by a model that was tuned on and fitted to the imaged cells."""
    samples, fractions = world.training_samples, world.training_table["rts_area_fraction"].to_numpy()
    tuning = Tuning({name: candidates_of(MODELS[name], GRIDS[name])}, N_FOLDS, BUFFER_M, world.specification.seed)
    classes = fit_classes(fractions, N_CLASSES)
    folds = tuning.inner_folds(samples, classes.assign(fractions))
    predictor, _ = fit_map_model(name, [name], folds, tuning, world.map_samples.lacking)
    keys = world.cells[["cell_id"]].assign(year=YEAR)
    return predict_cells(predictor, classes, keys, world.map_samples)["p_any"].to_numpy()


def places_of(world: LightArctic) -> dict[str, BoolArray]:
    """Which land cells (n,) are audited, by name."""
    trained = world.coordinates_m[world.is_imaged]
    everywhere = np.ones(len(world.is_imaged), dtype=bool)
    return {"all land": everywhere, "beyond 314 km": ~is_near_any(world.coordinates_m, trained, 2 * BUFFER_M)}


def measures(world: LightArctic, p_any: FloatArray) -> Iterator[dict[str, Any]]:
    """A row for every place and size of the sample, means over `N_DRAWS` samples."""
    true, seen = world.chance_of_any(world.oracle), world.counts > 0
    for place, where in places_of(world).items():
        cells = pd.DataFrame({"p_any": p_any, "true": true, "seen": seen})[where]
        for n_cells in SIZES:
            if len(cells) >= 2 * n_cells:
                found = [audited(cells, n_cells, draw) for draw in range(N_DRAWS)]
                yield {"place": place, "cells": n_cells, **pd.DataFrame(found).mean().to_dict()}


def audited(cells: pd.DataFrame, n_cells: int, random_seed: int) -> dict[str, float]:
    """What one sample does to the cells that were not looked at: ``p_any true seen``."""
    sample = draw_sample(cells.assign(cell=cells.index), n_cells, random_seed)
    sample["observed"] = sample["seen"].to_numpy(dtype=bool)
    rest = cells.drop(index=sample["cell"])
    correction, p_any = fit_correction(sample), rest["p_any"].to_numpy()
    low, high = intercept_interval(
        log_odds(sample["p_any"].to_numpy()), sample["observed"].to_numpy(), np.ones(n_cells)
    )
    before, after = (abs(float((chance - rest["true"]).mean())) for chance in (p_any, correction.apply(p_any)))
    is_shown = not low <= 0 <= high
    return {
        **{"as it is": before, "corrected": after, "corrected where shown": after if is_shown else before},
        **{"shown": float(is_shown), "covered": float(low <= _true_intercept(cells) <= high)},
    }


def _true_intercept(cells: pd.DataFrame) -> float:
    logits, mean = log_odds(cells["p_any"].to_numpy()), float(cells["true"].mean())
    return float(brentq(lambda intercept: expit(intercept + logits).mean() - mean, -10.0, 10.0))


def summary(found: pd.DataFrame) -> str:
    """Means over worlds by place and size; the gains are paired, ± is half a 95 % t interval."""
    head = ["place", "cells", "worlds", "as it is", "corrected: less by", "where shown: less by", "shown", "covered"]
    return markdown_table(head, [_row(*key, rows) for key, rows in found.groupby(["place", "cells"])])


def _row(place: str, n_cells: int, rows: pd.DataFrame) -> list[str]:
    gains = [rows["as it is"] - rows[name] for name in ("corrected", "corrected where shown")]
    told = [f"{gain.mean():+.4f} ± {_half(gain):.4f}" for gain in gains]
    shares = [f"{rows[name].mean():.2f}" for name in ("shown", "covered")]
    return [place, str(n_cells), str(len(rows)), f"{rows['as it is'].mean():.4f}", *told, *shares]


def _half(values: "pd.Series[float]") -> float:
    return float(t.ppf(0.975, len(values) - 1) * values.std(ddof=1) / np.sqrt(len(values)))


def main() -> None:
    """Measure as the command line says, and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--first-seed", type=int, default=2001)
    parser.add_argument("--n-worlds", type=int, default=100)
    parser.add_argument("--model", choices=GRIDS, default="ordinal_ridge")
    parser.add_argument("--imaging", choices=["features", "unseen"], default="features")
    parser.add_argument("--unseen-cells", type=float, default=LightSpecification.unseen_cells)
    given = parser.parse_args()
    law = {"imaging": given.imaging, "unseen_cells": given.unseen_cells}
    seeds = range(given.first_seed, given.first_seed + given.n_worlds)
    with threadpool_limits(limits=1):
        worlds = (make_world(specification_of(seed, **law)) for seed in seeds)
        found = pd.DataFrame([row for world in worlds for row in measures(world, map_of(world, given.model))])
    print(f"{given.model}, {law}, seeds {seeds[0]} to {seeds[-1]}\n\n{summary(found)}")  # noqa: T201


if __name__ == "__main__":
    main()

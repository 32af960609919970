"""What can be forecast of virtual human modification, before any network: rivals and the law that is known.

``python -m benchmarks.modification --seeds 11 12 13`` makes a world of each seed and forecasts 1 to 4 steps of 5 years
from its third map on, wherever a map with data follows. Its table is the mean absolute error in HM units (0–10,000)
over pixels that are known in all three maps and in the target, ± half a 95 % interval over worlds; then the same below
the linear trend of the same world.

- persistence: the last map.
- linear trend: least squares through the three last maps of each pixel, kept within 0–1.
- neighbours: the trend, and part of the way from it to a logistic regression of the share that is modified, on the
  trend, on what lies in and around the pixel, how that changed, and on elevation; both fitted, for each horizon, on
  four worlds of other seeds.
- known law: the median future of someone who knows the law and the true state, but not chance
  (`entropice.virtual_modification.ceiling`).

The law was set on seeds 1 to 5. Seeds 11 to 20:

| mean absolute error | 1 | 2 | 3 | 4 |
| --- | --- | --- | --- | --- |
| persistence | 142.1 ± 37.3 | 282.6 ± 72.4 | 418.9 ± 106.5 | 548.5 ± 144.5 |
| linear trend | 85.0 ± 24.0 | 179.2 ± 48.4 | 284.7 ± 77.2 | 399.5 ± 115.0 |
| neighbours | 62.1 ± 14.3 | 134.1 ± 29.7 | 224.4 ± 45.9 | 334.1 ± 68.0 |
| known law | 38.2 ± 9.4 | 85.6 ± 20.2 | 136.7 ± 38.5 | 196.8 ± 63.9 |

| below the linear trend by | 1 | 2 | 3 | 4 |
| --- | --- | --- | --- | --- |
| persistence | −57.1 ± 14.5 | −103.4 ± 24.8 | −134.2 ± 30.6 | −149.0 ± 32.3 |
| neighbours | 22.9 ± 10.6 | 45.1 ± 20.9 | 60.3 ± 36.0 | 65.3 ± 56.6 |
| known law | 46.8 ± 17.2 | 93.6 ± 32.1 | 148.0 ± 49.2 | 202.7 ± 72.4 |

The mean of all futures, which is best in squared error, has 45.9, 101.7, 164.3 and 239.7. The logistic regression alone
was no better than the trend at the longest horizon (374 ± 54 on seeds 11 to 20): that it is joined with the trend was
decided on seeds 1 to 5 after that was seen.
"""

import argparse
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd
from scipy.ndimage import gaussian_filter, maximum_filter
from scipy.special import logit
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from benchmarks.matrix import report
from entropice.types import BoolArray, Float32Array, FloatArray
from entropice.virtual_modification.ceiling import known_law_forecast
from entropice.virtual_modification.specification import ModificationSpecification
from entropice.virtual_modification.world import ModifiedWorld, make_modified_world

LAW: Final[dict[str, Any]] = {
    "terrain": {"relief_m": 200.0, "relief_scale_m": 6000.0, "water_share": 0.15, "slowing_height_m": 350.0},
    "roads": {"advance_m": 3000.0, "worked_on": 0.75, "fork": 0.1, "level": 0.15, "avoided_step_m": 8.0},
    "growth": {
        "capacity": 0.9,
        "within": 0.9,
        "from_neighbours": 0.35,
        "neighbour_m": 450.0,
        "from_roads": 0.06,
        "road_m": 300.0,
        "economy_spread": 0.35,
        "economy_scale_m": 12000.0,
        "economy_memory": 0.7,
    },
    "settlements": {
        "first_per_1000_km2": 3.0,
        "new_per_1000_km2": 0.7,
        "level": 0.3,
        "radius_m": 450.0,
        "n_roads": 2,
    },
}
SPECIFICATION: Final = ModificationSpecification.model_validate(
    {
        "n_rows": 128,
        "n_columns": 128,
        "pixel_m": 300.0,
        "left_m": -2_000_000.0,
        "top_m": 1_000_000.0,
        "first_year": 1990,
        "step_years": 5,
        "n_steps": 7,
        "n_steps_before": 2,
        "missing_share": 0.03,
        "missing_scale_m": 3000.0,
        **LAW,
    }
)
N_KNOWN: Final = 3
N_HORIZONS: Final = 4
N_DRAWS: Final = 48
HM_UNITS: Final = 10_000
LEAST: Final = 0.0005
"""Where nothing is modified, log-odds are those of this."""

OTHER_GROUND: Final = (1001, 1002, 1003, 1004)
"""Seeds of the worlds that the logistic regression is fitted on."""


@dataclass(frozen=True)
class Task:
    """Forecast of a map, float32 (row, column), `horizon` steps after the last of three, float32 (3, row, column)."""

    world: ModifiedWorld
    first: int
    horizon: int

    @property
    def known(self) -> Float32Array:
        """The maps to forecast from."""
        return self.world.maps()[self.first - N_KNOWN + 1 : self.first + 1]

    @property
    def target(self) -> Float32Array:
        """The map that is forecast."""
        target: Float32Array = self.world.maps()[self.first + self.horizon]
        return target

    @property
    def is_scored(self) -> BoolArray:
        """Where all of them are known."""
        is_scored: BoolArray = np.isfinite(self.known).all(axis=0) & np.isfinite(self.target)
        return is_scored


def tasks(world: ModifiedWorld, horizon: int) -> Iterator[Task]:
    """Every forecast of a horizon whose truth is mapped."""
    for first in range(N_KNOWN - 1, world.specification.n_steps - horizon):
        yield Task(world, first, horizon)


def trend(task: Task) -> Float32Array:
    """Least squares through three equally spaced maps, kept within 0–1."""
    before, _, last = known = task.known
    forecast: Float32Array = np.clip(known.mean(axis=0) + (task.horizon + 1) * (last - before) / 2, 0, 1)
    return forecast


def neighbourhood(task: Task) -> FloatArray:
    """What a pixel and its surroundings tell, shape (n_scored, n_features)."""
    before, middle, last = np.nan_to_num(task.known)
    elevation_m = task.world.ground.elevation_m
    around = [gaussian_filter(last, scale) for scale in (1, 2, 4)]
    columns = [
        *(_log_odds(values) for values in (trend(task), last, middle, *around, maximum_filter(last, 3))),
        *(gaussian_filter(last - middle, scale) for scale in (1, 2)),
        last - middle,
        middle - before,
        last,
        elevation_m,
        np.hypot(*np.gradient(elevation_m)),
    ]
    return np.stack([column[task.is_scored] for column in columns], axis=1).astype(np.float64)


@dataclass(frozen=True)
class Neighbours:
    """The linear trend, and a share of the way from it to a logistic regression."""

    regression: Any
    weight: float

    def forecast(self, task: Task) -> FloatArray:
        """Shape (n_scored,)."""
        return _between(
            trend(task)[task.is_scored], self.regression.predict_proba(neighbourhood(task))[:, 1], self.weight
        )


def fitted_neighbours(horizon: int) -> Neighbours:
    """Each pixel counts as modified by its share, and as not by the rest; the weight has the lowest absolute error."""
    on = [each for seed in OTHER_GROUND for each in tasks(make_modified_world(seed, SPECIFICATION), horizon)]
    features = np.concatenate([neighbourhood(each) for each in on])
    share = np.concatenate([each.target[each.is_scored] for each in on]).astype(np.float64)
    regression = make_pipeline(StandardScaler(), LogisticRegression(C=100.0, max_iter=300)).fit(
        np.concatenate([features, features]),
        np.repeat([1, 0], len(share)),
        logisticregression__sample_weight=np.concatenate([share, 1 - share]),
    )
    kept = np.concatenate([trend(each)[each.is_scored] for each in on])
    learned = regression.predict_proba(features)[:, 1]
    absolute = {weight: np.abs(_between(kept, learned, weight) - share).mean() for weight in np.linspace(0, 1, 21)}
    return Neighbours(regression, min(absolute, key=absolute.__getitem__))


def errors(world: ModifiedWorld, neighbours: Sequence[Neighbours]) -> dict[tuple[str, str, str], float]:
    """Mean absolute errors in HM units by rival and horizon."""
    ceilings = {
        first: known_law_forecast(world, first, N_HORIZONS, N_DRAWS)
        for first in range(N_KNOWN - 1, world.specification.n_steps - 1)
    }
    found: dict[tuple[str, str, str], list[float]] = {}
    for horizon in range(1, N_HORIZONS + 1):
        for task in tasks(world, horizon):
            scored, known = task.is_scored, ceilings[task.first]
            forecasts = {
                "persistence": task.known[-1][scored],
                "linear trend": trend(task)[scored],
                "neighbours": neighbours[horizon - 1].forecast(task),
                "known law": known.median[horizon - 1][scored],
                "known law, mean": known.mean[horizon - 1][scored],
            }
            for rival, forecast in forecasts.items():
                error = float(np.abs(forecast - task.target[scored]).mean()) * HM_UNITS
                found.setdefault(("mean absolute error", rival, f"{horizon}"), []).append(error)
    means = {names: float(np.mean(values)) for names, values in found.items()}
    below_trend = {
        ("below the linear trend by", rival, horizon): means[title, "linear trend", horizon] - error
        for (title, rival, horizon), error in means.items()
    }
    return means | below_trend


def _between(first: Float32Array, second: FloatArray, weight: float) -> FloatArray:
    between: FloatArray = (1 - weight) * first + weight * second
    return between


def _log_odds(values: Float32Array) -> Float32Array:
    odds: Float32Array = logit(np.clip(values, LEAST, 1 - LEAST))
    return odds


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, nargs="+", required=True)
    given = parser.parse_args(arguments)
    neighbours = [fitted_neighbours(horizon) for horizon in range(1, N_HORIZONS + 1)]
    found = {seed: errors(make_modified_world(seed, SPECIFICATION), neighbours) for seed in given.seeds}
    measures = pd.DataFrame(found)
    sys.stdout.write(report(measures.set_axis(pd.MultiIndex.from_tuples(list(measures.index))).T, digits=1) + "\n")


if __name__ == "__main__":
    main()

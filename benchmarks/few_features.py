"""What the eSPA ensemble gains from all features over a short list of nineteen, on the same worlds and folds.

``python -m benchmarks.few_features --seeds $(seq 101 120) --work FOLDER``; worlds are those of
`benchmarks.virtual_arctic`, made where they are missing.
"""

import argparse
from collections.abc import Sequence
from dataclasses import replace
from fnmatch import fnmatch
from pathlib import Path
from typing import Final

import pandas as pd

from benchmarks.espa_accuracy import half_width
from benchmarks.virtual_arctic import World, load_world, measure
from entropice.learning.exposure import EXPOSURE
from entropice.virtual_arctic.bayes_limit import BAYES_LIMIT

MODEL: Final = "espa_ensemble"
SHORT_LIST: Final = (
    "thawing_degree_days_c_d", "thawing_degree_days_anomaly_c_d", "freezing_degree_days_c_d", "frost_number",
    "summer_temperature_mean_c", "summer_precipitation_mm", "summer_precipitation_anomaly_mm", "snowfall_mm",
    "snow_water_equivalent_max_mm", "elevation_mean_m", "elevation_sd_m", "slope_*_deg", "northness_mean",
    "eastness_mean", "position_*_sd_m", "embedding_norm", EXPOSURE,
)  # fmt: skip
"""What the base run's models saw before they saw all, and the land that was searched."""

N_EFFECTIVE_OF_ALL: Final = {16.0: 6.0, 24.0: 10.0, 32.0: 14.0, 44.0: 18.0}
"""Candidates for the effective number of features where twenty are seen, by those of the base run."""


def shortened(world: World) -> World:
    """The same world seen through the short list, with as many candidates, whose weights fit so few features."""
    names = [name for name in world.samples.features if any(fnmatch(str(name), pattern) for pattern in SHORT_LIST)]
    candidates = [
        dict(each) | {"n_effective_features": N_EFFECTIVE_OF_ALL[each["n_effective_features"]]}
        for each in world.tuning.candidates[MODEL]
    ]
    tuning = replace(world.tuning, candidates={**world.tuning.candidates, MODEL: candidates})
    return replace(world, samples=replace(world.samples, features=world.samples.features[names]), tuning=tuning)


def log_skill(world: World, name: str) -> float:
    """Pooled over the test rows of the world's folds."""
    return next(float(row["value"]) for row in measure(world, name)["scores"] if row["score"] == "log_skill")


def mean(values: Sequence[float]) -> str:
    """Spell the mean over worlds and half its 95 % interval."""
    return f"{sum(values) / len(values):.3f} ± {half_width(pd.Series(values)):.3f}"


def main(arguments: Sequence[str] | None = None) -> None:
    """Print log skills by world, their means, and the paired gain."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--work", type=Path, required=True, help="scratch folder outside the project")
    parser.add_argument("--seeds", type=int, nargs="+", required=True)
    given = parser.parse_args(arguments)
    all_of_them, few, shares = [], [], []
    for seed in given.seeds:
        world = load_world(given.work.resolve(), seed)
        few.append(log_skill(shortened(world), MODEL))
        all_of_them.append(log_skill(world, MODEL))
        shares.append(few[-1] / log_skill(world, BAYES_LIMIT))
        print(f"{seed}: {few[-1]:.3f} with few, {all_of_them[-1]:.3f} with all features", flush=True)  # noqa: T201
    gains = [more - less for more, less in zip(all_of_them, few, strict=True)]
    print(  # noqa: T201
        f"few {mean(few)}, share of the limit {mean(shares)}; all {mean(all_of_them)}; "
        f"gain {mean(gains)}, above 0 in {sum(gain > 0 for gain in gains)} of {len(gains)}"
    )


if __name__ == "__main__":
    main()

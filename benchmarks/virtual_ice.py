"""What forecasts of virtual sea ice err by: ``python -m benchmarks.virtual_ice [--seeds 1 2 3 4]``.

Mean squared error of concentration against what is observed, over the sea, all seasons and every eighth day: of what
is observed on the day before and kept; of the law with the wind and the currents of the day before, kept; and of the
law with all that can be known (`known_drift_forecast`). Then CPU milliseconds: of a day of the law, and of an image,
which is the mean of some at random places and days of one season whose law and floes are there already.
"""

import argparse
import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Final

import numpy as np
import pandas as pd

from benchmarks.measuring import circumstances, markdown_table
from entropice.imagery.samples import Place
from entropice.types import BoolArray, DataFrame, Float32Array, FloatArray
from entropice.virtual_ice.ceiling import forecast_in
from entropice.virtual_ice.fields import fields_of
from entropice.virtual_ice.scene import IceScenes
from entropice.virtual_ice.seasons import Season, season_of
from entropice.virtual_ice.specification import IceRegion, IceSeasons, IceSpecification

SPECIFICATION: Final = IceSpecification(
    region=IceRegion(
        left_m=-400_000, top_m=-600_000, pixel_m=12_500, n_pixels=64, land_share=0.15, coast_scale_m=100_000
    ),
    seasons=IceSeasons(first_day=date(2011, 4, 1), n_days=120, n_seasons=4, n_spin_up_days=30),
)
N_DAYS: Final = 7
EVERY: Final = 8


def errors_of(specification: IceSpecification, seed: int) -> DataFrame:
    """Rows ``forecast horizon mse`` of a world."""
    observed = fields_of(specification, seed)["ice_concentration"].to_numpy()
    n_days = specification.seasons.n_days
    seasons = range(specification.seasons.n_seasons)
    parts = [
        _errors(specification, season_of(specification, seed, number), observed[number * n_days :])
        for number in seasons
    ]
    return pd.DataFrame(pd.concat(parts).groupby(["forecast", "horizon"], sort=False)["mse"].mean()).reset_index()


def ms_per_day(specification: IceSpecification) -> float:
    """CPU milliseconds of a day of one season."""
    season_of(specification, 0, 0)
    start = time.process_time()
    season_of(specification, 1, 0)
    n_days = specification.seasons.n_days + specification.seasons.n_spin_up_days
    return 1000 * (time.process_time() - start) / n_days


def ms_per_image(specification: IceSpecification, n_pixels: int, n_images: int = 20) -> float:
    """CPU milliseconds of drawing an image."""
    scenes = IceScenes(specification, 1)
    random = np.random.default_rng(1)
    corners_m = random.uniform(0.2, 0.6, (n_images, 2)) * specification.region.n_pixels * specification.region.pixel_m
    days = [specification.seasons.first_day + timedelta(days=int(day)) for day in random.integers(0, 100, n_images)]
    left_m, top_m = specification.region.left_m, specification.region.top_m
    places = [Place(left_m + right_m, top_m - down_m, 250, n_pixels, 2011) for right_m, down_m in corners_m.round(-3)]
    scenes.at(places[0], days[0])
    start = time.process_time()
    for place, day in zip(places, days, strict=True):
        scenes.at(place, day)
    return 1000 * (time.process_time() - start) / n_images


def main(arguments: Sequence[str] | None = None) -> None:
    """Print them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2, 3, 4])
    seeds = parser.parse_args(arguments).seeds
    errors = pd.concat([errors_of(SPECIFICATION, seed) for seed in seeds])
    table = errors.pivot_table(index="forecast", columns="horizon", values="mse", sort=False)
    print(circumstances())  # noqa: T201
    titles = ["forecast", *(f"day {horizon}" for horizon in table.columns)]
    print(markdown_table(titles, [[str(name), *(f"{mse:.4f}" for mse in row)] for name, row in table.iterrows()]))  # noqa: T201
    print(f"{ms_per_day(SPECIFICATION):.2f} ms a day of the law")  # noqa: T201
    for n_pixels in (128, 256):
        print(f"{ms_per_image(SPECIFICATION, n_pixels):.0f} ms an image of {n_pixels}² pixels")  # noqa: T201


def _errors(specification: IceSpecification, season: Season, observed: Float32Array) -> DataFrame:
    starts = range(EVERY, specification.seasons.n_days - N_DAYS, EVERY)
    rows = [
        {"forecast": name, "horizon": horizon + 1, "mse": mse}
        for start in starts
        for name, forecast in _forecasts(specification, season, observed, start).items()
        for horizon, mse in enumerate(_squared(forecast - observed[start + 1 : start + 1 + N_DAYS], season.ground.sea))
    ]
    return pd.DataFrame(rows)


def _forecasts(
    specification: IceSpecification, season: Season, observed: Float32Array, start: int
) -> dict[str, Float32Array]:
    first = season.first_day + timedelta(days=start + 1)
    return {
        "persistence": np.repeat(observed[start][None], N_DAYS, axis=0),
        "drift of the day before, kept": forecast_in(_with_drift_kept(season, start), specification, first, N_DAYS),
        "drift known": forecast_in(season, specification, first, N_DAYS),
    }


def _with_drift_kept(season: Season, start: int) -> Season:
    pressure = season.pressure.copy()
    pressure[start:] = pressure[start - 1]
    swirls = season.swirls.copy()
    swirls[start] = swirls[start - 1]
    return replace(season, pressure=pressure, swirls=swirls)


def _squared(error: Float32Array, sea: BoolArray) -> FloatArray:
    squared: FloatArray = np.mean(error[:, sea] ** 2, axis=1, dtype=np.float64)
    return squared


if __name__ == "__main__":
    main()

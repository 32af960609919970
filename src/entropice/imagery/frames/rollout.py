"""Forecasts of any number of steps by a network that says a few."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from entropice.imagery.bands import band_named
from entropice.imagery.normalisation import standardised
from entropice.imagery.samples import Image
from entropice.imagery.statistics import BandStatistics
from entropice.types import BoolArray, Float32Array

Predict = Callable[[Float32Array], Float32Array]
"""Standardised inputs (n, time, band, row, column) to standardised frames (n, time_out, target_band, row, column)."""

Forecaster = Callable[[Sequence[str], Image], Float32Array]
"""Keys, and inputs (n, time, band, row, column) in physical units, to forecasts (n, horizon, target_band, row, column).

Forecasts are in physical units, and finite wherever the target's bands are valid at the last input.
"""


@dataclass(frozen=True, eq=False)
class TargetScale:
    """How the target's bands are standardised, and how far they go.

    Attributes
    ----------
    places
        Of the target's bands among the inputs'.
    mean, std, low, high
        float32 (target_band, 1, 1), physical.
    """

    places: tuple[int, ...]
    mean: Float32Array
    std: Float32Array
    low: Float32Array
    high: Float32Array

    def physical(self, values: Float32Array) -> Float32Array:
        """Standardised values (…, target_band, row, column) in their units, within their bands' ranges."""
        clipped: Float32Array = np.clip(values * self.std + self.mean, self.low, self.high)
        return clipped

    def clipped(self, values: Float32Array) -> Float32Array:
        """Standardised values (…, n_band, row, column), within their bands' ranges; NaN stays NaN."""
        within: Float32Array = np.clip(values, (self.low - self.mean) / self.std, (self.high - self.mean) / self.std)
        return within


def target_scale(statistics: BandStatistics, target_bands: Sequence[str]) -> TargetScale:
    """The scale of some of the bands of statistics."""
    places = tuple(statistics.bands.index(band) for band in target_bands)
    bands = [band_named(band) for band in target_bands]
    columns = (
        statistics.mean[list(places)],
        statistics.std[list(places)],
        [band.low for band in bands],
        [band.high for band in bands],
    )
    return TargetScale(places, *(np.asarray(column, dtype=np.float32)[:, None, None] for column in columns))


def rolled_out(
    predict: Predict, inputs: Float32Array, known: BoolArray, scale: TargetScale, n_horizons: int
) -> Float32Array:
    """Standardised forecasts (n, n_horizons, target_band, row, column).

    What is predicted takes the place of the oldest inputs until all horizons are there. All other bands, static or
    not, keep their last values. Before it goes on, a prediction is clipped to its band's range, and 0, the mean, where
    the pixel was not known at the last input (`known`, (n, target_band, row, column)).
    """
    said: list[Float32Array] = []
    seen = inputs
    while sum(part.shape[1] for part in said) < n_horizons:
        next_frames = np.where(known[:, None], scale.clipped(predict(seen)), np.float32(0))
        said.append(next_frames)
        seen = _moved_on(seen, next_frames, scale.places)
    return np.concatenate(said, axis=1)[:, :n_horizons]


def network_forecaster(
    predict: Predict, statistics: BandStatistics, target_bands: Sequence[str], n_horizons: int
) -> Forecaster:
    """A network's forecasts in physical units, rolled out as far as is asked."""
    scale = target_scale(statistics, target_bands)

    def forecast(_keys: Sequence[str], image: Image) -> Float32Array:
        known = image.valid[:, -1, list(scale.places)]
        return scale.physical(rolled_out(predict, standardised(image, statistics), known, scale, n_horizons))

    return forecast


def _moved_on(seen: Float32Array, said: Float32Array, places: tuple[int, ...]) -> Float32Array:
    """Inputs with what was said at their end, as many as before."""
    new = np.repeat(seen[:, -1:], said.shape[1], axis=1)
    new[:, :, list(places)] = said
    return np.concatenate([seen, new], axis=1)[:, -seen.shape[1] :]

"""Forecasts of any number of steps by a network that says a few."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from entropice.imagery.bands import band_named
from entropice.imagery.normalisation import standardised
from entropice.imagery.samples import Image
from entropice.imagery.statistics import BandStatistics, places_of_bands
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
        """Standardised values (…, target_band, row, column) in their units, within their bands' ranges.

        float32; NaN stays.

        Examples
        --------
        >>> columns = [np.array([[[each]]], np.float32) for each in (0.5, 0.25, 0.0, 1.0)]
        >>> TargetScale((0,), *columns).physical(np.array([[[-1.0, 1.0, 9.0]]], np.float32)).tolist()
        [[[0.25, 0.75, 1.0]]]
        """
        clipped: Float32Array = np.clip(values * self.std + self.mean, self.low, self.high)
        return clipped

    def clipped(self, values: Float32Array) -> Float32Array:
        """Standardised values (…, n_band, row, column), within their bands' ranges; NaN stays NaN.

        Examples
        --------
        From 0 to 1 it is from −2 to 2, in standard deviations of 0.25 from a mean of 0.5:

        >>> columns = [np.array([[[each]]], np.float32) for each in (0.5, 0.25, 0.0, 1.0)]
        >>> TargetScale((0,), *columns).clipped(np.array([[[-1.0, 9.0, np.nan]]], np.float32)).tolist()
        [[[-1.0, 2.0, nan]]]
        """
        within: Float32Array = np.clip(values, (self.low - self.mean) / self.std, (self.high - self.mean) / self.std)
        return within


def target_scale(statistics: BandStatistics, target_bands: Sequence[str]) -> TargetScale:
    """The scale of some of the bands of statistics, in the order of `target_bands`.

    Mean and deviation are those of the statistics, `low` and `high` those of `entropice.imagery.bands`. They are not
    judged: a mean of NaN or a deviation of 0 stays (`require_usable` of `entropice.imagery.statistics` refuses these).

    Raises
    ------
    SchemaError
        The statistics lack a band.
    ConfigError
        A band is not declared.

    Examples
    --------
    >>> moments = np.array([9, 9]), np.array([0.25, 0.5]), np.array([1.0, 2.0])
    >>> scale = target_scale(BandStatistics(("ndvi", "ice_concentration"), 1, *moments), ("ice_concentration",))
    >>> scale.places, [float(each[0, 0, 0]) for each in (scale.mean, scale.std, scale.low, scale.high)]
    ((1,), [0.5, 2.0, 0.0, 1.0])
    """
    places = tuple(places_of_bands(statistics, target_bands))
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

    Parameters
    ----------
    predict
        Gets inputs of the same shape each time, and gives (n, n_step, target_band, row, column), one step or several.
    inputs
        Standardised (n, time, band, row, column), NaN where not known; they stay as they are.
    scale
        Which of the bands are the target's, and their ranges.

    Examples
    --------
    A network that says one more than the last value of its one band, which ends at 2.5:

    >>> scale = TargetScale((0,), *(np.array([[[each]]], np.float32) for each in (0.0, 1.0, 0.0, 2.5)))
    >>> predict = lambda seen: seen[:, -1:] + 1
    >>> inputs, known = np.zeros((1, 2, 1, 1, 1), np.float32), np.ones((1, 1, 1, 1), bool)
    >>> rolled_out(predict, inputs, known, scale, 3).ravel().tolist()
    [1.0, 2.0, 2.5]
    """
    said: list[Float32Array] = []
    seen = inputs
    while sum(part.shape[1] for part in said) < n_horizons:
        # Clipped before it is seen again, not at the end: an impossible value would be carried on and grow. Where the
        # last input was not known what is said was never learned: the mean stands there.
        next_frames = np.where(known[:, None], scale.clipped(predict(seen)), np.float32(0))
        said.append(next_frames)
        seen = _moved_on(seen, next_frames, scale.places)
    return np.concatenate(said, axis=1)[:, :n_horizons]


def network_forecaster(
    predict: Predict, statistics: BandStatistics, target_bands: Sequence[str], n_horizons: int
) -> Forecaster:
    """A network's forecasts in physical units, rolled out as far as is asked.

    Parameters
    ----------
    predict
        Standardised inputs (n, time, band, row, column), NaN where not known, to standardised frames (n, n_step,
        target_band, row, column), of one step or several.
    statistics
        Of the inputs' bands, in their order.
    target_bands
        What is forecast, some of these.
    n_horizons
        Steps forecast.

    Returns
    -------
    Forecaster
        A function of keys and inputs (n, time, band, row, column) in physical units; forecasts are (n, n_horizons,
        target_band, row, column). It raises SchemaError where inputs have other bands than the statistics.

    Raises
    ------
    SchemaError
        The statistics lack a target band.
    ConfigError
        A target band is not declared.
    """
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

"""Sequences as networks take them: standardised, turned, and scored where they belong to a part."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from entropice.errors import ConfigError
from entropice.imagery.bands import band_named
from entropice.imagery.frames.fields import FieldSeries
from entropice.imagery.frames.vectors import lawful_symmetries, turned
from entropice.imagery.frames.window_rules import WindowRules
from entropice.imagery.frames.windows import window_of
from entropice.imagery.normalisation import standardised
from entropice.imagery.samples import Image, Sample
from entropice.imagery.statistics import BandStatistics, places_of_bands
from entropice.imagery.symmetries import Symmetry
from entropice.types import BoolArray, DataFrame, Float32Array


@dataclass(frozen=True)
class FrameSamples:
    """Sequences of fields; samples as `entropice.imagery.samples.Samples` says, in physical units.

    The target of a sample has all horizons that are judged; one is scored where it is known and the same band is at
    the last input, so that every forecast is one of the same pixels.

    Attributes
    ----------
    series
        Where fields are read.
    windows
        Of `entropice.imagery.frames.windows.window_table`, by its ``key`` as index.
    bands, target_bands
        What is seen; what is forecast, all of it seen.
    rules
        How long sequences are, and how many steps are forecast.

    Raises
    ------
    ConfigError
        What is forecast is not seen, static, or nothing, or has several units.
    """

    series: FieldSeries
    windows: DataFrame
    bands: tuple[str, ...]
    target_bands: tuple[str, ...]
    rules: WindowRules

    def __post_init__(self) -> None:
        unseen = [band for band in self.target_bands if band not in self.bands or self.series.is_static(band)]
        if unseen or not self.target_bands:
            raise ConfigError(
                "What is forecast must be seen, and change with time.",
                field="target_bands",
                got=", ".join(unseen) or "none",
                expected=", ".join(band for band in self.bands if not self.series.is_static(band)),
            )
        units = {band_named(band).unit for band in self.target_bands}
        if len(units) > 1:
            raise ConfigError(
                "What is forecast together is scored together, and so has one unit.",
                field="target_bands",
                got=", ".join(sorted(units)),
                expected="one unit",
            )

    @property
    def keys(self) -> Sequence[str]:
        """All of them, in the order of the windows."""
        return list(self.windows.index)

    def read(self, key: str) -> Sample:
        """One of them; its ground is read for its steps alone.

        The image is (n_frames_in, band, row, column), the target float32 (future_horizons, target_band, row, column) in
        physical units, 0 where not known, and scored of the same shape. Horizons after the end of the run are scored
        nowhere.

        Raises
        ------
        KeyError
            There is no such sequence.
        """
        window = window_of(self.windows.loc[[key]].iloc[0], key)
        run, pixels = int(self.series.runs[window.first]), window.pixels_of(self.series)
        issued = window.first + self.rules.n_frames_in
        image = self.series.read(self.bands, run, slice(window.first, issued), *pixels)
        truth = self.series.read(self.target_bands, run, slice(issued, issued + self.rules.future_horizons), *pixels)
        last = image.valid[-1, [self.bands.index(band) for band in self.target_bands]]
        return Sample(key, image, truth.values, truth.valid & last, window.place)


def horizons_of(splits: DataFrame, part: str, n_horizons: int) -> dict[str, BoolArray]:
    """Which horizons of each sequence belong to a part: (n_horizons,), by key, as far as there is one.

    Parameters
    ----------
    splits
        ``key horizon split`` of `entropice.imagery.frames.window_splits.split_windows`.

    Examples
    --------
    >>> import pandas as pd
    >>> splits = pd.DataFrame({"key": ["a", "a", "b"], "horizon": [1, 3, 1], "split": ["train", "train", "test"]})
    >>> {key: of_key.tolist() for key, of_key in horizons_of(splits, "train", 3).items()}
    {'a': [True, False, True]}
    """
    there = splits[(splits["split"] == part) & (splits["horizon"] <= n_horizons)]
    found: dict[str, BoolArray] = {key: np.zeros(n_horizons, dtype=bool) for key in dict.fromkeys(there["key"])}
    for key, horizon in zip(there["key"], there["horizon"], strict=True):
        found[key][horizon - 1] = True
    return found


@dataclass(frozen=True)
class TrainingFrames:
    """Sequences as an epoch learns from them; a loader of `entropice.networks.batches`.

    Attributes
    ----------
    samples
        Where sequences come from.
    statistics
        Of the bands, in their order, which values are standardised with.
    learned
        Of `horizons_of` training: a target of another part is never scored.
    symmetry_probability
        Of one of the `entropice.imagery.frames.vectors.lawful_symmetries`, all equally likely; exact, arrows turn too.
    seed
        Of what is drawn, beside epoch and key.
    """

    samples: FrameSamples
    statistics: BandStatistics
    learned: Mapping[str, BoolArray]
    symmetry_probability: float
    seed: int

    def load(self, keys: Sequence[str], epoch: int) -> tuple[Float32Array, Float32Array, BoolArray]:
        """Inputs (n, time, band, row, column); target and scored (n, forecast_horizon, target_band, row, column).

        Inputs and target are float32, standardised, NaN where they are not known, scored is bool; a pure function of
        keys and epoch.

        Raises
        ------
        SchemaError
            The statistics are of other bands.
        KeyError
            A sequence is none that is learned from.
        """
        loaded = [self._one(key, epoch) for key in keys]
        inputs, targets, scored = zip(*loaded, strict=True)
        return np.stack(inputs), np.stack(targets), np.stack(scored)

    def _one(self, key: str, epoch: int) -> tuple[Float32Array, Float32Array, BoolArray]:
        sample, n_horizons = self.samples.read(key), self.samples.rules.forecast_horizon
        symmetry = drawn_symmetry(
            lawful_symmetries(self.samples.bands), self.symmetry_probability, self.seed, epoch, key
        )
        scored: BoolArray = sample.scored[:n_horizons] & self.learned[key][:n_horizons, None, None, None]
        target = Image(self.samples.target_bands, sample.target[:n_horizons].astype(np.float32), scored)
        image, target = (turned(each, symmetry) for each in (sample.image, target))
        of_target = statistics_of(self.statistics, self.samples.target_bands)
        return standardised(image, self.statistics), standardised(target, of_target), target.valid


def drawn_symmetry(symmetries: Sequence[Symmetry], probability: float, seed: int, epoch: int, key: str) -> Symmetry:
    """One of some symmetries, drawn at a probability, and else the first, which changes nothing.

    A pure function of seed, epoch and key: ``np.random.default_rng([seed, epoch, *b"frames <key>"])`` gives a uniform
    number, and where that is below the probability the place of one. All are equally likely, the first among them.

    Examples
    --------
    >>> from entropice.imagery.symmetries import SYMMETRIES
    >>> drawn_symmetry(SYMMETRIES, 0.0, 0, 1, "a") == SYMMETRIES[0]
    True
    >>> drawn_symmetry(SYMMETRIES, 1.0, 0, 1, "a") == drawn_symmetry(SYMMETRIES, 1.0, 0, 1, "a")
    True
    """
    random = np.random.default_rng([seed, epoch, *f"frames {key}".encode()])
    return symmetries[int(random.integers(len(symmetries)))] if random.uniform() < probability else symmetries[0]


def statistics_of(statistics: BandStatistics, bands: Sequence[str]) -> BandStatistics:
    """Those of some of the bands, in this order.

    Raises
    ------
    SchemaError
        There is no such band.

    Examples
    --------
    >>> moments = np.array([9, 8]), np.array([0.25, 0.5]), np.array([1.0, 2.0])
    >>> statistics_of(BandStatistics(("red", "nir"), 1, *moments), ("nir",)).mean.tolist()
    [0.5]
    """
    places = places_of_bands(statistics, bands)
    return BandStatistics(
        tuple(bands),
        statistics.n_tiles,
        statistics.n_pixels[places],
        statistics.mean[places],
        statistics.std[places],
    )


def stacked(images: Sequence[Image]) -> Image:
    """Images (…, band, row, column) of the same bands and shape as one with n in front, in their order.

    Examples
    --------
    >>> images = [Image(("red",), np.full((1, 1, 1), value, np.float32), np.ones((1, 1, 1), bool)) for value in (1, 2)]
    >>> stacked(images).values.tolist()
    [[[[1.0]]], [[[2.0]]]]
    """
    values, valid = [image.values for image in images], [image.valid for image in images]
    return Image(images[0].bands, np.stack(values), np.stack(valid))

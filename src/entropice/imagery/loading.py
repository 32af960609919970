"""Samples as networks take them: chosen bands, varied, standardised, edges of labels left out."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from entropice.imagery.augmentation import augmented
from entropice.imagery.augmentation_rules import AugmentationRules
from entropice.imagery.derived_band_rules import DerivedBandRules
from entropice.imagery.derived_bands import with_derived
from entropice.imagery.distances import Distances, with_distances
from entropice.imagery.ignored_edges import without_edges
from entropice.imagery.normalisation import standardised
from entropice.imagery.samples import Image, Sample, Samples, Target
from entropice.imagery.sensor_rules import Sensors
from entropice.imagery.sensors import known_pixels
from entropice.imagery.statistics import BandStatistics
from entropice.types import BoolArray, Float32Array


def of_bands(image: Image, bands: Sequence[str], pixel_m: float, rules: DerivedBandRules) -> Image:
    """Some bands of an image, in this order; those that it lacks are derived from its others.

    Raises
    ------
    ConfigError
        It lacks one that cannot be derived.
    """
    whole = with_derived(image, [name for name in bands if name not in image.bands], pixel_m, rules)
    places = [whole.bands.index(name) for name in bands]
    return Image(tuple(bands), whole.values[..., places, :, :], whole.valid[..., places, :, :])


@dataclass(frozen=True)
class BandView:
    """Samples with some of their bands, others derived; samples themselves.

    Attributes
    ----------
    samples
        Where they come from.
    bands
        What is seen of them, in this order.
    derivation
        How bands are made that they lack.
    """

    samples: Samples
    bands: tuple[str, ...]
    derivation: DerivedBandRules

    @property
    def keys(self) -> Sequence[str]:
        """All of them."""
        return self.samples.keys

    def read(self, key: str) -> Sample:
        """A sample with the bands that are seen."""
        sample = self.samples.read(key)
        return replace(sample, image=of_bands(sample.image, self.bands, sample.place.pixel_m, self.derivation))


@dataclass(frozen=True)
class SampleView:
    """How samples are looked at, whether they are learned from or judged.

    Attributes
    ----------
    samples
        With the bands of the statistics, in their order.
    ignored_edge_px
        Pixels at both sides of a label's edge that do not count.
    sensors
        Which bands come together, and which make a pixel known.
    """

    samples: Samples
    statistics: BandStatistics
    ignored_edge_px: int
    sensors: Sensors = field(default_factory=Sensors)

    def sample(self, key: str) -> Sample:
        """A sample in which what no sensor knows does not count."""
        sample = self.samples.read(key)
        return replace(sample, scored=counted(sample, self.ignored_edge_px, self.sensors))

    def known(self, image: Image) -> BoolArray:
        """Pixels (…, row, column) that a sensor knows which can tell what they show."""
        return known_pixels(image, self.sensors)

    def inputs(self, samples: Sequence[Sample]) -> Float32Array:
        """Samples (n, …, band, row, column) as they are, standardised, NaN where not known."""
        return np.stack([standardised(sample.image, self.statistics) for sample in samples])

    def seen(self, keys: Sequence[str]) -> tuple[Float32Array, Target, BoolArray]:
        """Inputs (n, …, band, row, column), NaN where not known, target and scored of samples as they are."""
        return _stacked([self.sample(key) for key in keys], self.statistics)


@dataclass(frozen=True)
class TrainingView:
    """Samples as an epoch learns from them; a loader of `entropice.networks.batches`.

    Attributes
    ----------
    distances
        Of masks, where something is learned from them; turned and flipped like everything else. They hold only as long
        as nothing is displaced.
    """

    view: SampleView
    augmentation: AugmentationRules
    seed: int
    distances: Distances | None = None

    def load(self, keys: Sequence[str], epoch: int) -> tuple[Float32Array, Target, BoolArray]:
        """Inputs, target and scored of varied samples; a pure function of keys and epoch.

        With distances the target of masks is float32 (n, 2, row, column): the mask, then the distances.
        """
        samples = [augmented(self._sample(key), self.augmentation, self.seed, epoch, self.view.sensors) for key in keys]
        return _stacked(samples, self.view.statistics)

    def _sample(self, key: str) -> Sample:
        sample = self.view.sample(key)
        return sample if self.distances is None else with_distances(sample, self.distances.read(key))


def counted(sample: Sample, ignored_edge_px: int, sensors: Sensors | None = None) -> BoolArray:
    """Where a sample is scored, its image is known, and no edge between labels is near, in the shape of its target.

    A pixel of a mask counts where one of `Sensors.knowing` knows it in each image, a class where some pixel is known,
    and a frame wherever its own truth is scored.
    """
    scored = without_edges(sample.target, sample.scored, ignored_edge_px)
    of_images = known_pixels(sample.image, sensors or Sensors())
    known = np.asarray(of_images.all(axis=tuple(range(of_images.ndim - 2))))
    if sample.target.ndim == 0:
        return np.asarray(scored & known.any())
    return scored & known if sample.target.ndim == known.ndim else scored


def _stacked(samples: Sequence[Sample], statistics: BandStatistics) -> tuple[Float32Array, Target, BoolArray]:
    inputs = np.stack([standardised(sample.image, statistics) for sample in samples])
    return inputs, np.stack([sample.target for sample in samples]), np.stack([sample.scored for sample in samples])

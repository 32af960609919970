"""Samples as networks take them: chosen bands, varied, standardised, edges of labels left out."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from entropice.imagery.augmentation import augmented
from entropice.imagery.augmentation_rules import AugmentationRules
from entropice.imagery.derived_band_rules import DerivedBandRules
from entropice.imagery.derived_bands import with_derived
from entropice.imagery.ignored_edges import away_from_edges
from entropice.imagery.normalisation import normalised
from entropice.imagery.samples import Image, Sample, Samples, Target
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
class SampleView:
    """How samples are looked at, whether they are learned from or judged.

    Attributes
    ----------
    samples
        Where they come from.
    statistics
        Of the bands that are seen, in their order.
    derivation
        How bands are made that the samples lack.
    ignored_edge_px
        Pixels at both sides of a label's edge that do not count.
    """

    samples: Samples
    statistics: BandStatistics
    derivation: DerivedBandRules
    ignored_edge_px: int

    def sample(self, key: str) -> Sample:
        """A sample with the bands that are seen; what is not valid in one of them does not count."""
        sample = self.samples.read(key)
        image = of_bands(sample.image, self.statistics.bands, sample.place.pixel_m, self.derivation)
        counts = sample.scored & away_from_edges(sample.target, self.ignored_edge_px)
        return replace(sample, image=image, scored=counts & image.valid.all(axis=-3))

    def seen(self, keys: Sequence[str]) -> tuple[Float32Array, Target, BoolArray]:
        """Inputs (n, band, row, column), target and scored of samples as they are."""
        return _stacked([self.sample(key) for key in keys], self.statistics)


@dataclass(frozen=True)
class TrainingView:
    """Samples as an epoch learns from them; a loader of `entropice.networks.batches`."""

    view: SampleView
    augmentation: AugmentationRules
    seed: int

    def load(self, keys: Sequence[str], epoch: int) -> tuple[Float32Array, Target, BoolArray]:
        """Inputs, target and scored of varied samples; a pure function of keys and epoch."""
        samples = [augmented(self.view.sample(key), self.augmentation, self.seed, epoch) for key in keys]
        return _stacked(samples, self.view.statistics)


def _stacked(samples: Sequence[Sample], statistics: BandStatistics) -> tuple[Float32Array, Target, BoolArray]:
    inputs = np.stack([normalised(sample.image, statistics) for sample in samples])
    return inputs, np.stack([sample.target for sample in samples]), np.stack([sample.scored for sample in samples])

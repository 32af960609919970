"""Pairs of which both images are one: ground that has not changed, whatever the light.

Where all ground moves, as drifting ice does, no training pair shows the same thing twice, and a network cannot learn
that the same structures in other light are no change. Both images are varied each on its own afterwards
(`entropice.imagery.colour.coloured`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from entropice.imagery.loading import TrainingView
from entropice.imagery.samples import Image, Sample, Samples, Target
from entropice.types import BoolArray, Float32Array


@dataclass(frozen=True)
class WithUnchanged:
    """Pairs, some with one of their images twice and nothing changed; samples themselves.

    Attributes
    ----------
    moments
        Which image is seen twice, 0 or 1, by the key of the pair; all others are as they are.
    """

    samples: Samples
    moments: Mapping[str, int]

    @property
    def keys(self) -> Sequence[str]:
        """All of them."""
        return self.samples.keys

    @property
    def bands(self) -> tuple[str, ...]:
        """Of both images."""
        return tuple(self.samples.bands)

    def read(self, key: str) -> Sample:
        """One of them."""
        sample = self.samples.read(key)
        return twice(sample, self.moments[key]) if key in self.moments else sample


def twice(sample: Sample, moment: int) -> Sample:
    """The pair (2, band, row, column) with one image in place of both; its target is 0 everywhere."""
    both = [moment, moment]
    image = Image(sample.image.bands, sample.image.values[both], sample.image.valid[both])
    return replace(sample, image=image, target=np.zeros_like(sample.target))


@dataclass(frozen=True)
class PairTrainingView:
    """Pairs as an epoch learns from them; a loader of `entropice.networks.batches`.

    Attributes
    ----------
    of_pairs
        How they are varied.
    unchanged_probability
        Of a pair that shows one of its images twice.
    """

    of_pairs: TrainingView
    unchanged_probability: float

    def load(self, keys: Sequence[str], epoch: int) -> tuple[Float32Array, Target, BoolArray]:
        """Inputs, target and scored of varied pairs, shapes as of `TrainingView.load`; by keys and epoch alone."""
        drawn = {key: self._drawn(key, epoch) for key in keys}
        moments = {key: moment for key, moment in drawn.items() if moment is not None}
        view = replace(self.of_pairs.view, samples=WithUnchanged(self.of_pairs.view.samples, moments))
        return replace(self.of_pairs, view=view).load(keys, epoch)

    def _drawn(self, key: str, epoch: int) -> int | None:
        random = np.random.default_rng([self.of_pairs.seed, epoch, *f"unchanged {key}".encode()])
        return int(random.integers(2)) if random.uniform() < self.unchanged_probability else None

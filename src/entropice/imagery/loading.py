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

    Parameters
    ----------
    image
        Any leading dimensions; it stays as it is.
    pixel_m
        Edge of a pixel in metres, which slopes and surroundings are measured with.

    Returns
    -------
    Image
        Copies of shape (…, n_band, row, column) with the bands asked for and no other; derived ones are valid where all
        that they follow from is known.

    Raises
    ------
    ConfigError
        It lacks one that cannot be derived, or an input of one that can; one that it lacks is asked for twice.

    Examples
    --------
    >>> image = Image(("nir", "red"), np.array([[[0.5]], [[0.25]]], np.float32), np.ones((2, 1, 1), bool))
    >>> rules = DerivedBandRules(surroundings_radius_m=100.0, sun_azimuth_deg=315.0, sun_elevation_deg=45.0)
    >>> of_bands(image, ("ndvi", "nir"), 10.0, rules).values.astype(float).ravel().round(4).tolist()
    [0.3333, 0.5]
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
        """All of them, in the order of the samples they come from."""
        return self.samples.keys

    def read(self, key: str) -> Sample:
        """A sample with the bands that are seen; key, target, scored and place are those of the sample it comes from.

        Raises
        ------
        ConfigError
            A band is neither there nor can it be derived.
        """
        sample = self.samples.read(key)
        return replace(sample, image=of_bands(sample.image, self.bands, sample.place.pixel_m, self.derivation))


@dataclass(frozen=True)
class SampleView:
    """How samples are looked at, whether they are learned from or judged.

    Attributes
    ----------
    samples
        With the bands of the statistics, in their order.
    statistics
        Mean and standard deviation of each band, which values are standardised with.
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
        """A sample in physical units, scored where `counted` has it: what no sensor knows does not count."""
        sample = self.samples.read(key)
        return replace(sample, scored=counted(sample, self.ignored_edge_px, self.sensors))

    def known(self, image: Image) -> BoolArray:
        """Pixels (…, row, column) that count as known: `entropice.imagery.sensors.known_pixels` of the sensors."""
        return known_pixels(image, self.sensors)

    def inputs(self, samples: Sequence[Sample]) -> Float32Array:
        """Samples (n, …, band, row, column) as they are, float32, standardised, NaN where not known; all of one shape.

        Raises
        ------
        SchemaError
            A sample has other bands than the statistics.
        """
        return np.stack([standardised(sample.image, self.statistics) for sample in samples])

    def seen(self, keys: Sequence[str]) -> tuple[Float32Array, Target, BoolArray]:
        """Inputs (n, …, band, row, column), NaN where not known, target and scored of samples as they are.

        In the order of the keys. Inputs are float32 and standardised; target and scored (bool) have the shape of one
        sample's target after n, and scored is that of `sample`.

        Raises
        ------
        SchemaError
            A sample has other bands than the statistics.
        """
        return _stacked([self.sample(key) for key in keys], self.statistics)


@dataclass(frozen=True)
class TrainingView:
    """Samples as an epoch learns from them; a loader of `entropice.networks.batches`.

    Attributes
    ----------
    view
        Where samples come from, and what of them counts.
    augmentation
        How they are varied.
    seed
        Of what is drawn, beside epoch and key.
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

        Inputs are float32 (n, …, band, row, column), standardised, NaN where not known; target and scored (bool) have
        the shape of one sample's target after n, (n, row, column) of masks and (n,) of classes, and the target its
        dtype. With distances the target of masks is float32 (n, 2, row, column), the
        mask, then the distances, and scored stays (n, row, column).

        Raises
        ------
        SchemaError
            A sample has other bands than the statistics.
        EntropiceError
            A sample cannot be read: what the view's samples raise.
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

    Parameters
    ----------
    ignored_edge_px
        As ``width_px`` of `entropice.imagery.ignored_edges.without_edges`; 0 ignores none.
    sensors
        None where all bands are of one: a pixel is then known where all of them are valid.

    Examples
    --------
    >>> from entropice.imagery.samples import Place
    >>> image = Image(("red",), np.zeros((1, 1, 4), np.float32), np.array([[[True, True, True, False]]]))
    >>> mask = np.array([[0, 0, 1, 1]], np.uint8)
    >>> sample = Sample("a", image, mask, np.ones((1, 4), bool), Place(0.0, 0.0, 10.0, 4, 2020))
    >>> counted(sample, 0).tolist(), counted(sample, 1).tolist()
    ([[True, True, True, False]], [[True, False, False, False]])
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

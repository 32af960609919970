"""How a trained network looks at places of any size, wherever they lie."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final, Self

import numpy as np

from entropice.imagery.check_data import STATISTICS_FILE
from entropice.imagery.inference_augmentation import averaged
from entropice.imagery.loading import of_bands
from entropice.imagery.normalisation import standardised
from entropice.imagery.samples import Place, Sample, Scenery
from entropice.imagery.sensors import known_pixels
from entropice.imagery.statistics import BandStatistics
from entropice.imagery.statistics_document import from_document
from entropice.imagery.windows import Predict, sliding
from entropice.io.networks import TrainedNetwork
from entropice.networks.export import require_statistics
from entropice.pipelines.kinds.mask.evaluation.models import network_logits
from entropice.pipelines.kinds.mask.evaluation.parameters import EvaluationParameters
from entropice.pipelines.kinds.mask.parameters import MaskSampleParameters
from entropice.pipelines.training.parameters import TrainingParameters
from entropice.sha256 import sha256_of_value
from entropice.types import BoolArray, Float32Array

BYTES_PER_VALUE: Final = 40
"""Of an image of one band: as it is drawn, seen, standardised, filled up and averaged."""

ACTIVATIONS_PER_PIXEL: Final = 4000
"""Bytes that a network needs for each pixel that it sees at once."""


@dataclass(frozen=True)
class Seen:
    """A place as the network has seen it.

    Attributes
    ----------
    sample
        What was shown, with its truth where somebody knows it.
    is_known
        (row, column) where a sensor knows the image.
    logits
        (row, column) raw, NaN where it does not.
    """

    sample: Sample
    is_known: BoolArray
    logits: Float32Array


@dataclass(frozen=True)
class Looking:
    """What looks, at what, and how; it can be sent to another process.

    Attributes
    ----------
    scenery
        Shows places.
    network, statistics
        What looks at them.
    samples, training, evaluation
        How they are learned from.
    window_px, overlap_px
        Edge of what the network sees at once, and the least overlap of neighbouring windows.
    """

    scenery: Scenery
    network: TrainedNetwork
    statistics: BandStatistics
    samples: MaskSampleParameters
    training: TrainingParameters
    evaluation: EvaluationParameters
    window_px: int
    overlap_px: int

    @classmethod
    def of(
        cls,
        scenery: Scenery,
        network: TrainedNetwork,
        statistics: Mapping[str, Any],
        samples: MaskSampleParameters,
        training: TrainingParameters,
        evaluation: EvaluationParameters,
        window_px: int,
        overlap_px: int,
    ) -> Self:
        """From the document of statistics; what it looks at and with is kept as it is, and nothing is computed.

        Raises
        ------
        ModelFileError
            The network was trained with other statistics.
        InputFileError
            The statistics are of other bands or another version of the data.
        """
        require_statistics(network.checkpoint, sha256_of_value(statistics), network.path)
        bands = network.checkpoint.specification.bands
        measured = from_document(statistics, STATISTICS_FILE, samples.statistics.dataset_version, bands)
        return cls(scenery, network, measured, samples, training, evaluation, window_px, overlap_px)

    @cached_property
    def predict(self) -> Predict:
        """The network on images of any size; made once in every process.

        It takes a standardised image (band, row, column) and which of its pixels are known (1, row, column), and gives
        raw logits (row, column), NaN where a pixel is not known: windows overlap, and each pixel is their mean,
        weighted by sin² along both edges (`entropice.imagery.windows.window_weight`).

        Raises
        ------
        ConfigError
            The overlap is not smaller than the window, or what is averaged is not known.
        """
        logits = network_logits(self.network, self.training, self.evaluation)
        looks = averaged(lambda values, _: logits(values), self.evaluation.test_time, self.window_px)
        return sliding(looks, self.window_px, self.overlap_px, self.evaluation.batch_size)

    def at(self, place: Place) -> Seen:
        """A place as the network sees it; nothing is asked of the network where no sensor knows any of it.

        What comes back is the sample, which pixels (row, column) are known, and raw logits (row, column), float32, NaN
        where they are not.

        Raises
        ------
        ConfigError
            The scenery lacks a band that cannot be derived, or cannot show such a place.
        """
        sample = self.scenery.at(place)
        bands = self.network.checkpoint.specification.bands
        image = of_bands(sample.image, bands, sample.place.pixel_m, self.samples.derivation)
        is_known = known_pixels(image, self.samples.seen_by)
        if not is_known.any():
            return Seen(sample, is_known, np.full(is_known.shape, np.nan, dtype=np.float32))
        return Seen(sample, is_known, self.predict(standardised(image, self.statistics), is_known[None]))

    def n_values(self, n_pixels: int) -> int:
        """Values in an image of a place with such an edge: bands × pixels."""
        return len(self.network.checkpoint.specification.bands) * n_pixels**2

    def n_bytes(self, n_pixels: int) -> int:
        """Peak memory of looking at it, in bytes: the image in all of its forms, and one batch of windows.

        40 bytes for each of `n_values`, and 4000 for each pixel of a batch of windows (``batch_size · window_px²``).
        """
        n_at_once = self.evaluation.batch_size * self.window_px**2
        return self.n_values(n_pixels) * BYTES_PER_VALUE + n_at_once * ACTIVATIONS_PER_PIXEL

"""What a network finds in one tile: a piece of work that can be sent anywhere."""

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import shapely

from entropice.imagery.found_objects import AreaCalibration, Marking, found_objects, outlines_of
from entropice.imagery.inference_augmentation import averaged
from entropice.imagery.loading import of_bands
from entropice.imagery.normalisation import standardised
from entropice.imagery.objects import is_right, overlap_of
from entropice.imagery.samples import Image, Place, Sample, Scenery
from entropice.imagery.sensors import known_pixels
from entropice.imagery.statistics import BandStatistics
from entropice.imagery.windows import Predict, sliding
from entropice.io.networks import TrainedNetwork
from entropice.pipelines.kinds.mask.evaluation.models import network_logits
from entropice.pipelines.kinds.mask.evaluation.parameters import EvaluationParameters
from entropice.pipelines.kinds.mask.parameters import MaskSampleParameters
from entropice.pipelines.mapping.parameters import MappingParameters
from entropice.pipelines.training.parameters import TrainingParameters
from entropice.tiles.plan import Arrays
from entropice.types import BoolArray, Float32Array, Geometries, IntArray

if TYPE_CHECKING:
    from numpy.typing import NDArray

    ByteArray = NDArray[np.uint8]
else:
    ByteArray = Any

UNKNOWN: Final = -1


@dataclass(frozen=True)
class MappingJob:
    """What all tiles have in common.

    Attributes
    ----------
    scenery
        Shows places.
    network, statistics
        What looks at them.
    samples, training, evaluation, mapping
        How it looks.
    marking, areas
        What an object is, and how large it is.
    """

    scenery: Scenery
    network: TrainedNetwork
    statistics: BandStatistics
    samples: MaskSampleParameters
    training: TrainingParameters
    evaluation: EvaluationParameters
    mapping: MappingParameters
    marking: Marking
    areas: AreaCalibration

    @cached_property
    def predict(self) -> Predict:
        """The network on images of any size; made once in every process."""
        logits = network_logits(self.network, self.training, self.evaluation)
        window_px = self.mapping.window_px
        looks = averaged(lambda values, _: logits(values), self.evaluation.test_time, window_px)
        return sliding(looks, window_px, self.mapping.overlap_px, self.evaluation.batch_size)

    def seen(self, sample: Sample) -> Image:
        """The bands that the network knows."""
        bands = self.network.checkpoint.specification.bands
        return of_bands(sample.image, bands, sample.place.pixel_m, self.samples.derivation)


def map_tile(job: MappingJob, place: Place) -> Arrays:
    """Objects (n,) of a tile, and what was seen of it.

    Returns
    -------
    Mapping
        ``mean_logit n_pixels extent_m area_m2 area_variance_m4 chance_mean chance_max chance_sd`` (n,),
        ``is_true`` (n,): 1, 0, or -1 where nobody knows;
        ``outlines`` and ``seen``: WKB of all end to end, uint8, with ``outline_ends`` and ``seen_ends``.
    """
    sample = job.scenery.at(place)
    image = job.seen(sample)
    is_known = known_pixels(image, job.samples.sensors)
    logits = job.predict(standardised(image, job.statistics), is_known[None]) if is_known.any() else _unknown(is_known)
    found = found_objects(logits, is_known, place, job.marking, job.areas)
    outlines, ends = _end_to_end(found.outlines)
    seen, seen_ends = _end_to_end(outlines_of(np.asarray(is_known, dtype=np.int32), place))
    return {
        "mean_logit": found.mean_logit,
        "n_pixels": found.n_pixels,
        "extent_m": found.extent_m,
        "area_m2": found.area_m2,
        "area_variance_m4": found.area_variance_m4,
        "chance_mean": found.chance_mean,
        "chance_max": found.chance_max,
        "chance_sd": found.chance_sd,
        "is_true": _truth(sample, logits, is_known, job.marking, job.evaluation.objects.true_at),
        "outlines": outlines,
        "outline_ends": ends,
        "seen": seen,
        "seen_ends": seen_ends,
    }


def geometries_of(wkb: ByteArray, ends: IntArray) -> Geometries:
    """Geometries (n,) that were laid end to end."""
    parts = np.split(wkb, ends)[:-1]
    return np.asarray(shapely.from_wkb([part.tobytes() for part in parts]), dtype=object)


def _truth(sample: Sample, logits: Float32Array, is_known: BoolArray, rules: Marking, true_at: float) -> IntArray:
    marked = np.nan_to_num(logits, nan=-np.inf) >= rules.threshold
    overlap = overlap_of(marked, sample.target.astype(bool), sample.scored & is_known, rules.min_pixels)
    return np.where(overlap.predicted.is_judged, is_right(overlap, true_at), UNKNOWN).astype(np.int64)


def _unknown(is_known: BoolArray) -> Float32Array:
    return np.full(is_known.shape, np.nan, dtype=np.float32)


def _end_to_end(geometries: Geometries) -> tuple[ByteArray, IntArray]:
    pieces = [shapely.to_wkb(geometry) for geometry in geometries]
    ends = np.cumsum([len(piece) for piece in pieces], dtype=np.int64)
    return np.frombuffer(b"".join(pieces), dtype=np.uint8), ends

"""What a network finds in one tile: a piece of work that can be sent anywhere."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from entropice.imagery.found_objects import AreaCalibration, Marking, found_objects, outlines_of
from entropice.imagery.objects import is_right, overlap_of
from entropice.imagery.packed_outlines import packed
from entropice.imagery.samples import Place
from entropice.pipelines.kinds.mask.looking import Looking, Seen
from entropice.tiles.plan import Arrays
from entropice.types import IntArray

UNKNOWN: Final = -1


@dataclass(frozen=True)
class MappingJob:
    """What all tiles have in common.

    Attributes
    ----------
    looking
        How tiles are looked at.
    marking, areas
        What an object is, and how large it is.
    """

    looking: Looking
    marking: Marking
    areas: AreaCalibration


def map_tile(job: MappingJob, place: Place) -> Arrays:
    """Objects (n,) of a tile, and what was seen of it.

    `place` is a tile in a year; an object is cut at its edge. Areas are those of EPSG:3413, not true ones; logits are
    raw, chances those of an object's pixels, and ``extent_m`` is how far it reaches at most.

    Returns
    -------
    Mapping
        ``mean_logit n_pixels extent_m area_m2 area_variance_m4 chance_mean chance_max chance_sd`` (n,), ``is_true``
        (n,): 1 where it is matched, each with one true object at most, at an IoU of ``true_at`` or more, 0 where not,
        or −1 where more than half of its pixels have no truth that counts; ``outlines`` and ``seen``: WKB of all end to
        end, uint8, with ``outline_ends`` and ``seen_ends``, where each stops.

    Raises
    ------
    ConfigError
        The scenery lacks a band that cannot be derived, or cannot show such a place.
    """
    tile = job.looking.at(place)
    found = found_objects(tile.logits, tile.is_known, place, job.marking, job.areas)
    outlines, ends = packed(found.outlines)
    seen, seen_ends = packed(outlines_of(np.asarray(tile.is_known, dtype=np.int32), place))
    return {
        "mean_logit": found.mean_logit,
        "n_pixels": found.n_pixels,
        "extent_m": found.extent_m,
        "area_m2": found.area_m2,
        "area_variance_m4": found.area_variance_m4,
        "chance_mean": found.chance_mean,
        "chance_max": found.chance_max,
        "chance_sd": found.chance_sd,
        "is_true": _truth(tile, job.marking, job.looking.evaluation.objects.true_at),
        "outlines": outlines,
        "outline_ends": ends,
        "seen": seen,
        "seen_ends": seen_ends,
    }


def _truth(tile: Seen, rules: Marking, true_at: float) -> IntArray:
    marked = np.nan_to_num(tile.logits, nan=-np.inf) >= rules.threshold
    sample = tile.sample
    overlap = overlap_of(marked, sample.target.astype(bool), sample.scored & tile.is_known, rules.min_pixels)
    return np.where(overlap.predicted.is_judged, is_right(overlap, true_at), UNKNOWN).astype(np.int64)

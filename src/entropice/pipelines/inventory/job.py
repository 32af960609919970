"""What a network finds on the ground of one tile of a region, and what is there: work that can be sent anywhere."""

from dataclasses import dataclass

import numpy as np

from entropice.imagery.found_objects import AreaCalibration, Marking, marked_objects, outlines_of, zones_of
from entropice.imagery.inventory.pieces import Core, is_beside_unknown, sums_by_label
from entropice.imagery.objects import Objects, find_objects
from entropice.imagery.packed_outlines import packed
from entropice.pipelines.kinds.mask.looking import Looking, Seen
from entropice.tiles.plan import Arrays
from entropice.types import BoolArray, FloatArray


@dataclass(frozen=True)
class InventoryJob:
    """What all tiles have in common.

    Attributes
    ----------
    looking
        How tiles are looked at.
    marking, areas
        What an object is, and what its logits say of its area.
    """

    looking: Looking
    marking: Marking
    areas: AreaCalibration


def survey_tile(job: InventoryJob, core: Core) -> Arrays:
    """Pieces (n,) of objects on the ground of a tile, found and true.

    The tile is seen with its margin, so that an object at its border is the same as its neighbour sees it; sums count
    pixels of its own ground alone. True objects are those of pixels whose truth is known.

    Returns
    -------
    Mapping
        ``found_…`` and ``true_…``: ``n_pixels`` on the tile's ground, ``is_beside_unknown``, and ``outlines``, WKB of
        all end to end, uint8, with ``ends``, where each stops, as seen with the margin in EPSG:3413; ``found_logit_sum
        found_chance_sum`` over pixels on its ground, ``found_n_expected found_n_in_doubt`` over those of zones;
        ``knows_truth`` (), whether the truth is known of all that was seen of its ground (True of none), and ``n_seen``
        ().

    Raises
    ------
    ConfigError
        The scenery lacks a band that cannot be derived, or cannot show such a place.
    """
    seen = job.looking.at(core.seen)
    found, true = marked_objects(seen.logits, seen.is_known, job.marking), _true_objects(seen)
    ground = np.zeros(seen.is_known.shape, dtype=bool)
    ground[core.pixels] = True
    return {
        **{f"found_{name}": values for name, values in _pieces(found, seen, ground, core, job).items()},
        **{f"found_{name}": values for name, values in _evidence(found, seen, ground, job).items()},
        **{f"true_{name}": values for name, values in _pieces(true, seen, ground, core, job).items()},
        "knows_truth": np.array(seen.sample.scored[ground & seen.is_known].all()),
        "n_seen": np.array((seen.is_known & ground).sum()),
    }


def _true_objects(seen: Seen) -> Objects:
    is_judged = seen.sample.scored & seen.is_known
    return find_objects(seen.sample.target.astype(bool) & is_judged, is_judged)


def _pieces(objects: Objects, seen: Seen, ground: BoolArray, core: Core, job: InventoryJob) -> Arrays:
    n_objects = len(objects.n_pixels)
    outlines, ends = packed(outlines_of(objects.labels, core.seen))
    counted = sums_by_label(objects.labels, n_objects, {"n_pixels": ground.astype(np.float64)})
    beside = is_beside_unknown(objects.labels, n_objects, seen.is_known, job.marking.reach_px)
    return {**counted, "is_beside_unknown": beside, "outlines": outlines, "ends": ends}


def _evidence(found: Objects, seen: Seen, ground: BoolArray, job: InventoryJob) -> Arrays:
    n_objects, zones = len(found.n_pixels), zones_of(found.labels, job.marking.reach_px)
    # Pixels of the margin count 0 here, and fully in the tile whose ground they are: sums over tiles are right.
    chances = np.where(ground, job.areas.chances(seen.logits), 0.0)
    logits: FloatArray = np.where(ground, seen.logits, 0.0).astype(np.float64)
    of_pixels = sums_by_label(found.labels, n_objects, {"logit_sum": logits, "chance_sum": chances})
    of_zones = {"n_expected": chances, "n_in_doubt": chances * (1 - chances)}
    return {**of_pixels, **sums_by_label(zones, n_objects, of_zones)}

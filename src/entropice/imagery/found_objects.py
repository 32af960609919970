"""Objects that a model marks in an image, as outlines with their evidence and their calibrated area.

The pixels above a threshold are too few or too many: what an object covers is the sum of calibrated chances over its
*zone*, the object and the ground near it that its vague edge may reach, nearer to it than to any other object.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import shapely
from rasterio.features import shapes
from rasterio.transform import from_origin
from scipy import ndimage
from scipy.special import expit

from entropice.imagery.calibration import Calibration
from entropice.imagery.object_sizes import largest_extents_m
from entropice.imagery.objects import Labels, Objects, find_objects, mean_logits
from entropice.imagery.samples import Place
from entropice.imagery.sightings import calibrated_areas_m2
from entropice.types import BoolArray, Float32Array, FloatArray, Geometries, IntArray

_EIGHT_NEIGHBOURS: Final = 8
_STATISTICS: Final = (ndimage.mean, ndimage.maximum, ndimage.standard_deviation)


@dataclass(frozen=True)
class Marking:
    """What makes pixels an object, and how far it may reach.

    Attributes
    ----------
    threshold
        Raw logit at or above which a pixel is marked.
    min_pixels
        Smaller objects are none.
    reach_px
        How far a zone reaches beyond its object.
    """

    threshold: float
    min_pixels: int
    reach_px: int


@dataclass(frozen=True)
class AreaCalibration:
    """What chances of pixels in zones say of areas.

    Attributes
    ----------
    line
        Calibrates raw logits among pixels of zones, at the ratio that zones have.
    n_correlated_pixels
        Neighbouring pixels that err together, 1 or more.
    """

    line: Calibration
    n_correlated_pixels: float

    def chances(self, logits: FloatArray | Float32Array) -> FloatArray:
        """Calibrated chances of any shape, float64; NaN stays.

        Examples
        --------
        >>> areas = AreaCalibration(Calibration(slope=2.0, intercept=0.0, ratio=1.0), 1.0)
        >>> areas.chances(np.array([0.0, np.log(3) / 2, np.nan])).round(6).tolist()
        [0.5, 0.75, nan]
        """
        return np.asarray(expit(self.line.logits_at(np.asarray(logits, dtype=np.float64), self.line.ratio)))


@dataclass(frozen=True)
class FoundObjects:
    """Objects (n,) of an image.

    Attributes
    ----------
    mean_logit
        Raw, over the pixels of each.
    n_pixels, extent_m
        Marked pixels of each, and how far they reach at most (`object_sizes.largest_extents_m`).
    area_m2, area_variance_m4
        Expected area a² Σ p over the zone of each, and its variance k a⁴ Σ p (1 − p)
        (`sightings.calibrated_areas_m2`); in the plane of EPSG:3413, as ``extent_m`` is. On the ground areas are
        these over the square of `entropice.dggs.polar.scale_at`.
    chance_mean, chance_max, chance_sd
        Of the marked pixels of each, calibrated among pixels of zones; the deviation's divisor is their number.
    outlines
        Polygons of the marked pixels, EPSG:3413.
    """

    mean_logit: FloatArray
    n_pixels: IntArray
    extent_m: FloatArray
    area_m2: FloatArray
    area_variance_m4: FloatArray
    chance_mean: FloatArray
    chance_max: FloatArray
    chance_sd: FloatArray
    outlines: Geometries


def marked_objects(logits: Float32Array, is_known: BoolArray, rules: Marking) -> Objects:
    """Connected pixels at or above the threshold, of logits and knowledge (row, column); what is NaN is not marked.

    Pixels that touch at a corner are connected; objects of fewer than ``rules.min_pixels`` are left out.

    `is_known` marks nothing and leaves nothing out: it is what ``n_scored`` of the objects counts.

    Examples
    --------
    >>> logits = np.array([[1.0, 0.0, np.nan, 2.0, -1.0, 3.0]], np.float32)
    >>> marked_objects(logits, ~np.isnan(logits), Marking(threshold=1.0, min_pixels=1, reach_px=2)).labels.tolist()
    [[1, 0, 0, 2, 0, 3]]
    """
    return find_objects(np.nan_to_num(logits, nan=-np.inf) >= rules.threshold, is_known, rules.min_pixels)


def zones_of(labels: Labels, reach_px: int) -> Labels:
    """Each object (1 … n) with the pixels within reach that are nearest to it; 0 elsewhere.

    Distances are those between middles of pixels; one that is exactly `reach_px` away is within reach. Of a pixel as
    near to two objects the zone is one of theirs, the same in every run. int32 (row, column).

    Examples
    --------
    >>> zones_of(np.array([[1, 0, 0, 0, 0, 2]], np.int32), reach_px=1).tolist()
    [[1, 1, 0, 0, 2, 2]]
    >>> zones_of(np.array([[1, 0, 0, 0, 0, 2]], np.int32), reach_px=5).tolist()
    [[1, 1, 1, 2, 2, 2]]
    """
    if not labels.any():
        return labels
    distance_px, nearest = ndimage.distance_transform_edt(labels == 0, return_indices=True)
    return np.where(distance_px <= reach_px, labels[tuple(nearest)], 0).astype(np.int32)


def found_objects(
    logits: Float32Array, is_known: BoolArray, place: Place, rules: Marking, areas: AreaCalibration
) -> FoundObjects:
    """Objects of one image, with what is expected of their areas.

    Parameters
    ----------
    logits, is_known
        (row, column); raw logits, NaN where not known.
    place
        Of the image; areas, extents and outlines are in its plane, EPSG:3413.
    rules
        What makes pixels an object, and the zones in which areas are summed.
    areas
        Chances of pixels of zones.

    Returns
    -------
    FoundObjects
        In the order of the labels of `marked_objects`; empty arrays where nothing is marked.

    Examples
    --------
    Two pixels are marked; with the one within reach of them, whose chance is one quarter, they cover 100 m² · (¾ + ¾ +
    ¼).

    >>> logits = np.log(np.array([[3.0, 3.0, 1 / 3, 1 / 3]], np.float32))
    >>> areas = AreaCalibration(Calibration(slope=1.0, intercept=0.0, ratio=1.0), n_correlated_pixels=1.0)
    >>> place, rules = Place(0.0, 10.0, 10.0, 4, 2020), Marking(threshold=0.0, min_pixels=1, reach_px=1)
    >>> found = found_objects(logits, ~np.isnan(logits), place, rules, areas)
    >>> found.n_pixels.tolist(), found.area_m2.round(3).tolist(), found.area_variance_m4.round(3).tolist()
    ([2], [175.0], [5625.0])
    """
    objects = marked_objects(logits, is_known, rules)
    zones, chances = zones_of(objects.labels, rules.reach_px), areas.chances(logits)
    area_m2, variance_m4 = calibrated_areas_m2(chances, zones, place.pixel_m, areas.n_correlated_pixels)
    extent_m = largest_extents_m(objects, place.pixel_m)
    mean, largest, spread = (_of_each(statistic, chances, objects) for statistic in _STATISTICS)
    outlines = outlines_of(objects.labels, place)
    return FoundObjects(
        mean_logits(logits, objects), objects.n_pixels, extent_m, area_m2, variance_m4, mean, largest, spread, outlines
    )


def _of_each(statistic: Callable[..., Any], values: FloatArray, objects: Objects) -> FloatArray:
    numbers = np.arange(1, len(objects.n_pixels) + 1)
    return np.asarray(statistic(values, objects.labels, numbers), dtype=np.float64)


def outlines_of(labels: Labels, place: Place) -> Geometries:
    """Polygons or multipolygons (n,) of objects 1 … n along the edges of their pixels, EPSG:3413.

    An object whose pixels touch at corners alone is one of several parts. Where a number between is missing, its
    outline is empty.

    Examples
    --------
    >>> from entropice.imagery.samples import Place
    >>> labels = np.array([[1, 1], [0, 2]], np.int32)
    >>> [outline.area for outline in outlines_of(labels, Place(0.0, 20.0, 10.0, 2, 2020))]
    [200.0, 100.0]
    """
    n_objects = int(labels.max(initial=0))
    transform = from_origin(place.left_m, place.top_m, place.pixel_m, place.pixel_m)
    pieces: list[list[shapely.Polygon]] = [[] for _ in range(n_objects)]
    for shape, label in shapes(labels, mask=labels > 0, connectivity=_EIGHT_NEIGHBOURS, transform=transform):
        # Pixels that meet at a corner make an outline that touches itself, which is not valid.
        pieces[int(label) - 1].append(shapely.make_valid(shapely.geometry.shape(shape)))
    return np.array([shapely.union_all(of_object) for of_object in pieces], dtype=object)

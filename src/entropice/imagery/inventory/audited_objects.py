"""What is found in audited images beside what is there: all that a calibration of objects is fitted to."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from entropice.dggs.polar import scale_at
from entropice.imagery.area_calibration import Judged, Zone, pixels_of_zones
from entropice.imagery.found_objects import Marking, marked_objects, outlines_of, zones_of
from entropice.imagery.inventory.overlaps import Pairs
from entropice.imagery.objects import Objects, find_objects, mean_logits
from entropice.imagery.samples import Place
from entropice.types import FloatArray, Geometries, IntArray


@dataclass(frozen=True)
class AuditedImage:
    """Found objects (n_found,) of one image, and what is there.

    Attributes
    ----------
    place
        Where and when it was taken.
    zones
        Raw logits and truth (n_pixel,) of the pixels that count in the zone of each found object.
    outlines, mean_logit, n_pixels
        Of found objects: polygons in EPSG:3413, mean raw logit, and marked pixels.
    true_m2
        Area of what each found object stands for, on the ground; 0 of a false one.
    all_true_m2
        Area of all that is there, found or not, on the ground.
    """

    place: Place
    zones: list[Zone]
    outlines: Geometries
    mean_logit: FloatArray
    n_pixels: IntArray
    true_m2: FloatArray
    all_true_m2: float

    @property
    def pixel_m2(self) -> float:
        """Area of a pixel on the ground, m²: `ground_pixel_m2` of the place."""
        return ground_pixel_m2(self.place)


def ground_pixel_m2(place: Place) -> float:
    """Area on the ground in m² of a pixel in the middle of a place: (``pixel_m`` / k)², k the scale of EPSG:3413 there.

    k is `entropice.dggs.polar.scale_at` of `Place.centre_m`.

    Examples
    --------
    At the pole lengths in EPSG:3413 are 0.97 of those on the ground:

    >>> round(ground_pixel_m2(Place(-20.0, 20.0, 10.0, 4, 2020)), 1)
    106.3
    """
    scale = float(scale_at(np.array([place.centre_m]))[0])
    return (place.pixel_m / scale) ** 2


def audited_image(image: Judged, place: Place, rules: Marking, min_overlap: float) -> AuditedImage:
    """Found and true objects of an image whose truth can be trusted.

    Parameters
    ----------
    image
        Raw logits, truth, and where it counts, each (row, column). Truth elsewhere is none.
    place
        Of the image.
    rules
        What makes pixels a found object, and how far its zone reaches. True objects may be of one pixel. What is NaN is
        not marked.
    min_overlap
        Least part of the smaller one that a found and a true object share.

    Returns
    -------
    AuditedImage
        By `pairs_of_pixels` of objects whose pixels touch by an edge or a corner: a found object stands for the
        `Pairs.true_areas` of what it belongs to. Without a found object its arrays are empty.

    Examples
    --------
    The found object covers two of four true pixels, and stands for all of them; its zone reaches one pixel further.

    >>> truth = np.array([[1, 1, 1, 1, 0, 0]], dtype=bool)
    >>> logits = np.array([[1.0, 1.0, -1.0, -1.0, -1.0, -1.0]], np.float32)
    >>> place, rules = Place(-30.0, 30.0, 10.0, 6, 2020), Marking(threshold=0.0, min_pixels=1, reach_px=1)
    >>> image = audited_image((logits, truth, np.ones_like(truth)), place, rules, min_overlap=0.5)
    >>> (image.true_m2 / image.pixel_m2).round(6).tolist(), [len(values) for values, _ in image.zones]
    ([4.0], [3])
    """
    logits, truth, is_scored = image
    found, true = marked_objects(logits, is_scored, rules), find_objects(truth & is_scored, is_scored)
    pairs, pixel_m2 = pairs_of_pixels(found, true, min_overlap), ground_pixel_m2(place)
    return AuditedImage(
        place=place,
        zones=pixels_of_zones(image, zones_of(found.labels, rules.reach_px)),
        outlines=outlines_of(found.labels, place),
        mean_logit=mean_logits(logits, found),
        n_pixels=found.n_pixels,
        true_m2=pairs.true_areas(len(found.n_pixels), pixel_m2 * true.n_pixels.astype(np.float64)),
        all_true_m2=float(true.n_pixels.sum() * pixel_m2),
    )


def pairs_of_pixels(found: Objects, true: Objects, min_overlap: float) -> Pairs:
    """`entropice.imagery.inventory.overlaps.pairs_of` of objects of one image.

    Parameters
    ----------
    found, true
        Of masks of one shape. All pixels count, also those that are not scored.
    min_overlap
        Least part of the smaller one's pixels that both share, above 0 and at most 1; exactly as much is enough.

    Returns
    -------
    Pairs
        Positions from 0 in both; what is shared in pixels.

    Examples
    --------
    >>> masks = np.array([[1, 1, 0, 0]], dtype=bool), np.array([[0, 1, 1, 0]], dtype=bool)
    >>> found, true = (find_objects(mask, mask) for mask in masks)
    >>> [len(pairs_of_pixels(found, true, share).found) for share in (0.5, 0.51)]
    [1, 0]
    """
    both = (found.labels > 0) & (true.labels > 0)
    codes, shared = np.unique(
        (found.labels[both].astype(np.int64) - 1) * max(len(true.n_pixels), 1) + true.labels[both] - 1,
        return_counts=True,
    )
    one, other = np.divmod(codes, max(len(true.n_pixels), 1))
    is_pair = shared >= min_overlap * np.minimum(found.n_pixels[one], true.n_pixels[other])
    return Pairs(one[is_pair], other[is_pair], shared[is_pair].astype(np.float64))


def stacked(images: Sequence[AuditedImage], name: str) -> FloatArray:
    """An attribute (n_found,) of all objects of all images, end to end in their order; empty without any.

    Parameters
    ----------
    name
        ``mean_logit``, ``n_pixels`` or ``true_m2``. Whole numbers become float64.
    """
    return np.concatenate([np.empty(0), *(getattr(image, name) for image in images)])

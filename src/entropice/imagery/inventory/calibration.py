"""All that turns logits of whole regions into an inventory, fitted on audited validation images.

Labels of hands in a hurry are too small, and so would be every area that rests on them; audited images were drawn again
with care. Four things follow from them: the chance of each pixel in the zone of a true object (Platt's line), how far
areas made of these chances are off (`area_errors`), the chance that a found object is a true one, and by how much the
sum of all areas is off that were found, weighted by these chances, because something was missed.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Self

import numpy as np

from entropice.imagery.area_calibration import zone_line
from entropice.imagery.calibration import Calibration
from entropice.imagery.found_objects import AreaCalibration
from entropice.imagery.inventory.area_errors import AreaErrors, FoundAreas, fit_area_errors, require_objects
from entropice.imagery.inventory.audited_objects import AuditedImage, stacked
from entropice.imagery.inventory.object_chances import ObjectChances, fit_object_chances
from entropice.imagery.sightings import same_objects
from entropice.types import BoolArray, FloatArray, IntArray


@dataclass(frozen=True)
class TotalFactor:
    """What sums of p Â are multiplied by, with its standard deviation by drawing whole images, or blocks of them."""

    factor: float
    sd: float


@dataclass(frozen=True)
class InventoryCalibration:
    """What was fitted.

    Attributes
    ----------
    pixels
        Chances of pixels in zones of true objects.
    errors
        Of areas made of these.
    objects
        Chance that a found object is true, at the share of true ones among those of the audited images.
    total
        Of what is found to what is there.
    """

    pixels: AreaCalibration
    errors: AreaErrors
    objects: ObjectChances
    total: TotalFactor

    def to_json(self) -> dict[str, Any]:
        """Return a JSON document that `from_json` reads back exactly.

        ``pixels errors objects total``: what the parts' own `to_json` give, and ``factor`` and ``sd`` of the total.
        """
        return {
            "pixels": self.pixels.line.to_json(),
            "errors": self.errors.to_json(),
            "objects": self.objects.to_json(),
            "total": {"factor": self.total.factor, "sd": self.total.sd},
        }

    @classmethod
    def from_json(cls, document: dict[str, Any]) -> Self:
        """Rebuild what `to_json` wrote; other entries beside the four are left alone.

        Raises
        ------
        KeyError, TypeError
            An entry is missing, or one of the four holds another one.
        """
        return cls(
            AreaCalibration(Calibration.from_json(document["pixels"]), 1.0),
            AreaErrors.from_json(document["errors"]),
            ObjectChances.from_json(document["objects"]),
            TotalFactor(**document["total"]),
        )


def fit_inventory(images: Sequence[AuditedImage], min_overlap: float, weights: FloatArray) -> InventoryCalibration:
    """Fit all of it.

    Parameters
    ----------
    images
        Audited validation images, one or more.
    min_overlap
        Least part of the smaller outline that two years of one object share.
    weights
        (n_replicate, n_image) how often each replicate holds an image; alike in images that are no evidence apart.

    Returns
    -------
    InventoryCalibration
        The factor of the total is Σ true area / Σ P sÂ over all images, P the chance that an object is true and sÂ its
        area; its standard deviation (divisor n) is that of the same quotient over replicates, without those in which
        nothing was found, and NaN without any. Pixels are calibrated by `zone_line` of the zones of true objects, areas
        by `fit_area_errors` of these with the pairs of `same_objects` in years that follow one another, and chances by
        `fit_object_chances` of all found objects.

    Raises
    ------
    LabelError
        Fewer than five true objects were found, or logits tell nothing.
    """
    true_m2 = stacked(images, "true_m2")
    is_true = true_m2 > 0
    require_objects(int(is_true.sum()))
    zones = [zone for image in images for zone in image.zones]
    pixels = AreaCalibration(zone_line([zone for zone, true in zip(zones, is_true, strict=True) if true]), 1.0)
    found = found_areas(images, pixels)
    errors = fit_area_errors(_chosen(found, is_true), true_m2[is_true], _same(images, is_true, min_overlap))
    mean_logit, n_pixels = (stacked(images, name) for name in ("mean_logit", "n_pixels"))
    objects = fit_object_chances(mean_logit, n_pixels, is_true)
    expected = objects.of(mean_logit, n_pixels) * errors.scale * found.expected_m2
    return InventoryCalibration(pixels, errors, objects, _total(images, expected, weights))


def found_areas(images: Sequence[AuditedImage], pixels: AreaCalibration) -> FoundAreas:
    """Areas (n,) of all found objects of all images, end to end, by chances of their zones' pixels.

    N = Σ p and D = Σ p (1 − p) of each; a zone without a pixel that counts has 0 of both.

    Examples
    --------
    >>> zone = np.log(np.array([3.0, 1.0])), np.array([True, False])
    >>> from entropice.imagery.samples import Place
    >>> place = Place(-30.0, 30.0, 10.0, 6, 2020)
    >>> image = AuditedImage(place, [zone], None, np.array([0.5]), np.array([1]), np.array([100.0]), 100.0)
    >>> found = found_areas([image], AreaCalibration(Calibration(1.0, 0.0, 1.0), 1.0))
    >>> found.n_expected.round(6).tolist(), found.n_in_doubt.round(6).tolist()
    ([1.25], [0.4375])
    """
    chances = [pixels.chances(logits) for image in images for logits, _ in image.zones]
    return FoundAreas(
        np.concatenate([np.full(len(image.zones), image.pixel_m2) for image in images]),
        np.array([p.sum() for p in chances]),
        np.array([(p * (1 - p)).sum() for p in chances]),
    )


def _chosen(found: FoundAreas, which: BoolArray) -> FoundAreas:
    return FoundAreas(found.pixel_m2[which], found.n_expected[which], found.n_in_doubt[which])


def _same(images: Sequence[AuditedImage], is_true: BoolArray, min_overlap: float) -> IntArray:
    """Positions (n_pair, 2) among true objects of one seen in two years that follow one another."""
    outlines = np.concatenate([image.outlines for image in images])[is_true]
    years = np.repeat([image.place.year for image in images], [len(image.outlines) for image in images])[is_true]
    numbers = same_objects(outlines, years, min_overlap)
    # By object, then year: neighbours are sightings that follow one another; two pieces in one year are no pair.
    order = np.lexsort([years, numbers])
    follows = (np.diff(numbers[order]) == 0) & (np.diff(years[order]) > 0)
    return np.column_stack([order[:-1][follows], order[1:][follows]])


def _total(images: Sequence[AuditedImage], expected_m2: FloatArray, weights: FloatArray) -> TotalFactor:
    numbers = np.repeat(np.arange(len(images)), [len(image.zones) for image in images])
    # By image, as what is drawn are images: objects of one are wrong together.
    by_image = np.bincount(numbers, weights=expected_m2, minlength=len(images))
    true = np.array([image.all_true_m2 for image in images])
    said = weights @ by_image
    # Blocks may be drawn among which nothing was found: they have no factor.
    replicates = (weights @ true)[said > 0] / said[said > 0]
    return TotalFactor(float(true.sum() / by_image.sum()), float(replicates.std()))

"""How areas of objects follow from logits of their pixels, fitted on validation images.

Pixels of zones are far more often positive than pixels of land, so they have a calibration of their own: Platt's line
at the ratio that zones have, false objects among them. An object's area errs by more than its pixels would if each
erred for itself; by how much,

    k = Σ (Â − A)² / Σ a⁴ Σ p (1 − p),

is the number of neighbouring pixels that err together (at least 1), by the method of moments over validation zones.
"""

from collections.abc import Iterable, Sequence
from typing import Final

import numpy as np

from entropice.errors import LabelError
from entropice.imagery.calibration import Calibration, fit_line
from entropice.imagery.found_objects import AreaCalibration, Marking, marked_objects, zones_of
from entropice.imagery.objects import Labels
from entropice.imagery.score_histograms import score_counts, steps_of_counts
from entropice.types import BoolArray, Float32Array, FloatArray, IntArray

MIN_ZONES: Final = 3

Judged = tuple[Float32Array, BoolArray, BoolArray]
"""Raw logits, truth, and where it counts, each (row, column)."""

Zone = tuple[FloatArray, BoolArray]
"""Raw logits and truth, each (n_pixel,)."""


def fit_areas(images: Iterable[Judged], rules: Marking) -> tuple[AreaCalibration, int]:
    """Calibrate areas, and the number of zones that this rests on.

    Parameters
    ----------
    images
        Validation images: raw logits, truth, and where it counts, each (row, column).
    rules
        What makes an object, and how far its zone reaches.

    Returns
    -------
    AreaCalibration, int
        The line of `zone_line`, and the number k of neighbouring pixels that err together; zones without a pixel that
        counts are left out.

    Raises
    ------
    LabelError
        Fewer than three zones hold pixels that count, or their logits tell nothing.

    Notes
    -----
    k = Σ (Â − A)² / Σ a⁴ Σ p (1 − p) over zones, at least 1: A the true and Â = a² Σ p the expected area of a zone, a
    the edge of a pixel and p the calibrated chances of its pixels.
    """
    zones = [zone for image in images for zone in _zones(image, rules)]
    if len(zones) < MIN_ZONES:
        raise LabelError(
            "Too few objects were found in validation images to calibrate their areas.",
            field="threshold",
            got=f"{len(zones)} objects",
            expected=f"{MIN_ZONES} or more",
            fix="take more tiles, train longer, or a rule that marks more pixels",
        )
    alone = AreaCalibration(zone_line(zones), 1.0)
    return AreaCalibration(alone.line, _correlated(zones, alone)), len(zones)


def zone_line(zones: Sequence[Zone]) -> Calibration:
    """Platt's line of the pixels of zones, at the ratio that they have.

    Parameters
    ----------
    zones
        Raw logits and truth (n_pixel,) of each; one or more, none of the logits NaN.

    Raises
    ------
    LabelError
        Logits tell nothing, or tell true from false without a fault, or one of both is missing.

    Examples
    --------
    Three of four pixels at 2 are positive, one of four at −2: log-odds of ±log 3 (logits are binned to 1/128).

    >>> zone = (np.repeat([2.0, -2.0], 4), np.array([1, 1, 1, 0, 1, 0, 0, 0], bool))
    >>> line = zone_line([zone, zone])
    >>> round(line.slope, 2), round(float(np.log(3)) / 2, 2), line.ratio
    (0.55, 0.55, 1.0)
    """
    counts = np.sum([score_counts(logits, truth, np.ones_like(truth)) for logits, truth in zones], axis=0)
    n_negative, n_positive = counts.sum(axis=-1)
    return fit_line(steps_of_counts(counts), float(n_negative / n_positive))


def _zones(image: Judged, rules: Marking) -> list[Zone]:
    """Logits and truth of the pixels that count, zone by zone."""
    logits, _, is_scored = image
    labels = marked_objects(logits, is_scored, rules).labels
    return [zone for zone in pixels_of_zones(image, zones_of(labels, rules.reach_px)) if len(zone[0])]


def pixels_of_zones(image: Judged, zones: Labels) -> list[Zone]:
    """Logits and truth of the pixels that count in zones 1 … n.

    One pair a zone, in the order of the numbers, of pixels row by row: logits float64 and truth (n_pixel,). A zone
    without a pixel that counts is there, and empty; pixels whose logit is NaN do not count.

    Examples
    --------
    >>> logits, truth = np.array([[1.0, 2.0, 3.0, np.nan]], np.float32), np.array([[True, False, True, True]])
    >>> image = (logits, truth, np.array([[True, False, True, True]]))
    >>> [each.tolist() for each, _ in pixels_of_zones(image, np.array([[1, 1, 2, 2]], np.int32))]
    [[1.0], [3.0]]
    """
    logits, truth, is_scored = image
    counted: IntArray = np.where(is_scored & ~np.isnan(logits), zones, 0)
    # One stable sort, cut where zones end, in place of a mask of the whole image for each of many zones; the first part
    # is ground, and nothing comes after the last end.
    place = np.argsort(counted, axis=None, kind="stable")
    ends = np.bincount(counted.ravel(), minlength=int(zones.max(initial=0)) + 1).cumsum()
    parts = np.split(place, ends)[1:-1]
    return [(logits.ravel()[part].astype(np.float64), truth.ravel()[part]) for part in parts]


def _correlated(zones: Sequence[Zone], alone: AreaCalibration) -> float:
    chances = [alone.chances(logits) for logits, _ in zones]
    errors = [float(p.sum() - truth.sum()) for p, (_, truth) in zip(chances, zones, strict=True)]
    variances = [float((p * (1 - p)).sum()) for p in chances]
    return max(1.0, float(np.square(errors).sum() / np.sum(variances)))

"""How areas of objects follow from logits of their pixels, fitted on validation images.

Pixels of zones are far more often positive than pixels of land, so they have a calibration of their own: Platt's line
at the ratio that zones have, false objects among them. An object's area errs by more than its pixels would if each
erred for itself; by how much,

    k = Σ (Â − A)² / Σ a⁴ Σ p (1 − p),

is the number of neighbouring pixels that err together (at least 1), by the method of moments over validation zones.
"""

from collections.abc import Iterable
from typing import Final

import numpy as np

from entropice.errors import LabelError
from entropice.imagery.calibration import fit_line
from entropice.imagery.found_objects import AreaCalibration, Marking, marked_objects, zones_of
from entropice.imagery.score_histograms import score_counts, steps_of_counts
from entropice.types import BoolArray, Float32Array, FloatArray, IntArray

MIN_ZONES: Final = 3

Judged = tuple[Float32Array, BoolArray, BoolArray]
"""Raw logits, truth, and where it counts, each (row, column)."""


def fit_areas(images: Iterable[Judged], rules: Marking) -> tuple[AreaCalibration, int]:
    """Calibrate areas, and the number of zones that this rests on.

    Raises
    ------
    LabelError
        Fewer than three zones hold pixels that count, or their logits tell nothing.
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
    counts = np.sum([score_counts(logits, truth, np.ones_like(truth)) for logits, truth in zones], axis=0)
    n_negative, n_positive = counts.sum(axis=-1)
    line = fit_line(steps_of_counts(counts), float(n_negative / n_positive))
    alone = AreaCalibration(line, 1.0)
    return AreaCalibration(line, _correlated(zones, alone)), len(zones)


def _zones(image: Judged, rules: Marking) -> list[tuple[FloatArray, BoolArray]]:
    """Logits and truth of the pixels that count, zone by zone."""
    logits, truth, is_scored = image
    labels = marked_objects(logits, is_scored, rules).labels
    zones: IntArray = np.where(is_scored & ~np.isnan(logits), zones_of(labels, rules.reach_px), 0)
    place = np.argsort(zones, axis=None, kind="stable")
    ends = np.bincount(zones.ravel(), minlength=1).cumsum()
    parts = np.split(place, ends)[1:-1]
    return [(logits.ravel()[part].astype(np.float64), truth.ravel()[part]) for part in parts if len(part)]


def _correlated(zones: list[tuple[FloatArray, BoolArray]], alone: AreaCalibration) -> float:
    chances = [alone.chances(logits) for logits, _ in zones]
    errors = [float(p.sum() - truth.sum()) for p, (_, truth) in zip(chances, zones, strict=True)]
    variances = [float((p * (1 - p)).sum()) for p in chances]
    return max(1.0, float(np.square(errors).sum() / np.sum(variances)))

"""Objects in tiles that a network has not learned from: those that it found, those that are there, and how they match.

All that is said of objects (calibration, scores, sizes) follows from this table and the pixels that were scored. The
band that training ignores around every object counts here: an object is whole.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

import numpy as np
import pandas as pd
from scipy import ndimage

from entropice.imagery.held_out import Predict
from entropice.imagery.loading import SampleView
from entropice.imagery.object_rules import ObjectRules
from entropice.imagery.object_sizes import largest_extents_m
from entropice.imagery.objects import Objects, Overlap, is_found, is_right, mean_logits, overlap_of
from entropice.imagery.samples import Place, Sample
from entropice.types import BoolArray, DataFrame, Float32Array, FloatArray

FOUND: Final = "found"
TRUE: Final = "true"
SIDES: Final = (FOUND, TRUE)


def matched_at(min_iou: float) -> str:
    """Column that says whether an object is matched at a bound of IoU, such as ``matched_at_0.3``.

    Examples
    --------
    >>> matched_at(0.30), matched_at(1.0)
    ('matched_at_0.3', 'matched_at_1')
    """
    return f"matched_at_{min_iou:g}"


def held_out_objects(
    view: SampleView, keys: Sequence[str], predict: Predict, threshold: float, rules: ObjectRules, batch_size: int
) -> tuple[DataFrame, DataFrame]:
    """Objects of tiles and the ground that they lie on; each tile is read once.

    Parameters
    ----------
    view
        The edges of labels that it ignores count here.
    keys
        Tiles, one or more: without any it raises ValueError.
    predict
        Standardised inputs (n, band, row, column) to raw logits (n, row, column).
    threshold
        Raw logit from which a pixel is chosen.
    rules
        Least size, and bounds of IoU.
    batch_size
        Tiles predicted at once.

    Returns
    -------
    DataFrame
        `tile_objects` of all, with their ``tile``, tile by tile in the order of the keys.
    DataFrame
        ``tile n_negative n_positive``: scored pixels of each tile, also of those without objects.
    """
    whole = replace(view, ignored_edge_px=0)
    tiles = [
        (tile_objects(logits, sample, known, threshold, rules).assign(tile=sample.key), _ground(sample))
        for sample, logits in _predicted(whole, keys, predict, batch_size)
        for known in [whole.known(sample.image)]
    ]
    return pd.concat([objects for objects, _ in tiles], ignore_index=True), pd.DataFrame([each for _, each in tiles])


def tile_objects(
    logits: Float32Array, sample: Sample, known: BoolArray, threshold: float, rules: ObjectRules
) -> DataFrame:
    """Found and true objects of one tile.

    Parameters
    ----------
    logits
        (row, column), a number for each pixel.
    sample
        Scored where truth and image are known.
    known
        Where the image is; (row, column).
    threshold
        Raw logit from which a known pixel is chosen.

    Returns
    -------
    DataFrame
        ``kind year x_m y_m n_pixels area_m2 extent_m mean_logit iou is_judged matched_at_<iou>…``, a row an object: the
        found ones (``kind`` is `FOUND`), then the true ones (`TRUE`). x and y are of the mean pixel in EPSG:3413, area
        and largest extent in the same plane, not on the ground; ``iou`` is the largest with any object of the other
        kind (0 without one), ``is_judged`` whether an object counts where it is not matched
        (`entropice.imagery.objects`), and ``matched_at_…`` whether it is matched at each bound.

    Raises
    ------
    SchemaError
        Logits, target and scored differ in shape.

    Examples
    --------
    >>> rules = {"threshold": "iou", "min_px": 1, "size_edges_m": (50.0,), "max_recall_gap": 0.2}
    >>> rules = ObjectRules(**rules, min_ious=(0.5,), true_at=0.5)
    >>> mask, everywhere = np.array([[1, 1], [0, 0]], np.uint8), np.ones((2, 2), bool)
    >>> sample = Sample("a", None, mask, everywhere, Place(0.0, 20.0, 10.0, 2, 2020))
    >>> table = tile_objects(np.array([[3.0, -3.0], [-3.0, -3.0]], np.float32), sample, everywhere, 0.0, rules)
    >>> table[["kind", "x_m", "y_m", "area_m2", "mean_logit", "iou", "matched_at_0.5"]].to_numpy().tolist()
    [['found', 5.0, 15.0, 100.0, 3.0, 0.5, True], ['true', 10.0, 15.0, 200.0, 0.0, 0.5, True]]
    """
    chosen = (logits >= threshold) & known
    overlap = overlap_of(chosen, sample.target.astype(bool), sample.scored, rules.min_px)
    sides = (_of_side(side, overlap, logits, sample.place, rules) for side in range(len(SIDES)))
    return pd.concat(sides, ignore_index=True)


def _of_side(side: int, overlap: Overlap, logits: Float32Array, place: Place, rules: ObjectRules) -> DataFrame:
    objects = (overlap.predicted, overlap.true)[side]
    x_m, y_m = _middles_m(objects, place)
    return pd.DataFrame(
        {
            "kind": np.full(len(objects.n_pixels), SIDES[side]),
            "year": np.full(len(objects.n_pixels), place.year),
            "x_m": x_m,
            "y_m": y_m,
            "n_pixels": objects.n_pixels.astype(np.int64),
            "area_m2": objects.n_pixels * place.pixel_m**2,
            "extent_m": largest_extents_m(objects, place.pixel_m),
            "mean_logit": mean_logits(logits, objects),
            "iou": _largest_iou(side, overlap, objects),
            "is_judged": objects.is_judged,
            **{matched_at(bound): (is_right, is_found)[side](overlap, bound) for bound in rules.min_ious},
        }
    )


def _largest_iou(side: int, overlap: Overlap, objects: Objects) -> FloatArray:
    largest = np.zeros(len(objects.n_pixels))
    np.maximum.at(largest, overlap.pairs[:, side], overlap.iou)
    return largest


def _middles_m(objects: Objects, place: Place) -> tuple[FloatArray, FloatArray]:
    numbers = np.arange(1, len(objects.n_pixels) + 1)
    middles = ndimage.center_of_mass(objects.labels > 0, objects.labels, numbers)
    row, column = np.reshape(middles, (-1, 2)).T
    return place.left_m + (column + 0.5) * place.pixel_m, place.top_m - (row + 0.5) * place.pixel_m


def _predicted(
    view: SampleView, keys: Sequence[str], predict: Predict, batch_size: int
) -> Iterator[tuple[Sample, Float32Array]]:
    for start in range(0, len(keys), batch_size):
        samples = [view.sample(key) for key in keys[start : start + batch_size]]
        yield from zip(samples, predict(view.inputs(samples)), strict=True)


def _ground(sample: Sample) -> dict[str, str | int]:
    is_positive = sample.target[sample.scored].astype(bool)
    return {"tile": sample.key, "n_negative": int((~is_positive).sum()), "n_positive": int(is_positive.sum())}

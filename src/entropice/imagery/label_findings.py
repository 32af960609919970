"""How labels differ from outlines that were drawn again: what they miss, and by how much they are too small."""

from collections.abc import Iterable, Iterator
from typing import Final

import numpy as np
import pandas as pd
from scipy import ndimage

from entropice.imagery.objects import Labels, find_objects
from entropice.imagery.samples import Sample
from entropice.imagery.size_classes import ground_pixel_m2
from entropice.quotients import quotient
from entropice.types import BoolArray, DataFrame, FloatArray, IntArray

COLUMNS: Final = ["key", "area_m2", "is_missed", "undersizing_m", "label_area_m2"]


def label_findings(pairs: Iterable[tuple[Sample, Sample]], min_px: int) -> DataFrame:
    """Audited objects beside their labels.

    Parameters
    ----------
    pairs
        A sample as its label has it and as the audit has it; only pixels that both score are compared.
    min_px
        Objects of fewer pixels are none.

    Returns
    -------
    DataFrame
        A row an object of the audit: ``key area_m2 is_missed undersizing_m label_area_m2``. Areas and lengths are those
        on the ground. An object is missed where no labelled pixel lies in it; ``undersizing_m`` is how far inside its
        outline the label's outline runs on average (below 0: outside), NaN of missed objects and of those that the
        edge of the chip leaves without an outline; ``label_area_m2`` is the labelled part of it. The average is the
        mean of `depths_px` over the label's edge pixels that are nearest to the object, of labels in one piece with an
        audited pixel, times the edge of a pixel on the ground. In a piece pixels touch by an edge or a corner.

    Examples
    --------
    On the circle of 70° N, where a projected metre is one on the ground: five columns of a slump, of which three are
    labelled, so that the label ends two pixels of 10 m inside.

    >>> from entropice.imagery.samples import Place
    >>> masks = np.array([[[1, 1, 1, 0, 0, 0, 0]], [[1, 1, 1, 1, 1, 0, 0]]], np.uint8)
    >>> place, everywhere = Place(-35.0, -2_193_700.0, 10.0, 7, 2021), np.ones((1, 7), bool)
    >>> label, audit = (Sample("a", None, mask, everywhere, place) for mask in masks)
    >>> label_findings([(label, audit)], min_px=1).round(0).to_numpy().tolist()
    [['a', 500.0, False, 20.0, 300.0]]
    """
    rows = [row for label, audit in pairs for row in _of_chip(label, audit, min_px)]
    return pd.DataFrame(rows, columns=COLUMNS)


def depths_px(audit: BoolArray, label: BoolArray) -> FloatArray:
    """How deep inside the audit's outline each pixel at the label's own edge lies; 0 at the edge, below 0 outside.

    NaN at all other pixels, and everywhere where the audit is of the whole image or of nothing of it; the edge of the
    image is no outline. Shapes (row, column). Inside it is the distance to the nearest pixel that is not audited, less
    1, outside the negative distance to the nearest that is, between middles of pixels. A pixel is at the label's edge
    where one of the four beside it is not labelled.

    Examples
    --------
    The label ends two pixels before the audited outline; the second one ends a pixel beyond it.

    >>> audit = np.array([[1, 1, 1, 1, 1, 0, 0]], dtype=bool)
    >>> labels = np.array([[[1, 1, 1, 0, 0, 0, 0]], [[1, 1, 1, 1, 1, 1, 0]]], dtype=bool)
    >>> [depths_px(audit, label)[0].tolist() for label in labels]
    [[nan, nan, 2.0, nan, nan, nan, nan], [nan, nan, nan, nan, nan, -1.0, nan]]
    """
    # Without an outline there is nothing to be deep below: scipy would measure to a point outside the image.
    if audit.all() or not audit.any():
        return np.full(audit.shape, np.nan)
    # Padded with itself, or the edge of the chip would count as the outline of what it cuts.
    inside = ndimage.distance_transform_edt(np.pad(audit, 1, mode="edge"))[1:-1, 1:-1]
    outside = ndimage.distance_transform_edt(np.pad(~audit, 1, mode="edge"))[1:-1, 1:-1]
    is_edge = label & ~ndimage.binary_erosion(label, border_value=1)
    return np.asarray(np.where(is_edge, np.where(audit, inside - 1, -outside), np.nan), dtype=np.float64)


def _of_chip(label: Sample, audit: Sample, min_px: int) -> Iterator[dict[str, object]]:
    scored = label.scored & audit.scored
    labelled, true = label.target.astype(bool) & scored, audit.target.astype(bool) & scored
    objects = find_objects(true, scored, min_px)
    numbers = np.arange(1, len(objects.n_pixels) + 1)
    n_labelled = ndimage.sum_labels(labelled, objects.labels, numbers)
    pixel_m = ground_pixel_m2(audit.place) ** 0.5
    depths_m = _mean_depths_px(objects.labels, depths_px(true, _touching(labelled, true)), numbers) * pixel_m
    for n_pixels, n_of_label, depth_m in zip(objects.n_pixels, n_labelled, depths_m, strict=True):
        yield {
            "key": audit.key,
            "area_m2": float(n_pixels) * pixel_m**2,
            "is_missed": bool(n_of_label == 0),
            "undersizing_m": float(depth_m),
            "label_area_m2": float(n_of_label) * pixel_m**2,
        }


def _touching(label: BoolArray, audit: BoolArray) -> BoolArray:
    """What is labelled in one piece with something of the audit: a label of nothing has no outline to be compared."""
    return np.asarray(ndimage.binary_propagation(label & audit, np.ones((3, 3), dtype=bool), mask=label), dtype=bool)


def _mean_depths_px(labels: Labels, depths: FloatArray, numbers: IntArray) -> FloatArray:
    """Mean depth of the label's edge by the nearest object of the audit."""
    known = ~np.isnan(depths)
    if not len(numbers):
        return np.empty(0)
    rows, columns = ndimage.distance_transform_edt(labels == 0, return_distances=False, return_indices=True)
    nearest = labels[rows, columns]
    n, sums = (
        ndimage.sum_labels(each, nearest, numbers) for each in (known.astype(float), np.where(known, depths, 0.0))
    )
    return quotient(sums, n)

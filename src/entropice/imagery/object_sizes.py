"""Which sizes of objects are found, and when that asks for training at several resolutions."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from scipy.spatial.distance import pdist
from scipy.stats import binomtest

from entropice.imagery.objects import Labels, Objects
from entropice.types import BoolArray, FloatArray, IntArray


@dataclass(frozen=True)
class SizeRecall:
    """How many objects of a class of sizes are found.

    Attributes
    ----------
    low_m, high_m
        Extents of the class: at least `low_m`, below `high_m`.
    n, n_found
        True objects of the class, and those found.
    recall, low_95, high_95
        Share found and Wilson's interval (1927, doi:10.1080/01621459.1927.10502953); NaN without objects.
    """

    low_m: float
    high_m: float
    n: int
    n_found: int
    recall: float
    low_95: float
    high_95: float


def largest_extents_m(objects: Objects, pixel_m: float) -> FloatArray:
    """Largest distance (n,) in m between two corners of pixels of each object; of one pixel it is √2 edges.

    It lies between corners of the convex hull; only the ends of the runs of pixels in each row can be its corners.
    Metres are those of `pixel_m`: in the plane of EPSG:3413, not on the ground.

    Examples
    --------
    >>> from entropice.imagery.objects import find_objects
    >>> mask = np.array([[1, 1, 1, 0, 0], [0, 0, 0, 0, 0], [0, 0, 1, 0, 0], [0, 0, 0, 1, 0]], dtype=bool)
    >>> largest_extents_m(find_objects(mask, np.ones_like(mask)), pixel_m=10.0).round(2).tolist()
    [31.62, 28.28]
    """
    row, column, label = _ends_of_runs(objects.labels)
    corners = np.stack([[column + x, row + y] for x in (0, 1) for y in (0, 1)], axis=-1)
    points = np.moveaxis(corners, 0, -1).reshape(-1, 2).astype(np.float64)
    # The farthest two points of a set are corners of its hull: a dozen of them, where an object has thousands of
    # pixels.
    by_object = np.repeat(label - 1, 4)
    order = np.argsort(by_object, kind="stable")
    hulls = shapely.convex_hull(shapely.multipoints(points[order], indices=by_object[order]))
    return np.array([pdist(shapely.get_coordinates(hull)).max() for hull in hulls]) * pixel_m


def _ends_of_runs(labels: Labels) -> tuple[IntArray, IntArray, IntArray]:
    """Row, column and label of the pixels at which a run within a row begins or ends."""
    padded = np.pad(labels, ((0, 0), (1, 1)))
    is_end = (labels > 0) & ((padded[:, :-2] != labels) | (padded[:, 2:] != labels))
    row, column = np.nonzero(is_end)
    return row, column, labels[row, column].astype(np.int64)


def recall_by_size(extents_m: FloatArray, is_found: BoolArray, edges_m: Sequence[float]) -> tuple[SizeRecall, ...]:
    """Share of true objects found in each class of sizes.

    Parameters
    ----------
    extents_m, is_found
        (n,) true objects that count: those found or judged, ``is_found | overlap.true.is_judged``.
    edges_m
        Rising edges; the last class is open, objects below the first edge are in none.

    Returns
    -------
    tuple
        A class an edge, in their order. An extent at an edge is of the upper class; a class without objects has NaN.

    Examples
    --------
    >>> small, large = recall_by_size(np.array([20.0, 30.0, 200.0]), np.array([True, False, True]), [0.0, 100.0])
    >>> small.recall, small.n, large.recall, large.n
    (0.5, 2, 1.0, 1)
    """
    return tuple(
        _recall(low, high, is_found[(extents_m >= low) & (extents_m < high)])
        for low, high in zip(edges_m, [*edges_m[1:], np.inf], strict=True)
    )


def lagging_sizes(recalls: Sequence[SizeRecall], gap: float) -> tuple[SizeRecall, ...]:
    """Classes whose recall is more than `gap` behind the best one's, the intervals apart.

    Any such class advises training at several resolutions; objects too few to keep intervals apart advise nothing.

    A class whose gap is exactly `gap` does not lag; without any object there is none. Of equally good classes the first
    is the best one.

    Examples
    --------
    >>> extents_m, is_found = np.repeat([20.0, 200.0], 40), np.repeat([False, True], 40)
    >>> [each.low_m for each in lagging_sizes(recall_by_size(extents_m, is_found, [0.0, 100.0]), gap=0.2)]
    [0.0]
    >>> lagging_sizes(recall_by_size(extents_m[39:41], is_found[39:41], [0.0, 100.0]), gap=0.2)
    ()
    """
    known = [each for each in recalls if each.n > 0]
    if not known:
        return ()
    best = max(known, key=lambda each: each.recall)
    return tuple(each for each in known if each.recall < best.recall - gap and each.high_95 < best.low_95)


def _recall(low_m: float, high_m: float, is_found: BoolArray) -> SizeRecall:
    n, n_found = len(is_found), int(is_found.sum())
    if n == 0:
        return SizeRecall(low_m, high_m, 0, 0, np.nan, np.nan, np.nan)
    interval = binomtest(n_found, n).proportion_ci(method="wilson")
    return SizeRecall(low_m, high_m, n, n_found, n_found / n, float(interval.low), float(interval.high))

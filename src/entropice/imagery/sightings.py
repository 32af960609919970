"""What is seen of the same objects in several years."""

from typing import Any

import numpy as np
import shapely
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from entropice.errors import SchemaError
from entropice.imagery.objects import Labels
from entropice.types import FloatArray, Geometries, IntArray


def calibrated_areas_m2(
    probability: FloatArray, zones: Labels, pixel_m: float, n_correlated_pixels: float
) -> tuple[FloatArray, FloatArray]:
    """Expected area (n,) in m² of the object in each zone, and its variance (n,) in m⁴.

    With calibrated chances p the area is A = a² Σ p, a the edge of a pixel: on average right, where the area of the
    pixels above a threshold is too small or too large. Its variance is a⁴ k Σ p (1 − p), k the number of neighbouring
    pixels that err together: 1 where each errs for itself.

    Areas are those of the plane that `pixel_m` is measured in.

    Parameters
    ----------
    probability
        (row, column); NaN where it is not known, which counts for nothing.
    zones
        (row, column) 1 … n: each object with the ground around it that its vague edge may reach, 0 elsewhere.
    pixel_m, n_correlated_pixels
        a and k.

    Examples
    --------
    >>> zones = np.array([[1, 1, 2, 0]], np.int32)
    >>> calibrated_areas_m2(np.array([[1.0, 0.5, np.nan, 0.9]]), zones, 10.0, 2.0)
    (array([150.,   0.]), array([5000.,    0.]))
    """
    is_known = (zones > 0) & ~np.isnan(probability)
    zone, p = zones[is_known], probability[is_known]
    n = int(zones.max(initial=0)) + 1
    area = np.bincount(zone, weights=p, minlength=n)[1:].astype(np.float64) * pixel_m**2
    spread = np.bincount(zone, weights=p * (1 - p), minlength=n)[1:].astype(np.float64) * pixel_m**4
    return area, spread * n_correlated_pixels


def same_objects(outlines: Geometries, years: IntArray, min_overlap: float) -> IntArray:
    """Number the objects that outlines of several years show: (n,) from 0.

    Two outlines of different years show one object where they share at least `min_overlap` of the smaller one's area;
    what is linked by other outlines is one object too, so that pieces of one year which grow together are one. An
    outline that overlaps none is an object of its own. Objects are numbered by their first outline.

    `years` are whole numbers; outlines of one year are linked by others alone, also where they overlap. Outlines that
    only touch share nothing.

    Parameters
    ----------
    outlines
        (n,) polygons of one projected CRS.
    years
        (n,)
    min_overlap
        More than 0, at most 1.

    Raises
    ------
    SchemaError
        An outline is empty or not valid.

    Examples
    --------
    Two pieces of 2020 that one outline of 2021 covers, and an outline apart:

    >>> outlines = shapely.box([0.0, 3.0, 0.0, 9.0], 0.0, [2.0, 5.0, 5.0, 10.0], 1.0)
    >>> same_objects(outlines, np.array([2020, 2020, 2021, 2021]), 0.5).tolist()
    [0, 0, 0, 1]
    """
    _require_valid(outlines)
    one, other = shapely.STRtree(outlines).query(outlines, predicate="intersects")
    is_pair = years[one] != years[other]
    one, other = one[is_pair], other[is_pair]
    # Of the smaller one's area, not of the union as IoU has it: a slump that has grown threefold is still the same.
    shared = shapely.area(shapely.intersection(outlines[one], outlines[other]))
    smaller = np.minimum(shapely.area(outlines[one]), shapely.area(outlines[other]))
    is_same = shared >= min_overlap * smaller
    # Components, not pairs: an object that breaks in two, or grows together, is still one and keeps its number.
    links = coo_array((np.ones(is_same.sum()), (one[is_same], other[is_same])), shape=(len(outlines), len(outlines)))
    return np.asarray(connected_components(links, directed=False)[1], dtype=np.int64)


def _require_valid(outlines: Geometries) -> None:
    areas: Any = shapely.area(outlines)
    wrong = np.flatnonzero(~(shapely.is_valid(outlines) & (areas > 0)))
    if len(wrong):
        raise SchemaError(
            "Some outlines enclose nothing, or cross themselves.",
            field="geometry",
            got=f"{len(wrong)} of {len(outlines)}",
            sample=wrong,
            fix="mend them with shapely.make_valid, or leave them out",
        )

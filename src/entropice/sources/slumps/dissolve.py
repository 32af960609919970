"""One row per slump and year, from files with several outlines of a slump."""

import logging
from itertools import pairwise
from typing import Final

import geopandas as gpd
import numpy as np
import shapely
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from entropice.crs import EQUAL_AREA_CRS, POLAR_CRS
from entropice.errors import SchemaError
from entropice.types import BoolArray, FloatArray, GeoDataFrame, Geometries, IntArray

logger = logging.getLogger(__name__)

MAX_IDENTITY_GAP_M: Final = 500.0
"""Half the width of the largest known slump. All 43 pairs of outlines that carry one identity in ARTS touch."""

SAME_LOCATION_M: Final = 30.0
"""Points nearer to each other are one slump: two pixels of the images that slumps are found in."""

MIN_SHARED_AREA: Final = 0.1
"""In ARTS, 82 slumps of Taymyr are drawn in an early and a late period: 43 of them carry one identity in both. Of the
pairs that share a tenth, 18 of 18 do; of those that share half, 1 of 1: slumps move, so a high limit misses them."""


def dissolve_slumps(
    outlines: Geometries,
    year: IntArray,
    identity: IntArray | None = None,
    min_shared_area: float = MIN_SHARED_AREA,
    max_identity_gap_m: float = MAX_IDENTITY_GAP_M,
    same_location_m: float = SAME_LOCATION_M,
    location_area_m2: FloatArray | None = None,
) -> GeoDataFrame:
    """Dissolve outlines to one row per slump and year, with one id per slump in all years.

    Outlines of one year that touch or share an identity become one row. Rows of different years are the same
    slump where they share an identity, or else where they share at least `min_shared_area` of the smaller one.
    No slump has two rows in a year: pairs are joined in the order of their likeness (shared area over united area),
    unless both slumps have a row in the same year already, so that a chain of neighbours does not become one slump.
    Of equally alike pairs the one whose outlines come first by year, west edge, south edge and shape is joined first.

    A point stands for a disc here; a slump that is nothing but points in a year is a point in that row.

    The result does not depend on the order of the outlines, and dissolving it again changes nothing.

    Parameters
    ----------
    outlines
        Valid polygons, or points, in EPSG:3413, shape (n,).
    year
        Their years, int64, shape (n,).
    identity
        The source's number of each slump, int64, shape (n,); None where it has none.
    min_shared_area
        0–1.
    max_identity_gap_m
        Between two outlines of one identity that follow each other in time.
    same_location_m
        Across the disc that stands for a point, so that points nearer to each other are one slump.
    location_area_m2
        Area of each slump that is a point, NaN where it is not known, shape (n,); None: nowhere known.

    Returns
    -------
    GeoDataFrame
        `rts_id` (the smallest identity of the slump's first outlines, or a number of our own), `year`, `area_m2`
        (EPSG:6931; of points as given, NaN where that is not known) and `geometry` (union of the outlines, EPSG:3413;
        a point where there is none), sorted by year and identity; each pair of
        `rts_id` and `year` occurs once.

    Raises
    ------
    SchemaError
        Outlines of one identity lie further apart.

    Examples
    --------
    Two outlines of 2020 that touch, and one of 2021 on the same ground; another of 2021 far away:

    >>> outlines = shapely.box([0, 10, 0, 500], 0, [10, 20, 15, 510], 10)
    >>> table = dissolve_slumps(outlines, np.array([2020, 2020, 2021, 2021]))
    >>> table[["rts_id", "year"]].to_numpy().tolist()
    [[1, 2020], [1, 2021], [3, 2021]]
    """
    ground = _as_ground(outlines, same_location_m)
    order = _canonical_order(ground, year)
    outlines, ground, year = outlines[order], ground[order], year[order]
    identity = None if identity is None else identity[order]
    if identity is not None:
        _refuse_wide_identities(ground, year, identity, max_identity_gap_m)
    drawing = _merged_within_years(ground, year, identity)
    first, members = np.unique(drawing, return_index=True)[1], _members(drawing)
    merged = np.array([_union(ground[rows]) for rows in members], dtype=object)
    own_id = np.arange(1, len(first) + 1) if identity is None else _smallest(identity, drawing)
    rts_id = _joined_across_years(merged, year[first], own_id, min_shared_area)
    shown = np.array([_shown(outlines[rows]) for rows in members], dtype=object)
    # Points of one slump may each state its area: the largest known one counts, as their sum would count it twice.
    given_m2 = np.full(len(year), np.nan) if location_area_m2 is None else location_area_m2[order]
    return _rts_table(rts_id, year[first], shown, np.array([np.fmax.reduce(given_m2[rows]) for rows in members]))


def _as_ground(outlines: Geometries, same_location_m: float) -> Geometries:
    """The outlines, with a disc in the place of every point."""
    return np.where(_are_points(outlines), shapely.buffer(outlines, same_location_m / 2), outlines)


def _are_points(geometries: Geometries) -> BoolArray:
    return np.asarray(shapely.get_dimensions(geometries) == 0, dtype=bool)


def _canonical_order(outlines: Geometries, year: IntArray) -> IntArray:
    """Sort by year, place and shape, whatever order and ring start the file has."""
    # Ties between pairs that are equally alike are broken by position: with the file's order they would go another way
    # when a source publishes the same slumps sorted anew, and ids would change from one release to the next.
    west, south, _, _ = shapely.bounds(outlines).T
    shape = np.unique(shapely.to_wkb(shapely.normalize(outlines)), return_inverse=True)[1]
    return np.lexsort((shape, south, west, year))


def _merged_within_years(outlines: Geometries, year: IntArray, identity: IntArray | None) -> IntArray:
    """Number the connected groups of each year by their first member."""
    left, right = _neighbours(outlines)
    is_pair = year[left] == year[right]
    links = [_touching(outlines, left[is_pair], right[is_pair])]
    if identity is not None:
        links.append(_links_of_identity(year, identity))
    edges = np.concatenate(links, axis=1)
    edges = edges[:, year[edges[0]] == year[edges[1]]]
    # Components, not pairs: two outlines that touch a third one are one slump though they may not touch each other.
    graph = coo_array((np.ones(edges.shape[1], dtype=bool), tuple(edges)), shape=(len(year), len(year)))
    group = connected_components(graph, directed=False)[1]
    first = np.unique(group, return_index=True)[1]
    return np.asarray(np.argsort(np.argsort(first))[group], dtype=np.int64)


def _links_of_identity(year: IntArray, identity: IntArray) -> IntArray:
    """Pairs of outlines of one identity that follow each other in time, shape (2, n_pairs)."""
    order = np.lexsort((year, identity))
    pairs = np.stack([order[:-1], order[1:]])
    return pairs[:, identity[pairs[0]] == identity[pairs[1]]]


def _refuse_wide_identities(outlines: Geometries, year: IntArray, identity: IntArray, max_gap_m: float) -> None:
    """An identity that begins anew in every image or year joins slumps that have nothing to do with each other."""
    linked = _links_of_identity(year, identity)
    gap_m = shapely.distance(*outlines[linked])
    is_wide = gap_m > max_gap_m
    if is_wide.any():
        raise SchemaError(
            "Outlines that carry the same identity lie too far apart to be one slump.",
            field="labels: columns.id",
            got=f"{int(is_wide.sum())} of {len(gap_m)} pairs, up to {gap_m.max():,.0f} m apart",
            expected=f"at most {max_gap_m:g} m (labels.max_identity_gap_m)",
            sample=np.unique(identity[linked[0][is_wide]]).tolist(),
            fix="name the column that identifies a slump in every image and year, or set it to null: overlaps alone "
            "then decide",
        )


def _joined_across_years(outlines: Geometries, year: IntArray, own_id: IntArray, min_shared_area: float) -> IntArray:
    """Give the outlines of one slump its smallest id; shape (n,).

    Groups begin as the outlines of one id, then join along the pairs of `_alike_pairs`, best first, unless both
    are drawn in the same year.
    """
    # The years of a group are bits of one integer of Python's, which has no limit: two groups have a year in common if
    # their bits have, however many rows they hold.
    year_bits = {int(key): 0 for key in own_id}
    for key, bit in zip(own_id.tolist(), (1 << np.searchsorted(np.unique(year), year).astype(object)), strict=True):
        year_bits[key] |= bit
    joined_to = {key: key for key in year_bits}
    for left, right in own_id[_alike_pairs(outlines, year, min_shared_area)].T.tolist():
        low, high = sorted((_root(joined_to, left), _root(joined_to, right)))
        # Connected components would join every chain of neighbours along an eroding bank. Best pairs first and a row a
        # year: of two candidates the one that shares more ground is the slump, the other keeps an id of its own.
        if low != high and not year_bits[low] & year_bits[high]:
            joined_to[high] = low
            year_bits[low] |= year_bits[high]
    return np.array([_root(joined_to, key) for key in own_id.tolist()], dtype=np.int64)


def _root(joined_to: dict[int, int], key: int) -> int:
    while joined_to[key] != key:
        key = joined_to[key]
    return key


def _alike_pairs(outlines: Geometries, year: IntArray, min_shared_area: float) -> IntArray:
    """Outlines of different years that share enough ground, most alike first; shape (2, n_pairs)."""
    left, right = _neighbours(outlines)
    is_pair = year[left] != year[right]
    left, right = _touching(outlines, left[is_pair], right[is_pair])
    area_m2 = shapely.area(outlines)
    shared_m2 = shapely.area(shapely.intersection(outlines[left], outlines[right]))
    # Enough is measured by the smaller outline, for slumps grow: the early one lies within the late one. Likeness is by
    # the union (Jaccard's), so that a large outline over several small ones takes the one nearest to its own size.
    is_alike = shared_m2 >= min_shared_area * np.minimum(area_m2[left], area_m2[right])
    likeness = shared_m2 / (area_m2[left] + area_m2[right] - shared_m2)
    order = np.lexsort((right, left, -likeness))
    return np.stack([left, right])[:, order[is_alike[order]]]


def _neighbours(outlines: Geometries) -> IntArray:
    """Pairs whose bounding boxes touch, each once, shape (2, n_pairs)."""
    pairs: IntArray = shapely.STRtree(outlines).query(outlines)
    return pairs[:, pairs[0] < pairs[1]]


def _touching(outlines: Geometries, left: IntArray, right: IntArray) -> IntArray:
    """Those of the pairs that share a point, shape (2, n_pairs)."""
    shapely.prepare(outlines)
    return np.stack([left, right])[:, shapely.intersects(outlines[left], outlines[right])]


def _members(drawing: IntArray) -> list[IntArray]:
    order = np.argsort(drawing, kind="stable")
    bounds = np.concatenate([[0], np.cumsum(np.bincount(drawing))])
    return [order[start:stop] for start, stop in pairwise(bounds)]


def _union(outlines: Geometries) -> shapely.Geometry:
    return outlines[0] if len(outlines) == 1 else shapely.union_all(outlines)


def _shown(outlines: Geometries) -> shapely.Geometry:
    """Union of those that are outlines; without any, the middle of the points."""
    is_point = _are_points(outlines)
    return shapely.centroid(shapely.multipoints(outlines)) if is_point.all() else _union(outlines[~is_point])


def _smallest(identity: IntArray, drawing: IntArray) -> IntArray:
    smallest = np.full(drawing.max(initial=-1) + 1, np.iinfo(np.int64).max)
    np.minimum.at(smallest, drawing, identity)
    return smallest


def _rts_table(rts_id: IntArray, year: IntArray, outlines: Geometries, location_area_m2: FloatArray) -> GeoDataFrame:
    geometry = gpd.GeoSeries(outlines, crs=POLAR_CRS)
    area_m2 = np.where(_are_points(outlines), location_area_m2, geometry.to_crs(EQUAL_AREA_CRS).area)
    columns = {"rts_id": rts_id, "year": year, "area_m2": area_m2}
    table = gpd.GeoDataFrame(columns, geometry=geometry)
    return table.sort_values(["year", "rts_id"], ignore_index=True)

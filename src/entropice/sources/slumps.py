"""One row per slump and year, from outlines that may draw a slump several times."""

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
from entropice.types import GeoDataFrame, Geometries, IntArray
from entropice.units import M_PER_KM

logger = logging.getLogger(__name__)

LARGEST_SLUMP_KM: Final = 10.0
"""Ten times the largest known slump: identities that span more are no identities."""


def dissolve_slumps(outlines: Geometries, year: IntArray, identity: IntArray | None = None) -> GeoDataFrame:
    """Draw every slump once a year: outlines of one year that touch or share an identity become one row.

    The result does not depend on the order of the outlines, and dissolving it again changes nothing.

    Parameters
    ----------
    outlines
        Valid polygons in EPSG:3413, shape (n,).
    year
        Their years, int64, shape (n,).
    identity
        The source's number of each slump, int64, shape (n,); None where it has none.

    Returns
    -------
    GeoDataFrame
        `rts_id` (smallest identity of the merged outlines, or a running number), `year`, `area_m2`
        (EPSG:6931) and `geometry` (union of the outlines, EPSG:3413), sorted by year and identity.

    Raises
    ------
    SchemaError
        One identity spans more than `LARGEST_SLUMP_KM` within a year.
    """
    order = _canonical_order(outlines, year)
    outlines, year = outlines[order], year[order]
    identity = None if identity is None else identity[order]
    slump = _slump_of(outlines, year, identity)
    first = np.unique(slump, return_index=True)[1]
    merged = np.array([_union(outlines[rows]) for rows in _members(slump)], dtype=object)
    rts_id = np.arange(len(first)) if identity is None else _smallest(identity, slump)
    logger.info("%d outlines are %d slumps and years", len(outlines), len(merged))
    return _rts_table(rts_id, year[first], merged)


def _canonical_order(outlines: Geometries, year: IntArray) -> IntArray:
    """Sort by year, place and shape, whatever order and ring start the file has."""
    west, south, _, _ = shapely.bounds(outlines).T
    shape = np.unique(shapely.to_wkb(shapely.normalize(outlines)), return_inverse=True)[1]
    return np.lexsort((shape, south, west, year))


def _slump_of(outlines: Geometries, year: IntArray, identity: IntArray | None) -> IntArray:
    """Number the connected groups by their first member."""
    left, right = shapely.STRtree(outlines).query(outlines, predicate="intersects")
    is_same_year = year[left] == year[right]
    links = [np.stack([left, right])[:, is_same_year]]
    if identity is not None:
        links.append(_identity_links(outlines, year, identity))
    edges = np.concatenate(links, axis=1)
    graph = coo_array((np.ones(edges.shape[1], dtype=bool), tuple(edges)), shape=(len(year), len(year)))
    group = connected_components(graph, directed=False)[1]
    first = np.unique(group, return_index=True)[1]
    return np.asarray(np.argsort(np.argsort(first))[group], dtype=np.int64)


def _identity_links(outlines: Geometries, year: IntArray, identity: IntArray) -> IntArray:
    """Pairs of outlines that follow each other within one year and identity, shape (2, n_pairs)."""
    order = np.lexsort((identity, year))
    pairs = np.stack([order[:-1], order[1:]])
    is_linked = (year[pairs[0]] == year[pairs[1]]) & (identity[pairs[0]] == identity[pairs[1]])
    linked = pairs[:, is_linked]
    _refuse_wide_identities(outlines, identity, linked)
    return linked


def _refuse_wide_identities(outlines: Geometries, identity: IntArray, linked: IntArray) -> None:
    is_wide = shapely.distance(*outlines[linked]) > LARGEST_SLUMP_KM * M_PER_KM
    if is_wide.any():
        raise SchemaError(
            f"Outlines more than {LARGEST_SLUMP_KM:g} km apart carry the same identity in one year.",
            field="labels.darts.columns.id",
            got=f"{int(is_wide.sum())} such pairs",
            expected="one identity per slump",
            sample=np.unique(identity[linked[0][is_wide]]).tolist(),
            fix="name the column that identifies a slump, or set it to null: overlaps alone then decide",
        )


def _members(slump: IntArray) -> list[IntArray]:
    order = np.argsort(slump, kind="stable")
    bounds = np.concatenate([[0], np.cumsum(np.bincount(slump))])
    return [order[start:stop] for start, stop in pairwise(bounds)]


def _union(outlines: Geometries) -> shapely.Geometry:
    return outlines[0] if len(outlines) == 1 else shapely.union_all(outlines)


def _smallest(identity: IntArray, slump: IntArray) -> IntArray:
    smallest = np.full(slump.max(initial=-1) + 1, np.iinfo(np.int64).max)
    np.minimum.at(smallest, slump, identity)
    return smallest


def _rts_table(rts_id: IntArray, year: IntArray, outlines: Geometries) -> GeoDataFrame:
    geometry = gpd.GeoSeries(outlines, crs=POLAR_CRS)
    columns = {"rts_id": rts_id, "year": year, "area_m2": geometry.to_crs(EQUAL_AREA_CRS).area}
    table = gpd.GeoDataFrame(columns, geometry=geometry)
    return table.sort_values(["year", "rts_id"], ignore_index=True)

"""Slumps and searched ground that lie in no cell: counted, with a warning where they are many."""

import logging
from typing import Final

import numpy as np
import pandas as pd
import shapely

from entropice.types import DataFrame, GeoDataFrame
from entropice.units import M2_PER_KM2
from entropice.zonal.polygons import OUTSIDE, locate

logger = logging.getLogger(__name__)

SLUMPS_OUTSIDE: Final = "slumps and label years outside all cells"
CAUSES: Final = (
    "Likely causes: they lie outside grids.region; the outline of land ends before the coast, or "
    "grids.min_land_fraction leaves their cells out; longitude and latitude, or easting and northing, are swapped."
)


def count_slumps_outside(rts: GeoDataFrame, counts: DataFrame, cells: GeoDataFrame, max_share: float) -> DataFrame:
    """Add to the counts of `normalise_outlines` how many rows of `rts` lie in no cell, by representative point.

    A warning gives numbers, areas and likely causes where their share is above `max_share`.

    `counts` has the columns ``what n``; it is given back with a row more, ``slumps and label years outside all cells``,
    and is not changed. `rts` and `cells` are in EPSG:3413; `max_share` itself brings no warning.

    Examples
    --------
    >>> from geopandas import GeoDataFrame
    >>> cells = GeoDataFrame(geometry=[shapely.box(0, 0, 10, 10)])
    >>> rts = GeoDataFrame({"area_m2": [1.0, 1.0]}, geometry=shapely.points([[5, 5], [50, 5]]))
    >>> count_slumps_outside(rts, pd.DataFrame({"what": ["slumps"], "n": [2]}), cells, max_share=0.5)["n"].tolist()
    [2, 1]
    """
    is_outside = locate(cells.geometry.to_numpy(), rts.geometry.to_numpy()) == OUTSIDE
    if is_outside.mean() > max_share:
        logger.warning(
            "%d of %d slumps and label years (%.1f %%), with %.4g of %.4g km², lie in no cell and label nothing. %s",
            *(is_outside.sum(), len(rts), 100 * is_outside.mean()),
            *(rts.loc[rows, "area_m2"].sum() / M2_PER_KM2 for rows in (is_outside, slice(None))),
            CAUSES,
        )
    return _with_rows(counts, {SLUMPS_OUTSIDE: int(is_outside.sum())})


def count_ground_outside(coverage: GeoDataFrame, counts: DataFrame, cells: GeoDataFrame) -> DataFrame:
    """Add to the counts of `normalise_coverage` how many patches of each year's searched ground touch no cell.

    Images also show sea and other regions, so patches outside are no fault; a year whose ground touches no cell at all
    brings a warning with likely causes.

    `counts` has the columns ``what n``; it is given back with a row more for each year, ``patches of ground seen in
    <year> outside all cells``, and is not changed. A patch is one polygon of the year's geometry; those that touch a
    cell at their edge alone count as inside.

    `coverage` has the columns ``year`` and ``geometry``, a row a year, `cells` the column ``geometry``; both are in one
    CRS.
    """
    tree, n_outside = shapely.STRtree(cells.geometry.to_numpy()), {}
    for year, ground in coverage[["year", "geometry"]].itertuples(index=False):
        patches = shapely.get_parts(ground)
        n_inside = len(np.unique(tree.query(patches, predicate="intersects")[0]))
        n_outside[f"patches of ground seen in {year} outside all cells"] = len(patches) - n_inside
        if not n_inside:
            logger.warning("Ground searched in %d touches no cell, so nothing is observed. %s", year, CAUSES)
    return _with_rows(counts, n_outside)


def _with_rows(counts: DataFrame, n_by_what: dict[str, int]) -> DataFrame:
    rows = pd.DataFrame({"what": list(n_by_what), "n": list(n_by_what.values())})
    return pd.concat([counts, rows], ignore_index=True)

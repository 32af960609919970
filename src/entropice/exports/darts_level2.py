"""Outlines and footprints in the layout of DARTS level 2 (Nitze et al. 2025, doi:10.1038/s41597-025-05810-2).

Outlines have ``id year pval_mean pval_max pval_std``, the statistics of the chances of their pixels, and footprints
``year image_id area_km2``. One column more, ``probability``, is the chance that an outline is true. Files are in
EPSG:3413, in which no outline is cut where longitudes begin again.
"""

from typing import Final

import geopandas as gpd
import pandas as pd
import shapely

from entropice.crs import EQUAL_AREA_CRS, POLAR_CRS
from entropice.types import GeoDataFrame

M2_PER_KM2: Final = 1e6


def darts_outlines(outlines: GeoDataFrame) -> GeoDataFrame:
    """Rows ``id year pval_mean pval_max pval_std probability geometry``.

    Parameters
    ----------
    outlines
        ``outline_id year chance_mean chance_max chance_sd p geometry`` in any CRS.
    """
    names = {
        "outline_id": "id",
        "year": "year",
        "chance_mean": "pval_mean",
        "chance_max": "pval_max",
        "chance_sd": "pval_std",
        "p": "probability",
    }
    return outlines[[*names, "geometry"]].rename(columns=names).to_crs(POLAR_CRS)


def darts_footprints(tiles: GeoDataFrame) -> GeoDataFrame:
    """Rows ``year image_id area_km2 geometry`` of the tiles ``tile year geometry`` of which anything was seen."""
    seen = tiles[~(tiles.geometry.is_empty | tiles.geometry.isna())]
    area_km2 = seen.geometry.to_crs(EQUAL_AREA_CRS).area / M2_PER_KM2
    named = seen[["year", "tile", "geometry"]].rename(columns={"tile": "image_id"})
    return named.assign(area_km2=area_km2)[["year", "image_id", "area_km2", "geometry"]].to_crs(POLAR_CRS)


def updated_campaign(
    outlines: GeoDataFrame, footprints: GeoDataFrame, given_rts: GeoDataFrame, given_coverage: GeoDataFrame
) -> tuple[GeoDataFrame, GeoDataFrame]:
    """A given campaign with what was found since: on newly seen ground the new outlines count, elsewhere the given.

    Parameters
    ----------
    outlines, footprints
        `darts_outlines` and `darts_footprints`.
    given_rts
        ``rts_id year geometry``, one row a slump and year; drawn by people or accepted as they are: probability 1.
    given_coverage
        ``year geometry``.

    Returns
    -------
    GeoDataFrame, GeoDataFrame
        Outlines and footprints of both. A given outline whose point on the surface lies on ground that was seen anew in
        its year has been looked at again, and is left out.
    """
    kept = given_rts[~_seen_again(given_rts, footprints.to_crs(given_rts.crs))].to_crs(POLAR_CRS)
    offset = int(kept["rts_id"].max()) + 1 if len(kept) else 0
    given = gpd.GeoDataFrame(
        {"id": kept["rts_id"], "year": kept["year"], "probability": 1.0}, geometry=kept.geometry, crs=POLAR_CRS
    )
    both = pd.concat([given, outlines.assign(id=outlines["id"] + offset)], ignore_index=True)
    given_ground = given_coverage[["year", "geometry"]].to_crs(POLAR_CRS).assign(image_id="given", area_km2=None)
    return both[list(outlines.columns)], pd.concat([given_ground, footprints], ignore_index=True)


def _seen_again(given: GeoDataFrame, footprints: GeoDataFrame) -> "pd.Series[bool]":
    seen = pd.Series(data=False, index=given.index)
    points = given.geometry.representative_point()
    for year, of_year in footprints.groupby("year"):
        ground = shapely.union_all(of_year.geometry.to_numpy())
        shapely.prepare(ground)
        seen |= (given["year"] == year) & points.within(ground)
    return seen

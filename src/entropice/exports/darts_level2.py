"""Outlines and footprints in the layout of DARTS level 2 (Nitze et al. 2025, doi:10.1038/s41597-025-05810-2).

Outlines have ``id year pval_mean pval_max pval_std``, the statistics of the chances of their pixels, and footprints
``year image_id area_km2``. One column more, ``probability``, is the chance that an outline is true. Files are in
EPSG:3413, in which no outline is cut where longitudes begin again.
"""

import geopandas as gpd
import pandas as pd

from entropice.crs import EQUAL_AREA_CRS, POLAR_CRS
from entropice.types import GeoDataFrame
from entropice.units import M2_PER_KM2


def darts_outlines(outlines: GeoDataFrame) -> GeoDataFrame:
    """Rows ``id year pval_mean pval_max pval_std probability geometry``.

    Values are passed on as they are, rows in their order; outlines are brought to EPSG:3413.

    Parameters
    ----------
    outlines
        ``outline_id year chance_mean chance_max chance_sd p geometry`` in any CRS.

    Examples
    --------
    >>> from shapely import box
    >>> told = {"outline_id": [7], "year": 2020, "chance_mean": 0.5, "chance_max": 0.75, "chance_sd": 0.125, "p": 0.25}
    >>> darts_outlines(gpd.GeoDataFrame(told, geometry=[box(0, 0, 1, 1)], crs=POLAR_CRS)).iloc[0, 2:6].tolist()
    [0.5, 0.75, 0.125, 0.25]
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
    """Rows ``year image_id area_km2 geometry`` of the tiles ``tile year geometry`` of which anything was seen.

    Areas are measured in EPSG:6931, which keeps them; footprints are in EPSG:3413. Those that are empty or missing are
    left out.

    Examples
    --------
    >>> from shapely import Polygon, box
    >>> tiles = gpd.GeoDataFrame({"tile": ["a", "b"], "year": 2020}, geometry=[box(0, 0, 3000, 1000), Polygon()],
    ...                          crs=EQUAL_AREA_CRS)
    >>> [(row.image_id, round(row.area_km2, 6)) for row in darts_footprints(tiles).itertuples()]
    [('a', 3.0)]
    """
    seen = tiles[~(tiles.geometry.is_empty | tiles.geometry.isna())]
    area_km2 = seen.geometry.to_crs(EQUAL_AREA_CRS).area / M2_PER_KM2
    named = seen[["year", "tile", "geometry"]].rename(columns={"tile": "image_id"})
    return named.assign(area_km2=area_km2)[["year", "image_id", "area_km2", "geometry"]].to_crs(POLAR_CRS)


def extended_campaign(
    outlines: GeoDataFrame, footprints: GeoDataFrame, given_rts: GeoDataFrame, given_coverage: GeoDataFrame
) -> tuple[GeoDataFrame, GeoDataFrame]:
    """A given campaign, and what was found since on ground that it had not searched in the year.

    A point on the edge of the ground does not lie on it. New numbers are ``id`` plus one more than the largest
    ``rts_id`` (0 without any); areas of new footprints are measured anew, without the ground, in EPSG:6931, and those
    of which nothing is left are out. `outlines` and `footprints` are in EPSG:3413.

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
        Outlines and footprints of both, disjoint in each year. What the campaign has searched stays as it is: two
        searches of one ground would find different slumps, and nobody could say which of them a label counts.

        Outlines have the columns of ``outlines``, null where the campaign says nothing, EPSG:3413; new ones are those
        whose representative point lies on no ground of their year, numbered on behind the campaign's. Footprints have
        ``year image_id area_km2 geometry``: those of the campaign are called ``given``, without an area.

    Examples
    --------
    A tile reaches beyond what the campaign has searched; of two outlines the one beyond is added:

    >>> from shapely import box
    >>> def frame(polygons, **columns):
    ...     return gpd.GeoDataFrame({"year": [2020] * len(polygons)} | columns, geometry=polygons, crs=POLAR_CRS)
    >>> given, searched = frame([box(1, 1, 2, 2)], rts_id=[4]), frame([box(0, 0, 10, 10)])
    >>> outlines = frame([box(5, 5, 6, 6), box(15, 5, 16, 6)], id=[0, 1], probability=0.5)
    >>> tiles = frame([box(0, 0, 20, 10)], image_id=["a"], area_km2=2e-4)
    >>> both, ground = extended_campaign(outlines, tiles, given, searched)
    >>> both["id"].tolist(), both["probability"].tolist(), ground.area.tolist()
    ([4, 6], [1.0, 0.5], [100.0, 100.0])
    """
    given = given_rts.to_crs(POLAR_CRS)
    # A number stands for one slump: numbers of new outlines begin behind those of the campaign.
    offset = int(given["rts_id"].max()) + 1 if len(given) else 0
    kept = gpd.GeoDataFrame(
        {"id": given["rts_id"], "year": given["year"], "probability": 1.0}, geometry=given.geometry, crs=POLAR_CRS
    )
    searched = given_coverage[["year", "geometry"]].to_crs(POLAR_CRS)
    by_year = searched.dissolve("year").geometry
    new = outlines[~_lies_on(outlines, by_year)]
    both = pd.concat([kept, new.assign(id=new["id"] + offset)], ignore_index=True)
    ground = pd.concat([searched.assign(image_id="given", area_km2=None), _beyond(footprints, by_year)])
    return both[list(outlines.columns)], ground.reset_index(drop=True)


def _lies_on(outlines: GeoDataFrame, by_year: gpd.GeoSeries) -> "pd.Series[bool]":
    """Whether each outline's point on the surface lies on the ground of its year."""
    points = outlines.geometry.representative_point()
    return pd.Series(
        [
            year in by_year.index and by_year[year].contains(point)
            for year, point in zip(outlines["year"], points, strict=True)
        ],
        index=outlines.index,
        dtype=bool,
    )


def _beyond(footprints: GeoDataFrame, by_year: gpd.GeoSeries) -> GeoDataFrame:
    """Footprints without the ground of their year; those that lie on it altogether are left out."""
    left = [
        shape.difference(by_year[year]) if year in by_year.index else shape
        for year, shape in zip(footprints["year"], footprints.geometry, strict=True)
    ]
    rest = footprints.set_geometry(gpd.GeoSeries(left, index=footprints.index, crs=footprints.crs))
    rest = rest[~rest.geometry.is_empty]
    return rest.assign(area_km2=rest.geometry.to_crs(EQUAL_AREA_CRS).area / M2_PER_KM2)

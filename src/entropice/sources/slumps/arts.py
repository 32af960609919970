"""ARTS: slump outlines drawn by people, from many contributors.

Yang et al. 2025, Scientific Data 12:18, https://doi.org/10.1038/s41597-025-04372-7.
"""

from collections.abc import Mapping, Sequence
from typing import Final

import geopandas as gpd
import numpy as np
import shapely

from entropice.errors import ConfigError
from entropice.sources.files.polar import to_polar_places
from entropice.sources.slumps.cleaning import require_columns
from entropice.types import BaseGeometry, GeoDataFrame, Geometries, Series
from entropice.units import M_PER_KM

NAME: Final = "ARTS outlines"
REGION_COLUMN: Final = "RegionName"
POINT_RADIUS_M: Final = 1.0
"""Of the disc that stands for a point; small against the search radius, which is added to it."""


def survey_extent(
    raw: GeoDataFrame,
    survey_areas: Mapping[str, Sequence[str]],
    max_gap_km: float,
    search_radius_km: float,
) -> BaseGeometry:
    """The ground that is *assumed* to have been searched: around the outlines of every named survey area.

    ARTS records where slumps were found, but not which ground was searched. Outlines of one survey area whose
    centres form a chain with gaps of at most `max_gap_km` are taken as one search, and their convex hull, buffered
    by `search_radius_km`, as its extent. Distances are planar in EPSG:3413 (within 6 % of true ones north of 66°N).

    Parameters
    ----------
    raw
        The file as read; negatives count as searched ground, too.
    survey_areas
        Name of each survey area → the values of `RegionName` that belong to it.
    max_gap_km, search_radius_km
        Kilometres.

    Returns
    -------
    BaseGeometry
        In EPSG:3413; extents of several searches are united.

    Raises
    ------
    ConfigError
        No survey area, or a region name that the file does not have.
    SchemaError
        The file has no column ``RegionName``, or geometry that is neither polygon nor point, does not fit the CRS, or
        lies south of the equator.
    """
    require_columns(raw, (REGION_COLUMN,), NAME)
    _refuse_unknown_regions(raw[REGION_COLUMN], survey_areas)
    regions = gpd.GeoDataFrame({REGION_COLUMN: raw[REGION_COLUMN]}, geometry=raw.geometry)
    places = to_polar_places(regions, POINT_RADIUS_M, NAME)
    searches = [
        _search_extents(
            places.geometry[places[REGION_COLUMN].isin(list(named))].to_numpy(),
            max_gap_km * M_PER_KM,
            search_radius_km * M_PER_KM,
        )
        for named in survey_areas.values()
    ]
    return shapely.union_all(np.concatenate(searches))


def _search_extents(outlines: Geometries, max_gap_m: float, search_radius_m: float) -> Geometries:
    centres = shapely.centroid(outlines)
    # Discs of half the gap meet where centres are no further apart than the gap: the parts of the union are the chains.
    reach = shapely.get_parts(shapely.union_all(shapely.buffer(centres, max_gap_m / 2)))
    cluster_of_centre = shapely.STRtree(reach).query(centres)[1]
    members = [outlines[cluster_of_centre == cluster] for cluster in range(len(reach))]
    hulls = [shapely.convex_hull(shapely.geometrycollections(cluster)) for cluster in members]
    return np.asarray(shapely.buffer(hulls, search_radius_m), dtype=object)


def _refuse_unknown_regions(regions: Series, survey_areas: Mapping[str, Sequence[str]]) -> None:
    named = [region for names in survey_areas.values() for region in names]
    unknown = sorted(set(named) - set(regions))
    if unknown or not named:
        raise ConfigError(
            "The file lacks a region that a survey area names." if named else "No survey area is named.",
            field="labels.arts.survey_areas",
            got="; ".join(unknown) or "nothing",
            expected="; ".join(map(str, regions.unique())),
            fix="name the regions of the file in conf/…/labels/parameters.yml",
        )

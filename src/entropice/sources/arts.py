"""ARTS: slump outlines drawn by people, from many contributors.

Yang et al. 2025, Scientific Data 12:18, https://doi.org/10.1038/s41597-025-04372-7.
"""

import logging
from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
import pandas as pd
import shapely

from entropice.errors import MAX_SAMPLE, ConfigError, LabelError, SchemaError
from entropice.sources.cleaning import require_columns
from entropice.sources.polar import to_polar_polygons
from entropice.sources.slumps import dissolve_slumps
from entropice.types import BaseGeometry, BoolArray, GeoDataFrame, Geometries, Series
from entropice.units import M_PER_KM

logger = logging.getLogger(__name__)

NAME: Final = "ARTS outlines"
CLASS_COLUMN: Final = "TrainClass"
LABEL_TYPE_COLUMN: Final = "LabelType"
DATE_COLUMN: Final = "BaseMapDate"
REGION_COLUMN: Final = "RegionName"


def normalise_arts(raw: GeoDataFrame, first_year: int, last_year: int) -> GeoDataFrame:
    """Every slump drawn in the pooled period is one row, labelled with the period's last year.

    Only positive, outlined slumps count: negatives and bounding boxes are left out, and so are outlines whose
    images all lie outside the period. Areas come from the geometry; the columns `Area` and `UID` are not
    trusted (areas differ up to threefold, identities repeat).

    Returns
    -------
    GeoDataFrame
        `rts_id` i64, `year` i64, `area_m2` (EPSG:6931), `geometry` (EPSG:3413).

    Raises
    ------
    SchemaError
        A missing column, an unknown class or label type, an unreadable date, or impossible outlines.
    LabelError
        No row is a slump of the period.
    """
    require_columns(raw, (CLASS_COLUMN, LABEL_TYPE_COLUMN, DATE_COLUMN), NAME)
    is_kept = (
        _is_value(raw[CLASS_COLUMN], "Positive", other="Negative")
        & _is_value(raw[LABEL_TYPE_COLUMN], "Polygon", other="BoundingBox")
        & _is_within(raw[DATE_COLUMN], first_year, last_year)
    )
    if not is_kept.any():
        raise LabelError(
            f"{NAME}: no row is a slump of the pooled period.",
            field="labels.arts.first_year, labels.years",
            got="; ".join(map(str, raw[DATE_COLUMN].unique()[:MAX_SAMPLE])),
            expected=f"dates within {first_year}–{last_year}",
            fix="configure a period that the file holds",
        )
    logger.info("%s: %d of %d rows are slumps of %d–%d", NAME, is_kept.sum(), len(raw), first_year, last_year)
    outlines = to_polar_polygons(raw[is_kept], NAME).geometry.to_numpy()
    return dissolve_slumps(outlines, np.full(len(outlines), last_year, dtype=np.int64))


def survey_area(
    raw: GeoDataFrame,
    survey_areas: Mapping[str, Sequence[str]],
    max_gap_km: float,
    search_radius_km: float,
) -> BaseGeometry:
    """The ground that is *assumed* to have been searched: around the outlines of every named survey area.

    ARTS says where slumps were found, not where people looked. Outlines of one survey area that follow each
    other within `max_gap_km` are taken as one search, and their convex hull, widened by `search_radius_km`,
    as its extent. Distances are planar in EPSG:3413 (within 6 % of true ones north of 66°N).

    Parameters
    ----------
    raw
        The file as read; negatives count too, for somebody looked there.
    survey_areas
        Name of each survey area → the values of `RegionName` that belong to it.
    max_gap_km, search_radius_km
        Kilometres.

    Raises
    ------
    ConfigError
        No survey area, or a region name that the file does not have.
    """
    require_columns(raw, (REGION_COLUMN,), NAME)
    _refuse_unknown_regions(raw[REGION_COLUMN], survey_areas)
    places = to_polar_polygons(raw, NAME)
    searches = [
        _search_extents(
            places.geometry[places[REGION_COLUMN].isin(list(regions))].to_numpy(),
            max_gap_km * M_PER_KM,
            search_radius_km * M_PER_KM,
        )
        for regions in survey_areas.values()
    ]
    return shapely.union_all(np.concatenate(searches))


def _search_extents(outlines: Geometries, max_gap_m: float, search_radius_m: float) -> Geometries:
    centres = shapely.centroid(outlines)
    reach = shapely.get_parts(shapely.union_all(shapely.buffer(centres, max_gap_m / 2)))
    cluster_of_centre = shapely.STRtree(reach).query(centres)[1]
    members = [outlines[cluster_of_centre == cluster] for cluster in range(len(reach))]
    hulls = [shapely.convex_hull(shapely.geometrycollections(cluster)) for cluster in members]
    return np.asarray(shapely.buffer(hulls, search_radius_m), dtype=object)


def _is_value(values: Series, wanted: str, other: str) -> BoolArray:
    is_unknown = ~values.isin([wanted, other])
    if is_unknown.any():
        raise SchemaError(
            f"{NAME}: a column has values that cannot be.",
            field=str(values.name),
            expected=f"{wanted} or {other}",
            sample=values[is_unknown].unique().tolist(),
            fix="correct the file",
        )
    return np.asarray(values == wanted, dtype=bool)


def _is_within(dates: Series, first_year: int, last_year: int) -> BoolArray:
    """Tell whether a date or a range "from,to" shares a year with the period."""
    ends = dates.str.split(",", expand=True).reindex(columns=[0, 1])
    from_year, to_year = (_years(ends[column].fillna(ends[0]), dates) for column in (0, 1))
    return np.asarray((from_year <= last_year) & (to_year >= first_year), dtype=bool)


def _years(dates: Series, raw: Series) -> Series:
    parsed = pd.to_datetime(dates, format="ISO8601", errors="coerce")
    if parsed.isna().any():
        raise SchemaError(
            f"{NAME}: unreadable dates.",
            field=DATE_COLUMN,
            got=f"{int(parsed.isna().sum())} rows",
            expected='"2018-01-01" or "2018-01-01,2021-01-01"',
            sample=raw[parsed.isna()].unique().tolist(),
            fix="correct the file",
        )
    return parsed.dt.year


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

"""Where somebody looked: footprints of the images that were searched for slumps."""

from collections.abc import Sequence

import geopandas as gpd
import numpy as np
import shapely

from entropice.crs import POLAR_CRS
from entropice.errors import ConfigError, SchemaError
from entropice.sources.cleaning import keep_years, require_columns, whole_numbers
from entropice.sources.polar import to_polar_polygons
from entropice.types import BaseGeometry, GeoDataFrame

NAME = "Coverage footprints"


def normalise_coverage(
    raw: GeoDataFrame, years: Sequence[int], year_column: str | None, within: BaseGeometry | None = None
) -> GeoDataFrame:
    """One dissolved footprint for every configured year.

    Parameters
    ----------
    raw
        The file as read, in any CRS.
    years
        The label years.
    year_column
        Its column of years; None where all footprints together stand for one pooled label year.
    within
        The ground that was searched at all, in EPSG:3413; None for all of it.

    Returns
    -------
    GeoDataFrame
        `year` i64 and `geometry` (valid (multi)polygons, EPSG:3413), sorted by year.

    Raises
    ------
    SchemaError
        The column is missing or holds anything but whole years; a configured year has no footprint; the
        footprints are not polygons, or do not fit their CRS.
    ConfigError
        Footprints without years are asked to stand for several.
    LabelError
        No footprint is of a configured year.
    """
    dated = _with_years(raw, years, year_column)
    footprints = to_polar_polygons(keep_years(dated, years, NAME), NAME)
    _refuse_missing_years(footprints, years, raw)
    dissolved = [_dissolve(footprints[footprints["year"] == year], within) for year in sorted(years)]
    return gpd.GeoDataFrame({"year": np.array(sorted(years), dtype=np.int64)}, geometry=dissolved, crs=POLAR_CRS)


def _with_years(raw: GeoDataFrame, years: Sequence[int], year_column: str | None) -> GeoDataFrame:
    if year_column is not None:
        require_columns(raw, (year_column,), NAME)
        return raw.assign(year=whole_numbers(raw[year_column], NAME))
    if len(years) > 1:
        raise ConfigError(
            "Footprints without years cannot say what was observed in each of several years.",
            field="labels.years",
            got=", ".join(map(str, years)),
            expected="one pooled label year",
            fix="name the year column in labels.darts.coverage_year_column, or configure one year",
        )
    return raw.assign(year=years[0])


def _refuse_missing_years(footprints: GeoDataFrame, years: Sequence[int], raw: GeoDataFrame) -> None:
    missing = sorted(set(years) - set(footprints["year"]))
    if missing:
        raise SchemaError(
            "There is no footprint for a configured label year, so nothing would count as observed.",
            field="labels.years",
            got=f"{len(raw)} footprints, none of {', '.join(map(str, missing))}",
            expected="footprints of every label year",
            fix="take the year out of labels.years, or give the coverage file that holds it",
        )


def _dissolve(footprints: GeoDataFrame, within: BaseGeometry | None) -> BaseGeometry:
    union = shapely.union_all(footprints.geometry.to_numpy())
    return union if within is None else shapely.intersection(union, within)

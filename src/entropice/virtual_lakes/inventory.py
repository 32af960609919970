"""All lakes in all years: the truth."""

import geopandas as gpd
import numpy as np
import pandas as pd
from rasterio.features import shapes
from shapely.geometry import shape

from entropice.crs import POLAR_CRS
from entropice.raster.bounds import Bounds
from entropice.types import GeoDataFrame
from entropice.virtual_lakes.ground import Ground, ground_of
from entropice.virtual_lakes.hollows import levelled
from entropice.virtual_lakes.lake_years import CONDITIONS, LakeYear, lake_year
from entropice.virtual_lakes.light import light_of
from entropice.virtual_lakes.regions import Region, regions_of
from entropice.virtual_lakes.specification import PIXEL_M, LakesSpecification


def lakes_of(specification: LakesSpecification, seed: int) -> GeoDataFrame:
    """Outlines of lakes along the edges of their pixels, region by region and year by year.

    ``condition`` is ``clear``, ``turbid``, ``frozen`` or ``shaded``. Rows of a region and year are sorted by number; a
    hole in an outline is an island. Without lakes there are no rows, but all columns.

    Returns
    -------
    GeoDataFrame
        ``lake_id region year condition area_m2 geometry`` in EPSG:3413. `lake_id` is ``<region>_<number>``, the number
        with three digits at least. A lake has the same in all years, and no row in a year in which nothing is left of
        it. Areas are on the ground: those of the outlines over the square of the projection's scale at the pixel in the
        middle of the lake's hollow (`Hollow.scale`), the same in all years.
    """
    tables = [
        _table(ground, lake_year_of(specification, ground, seed, year), year)
        for region in regions_of(specification, seed)
        for ground in [ground_of(specification, region, seed)]
        for year in specification.regions.years
    ]
    return gpd.GeoDataFrame(pd.concat(tables, ignore_index=True), geometry="geometry", crs=POLAR_CRS)


def lake_year_of(specification: LakesSpecification, ground: Ground, seed: int, year: int) -> LakeYear:
    """Lakes of a region in a year, in the light of that year.

    Raises
    ------
    ValueError
        The year is none of the specification's.
    """
    surface_m = levelled(ground.elevation_m, ground.waters, specification.regions.years.index(year))
    return lake_year(specification, ground, light_of(specification, ground.region, surface_m, seed, year), seed, year)


def _table(ground: Ground, lakes: LakeYear, year: int) -> GeoDataFrame:
    outlines = _outlines(ground.region, lakes)
    numbers = sorted(outlines)
    scale = {water.hollow.number: water.hollow.scale for water in ground.waters}
    geometry = gpd.GeoSeries([outlines[number] for number in numbers], crs=POLAR_CRS)
    columns = {
        "lake_id": [f"{ground.region.name}_{number:03d}" for number in numbers],
        "region": ground.region.name,
        "year": year,
        "condition": [CONDITIONS[lakes.condition[number] - 1] for number in numbers],
        "area_m2": geometry.area.to_numpy() / np.array([scale[number] for number in numbers]) ** 2,
    }
    return gpd.GeoDataFrame(columns, geometry=geometry, crs=POLAR_CRS)


def _outlines(region: Region, lakes: LakeYear) -> dict[int, object]:
    """Polygon of each lake by its number."""
    transform = Bounds(*region.place(0).bounds_m).transform(PIXEL_M)
    found = shapes(lakes.lake.astype(np.int32), mask=lakes.lake > 0, transform=transform)
    return {int(number): shape(outline) for outline, number in found}

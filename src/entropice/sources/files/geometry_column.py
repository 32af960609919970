"""A table and its geometry, whatever the table's own columns are called."""

import geopandas as gpd
from pyproj import CRS

from entropice.types import DataFrame, GeoDataFrame, Geometries


def with_geometry(table: DataFrame, geometries: Geometries, crs: CRS | str | None) -> GeoDataFrame:
    """Add geometries as the active column, called ``geometry``, or ``geometry_`` where the table has that itself.

    Shape (n,), one for each row, None where there is none; rows of `table` are counted from 0. The table is not
    changed, and `crs` is stated, not projected to.

    Examples
    --------
    >>> import pandas as pd
    >>> from shapely import Point
    >>> given = pd.DataFrame({"geometry": ["a point"]})
    >>> with_geometry(given, [Point(1, 2)], "EPSG:3413").geometry.name
    'geometry_'
    """
    name = "geometry"
    while name in table.columns:
        name += "_"
    column = gpd.GeoSeries(geometries, crs=crs, name=name)
    return gpd.GeoDataFrame(table, index=column.index).set_geometry(column)

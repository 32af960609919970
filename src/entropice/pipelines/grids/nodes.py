"""Nodes of the grids pipeline."""

from typing import TYPE_CHECKING

from entropice.pipelines.grids.parameters import GridParameters, RegionParameters
from entropice.types import GeoDataFrame

if TYPE_CHECKING:
    from entropice.dggs import Region


def normalise_land(land_file: GeoDataFrame) -> GeoDataFrame:
    """Bring the land polygons into the polar CRS: projected vertex by vertex, valid, dissolved, in small pieces.

    Parameters
    ----------
    land_file
        The vector file as it was read: column ``geometry`` in any CRS; what other columns say is left out. Polygons may
        overlap, be invalid, cross ±180° or be cut there.

    Returns
    -------
    GeoDataFrame
        The dataset ``land``: column ``geometry`` alone, EPSG:3413, pieces of at most 256 vertices that do not overlap
        and together cover the land of the file. Of coordinates in degrees the south is cut off before the rest is
        projected.

    Raises
    ------
    SchemaError
        Other shapes than polygons, coordinates that do not fit the CRS, edges of more than 180° that could go either
        way round the globe, or no land in the north. The error names the file.
    """
    from entropice.sources import land
    from entropice.sources.files.origin import errors_name_file_of

    with errors_name_file_of(land_file):
        return land.normalise_land(land_file)


def build_cells(land: GeoDataFrame, grid: str, parameters: GridParameters) -> GeoDataFrame:
    """Find the cells with their centre in the region and enough land; give each its outline and true areas.

    Parameters
    ----------
    land
        Column ``geometry`` in EPSG:3413, polygons that do not overlap, as `normalise_land` makes them.
    grid
        Key of the grid, such as ``h3_4`` or ``healpix_7``.
    parameters
        The region, and the least land fraction of a cell: a cell with just as much is kept.

    Returns
    -------
    GeoDataFrame
        The dataset ``cells`` in EPSG:3413, sorted by ``cell_id``: ``cell_id`` uint64, each once; ``lon_deg lat_deg`` of
        the centre; ``area_m2`` of the whole cell on the WGS 84 ellipsoid; ``land_fraction`` of that area, above 0 to 1;
        ``geometry``, right at the pole and at ±180°. Nothing is unknown.

    Raises
    ------
    GridError
        There is no such grid, the region holds no cell, or no cell has enough land.
    InputFileError, SchemaError
        The file with the region's outline cannot be read, or is no outline (`region_from`).
    """
    from entropice import dggs

    return dggs.build_cells(dggs.parse_grid(grid), region_from(parameters.region), land, parameters.min_land_fraction)


def region_from(parameters: RegionParameters) -> "Region":
    """The region that the parameters name, by the one of latitude, file and polygon that is given.

    Cells belong to it by their centre. A latitude means everything from there to the pole; a vector file means the
    inside of all its polygons together; corners, in degrees of longitude and latitude, are joined by edges that are
    straight in degrees. Each is projected to EPSG:3413.

    Raises
    ------
    GridError
        The latitude does not lie in [50, 90), or the outline has no area or a vertex south of 50° N.
    InputFileError
        The file of the outline is missing, damaged or of no known kind.
    SchemaError
        The outline is no polygon, does not fit its CRS, or has edges that could go either way round the globe.
    """
    from entropice.dggs import Region

    if parameters.min_lat_deg is not None:
        return Region.north_of(parameters.min_lat_deg, parameter="grids.region.min_lat_deg")
    if parameters.file is not None:
        return _region_of(_read_outline(parameters.file), "grids.region.file")
    return _region_of(_drawn_outline(parameters.polygon or ()), "grids.region.polygon")


def _region_of(outline: GeoDataFrame, parameter: str) -> "Region":
    from entropice.dggs import Region
    from entropice.sources.files.origin import errors_name_file_of
    from entropice.sources.files.polar import to_polar_polygons

    with errors_name_file_of(outline):
        return Region.inside(to_polar_polygons(outline, parameter).geometry.union_all(), parameter=parameter)


def _read_outline(path: str) -> GeoDataFrame:
    from entropice.sources.files.vector import read_vector

    return read_vector(path)


def _drawn_outline(corners: tuple[tuple[float, float], ...]) -> GeoDataFrame:
    import geopandas as gpd
    import shapely

    from entropice.crs import LON_LAT_CRS

    return gpd.GeoDataFrame(geometry=[shapely.Polygon(corners)], crs=LON_LAT_CRS)

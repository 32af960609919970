"""Nodes of the grids pipeline."""

from typing import TYPE_CHECKING

from entropice.pipelines.grids.parameters import GridParameters, RegionParameters
from entropice.types import GeoDataFrame

if TYPE_CHECKING:
    from entropice.dggs import Region


def normalise_land(land_file: GeoDataFrame) -> GeoDataFrame:
    """Bring the land polygons into the polar CRS: projected vertex by vertex, valid, dissolved, in small pieces."""
    from entropice.sources import land
    from entropice.sources.files.origin import errors_name_file_of

    with errors_name_file_of(land_file):
        return land.normalise_land(land_file)


def build_cells(land: GeoDataFrame, grid: str, parameters: GridParameters) -> GeoDataFrame:
    """Find the cells with their centre in the region and enough land; give each its outline and true areas.

    Outlines are in the polar CRS and right at the pole and at ±180°; areas are those of the WGS 84 ellipsoid.
    """
    from entropice import dggs

    return dggs.build_cells(dggs.parse_grid(grid), region_from(parameters.region), land, parameters.min_land_fraction)


def region_from(parameters: RegionParameters) -> "Region":
    """The region that the parameters name."""
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

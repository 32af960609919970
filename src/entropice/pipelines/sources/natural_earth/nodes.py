"""Land of the virtual Arctic."""

from entropice.types import Dataset, GeoDataFrame


def outline_land(world: Dataset) -> GeoDataFrame:
    """The coasts as polygons in the polar CRS: ``land_file``, columns ``piece`` (from 1) and ``geometry``.

    A row is a piece of base units of ``world`` that share edges, EPSG:3413; all pieces together are just its land.
    """
    from entropice.virtual_arctic.terrain import outline_land as outline

    return outline(world)

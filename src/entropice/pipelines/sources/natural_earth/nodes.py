"""Land of the virtual Arctic."""

from entropice.types import Dataset, GeoDataFrame


def outline_land(world: Dataset) -> GeoDataFrame:
    """The coasts as polygons in the polar CRS: ``land_file``, column ``geometry``, the union of land in ``world``."""
    from entropice.virtual_arctic.terrain import outline_land as outline

    return outline(world)

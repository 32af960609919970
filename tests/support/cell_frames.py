"""Cells for tests."""

import geopandas as gpd
import numpy as np

from entropice.dggs.polar import equal_area_m2


def cell_frame(ids, polygons, land_fraction=1.0):
    """Cells as the nodes get them: ids, area, share of land, and outlines in EPSG:3413."""
    polygons = np.asarray(polygons, dtype=object)
    columns = {
        "cell_id": np.asarray(ids, dtype=np.uint64),
        "area_m2": equal_area_m2(polygons),
        "land_fraction": np.broadcast_to(np.float64(land_fraction), len(polygons)),
    }
    return gpd.GeoDataFrame(columns, geometry=polygons, crs="EPSG:3413")

"""Where cells are, in metres."""

import numpy as np
from pyproj import Transformer
from scipy.spatial import KDTree

from entropice.crs import EQUAL_AREA_CRS, LON_LAT_CRS
from entropice.types import BoolArray, FloatArray, GeoDataFrame


def equal_area_coordinates_m(lon_deg: FloatArray, lat_deg: FloatArray) -> FloatArray:
    """Coordinates (n, 2), in metres of EPSG:6931, of longitudes and latitudes (n,) in degrees.

    The pole is the origin; x runs towards 90° E, y towards 180°. Distances there are true at the pole and 3.5 % off at
    most at 60° N.

    Examples
    --------
    A degree from the pole, at 90° E, is some 112 km.

    >>> import numpy as np
    >>> np.abs(equal_area_coordinates_m(np.array([90.0]), np.array([89.0])) / 1e3).round().tolist()
    [[112.0, 0.0]]
    """
    to_polar = Transformer.from_crs(LON_LAT_CRS, EQUAL_AREA_CRS, always_xy=True)
    return np.column_stack(to_polar.transform(lon_deg, lat_deg))


def widest_cell_m(cells: GeoDataFrame) -> float:
    """Largest diameter (m, EPSG:6931) of cells, the column ``geometry`` of any CRS, by the smallest circle around each.

    Centres farther apart than this belong to cells that do not touch.

    Examples
    --------
    The circle around a rectangle of 3 km by 4 km has the diagonal for its diameter.

    >>> import geopandas as gpd
    >>> from shapely.geometry import box
    >>> round(widest_cell_m(gpd.GeoDataFrame(geometry=[box(0, 0, 3e3, 4e3), box(0, 0, 1, 1)], crs=EQUAL_AREA_CRS)), 3)
    5000.0
    """
    return 2 * float(cells.to_crs(EQUAL_AREA_CRS).minimum_bounding_radius().max())


def nearest_m(coordinates_m: FloatArray, others_m: FloatArray) -> FloatArray:
    """Distance (n,) from each point (n, 2) to the nearest of the others (m, 2), in their unit; one other at least.

    Examples
    --------
    >>> import numpy as np
    >>> nearest_m(np.array([[0.0, 0.0], [10.0, 0.0]]), np.array([[3.0, 4.0], [10.0, 1.0]])).tolist()
    [5.0, 1.0]
    """
    distances_m, _ = KDTree(others_m).query(coordinates_m)
    return np.asarray(distances_m, dtype=np.float64)


def nearest_other_m(coordinates_m: FloatArray, others_m: FloatArray) -> FloatArray:
    """Distance (n,) from each point (n, 2) to the nearest of the others (m, 2) that does not lie on it, in their unit.

    Infinite without one. Others differ from each other.

    Examples
    --------
    >>> import numpy as np
    >>> nearest_other_m(np.array([[0.0, 0.0], [3.0, 0.0]]), np.array([[0.0, 0.0], [3.0, 4.0]])).tolist()
    [5.0, 3.0]
    """
    # Two neighbours are enough: others differ, so that at most one of them lies on the point.
    distances_m, _ = KDTree(others_m).query(coordinates_m, k=2)
    return np.asarray(np.where(distances_m[:, 0] > 0, distances_m[:, 0], distances_m[:, 1]), dtype=np.float64)


def is_near_any(coordinates_m: FloatArray, others_m: FloatArray, reach_m: float) -> BoolArray:
    """Whether each point (n, 2) lies within `reach_m` of any of the others (m, 2), the distance itself included.

    Examples
    --------
    >>> import numpy as np
    >>> is_near_any(np.array([[0.0, 0.0], [0.0, 2.0]]), np.array([[3.0, 0.0]]), reach_m=3.0).tolist()
    [True, False]
    """
    return np.asarray(nearest_m(coordinates_m, others_m) <= reach_m)

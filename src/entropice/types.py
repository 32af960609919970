"""Names for heavy classes that type hints can use without importing them.

Kedro resolves the hints of node functions at run time; a name that only exists under ``TYPE_CHECKING`` would make it
drop parameter validation silently. Here every name exists at run time, and costs nothing.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from geopandas import GeoDataFrame
    from numpy.typing import NDArray
    from pandas import DataFrame, Series
    from shapely.geometry.base import BaseGeometry
    from xarray import DataArray, Dataset

    FloatArray = NDArray[np.float64]
    Float32Array = NDArray[np.float32]
    IntArray = NDArray[np.int64]
    BoolArray = NDArray[np.bool_]
    CellIds = NDArray[np.uint64]
    Geometries = NDArray[np.object_]
else:
    GeoDataFrame = DataFrame = Series = DataArray = Dataset = BaseGeometry = Any
    FloatArray = Float32Array = IntArray = BoolArray = CellIds = Geometries = Any

__all__ = [
    "BaseGeometry",
    "BoolArray",
    "CellIds",
    "DataArray",
    "DataFrame",
    "Dataset",
    "Float32Array",
    "FloatArray",
    "GeoDataFrame",
    "Geometries",
    "IntArray",
    "Series",
]

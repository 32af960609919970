"""Raster tiles in memory: values with their place."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from entropice.types import Float32Array

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Codes = NDArray[np.int8]
else:
    Codes = Any


@dataclass(frozen=True)
class RasterTile:
    """A north-up, single-band tile in EPSG:3413.

    Attributes
    ----------
    name
        File stem, unique in its collection (``[a-z0-9_.]+``).
    values
        float32, shape (rows, columns), row 0 at the top; NaN where there is no data.
    left_m, top_m
        Outer corner of the top-left pixel.
    pixel_size_m
        Edge of the square pixels.
    """

    name: str
    values: Float32Array
    left_m: float
    top_m: float
    pixel_size_m: float


@dataclass(frozen=True)
class EmbeddingTile:
    """A year's embeddings in a square of a UTM zone.

    Attributes
    ----------
    name
        File stem, unique in its year and zone.
    zone
        1 to 60, northern hemisphere.
    levels
        Codes of the finest pixels and of each overview, half as many in a row; int8, shape (64, rows, columns), −128
        where masked.
    left_m, first_row_m
        Outer corner where the first row begins: the northern one, or the southern one where ``is_bottom_up``.
    pixel_size_m
        Edge of the finest pixels.
    lon_lat_bounds_deg
        West, south, east and north of its ground in the zone.
    """

    name: str
    year: int
    zone: int
    crs: str
    levels: tuple[Codes, ...]
    left_m: float
    first_row_m: float
    pixel_size_m: float
    is_bottom_up: bool
    lon_lat_bounds_deg: tuple[float, float, float, float]

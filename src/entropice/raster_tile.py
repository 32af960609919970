"""One raster tile in memory: values with their place in the polar CRS."""

from dataclasses import dataclass

from entropice.types import Float32Array


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

"""Tiles put together into one raster, as coarse as it must be."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from entropice.errors import SchemaError
from entropice.imagery.samples import Place
from entropice.types import BoolArray, Float32Array, FloatArray


@dataclass(frozen=True, eq=False)
class Mosaic:
    """One raster.

    Attributes
    ----------
    values
        float32 (row, column), row 0 in the north; NaN where no tile is.
    left_m, top_m
        Outer corner of the top-left pixel.
    pixel_m
        Edge of a pixel: that of the tiles, doubled until the raster is no larger than was allowed.
    """

    values: Float32Array
    left_m: float
    top_m: float
    pixel_m: float


def mosaic(tiles: Sequence[tuple[Place, Float32Array]], max_pixels: int) -> Mosaic:
    """Put tiles together.

    Where a pixel is coarser than those of the tiles it gets the mean of what is known; where tiles lie on each other
    the last year counts, and of one year the last tile.

    Parameters
    ----------
    tiles
        Places with pixels of one size, and values (row, column), NaN where unknown.
    max_pixels
        Of the whole raster.

    Raises
    ------
    SchemaError
        There is no tile, or their pixels differ in size.
    """
    sizes_m = {place.pixel_m for place, _ in tiles}
    if len(sizes_m) != 1:
        raise SchemaError("Tiles make no raster.", field="pixel_m", got=sorted(sizes_m), expected="one size")
    left_m, bottom_m, right_m, top_m = _bounds_m([place for place, _ in tiles])
    finest_m, factor = sizes_m.pop(), 1
    while _n_pixels(right_m - left_m, finest_m * factor) * _n_pixels(top_m - bottom_m, finest_m * factor) > max_pixels:
        factor *= 2
    pixel_m = finest_m * factor
    shape = _n_pixels(top_m - bottom_m, pixel_m), _n_pixels(right_m - left_m, pixel_m)
    raster = np.full(shape, np.nan, dtype=np.float32)
    for place, values in sorted(tiles, key=lambda tile: tile[0].year):
        _put(
            raster,
            _coarse(values, factor),
            round((top_m - place.top_m) / pixel_m),
            round((place.left_m - left_m) / pixel_m),
        )
    return Mosaic(raster, left_m, top_m, pixel_m)


def _bounds_m(places: Sequence[Place]) -> tuple[float, float, float, float]:
    lefts, bottoms, rights, tops = zip(*(place.bounds_m for place in places), strict=True)
    return min(lefts), min(bottoms), max(rights), max(tops)


def _n_pixels(length_m: float, pixel_m: float) -> int:
    return int(np.ceil(length_m / pixel_m - 1e-9))


def _coarse(values: Float32Array, factor: int) -> Float32Array:
    """Means of what is known in squares of so many pixels, those at the far edges of what there is of them."""
    padding = [(0, -n % factor) for n in values.shape]
    padded = np.pad(values.astype(np.float64), padding, constant_values=np.nan)
    squares = padded.reshape(padded.shape[0] // factor, factor, padded.shape[1] // factor, factor)
    known: BoolArray = np.isfinite(squares)
    n_known = known.sum(axis=(1, 3))
    total: FloatArray = np.where(known, squares, 0).sum(axis=(1, 3))
    means = np.divide(total, n_known, out=np.full(total.shape, np.nan), where=n_known > 0)
    return means.astype(np.float32)


def _put(raster: Float32Array, values: Float32Array, row: int, column: int) -> None:
    """Write what is known, as far as it lies inside."""
    rows, columns = (min(n, size - at) for n, size, at in zip(values.shape, raster.shape, (row, column), strict=True))
    inside = values[:rows, :columns]
    part = raster[row : row + rows, column : column + columns]
    part[np.isfinite(inside)] = inside[np.isfinite(inside)]

"""Tiles laid side by side in one raster that is no larger than a map can show."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import numpy as np

from entropice.imagery.samples import Place
from entropice.types import Float32Array, FloatArray

MAX_PIXELS: Final = 4_000_000
"""Of a mosaic; its pixels are made so large that there are no more."""


@dataclass(frozen=True)
class MosaicFrame:
    """Where a mosaic lies, EPSG:3413.

    Attributes
    ----------
    left_m, top_m
        Outer corner of its top-left pixel.
    pixel_m
        Edge of a pixel.
    n_rows, n_columns
        Its size.
    """

    left_m: float
    top_m: float
    pixel_m: float
    n_rows: int
    n_columns: int


def frame_of(places: Iterable[Place], max_pixels: int = MAX_PIXELS) -> MosaicFrame:
    """The smallest frame around places, with their pixels, or larger ones where those would be too many.

    Raises
    ------
    ValueError
        There is no place.
    """
    listed = list(places)
    bounds_m = np.array([place.bounds_m for place in listed])
    left_m, bottom_m = bounds_m[:, :2].min(axis=0).tolist()
    right_m, top_m = bounds_m[:, 2:].max(axis=0).tolist()
    finest_m = min(place.pixel_m for place in listed)
    n_rows, n_columns = (round(extent_m / finest_m) for extent_m in (top_m - bottom_m, right_m - left_m))
    factor = max(1, math.isqrt(n_rows * n_columns // max_pixels))
    while math.ceil(n_rows / factor) * math.ceil(n_columns / factor) > max_pixels:
        factor += 1
    return MosaicFrame(
        left_m=left_m,
        top_m=top_m,
        pixel_m=finest_m * factor,
        n_rows=math.ceil(n_rows / factor),
        n_columns=math.ceil(n_columns / factor),
    )


def mosaic(frame: MosaicFrame, tiles: Iterable[tuple[Place, Float32Array]]) -> Float32Array:
    """Mean of the known values of all tiles whose pixels' middles lie in a pixel of the frame.

    Parameters
    ----------
    tiles
        Places, and float32 (row, column) of their pixels, NaN where nothing is known.

    Returns
    -------
    Float32Array
        (row, column) of the frame; NaN where no tile knows anything.

    Notes
    -----
    Tiles are added one by one, so that no more than one of them is held beside the frame.
    """
    sums: FloatArray = np.zeros((frame.n_rows, frame.n_columns))
    counts = np.zeros((frame.n_rows, frame.n_columns), dtype=np.int64)
    for place, values in tiles:
        middles_m = (np.arange(place.n_pixels) + 0.5) * place.pixel_m
        rows = np.floor((frame.top_m - (place.top_m - middles_m)) / frame.pixel_m).astype(np.int64)
        columns = np.floor((place.left_m + middles_m - frame.left_m) / frame.pixel_m).astype(np.int64)
        inside = ((rows >= 0) & (rows < frame.n_rows))[:, None] & ((columns >= 0) & (columns < frame.n_columns))
        known = inside & np.isfinite(values)
        at = tuple(np.broadcast_arrays(rows[:, None], columns))
        np.add.at(sums, (at[0][known], at[1][known]), values[known])
        np.add.at(counts, (at[0][known], at[1][known]), 1)
    filled = np.where(counts > 0, sums / np.maximum(counts, 1), np.nan)
    return filled.astype(np.float32)

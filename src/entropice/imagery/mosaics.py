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

    Parameters
    ----------
    places
        Their corners should lie on one lattice of the finest pixel; in between, rows and columns are rounded.
    max_pixels
        The frame has no more; 1 or more.

    Returns
    -------
    MosaicFrame
        Its left and top edges are those of the outermost places. Its pixels are a whole multiple of the finest place's,
        the least that is enough, so that it may reach beyond the places at the right and below.

    Raises
    ------
    IndexError
        There is no place.

    Examples
    --------
    >>> places = [Place(0.0, 40.0, 10.0, 4, 2020), Place(30.0, 30.0, 10.0, 3, 2020)]
    >>> frame_of(places)
    MosaicFrame(left_m=0.0, top_m=40.0, pixel_m=10.0, n_rows=4, n_columns=6)
    >>> frame_of(places, max_pixels=8)
    MosaicFrame(left_m=0.0, top_m=40.0, pixel_m=20.0, n_rows=2, n_columns=3)
    """
    listed = list(places)
    bounds_m = np.array([place.bounds_m for place in listed])
    left_m, bottom_m = bounds_m[:, :2].min(axis=0).tolist()
    right_m, top_m = bounds_m[:, 2:].max(axis=0).tolist()
    finest_m = min(place.pixel_m for place in listed)
    n_rows, n_columns = (round(extent_m / finest_m) for extent_m in (top_m - bottom_m, right_m - left_m))
    # The root is where the search begins, not where it ends: rows and columns are rounded up, so that a frame of it may
    # still be too large.
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

    Of places that overlap each counts alike; what lies beyond the frame is left out, and infinite values as NaN.

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

    Examples
    --------
    >>> frame = MosaicFrame(left_m=0.0, top_m=10.0, pixel_m=10.0, n_rows=1, n_columns=3)
    >>> places = [Place(0.0, 10.0, 10.0, 1, 2020), Place(0.0, 10.0, 5.0, 2, 2020), Place(10.0, 10.0, 10.0, 1, 2020)]
    >>> tiles = [np.float32([[1]]), np.float32([[3, 3], [3, np.nan]]), np.float32([[np.nan]])]
    >>> mosaic(frame, zip(places, tiles)).tolist()
    [[2.5, nan, nan]]
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
        # Several pixels of a tile may lie in one of the frame, of which plain indexing would keep the last alone. Sums
        # and counts, not a running mean: no tile weighs more for coming last.
        np.add.at(sums, (at[0][known], at[1][known]), values[known])
        np.add.at(counts, (at[0][known], at[1][known]), 1)
    filled = np.where(counts > 0, sums / np.maximum(counts, 1), np.nan)
    return filled.astype(np.float32)

"""Shares of ice on another grid."""

import numpy as np
import rasterio.warp
from rasterio.enums import Resampling

from entropice.sources.imagery.placing import RasterPlace
from entropice.types import Float32Array


def warped(shares: Float32Array, from_place: RasterPlace, to_place: RasterPlace) -> Float32Array:
    """Known shares, bilinear between the known ones; whether a pixel is known is that of the nearest one.

    So nothing is averaged with a flag, and land, coast and the hole at the pole keep their outlines to half a pixel.
    Of the same place, `shares` itself.

    Parameters
    ----------
    shares
        (row, column), NaN where unknown.
    from_place, to_place
        Where their pixels lie, and the pixels that are wanted; CRSs may differ.

    Returns
    -------
    Float32Array
        (row, column) of the other grid, NaN where unknown or outside.
    """
    if from_place == to_place:
        return shares
    nearest, between = (_warped(shares, from_place, to_place, how) for how in (Resampling.nearest, Resampling.bilinear))
    # right beside unknown pixels GDAL has no bilinear answer: there the nearest known share stands
    return np.where(np.isnan(nearest) | np.isnan(between), nearest, between)


def _warped(shares: Float32Array, from_place: RasterPlace, to_place: RasterPlace, how: Resampling) -> Float32Array:
    result = np.full(to_place.shape, np.nan, dtype=np.float32)
    rasterio.warp.reproject(
        shares,
        result,
        src_transform=from_place.transform,
        src_crs=from_place.crs,
        src_nodata=np.nan,
        dst_transform=to_place.transform,
        dst_crs=to_place.crs,
        dst_nodata=np.nan,
        resampling=how,
    )
    return result

"""Shadows that mountains cast, of the sun and of the radar."""

import numpy as np

from entropice.types import Float32Array
from entropice.virtual_lakes.specification import PIXEL_M


def shadow_depth_m(elevation_m: Float32Array, towards: tuple[float, float], rise: float) -> Float32Array:
    """How far the ground lies below the rays that graze what stands before it, 0 where they reach it.

    Parameters
    ----------
    elevation_m
        Shape (row, column), row 0 at the top.
    towards
        Direction of the source along x and y, length 1.
    rise
        Tangent of its height above the horizon.

    Returns
    -------
    array
        m, of the shape of `elevation_m`; 0 where the source is seen.

    Notes
    -----
    Along the rays h(next) = max(z(next), h − rise · step), where h between pixels is interpolated linearly. Beyond the
    edges nothing stands higher than at them.

    Examples
    --------
    >>> wall_m = np.array([[0.0, 20.0, 0.0, 0.0]], dtype=np.float32)
    >>> shadow_depth_m(wall_m, towards=(-1.0, 0.0), rise=1.0).tolist(), shadow_depth_m(wall_m, (1.0, 0.0), 1.0).tolist()
    ([[0.0, 0.0, 10.0, 0.0]], [[10.0, 0.0, 0.0, 0.0]])
    """
    right, down = -towards[0], towards[1]
    if abs(right) > abs(down):
        # Rays then go down a row a step and less than a column aside, so that no row between is passed over.
        return shadow_depth_m(elevation_m.T, (-towards[1], -towards[0]), rise).T
    ahead = elevation_m if down > 0 else elevation_m[::-1]
    depth_m = _grazed_m(ahead, right / abs(down), rise * PIXEL_M / abs(down)) - ahead
    return depth_m if down > 0 else depth_m[::-1]


def _grazed_m(elevation_m: Float32Array, aside: float, drop_m: float) -> Float32Array:
    """Height of the rays that go one row down and `aside` columns to the right a step."""
    grazed_m = elevation_m.copy()
    columns = np.arange(elevation_m.shape[1])
    for row in range(1, len(grazed_m)):
        before = np.interp(columns - aside, columns, grazed_m[row - 1]) - drop_m
        np.maximum(grazed_m[row], before, out=grazed_m[row], casting="same_kind")
    return grazed_m

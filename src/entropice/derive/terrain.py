"""Terrain derivatives of an elevation window, NaN where a neighbour they need is unknown."""

import numpy as np

from entropice.errors import FeatureError
from entropice.types import Float32Array, FloatArray
from entropice.zonal.bounds import Bounds

LAYERS = ("elevation_m", "slope_deg", "northness", "eastness", "tpi_m")


def terrain_layers(
    elevation_m: Float32Array, bounds: Bounds, pixel_size_m: float, tpi_radius_m: float
) -> list[Float32Array]:
    """Every layer of `LAYERS` inside the window's halo; the same wherever the window is cut.

    Parameters
    ----------
    elevation_m
        Shape (rows, columns), row 0 at the top, with a halo of `halo_px` pixels on every side.
    bounds
        Outer edges with the halo, in EPSG:3413.

    Returns
    -------
    list of Float32Array
        The halo is cut off: shape (rows − 2·halo, columns − 2·halo).
    """
    halo = halo_px(pixel_size_m, tpi_radius_m)
    dz_dx, dz_dy = horn_gradient(elevation_m, pixel_size_m)
    northness, eastness = true_north_components(dz_dx, dz_dy, *pixel_centres(bounds, pixel_size_m))
    position = topographic_position(elevation_m, pixel_size_m, tpi_radius_m)
    whole = (elevation_m, slope_deg(dz_dx, dz_dy), northness, eastness, position)
    return [layer[halo:-halo, halo:-halo].astype(np.float32) for layer in whole]


def halo_px(pixel_size_m: float, tpi_radius_m: float) -> int:
    """Pixels beyond a window's edge that its derivatives depend on.

    Raises
    ------
    FeatureError
        If the radius does not reach the next pixel.
    """
    if tpi_radius_m < pixel_size_m:
        raise FeatureError(
            "The topographic position has no neighbours.",
            field="features.tpi_radius_m",
            got=f"{tpi_radius_m:g} m",
            expected=f"{pixel_size_m:g} m or more, the pixel size of the elevation tiles",
            fix="raise tpi_radius_m in the parameters of the features pipeline",
        )
    return int(tpi_radius_m // pixel_size_m)


def horn_gradient(elevation_m: Float32Array, pixel_size_m: float) -> tuple[Float32Array, Float32Array]:
    """Rise per metre towards the right and towards the top; NaN where any of the 3 × 3 pixels is, and on the rim.

    Notes
    -----
    Horn (1981), Proceedings of the IEEE 69:14, doi:10.1109/PROC.1981.11918: third-order finite differences, the
    middle one with double weight. Distances are those of the CRS: in EPSG:3413 slopes are up to 4 % off at 60° N and
    3 % at the pole.
    """
    z = elevation_m
    top_left, top, top_right = z[:-2, :-2], z[:-2, 1:-1], z[:-2, 2:]
    left, centre, right = z[1:-1, :-2], z[1:-1, 1:-1], z[1:-1, 2:]
    bottom_left, bottom, bottom_right = z[2:, :-2], z[2:, 1:-1], z[2:, 2:]
    # Neighbours are subtracted before anything is added: sums of heights would lose the digits of float32.
    dz_dx = (top_right - top_left) + 2 * (right - left) + (bottom_right - bottom_left)
    dz_dy = (top_left - bottom_left) + 2 * (top - bottom) + (top_right - bottom_right)
    is_known = np.isfinite(dz_dx + dz_dy + centre)
    weight = np.where(is_known, np.float32(1 / (8 * pixel_size_m)), np.float32(np.nan))
    return _with_rim(dz_dx * weight), _with_rim(dz_dy * weight)


def slope_deg(dz_dx: Float32Array, dz_dy: Float32Array) -> Float32Array:
    """Steepest slope in degrees, 0 to 90."""
    return np.degrees(np.arctan(np.hypot(dz_dx, dz_dy)))


def true_north_components(
    dz_dx: Float32Array, dz_dy: Float32Array, x_m: FloatArray, y_m: FloatArray
) -> tuple[Float32Array, Float32Array]:
    """Cosine and sine of the downslope azimuth from true north (northness, eastness); both 0 where it is flat.

    Parameters
    ----------
    dz_dx, dz_dy
        Rise along x and y of EPSG:3413, shape (rows, columns).
    x_m, y_m
        Pixel centres, shapes (1, columns) and (rows, 1).

    Notes
    -----
    In EPSG:3413 true north points at the origin and the longitude is ``atan2(x, -y) - 45°``, so the true azimuth is
    the grid's plus (longitude + 45°). At the pole itself there is no north: NaN.
    """
    to_pole_m = np.hypot(x_m, y_m)
    with np.errstate(invalid="ignore", divide="ignore"):
        sine, cosine = (x_m / to_pole_m).astype(np.float32), (-y_m / to_pole_m).astype(np.float32)
    steepness = np.hypot(dz_dx, dz_dy)
    scale = np.divide(1.0, steepness, out=np.zeros_like(steepness), where=steepness != 0)
    return (dz_dx * sine - dz_dy * cosine) * scale, -(dz_dx * cosine + dz_dy * sine) * scale


def topographic_position(elevation_m: Float32Array, pixel_size_m: float, radius_m: float) -> Float32Array:
    """Height above the mean of the other pixels whose centres lie within a radius.

    Unknown neighbours have no weight; NaN where the pixel itself or all its neighbours are unknown. Beyond the
    array's edge everything is unknown.

    Notes
    -----
    Weiss (2001), Topographic position and landforms analysis, ESRI user conference, San Diego; with a disc of 8
    neighbours it is GDAL's TPI.
    """
    known = np.isfinite(elevation_m)
    heights_m = np.where(known, elevation_m, 0).astype(np.float64)
    half_widths = _disc_half_widths(pixel_size_m, radius_m)
    n_others = _disc_sums(known.astype(np.float64), half_widths) - known
    others_m = _disc_sums(heights_m, half_widths) - heights_m
    means_m = np.divide(others_m, n_others, out=np.full(known.shape, np.nan), where=n_others > 0.5)
    position: Float32Array = (elevation_m - means_m).astype(np.float32)
    return position


def pixel_centres(bounds: Bounds, pixel_size_m: float) -> tuple[FloatArray, FloatArray]:
    """x of the columns, shape (1, columns), and y of the rows from the top, shape (rows, 1)."""
    n_rows, n_columns = bounds.shape(pixel_size_m)
    x_m: FloatArray = bounds.left_m + (np.arange(n_columns, dtype=np.float64) + 0.5) * pixel_size_m
    y_m: FloatArray = bounds.top_m - (np.arange(n_rows, dtype=np.float64) + 0.5) * pixel_size_m
    return x_m[None, :], y_m[:, None]


def _with_rim(inner: Float32Array) -> Float32Array:
    padded: Float32Array = np.pad(inner, 1, constant_values=np.nan)
    return padded


def _disc_half_widths(pixel_size_m: float, radius_m: float) -> list[int]:
    """For each pixel row of the disc, top to bottom, how far it reaches to either side."""
    half = int(radius_m // pixel_size_m)
    return [int(np.sqrt(radius_m**2 - (row * pixel_size_m) ** 2) // pixel_size_m) for row in range(-half, half + 1)]


def _disc_sums(values: FloatArray, half_widths: list[int]) -> FloatArray:
    """Sums over a disc as differences of running row sums: the cost grows with the radius, not its square."""
    half = len(half_widths) // 2
    n_rows, n_columns = values.shape
    running = np.cumsum(np.pad(values, [(half, half), (half + 1, half)]), axis=1)
    total = np.zeros_like(values)
    for row, width in enumerate(half_widths):
        band = running[row : row + n_rows]
        total += band[:, half + width + 1 : half + width + 1 + n_columns]
        total -= band[:, half - width : half - width + n_columns]
    return total

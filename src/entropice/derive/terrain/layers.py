"""Terrain derivatives of an elevation window, NaN where a neighbour they need is unknown.

Each function cuts off the margin that its neighbourhood needs, so what it returns depends on nothing beyond the window
and is the same, bit by bit, wherever the window is cut. They are written for any namespace of the array API standard:
arrays come back in the library and on the device of those that go in.
"""

import math
from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np
from array_api_compat import array_namespace

from entropice.derive.terrain.windows import Array, disc_half_widths, disc_sums, running_sums, square_maximum
from entropice.errors import FeatureError
from entropice.raster.bounds import Bounds
from entropice.types import FloatArray

LOCAL_LAYERS: Final = (
    "elevation_m",
    "slope_deg",
    "northness",
    "eastness",
    "hillshade",
    "profile_curvature_per_m",
    "tangential_curvature_per_m",
    "ruggedness_m",
    "vector_ruggedness",
)
LOCAL_HALO_PX: Final = 2
SUN_AZIMUTH_DEG: Final = 225.0
SUN_ALTITUDE_DEG: Final = 25.0
STEPS_PER_M: Final = 2**16
"""Heights are summed as whole multiples of 1/65536 m: what float32 resolves from 128 m upwards."""


def layer_names(radii_m: Sequence[float]) -> tuple[str, ...]:
    """Names of the layers of `terrain_layers`, in order; those of a radius (m) name it.

    The nine of `LOCAL_LAYERS` (elevation, slope, northness, eastness, hillshade, profile and tangential curvature,
    ruggedness, vector ruggedness), the position of every radius, then roughness and dissection of each radius.

    Examples
    --------
    >>> layer_names([500.0])[-3:]
    ('position_500m_m', 'roughness_500m_m', 'dissection_500m')
    """
    positions = tuple(f"position_{radius_m:g}m_m" for radius_m in radii_m)
    surroundings = [(f"roughness_{radius_m:g}m_m", f"dissection_{radius_m:g}m") for radius_m in radii_m]
    return LOCAL_LAYERS + positions + tuple(name for pair in surroundings for name in pair)


def halo_px(pixel_size_m: float, radii_m: Sequence[float]) -> int:
    """Pixels beyond a window's edge that its derivatives depend on: the largest radius in whole pixels, at least 2.

    Radii are one or more; they are rounded down.

    Raises
    ------
    FeatureError
        If a radius does not reach the next pixel, or two reach the same pixels.

    Examples
    --------
    >>> halo_px(10.0, [10.0, 35.0]), halo_px(10.0, [10.0])
    (3, 2)
    """
    discs = [disc_half_widths(pixel_size_m, radius_m) for radius_m in radii_m]
    if len(set(discs)) < len(discs) or any(len(disc) == 1 for disc in discs):
        raise FeatureError(
            "A radius of the terrain reaches no pixel that a smaller one does not.",
            field="features.terrain.radii_m",
            got=", ".join(f"{radius_m:g} m" for radius_m in radii_m),
            expected=f"{pixel_size_m:g} m or more, the pixel size of the elevation tiles, and different neighbours",
            fix="raise or remove radii in the parameters of the features pipeline",
        )
    return max(LOCAL_HALO_PX, *(len(disc) // 2 for disc in discs))


def terrain_layers(
    elevation_m: Array, bounds: Bounds, pixel_size_m: float, radii_m: Sequence[float]
) -> Iterator[Array]:
    """Every layer of `layer_names` inside the window's halo, one after another.

    Parameters
    ----------
    elevation_m
        float32, shape (rows, columns), row 0 at the top, with a halo of `halo_px` pixels on every side.
    bounds
        Outer edges with the halo, in EPSG:3413.
    pixel_size_m, radii_m
        Of a pixel's side, and of the neighbourhoods, one or more.

    Yields
    ------
    Array
        float32 without the halo: shape (rows − 2·halo, columns − 2·halo); NaN where the pixel or what the layer needs
        around it is unknown. The sun of the hillshade stands at 225° from true north and 25° high; roughness is the
        highest minus the lowest pixel of `extremes`.

    Raises
    ------
    FeatureError
        As `halo_px`, when the first layer is asked for.
    """
    halo = halo_px(pixel_size_m, radii_m)
    known = _without_rim(elevation_m, halo)
    yield known
    near = _without_rim(elevation_m, halo - 1)
    yield from _gradient_layers(near, bounds.grown(-halo * pixel_size_m), pixel_size_m)
    yield from curvatures(near, pixel_size_m)
    yield ruggedness(near)
    yield vector_ruggedness(_without_rim(elevation_m, halo - LOCAL_HALO_PX), pixel_size_m)
    widest = max(int(radius_m // pixel_size_m) for radius_m in radii_m)
    yield from topographic_positions(_without_rim(elevation_m, halo - widest), pixel_size_m, radii_m)
    for radius_m in radii_m:
        half = int(radius_m // pixel_size_m)
        lowest_m, highest_m = extremes(_without_rim(elevation_m, halo - half), half)
        yield highest_m - lowest_m
        yield dissection(known, lowest_m, highest_m)


def horn_gradient(elevation_m: Array, pixel_size_m: float) -> tuple[Array, Array]:
    """Rise per metre towards the right and towards the top; NaN where any of the 3 × 3 pixels is. Margin: 1 pixel.

    Heights (m) of shape (rows, columns), row 0 at the top; two arrays of shape (rows − 2, columns − 2), same dtype.

    Notes
    -----
    Horn (1981), Proceedings of the IEEE 69:14, doi:10.1109/PROC.1981.11918: third-order finite differences, the middle
    one with double weight. Towards the right, with columns a, b, c of the three rows 1 to 3 and pixels of size w,
    ``((c₁ + 2 c₂ + c₃) − (a₁ + 2 a₂ + a₃)) / (8 w)``; towards the top alike. Distances are those of the CRS: in
    EPSG:3413 slopes are up to 4 % off at 60° N and 3 % at the pole.

    Examples
    --------
    A plane that rises by 1 m to the right and falls by 2 m to the top, on pixels of 2 m:

    >>> import numpy as np
    >>> rows, columns = np.mgrid[0.0:3.0, 0.0:3.0]
    >>> dz_dx, dz_dy = horn_gradient(columns + 2.0 * rows, pixel_size_m=2.0)
    >>> dz_dx.tolist(), dz_dy.tolist()
    ([[0.5]], [[-1.0]])
    """
    z = elevation_m
    top_left, top, top_right = z[:-2, :-2], z[:-2, 1:-1], z[:-2, 2:]
    left, centre, right = z[1:-1, :-2], z[1:-1, 1:-1], z[1:-1, 2:]
    bottom_left, bottom, bottom_right = z[2:, :-2], z[2:, 1:-1], z[2:, 2:]
    # Neighbours are subtracted before anything is added: sums of heights would lose the digits of float32.
    to_top_right, to_top_left = top_right - bottom_left, top_left - bottom_right
    dz_dx = (to_top_right - to_top_left) + 2 * (right - left)
    dz_dy = (to_top_right + to_top_left) + 2 * (top - bottom)
    # The differences skip some pixels, and the centre enters none: zero times their sum is NaN where any is unknown.
    zero_if_known = (dz_dx + dz_dy + centre) * 0
    weight = 1 / (8 * pixel_size_m)
    return dz_dx * weight + zero_if_known, dz_dy * weight + zero_if_known


def zevenbergen_gradient(elevation_m: Array, pixel_size_m: float) -> tuple[Array, Array]:
    """Rise per metre towards the right and the top, between direct neighbours. Margin: 1 pixel.

    ``(right − left) / (2 · pixel size)`` and ``(top − bottom) / (2 · pixel size)``. Heights (m) of shape (rows,
    columns), row 0 at the top; two arrays of shape (rows − 2, columns − 2), NaN where one of the two neighbours is.

    Notes
    -----
    Zevenbergen and Thorne (1987), Earth Surface Processes and Landforms 12:47, doi:10.1002/esp.3290120107.

    Examples
    --------
    From 1 to 5 m over two pixels of 2 m to the right, from 2 to 0 m to the top; corners and centre play no part.

    >>> import numpy as np
    >>> dz_dx, dz_dy = zevenbergen_gradient(np.array([[9.0, 0.0, 9.0], [1.0, 7.0, 5.0], [9.0, 2.0, 9.0]]), 2.0)
    >>> dz_dx.tolist(), dz_dy.tolist()
    ([[1.0]], [[-0.5]])
    """
    z = elevation_m
    weight = 1 / (2 * pixel_size_m)
    return (z[1:-1, 2:] - z[1:-1, :-2]) * weight, (z[:-2, 1:-1] - z[2:, 1:-1]) * weight


def slope_deg(dz_dx: Array, dz_dy: Array) -> Array:
    """Steepest slope (degrees, 0 to 90) by the rises along x and y, in their shape (rows, columns); NaN where one is.

    ``arctan √(z_x² + z_y²)``.

    Examples
    --------
    >>> import numpy as np
    >>> slope_deg(np.array([[3.0, 0.0]]), np.array([[4.0, 1.0]])).round(4).tolist()
    [[78.6901, 45.0]]
    """
    return array_namespace(dz_dx).atan(_length(dz_dx, dz_dy)) * (180 / math.pi)


def true_north_components(dz_dx: Array, dz_dy: Array, x_m: Array, y_m: Array) -> tuple[Array, Array]:
    """Cosine and sine of the downslope azimuth from true north (northness, eastness); both 0 where it is flat.

    Parameters
    ----------
    dz_dx, dz_dy
        Rise along x and y of EPSG:3413, float32, shape (rows, columns).
    x_m, y_m
        Pixel centres, float64, shapes (1, columns) and (rows, 1).

    Returns
    -------
    tuple of Array
        float32 of shape (rows, columns); NaN where a rise is.

    Notes
    -----
    In EPSG:3413 true north points at the origin and the longitude is ``atan2(x, -y) - 45°``, so the true azimuth is the
    grid's plus (longitude + 45°). With ``r = √(x² + y²)`` and ``g = √(z_x² + z_y²)``, northness is ``(z_x x + z_y y) /
    (r g)``, eastness ``(z_x y − z_y x) / (r g)``. At the pole itself there is no north: NaN.

    Examples
    --------
    On the positive x axis, at 45° E, the pole lies to the left: ground that rises to the right falls to the north.

    >>> import numpy as np
    >>> rise, level = np.array([[1.0]], dtype=np.float32), np.array([[0.0]], dtype=np.float32)
    >>> northness, eastness = true_north_components(rise, level, np.array([[1e6]]), np.array([[0.0]]))
    >>> northness.item(), abs(eastness.item())
    (1.0, 0.0)
    """
    xp = array_namespace(dz_dx)
    squared_m2 = x_m * x_m + y_m * y_m
    per_m = 1 / xp.sqrt(xp.where(squared_m2 == 0, math.nan, squared_m2))
    # Squares and roots of coordinates of 1e6 m in double precision; the direction is then as good as the rises in
    # single.
    sine, cosine = xp.astype(x_m * per_m, xp.float32), xp.astype(-y_m * per_m, xp.float32)
    steepness = _length(dz_dx, dz_dy)
    scale = 1 / xp.where(steepness == 0, xp.ones_like(steepness), steepness)
    return (dz_dx * sine - dz_dy * cosine) * scale, -(dz_dx * cosine + dz_dy * sine) * scale


def hillshade(
    dz_dx: Array, dz_dy: Array, northness: Array, eastness: Array, azimuth_deg: float, altitude_deg: float
) -> Array:
    """Share of the light of a distant sun that the ground reflects, 0 (in its own shadow) to 1.

    Parameters
    ----------
    dz_dx, dz_dy
        Rise along x and y, shape (rows, columns).
    northness, eastness
        Cosine and sine of the downslope azimuth, from the same north as the sun's, of that shape.
    azimuth_deg, altitude_deg
        Where the sun stands: clockwise from north, and above the horizon.

    Returns
    -------
    Array
        Shape (rows, columns); NaN where an input is.

    Notes
    -----
    Lambert's cosine law: the cosine of the angle between the normal and the sun, ``(sin h + cos h · s · cos(a − a☉)) /
    √(1 + s²)`` with the sun's altitude h, the slope's tangent s and azimuth a; as in Horn (1981),
    doi:10.1109/PROC.1981.11918. No ridge throws a shadow.

    Examples
    --------
    Level ground, and ground that falls at 45° towards a sun in the west:

    >>> import numpy as np
    >>> dz_dx, zero = np.array([[0.0, 1.0]]), np.zeros((1, 2))
    >>> hillshade(dz_dx, zero, zero, np.array([[0.0, -1.0]]), azimuth_deg=270.0, altitude_deg=30.0).round(4).tolist()
    [[0.5, 0.9659]]
    """
    xp = array_namespace(dz_dx)
    azimuth, altitude = math.radians(azimuth_deg), math.radians(altitude_deg)
    steepness = _length(dz_dx, dz_dy)
    facing = northness * math.cos(azimuth) + eastness * math.sin(azimuth)
    light = (math.sin(altitude) + math.cos(altitude) * steepness * facing) / xp.sqrt(1 + steepness * steepness)
    return xp.where(light < 0, xp.zeros_like(light), light)


def curvatures(elevation_m: Array, pixel_size_m: float) -> tuple[Array, Array]:
    """Profile and tangential curvature (1/m), positive where the ground bulges, 0 where it is level. Margin: 1 pixel.

    Heights (m) of shape (rows, columns); two arrays of shape (rows − 2, columns − 2). NaN where any of the 3 × 3 pixels
    is.

    Notes
    -----
    With p, q, r, s, t the first and second derivatives of the surface of Zevenbergen and Thorne (1987),
    doi:10.1002/esp.3290120107 (p and q of `zevenbergen_gradient`, ``r = (right + left − 2 centre) / w²``, ``t = (top +
    bottom − 2 centre) / w²``, ``s = (top right − top left − bottom right + bottom left) / (4 w²)`` on pixels of size
    w), the normal curvatures along the slope line, ``-(r p² + 2 s p q + t q²) / (g (1 + g)^1.5)``, and along the
    contour, ``-(r q² - 2 s p q + t p²) / (g (1 + g)^0.5)``, with ``g = p² + q²``: Minár, Evans and Jenčo (2020),
    Earth-Science Reviews 211:103414, doi:10.1016/j.earscirev.2020.103414.

    Examples
    --------
    A trough z = x² / 2 at x = 1, with slope 1 and second derivative 1: −1 / 2^1.5 down the slope, 0 across it.

    >>> import numpy as np
    >>> profile, tangential = curvatures(np.tile([0.0, 0.5, 2.0], (3, 1)), pixel_size_m=1.0)
    >>> profile.round(6).tolist(), round(-(2**-1.5), 6), abs(tangential.item())
    ([[-0.353553]], -0.353553, 0.0)
    """
    z = elevation_m
    xp = array_namespace(z)
    centre = z[1:-1, 1:-1]
    # Differences to the centre first: the second derivative of heights near 1,000 m would lose its digits in float32.
    p, q = zevenbergen_gradient(z, pixel_size_m)
    r = ((z[1:-1, 2:] - centre) + (z[1:-1, :-2] - centre)) * (1 / pixel_size_m**2)
    t = ((z[:-2, 1:-1] - centre) + (z[2:, 1:-1] - centre)) * (1 / pixel_size_m**2)
    s = ((z[:-2, 2:] - z[:-2, :-2]) - (z[2:, 2:] - z[2:, :-2])) * (1 / (4 * pixel_size_m**2))
    pp, qq, two_spq = p * p, q * q, 2 * s * p * q
    g = pp + qq
    scale = -1 / (xp.where(g == 0, xp.ones_like(g), g) * xp.sqrt(1 + g))
    return (r * pp + two_spq + t * qq) * scale / (1 + g), (r * qq - two_spq + t * pp) * scale


def ruggedness(elevation_m: Array) -> Array:
    """Root of the summed squares of the height differences (m) to the eight neighbours. Margin: 1 pixel.

    Heights (m) of shape (rows, columns), the result of (rows − 2, columns − 2). NaN where any of the 3 × 3 pixels is.

    Notes
    -----
    The terrain ruggedness index of Riley, DeGloria and Elliot (1999), Intermountain Journal of Sciences 5:23; from
    differences, because squares of heights lose the digits of float32.

    Examples
    --------
    >>> import numpy as np
    >>> ruggedness(np.array([[0.0, 0.0, 0.0], [0.0, 1.0, 3.0], [1.0, 1.0, 1.0]])).tolist()
    [[2.8284271247461903]]
    """
    z = elevation_m
    centre = z[1:-1, 1:-1]
    total = 0
    for rows in (slice(None, -2), slice(1, -1), slice(2, None)):
        for columns in (slice(None, -2), slice(1, -1), slice(2, None)):
            rise_m = z[rows, columns] - centre
            total = total + rise_m * rise_m
    return array_namespace(z).sqrt(total)


def vector_ruggedness(elevation_m: Array, pixel_size_m: float) -> Array:
    """1 − length of the mean of the 3 × 3 unit normals: 0 on any plane, towards 1 where they scatter. Margin: 2 pixels.

    Heights (m) of shape (rows, columns), the result of (rows − 4, columns − 4). NaN where any of the 5 × 5 pixels is.

    Notes
    -----
    Sappington, Longshore and Thompson (2007), Journal of Wildlife Management 71:1419, doi:10.2193/2005-723; normals
    of `horn_gradient`. The index of gentle ground is small beside 1, so it comes from 1 − upward component, without
    the 1: with sums X, Y and D of those over n pixels, ``n² − |sum|² = 2 n D − D² − X² − Y²``.

    Examples
    --------
    A plane, and a trench at 45°: a third of the normals points up, a third to each side, which cancels across:
    1 − (1 + √2) / 3.

    >>> import numpy as np
    >>> plane, trench = np.tile(np.arange(5.0), (5, 1)), np.tile([2.0, 1.0, 0.0, 1.0, 2.0], (5, 1))
    >>> [vector_ruggedness(ground, pixel_size_m=1.0).round(6).tolist() for ground in (plane, trench)]
    [[[0.0]], [[0.195262]]]
    """
    xp = array_namespace(elevation_m)
    dz_dx, dz_dy = horn_gradient(elevation_m, pixel_size_m)
    squared = dz_dx * dz_dx + dz_dy * dz_dy
    length = xp.sqrt(1 + squared)
    upward = 1 / length
    x, y, down = (_sums_of_nine(part) for part in (dz_dx * upward, dz_dy * upward, squared * upward / (1 + length)))
    missing = (18 - down) * down - x * x - y * y
    missing = xp.where(missing < 0, xp.zeros_like(missing), missing)
    return missing / (9 * (9 + xp.sqrt(81 - missing)))


def topographic_positions(elevation_m: Array, pixel_size_m: float, radii_m: Sequence[float]) -> Iterator[Array]:
    """Height above the mean of the other pixels whose centres lie within a radius, for each of several radii.

    Unknown neighbours have no weight; NaN where the pixel itself or all its neighbours are unknown. Margin: that of
    the largest radius.

    Parameters
    ----------
    elevation_m
        Shape (rows, columns).
    pixel_size_m, radii_m
        A radius reaches ``⌊radius / pixel size⌋`` pixels along rows and columns.

    Yields
    ------
    Array
        Metres, float32, shape (rows − 2·margin, columns − 2·margin), a radius each.

    Notes
    -----
    Weiss (2001), Topographic position and landforms analysis, ESRI user conference, San Diego; with a disc of 8
    neighbours it is GDAL's TPI. Heights are rounded to 1/65536 m before they are summed.

    Examples
    --------
    Three known direct neighbours at 1 m, around a pixel at 5 m; corners lie farther than a pixel away.

    >>> import numpy as np
    >>> heights_m = np.array([[9.0, 1.0, 9.0], [1.0, 5.0, np.nan], [9.0, 1.0, 9.0]])
    >>> [position.tolist() for position in topographic_positions(heights_m, pixel_size_m=1.0, radii_m=[1.0])]
    [[[4.0]]]
    """
    # Whole multiples of a step: sums of integers are the same in any order, so that a pixel has the same bits whichever
    # block it is computed in. Sums of floats would show the blocks' borders.
    xp = array_namespace(elevation_m)
    margin = max(int(radius_m // pixel_size_m) for radius_m in radii_m)
    is_known = xp.isfinite(elevation_m)
    heights_m = xp.where(is_known, elevation_m, xp.zeros_like(elevation_m))
    steps = xp.astype(xp.round(heights_m * STEPS_PER_M), xp.int64)
    own_steps, running_steps = _without_rim(steps, margin), running_sums(steps)
    running_counts = None if xp.all(is_known) else running_sums(xp.astype(is_known, xp.int32))
    centre_m = xp.astype(_without_rim(elevation_m, margin), xp.float64)
    for radius_m in radii_m:
        half_widths = disc_half_widths(pixel_size_m, radius_m)
        others = xp.astype(disc_sums(running_steps, half_widths, margin) - own_steps, xp.float64)
        if running_counts is None:
            n_others = sum(2 * width + 1 for width in half_widths) - 1
        else:  # a pixel that is unknown itself is NaN through its height
            counts = xp.astype(disc_sums(running_counts, half_widths, margin), xp.float64)
            n_others = xp.where(counts == 1, math.nan, counts - 1)
        yield xp.astype(centre_m - others / (n_others * STEPS_PER_M), xp.float32)


def extremes(elevation_m: Array, half: int) -> tuple[Array, Array]:
    """Lowest and highest known pixel of the ``(2 · half + 1)²`` around each. Margin: `half` pixels.

    Heights (m) of shape (rows, columns), results of (rows − 2·half, columns − 2·half). NaN where the pixel itself is
    unknown. Their difference is the roughness of Wilson et al. (2007), Marine Geodesy 30:3,
    doi:10.1080/01490410701295962; with `half` 1 it is GDAL's.

    Examples
    --------
    >>> import numpy as np
    >>> lowest_m, highest_m = extremes(np.array([[1.0, 2.0, 3.0], [4.0, 5.0, np.nan], [7.0, 8.0, 9.0]]), half=1)
    >>> lowest_m.tolist(), highest_m.tolist()
    ([[1.0]], [[9.0]])
    """
    xp = array_namespace(elevation_m)
    is_known = xp.isfinite(elevation_m)
    lowest = xp.full_like(elevation_m, -math.inf)
    zero_if_known = _without_rim(elevation_m, half) * 0
    highest_m = square_maximum(xp.where(is_known, elevation_m, lowest), half)
    lowest_m = -square_maximum(xp.where(is_known, -elevation_m, lowest), half)
    return lowest_m + zero_if_known, highest_m + zero_if_known


def dissection(elevation_m: Array, lowest_m: Array, highest_m: Array) -> Array:
    """Where the pixel stands between the lowest (0) and the highest (1) of its surroundings; 0.5 where all are equal.

    All three heights (m) and the result are of shape (rows, columns); NaN where one of them is.

    Notes
    -----
    Evans (1972), General geomorphometry, derivatives of altitude, and descriptive statistics, in: Spatial analysis in
    geomorphology (ed. Chorley), Methuen. Unlike relief over maximum height it does not depend on where heights begin,
    which matters for heights above an ellipsoid.

    Examples
    --------
    A quarter of the way up from 1 to 5 m, and level ground.

    >>> import numpy as np
    >>> dissection(np.array([[2.0, 3.0]]), np.array([[1.0, 3.0]]), np.array([[5.0, 3.0]])).tolist()
    [[0.25, 0.5]]
    """
    xp = array_namespace(elevation_m)
    relief_m = highest_m - lowest_m
    share = (elevation_m - lowest_m) / xp.where(relief_m == 0, xp.ones_like(relief_m), relief_m)
    return xp.where(relief_m == 0, xp.full_like(share, 0.5), share)


def pixel_centres(bounds: Bounds, pixel_size_m: float) -> tuple[FloatArray, FloatArray]:
    """x of the columns, shape (1, columns), and y of the rows from the top, shape (rows, 1): float64, in metres.

    Examples
    --------
    Two columns and two rows of pixels of 10 m.

    >>> x_m, y_m = pixel_centres(Bounds(0.0, 0.0, 20.0, 20.0), pixel_size_m=10.0)
    >>> x_m.tolist(), y_m.tolist()
    ([[5.0, 15.0]], [[15.0], [5.0]])
    """
    n_rows, n_columns = bounds.shape(pixel_size_m)
    x_m: FloatArray = bounds.left_m + (np.arange(n_columns, dtype=np.float64) + 0.5) * pixel_size_m
    y_m: FloatArray = bounds.top_m - (np.arange(n_rows, dtype=np.float64) + 0.5) * pixel_size_m
    return x_m[None, :], y_m[:, None]


def _gradient_layers(elevation_m: Array, bounds: Bounds, pixel_size_m: float) -> Iterator[Array]:
    dz_dx, dz_dy = horn_gradient(elevation_m, pixel_size_m)
    yield slope_deg(dz_dx, dz_dy)
    xp, device = array_namespace(dz_dx), dz_dx.device
    x_m, y_m = (xp.asarray(axis, device=device) for axis in pixel_centres(bounds, pixel_size_m))
    northness, eastness = true_north_components(dz_dx, dz_dy, x_m, y_m)
    yield northness
    yield eastness
    yield hillshade(dz_dx, dz_dy, northness, eastness, SUN_AZIMUTH_DEG, SUN_ALTITUDE_DEG)


def _sums_of_nine(values: Array) -> Array:
    rows = values[:-2, :] + values[1:-1, :] + values[2:, :]
    return rows[:, :-2] + rows[:, 1:-1] + rows[:, 2:]


def _length(x: Array, y: Array) -> Array:
    return array_namespace(x).sqrt(x * x + y * y)


def _without_rim(values: Array, width: int) -> Array:
    return values[width : values.shape[0] - width, width : values.shape[1] - width]

"""Hollows in the relief: where they lie, how they are carved, and which of their pixels are under water."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from scipy.ndimage import gaussian_filter

from entropice.dggs.polar import scale_at
from entropice.types import Float32Array, FloatArray, IntArray
from entropice.virtual_lakes.areas import first_areas_m2, growth_factors
from entropice.virtual_lakes.filling import filling_order
from entropice.virtual_lakes.regions import Region
from entropice.virtual_lakes.relief import Relief, steepness
from entropice.virtual_lakes.specification import PIXEL_M, LakesSpecification
from entropice.virtual_scenes.hashing import stream
from entropice.virtual_scenes.noise import noise, smooth_step

if TYPE_CHECKING:
    from numpy.random import Generator
    from numpy.typing import NDArray

    Int32Array = NDArray[np.int32]
else:
    Int32Array = Any

_N_TRIES: Final = 60
_FLAT: Final = 0.13
_WALL: Final = 0.35
_DEEP_SHADOW_M: Final = 15.0
_RIM: Final = 1.35
_RIM_HEIGHT: Final = np.float32(0.35)
_REACH: Final = 2.2
_LARGEST_STRETCH: Final = 2.4
_LEFT_OF_RELIEF: Final = 0.12


@dataclass(frozen=True)
class Hollow:
    """Where a lake lies, and how large it is by law.

    Attributes
    ----------
    number
        From 1, unique in its region.
    row, column
        Of its middle, in the region.
    scale
        Length in EPSG:3413 over length on the ground.
    area_m2
        On the ground, of each year.
    stretch
        Length over breadth.
    """

    number: int
    row: int
    column: int
    scale: float
    area_m2: FloatArray
    stretch: float

    @property
    def n_pixels(self) -> IntArray:
        """Pixels of 10 m under water in each year, int64 (year,): area on the ground times scale² over 100 m², rounded.

        Examples
        --------
        >>> Hollow(1, row=5, column=5, scale=1.0, area_m2=np.array([900.0, 340.0]), stretch=1.0).n_pixels.tolist()
        [9, 3]
        """
        return np.round(self.area_m2 * self.scale**2 / PIXEL_M**2).astype(np.int64)

    @property
    def radius_px(self) -> float:
        """In pixels, of a circle as large as the lake in its largest year: √(`n_pixels` then / π)."""
        return float(np.sqrt(self.n_pixels.max() / np.pi))

    @cached_property
    def reach_px(self) -> int:
        """Nothing farther (pixels) from the middle is carved: 2.2 √stretch · `radius_px` rounded up, and 2 more."""
        return int(np.ceil(_REACH * np.sqrt(self.stretch) * self.radius_px)) + 2

    @property
    def window(self) -> tuple[slice, slice]:
        """Rows and columns of the region that it may reach, a square of 2 · `reach_px` + 1 around its middle."""
        rows, columns = (
            slice(middle - self.reach_px, middle + self.reach_px + 1) for middle in (self.row, self.column)
        )
        return rows, columns


@dataclass(frozen=True)
class Water:
    """A lake's pixels of a region in the order in which they fill; the first `Hollow.n_pixels` are under water."""

    hollow: Hollow
    rows: IntArray
    columns: IntArray


def hollows_of(
    region: Region, relief: Relief, shadow_m: Float32Array, specification: LakesSpecification, seed: int
) -> tuple[Hollow, ...]:
    """Hollows on flat ground and at the foot of walls, none within another's reach, the largest first.

    Lakes for which there is no room are left out.

    Parameters
    ----------
    shadow_m
        How far the ground lies below the edge of a shadow at noon, (row, column): where walls keep the sun away.

    Notes
    -----
    A Poisson number at `per_km2` of the ground is drawn; each lake tries 60 places, drawn with weights that go with
    exp(−(s / 0.13)²) (1 − 0.9 gravel), s the slope of the relief under a Gaussian of 60 m, or, of `cirque_share`, with
    exp(−(s / 0.35)²) times a smooth step from 0 to 15 m of shadow, and next to nothing elsewhere. It takes the first at
    which the square of `Hollow.window` lies inside the region and overlaps none that is taken. Stretches are uniform
    from 1 to 2.4. All is random by seed and region. Numbers count placed lakes from 1, by falling area in the first
    year.
    """
    random = np.random.default_rng([seed, *b"hollows", region.number])
    lakes, years = specification.lakes, specification.regions.years
    ground_km2 = (specification.regions.edge_m / region.scale / 1000) ** 2
    n_lakes = int(random.poisson(lakes.per_km2 * ground_km2))
    first_m2 = np.sort(first_areas_m2(n_lakes, lakes, random))[::-1]
    area_m2 = first_m2[:, None] * growth_factors(n_lakes, lakes.growth, years, random)
    stretches = random.uniform(1, _LARGEST_STRETCH, n_lakes)
    is_cirque = random.uniform(size=n_lakes) < lakes.cirque_share
    flat, cirque = (_drawn(weight, n_lakes, random) for weight in _weights(relief, shadow_m))
    placed: list[Hollow] = []
    for number, sites in enumerate(np.where(is_cirque[:, None], cirque, flat)):
        rows, columns = np.divmod(sites, region.n_pixels)
        candidates = _candidates(region, rows, columns, area_m2[number], float(stretches[number]), len(placed) + 1)
        placed.extend([hollow for hollow in candidates if _has_room(hollow, placed, region.n_pixels)][:1])
    return tuple(placed)


def carved(
    elevation_m: Float32Array, hollows: tuple[Hollow, ...], region: Region, specification: LakesSpecification, seed: int
) -> tuple[Float32Array, tuple[Water, ...]]:
    """The relief with its hollows, and the order in which they fill.

    The given relief stays as it is. A hollow is a bowl, lower than its shore by D (1 − d²) at d times the shore's
    distance from the middle, D being `depth_m` · (largest area in ha)^¼, and 0.12 of what the ground departs from its
    mean within the shore stays. From d = √1.35 on the rim is level, and from d = 1.35 to 1.9 it is blended into the
    ground. Its shore in the largest year is an uneven ellipse along the slope's contours and holds exactly as many
    pixels as the lake then has.
    """
    elevation_m, waters = elevation_m.copy(), []
    for hollow in hollows:
        part = elevation_m[hollow.window]
        away = _away(hollow, part, region, stream(seed, "shores", region.number, hollow.number))
        part[:] = _with_hollow(part, away, specification.lakes.depth_m * (hollow.area_m2.max() / 1e4) ** 0.25)
        # Not beyond the rim, where water could run out along a valley.
        order = filling_order(part, away < _RIM, int(hollow.n_pixels.max()))
        rows, columns = order.T + np.array([[hollow.row - hollow.reach_px], [hollow.column - hollow.reach_px]])
        waters.append(Water(hollow, rows, columns))
    return elevation_m, tuple(waters)


def _weights(relief: Relief, shadow_m: Float32Array) -> tuple[FloatArray, FloatArray]:
    """How likely a pixel is the middle of a lake on a valley's floor, and of one below a wall."""
    slope = np.hypot(*steepness(gaussian_filter(relief.elevation_m, 6.0)))
    flat = np.exp(-((slope / _FLAT) ** 2)) * (1 - 0.9 * relief.gravel)
    below_wall = smooth_step(shadow_m, 0, _DEEP_SHADOW_M) * np.exp(-((slope / _WALL) ** 2))
    return flat + 1e-9, below_wall + 1e-4 * flat + 1e-9


def _drawn(weight: FloatArray, n_lakes: int, random: "Generator") -> IntArray:
    """Flat indices of pixels, shape (lake, try)."""
    total = weight.ravel().cumsum(dtype=np.float64)
    return total.searchsorted(random.uniform(0, total[-1], (n_lakes, _N_TRIES)))


def _candidates(
    region: Region, rows: IntArray, columns: IntArray, area_m2: FloatArray, stretch: float, number: int
) -> Iterator[Hollow]:
    grid = region.grid
    scales = scale_at(np.column_stack([grid.x_m[columns], grid.y_m[rows]]))
    for row, column, scale in zip(rows, columns, scales, strict=True):
        yield Hollow(number, int(row), int(column), float(scale), area_m2, stretch)


def _has_room(hollow: Hollow, placed: list[Hollow], n_pixels: int) -> bool:
    inside = all(hollow.reach_px < middle < n_pixels - hollow.reach_px - 1 for middle in (hollow.row, hollow.column))
    return inside and all(
        max(abs(hollow.row - other.row), abs(hollow.column - other.column)) > hollow.reach_px + other.reach_px
        for other in placed
    )


def _away(hollow: Hollow, part: Float32Array, region: Region, key: np.uint64) -> Float32Array:
    """Distance from the middle over that of the shore of the largest year; shores are not ellipses.

    As many pixels as the lake then has are nearer than 1.
    """
    steps = np.arange(-hollow.reach_px, hollow.reach_px + 1, dtype=np.float32)
    down, right = steps[:, None], steps[None, :]
    angle = np.arctan2(np.gradient(part, axis=0).mean(), np.gradient(part, axis=1).mean())
    uphill, along = right * np.cos(angle) + down * np.sin(angle), down * np.cos(angle) - right * np.sin(angle)
    root = np.sqrt(hollow.stretch)
    grid, radius_m = region.grid.part(*hollow.window), hollow.radius_px * PIXEL_M
    uneven = 0.32 * noise(grid, key, 1.4 * radius_m) + 0.16 * noise(grid, key ^ np.uint64(1), 0.55 * radius_m)
    away: Float32Array = np.hypot(along / root, uphill * root).astype(np.float32) * np.exp(uneven)
    # The n-th smallest becomes 1: exactly n pixels are nearer, whatever the noise has made of the shore.
    away /= np.partition(away, int(hollow.n_pixels.max()), axis=None)[hollow.n_pixels.max()]
    away += 2 * smooth_step(np.hypot(down, right), 0.5 * hollow.reach_px, hollow.reach_px)
    return away


def _with_hollow(part: Float32Array, away: Float32Array, depth_m: float) -> Float32Array:
    """A bowl with a level rim that is blended into the ground beyond."""
    middle_m = part[away < 1].mean()
    bowl_m = (
        middle_m
        + np.float32(depth_m) * np.minimum(away**2 - 1, _RIM_HEIGHT)
        + np.float32(_LEFT_OF_RELIEF) * (part - middle_m)
    )
    blended: Float32Array = part + smooth_step(away, 1.9, _RIM) * (bowl_m - part)
    return blended


def under_water(waters: tuple[Water, ...], number: int, n_pixels: int) -> Int32Array:
    """Number of the lake of every pixel in the year of a number, 0 on land; shape (n_pixels, n_pixels).

    Years count from 0, in the order of the specification.

    Raises
    ------
    IndexError
        There are lakes, and no year of this number.

    Examples
    --------
    >>> hollow = Hollow(7, row=1, column=1, scale=1.0, area_m2=np.array([900.0, 300.0]), stretch=1.0)
    >>> water = Water(hollow, rows=np.repeat([2, 1, 0], 3), columns=np.tile([0, 1, 2], 3))
    >>> under_water((water,), number=1, n_pixels=3).tolist()
    [[0, 0, 0], [0, 0, 0], [7, 7, 7]]
    """
    lake = np.zeros((n_pixels, n_pixels), dtype=np.int32)
    for water in waters:
        n_wet = water.hollow.n_pixels[number]
        lake[water.rows[:n_wet], water.columns[:n_wet]] = water.hollow.number
    return lake


def levelled(elevation_m: Float32Array, waters: tuple[Water, ...], number: int) -> Float32Array:
    """The surface with flat water, as it is in the year of a number.

    A lake's level is that of the highest ground below its water. float32 of the shape of `elevation_m`, which stays as
    it is; a lake that is gone changes nothing. Years count from 0.

    Examples
    --------
    >>> hollow = Hollow(7, row=1, column=1, scale=1.0, area_m2=np.array([900.0, 200.0]), stretch=1.0)
    >>> water = Water(hollow, rows=np.repeat([0, 1, 2], 3), columns=np.tile([0, 1, 2], 3))
    >>> levelled(np.arange(9, dtype=np.float32).reshape(3, 3), (water,), number=1)[0].tolist()
    [1.0, 1.0, 2.0]
    """
    surface_m = elevation_m.copy()
    for water in waters:
        wet = water.rows[: water.hollow.n_pixels[number]], water.columns[: water.hollow.n_pixels[number]]
        if len(wet[0]):
            surface_m[wet] = elevation_m[wet].max()
    return surface_m

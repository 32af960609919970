"""What looks like a slump and is none, scattered over an absolute lattice."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np

from entropice.errors import ConfigError
from entropice.types import Float32Array, FloatArray, IntArray
from entropice.units import M_PER_KM
from entropice.virtual_scenes.covers import covered
from entropice.virtual_scenes.ground import WorldFields
from entropice.virtual_scenes.hashing import stream, uniform
from entropice.virtual_scenes.noise import smooth_step, streaks
from entropice.virtual_scenes.pixel_grid import PixelGrid
from entropice.virtual_scenes.stars import Star, departures, farthest

_PER_CELL: Final = 0.5
_N_CHANCES: Final = 20
_ROUGHNESS: Final = 0.7
_TUFT_M: Final = 7.0
_DRAWN_REACH: Final = 1.4
_LARGEST_REACH: Final = 1 + farthest(_ROUGHNESS)


@dataclass(frozen=True)
class Kind:
    """A kind of lookalike.

    Attributes
    ----------
    cover
        Of `entropice.virtual_scenes.covers`.
    radii_m
        Smallest and largest, r₀ and r₁; small ones are frequent: r₀ (r₁ / r₀)^(u^2.2) with u even over [0, 1).
    elongation
        Largest length over width; the length lies downslope.
    contrast
        Least and largest share of the cover.
    depth_m
        Of its hollow; of water, below the ground at its middle, and then level.
    rises
        Least and largest rise over run of the world's units in which it occurs.
    highest_m
        It does not occur on higher ground.
    edge_m
        Width of the way from its surroundings to it.
    """

    name: str
    cover: str
    radii_m: tuple[float, float]
    elongation: float
    contrast: tuple[float, float]
    depth_m: float
    rises: tuple[float, float]
    highest_m: float
    edge_m: float
    is_level: bool = False


KINDS: Final = (
    Kind("bare patch", "bare soil", (9.0, 110.0), 2.0, (0.45, 1.0), 0.3, (0.005, 0.5), 2000.0, 7.0),
    Kind("mud patch", "mud", (9.0, 40.0), 2.5, (0.5, 1.0), 0.8, (0.005, 0.5), 900.0, 6.0),
    Kind("bank slide", "mud", (10.0, 170.0), 2.0, (0.5, 1.0), 3.0, (0.01, 0.5), 900.0, 6.0),
    Kind("gravel bar", "gravel", (7.0, 25.0), 5.0, (0.4, 0.9), -0.4, (0.0, 0.1), 900.0, 5.0),
    Kind("overgrown scar", "shrub", (16.0, 70.0), 1.8, (0.25, 0.7), 3.0, (0.03, 0.3), 450.0, 9.0),
    Kind("pond", "clear water", (8.0, 95.0), 1.5, (0.9, 1.0), 0.6, (0.0, 0.035), 700.0, 4.0, is_level=True),
    Kind("snow patch", "snow", (6.0, 30.0), 3.0, (0.7, 1.0), 0.0, (0.07, 1.0), 9000.0, 5.0),
)


@dataclass(frozen=True)
class Lookalike:
    """One of them; water in it stands at `level_m`."""

    kind: Kind
    star: Star
    contrast: float
    level_m: float
    key: np.uint64


def check_kinds(per_km2: dict[str, float]) -> None:
    """Pass only densities of every declared kind, and of no other.

    Raises
    ------
    ConfigError
        A kind has no density, or there is no such kind.

    Examples
    --------
    >>> check_kinds({kind.name: 0.0 for kind in KINDS})
    >>> check_kinds({"pond": 1.0})
    Traceback (most recent call last):
    entropice.errors.ConfigError: Densities of lookalikes do not fit the declared kinds.
    ...
    """
    names = {kind.name for kind in KINDS}
    if names != set(per_km2):
        raise ConfigError(
            "Densities of lookalikes do not fit the declared kinds.",
            field="lookalikes_per_km2",
            got=", ".join(per_km2),
            expected=", ".join(kind.name for kind in KINDS),
            fix="give each of these its density; 0 leaves it out",
        )


def lookalikes(grid: PixelGrid, fields: WorldFields, per_km2: dict[str, float], seed: int) -> Iterator[Lookalike]:
    """All that reach into a grid, always in the same order.

    By kind in the order of `KINDS`, then by the cells of a lattice whose cells hold at most one each, with a chance of
    ½, so that there are `per_km2` of a kind where slope and height (`Kind.rises`, `Kind.highest_m`) at their middle
    allow it; a kind with density 0 is left out. A function of seed and absolute position alone: a place that is asked
    for in parts gets the same ones.

    Raises
    ------
    KeyError
        A declared kind has no density, see `check_kinds`.
    """
    for kind in KINDS:
        if per_km2[kind.name] > 0:
            yield from _of_kind(kind, grid, fields, per_km2[kind.name], seed)


def draw_lookalike(one: Lookalike, grid: PixelGrid, elevation_m: Float32Array, reflectance: Float32Array) -> None:
    """Change height (row, column) and reflectances (5, row, column) where it lies, in place.

    Heights sink by `Kind.depth_m`, or become `Lookalike.level_m` where it is level; its cover is laid over a share of
    `contrast` at most. Nothing changes in a grid that it does not reach. The share is that of `smooth_step` over
    `Kind.edge_m` across an outline made ragged by up to 0.6 of that.
    """
    window = grid.around(one.star.x_m, one.star.y_m, _DRAWN_REACH * one.star.reach_m)
    part = grid.part(*window)
    if 0 in part.shape:
        return
    down_m, across_m = one.star.axes(part)
    radius_m = np.float32(np.sqrt(one.star.along_m * one.star.across_m))
    ragged = streaks(down_m / np.float32(_TUFT_M), across_m / np.float32(_TUFT_M), one.key)
    inside_m = one.star.depth(down_m, across_m) * radius_m + np.float32(0.6 * one.kind.edge_m) * ragged
    share = smooth_step(inside_m, -one.kind.edge_m / 2, one.kind.edge_m / 2)
    height_m = elevation_m[window]
    if one.kind.is_level:
        height_m += share * (np.float32(one.level_m) - height_m)
    else:
        height_m -= np.float32(one.kind.depth_m) * share
    patchy = np.float32(one.contrast) * (1 - np.float32(0.2) * np.abs(ragged))
    covered(reflectance[:, *window], share * patchy, one.kind.cover)


def _of_kind(kind: Kind, grid: PixelGrid, fields: WorldFields, per_km2: float, seed: int) -> Iterator[Lookalike]:
    """At most one in a cell, so large that a cell holds one with a chance of one half."""
    cell_m = M_PER_KM * float(np.sqrt(_PER_CELL / per_km2))
    reach_m = _DRAWN_REACH * _LARGEST_REACH * kind.radii_m[1] * float(np.sqrt(kind.elongation))
    rows, columns = _cells(grid.y_m, cell_m, reach_m), _cells(grid.x_m, cell_m, reach_m)
    row, column = (axis.ravel() for axis in np.meshgrid(rows, columns, indexing="ij"))
    # 32 numbers are set aside for each cell, so that no two cells share any.
    chances = uniform(stream(seed, kind.name), row[:, None], column[:, None] * 32 + np.arange(_N_CHANCES))
    x_m, y_m = (column + chances[:, 1]) * cell_m, (row + chances[:, 2]) * cell_m
    down_x, down_y, rise = fields.downhill(x_m, y_m)
    height_m = fields.height_m(x_m, y_m)
    is_there = (chances[:, 0] < _PER_CELL) & (rise >= kind.rises[0]) & (rise <= kind.rises[1])
    is_there &= height_m <= kind.highest_m
    for index in np.flatnonzero(is_there):
        star = _star(kind, chances[index], x_m[index], y_m[index], down_x[index], down_y[index])
        contrast = kind.contrast[0] + (kind.contrast[1] - kind.contrast[0]) * chances[index, 5]
        key = stream(seed, kind.name) ^ np.uint64(row[index] * 65_537 + column[index] & 0x7FFFFFFF)
        yield Lookalike(kind, star, float(contrast), float(height_m[index]) - kind.depth_m, key)


def _cells(axis_m: FloatArray, cell_m: float, reach_m: float) -> IntArray:
    first, last = np.floor(np.array([axis_m.min() - reach_m, axis_m.max() + reach_m]) / cell_m).astype(np.int64)
    return np.arange(first, last + 1)


def _star(kind: Kind, chances: FloatArray, x_m: float, y_m: float, down_x: float, down_y: float) -> Star:
    low, high = np.log(kind.radii_m)
    radius_m = float(np.exp(low + (high - low) * chances[3] ** 2.2))
    stretch = float(np.sqrt(1 + (kind.elongation - 1) * chances[4]))
    shape = departures(chances[6:18].reshape(2, 6), _ROUGHNESS)
    return Star(x_m, y_m, down_x, down_y, radius_m * stretch, radius_m / stretch, shape[0], shape[1])

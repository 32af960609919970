"""Floes that drift: where each of them is on every day of a season."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy import ndimage
from scipy.spatial import KDTree

from entropice.types import BoolArray, Float32Array, FloatArray, IntArray
from entropice.virtual_ice.random_fields import generator
from entropice.virtual_ice.seasons import Season
from entropice.virtual_ice.specification import IceRegion
from entropice.virtual_scenes.hashing import uniform
from entropice.virtual_scenes.pixel_grid import PixelGrid

LIFETIME_DAYS: Final = 90
"""After as many days a floe is gone and another one takes its number, at a place that has nothing to do with it."""
_REACH: Final = 15
"""No place of the sea is as many spacings away from all floes: the drift hardly diverges."""
_ORDERS: Final = (2, 3, 5)
_ROUGHNESS: Final = (0.10, 0.07, 0.05)


@dataclass(frozen=True, eq=False)
class NearestFloes:
    """The floe that each pixel of a grid belongs to; all of the grid's shape.

    Attributes
    ----------
    key
        Names the floe; the same on all days of its life.
    share
        Share of the plane that lies deeper inside floes than the pixel: 0 in the middle of one, 1 where two meet.
    x_m, y_m
        Where the pixel's centre lies on the floe, whose middle has the same numbers on all days.
    """

    key: IntArray
    share: Float32Array
    x_m: Float32Array
    y_m: Float32Array


@dataclass(frozen=True, eq=False)
class Floes:
    """Floes of a season.

    Attributes
    ----------
    spacing_m
        There is one for each square of this edge, on average.
    home_m
        Where each is on its first day, x and y; shape (floe, 2).
    position_m
        Where each is, shape (day, floe, 2).
    life
        How many floes have had its number before, shape (day, floe).
    """

    spacing_m: float
    home_m: Float32Array
    position_m: Float32Array
    life: IntArray

    def nearest(self, grid: PixelGrid, day: int) -> NearestFloes:
        """The floe of each pixel of a grid on a day of the season.

        Days count from 0, the season's first. Floes farther than 15 spacings beyond the grid are not looked at.

        Notes
        -----
        Of points scattered without regard to each other (Poisson), the squared distance of the nearest over that of the
        second nearest is even over [0, 1]. Outlines depart from circles by waves of three orders. A pixel's share is
        that ratio times 1 + Σ 2 r cos(k φ + θ) over k = 2, 3, 5 with r = 0.10, 0.07, 0.05, φ the direction from the
        floe's middle and θ even by the floe's key; it may pass 1. The key is the floe's number plus the number of floes
        times those that had its number before.
        """
        at_m = np.stack(np.meshgrid(grid.x_m, grid.y_m), axis=-1)
        near = np.flatnonzero(self._is_near(grid, day))
        distance_m, nearest = KDTree(self.position_m[day, near]).query(at_m, k=2)
        floe = near[nearest[..., 0]]
        away = at_m - self.position_m[day, floe]
        key = floe + len(self.home_m) * self.life[day, floe]
        share = (distance_m[..., 0] / np.maximum(distance_m[..., 1], 1e-3)) ** 2 * _wobble(key, away)
        on_floe = (self.home_m[floe] + away).astype(np.float32)
        return NearestFloes(key, share.astype(np.float32), on_floe[..., 0], on_floe[..., 1])

    def _is_near(self, grid: PixelGrid, day: int) -> BoolArray:
        """Whether each floe can be one of the two nearest of a pixel."""
        x_m, y_m = self.position_m[day].T
        reach_m = _REACH * self.spacing_m
        is_near_column: BoolArray = (x_m > grid.x_m[0] - reach_m) & (x_m < grid.x_m[-1] + reach_m)
        is_near_row: BoolArray = (y_m > grid.y_m[-1] - reach_m) & (y_m < grid.y_m[0] + reach_m)
        return is_near_column & is_near_row


def floes_of(season: Season, region: IceRegion, spacing_m: float, seed: int) -> Floes:
    """Floes, one for each square of `spacing_m` on average, that drift with a season's ice as tracers.

    There are round((edge / `spacing_m`)²), scattered evenly over the region, and 0 to 89 days old on the first day, by
    `generator` (seed, ``"floes"``, year of the season); each moves with `Season.drift_m` and stays within the region.
    After 90 days one is put back to where it began, as another floe.
    """
    random = generator(seed, "floes", season.first_day.year)
    edge_m = region.n_pixels * region.pixel_m
    n_floes = round((edge_m / spacing_m) ** 2)
    home_m = np.array([region.left_m, region.top_m - edge_m]) + edge_m * random.random((n_floes, 2))
    age = random.integers(0, LIFETIME_DAYS, n_floes)
    n_days = len(season.states)
    position_m, positions = home_m.copy(), []
    for day in range(n_days):
        # Without new floes those of months would gather where the drift converges, and leave other water bare.
        position_m = np.where(((age + day) % LIFETIME_DAYS == 0)[:, None], home_m, position_m)
        positions.append(position_m.astype(np.float32))
        position_m = _moved(position_m, season.drift_m[:, day], region)
    life = (age + np.arange(n_days)[:, None]) // LIFETIME_DAYS
    return Floes(spacing_m, home_m.astype(np.float32), np.stack(positions), life)


def _moved(position_m: FloatArray, drift_m: FloatArray, region: IceRegion) -> FloatArray:
    """Positions a day later, by the midpoint rule, within the region."""
    half_way = position_m + _drift_at(position_m, drift_m, region) / 2
    edge_m = region.n_pixels * region.pixel_m
    lowest, highest = (region.left_m, region.top_m - edge_m), (region.left_m + edge_m, region.top_m)
    return np.clip(position_m + _drift_at(half_way, drift_m, region), lowest, highest)


def _drift_at(position_m: FloatArray, drift_m: FloatArray, region: IceRegion) -> FloatArray:
    column = (position_m[:, 0] - region.left_m) / region.pixel_m - 0.5
    row = (region.top_m - position_m[:, 1]) / region.pixel_m - 0.5
    at = [ndimage.map_coordinates(along, [row, column], order=1, mode="nearest") for along in drift_m]
    return np.stack(at, axis=-1)


def _wobble(key: IntArray, away: FloatArray) -> FloatArray:
    """By what the outline towards each pixel departs from a circle, around 1."""
    towards = np.arctan2(away[..., 1], away[..., 0])
    total = np.ones(key.shape)
    for order, roughness in zip(_ORDERS, _ROUGHNESS, strict=True):
        phase = 2 * np.pi * uniform(np.uint64(order), key, key * 0)
        total += 2 * roughness * np.cos(order * towards + phase)
    return total

"""The law's fields between the middles of their pixels, at any place of the region."""

from dataclasses import dataclass
from datetime import date

import numpy as np

from entropice.types import Float32Array, FloatArray, IntArray
from entropice.virtual_ice.seasons import Season, coldness
from entropice.virtual_ice.specification import IceRegion, IceSpecification
from entropice.virtual_scenes.noise import b_spline, interpolated
from entropice.virtual_scenes.pixel_grid import PixelGrid


@dataclass(frozen=True, eq=False)
class Conditions:
    """Ice and weather of one day at the pixels of a grid, shapes (row, column).

    Attributes
    ----------
    concentration, thickness_m
        Of the ice, as if land were sea with the ice that is nearest to it; the thickness is 0 where there is none.
    wind_m_s
        Speed of the wind.
    cold
        From 1, midwinter, to −1, midsummer.
    """

    concentration: Float32Array
    thickness_m: Float32Array
    wind_m_s: Float32Array
    cold: Float32Array


def conditions_at(specification: IceSpecification, season: Season, day: date, grid: PixelGrid) -> Conditions:
    """What the law says of a grid on a day of a season, smooth and within the bounds of the law's pixels around.

    By cubic B-splines between the middles of the law's pixels, which smooth: the value at a middle is not the law's
    own.

    float32 (row, column) each. That the day is one of the season is not checked: a later one is an IndexError, of an
    earlier one what is given is wrong.
    """
    step = (day - season.first_day).days
    state, ground = season.states[step], season.ground
    cold = np.repeat(coldness(specification, day)[:, None], len(ground.sea), axis=1)
    fields = (
        ground.filled(state.concentration),
        ground.filled(state.volume_m),
        np.hypot(*season.wind_m_s[:, step]),
        cold,
    )
    concentration, volume_m, wind_m_s, cold_here = (_between(values, specification.region, grid) for values in fields)
    # Volume is what lies between pixels; thickness, of which open water has none, would be drawn to 0 there.
    thickness_m = np.divide(volume_m, concentration, out=np.zeros_like(volume_m), where=concentration > 0)
    return Conditions(concentration, thickness_m, wind_m_s, cold_here)


def _between(values: FloatArray, region: IceRegion, grid: PixelGrid) -> Float32Array:
    """Under cubic B-splines, which do not go beyond what they join."""
    rows = (region.top_m - grid.y_m) / region.pixel_m - 0.5
    columns = (grid.x_m - region.left_m) / region.pixel_m - 0.5
    last = region.n_pixels - 1

    def values_at(row: IntArray, column: IntArray) -> Float32Array:
        return values[np.clip(row, 0, last)[:, None], np.clip(column, 0, last)].astype(np.float32)

    return interpolated(values_at, rows, columns, b_spline)

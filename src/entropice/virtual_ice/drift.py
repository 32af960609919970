"""How far a day carries the ice."""

from typing import TYPE_CHECKING, Final

import numpy as np

from entropice.types import FloatArray
from entropice.virtual_ice.geography import Geography
from entropice.virtual_ice.random_fields import along_contours, gaussian_fields
from entropice.virtual_ice.specification import Drift, IceRegion, IceSpecification
from entropice.virtual_ice.wind import remembering

if TYPE_CHECKING:
    from numpy.random import Generator

SECONDS_PER_DAY: Final = 86_400


def known_drift_m(specification: IceSpecification, ground: Geography, pressure: FloatArray) -> FloatArray:
    """Metres a day that wind and gyre carry the ice, shape (2, …, row, column): towards larger x and towards larger y.

    Pressure is (…, row, column), of `entropice.virtual_ice.wind.pressures`, row 0 in the north.

    Notes
    -----
    Far from coasts the free drift of Nansen: a share of the wind's speed, turned to the right of it, which diverges in
    lows and converges in highs. At coasts the ice cannot follow: the drift is that of the pressure times
    `Geography.room`, whose contours run along the coast, and what is turned out of them fades. With u that flow of
    speed 1 in the mean, u⊥ the same turned to the right by 90° and times the room, and α the angle, it is s (cos α u +
    sin α u⊥), s the wind's speed times its share; the gyre is added: clockwise about the middle along the contours of
    sin πx sin πy times the room, x and y from 0 to 1 over the region, of the root mean square speed `gyre_m_s`.
    """
    drift, wind = specification.drift, specification.wind
    speed_m = drift.wind_share * wind.speed_m_s * SECONDS_PER_DAY
    along = along_contours(pressure * ground.room, wind.scale_m / specification.region.pixel_m) * speed_m
    angle = np.radians(drift.turning_deg)
    rightward = np.stack([along[1], -along[0]]) * ground.room
    gyre_m = drift.gyre_m_s * SECONDS_PER_DAY * _gyre(ground.room)
    metres: FloatArray = np.cos(angle) * along + np.sin(angle) * rightward
    return metres + gyre_m.reshape(2, *[1] * (pressure.ndim - 2), *gyre_m.shape[1:])


def eddies(drift: Drift, region: IceRegion, n_days: int, random: "Generator") -> FloatArray:
    """Swirls of the sea below that nobody sees, as `entropice.virtual_ice.wind.pressures`; shape (day, row, column).

    Their law is that of the pressure, mean 0 and variance 1, with a size and a memory of their own: `gaussian_fields`
    of `eddy_scale_m` over the pixel, made `remembering` over `eddy_memory_days`.
    """
    fields = gaussian_fields(random, n_days, region.n_pixels, drift.eddy_scale_m / region.pixel_m)
    return remembering(fields, drift.eddy_memory_days)


def eddy_drift_m(specification: IceSpecification, ground: Geography, swirls: FloatArray) -> FloatArray:
    """Metres a day that these add, along coasts and without divergence, shape (2, …, row, column).

    Swirls are (…, row, column), row 0 in the north; it is `eddy_m_s` · 86,400 s times `along_contours` of swirls times
    room.
    """
    drift, region = specification.drift, specification.region
    flow = along_contours(swirls * ground.room, drift.eddy_scale_m / region.pixel_m)
    return drift.eddy_m_s * SECONDS_PER_DAY * flow


def _gyre(room: FloatArray) -> FloatArray:
    """Clockwise flow about the middle, along coasts, root mean square speed 1, shape (2, row, column)."""
    arch = np.sin(np.pi * (np.arange(len(room)) + 0.5) / len(room))
    flow = along_contours(np.outer(arch, arch) * room, 1.0)
    gyre: FloatArray = flow / np.sqrt(np.mean(np.sum(flow**2, axis=0)))
    return gyre

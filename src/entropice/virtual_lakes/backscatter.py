"""What a radar sees: power that materials return, by slope, its own noise, speckle."""

from typing import Final

import numpy as np

from entropice.types import Float32Array
from entropice.virtual_lakes.materials import MATERIALS, RADAR, ROUGH_WATER_DB
from entropice.virtual_lakes.radar import RadarView
from entropice.virtual_lakes.table_noise import quarters, speckle
from entropice.virtual_lakes.view import View

_FLOOR_DB: Final = (-31.0, -33.0)
_CALM: Final = next(material for material in MATERIALS if material.name == "clear water")


def backscatter_db(radar: RadarView, n_looks: float, view: View) -> Float32Array:
    """Backscatter (polarisation, row, column) in dB.

    float32, VV then VH, for the rows and columns of the view. In power, with s the share of a material and σ⁰ its
    backscatter: (Σ s σ⁰ + r (σ⁰ of rough water − σ⁰ of clear water)) · echo, 0 in shadow, with r the share
    `Season.rough`, −12.5 and −23.5 dB for rough water, plus the instrument's floor (−31 and −33 dB), times speckle of
    `n_looks`; then 10 log₁₀.
    """
    echo = view.of(radar.echo) * ~view.of(radar.in_shadow)
    bits = quarters(view.key("speckle"), *view.coordinates(1))
    powers = [_power(view, number) * echo + _linear(_FLOOR_DB[number]) for number in range(len(RADAR))]
    seen = [power * speckle(bits[number], n_looks) for number, power in enumerate(powers)]
    decibels: Float32Array = 10 * np.log10(np.stack(seen))
    return decibels


def _power(view: View, number: int) -> Float32Array:
    """Of flat ground."""
    rougher = _linear(ROUGH_WATER_DB[number]) - _linear(_CALM.backscatter_db[number])
    power = rougher * view.of(view.season.rough)
    for material, share in zip(MATERIALS, view.shares, strict=True):
        power += _linear(material.backscatter_db[number]) * share
    return power


def _linear(decibels: float) -> np.float32:
    return np.float32(10 ** (decibels / 10))

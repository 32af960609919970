"""What an optical sensor sees: materials under sun and sky, haze, gains of strips, noise."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from entropice.types import Float32Array, IntArray
from entropice.virtual_lakes.materials import MATERIALS, OPTICAL_BANDS, OpticalBand
from entropice.virtual_lakes.specification import Optical
from entropice.virtual_lakes.table_noise import gaussian, quarters
from entropice.virtual_lakes.view import View
from entropice.virtual_scenes.hashing import bell

_THICKEST_SEEN: Final = 0.25
_DARKEST: Final = 5e-4
_BRIGHTEST: Final = 1.6
_MEAN_OF_HALF_BELL: Final = float(np.sqrt(2 / np.pi))


@dataclass(frozen=True)
class _Blocks:
    """What a view shows in pixels of one width."""

    shares: list[Float32Array]
    sunlight: Float32Array
    cloud: Float32Array
    strip: IntArray


def reflectances(optical: Optical, view: View) -> Float32Array:
    """Reflectances (band, row, column); the pixels of coarser bands are repeated.

    float32, in the order of `OPTICAL_BANDS`, for the rows and columns of the view, which are whole pixels of 60 m.

    Notes
    -----
    Of shares s of materials ρ, averaged over a band's own pixels, colour c = Σ s ρ · (sky + (1 − sky) · sunlight)
    becomes c + t (cloud − c) below thin cloud t, at most ¼, and then gain · c + haze + noise, cut to 0.0005–1.6. Gain
    and haze are those of a strip `strip_m` wide, in a direction of the year: 1 + `gain_spread` z of strip and band, and
    `haze` · `OpticalBand.haze` · √(π/2) times the size of z' of the strip, z and z' about standard normal (`bell`); all
    is random by seed, region, year and absolute position.
    """
    first_strip, strips = _strips(optical, view)
    blocks = {px: _in_blocks(view, strips, px) for px in {band.px for band in OPTICAL_BANDS}}
    numbers = np.arange(first_strip, first_strip + int(strips.max()) + 1)
    seen = [
        _band(optical, view, number, band, blocks[band.px], numbers).repeat(band.px, 0).repeat(band.px, 1)
        for number, band in enumerate(OPTICAL_BANDS)
    ]
    return np.stack(seen)


def _band(
    optical: Optical, view: View, number: int, band: OpticalBand, blocks: _Blocks, strips: IntArray
) -> Float32Array:
    colour: Float32Array = np.zeros_like(blocks.sunlight)
    for material, share in zip(MATERIALS, blocks.shares, strict=True):
        colour += np.float32(material.reflectance[number]) * share
    colour *= np.float32(band.sky) + np.float32(1 - band.sky) * blocks.sunlight
    colour += blocks.cloud * (np.float32(band.cloud) - colour)
    gain, haze = _gain_and_haze(optical, view, number, band, strips)
    bits = quarters(view.key("optical noise", band.px, number // 4), *view.coordinates(band.px))[number % 4]
    colour = colour * gain[blocks.strip] + haze[blocks.strip] + np.float32(optical.noise) * gaussian(bits)
    return colour.clip(_DARKEST, _BRIGHTEST)


def _in_blocks(view: View, strips: IntArray, px: int) -> _Blocks:
    return _Blocks(
        shares=[_means(share, px) for share in view.shares],
        sunlight=_means(view.of(view.season.sunlight), px),
        cloud=np.float32(_THICKEST_SEEN) * _means(view.of(view.season.haze), px),
        strip=strips[::px, ::px],
    )


def _means(field: Float32Array, px: int) -> Float32Array:
    """Means of blocks, summed in an order that does not depend on the window."""
    total: Float32Array = np.zeros((field.shape[0] // px, field.shape[1] // px), dtype=np.float32)
    for row in range(px):
        for column in range(px):
            total += field[row::px, column::px]
    total /= np.float32(px * px)
    return total


def _strips(optical: Optical, view: View) -> tuple[int, IntArray]:
    """Number of the first strip, and how many after it each pixel's strip is; in a direction of the year."""
    grid, angle = view.season.ground.region.grid, 2 * np.pi * view.chance("strips")
    across_m = np.cos(angle) * grid.x_m[None, view.columns] + np.sin(angle) * grid.y_m[view.rows, None]
    numbers = np.floor(across_m / optical.strip_m).astype(np.int64)
    return int(numbers.min()), numbers - numbers.min()


def _gain_and_haze(
    optical: Optical, view: View, number: int, band: OpticalBand, strips: IntArray
) -> tuple[Float32Array, Float32Array]:
    """Of each strip; haze has the same colour everywhere."""
    gain = 1 + np.float32(optical.gain_spread) * bell(view.key("gains"), strips, 0 * strips + number)
    amount = np.abs(bell(view.key("haze"), strips, 0 * strips)) / np.float32(_MEAN_OF_HALF_BELL)
    return gain.astype(np.float32), (np.float32(optical.haze * band.haze) * amount).astype(np.float32)

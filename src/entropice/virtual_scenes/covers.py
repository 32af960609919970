"""What covers the ground, and how much light it reflects."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from entropice.types import Float32Array
from entropice.virtual_scenes.ground import Ground
from entropice.virtual_scenes.hashing import stream
from entropice.virtual_scenes.noise import noise, octaves, smooth_step

OPTICAL: Final = ("blue", "green", "red", "red_edge", "nir")


@dataclass(frozen=True)
class Cover:
    """Reflectances of a cover in the order of `OPTICAL`; of the size that spectral libraries give, without a sensor."""

    name: str
    reflectance: tuple[float, float, float, float, float]

    @property
    def spectrum(self) -> Float32Array:
        """Shape (5, 1, 1).

        float32, in the order of `OPTICAL`.
        """
        return np.array(self.reflectance, dtype=np.float32)[:, None, None]


COVERS: Final = (
    Cover("dry tundra", (0.050, 0.076, 0.083, 0.140, 0.215)),
    Cover("sedge", (0.032, 0.060, 0.050, 0.130, 0.265)),
    Cover("shrub", (0.024, 0.046, 0.033, 0.115, 0.310)),
    Cover("lichen", (0.085, 0.115, 0.125, 0.175, 0.235)),
    Cover("mud", (0.062, 0.086, 0.110, 0.130, 0.148)),
    Cover("bare soil", (0.076, 0.104, 0.132, 0.158, 0.184)),
    Cover("gravel", (0.130, 0.158, 0.178, 0.195, 0.215)),
    Cover("rock", (0.098, 0.115, 0.126, 0.142, 0.156)),
    Cover("clear water", (0.040, 0.040, 0.026, 0.016, 0.008)),
    Cover("turbid water", (0.068, 0.090, 0.078, 0.055, 0.030)),
    Cover("snow", (0.780, 0.790, 0.780, 0.750, 0.700)),
)
SPECTRA: Final = {cover.name: cover.spectrum for cover in COVERS}


def covered(reflectance: Float32Array, share: Float32Array, cover: str) -> None:
    """Lay a cover over a share of each pixel (row, column) of reflectances (5, row, column), in place.

    ρ becomes ρ + s (cover − ρ), s the share in [0, 1], by the spectra of `SPECTRA`.

    Raises
    ------
    KeyError
        There is no cover of this name.

    Examples
    --------
    >>> seen = np.zeros((5, 1, 2), dtype=np.float32)
    >>> covered(seen, np.array([[0.0, 0.5]], dtype=np.float32), "snow")
    >>> seen[0].astype(float).round(2).tolist()
    [[0.0, 0.39]]
    """
    reflectance += share * (SPECTRA[cover] - reflectance)


def land_cover(ground: Ground, seed: int) -> Float32Array:
    """Tundra, rock, river plains and the sea, shape (5, row, column).

    Reflectances as under the sun on flat ground, float32, blue first, in the order of `OPTICAL`. Which cover lies where
    follows from height, steepness, gullies and rivers of the ground, and from random fields of the seed: sedge in wet
    places, shrub on low ground, rock on high or steep ground, gravel and turbid water along rivers, clear water at sea.
    They are laid one over the other: dry tundra, lichen, sedge, shrub, bare soil of frost boils, dark troughs of
    polygons, rock, bare soil on it, then 6 % of grain from tuft to tuft, gravel, turbid water, and clear water.
    """
    grid = ground.grid
    patches = octaves(grid, stream(seed, "vegetation"), (700.0, 260.0, 95.0, 35.0), 0.5)
    tufts = octaves(grid, stream(seed, "tufts"), (26.0, 11.0, 5.0), 0.2)
    wet = smooth_step(patches + 1.3 * ground.gully - 0.7 * ground.steepness + 0.15 * tufts, -0.9, 1.6)
    reflectance = np.broadcast_to(SPECTRA["dry tundra"], (5, *grid.shape)).copy()
    covered(reflectance, 0.6 * smooth_step(0.4 * tufts - patches - 1.2 * wet, 0.5, 2.6), "lichen")
    covered(reflectance, wet, "sedge")
    low = smooth_step(ground.elevation_m + 60 * patches, 420.0, 160.0)
    covered(reflectance, 0.8 * low * smooth_step(0.6 * patches + 0.9 * ground.gully + 0.25 * tufts, 0.55, 1.3), "shrub")
    covered(reflectance, 0.45 * _frost_boils(ground, patches, seed), "bare soil")
    _lay_polygons(reflectance, ground, wet, seed)
    height = ground.elevation_m / np.float32(1000) + 0.45 * ground.steepness + 0.07 * patches + 0.02 * tufts
    rock = smooth_step(height, 0.85, 1.35)
    covered(reflectance, rock, "rock")
    weathered = octaves(grid, stream(seed, "weathered rock"), (130.0, 55.0, 22.0), 0.4)
    covered(reflectance, 0.3 * rock * smooth_step(weathered, 1.0, 2.2), "bare soil")
    reflectance *= 1 + np.float32(0.06) * tufts + np.float32(0.05) * patches
    _lay_river(reflectance, ground, patches, tufts)
    covered(reflectance, (~ground.land).astype(np.float32), "clear water")
    return reflectance


def _frost_boils(ground: Ground, patches: Float32Array, seed: int) -> Float32Array:
    """Bare spots a few metres wide, where the ground is dry."""
    spots = octaves(ground.grid, stream(seed, "frost boils"), (17.0, 8.0), 0.1)
    fields = noise(ground.grid, stream(seed, "fields of frost boils"), 180.0)
    return smooth_step(spots + 0.7 * fields - 0.35 * patches - 0.6 * ground.gully, 2.2, 3.6)


def _lay_polygons(reflectance: Float32Array, ground: Ground, wet: Float32Array, seed: int) -> None:
    """Ice-wedge polygons on flat wet ground: dark wet troughs along the lines where a field is 0."""
    net = noise(ground.grid, stream(seed, "troughs"), 17.0), noise(ground.grid, stream(seed, "more troughs"), 19.0)
    trough = smooth_step(np.minimum(np.abs(net[0]), np.abs(net[1])), 0.22, 0.0)
    fields = smooth_step(noise(ground.grid, stream(seed, "polygon fields"), 500.0), -0.2, 0.9)
    share = trough * fields * wet * smooth_step(ground.steepness, 0.35, 0.05)
    reflectance *= 1 - np.float32(0.38) * share


def _lay_river(reflectance: Float32Array, ground: Ground, patches: Float32Array, tufts: Float32Array) -> None:
    """A river in its plain, with bars of gravel beside and within it."""
    braided = ground.river + 0.9 * patches
    covered(reflectance, 0.85 * smooth_step(braided + 0.2 * tufts, 3.2, 2.2), "gravel")
    covered(reflectance, smooth_step(braided, 1.25, 0.9), "turbid water")

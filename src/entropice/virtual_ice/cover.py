"""Which pixels lie on floes, which on the brash between them, and which on water."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from entropice.types import BoolArray, Float32Array
from entropice.virtual_ice.cellular import share_of_plane
from entropice.virtual_ice.floes import NearestFloes
from entropice.virtual_scenes.hashing import stream
from entropice.virtual_scenes.noise import streaks

STRAY: Final = 0.04
"""Less ice than this is scattered so finely that none is seen."""
_MOST: Final = 0.999
BRASH_M: Final = 1500.0
_PATCHES_M: Final = (14_000.0, 4000.0)
_BRASH_PATCHES_M: Final = (3200.0, 1900.0)
_PATCHINESS: Final = 0.49
"""Two fields over [−1, 1) times this change a share c by less than c (1 − c), so that it stays within [0, 1]."""


@dataclass(frozen=True, eq=False)
class Cover:
    """Ice of two sizes; all of the shape of a grid.

    Attributes
    ----------
    of_floes
        Share of the plane that floes cover where the ice is as at this pixel; it lies on one if
        `NearestFloes.share` is smaller.
    of_brash
        The same of what is left between them, and of `grain`.
    grain
        Share of the plane that lies deeper inside pieces of brash.
    """

    of_floes: Float32Array
    of_brash: Float32Array
    grain: Float32Array

    def is_ice(self, floes: NearestFloes) -> BoolArray:
        """Whether a pixel's centre lies on either.

        Shape (row, column): it lies on a floe where `NearestFloes.share` is below `of_floes`, on brash where `grain` is
        below `of_brash`.
        """
        return (floes.share < self.of_floes) | (self.grain < self.of_brash)


def cover_of(concentration: Float32Array, floes: NearestFloes, seed: int) -> Cover:
    """Floes and brash that together cover what the law says, more than the stray ice that nobody sees.

    Parameters
    ----------
    concentration
        float32 within 0–1, of the grid's shape.
    seed
        Of the world, for patches and brash.

    Notes
    -----
    The closer the pack, the more of it is floes. Patches of denser and looser ice move with the floes and keep the
    mean: s becomes s + 0.49 s (1 − s) (p + p'), p and p' `streaks` of 14 and 4 km on the floes, and so does the share
    of brash with 3.2 and 1.9 km.

    Of what is seen, s = (c − 0.04) / 0.96 within 0–0.999, s (0.55 + 0.44 s) is floes, and of what is left between them
    brash covers so much that both together are s.
    """
    seen = np.clip((concentration - np.float32(STRAY)) / np.float32(1 - STRAY), 0, np.float32(_MOST))
    seen = _patchy(seen, floes, _PATCHES_M, seed)
    of_floes = seen * (np.float32(0.55) + np.float32(0.44) * seen)
    of_brash = _patchy(1 - (1 - seen) / (1 - of_floes), floes, _BRASH_PATCHES_M, seed)
    scale = np.float32(1 / BRASH_M)
    grain = share_of_plane(floes.y_m * scale, floes.x_m * scale, stream(seed, "brash"))
    return Cover(of_floes, of_brash, grain)


def _patchy(share: Float32Array, floes: NearestFloes, lengths_m: tuple[float, ...], seed: int) -> Float32Array:
    patches = np.zeros(share.shape, dtype=np.float32)
    for length_m in lengths_m:
        scale = np.float32(1 / length_m)
        patches += streaks(floes.x_m * scale, floes.y_m * scale, stream(seed, "patches", round(length_m)))
    return share + share * (1 - share) * np.float32(_PATCHINESS) * patches

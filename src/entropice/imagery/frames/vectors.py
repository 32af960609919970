"""Images turned and flipped whose bands are parts of arrows: the arrows turn too."""

from collections.abc import Sequence
from typing import Final

import numpy as np

from entropice.errors import ConfigError
from entropice.imagery.samples import Image
from entropice.imagery.symmetries import Symmetry
from entropice.types import BoolArray, Float32Array

VECTORS: Final[tuple[tuple[str, str], ...]] = (("wind_x", "wind_y"),)
"""Bands that are the parts of one arrow: towards larger x, with the columns, and towards larger y, against the rows."""


def require_whole_vectors(bands: Sequence[str]) -> None:
    """Pass only bands with both parts of an arrow or none: half an arrow cannot be turned.

    Raises
    ------
    ConfigError
        Names the part that is missing.
    """
    for pair in VECTORS:
        missing = [part for part in pair if part not in bands]
        if len(missing) == 1:
            raise ConfigError(
                "Half an arrow can't be turned.",
                field="bands",
                got=", ".join(bands),
                expected=" and ".join(pair),
                fix=f"add {missing[0]}, or set symmetry_probability to 0",
            )


def turned(image: Image, symmetry: Symmetry) -> Image:
    """The image (…, band, row, column) laid anew, in arrays of its own.

    Notes
    -----
    A reflection of the columns takes an arrow (u, v) to (−u, v), a quarter turn anticlockwise to (−v, u): each part
    of the new arrow is one part of the old, with a sign.
    """
    values: Float32Array = np.ascontiguousarray(symmetry.apply(image.values))
    valid: BoolArray = np.ascontiguousarray(symmetry.apply(image.valid))
    for pair in VECTORS:
        if set(pair) <= set(image.bands):
            places = [image.bands.index(part) for part in pair]
            sources, signs = _parts(places, symmetry)
            values[..., places, :, :] = values[..., sources, :, :] * np.array(signs, dtype=np.float32)[:, None, None]
            valid[..., places, :, :] = valid[..., sources, :, :]
    return Image(image.bands, values, valid)


def _parts(places: list[int], symmetry: Symmetry) -> tuple[list[int], list[int]]:
    """Where each part of the new arrow comes from, and its sign."""
    (u, v), (sign_u, sign_v) = places, (-1 if symmetry.is_flipped else 1, 1)
    for _ in range(symmetry.n_quarter_turns):
        (u, sign_u), (v, sign_v) = (v, -sign_v), (u, sign_u)
    return [u, v], [sign_u, sign_v]

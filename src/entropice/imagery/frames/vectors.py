"""Images turned and flipped whose bands are parts of arrows: the arrows turn too."""

from collections.abc import Sequence

import numpy as np

from entropice.imagery.frames.arrows import ARROWS, knows_mirrors
from entropice.imagery.samples import Image
from entropice.imagery.symmetries import SYMMETRIES, Symmetry
from entropice.types import BoolArray, Float32Array


def lawful_symmetries(bands: Sequence[str]) -> tuple[Symmetry, ...]:
    """Those under which bands keep their law: all eight, or the four turns where one is part of a deflecting arrow.

    The first one changes nothing.

    Examples
    --------
    >>> len(lawful_symmetries(("ice_concentration",))), len(lawful_symmetries(("wind_x", "wind_y")))
    (8, 4)
    """
    return SYMMETRIES if knows_mirrors(bands) else tuple(each for each in SYMMETRIES if not each.is_flipped)


def turned(image: Image, symmetry: Symmetry) -> Image:
    """The image (…, band, row, column) laid anew, in arrays of its own.

    An arrow of which one part alone is there is turned like other bands: `require_whole_vectors` keeps such away.

    Notes
    -----
    A reflection of the columns takes an arrow (u, v) to (−u, v), a quarter turn anticlockwise to (−v, u): each part
    of the new arrow is one part of the old, with a sign.

    Examples
    --------
    A wind to the right, turned by 90° anticlockwise, blows up; its pixels are turned, too.

    >>> wind = np.array([[[1.0, 2.0]], [[0.0, 0.0]]], np.float32)
    >>> image = Image(("wind_x", "wind_y"), wind, np.ones(wind.shape, bool))
    >>> (turned(image, Symmetry(is_flipped=False, n_quarter_turns=1)).values + 0.0).tolist()
    [[[0.0], [0.0]], [[2.0], [1.0]]]
    """
    values: Float32Array = np.ascontiguousarray(symmetry.apply(image.values))
    valid: BoolArray = np.ascontiguousarray(symmetry.apply(image.valid))
    for arrow in ARROWS:
        if set(arrow.parts) <= set(image.bands):
            places = [image.bands.index(part) for part in arrow.parts]
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

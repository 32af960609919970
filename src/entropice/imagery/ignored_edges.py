"""Edges of what was outlined, where nobody knows to the pixel what is right."""

import numpy as np
from scipy.ndimage import maximum_filter, minimum_filter

from entropice.imagery.samples import Target
from entropice.types import BoolArray


def without_edges(target: Target, scored: BoolArray, width_px: int) -> BoolArray:
    """What is scored, without pixels that lie at an edge between classes.

    Parameters
    ----------
    target
        Classes, shape (…, row, column); one of a whole image, shape (), has no edge.
    scored
        Where they count; same shape. Classes elsewhere make no edge.
    width_px
        A pixel of another class within as many rows and columns makes an edge: 1 leaves out the two pixels that touch,
        0 leaves out none.

    Examples
    --------
    The edge between 0 and 1, and that to the 2 that is not scored, which is none:

    >>> target, scored = np.array([[0, 0, 0, 1, 1, 1, 2]]), np.array([[True] * 6 + [False]])
    >>> without_edges(target, scored, 1).tolist()
    [[True, True, False, False, True, True, False]]
    """
    if target.ndim < 2 or width_px == 0:
        return scored
    window = {"size": 2 * width_px + 1, "mode": "nearest", "axes": (-2, -1)}
    highest = maximum_filter(np.where(scored, target, target.min()), **window)
    lowest = minimum_filter(np.where(scored, target, target.max()), **window)
    inside: BoolArray = scored & (highest == lowest)
    return inside

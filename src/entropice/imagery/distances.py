"""How far every pixel lies from the edge of what is labelled."""

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Final, Protocol

import numpy as np
from scipy.ndimage import distance_transform_edt

from entropice.imagery.samples import Sample, Target
from entropice.types import BoolArray, Float32Array

if TYPE_CHECKING:
    from numpy.typing import NDArray

REACH_PX: Final = 64.0
"""Beyond it all pixels are told to lie so far away."""


class Distances(Protocol):
    """Signed distances of samples, read when they are asked for; it can be sent to another process."""

    @property
    def keys(self) -> Sequence[str]:
        """Samples whose distances are known."""

    def read(self, key: str) -> Float32Array:
        """Those of one of them in pixels, shape (row, column), as `signed_distances_px` has them."""


def signed_distances_px(target: Target, scored: BoolArray) -> "NDArray[np.float16]":
    """Distance of every scored pixel to the edge of the positives in pixels, negative inside, and 0 elsewhere.

    Parameters
    ----------
    target
        Positive where not 0; shape (row, column).
    scored
        Where it is known. What is not known makes no edge.

    Returns
    -------
    NDArray[np.float16]
        Clipped at `REACH_PX` (64), which is also what is told where there is no edge at all. Exact to 1/32 px.

    Notes
    -----
    The edge lies half a pixel before the centre of the nearest pixel of the other class, so that both pixels that
    touch it are .5 px away.

    Examples
    --------
    >>> signed_distances_px(np.array([[0, 0, 1, 1, 1]]), np.array([[True, True, True, True, False]])).tolist()
    [[1.5, 0.5, -0.5, -1.5, 0.0]]
    >>> signed_distances_px(np.array([[0, 0]]), np.array([[True, True]])).tolist()
    [[64.0, 64.0]]
    """
    inside = scored & target.astype(bool)
    outside = scored & ~inside
    signed = np.where(outside, _to_nearest_px(inside), -_to_nearest_px(outside))
    return np.where(scored, signed, 0).astype(np.float16)


def _to_nearest_px(there: BoolArray) -> "NDArray[np.float64]":
    """Distance to the side of the nearest of these pixels, clipped at the reach; without one all lie so far away."""
    if not there.any():
        return np.full(there.shape, REACH_PX)
    distances_px: NDArray[np.float64] = distance_transform_edt(~there)
    return np.minimum(distances_px - 0.5, REACH_PX)


def with_distances(sample: Sample, distances_px: Float32Array) -> Sample:
    """The sample of a mask with two targets, float32 (2, row, column): the mask, then the distances (row, column).

    What is scored keeps its shape (row, column); `sample` stays as it is.

    Examples
    --------
    >>> from entropice.imagery.samples import Place
    >>> mask = np.array([[0, 1]], np.uint8)
    >>> sample = Sample("a", None, mask, mask >= 0, Place(0.0, 0.0, 10.0, 2, 2020))
    >>> with_distances(sample, signed_distances_px(mask, sample.scored)).target.tolist()
    [[[0.0, 1.0]], [[0.5, -0.5]]]
    """
    return replace(sample, target=np.stack([sample.target.astype(np.float32), distances_px]))

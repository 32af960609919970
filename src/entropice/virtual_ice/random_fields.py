"""Smooth random fields of one place and time, as functions of names alone."""

from typing import TYPE_CHECKING

import numpy as np
from scipy import fft

from entropice.types import FloatArray

if TYPE_CHECKING:
    from numpy.random import Generator


def generator(seed: int, topic: str, *numbers: int) -> "Generator":
    """One stream for each topic of a world, and for each of its numbers, such as season and day.

    Seed and numbers are 0 or more. It is numpy's ``default_rng([seed, *bytes of the topic in UTF-8, *numbers])``; asked
    twice, it begins anew.

    Raises
    ------
    ValueError
        The seed or a number is negative (of numpy).
    """
    return np.random.default_rng([seed, *topic.encode(), *numbers])


def gaussian_fields(random: "Generator", n_fields: int, n_pixels: int, scale_px: float) -> FloatArray:
    """Independent stationary Gaussian fields, mean 0, variance 1, shape (field, row, column).

    Their correlation at distance r is exp(−(r / 2 `scale_px`)²): white noise under a Gaussian of that standard
    deviation. Each is cut from a torus with a margin of three of these, so that opposite edges are not alike.

    float64; `scale_px` is above 0.
    """
    edge = fft.next_fast_len(n_pixels + int(np.ceil(6 * scale_px)), real=True)
    white = random.standard_normal((n_fields, edge, edge), dtype=np.float32)
    by_row, by_column = np.fft.fftfreq(edge), np.fft.rfftfreq(edge)
    squared = by_row[:, None] ** 2 + by_column[None, :] ** 2
    transfer = np.exp(-2 * (np.pi * scale_px) ** 2 * squared).astype(np.float32)
    whole = np.exp(-4 * (np.pi * scale_px) ** 2 * (by_row[:, None] ** 2 + by_row[None, :] ** 2))
    smooth = fft.irfft2(fft.rfft2(white) * transfer, s=(edge, edge))[:, :n_pixels, :n_pixels]
    # By the expected variance, not that of the sample: fields keep their chance departures.
    fields: FloatArray = smooth.astype(np.float64) / np.sqrt(whole.mean())
    return fields


def along_contours(height: FloatArray, scale_px: float) -> FloatArray:
    """Flow of speed 1 (root mean square) with greater heights of `gaussian_fields` to its right.

    Parameters
    ----------
    height
        Shape (…, row, column), row 0 in the north.

    Returns
    -------
    FloatArray
        Shape (2, …, row, column): towards larger x and towards larger y. The gradient of such a field has a variance
        of 1 / 2 (`scale_px`)² along each axis.

    Examples
    --------
    >>> along_contours(np.array([[0.0, 1.0], [0.0, 1.0]]), scale_px=2.0).tolist()
    [[[0.0, 0.0], [0.0, 0.0]], [[2.0, 2.0], [2.0, 2.0]]]
    """
    southward, eastward = np.gradient(height, axis=(-2, -1))
    return np.stack([southward, eastward]) * scale_px

"""Forecasts by a drift that is estimated from the last fields, and kept."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Final

import numpy as np
from scipy.ndimage import distance_transform_edt, gaussian_filter, map_coordinates

from entropice.imagery.frames.extrapolation import ranges, target_of
from entropice.imagery.frames.rollout import Forecaster
from entropice.imagery.frames.view import FrameSamples
from entropice.imagery.samples import Image
from entropice.types import BoolArray, Float32Array, FloatArray

N_PAIRS: Final = 2
"""Pairs of fields that the drift is estimated from: older ones have drifted otherwise."""

SIGMA_PX: Final = 8.0
"""Pixels around that drift alike: standard deviation of the Gaussian that weights them."""

N_ITERATIONS: Final = 6
RIDGE: Final = 3e-3
"""Added to the mean square of slopes, of values from 0 to 1: where nothing is to be seen, nothing drifts.

These numbers were chosen on worlds 1 to 3 of virtual sea ice, by squared errors at days 1 to 3.
"""


def kept_drift(samples: FrameSamples) -> Forecaster:
    """The last field, carried on along the drift of the last fields for as many steps as are asked.

    A function of keys and inputs (n, time, band, row, column) in physical units; forecasts are (n, horizon,
    target_band, row, column), float32 in the bands' units. The drift is that of the last three inputs, of which there
    have to be two. Each target band drifts by itself. Values that are not known are those of the nearest known pixel,
    of a field that is nowhere known what is stored, 0; values that come from beyond the edge are the outermost ones.

    Notes
    -----
    `estimated_drift` and `carried` of values scaled to 0..1 by their band's range.
    """

    low, high = ranges(samples.target_bands)

    def forecast(_keys: Sequence[str], image: Image) -> Float32Array:
        target = target_of(image, samples.target_bands)
        shares = (target.values - low) / (high - low)
        said = [_of_one(*each, samples.rules.future_horizons) for each in zip(shares, target.valid, strict=True)]
        return (low + (high - low) * np.stack(said)).astype(np.float32)

    return forecast


def estimated_drift(fields: FloatArray) -> FloatArray:
    """Rows and columns (2, row, column) that what is seen in fields (time, row, column) moves in a step.

    Fields are two or more, known everywhere, of values from 0 to 1: the ridge that holds the drift at 0 where nothing
    is to be seen is meant for these.

    Notes
    -----
    Lucas and Kanade (1981, IJCAI 674–679): the displacement d that minimises Σ w (b(x) − a(x − d))² over all pairs a, b
    of successive fields, with Gaussian weights around each pixel; a is moved by what was found, and the rest is
    estimated anew. From 0 on, six rounds (`N_ITERATIONS`) add (c_rc c_ct − c_cc c_rt, c_rc c_rt − c_rr c_ct) /
    (c_rr c_cc − c_rc²) of rows and columns: c are means over all pairs of products of the slopes r and c of (a + b) / 2
    (`np.gradient`) and the change t = b − a, a `carried` one step, smoothed with a Gaussian of 8 pixels (`SIGMA_PX`);
    0.003 (`RIDGE`) is added to c_rr and c_cc.

    Examples
    --------
    A hump that moves by one column a step; in its middle:

    >>> row, column = np.indices((24, 24))
    >>> fields = np.stack([np.exp(-((row - 12) ** 2 + (column - 10 - step) ** 2) / 72) for step in range(3)])
    >>> np.abs(estimated_drift(fields)[:, 12, 12]).round(1).tolist()
    [0.0, 1.0]
    """
    drift: FloatArray = np.zeros((2, *fields.shape[1:]))
    for _ in range(N_ITERATIONS):
        # Slopes tell of displacements shorter than the hump alone; with the fields moved by what was found the rest is
        # short.
        drift = drift + _correction(fields, drift)
    return drift


def carried(field: FloatArray, drift: FloatArray, n_steps: int) -> FloatArray:
    """A field (row, column) after 1 … n_steps steps along a steady drift: (n_steps, row, column).

    Values from beyond the edge are those of the outermost pixels.

    Notes
    -----
    Semi-Lagrangian: paths are followed back from every pixel step by step, and the field is interpolated once at their
    beginning, which smooths it no more than once; both linearly between four pixels.

    Examples
    --------
    One column to the right a step:

    >>> field, drift = np.array([[0.0, 1.0, 0.0, 0.0]] * 2), np.stack([np.zeros((2, 4)), np.ones((2, 4))])
    >>> carried(field, drift, 2)[:, 0].tolist()
    [[0.0, 0.0, 1.0, 0.0], [0.0, 0.0, 0.0, 1.0]]
    """
    at: FloatArray = np.indices(field.shape).astype(np.float64)
    after = []
    for _ in range(n_steps):
        at = at - np.stack([map_coordinates(part, at, order=1, mode="nearest") for part in drift])
        after.append(map_coordinates(field, at, order=1, mode="nearest"))
    return np.stack(after)


def _of_one(values: Float32Array, valid: BoolArray, n_horizons: int) -> FloatArray:
    """Of one sequence (time, band, row, column)."""
    bands = []
    for of_band, known in zip(np.moveaxis(values, 1, 0), np.moveaxis(valid, 1, 0), strict=True):
        last = slice(-(N_PAIRS + 1), None)
        fields = np.stack([_filled(*field) for field in zip(of_band[last], known[last], strict=True)])
        bands.append(carried(fields[-1], estimated_drift(fields), n_horizons))
    return np.stack(bands, axis=1)


def _correction(fields: FloatArray, drift: FloatArray) -> FloatArray:
    """What is still missing of a drift."""
    terms = np.mean([_terms(carried(a, drift, 1)[0], b) for a, b in pairwise(fields)], axis=0)
    rr, cc, rc, rt, ct = (gaussian_filter(term, SIGMA_PX, mode="nearest") for term in terms)
    rr, cc = rr + RIDGE, cc + RIDGE
    divisor = rr * cc - rc**2
    missing: FloatArray = np.stack([rc * ct - cc * rt, rc * rt - rr * ct]) / divisor
    return missing


def _terms(moved: FloatArray, after: FloatArray) -> FloatArray:
    """Products of slopes along rows and columns and of the change."""
    rows, columns = np.gradient((moved + after) / 2)
    change = after - moved
    return np.stack([rows**2, columns**2, rows * columns, rows * change, columns * change])


def _filled(field: Float32Array, known: BoolArray) -> FloatArray:
    """Unknown pixels with the value of the nearest known one; 0 where none is."""
    if known.all() or not known.any():
        return field.astype(np.float64)
    nearest = distance_transform_edt(~known, return_distances=False, return_indices=True)
    filled: FloatArray = field[tuple(nearest)].astype(np.float64)
    return filled

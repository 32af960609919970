"""Whether labels lie beside what they outline: how well edges of images and of moved labels agree."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final, TypeVar

import numpy as np
from scipy.stats import rankdata

from entropice.imagery.findings import Finding, finding_of
from entropice.imagery.samples import Image, Target
from entropice.types import BoolArray, Float32Array, FloatArray

if TYPE_CHECKING:
    from numpy.typing import NDArray

Value = TypeVar("Value", bound=np.generic)

MAX_SHIFT_PX: Final = 6
"""Moves along rows and columns that are tried, either way."""

LEAST_SHIFT_PX: Final = 2
"""Outlines drawn by hand are no better than this."""

LEAST_EDGE_PX: Final = 20
LEAST_TILES: Final = 20
LEAST_GAIN: Final = 0.03
"""Of the mean rank. In virtual scenes labels moved by 1 px lose 0.03 to 0.04 of it, by 2 px 0.09 to 0.12."""

LEAST_T: Final = 7.0
"""Above what chance gives the best of 169 moves: 6.1 in 2,400 draws of 20 virtual tiles with labels of other tiles."""

_STEPS: Final = range(-MAX_SHIFT_PX, MAX_SHIFT_PX + 1)


def edge_ranks(image: Image, target: Target, scored: BoolArray) -> Float32Array | None:
    """How strong the image's edges are below the target's, for each move of the target.

    Parameters
    ----------
    image
        (…, band, row, column) of the target's rows and columns.
    target
        Classes (row, column).
    scored
        (row, column); edge pixels elsewhere are left out.

    Returns
    -------
    Float32Array or None
        Shape (13, 13): [6 + i, 6 + j] is the mean over the target's edge pixels, moved i rows down and j columns to the
        right, of the rank of the gradient's magnitude among all pixels of its band, from −0.5 (weakest) to 0.5; the
        mean over bands, 0 where nothing is known. None where the target has fewer than `LEAST_EDGE_PX` (20) edge pixels
        that are scored, 6 px or more from the border. Edge pixels are both of any two, side by side, of different
        classes; the rank is (k − ½) / n − ½ of the k-th weakest of n gradients (`np.gradient`) that are known, the mean
        k of equal ones.

    Examples
    --------
    The label is drawn two columns to the right of the edge in the image, so that it fits best when moved back by two:

    >>> column = np.arange(32) * np.ones((32, 1))
    >>> image = Image(("red",), (column >= 16).astype(np.float32)[None], np.ones((1, 32, 32), bool))
    >>> ranks = edge_ranks(image, column >= 18, np.ones((32, 32), bool))
    >>> int(ranks[MAX_SHIFT_PX].argmax()) - MAX_SHIFT_PX
    -2
    """
    rows, columns = np.nonzero(_inner_edges(target, scored))
    if len(rows) < LEAST_EDGE_PX:
        return None
    strength = _strength(image)
    moved = [[strength[rows + down, columns + right].mean() for right in _STEPS] for down in _STEPS]
    return np.array(moved, dtype=np.float32)


def shift_findings(ranks: Sequence[Float32Array]) -> list[Finding]:
    """A finding where the edges of many tiles agree clearly better with their labels moved by the same 2 px or more.

    Ranks are (n_down, n_right) of each tile, by the move in pixels from −`MAX_SHIFT_PX` to `MAX_SHIFT_PX`.

    None where there are fewer than `LEAST_TILES` (20) tiles.

    Notes
    -----
    For the best move d the gains rank(d) − rank(0) of n tiles have mean g and standard deviation s; asked for are g ≥
    `LEAST_GAIN` (0.03) and t = g √n / s ≥ `LEAST_T` (7), and a move of 2 px or more.

    Examples
    --------
    >>> ranks = np.zeros((20, 13, 13), np.float32)
    >>> ranks[:, 6, 8] = 0.1
    >>> [finding.statement for finding in shift_findings(list(ranks))], shift_findings(list(ranks[1:]))
    (['Labels fit the edges of images better where they are moved 0 px down and 2 px to the right.'], [])
    """
    if len(ranks) < LEAST_TILES:
        return []
    # Each tile against itself unmoved: how strong edges are differs more between tiles than moves change it.
    gains = np.stack(ranks) - np.stack(ranks)[:, MAX_SHIFT_PX, MAX_SHIFT_PX, None, None]
    best = np.unravel_index(int(gains.mean(axis=0).argmax()), gains.shape[1:])
    down, right = (int(position) - MAX_SHIFT_PX for position in best)
    # The best of many moves wins by chance, too: both limits are far above what it then gives.
    of_best: FloatArray = gains[:, best[0], best[1]].astype(np.float64)
    gain, error = float(of_best.mean()), float(of_best.std(ddof=1)) / np.sqrt(len(ranks))
    if np.hypot(down, right) < LEAST_SHIFT_PX or gain < max(LEAST_GAIN, LEAST_T * error):
        return []
    statement = (
        f"Labels fit the edges of images better where they are moved {down} px down and {right} px to the right."
    )
    return [finding_of("labels are moved", statement, [f"mean rank {gain:.3f} higher in {len(ranks)} tiles"])]


def _inner_edges(target: Target, scored: BoolArray) -> BoolArray:
    """Pixels at both sides of an edge between classes, so far inside that all moves stay in the tile."""
    edges = np.zeros(target.shape, dtype=bool)
    for axis in (0, 1):
        first, second = _neighbours(target, axis)
        for side in _neighbours(edges, axis):
            side[first != second] = True
    inside = np.zeros(target.shape, dtype=bool)
    inside[MAX_SHIFT_PX:-MAX_SHIFT_PX, MAX_SHIFT_PX:-MAX_SHIFT_PX] = True
    return edges & inside & scored


def _neighbours(values: "NDArray[Value]", axis: int) -> tuple["NDArray[Value]", "NDArray[Value]"]:
    """Views of all pixels that have a next one, and of these next ones."""
    along = np.moveaxis(values, axis, 0)
    return along[:-1], along[1:]


def _strength(image: Image) -> FloatArray:
    """Centred ranks of the gradient's magnitude (row, column), mean over bands and leading dimensions."""
    known = np.where(image.valid, image.values, np.nan).reshape(-1, *image.values.shape[-2:])
    # Ranks within a band: gradients of bands in other units, and one bright roof, then count no more than others.
    magnitudes = np.hypot(*np.gradient(known, axis=(1, 2)))
    ranks = [_centred_ranks(magnitude) for magnitude in magnitudes]
    return np.asarray(np.mean(ranks, axis=0), dtype=np.float64)


def _centred_ranks(magnitude: Float32Array) -> FloatArray:
    is_known = np.isfinite(magnitude)
    ranks = np.zeros(magnitude.shape)
    ranks[is_known] = (rankdata(magnitude[is_known]) - 0.5) / max(int(is_known.sum()), 1) - 0.5
    return ranks

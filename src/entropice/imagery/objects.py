"""Objects that are found, missed and made up, by matching connected pixels of two masks.

An object is a set of pixels that touch by an edge or a corner. A prediction and a truth may be matched where their
intersection over union (IoU) is at least a bound. Of all matchings that use no object twice the one with most pairs
counts, and among those the one with the largest sum of IoU: both are the same with the masks exchanged. So one
prediction over N truths is 1 found + N − 1 missed, and M predictions over one truth are 1 found + M − 1 wrong, as far
as they overlap enough to be matched at all. Where two matchings are equally good, the solver's choice stands, which is
the same in every run; the counts are the same in all of them.

Pixels that are not scored (nodata, cloud, unlabelled land) belong to the objects but are in neither intersection nor
union. An object that is not matched and has more than half of its pixels there cannot be judged: it is neither missed
nor wrong. That is for areas without truth; the ignore band of a loss, a ring around every object, is not meant.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from scipy import ndimage
from scipy.sparse import coo_array
from scipy.sparse.csgraph import min_weight_full_bipartite_matching

from entropice.errors import SchemaError
from entropice.quotients import quotient
from entropice.types import BoolArray, Float32Array, FloatArray, IntArray

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Labels = NDArray[np.int32]
else:
    Labels = Any

MIN_IOUS: Final = (0.5, 0.3, 0.1)
"""Bounds that are reported; .3 is preferred where outlines are vague."""

_EIGHT_NEIGHBOURS: Final = np.ones((3, 3), dtype=bool)
_JUDGED_SHARE: Final = 0.5


@dataclass(frozen=True)
class Objects:
    """Objects of one mask: sets of its pixels that touch by an edge or a corner.

    Attributes
    ----------
    labels
        int32 (row, column), 1 … n in the objects, 0 between them.
    n_pixels, n_scored
        (n,) pixels of each, and those that are scored.
    """

    labels: Labels
    n_pixels: IntArray
    n_scored: IntArray

    @property
    def is_judged(self) -> BoolArray:
        """Whether (n,) each counts when it is not matched: whether half of its pixels or more are scored."""
        return np.asarray(self.n_scored >= _JUDGED_SHARE * self.n_pixels, dtype=bool)


@dataclass(frozen=True)
class Overlap:
    """Objects of two masks and the pairs that share scored pixels.

    Attributes
    ----------
    predicted, true
        The objects of both.
    pairs
        (n_pair, 2) indices from 0 of a predicted and a true object.
    iou
        (n_pair,) above 0, up to 1: scored pixels that both objects have, by those that either has.
    """

    predicted: Objects
    true: Objects
    pairs: IntArray
    iou: FloatArray


@dataclass(frozen=True)
class ObjectCounts:
    """Found, wrong and missed objects; they add up over tiles that share no object."""

    found: int
    wrong: int
    missed: int

    @property
    def array(self) -> IntArray:
        """(3,) found, wrong, missed: what a bootstrap of blocks adds up."""
        return np.array([self.found, self.wrong, self.missed])


def find_objects(mask: BoolArray, is_scored: BoolArray, min_pixels: int = 1) -> Objects:
    """Connected objects of a mask (row, column), those with fewer than `min_pixels` left out as if they were ground.

    Pixels that touch at a corner are connected. `is_scored` (row, column) says which pixels count where objects are
    compared.

    `mask` stays as it is; objects are numbered in the order in which their first pixels are met, row by row, and those
    that are left out leave no gap in the numbers.

    Examples
    --------
    >>> mask = np.array([[1, 0, 0, 0], [0, 1, 0, 1]], dtype=bool)
    >>> [find_objects(mask, np.ones_like(mask), least).n_pixels.tolist() for least in (1, 2)]
    [[2, 1], [2]]
    """
    labels, n_all = ndimage.label(mask, structure=_EIGHT_NEIGHBOURS)
    flat = labels.reshape(-1)
    # most of a scene is ground: what follows looks at the objects' pixels alone
    place = np.flatnonzero(flat)
    sizes = np.bincount(flat[place], minlength=n_all + 1)
    is_kept = sizes >= max(min_pixels, 1)
    # `flat` is a view: labels are renumbered in place, as a second array of a whole scene would double what is held.
    flat[place] = np.where(is_kept, is_kept.cumsum(), 0)[flat[place]]
    n_scored = np.bincount(flat[place[is_scored.reshape(-1)[place]]], minlength=int(is_kept.sum()) + 1)[1:]
    return Objects(labels, sizes[is_kept], n_scored)


def overlap_of(predicted: BoolArray, true: BoolArray, is_scored: BoolArray, min_pixels: int = 1) -> Overlap:
    """Objects of two masks and the IoU of all pairs that share a scored pixel.

    Pixels of a mask that touch by an edge or a corner are one object, as in `find_objects`, whether scored or not.

    Parameters
    ----------
    predicted, true, is_scored
        (row, column); what the model says, what is there, and where that is known.
    min_pixels
        Objects with fewer pixels are none, on both sides; pixels that are not scored count here.

    Returns
    -------
    Overlap
        Pairs rise by predicted and then by true object. IoU is that of scored pixels alone; objects that share none are
        no pair.

    Raises
    ------
    SchemaError
        The shapes differ.

    Examples
    --------
    Two scored pixels are shared of four in either; the fifth column is not scored.

    >>> found = np.array([[1, 1, 1, 0, 1]], dtype=bool)
    >>> true, is_scored = np.array([[0, 1, 1, 1, 1]], dtype=bool), np.array([[1, 1, 1, 1, 0]], dtype=bool)
    >>> overlap = overlap_of(found, true, is_scored)
    >>> overlap.pairs.tolist(), overlap.iou.tolist(), overlap.predicted.n_scored.tolist()
    ([[0, 0]], [0.5], [3, 0])
    """
    if not np.shape(predicted) == np.shape(true) == np.shape(is_scored):
        raise SchemaError("Masks differ in shape.", got=f"{np.shape(predicted)}, {np.shape(true)}, {is_scored.shape}")
    one, other = (find_objects(mask, is_scored, min_pixels) for mask in (predicted, true))
    is_shared = (one.labels > 0) & (other.labels > 0) & is_scored
    first, second = (objects.labels[is_shared].astype(np.int64) - 1 for objects in (one, other))
    # Pairs as single numbers: `unique` of rows sorts them as structures, many times slower.
    codes = first * len(other.n_pixels) + second
    pair, n_shared = np.unique(codes, return_counts=True)
    pairs = np.column_stack(np.divmod(pair, max(len(other.n_pixels), 1)))
    # Scored pixels alone, in shared and in union: what nobody has judged makes an overlap neither better nor worse.
    union = one.n_scored[pairs[:, 0]] + other.n_scored[pairs[:, 1]] - n_shared
    return Overlap(one, other, pairs, n_shared / union)


def match(overlap: Overlap, min_iou: float) -> IntArray:
    """Matched pairs (n_match, 2), indices from 0 of a predicted and a true object, by rising predicted object.

    Pairs may be matched whose IoU is `min_iou` or more. Of all matchings that use no object twice it is one with most
    pairs, and of those one with the largest sum of IoU; of equally good ones the solver's choice, the same in every run
    (`scipy.sparse.csgraph.min_weight_full_bipartite_matching`).

    Examples
    --------
    A found object over two true ones matches the one that it shares more with:

    >>> found, true = np.array([[1, 1, 1, 0, 0]], dtype=bool), np.array([[1, 1, 0, 1, 0]], dtype=bool)
    >>> overlap = overlap_of(found, true, np.ones_like(found))
    >>> match(overlap, 0.5).tolist(), match(overlap, 0.7).tolist()
    ([[0, 0]], [])
    """
    is_possible = overlap.iou >= min_iou
    if not is_possible.any():
        return np.empty((0, 2), dtype=np.int64)
    pairs = overlap.pairs[is_possible]
    return pairs[_is_best(pairs, overlap.iou[is_possible])]


def count(overlap: Overlap, min_iou: float) -> ObjectCounts:
    """Found, wrong and missed objects at a bound of IoU.

    An object that is not matched and has more than half of its pixels where nothing is scored counts as neither.

    Examples
    --------
    One prediction over two true objects, and one over nothing; the second truth is not found.

    >>> found, true = np.array([[1, 1, 1, 0, 0, 1]], dtype=bool), np.array([[1, 1, 0, 0, 1, 0]], dtype=bool)
    >>> count(overlap_of(found, true, np.ones_like(found)), 0.5)
    ObjectCounts(found=1, wrong=1, missed=1)
    """
    matched = match(overlap, min_iou)
    wrong, missed = (
        int((objects.is_judged & ~_are_in(matched[:, side], objects)).sum())
        for side, objects in enumerate((overlap.predicted, overlap.true))
    )
    return ObjectCounts(len(matched), wrong, missed)


def is_found(overlap: Overlap, min_iou: float) -> BoolArray:
    """Whether (n_true,) each true object is matched.

    Examples
    --------
    >>> found, true = np.array([[1, 1, 0, 0]], dtype=bool), np.array([[1, 1, 0, 1]], dtype=bool)
    >>> is_found(overlap_of(found, true, np.ones_like(found)), 0.5).tolist()
    [True, False]
    """
    return _are_in(match(overlap, min_iou)[:, 1], overlap.true)


def is_right(overlap: Overlap, min_iou: float) -> BoolArray:
    """Whether (n_predicted,) each predicted object is matched.

    Examples
    --------
    >>> found, true = np.array([[1, 1, 0, 1]], dtype=bool), np.array([[1, 0, 0, 0]], dtype=bool)
    >>> overlap = overlap_of(found, true, np.ones_like(found))
    >>> is_right(overlap, 0.5).tolist(), is_right(overlap, 0.6).tolist()
    ([True, False], [False, False])
    """
    return _are_in(match(overlap, min_iou)[:, 0], overlap.predicted)


def mean_logits(logits: FloatArray | Float32Array, objects: Objects) -> FloatArray:
    """Mean logit (n,) of the pixels of each object: its score, which a line through validation objects calibrates.

    `entropice.imagery.calibration.fit_line` on `steps_of(mean_logits, is_right)` gives the log-odds that an object is
    true at the share of true ones among validation objects.

    Parameters
    ----------
    logits
        (row, column); known in all objects, as NaN makes the mean of its object NaN.

    Examples
    --------
    >>> objects = find_objects(np.array([[1, 1, 0, 1]], dtype=bool), np.ones((1, 4), dtype=bool))
    >>> mean_logits(np.array([[1.0, 2.0, -9.0, 5.0]]), objects).tolist()
    [1.5, 5.0]
    """
    place = np.flatnonzero(objects.labels)
    label = objects.labels.reshape(-1)[place]
    sums = np.bincount(label, weights=logits.reshape(-1)[place], minlength=len(objects.n_pixels) + 1)
    return np.asarray(sums[1:] / objects.n_pixels, dtype=np.float64)


def at_ratio(counts: FloatArray, n_negative: FloatArray, n_positive: FloatArray, ratio: float) -> FloatArray:
    """Counts (…, 3) of objects where positive : negative pixels = 1 : `ratio`.

    Wrong objects lie on negative pixels: with P positive and N negative pixels scored, each stands for ratio · P / N of
    them, as every negative pixel does in `entropice.imagery.prevalence`. Wrong pieces of a true object are taken for
    such objects too, so precision is rather too low. NaN where there is no negative pixel.

    Parameters
    ----------
    counts
        (…, 3) found, wrong, missed.
    n_negative, n_positive
        (…,) scored pixels.

    Examples
    --------
    Of 100 positive and 1,000 negative pixels; at 1 : 100 each negative one stands for ten.

    >>> at_ratio(np.array([10.0, 5.0, 3.0]), np.array(1000.0), np.array(100.0), 100.0).tolist()
    [10.0, 50.0, 3.0]
    """
    weight = quotient(ratio * n_positive, n_negative)
    return np.stack([counts[..., 0], weight * counts[..., 1], counts[..., 2]], axis=-1)


def precision(counts: FloatArray) -> FloatArray:
    """Share (…,) of the predictions that are right, by counts (…, 3) found, wrong, missed; NaN without predictions.

    Examples
    --------
    >>> precision(np.array([[3.0, 1.0, 2.0], [0.0, 0.0, 2.0]])).tolist()
    [0.75, nan]
    """
    return quotient(counts[..., 0], counts[..., 0] + counts[..., 1])


def recall(counts: FloatArray) -> FloatArray:
    """Share (…,) of the true objects that are found, by counts (…, 3); NaN without true objects.

    Examples
    --------
    >>> recall(np.array([[3.0, 1.0, 1.0], [0.0, 4.0, 0.0]])).tolist()
    [0.75, nan]
    """
    return quotient(counts[..., 0], counts[..., 0] + counts[..., 2])


def f_one(counts: FloatArray) -> FloatArray:
    """F1 (…,) of counts (…, 3): 2 found / (2 found + wrong + missed); NaN without any object.

    Examples
    --------
    >>> f_one(np.array([[3.0, 1.0, 1.0], [0.0, 4.0, 0.0], [0.0, 0.0, 0.0]])).tolist()
    [0.75, 0.0, nan]
    """
    return quotient(2 * counts[..., 0], 2 * counts[..., 0] + counts[..., 1] + counts[..., 2])


def _are_in(indices: IntArray, objects: Objects) -> BoolArray:
    are_in = np.zeros(len(objects.n_pixels), dtype=bool)
    are_in[indices] = True
    return are_in


def _is_best(pairs: IntArray, iou: FloatArray) -> BoolArray:
    """Whether (n_pair,) each pair is in the matching with most pairs and, of these, the largest sum of IoU.

    Every predicted object has a way out that costs 2, a pair costs less than 1: no sum of IoU is worth a pair. The
    solver wants every row matched and no cost of 0.
    """
    rows, row = np.unique(pairs[:, 0], return_inverse=True)
    columns, column = np.unique(pairs[:, 1], return_inverse=True)
    n_rows, n_columns = len(rows), len(columns)
    # All IoU together are worth a half at most, and a pair given up costs 1 or more: pairs are counted first, IoU
    # decides between equal counts.
    costs = np.concatenate([1 - iou / (2 * n_rows), np.full(n_rows, 2.0)])
    at = np.append(row, np.arange(n_rows)), np.append(column, n_columns + np.arange(n_rows))
    graph = coo_array((costs, at), shape=(n_rows, n_columns + n_rows)).tocsr()
    partner = min_weight_full_bipartite_matching(graph)[1]
    return np.asarray(partner[row] == column, dtype=bool)

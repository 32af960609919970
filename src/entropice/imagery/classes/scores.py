"""How good chances of classes are.

Every score takes weights (…, n) of the images, so that a bootstrap scores all replicates at once: the weight of an
image is how often its block is drawn, and 1 for the score itself.
"""

from typing import Final

import numpy as np
from scipy.optimize import brentq
from scipy.special import softmax

from entropice.imagery.classes.judged import JudgedImages
from entropice.quotients import quotient
from entropice.types import FloatArray

N_GROUPS: Final = 10
"""Bins of the confidence from 0 to 1 that the calibration error is taken over."""

SLOPES: Final = (1e-3, 1e3)
_POLISHING_STEPS: Final = 4


def confusion(images: JudgedImages, weights: FloatArray) -> FloatArray:
    """Images (…, class, class) by the class that is true, and the one that is said.

    `weights` are (…, n), how often each image counts; a row of true ones, a column of said ones.

    Examples
    --------
    >>> from entropice.imagery.classes.judged import judged
    >>> chances = np.array([[0.75, 0.25], [0.75, 0.25], [0.25, 0.75]])
    >>> images = judged(np.log(chances), np.array([0, 1, 1]), np.array([0.5, 0.5]))
    >>> confusion(images, np.ones(3)).tolist(), confusion(images, np.array([0.0, 2.0, 1.0])).tolist()
    ([[1.0, 0.0], [1.0, 1.0]], [[0.0, 0.0], [2.0, 1.0]])
    """
    n_classes = len(images.prior)
    cells = np.eye(n_classes**2)[images.labels * n_classes + images.answers]
    return np.asarray((weights @ cells).reshape(*weights.shape[:-1], n_classes, n_classes), dtype=np.float64)


def accuracy(images: JudgedImages, weights: FloatArray) -> FloatArray:
    """Share (…,) of the images whose class is said.

    `weights` are (…, n), how often each image counts; NaN where all are 0.

    Examples
    --------
    >>> from entropice.imagery.classes.judged import judged
    >>> chances = np.array([[0.75, 0.25], [0.75, 0.25], [0.25, 0.75]])
    >>> images = judged(np.log(chances), np.array([0, 1, 1]), np.array([0.5, 0.5]))
    >>> accuracy(images, np.array([[1.0, 1.0, 1.0], [0.0, 0.0, 0.0], [2.0, 1.0, 1.0]])).round(4).tolist()
    [0.6667, nan, 0.75]
    """
    return _mean(weights, images.answers == images.labels)


def recall(images: JudgedImages, weights: FloatArray) -> FloatArray:
    """Share (…, class) of the images of a class that are said to be of it; NaN where there is none.

    `weights` are (…, n), how often each image counts.

    Examples
    --------
    >>> from entropice.imagery.classes.judged import judged
    >>> chances = np.array([[0.75, 0.25], [0.75, 0.25], [0.25, 0.75]])
    >>> images = judged(np.log(chances), np.array([0, 1, 1]), np.array([0.5, 0.5]))
    >>> recall(images, np.array([[1.0, 1.0, 1.0], [0.0, 1.0, 0.0]])).tolist()
    [[1.0, 0.5], [nan, 0.0]]
    """
    counts = confusion(images, weights)
    return quotient(_hits(counts), counts.sum(axis=-1))


def precision(images: JudgedImages, weights: FloatArray) -> FloatArray:
    """Share (…, class) of the images said to be of a class that are; NaN where none is said to be.

    `weights` are (…, n), how often each image counts.

    Examples
    --------
    >>> from entropice.imagery.classes.judged import judged
    >>> chances = np.array([[0.75, 0.25], [0.75, 0.25], [0.25, 0.75]])
    >>> images = judged(np.log(chances), np.array([0, 1, 1]), np.array([0.5, 0.5]))
    >>> precision(images, np.array([[1.0, 1.0, 1.0], [0.0, 1.0, 0.0]])).tolist()
    [[0.5, 1.0], [0.0, nan]]
    """
    counts = confusion(images, weights)
    return quotient(_hits(counts), counts.sum(axis=-2))


def f_1(images: JudgedImages, weights: FloatArray) -> FloatArray:
    """F1 (…, class), harmonic mean of precision and recall; NaN where a class is neither true nor said.

    2 TP / (true + said); `weights` are (…, n), how often each image counts.

    Examples
    --------
    Two of class 0 are said and one is true, which is right; of class 1 it is the other way round.

    >>> from entropice.imagery.classes.judged import judged
    >>> chances = np.array([[0.75, 0.25], [0.75, 0.25], [0.25, 0.75]])
    >>> f_1(judged(np.log(chances), np.array([0, 1, 1]), np.array([0.5, 0.5])), np.ones(3)).round(4).tolist()
    [0.6667, 0.6667]
    """
    counts = confusion(images, weights)
    return quotient(2 * _hits(counts), counts.sum(axis=-1) + counts.sum(axis=-2))


def macro(by_class: FloatArray, images: JudgedImages, weights: FloatArray) -> FloatArray:
    """Mean (…,) over the classes that are true somewhere; one that is never said counts as 0.

    A model gains nothing by never naming a class that it would get wrong. NaN where all weights are 0.

    Parameters
    ----------
    by_class
        A score (…, class) of the same images and weights; NaN counts as 0.
    weights
        (…, n), how often each image counts.

    Examples
    --------
    Class 2 is nowhere true, and so not counted; class 1 is never said, and counts 0.

    >>> from entropice.imagery.classes.judged import judged
    >>> images = judged(np.log([[0.8, 0.1, 0.1], [0.8, 0.1, 0.1]]), np.array([0, 1]), np.array([0.4, 0.3, 0.3]))
    >>> precision(images, np.ones(2)).tolist(), float(macro(precision(images, np.ones(2)), images, np.ones(2)))
    ([0.5, nan, nan], 0.25)
    """
    is_there = confusion(images, weights).sum(axis=-1) > 0
    return quotient(np.where(is_there, np.nan_to_num(by_class), 0.0).sum(axis=-1), is_there.sum(axis=-1).astype(float))


def log_score(images: JudgedImages, weights: FloatArray) -> FloatArray:
    """Mean negative log likelihood (…,) of an image, in nats; 0 is best.

    −Σ wᵢ log pᵢ / Σ wᵢ, pᵢ the chance that the true class was given and wᵢ how often image i counts, `weights` (…, n);
    NaN where all are 0.

    Examples
    --------
    >>> from entropice.imagery.classes.judged import judged
    >>> images = judged(np.log([[0.5, 0.5], [0.25, 0.75]]), np.array([0, 0]), np.array([0.5, 0.5]))
    >>> float(log_score(images, np.ones(2)).round(4)), float(log_score(images, np.array([1.0, 0.0])).round(4))
    (1.0397, 0.6931)
    """
    return -_mean(weights, images.log_chance_of_truth)


def log_skill(images: JudgedImages, weights: FloatArray) -> FloatArray:
    """1 − log score / that of the training prevalence on the same images (…,): 0 is no better, 1 perfect.

    Below 0 is worse; `weights` are (…, n), how often each image counts, NaN where all are 0.

    Examples
    --------
    >>> from entropice.imagery.classes.judged import judged
    >>> images = judged(np.log([[0.25, 0.75], [0.5, 0.5]]), np.array([0, 1]), np.array([0.25, 0.75]))
    >>> [float(log_skill(images, np.array(each)).round(4)) for each in ([1.0, 0.0], [0.0, 1.0])]
    [0.0, -1.4094]
    """
    return 1 - quotient(log_score(images, weights), -_mean(weights, np.log(images.prior)[images.labels]))


def calibration_error(images: JudgedImages, weights: FloatArray) -> FloatArray:
    """ECE (…,): mean gap between confidence and accuracy over ten equal bins of the confidence.

    Guo et al. 2017, arXiv:1706.04599, equation 5. Of few images it is above 0 by chance alone.

    The sizes of Σ wᵢ (cᵢ − rᵢ) in each bin are added up and divided by Σ wᵢ, cᵢ the highest chance of image i and rᵢ 1
    where its answer is right, else 0.

    Confidences of exactly 1 are in the last bin, one at an edge in the upper bin. `weights` are (…, n), how often each
    image counts; NaN where all are 0.

    Examples
    --------
    Three answers with a confidence of 0.75, of which two are right: |3 · 0.75 − 2| / 3.

    >>> from entropice.imagery.classes.judged import judged
    >>> chances = np.array([[0.75, 0.25], [0.75, 0.25], [0.25, 0.75]])
    >>> images = judged(np.log(chances), np.array([0, 1, 1]), np.array([0.5, 0.5]))
    >>> float(calibration_error(images, np.ones(3)).round(4))
    0.0833
    """
    group = np.minimum((images.confidence * N_GROUPS).astype(int), N_GROUPS - 1)
    gaps = images.confidence - (images.answers == images.labels)
    return quotient(np.abs(weights @ (np.eye(N_GROUPS)[group] * gaps[:, None])).sum(axis=-1), weights.sum(axis=-1))


def calibration_slope(images: JudgedImages, weights: FloatArray) -> FloatArray:
    """Slope b (…,) at which chances in proportion to p^b are likeliest; 1 is best, below 1 chances are too bold.

    `weights` are (…, n), how often each image counts. NaN where no b from 1e-3 to 1e3 is: every answer right, or
    chances that point away from the truth; NaN throughout where this is so of all leading indices together.

    Notes
    -----
    With zᵢₖ = log pᵢₖ the multinomial recalibration model P(k) = exp(b zᵢₖ) / Σⱼ exp(b zᵢⱼ) has the log odds of each
    pair of classes b times those that were said: Cox's slope (1958, doi:10.1093/biomet/45.3-4.562) for several classes,
    one for all pairs, without intercepts (Van Hoorde et al. 2014, doi:10.1002/sim.6114, fit intercepts and a slope a
    pair). Its log likelihood is concave in b: Σ wᵢ (zᵢᵧ − Σₖ Pₖ zᵢₖ) is 0 at its maximum. Replicates start from the
    slope at the sum of all weights and come to their own by four of Newton's steps.

    Examples
    --------
    Odds of 9 are said of four answers, three of which are right: odds of 3, log 3 / log 9.

    >>> from entropice.imagery.classes.judged import judged
    >>> images = judged(np.log(np.tile([0.9, 0.1], (4, 1))), np.array([0, 0, 0, 1]), np.array([0.5, 0.5]))
    >>> calibration_slope(images, np.array([[1.0, 1.0, 1.0, 1.0], [1.0, 1.0, 1.0, 0.0]])).round(4).tolist()
    [0.5, nan]
    """
    # A bracketed search for each of a thousand replicates would take far longer; all have their slope near that of all.
    slope = _slope_of_all(images, weights.reshape(-1, weights.shape[-1]).sum(axis=0))
    slopes = np.full(weights.shape[:-1], slope)
    for _ in range(_POLISHING_STEPS):
        gradient, curvature = _slope_derivatives(images, weights, slopes)
        slopes = slopes + quotient(gradient, curvature)
    # A replicate without a maximum, where every answer is right, would end wherever the last step has led.
    lowest, highest = (_slope_derivatives(images, weights, np.array(slope))[0] for slope in SLOPES)
    is_within = (slopes > SLOPES[0]) & (slopes < SLOPES[1]) & (lowest > 0) & (highest < 0)
    return np.where(is_within, slopes, np.nan)


def _slope_of_all(images: JudgedImages, weights: FloatArray) -> float:
    def gradient(slope: float) -> float:
        return float(_slope_derivatives(images, weights, np.array(slope))[0])

    is_bracketed = gradient(SLOPES[0]) > 0 > gradient(SLOPES[1])
    return float(brentq(gradient, *SLOPES)) if is_bracketed else np.nan


def _slope_derivatives(images: JudgedImages, weights: FloatArray, slopes: FloatArray) -> tuple[FloatArray, FloatArray]:
    """First derivative of the log likelihood by the slope, and the second, negative; each (…,)."""
    z = images.log_chances
    chances = softmax(slopes[..., None, None] * z, axis=-1)
    mean = (chances * z).sum(axis=-1)
    spread = (chances * z**2).sum(axis=-1) - mean**2
    return (weights * (images.log_chance_of_truth - mean)).sum(axis=-1), (weights * spread).sum(axis=-1)


def _hits(counts: FloatArray) -> FloatArray:
    return np.asarray(np.diagonal(counts, axis1=-2, axis2=-1), dtype=np.float64)


def _mean(weights: FloatArray, values: FloatArray) -> FloatArray:
    return quotient(weights @ values, weights.sum(axis=-1))

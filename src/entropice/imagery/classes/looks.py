"""Chances of classes averaged over several ways to lay an image: what it shows does not depend on where north is."""

from collections.abc import Callable

import numpy as np
from scipy.special import log_softmax, logsumexp

from entropice.imagery.symmetries import symmetries
from entropice.types import Float32Array

Logits = Callable[[Float32Array], Float32Array]
"""Standardised images (n, band, row, column) to logits (n, class)."""


def under_symmetries(says: Logits, n: int) -> Logits:
    """Logits whose chances are the mean of those of `n` symmetries of a square: test-time augmentation.

    Chances and not logits are averaged, so that looks that contradict each other make an answer less sure. With 1 the
    logits are those of `says` but for a number that all classes of an image share.

    Parameters
    ----------
    n
        1, 2, 4 or 8: the first so many of `entropice.imagery.symmetries.SYMMETRIES`.

    Raises
    ------
    ConfigError
        So many symmetries are no group.

    Examples
    --------
    What is said of the image and of its mirror contradicts each other, so that the answer is open:

    >>> says = lambda inputs: np.stack([inputs[:, 0, 0, 0], np.zeros(len(inputs))], axis=1)
    >>> image = np.array([[[[5.0, -5.0]]]], np.float32)
    >>> [np.exp(under_symmetries(says, n)(image)).astype(float).round(2).tolist() for n in (1, 2)]
    [[[0.99, 0.01]], [[0.5, 0.5]]]
    """
    group = symmetries(n)

    def says_on_average(inputs: Float32Array) -> Float32Array:
        looks = [log_softmax(says(np.ascontiguousarray(each.apply(inputs))), axis=1) for each in group]
        return np.asarray(logsumexp(looks, axis=0) - np.log(n), dtype=np.float32)

    return says_on_average

"""What a model says of images of which each shows one class."""

from dataclasses import dataclass

import numpy as np
from scipy.special import log_softmax

from entropice.errors import SchemaError
from entropice.types import FloatArray, IntArray


@dataclass(frozen=True, eq=False)
class JudgedImages:
    """Chances of each class, and the class that is true.

    Attributes
    ----------
    log_chances
        (n, class), natural logarithms of chances that sum to 1.
    labels
        int64 (n,), numbers of classes.
    prior
        (class,) shares of the classes among the training images, all above 0.
    """

    log_chances: FloatArray
    labels: IntArray
    prior: FloatArray

    @property
    def answers(self) -> IntArray:
        """(n,) the class with the highest chance; the first of equals."""
        return np.asarray(self.log_chances.argmax(axis=1), dtype=np.int64)

    @property
    def confidence(self) -> FloatArray:
        """(n,) the chance of the class that has the highest."""
        return np.asarray(np.exp(self.log_chances.max(axis=1)), dtype=np.float64)

    @property
    def log_chance_of_truth(self) -> FloatArray:
        """(n,) log of the chance that the true class was given."""
        return np.asarray(self.log_chances[np.arange(len(self.labels)), self.labels], dtype=np.float64)


def judged(logits: FloatArray, labels: IntArray, prior: FloatArray) -> JudgedImages:
    """Images of logits (n, class), whose softmax is the chance of each class.

    Parameters
    ----------
    labels
        int64 (n,), numbers of classes from 0.
    prior
        (class,) shares of the classes among the training images, all above 0.

    Raises
    ------
    SchemaError
        Shapes do not fit, a label is no class, a logit is not finite, or a class has no share.

    Examples
    --------
    >>> images = judged(np.log([[0.75, 0.25], [0.5, 0.5]]), np.array([0, 1]), np.array([0.5, 0.5]))
    >>> images.answers.tolist(), np.exp(images.log_chance_of_truth).round(6).tolist()
    ([0, 0], [0.75, 0.5])
    """
    n_classes = len(prior)
    is_fitting = logits.shape == (len(labels), n_classes) and np.isfinite(logits).all()
    is_known = ((labels >= 0) & (labels < n_classes)).all()
    if not (is_fitting and is_known and (prior > 0).all()):
        raise SchemaError(
            "Images cannot be judged.",
            field="logits, labels, prior",
            got=f"logits {logits.shape}, labels from {labels.min(initial=0)} to {labels.max(initial=0)}, prior {prior}",
            expected=f"finite logits ({len(labels)}, {n_classes}), labels below {n_classes}, every class with a share",
        )
    return JudgedImages(log_softmax(logits.astype(np.float64), axis=1), labels, prior)

"""Rivals of a network that names classes: models that know an image by statistics of its bands."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from threadpoolctl import threadpool_limits

from entropice.errors import LabelError
from entropice.imagery.classes.image_statistics import image_columns
from entropice.types import Float32Array, IntArray

_LEAST_CHANCE: Final = 1e-6
"""Trees that have seen few images say 0, which no finite score forgives."""


@dataclass(frozen=True)
class ImageModel:
    """A classifier of images.

    Attributes
    ----------
    name, title
        In tables, and for people.
    estimator
        Makes a scikit-learn classifier with ``predict_proba`` from a seed.
    """

    name: str
    title: str
    estimator: Callable[[int], Any]


@dataclass(frozen=True)
class FittedImageModel:
    """An image model that has learned.

    Attributes
    ----------
    model
        What it is.
    estimator
        The fitted scikit-learn classifier of `entropice.imagery.classes.image_statistics.image_columns`.
    """

    model: ImageModel
    estimator: Any

    def logits(self, inputs: Float32Array) -> Float32Array:
        """Log chances (n, class), float32, of standardised images (n, band, row, column); NaN is taken for 0, the mean.

        No chance is below 1e-6.
        """
        with _one_thread():
            chances = self.estimator.predict_proba(image_columns(inputs))
        return np.asarray(np.log(np.maximum(chances, _LEAST_CHANCE)), dtype=np.float32)


def _logistic(_: int) -> Any:
    return make_pipeline(StandardScaler(), LogisticRegression(C=1.0, max_iter=500))


def _boosting(seed: int) -> Any:
    return HistGradientBoostingClassifier(
        max_iter=100, learning_rate=0.1, max_leaf_nodes=8, min_samples_leaf=5, l2_regularization=1.0, random_state=seed
    )


IMAGE_MODELS: Final[tuple[ImageModel, ...]] = (
    ImageModel("colour_logistic", "Logistic regression on statistics of colours", _logistic),
    ImageModel("colour_boosting", "Boosted trees on statistics of colours", _boosting),
)


def fit_image_model(
    model: ImageModel, batches: Iterable[tuple[Float32Array, IntArray]], n_classes: int, seed: int
) -> FittedImageModel:
    """Fit to standardised images (n, band, row, column) and their classes (n,), batch by batch.

    It sees the columns of `image_columns`, of all batches together.

    Parameters
    ----------
    model
        Of `IMAGE_MODELS`: ``colour_logistic``, a logistic regression with C = 1 on standardised columns, or
        ``colour_boosting``, 100 boosted trees at most with 8 leaves at most, a rate of 0.1 and an L2 penalty of 1.
    n_classes
        Labels are numbers from 0 below it; each has an image.
    seed
        Of the estimator.

    Raises
    ------
    LabelError
        A class has no image.
    ValueError
        There is no batch.
    """
    drawn = [(image_columns(inputs), labels) for inputs, labels in batches]
    columns, labels = (np.concatenate(parts) for parts in zip(*drawn, strict=True))
    n_images = np.bincount(labels, minlength=n_classes)
    if not n_images.all():
        got = ", ".join(map(str, n_images))
        raise LabelError("A class has no training image.", field="label", got=got, expected="some of each")
    with _one_thread():
        return FittedImageModel(model, model.estimator(seed).fit(columns, labels))


def _one_thread() -> threadpool_limits:
    """Trees of so few images gain nothing by threads, which wait for each other where processes share the cores."""
    return threadpool_limits(limits=1, user_api="openmp")

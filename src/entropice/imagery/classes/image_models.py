"""Rivals of a network that names classes: models that know an image by statistics of its bands."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from scipy.ndimage import uniform_filter
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from threadpoolctl import threadpool_limits

from entropice.errors import LabelError
from entropice.types import Float32Array, FloatArray, IntArray

QUANTILES: Final = (0.05, 0.25, 0.5, 0.75, 0.95)
TEXTURES_PX: Final = (1, 5)
"""Edges of the squares over which a band is averaged before its gradient is taken."""

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
    """An image model that has learned."""

    model: ImageModel
    estimator: Any

    def logits(self, inputs: Float32Array) -> Float32Array:
        """Log chances (n, class) of standardised images (n, band, row, column)."""
        with _one_thread():
            chances = self.estimator.predict_proba(image_columns(inputs))
        return np.asarray(np.log(np.maximum(chances, _LEAST_CHANCE)), dtype=np.float32)


def image_columns(inputs: Float32Array) -> FloatArray:
    """Statistics (n, column) of standardised images (n, band, row, column).

    Of each band its mean, standard deviation and `QUANTILES`, and its texture: the mean magnitude of the gradient, of
    the band and of the band averaged over 5 pixels.
    """
    pixels = inputs.reshape(*inputs.shape[:2], -1).astype(np.float64)
    quantiles = np.moveaxis(np.quantile(pixels, QUANTILES, axis=-1), 0, -1)
    textures = np.stack([_texture(inputs, edge_px) for edge_px in TEXTURES_PX], axis=-1)
    columns = [pixels.mean(axis=-1)[..., None], pixels.std(axis=-1)[..., None], quantiles, textures]
    return np.concatenate(columns, axis=-1).reshape(len(inputs), -1)


def _texture(inputs: Float32Array, edge_px: int) -> FloatArray:
    smooth = uniform_filter(inputs.astype(np.float64), size=(1, 1, edge_px, edge_px), mode="nearest")
    return np.asarray(np.hypot(*np.gradient(smooth, axis=(-2, -1))).mean(axis=(-2, -1)), dtype=np.float64)


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

    Raises
    ------
    LabelError
        A class has no image.
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

"""Rivals of a network: models that judge each pixel by itself, or by itself and its surroundings."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from scipy.ndimage import uniform_filter
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from threadpoolctl import threadpool_limits

from entropice.errors import LabelError
from entropice.types import BoolArray, Float32Array, FloatArray

WINDOWS_PX: Final = (5, 15)
"""Edges of the squares over which surroundings are summed up."""


@dataclass(frozen=True)
class PixelModel:
    """A classifier of pixels.

    Attributes
    ----------
    name, title
        In tables, and for people.
    columns
        What it sees of every pixel: standardised values (…, band, row, column), NaN where unknown, to columns
        (row × column, n), NaN where nothing is known.
    estimator
        Makes a scikit-learn classifier from a seed, whose ``decision_function`` is the log-odds.
    """

    name: str
    title: str
    columns: Callable[[Float32Array], Float32Array]
    estimator: Callable[[int], Any]


@dataclass(frozen=True)
class FittedPixelModel:
    """A pixel model that has learned.

    Attributes
    ----------
    model
        What it sees.
    estimator
        The fitted scikit-learn classifier.
    offset
        Added to its log-odds, since slumps were drawn more often than other pixels.
    """

    model: PixelModel
    estimator: Any
    offset: float

    def logits(self, values: Float32Array) -> Float32Array:
        """Log-odds (row, column) of standardised values (…, band, row, column), at the training tiles' prevalence.

        float32. What the estimator makes of unknown pixels is there, too: whoever uses them leaves them out.
        """
        with _one_thread():
            log_odds = self.estimator.decision_function(self.model.columns(values).astype(np.float64))
        logits: Float32Array = (log_odds + self.offset).astype(np.float32).reshape(values.shape[-2:])
        return logits


def own_values(values: Float32Array) -> Float32Array:
    """The bands of each pixel: (row · column, n_band) of values (n_band, row, column), a view where it can be.

    Pixels row by row.

    Examples
    --------
    >>> own_values(np.array([[[1, 2]], [[3, 4]]], np.float32)).tolist()
    [[1.0, 3.0], [2.0, 4.0]]
    """
    columns: Float32Array = values.reshape(len(values), -1).T
    return columns


def values_in_context(values: Float32Array) -> Float32Array:
    """The bands of each pixel, and mean and standard deviation of each band in squares around it.

    Both are of what is known in a square; NaN where nothing is. Beyond the edge the image is continued with its
    outermost pixels. Values are (n_band, row, column), the result (row · column, n_band · (1 + 2 · number of squares)),
    float32: the bands, their means in squares of 5 and then of 15 pixels (`WINDOWS_PX`), and their standard deviations
    in the same order.

    Examples
    --------
    Around the middle lie 1, 1, nothing, 3 and 3 in the small square:

    >>> values_in_context(np.array([[[1.0, np.nan, 3.0]]], np.float32))[1].round(4).tolist()
    [nan, 2.0, 2.0, 1.0, 1.0]
    """
    # Mean of squares less square of the mean: values are standardised, so that the difference keeps its digits.
    means = [_mean_of_known(values, px) for px in WINDOWS_PX]
    squares = [_mean_of_known(values**2, px) for px in WINDOWS_PX]
    spreads = [np.sqrt(np.maximum(square - mean**2, 0)) for square, mean in zip(squares, means, strict=True)]
    return own_values(np.concatenate([values, *means, *spreads]).astype(np.float32))


def _mean_of_known(values: Float32Array, edge_px: int) -> Float32Array:
    """Mean of the known values (band, row, column) in a square around each pixel (normalised convolution)."""
    is_known = ~np.isnan(values)
    sums, shares = (
        uniform_filter(each, size=(0, edge_px, edge_px), mode="nearest")
        for each in (np.where(is_known, values, np.float32(0)), is_known.astype(np.float32))
    )
    # running sums leave rounding errors where nothing is known; a single known pixel is twice this
    means: Float32Array = np.divide(sums, shares, out=np.full_like(sums, np.nan), where=shares > 0.5 / edge_px**2)
    return means


def logistic(_: int) -> Any:
    """A line through standardised columns; what is unknown counts as 0, which is a band's mean.

    A scikit-learn pipeline, not fitted yet: 0 for NaN, `StandardScaler`, `LogisticRegression` with C = 1 and 200 steps
    at most. No seed is needed.
    """
    filled = SimpleImputer(strategy="constant", fill_value=0.0, keep_empty_features=True)
    return make_pipeline(filled, StandardScaler(), LogisticRegression(C=1.0, max_iter=200))


def boosting(seed: int) -> Any:
    """Boosted trees, grown with a seed.

    A scikit-learn `HistGradientBoostingClassifier`, not fitted yet, of 150 trees at most with 31 leaves at most, a
    learning rate of 0.1 and an L2 penalty of 1, else with its defaults; it takes NaN as it is.
    """
    return HistGradientBoostingClassifier(
        max_iter=150, learning_rate=0.1, max_leaf_nodes=31, l2_regularization=1.0, random_state=seed
    )


def fit_pixel_model(
    model: PixelModel,
    tiles: Iterable[tuple[Float32Array, BoolArray, BoolArray]],
    n_pixels_per_tile: int,
    seed: int,
) -> FittedPixelModel:
    """Fit to pixels drawn from tiles: from each as many of either class as there are, up to a number.

    Parameters
    ----------
    tiles
        Standardised values (…, band, row, column), which pixels are positive, and which count; shapes (row, column).
    n_pixels_per_tile
        Pixels drawn of each class.
    seed
        Of the drawing and of the estimator.

    Raises
    ------
    LabelError
        The tiles hold one class only.
    ValueError
        There is no tile.

    Notes
    -----
    With the shares s₁ and s₀ of positive and negative pixels that were drawn, the fitted log-odds are those of the
    tiles plus log(s₁ / s₀), which `FittedPixelModel.offset` takes away (King and Zeng 2001,
    doi:10.1093/oxfordjournals.pan.a004868).
    """
    random = np.random.default_rng([seed, *b"pixels"])
    drawn = [_drawn(model, tile, n_pixels_per_tile, random) for tile in tiles]
    columns = np.concatenate([columns for columns, _, _ in drawn])
    is_positive = np.concatenate([positive for _, positive, _ in drawn])
    n_tiles_pixels = np.sum([counts for _, _, counts in drawn], axis=0)
    n_drawn = np.array([np.sum(~is_positive), np.sum(is_positive)])
    if not n_drawn.all():
        raise LabelError(
            "Pixel models need pixels of both classes.",
            field="label",
            got=f"{n_drawn[1]:,} positive and {n_drawn[0]:,} other pixels",
            expected="some of both in the training tiles",
        )
    shares: FloatArray = n_drawn / n_tiles_pixels
    with _one_thread():
        estimator = model.estimator(seed).fit(columns.astype(np.float64), is_positive)
    return FittedPixelModel(model, estimator, float(np.log(shares[0] / shares[1])))


def _one_thread() -> threadpool_limits:
    """Trees of so few pixels gain little by threads, which wait for each other where processes share the cores."""
    return threadpool_limits(limits=1, user_api="openmp")


def _drawn(
    model: PixelModel, tile: tuple[Float32Array, BoolArray, BoolArray], n_of_class: int, random: np.random.Generator
) -> tuple[Float32Array, BoolArray, FloatArray]:
    """Columns and class of drawn pixels, and how many pixels of either class there were."""
    values, positive, counts = tile
    columns, is_positive = model.columns(values), positive.ravel()
    classes = [np.flatnonzero(counts.ravel() & (is_positive == wanted)) for wanted in (False, True)]
    chosen = np.concatenate([random.permutation(places)[:n_of_class] for places in classes])
    return columns[chosen], is_positive[chosen], np.array([len(places) for places in classes], dtype=np.float64)

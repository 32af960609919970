"""Images given the distribution of values that a network learned from."""

import numpy as np

from entropice.errors import SchemaError
from entropice.imagery.histograms import BandHistograms, require_counted
from entropice.imagery.samples import Image
from entropice.types import Float32Array, FloatArray, IntArray


def matched(image: Image, own: BandHistograms, training: BandHistograms) -> Image:
    """The image with the valid values of each band mapped so that their quantiles become those of the training.

    Parameters
    ----------
    image
        (…, band, row, column); values that are not valid become 0 and stay not valid.
    own
        Of the set of tiles that the image belongs to, not of the image alone, whose content would be lost. Its edges
        should be those of its own statistics.
    training
        Of the training tiles.

    Raises
    ------
    SchemaError
        Bands differ, or a band has no pixel in a histogram.

    Notes
    -----
    x becomes F₀⁻¹(F(x)) with the distribution functions F and F₀ of both histograms, linear within a bin: monotone,
    so that no order is changed. What lies beyond all counted pixels becomes the end of the training's last bin that
    holds any.

    Examples
    --------
    Both fill two bins evenly, ten times as wide in training:

    >>> own = BandHistograms(("red",), np.array([[0.0, 1.0, 2.0]]), np.array([[1, 1]]))
    >>> training = BandHistograms(("red",), np.array([[0.0, 10.0, 20.0]]), np.array([[1, 1]]))
    >>> image = Image(("red",), np.array([[[0.5, 2.0, 3.0]]], np.float32), np.ones((1, 1, 3), bool))
    >>> matched(image, own, training).values.tolist()
    [[[5.0, 20.0, 20.0]]]
    """
    _check(image, own, training)
    parts = zip(range(len(image.bands)), own.edges, own.n_pixels, training.edges, training.n_pixels, strict=True)
    bands = [_mapped(image.values[..., band, :, :], *rest) for band, *rest in parts]
    values = np.where(image.valid, np.stack(bands, axis=-3), np.float32(0.0))
    return Image(image.bands, values, image.valid)


def _mapped(
    values: Float32Array, edges: FloatArray, counts: IntArray, training_edges: FloatArray, training_counts: IntArray
) -> Float32Array:
    quantiles = np.interp(values, edges, _distribution(counts))
    filled = np.flatnonzero(training_counts)
    # Beyond the bins that hold pixels the distribution is flat, and a quantile of 0 or 1 could mean any of its edges.
    ends = slice(filled[0], filled[-1] + 2)
    return np.interp(quantiles, _distribution(training_counts)[ends], training_edges[ends]).astype(np.float32)


def _distribution(counts: IntArray) -> FloatArray:
    """Share of pixels below each edge."""
    below: FloatArray = np.concatenate([[0], np.cumsum(counts)]) / counts.sum()
    return below


def _check(image: Image, own: BandHistograms, training: BandHistograms) -> None:
    if not image.bands == own.bands == training.bands:
        raise SchemaError(
            "Image and histograms have different bands.",
            field="bands",
            got=(image.bands, own.bands),
            expected=training.bands,
            fix="read the image with the bands of the model",
        )
    for each in (own, training):
        require_counted(each)

"""What masks and changes have in common: each pixel is a yes or a no, of which a model gives a logit."""

import numpy as np

from entropice.dggs import parse_grid
from entropice.imagery.held_out import Predict
from entropice.imagery.loading import SampleView, counted
from entropice.imagery.pixel_models import PixelModel, fit_pixel_model
from entropice.imagery.samples import Sample, Samples
from entropice.imagery.sensor_rules import Sensors
from entropice.imagery.split_rules import SplitRules
from entropice.imagery.splits import UNSEEN, split_tiles
from entropice.io.networks import TrainedNetwork
from entropice.networks.export import network_of
from entropice.networks.inference import Predictor, predictor
from entropice.pipelines.training.job import machine_of
from entropice.pipelines.training.parameters import TrainingParameters
from entropice.types import BoolArray, DataFrame, Float32Array


def counted_splits(
    tiles: DataFrame, images: Samples, grid: str, rules: SplitRules, ignored_edge_px: int, sensors: Sensors, seed: int
) -> DataFrame:
    """Splits with ``n_positive``, the positive pixels of each sample that count; one where none counts is unseen.

    Parameters
    ----------
    tiles
        ``key left_m top_m pixel_m n_pixels``, EPSG:3413, a row a sample.
    images
        Samples, each read once.
    grid, rules, seed
        Key of the grid, whose parent cells are dealt; shares, level of blocks and buffer (m); what they are dealt by.
    ignored_edge_px, sensors
        A pixel counts where its label is scored, no edge of labels is so near, and a sensor knows it.

    Returns
    -------
    DataFrame
        ``key block split n_positive``, in the order of `tiles`; ``split`` is train, validation, test, ``buffer``
        (nearer than the buffer to ground of another split) or ``unseen``; a block's is drawn by a hash of seed and
        block (`entropice.imagery.splits.split_of_block`). A sample without a positive pixel stays what it is.

    Raises
    ------
    SchemaError
        A key occurs twice, or a corner is not finite.
    GridError
        There is no such grid, or its cells have no parents at the level of blocks.
    """
    splits = split_tiles(tiles, parse_grid(grid), rules, seed)
    counts = [_counts(images.read(key), ignored_edge_px, sensors) for key in splits["key"]]
    n_scored, n_positive = np.array(counts, dtype=np.int64).T
    return splits.assign(split=np.where(n_scored > 0, splits["split"], UNSEEN), n_positive=n_positive)


def _counts(sample: Sample, ignored_edge_px: int, sensors: Sensors) -> tuple[int, int]:
    counts = counted(sample, ignored_edge_px, sensors)
    return int(counts.sum()), int((sample.target.astype(bool) & counts).sum())


def masks_of(predict: Predictor) -> Predict:
    """A predictor of one logit a pixel without the dimension of outputs: (n, 1, row, column) becomes (n, row, column).

    >>> masks_of(lambda inputs: inputs[:, :1])(np.zeros((2, 3, 4, 5), dtype=np.float32)).shape
    (2, 4, 5)
    """

    def logits(inputs: Float32Array) -> Float32Array:
        return predict(inputs)[:, 0]

    return logits


def network_logits(network: TrainedNetwork, training: TrainingParameters, batch_size: int) -> Predict:
    """Standardised inputs (n, …, band, row, column) to the network's logits (n, row, column), raw, float32.

    Raises
    ------
    ModelFileError
        The weights are not those of the network that the record tells of.
    """
    checkpoint = network.checkpoint
    built = network_of(checkpoint, network.path)
    return masks_of(predictor(built, checkpoint.weights, machine_of(training), batch_size))


def rival_logits(model: PixelModel, view: SampleView, keys: list[str], n_pixels: int, seed: int) -> Predict:
    """Standardised inputs (n, …, band, row, column) to logits (n, row, column) of a pixel model that is fitted here.

    `n_pixels` are drawn from each of the samples `keys`, by `seed`, of each class as many as there are up to that.

    Raises
    ------
    LabelError
        The samples hold one class only.
    """
    fitted = fit_pixel_model(model, (_pixels(view, key) for key in keys), n_pixels, seed)

    def logits(inputs: Float32Array) -> Float32Array:
        return np.stack([fitted.logits(values) for values in inputs])

    return logits


def _pixels(view: SampleView, key: str) -> tuple[Float32Array, BoolArray, BoolArray]:
    inputs, target, scored = view.seen([key])
    return inputs[0], target[0] > 0, scored[0]

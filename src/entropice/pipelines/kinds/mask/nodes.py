"""Nodes of a mask: tiles are split, and a network learns which pixels belong to what is looked for."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from entropice.pipelines.kinds.mask.parameters import MaskSampleParameters
from entropice.pipelines.training.parameters import LossParameters, NetworkParameters, TrainingParameters
from entropice.types import DataFrame

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from entropice.imagery.distances import Distances
    from entropice.imagery.samples import Samples
    from entropice.networks.job import TrainingJob

    Half = NDArray[np.float16]
else:
    Distances = Half = Samples = TrainingJob = Any


def split_tiles(
    tiles: DataFrame, images: Samples, grid: str, samples: MaskSampleParameters, random_seed: int
) -> DataFrame:
    """The split and block of every tile, and how many positive pixels count; one where nothing counts is unseen.

    Parameters
    ----------
    tiles
        ``key left_m top_m pixel_m n_pixels``, EPSG:3413, a row a tile.
    images
        Tiles with their masks, each read once for it.
    grid
        Key of the grid, whose parent cells are the blocks that are dealt.
    samples, random_seed
        Shares of splits, level of blocks, buffer (m), ignored edges (pixels) and sensors; what blocks are dealt by.

    Returns
    -------
    DataFrame
        The dataset ``splits``, in the order of `tiles`: ``key block split n_positive``; ``split`` is train, validation,
        test, ``buffer`` (nearer than the buffer to ground of another split) or ``unseen``. A block's split is drawn by
        a hash of seed and block (`entropice.imagery.splits.split_of_block`).

    Raises
    ------
    LabelError
        A split has no tile with something positive, or none without.
    SchemaError
        A key occurs twice, or a corner is not finite.
    GridError
        There is no such grid, or its cells have no parents at the level of blocks.
    """
    from entropice.imagery.splits import require_positives
    from entropice.pipelines.kinds.pixels import counted_splits

    splits = counted_splits(tiles, images, grid, samples.splits, samples.ignored_edge_px, samples.seen_by, random_seed)
    require_positives(splits)
    return splits


def measure_distances(
    images: Samples, splits: DataFrame, losses: tuple[LossParameters, ...]
) -> Iterable[tuple[str, Half]]:
    """How far the pixels of every training tile lie from the edge of its label; of none where no loss needs it.

    Returns
    -------
    Iterable
        For the dataset ``distances``: ``key`` and float16 (row, column), pixels, negative inside, cut off at ±64, which
        also stands where there is no edge, and 0 where nothing is scored; tiles of training in the order of `splits`
        (``key split``), each read when its turn comes.
    """
    from entropice.imagery.distances import signed_distances_px
    from entropice.imagery.splits import TRAIN
    from entropice.networks.loss_registry import need_distances

    if not need_distances(loss.name for loss in losses):
        return ()
    samples = (images.read(key) for key in splits.loc[splits["split"] == TRAIN, "key"])
    return ((sample.key, signed_distances_px(sample.target, sample.scored)) for sample in samples)


def train_network(
    images: Samples,
    splits: DataFrame,
    statistics: dict[str, Any],
    _data_check: dict[str, Any],
    bands: list[str],
    samples: MaskSampleParameters,
    network: NetworkParameters,
    training: TrainingParameters,
    ratios: list[float],
    distances: Distances,
) -> TrainingJob:
    """A network that learns which pixels belong to what is looked for; saving it carries the training out.

    Nothing is trained on samples that have not been checked: ``data_check`` is an input for that alone. The dataset
    ``network`` is written while it learns, and resumed where it was broken off.

    Parameters
    ----------
    images, splits, statistics
        Tiles, ``key block split n_positive`` of them, and what inputs are standardised with.
    bands
        What the network sees, in this order.
    samples, network, training
        Sampling and its curriculum, the network, and how it learns.
    ratios
        Negative to positive pixels, at which validation tells its measures.
    distances
        Of `measure_distances`; read where a loss needs them.

    Raises
    ------
    ConfigError
        An option of the network or a loss is not known, or does not go with the rest; or a batch is too small for the
        curriculum.
    LabelError
        The curriculum asks for more tiles than there are.
    InputFileError
        The statistics are of other images.
    """
    from entropice.pipelines.kinds.mask.job import mask_job

    return mask_job(images, splits, statistics, bands, samples, network, training, ratios, distances)

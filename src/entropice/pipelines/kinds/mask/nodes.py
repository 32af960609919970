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
    """The split and block of every tile, and how many positive pixels count; one where nothing counts is unseen."""
    from entropice.imagery.splits import require_positives
    from entropice.pipelines.kinds.pixels import counted_splits

    splits = counted_splits(tiles, images, grid, samples.splits, samples.ignored_edge_px, samples.seen_by, random_seed)
    require_positives(splits)
    return splits


def measure_distances(
    images: Samples, splits: DataFrame, losses: tuple[LossParameters, ...]
) -> Iterable[tuple[str, Half]]:
    """How far the pixels of every training tile lie from the edge of its label; of none where no loss needs it."""
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

    Nothing is trained on samples that have not been checked.
    """
    from entropice.pipelines.kinds.mask.job import mask_job

    return mask_job(images, splits, statistics, bands, samples, network, training, ratios, distances)

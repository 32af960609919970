"""Nodes of what is learned from: images in, samples that are split, measured and checked out."""

from typing import TYPE_CHECKING, Any

from entropice.imagery.split_rules import SplitRules
from entropice.pipelines.samples.parameters import StatisticsParameters
from entropice.types import DataFrame

if TYPE_CHECKING:
    from entropice.imagery.samples import Samples
else:
    Samples = Any


def split_tiles(tiles: DataFrame, images: Samples, grid: str, rules: SplitRules, random_seed: int) -> DataFrame:
    """The split and block of every tile, and how many pixels of it are positive."""
    import numpy as np

    from entropice.dggs import parse_grid
    from entropice.imagery.splits import split_tiles as split

    splits = split(tiles, parse_grid(grid), rules, random_seed)
    n_positive = [int(np.sum((sample.target != 0) & sample.scored)) for sample in map(images.read, splits["key"])]
    return splits.assign(n_positive=n_positive)


def measure_bands(
    images: Samples, splits: DataFrame, bands: list[str], statistics: StatisticsParameters
) -> dict[str, Any]:
    """Mean and standard deviation of every band over the training tiles."""
    from entropice.imagery.loading import of_bands
    from entropice.imagery.splits import TRAIN
    from entropice.imagery.statistics import measured, to_document

    keys = splits.loc[splits["split"] == TRAIN, "key"]
    found = measured(of_bands(images.read(key).image, bands) for key in keys)
    return to_document(found, statistics.dataset_version, statistics.computed_date)

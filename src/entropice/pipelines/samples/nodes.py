"""Nodes of what is learned from: images in, samples that are split, measured and checked out."""

from typing import TYPE_CHECKING, Any

from entropice.imagery.derived_band_rules import DerivedBandRules
from entropice.imagery.split_rules import SplitRules
from entropice.pipelines.samples.parameters import StatisticsParameters
from entropice.types import DataFrame

if TYPE_CHECKING:
    from entropice.imagery.samples import Sample, Samples
else:
    Sample = Samples = Any


def split_tiles(tiles: DataFrame, images: Samples, grid: str, rules: SplitRules, random_seed: int) -> DataFrame:
    """The split and block of every tile, and how many pixels of it are positive; one that shows nothing is unseen."""
    import numpy as np

    from entropice.dggs import parse_grid
    from entropice.imagery.splits import UNSEEN, require_positives
    from entropice.imagery.splits import split_tiles as split

    splits = split(tiles, parse_grid(grid), rules, random_seed)
    counts = [_counts(images.read(key)) for key in splits["key"]]
    n_scored, n_positive = np.array(counts, dtype=np.int64).T
    seen = np.where(n_scored > 0, splits["split"], UNSEEN)
    splits = splits.assign(split=seen, n_positive=n_positive)
    require_positives(splits)
    return splits


def _counts(sample: Sample) -> tuple[int, int]:
    """Pixels that count, and those of them that are positive."""
    counts = sample.scored & sample.image.valid.all(axis=-3)
    return int(counts.sum()), int((sample.target.astype(bool) & counts).sum())


def measure_bands(
    images: Samples,
    splits: DataFrame,
    bands: list[str],
    derivation: DerivedBandRules,
    statistics: StatisticsParameters,
) -> dict[str, Any]:
    """Mean and standard deviation of every band over the training tiles."""
    from entropice.imagery.loading import of_bands
    from entropice.imagery.splits import TRAIN
    from entropice.imagery.statistics import measured, to_document

    samples = map(images.read, splits.loc[splits["split"] == TRAIN, "key"])
    found = measured(of_bands(sample.image, bands, sample.place.pixel_m, derivation) for sample in samples)
    return to_document(found, statistics.dataset_version, statistics.computed_date)

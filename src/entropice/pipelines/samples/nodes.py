"""Nodes that are the same for masks, classes and changes: split samples are measured and checked."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from entropice.imagery.data_rules import DataRules
from entropice.imagery.derived_band_rules import DerivedBandRules
from entropice.pipelines.samples.parameters import StatisticsParameters
from entropice.types import DataFrame

if TYPE_CHECKING:
    from entropice.imagery.samples import Samples
else:
    Samples = Any


def measure_bands(
    images: Samples,
    splits: DataFrame,
    bands: list[str],
    derivation: DerivedBandRules,
    statistics: StatisticsParameters,
    random_seed: int,
) -> dict[str, Any]:
    """Mean and standard deviation of every band over the training tiles."""
    from entropice.imagery.loading import BandView
    from entropice.imagery.splits import TRAIN
    from entropice.imagery.statistics import band_statistics
    from entropice.imagery.statistics_document import to_document

    view = BandView(images, tuple(bands), derivation)
    keys = splits.loc[splits["split"] == TRAIN, "key"]
    measured = band_statistics(view, keys, statistics.share, random_seed)
    return to_document(measured, statistics.dataset_version, statistics.computed_date)


def check_samples(
    images: Samples,
    splits: DataFrame,
    statistics: dict[str, Any],
    bands: list[str],
    derivation: DerivedBandRules,
    measured: StatisticsParameters,
    checks: DataRules,
    sensors: dict[str, Sequence[str]],
) -> dict[str, Any]:
    """What a person would spot in the samples, looked for through their loader; nothing goes on where it is found."""
    from entropice.imagery.check_data import ExpectedData, check_data
    from entropice.imagery.findings import require_clean
    from entropice.imagery.loading import BandView
    from entropice.imagery.sample_record import ExpectedTarget

    first = images.read(images.keys[0])
    target = ExpectedTarget(first.target.shape, first.target.dtype.name, low=0, high=1)
    expected = ExpectedData(measured.dataset_version, target, checks, sensors)
    view = BandView(images, tuple(bands), derivation)
    findings = check_data(view, splits, expected, statistics)
    require_clean(findings)
    return {"n_tiles": len(splits), "findings": []}

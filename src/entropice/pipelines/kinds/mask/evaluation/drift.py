"""Whether test tiles are still like those that were learned from."""

from collections.abc import Mapping
from typing import Any

from entropice.imagery.drift import band_drift
from entropice.imagery.drift_rules import DriftRules
from entropice.imagery.histograms import BandHistograms, band_histograms, edges_of
from entropice.imagery.samples import Samples
from entropice.imagery.splits import TEST, TRAIN
from entropice.imagery.statistics import BandStatistics, band_statistics
from entropice.pipelines.kinds.mask.job import sample_view
from entropice.pipelines.kinds.mask.parameters import MaskSampleParameters
from entropice.types import DataFrame


def drift_of_test(
    images: Samples,
    splits: DataFrame,
    statistics: Mapping[str, Any],
    bands: list[str],
    samples: MaskSampleParameters,
    rules: DriftRules,
    random_seed: int,
) -> dict[str, Any]:
    """``bands`` as rows of `entropice.imagery.drift.band_drift`, and the names of those ``drifted``.

    Rows are ``band shift_sd sd_ratio psi has_drifted reasons``, (μ − μ₀) / σ₀, σ / σ₀ and the population stability
    index of known pixels of the test tiles beside those of training (μ₀, σ₀ of `statistics`). `splits` has the columns
    ``key split``; every tile of both is read.

    Raises
    ------
    InputFileError
        The statistics are of other images.
    SchemaError
        A band of the test tiles has no valid pixel, or one value only.
    """
    view = sample_view(images, statistics, bands, samples)
    keys = {split: list(splits.loc[splits["split"] == split, "key"]) for split in (TRAIN, TEST)}
    tested = band_statistics(view.samples, keys[TEST], share=1.0, seed=random_seed)
    trained_histograms, tested_histograms = (
        _histograms(view.samples, keys[split], view.statistics) for split in (TRAIN, TEST)
    )
    table = band_drift(tested, tested_histograms, view.statistics, trained_histograms, rules)
    return {"bands": table.to_dict("records"), "drifted": table.loc[table["has_drifted"], "band"].tolist()}


def _histograms(samples: Samples, keys: list[str], trained: BandStatistics) -> BandHistograms:
    return band_histograms((samples.read(key).image for key in keys), samples.bands, edges_of(trained))

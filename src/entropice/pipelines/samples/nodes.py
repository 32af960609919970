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
    """Mean and standard deviation of every band over the training tiles.

    Parameters
    ----------
    images
        Samples that are read when they are asked for.
    splits
        ``key split``: rows with ``train`` are measured, others are not read.
    bands, derivation
        What the network sees, and how bands are made that images lack.
    statistics
        Share of the training tiles that is read, those whose hash of seed and key is below it
        (`entropice.imagery.uniform_hash.uniform_of`), and the version that is written down.
    random_seed
        Of that hash.

    Returns
    -------
    dict
        The dataset ``statistics``: ``layout_version dataset_version computed_date n_tiles_used bands n_pixels_used rgb
        extra``; means and standard deviations (``rgb`` and ``extra`` have ``mean`` and ``std``, lists of red, green and
        blue and of all others) are those of known pixels, in the bands' units; the divisor is the number of pixels.

    Raises
    ------
    SchemaError
        No tile was drawn, or a band has no known pixel or one value only.
    ConfigError
        A band can neither be read nor derived.
    """
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
    """What a person would spot in the samples, looked for through their loader; nothing goes on where it is found.

    Parameters
    ----------
    images, splits
        Samples, and ``key split`` of them: training, validation and test are read, once each.
    statistics
        Of `measure_bands`.
    bands, derivation
        What the network sees, and how bands are made that images lack.
    measured, checks, sensors
        Version that the statistics must have, limits of what is usual, and which bands come together.

    Returns
    -------
    dict
        The dataset ``data_check``: ``n_tiles``, the number of rows of `splits`, and ``findings``, which is empty.

    Raises
    ------
    SchemaError
        Tells all that is wrong, with keys: statistics that do not fit, keys twice or of no image, equal or overlapping
        images in two splits, images of wrong shape or values, labels that lie beside what they outline, a split that is
        empty or whose share of positives is beyond the limits (`entropice.imagery.check_data.check_data`); a sample
        that cannot be read is among it.
    """
    from entropice.imagery.check_data import ExpectedData, check_data
    from entropice.imagery.findings import require_clean
    from entropice.imagery.loading import BandView
    from entropice.imagery.sample_record import ExpectedTarget

    # All targets must be like the first one, whose shape and type the kind has chosen.
    first = images.read(images.keys[0])
    target = ExpectedTarget(first.target.shape, first.target.dtype.name, low=0, high=1)
    expected = ExpectedData(measured.dataset_version, target, checks, sensors)
    view = BandView(images, tuple(bands), derivation)
    findings = check_data(view, splits, expected, statistics)
    require_clean(findings)
    return {"n_tiles": len(splits), "findings": []}

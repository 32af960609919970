"""Whether new images are still like those that a network learned from."""

from typing import Final

import numpy as np
import pandas as pd

from entropice.errors import SchemaError
from entropice.imagery.drift_rules import DriftRules
from entropice.imagery.histograms import BandHistograms, require_counted, require_same_bins
from entropice.imagery.statistics import BandStatistics, require_usable
from entropice.types import DataFrame, FloatArray, IntArray

N_GROUPS: Final = 10
"""Parts of equal share in training that the stability index compares, as is the custom."""


def band_drift(
    statistics: BandStatistics,
    histograms: BandHistograms,
    training_statistics: BandStatistics,
    training_histograms: BandHistograms,
    rules: DriftRules,
) -> DataFrame:
    """How far each band has drifted, and by which of the rules too far.

    Parameters
    ----------
    histograms, training_histograms
        With the same edges, those of the training statistics.

    Returns
    -------
    DataFrame
        ``band shift_sd sd_ratio psi has_drifted reasons``. ``shift_sd`` is (μ − μ₀) / σ₀, ``sd_ratio`` σ / σ₀ and
        ``psi`` the population stability index; ``reasons`` names those beyond their limits, with commas between, and is
        empty where none is.

    Raises
    ------
    SchemaError
        Bands or bins differ, statistics have a standard deviation that is not above 0, or a histogram counts nothing.

    Notes
    -----
    A measure that is exactly at its limit is not beyond it. The standard deviations' ratio is beyond where |log(σ /
    σ₀)| is above the logarithm of the limit. The index compares at most `N_GROUPS` (10) groups of bins with about equal
    shares in training, half a pixel added to each: a bin is of group min(⌊10 (b + n / 2) / N⌋, 9), n its pixels in
    training, b those of the bins below and N all.

    Examples
    --------
    >>> histograms = BandHistograms(("red",), np.array([[-1.0, 0.0, 1.0]]), np.array([[50, 50]]))
    >>> before = BandStatistics(("red",), 1, np.array([100]), np.array([0.0]), np.array([1.0]))
    >>> now = BandStatistics(("red",), 1, np.array([100]), np.array([0.5]), np.array([3.0]))
    >>> rules = DriftRules(max_shift_sd=1.0, max_sd_ratio=2.0, max_psi=0.25)
    >>> band_drift(now, histograms, before, histograms, rules).to_numpy().tolist()
    [['red', 0.5, 3.0, 0.0, True, 'sd_ratio']]
    """
    _check(statistics, histograms, training_statistics, training_histograms)
    measures = pd.DataFrame(
        {
            "shift_sd": (statistics.mean - training_statistics.mean) / training_statistics.std,
            "sd_ratio": statistics.std / training_statistics.std,
            "psi": [_psi(*counts) for counts in zip(histograms.n_pixels, training_histograms.n_pixels, strict=True)],
        }
    )
    is_beyond = pd.DataFrame(
        {
            "shift_sd": measures["shift_sd"].abs() > rules.max_shift_sd,
            # In logarithms, a spread that is halved is as far off as one that is doubled.
            "sd_ratio": np.abs(np.log(measures["sd_ratio"])) > np.log(rules.max_sd_ratio),
            "psi": measures["psi"] > rules.max_psi,
        }
    )
    reasons = [", ".join(is_beyond.columns[row]) for row in is_beyond.to_numpy()]
    return (
        measures.assign(has_drifted=is_beyond.any(axis=1), reasons=reasons)
        .set_axis(pd.Index(statistics.bands, name="band"))
        .reset_index()
    )


def stability_index(shares: FloatArray, training_shares: FloatArray) -> float:
    """Population stability index Σ (q − p) ln(q / p) of positive shares, the symmetrised Kullback–Leibler divergence.

    0 for equal shares; by custom below 0.1 is stable and above 0.25 has drifted. Both are (n_bin,) and sum to 1; a
    share of 0 gives no number (infinite or NaN), and numpy warns (RuntimeWarning).

    Examples
    --------
    >>> stability_index(np.array([0.5, 0.5]), np.array([0.5, 0.5]))
    0.0
    >>> round(stability_index(np.array([0.8, 0.2]), np.array([0.5, 0.5])), 4)
    0.4159
    """
    return float(np.sum((shares - training_shares) * np.log(shares / training_shares)))


def _psi(counts: IntArray, training_counts: IntArray) -> float:
    """Stability index over groups of bins that hold about the same share of the training's pixels."""
    # A bin is grouped by the middle of its pixels: one that holds several tenths leaves groups between them empty, in
    # training as in new images, and these add next to nothing.
    before = np.cumsum(training_counts) - training_counts / 2
    group = np.minimum(N_GROUPS * before // training_counts.sum(), N_GROUPS - 1).astype(np.int64)
    shares, training_shares = (_shares(_grouped(group, each)) for each in (counts, training_counts))
    return stability_index(shares, training_shares)


def _grouped(group: IntArray, counts: IntArray) -> IntArray:
    grouped = np.zeros(N_GROUPS, dtype=np.int64)
    np.add.at(grouped, group, counts)
    return grouped


def _shares(counts: IntArray) -> FloatArray:
    """Shares with half a pixel added to each group, so that none is 0."""
    shares: FloatArray = (counts + 0.5) / (counts + 0.5).sum()
    return shares


def _check(
    statistics: BandStatistics,
    histograms: BandHistograms,
    training_statistics: BandStatistics,
    training_histograms: BandHistograms,
) -> None:
    require_usable(training_statistics)
    require_usable(statistics)
    require_same_bins(training_histograms, histograms)
    bands = (statistics.bands, histograms.bands)
    if set(bands) != {training_statistics.bands}:
        raise SchemaError(
            "Drift is asked for of other bands than those of the training.",
            field="bands",
            got=bands,
            expected=training_statistics.bands,
            fix="read the images with the bands of the model",
        )
    for each in (training_histograms, histograms):
        require_counted(each)

"""Do forecast probabilities happen as often as they say?"""

from typing import Final

import numpy as np
import pandas as pd

from entropice.types import BoolArray, DataFrame, FloatArray

_Z_95: Final = 1.959963984540054


def reliability(probability: FloatArray, happened: BoolArray, n_bins: int = 10) -> DataFrame:
    """Mean forecast and observed frequency in bins of (nearly) equal count; their weighted means are the overall means.

    Parameters
    ----------
    probability
        Forecasts in 0..1, shape (n,), n ≥ 1, without NaN; ties stay in one bin, so that there may be fewer bins.
    happened
        Outcomes, shape (n,).
    n_bins
        At most so many; edges are quantiles of the forecasts, and one at an edge lies in the lower bin.

    Returns
    -------
    DataFrame
        ``forecast``, ``frequency``, ``n``, ``low_95``, ``high_95`` by rising forecast.

    Notes
    -----
    The interval is Wilson's (1927, doi 10.1080/01621459.1927.10502953) and takes cases as independent.

    Examples
    --------
    >>> bins = reliability(np.array([0.25, 0.25, 0.25, 0.25, 0.75]), np.array([False, False, False, True, True]), 2)
    >>> bins[["forecast", "frequency", "n"]].to_numpy().tolist()
    [[0.25, 0.25, 4.0], [0.75, 1.0, 1.0]]
    """
    inner = np.unique(np.quantile(probability, np.linspace(0, 1, n_bins + 1)[1:-1]))
    # A forecast at the edge of two bins lies in the lower one, as in the ECE of the score table and in scikit-learn.
    bins = np.searchsorted(inner, probability, side="left")
    grouped = pd.DataFrame({"forecast": probability, "frequency": happened.astype(float)}).groupby(bins)
    table = grouped.mean().assign(n=grouped.size())
    low, high = wilson_interval(table["frequency"].to_numpy(), table["n"].to_numpy(float))
    return table.assign(low_95=low, high_95=high).reset_index(drop=True)


def wilson_interval(frequency: FloatArray, n: FloatArray) -> tuple[FloatArray, FloatArray]:
    """The 95 % interval of a proportion, inside 0..1 and around ``frequency``; arrays of one shape, n above 0.

    All shares p with ``(f − p)² ≤ z² p (1 − p) / n``, z = 1.96 to more digits. Wilson (1927),
    doi:10.1080/01621459.1927.10502953. NaN stays NaN.

    Examples
    --------
    Of ten rows none, and five, have slumps:

    >>> low, high = wilson_interval(np.array([0.0, 0.5]), np.array([10.0, 10.0]))
    >>> low.round(4).tolist(), high.round(4).tolist()
    ([0.0, 0.2366], [0.2775, 0.7634])
    """
    # Wald's interval has length 0 where nothing was seen, which is where slumps are rare; this one does not.
    shrink = 1.0 / (1.0 + _Z_95**2 / n)
    centre = shrink * (frequency + _Z_95**2 / (2 * n))
    half = shrink * _Z_95 * np.sqrt(frequency * (1 - frequency) / n + _Z_95**2 / (4 * n**2))
    return np.clip(centre - half, 0.0, frequency), np.clip(centre + half, frequency, 1.0)

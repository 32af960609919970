"""How P(any) answers as what a set of features says goes from its lowest to its highest values.

Accumulated local effects (Apley & Zhu 2020, doi:10.1111/rssb.12377), of whole sets. The mean of predictions as one
feature moves and all others stand still asks the model about places that do not exist: the roughness of a plain with
the ruggedness of an alp. Here a set moves as one. Rows are cut into bins by the quantiles of its most typical feature,
and a row takes all values of the set from a row of the next bin, at the same rank in it; everything else remains its
own. So a row is only ever asked about the nearest step, with values that occur together. The mean change between two
bins, over the rows of both, is one step of the curve, and the curve is the sum of the steps:

    effect_k = Σ_{j<k} mean_{rows of bins j, j + 1} [p(set as in bin j + 1) − p(set as in bin j)] − its mean over rows.

What a set says together with others is credited to it only as far as it varies within a bin. An effect is what the
model would say; it causes nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import pandas as pd
from scipy.stats import t

from entropice.learning.doubts.spread import RANGE
from entropice.learning.drivers.stated_columns import without_rows
from entropice.learning.predictor import Predictor
from entropice.learning.samples import Samples
from entropice.types import DataFrame, FloatArray, IntArray

N_CURVES: Final = 6
N_BINS: Final = 10
MAX_ROWS: Final = 600
"""Of one curve, at equal steps of the order of its typical feature."""

COLUMNS: Final = {
    "feature": "str",
    "value": "float64",
    "effect": "float64",
    "low_90": "float64",
    "high_90": "float64",
    "n": "int64",
}


@dataclass(frozen=True)
class Steps:
    """The rows of one curve by rising value of its typical feature.

    Attributes
    ----------
    names
        Features that move together, the typical one first.
    rows
        (n,) numbers of the rows.
    bins
        (n,) ascending, from 0 without gaps.
    medians
        (n_bin,) median of the typical feature.
    """

    names: Sequence[str]
    rows: IntArray
    bins: IntArray
    medians: FloatArray

    @property
    def counts(self) -> IntArray:
        """Rows (n_bin,) in each bin."""
        return np.bincount(self.bins)


def response_curves(
    predictor: Predictor, members: Sequence[Predictor], samples: Samples, n_classes: int, drivers: DataFrame
) -> pd.DataFrame:
    """Curves of the clusters that are drivers, and of the most important others, six (`N_CURVES`) in all.

    Parameters
    ----------
    predictor, members
        What draws the map, and at least two refits of it to resampled blocks.
    samples
        Rows (n) on which the model is asked: those it was trained on.
    n_classes
        Of the predictor's probabilities.
    drivers
        As `table.global_drivers` returns them.

    Returns
    -------
    DataFrame
        Columns ``feature value effect low_90 high_90 n``, by curve and rising value. ``feature`` is the most typical
        one of the cluster, ``value`` its median in a bin of ``n`` rows, in its unit; ``effect`` is what P(any) is there
        beside its mean over the rows, with the 90 % range over members. Rows that do not know the typical feature are
        in no curve; one whose deciles are all alike has none. No rows where there is no curve.

    Notes
    -----
    ``effect_k = Σ_{j<k} mean_{rows of bins j, j + 1} [p(set as in bin j + 1) − p(set as in bin j)]`` − its mean over
    rows, p being P(any); a row takes the values of the set from a row of the next bin, at the same rank in it.
    Accumulated local effects: Apley and Zhu (2020), doi:10.1111/rssb.12377. The range is ± Student's quantile at 95 %
    times the standard deviation of the members' effects.
    """
    is_known = predictor.knows(samples)
    cut = [steps_of(names, samples, is_known) for names in leading_clusters(drivers)]
    curves = [each for each in cut if len(each.medians) > 1]
    if not curves:
        return without_rows(COLUMNS)
    asked = [moved(samples, each, step) for each in curves for step in (0, 1, -1)]
    together = replace(
        samples.rows(np.concatenate([rows for rows, _ in asked])),
        features=pd.DataFrame(np.concatenate([values for _, values in asked]), columns=samples.features.columns),
    )
    chances = np.array([1 - each.predict_proba(together, n_classes)[:, 0] for each in (predictor, *members)])
    ends = np.cumsum([3 * len(each.rows) for each in curves])
    told = [_curve(each, own) for each, own in zip(curves, np.split(chances, ends[:-1], axis=1), strict=True)]
    return pd.concat(told, ignore_index=True).astype(COLUMNS)


def leading_clusters(drivers: DataFrame) -> list[list[str]]:
    """Features of each cluster with a curve: discoveries first, then by rank; six (`N_CURVES`) at most.

    `drivers` has the columns ``level features is_discovery rank`` of `table.global_drivers`; names of features are
    separated by spaces.

    Examples
    --------
    >>> drivers = pd.DataFrame({"level": ["group", "cluster", "cluster"], "features": ["a b c", "a", "c b"]})
    >>> leading_clusters(drivers.assign(is_discovery=[True, False, True], rank=[1, 1, 2]))
    [['c', 'b'], ['a']]
    """
    clusters = drivers[drivers["level"] == "cluster"]
    order = clusters.sort_values(["is_discovery", "rank"], ascending=[False, True], kind="stable")
    return [names.split() for names in order["features"].head(N_CURVES)]


def steps_of(names: Sequence[str], samples: Samples, is_usable: "np.ndarray") -> Steps:
    """Cut the usable rows, marked (n,), that know the first of some features into bins of it, alike but for ties.

    At most ten bins (`N_BINS`) end at its deciles (the least value that so many tenths of the kept rows do not exceed),
    an end belonging to the bin below it; at most 600 rows (`MAX_ROWS`) are kept, at equal steps of their order. Without
    a usable row all parts are empty.

    Examples
    --------
    Ten rows with two values make two bins; the unknown one is in none.

    >>> features = pd.DataFrame({"rain": [1.0] * 5 + [4.0] * 5 + [np.nan]})
    >>> samples = Samples(features, np.zeros((11, 2)), np.zeros(11, np.uint64))
    >>> steps = steps_of(["rain"], samples, np.ones(11, dtype=bool))
    >>> steps.counts.tolist(), steps.medians.tolist()
    ([5, 5], [1.0, 4.0])
    """
    values = samples.features[names[0]].to_numpy(dtype=np.float64)
    rows = np.flatnonzero(is_usable & ~np.isnan(values))
    rows = rows[np.argsort(values[rows], kind="stable")]
    rows = rows[np.linspace(0, len(rows), min(len(rows), MAX_ROWS), endpoint=False).astype(np.int64)]
    chosen = values[rows]
    if len(rows) == 0:
        return Steps(names, rows, rows, chosen)
    edges = np.unique(np.quantile(chosen, np.arange(1, N_BINS) / N_BINS, method="inverted_cdf"))
    _, bins = np.unique(np.searchsorted(edges, chosen), return_inverse=True)
    return Steps(names, rows, bins, pd.Series(chosen).groupby(bins).median().to_numpy())


def moved(samples: Samples, steps: Steps, step: int) -> tuple[IntArray, FloatArray]:
    """Numbers of the rows (n,), and their features (n, n_feature), float64, with those of the set some bins further.

    Bins further down with a negative step, the rows' own values with 0; a row beyond the last bin keeps its own.
    Features of the set come from one row, that at the same rank in its bin (`donors`).

    Examples
    --------
    Rain is in the set, slope is not: the drier row is asked with the rain of the wetter.

    >>> features = pd.DataFrame({"rain": [1.0, 9.0], "slope": [5.0, 6.0]})
    >>> samples = Samples(features, np.zeros((2, 2)), np.zeros(2, np.uint64))
    >>> steps = Steps(["rain"], np.array([0, 1]), np.array([0, 1]), np.array([1.0, 9.0]))
    >>> moved(samples, steps, 1)[1].tolist()
    [[9.0, 5.0], [9.0, 6.0]]
    """
    values = samples.features.to_numpy(dtype=np.float64)
    changed = values[steps.rows]
    is_of_set = samples.features.columns.isin(list(steps.names))
    changed[:, is_of_set] = values[np.ix_(steps.rows[donors(steps.bins, step)], is_of_set)]
    return steps.rows, changed


def donors(bins: IntArray, step: int) -> IntArray:
    """Place (n,) at the same rank some bins further, of rows in ascending bins (n,); the own one beyond the last.

    Bins are numbered from 0 without gaps. Where bins differ in size, ranks are compared as shares of their bin.

    Examples
    --------
    >>> donors(np.array([0, 0, 1, 1]), 1).tolist(), donors(np.array([0, 0, 1, 1]), -1).tolist()
    ([2, 3, 2, 3], [0, 1, 0, 1])
    """
    counts = np.bincount(bins)
    starts = np.cumsum(counts) - counts
    places = np.arange(len(bins))
    further = bins + step
    exists = (further >= 0) & (further < len(counts))
    target = np.where(exists, further, bins)
    ranks = (places - starts[bins] + 0.5) / counts[bins]
    found: IntArray = starts[target] + (ranks * counts[target]).astype(np.int64)
    return found


def effects(chances: FloatArray, bins: IntArray) -> FloatArray:
    """Effects (n_predictor, n_bin) from chances (n_predictor, 3, n) of rows as they are, one bin up and one down.

    Rows lie in ascending bins (n,), from 0 without gaps. A step between two bins is the mean, over the rows of both, of
    what the upper bin's values add: up minus own of the lower bin's rows, own minus down of the upper one's. A curve is
    the sum of its steps, minus its mean over the rows. Apley and Zhu (2020), doi:10.1111/rssb.12377.

    Examples
    --------
    Two bins of one row; both say that going up adds 0.2.

    >>> effects(np.array([[[0.1, 0.3], [0.3, 0.3], [0.1, 0.1]]]), np.array([0, 1])).round(6).tolist()
    [[-0.1, 0.1]]
    """
    # A step is asked from both sides, upwards by the rows of the lower bin and downwards by those of the upper one:
    # with few rows a bin, twice as many answers for the same step.
    counts = np.bincount(bins)
    own, up, down = np.moveaxis(chances, 1, 0)
    starts = np.cumsum(counts) - counts
    rises = np.add.reduceat(up - own, starts, axis=1)[:, :-1] + np.add.reduceat(own - down, starts, axis=1)[:, 1:]
    steps = rises / (counts[:-1] + counts[1:])
    curves = np.concatenate([np.zeros((len(steps), 1)), np.cumsum(steps, axis=1)], axis=1)
    centred: FloatArray = curves - np.average(curves, axis=1, weights=counts)[:, None]
    return centred


def _curve(steps: Steps, chances: FloatArray) -> pd.DataFrame:
    """One curve from the chances (1 + n_member, 3 n) of the map's model and its members."""
    own, *others = effects(chances.reshape(len(chances), 3, -1), steps.bins)
    reach = t.ppf(RANGE, len(others) - 1) * np.std(others, axis=0, ddof=1)
    return pd.DataFrame(
        {
            "feature": steps.names[0],
            "value": steps.medians,
            "effect": own,
            "low_90": own - reach,
            "high_90": own + reach,
            "n": steps.counts,
        }
    )

"""Features that are judged together: all of a group, and clusters of features of a group that say the same."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
from scipy.cluster.hierarchy import fcluster, linkage
from scipy.spatial.distance import squareform

from entropice.learning.samples import Samples
from entropice.types import DataFrame, FloatArray, IntArray

Level = Literal["group", "cluster"]

LARGEST_DISTANCE: Final = 0.4
"""Clusters end where the mean of 1 − |rank correlation| between the features of two of them exceeds this."""

MAX_CLUSTERS: Final = 8
"""Of a group: a credit that is split among many clusters cannot be told from chance for any of them."""


@dataclass(frozen=True)
class FeatureSet:
    """Features of one group that are judged together.

    Attributes
    ----------
    level
        Whether they are the whole group or one cluster of it.
    group
        Name of the feature group.
    features
        Names, beginning with the most typical one.
    """

    level: Level
    group: str
    features: tuple[str, ...]


def feature_sets(samples: Samples, names: Sequence[str]) -> tuple[FeatureSet, ...]:
    """Every group of the named features, and its clusters; the exposure and constant features are in none.

    Group by group in the order of the names, the group itself before its clusters. A group of one feature has one
    cluster, which is the same. Clusters are those of `cluster_numbers`, by `rank_correlations` within the group over
    the rows (n).

    Examples
    --------
    Slope and relief rise together; the constant is no driver.

    >>> import pandas as pd
    >>> features = pd.DataFrame({"slope": [1.0, 2.0, 3.0], "relief": [4.0, 5.0, 9.0], "sea": 0.0})
    >>> samples = Samples(features, np.zeros((3, 2)), np.zeros(3, np.uint64), dict.fromkeys(features, "terrain"))
    >>> [(each.level, each.features) for each in feature_sets(samples, list(features))]
    [('group', ('slope', 'relief')), ('cluster', ('slope', 'relief'))]
    """
    varied = [name for name in names if name in samples.groups and samples.features[name].nunique() > 1]
    groups = dict.fromkeys(samples.groups[name] for name in varied)
    by_group = {group: [name for name in varied if samples.groups[name] == group] for group in groups}
    return tuple(
        FeatureSet(level, group, members)
        for group, inside in by_group.items()
        for level, members in _sets_of_group(samples.features[inside])
    )


def _sets_of_group(features: DataFrame) -> list[tuple[Level, tuple[str, ...]]]:
    names, likeness = np.array(features.columns, dtype=object), rank_correlations(features)
    clusters = cluster_numbers(likeness)
    members = (clusters == number for number in np.unique(clusters))
    return [
        ("group", typical_first(names, likeness)),
        *(("cluster", typical_first(names[inside], likeness[np.ix_(inside, inside)])) for inside in members),
    ]


def rank_correlations(features: DataFrame) -> FloatArray:
    """Sizes, 0 to 1, of the rank correlations (n_feature, n_feature) of features (n, n_feature) that vary.

    Spearman's; ties share their mean rank, and unknown values (NaN) get the median rank.

    Examples
    --------
    Falling says as much as rising.

    >>> import pandas as pd
    >>> features = pd.DataFrame({"relief": [1.0, 2.0, 9.0], "depth": [3.0, 2.0, 1.0]})
    >>> rank_correlations(features).round(6).tolist()
    [[1.0, 1.0], [1.0, 1.0]]
    """
    ranks = features.rank()
    sizes: FloatArray = np.abs(np.corrcoef(ranks.fillna(ranks.median()).to_numpy(), rowvar=False))
    return np.clip(np.atleast_2d(sizes), 0.0, 1.0)


def cluster_numbers(likeness: FloatArray) -> IntArray:
    """Number of the cluster (n_feature,), from 1, by average linkage of likeness (n_feature, n_feature) in 0 to 1.

    Two clusters are joined while the mean of 1 − likeness between their features is at most 0.4 (`LARGEST_DISTANCE`);
    and further, the nearest first, until there are at most eight (`MAX_CLUSTERS`). Likeness is symmetric, with 1 in its
    diagonal.

    Examples
    --------
    >>> likeness = np.array([[1.0, 0.9, 0.1], [0.9, 1.0, 0.2], [0.1, 0.2, 1.0]])
    >>> numbers = cluster_numbers(likeness)
    >>> bool(numbers[0] == numbers[1]), bool(numbers[0] == numbers[2])
    (True, False)
    """
    if len(likeness) == 1:
        return np.ones(1, dtype=np.int64)
    tree = linkage(squareform(1 - likeness, checks=False), "average")
    numbers = fcluster(tree, LARGEST_DISTANCE, "distance")
    return np.asarray(
        numbers if numbers.max() <= MAX_CLUSTERS else fcluster(tree, MAX_CLUSTERS, "maxclust"), dtype=np.int64
    )


def typical_first(names: "np.ndarray", likeness: FloatArray) -> tuple[str, ...]:
    """Names (n_feature,) by descending mean likeness (n_feature, n_feature) to the others; ties keep their order.

    Examples
    --------
    >>> likeness = np.array([[1.0, 0.5, 0.1], [0.5, 1.0, 0.6], [0.1, 0.6, 1.0]])
    >>> typical_first(np.array(["slope", "relief", "aspect"]), likeness)
    ('relief', 'aspect', 'slope')
    """
    return tuple(str(name) for name in names[np.argsort(-likeness.mean(axis=0), kind="stable")])

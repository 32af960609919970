"""Why: which features eSPA looks at in general, beside a null, and what puts each cell into its box."""

import numpy as np
import pandas as pd
from sklearn.base import clone

from entropice.espa import ESPAClassifier
from entropice.learning.training_table import KEYS
from entropice.progress import progress
from entropice.types import CellIds, FloatArray, IntArray

NULL_QUANTILE = 0.95


def global_drivers(
    model: ESPAClassifier,
    features: pd.DataFrame,
    class_codes: IntArray,
    blocks: CellIds,
    groups: dict[str, str],
    n_permutations: int,
    random_seed: int,
) -> pd.DataFrame:
    """Rank features by their eSPA weight, each beside the weight it gets when labels mean nothing within blocks.

    Parameters
    ----------
    model
        Fitted on `features` and `class_codes`.
    blocks
        (n,): labels are permuted within these, so the null keeps every block's own prevalence.
    groups
        Feature group by feature name.

    Returns
    -------
    DataFrame
        ``feature group weight null_q95 rank``, by rank; ``null_q95`` is the 95 % quantile over refits to permuted
        labels. A weight below it is no evidence of a driver: eSPA also weighs features that merely cluster well.
    """
    random = np.random.default_rng(random_seed)
    names = model.feature_names_in_.tolist()
    null_weights = [
        clone(model).fit(features[names], permute_within(class_codes, blocks, random)).feature_weights_
        for _ in progress(range(n_permutations), "null of the drivers")
    ]
    table = pd.DataFrame(
        {
            "feature": names,
            "group": [groups[name] for name in names],
            "weight": model.feature_weights_,
            "null_q95": np.quantile(null_weights, NULL_QUANTILE, axis=0),
        }
    ).sort_values("weight", ascending=False, kind="stable", ignore_index=True)
    return table.assign(rank=np.arange(1, len(names) + 1))


def permute_within(values: IntArray, blocks: CellIds, random: np.random.Generator) -> IntArray:
    """Shuffle values (n,) among the rows of the same block; each block keeps its own values."""
    permuted = np.empty_like(values)
    permuted[np.argsort(blocks, kind="stable")] = values[np.lexsort([random.random(len(values)), blocks])]
    return permuted


def margin_contributions(model: ESPAClassifier, features: pd.DataFrame) -> FloatArray:
    """Split the margin by which a row prefers its box to the nearest other box over the features, exactly.

    The contributions ``V_d [(x_d − s_other,d)² − (x_d − s_own,d)²]`` (n, n_feature), with V the model's metric over
    the squared feature scale, sum to the difference of the two distances. A missing value contributes 0. The model
    must have two boxes or more.
    """
    rows = np.arange(len(features))
    distances = model.distances(features)
    own = distances.argmin(axis=1)
    distances[rows, own] = np.inf
    other = distances.argmin(axis=1)
    values, centers = features.to_numpy(dtype=np.float64), model.box_centers_
    squares = (values - centers[other]) ** 2 - (values - centers[own]) ** 2
    metric: FloatArray = model.feature_metric_ / model.feature_scale_**2
    return np.where(np.isnan(squares), 0.0, metric * squares)


def cell_drivers(model: ESPAClassifier, frame: pd.DataFrame, n_top: int) -> pd.DataFrame:
    """List for each row of a feature frame the features that decide its box.

    Returns
    -------
    DataFrame
        ``cell_id year rank feature share``; ``share`` is the feature's part of the summed absolute contributions to
        the margin (`margin_contributions`), negative where it speaks for the other box. By descending size; features
        that contribute nothing are left out, so a row without known features, or a model with one box, has none.
    """
    feature_names = model.feature_names_in_.tolist()
    if len(model.box_centers_) < 2:
        contributions = np.zeros((len(frame), len(feature_names)))
    else:
        contributions = margin_contributions(model, frame[feature_names])
    totals = np.abs(contributions).sum(axis=1, keepdims=True)
    shares = np.divide(contributions, totals, out=np.zeros_like(contributions), where=totals > 0)
    top = np.argsort(-np.abs(shares), axis=1, kind="stable")[:, :n_top]
    n_ranks = top.shape[1]
    table = frame[KEYS].loc[frame.index.repeat(n_ranks)].reset_index(drop=True)
    table = table.assign(
        rank=np.tile(np.arange(1, n_ranks + 1), len(frame)),
        feature=np.array(feature_names, dtype=object)[top].ravel(),
        share=np.take_along_axis(shares, top, axis=1).ravel(),
    )
    return table[table["share"] != 0].reset_index(drop=True)

"""Why: which features a model looks at in general, beside a null, and what decides each cell."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from entropice.learning.exposure import EXPOSURE, EXPOSURE_GROUP
from entropice.learning.models import FittedModel, Model
from entropice.learning.predictor import Part
from entropice.learning.samples import Samples
from entropice.learning.training_table import KEYS
from entropice.progress import progress
from entropice.types import CellIds, FloatArray, IntArray

NULL_QUANTILE = 0.95


def global_drivers(
    model: Model,
    fitted: FittedModel,
    samples: Samples,
    class_codes: IntArray,
    n_permutations: int,
    random_seed: int,
) -> pd.DataFrame:
    """Rank features by their weight, each beside the weight it gets when labels mean nothing within blocks.

    Parameters
    ----------
    fitted
        Fitted to `samples` and `class_codes` (n,).
    samples
        Labels are permuted within its blocks, so the null keeps every block's own prevalence.

    Returns
    -------
    DataFrame
        ``feature group weight null_q95 rank``, by rank; ``null_q95`` is the 95 % quantile over refits to permuted
        labels. A weight below it is no evidence of a driver: eSPA, for one, also weighs features that merely cluster
        well. No rows where the model gives no weights.
    """
    if model.importances is None:
        return _ranked([], {}, np.empty(0), np.empty(0))
    random = np.random.default_rng(random_seed)
    null_weights = [
        model.importances.weights(
            model.importances.refit(fitted, samples, permute_within(class_codes, samples.blocks, random))
        )
        for _ in progress(range(n_permutations), "null of the drivers")
    ]
    null_q95 = np.quantile(null_weights, NULL_QUANTILE, axis=0)
    return _ranked(fitted.recipe.feature_names or (), samples.groups, model.importances.weights(fitted), null_q95)


def _ranked(names: Sequence[str], groups: Mapping[str, str], weights: FloatArray, null_q95: FloatArray) -> pd.DataFrame:
    table = pd.DataFrame(
        {
            "feature": pd.Series(names, dtype="str"),
            "group": pd.Series([groups.get(name, EXPOSURE_GROUP) for name in names], dtype="str"),
            "weight": weights,
            "null_q95": null_q95,
        }
    )
    table = table[table["feature"] != EXPOSURE].sort_values("weight", ascending=False, kind="stable", ignore_index=True)
    return table.assign(rank=np.arange(1, len(table) + 1))


def permute_within(values: IntArray, blocks: CellIds, random: np.random.Generator) -> IntArray:
    """Shuffle values (n,) among the rows of the same block; each block keeps its own values."""
    permuted = np.empty_like(values)
    permuted[np.argsort(blocks, kind="stable")] = values[np.lexsort([random.random(len(values)), blocks])]
    return permuted


def cell_drivers(part: Part, keys: pd.DataFrame, samples: Samples, n_top: int) -> pd.DataFrame:
    """List for each row of some samples, which ``cell_id year`` of `keys` name, the features that decide it.

    Returns
    -------
    DataFrame
        ``cell_id year rank feature share``; ``share`` is the feature's part of the summed absolute contributions to
        the decision (of eSPA: to the margin by which the row prefers its box), negative where it speaks against it. By
        descending size; features that contribute nothing are left out, so a row without known features has none, and
        no row has any where the model does not say.
    """
    is_driver = np.array([name != EXPOSURE for name in part.feature_names], dtype=bool)
    names = np.array(part.feature_names, dtype=object)[is_driver]
    if part.model.contributions is None:
        keys, samples = keys.iloc[:0], samples.where(np.zeros(len(keys), dtype=bool))
    shares = _shares(contributions(part, samples)[:, is_driver])
    top = np.argsort(-np.abs(shares), axis=1, kind="stable")[:, :n_top]
    n_ranks = top.shape[1]
    table = keys[KEYS].loc[keys.index.repeat(n_ranks)].reset_index(drop=True)
    table = table.assign(
        rank=np.tile(np.arange(1, n_ranks + 1), len(keys)),
        feature=pd.Series(names[top].ravel(), dtype="str"),
        share=np.take_along_axis(shares, top, axis=1).ravel(),
    )
    return table[table["share"] != 0].reset_index(drop=True)


def contributions(part: Part, samples: Samples) -> FloatArray:
    """What each feature of the whole model adds to the decision on each row (n, n_feature).

    The submodel that predicts the row says so; a feature that it does not see adds 0, and so do all of a row that no
    submodel predicts, or of a model that does not say.
    """
    found = np.zeros((len(samples.features), len(part.feature_names)))
    column_of = {name: column for column, name in enumerate(part.feature_names)}
    for unknown, is_here in samples.patterns():
        fitted = part.for_pattern(unknown)
        if fitted is not None and part.model.contributions is not None:
            columns = np.array([column_of[name] for name in fitted.recipe.feature_names or ()], dtype=np.int64)
            added = part.model.contributions(fitted, fitted.view(samples.where(is_here)))
            found[np.ix_(np.flatnonzero(is_here), columns)] = added
    return found


def _shares(contributed: FloatArray) -> FloatArray:
    """Contributions (n, n_feature) over the sum of their sizes; 0 where there are none."""
    totals = np.abs(contributed).sum(axis=1, keepdims=True)
    shares: FloatArray = np.divide(contributed, totals, out=np.zeros_like(contributed), where=totals > 0)
    return shares

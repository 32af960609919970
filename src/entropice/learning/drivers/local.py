"""What decides each cell: signed contributions of features by the part of the map's model that predicts it."""

from collections.abc import Iterable

import numpy as np
import pandas as pd

from entropice.learning.exposure import EXPOSURE
from entropice.learning.predictor import Part
from entropice.learning.samples import Samples
from entropice.learning.training_table import KEYS
from entropice.types import FloatArray


def cell_drivers(part: Part, keys: pd.DataFrame, samples: Samples, n_top: int) -> pd.DataFrame:
    """List for each row of some samples, which ``cell_id year`` of `keys` name, the features that decide it.

    Parameters
    ----------
    part
        The model, whose submodel for what is unknown of a row explains it.
    keys, samples
        (n), row by row; `keys` has any index without repetition.
    n_top
        Most features of a row.

    Returns
    -------
    DataFrame
        Columns ``cell_id year rank feature share contribution`` (the feature a category), up to `n_top` rows a row.
        ``contribution`` is what the feature adds to the log-odds of any slumps beside the mean training row, exactly;
        NaN for a model that says how a row gets its box instead. ``share`` is the feature's part of the summed absolute
        contributions to the decision (of eSPA: to the margin by which the row prefers its box), negative where it
        speaks against it. By descending size, of equal ones in the order of the model's features; features that
        contribute nothing are left out, so a row without known features has none, and no row has any where the model
        does not say.
    """
    is_driver = np.array([name != EXPOSURE for name in part.feature_names], dtype=bool)
    names = np.array(part.feature_names, dtype=object)[is_driver]
    # Millions of rows name a few hundred features: as numbers of names, and small ones, they take half the memory.
    called = pd.CategoricalDtype(sorted(names))
    if part.model.contributions is None:
        keys, samples = keys.iloc[:0], samples.where(np.zeros(len(keys), dtype=bool))
    contributed = contributions(part, samples)[:, is_driver]
    shares = _shares(contributed)
    top = np.argsort(-np.abs(shares), axis=1, kind="stable")[:, :n_top]
    n_ranks = top.shape[1]
    table = keys[KEYS].loc[keys.index.repeat(n_ranks)].reset_index(drop=True)
    table = table.assign(
        rank=np.tile(np.arange(1, n_ranks + 1, dtype=np.int16), len(keys)),
        feature=pd.Categorical(names[top].ravel(), dtype=called),
        share=np.take_along_axis(shares, top, axis=1).ravel(),
        contribution=np.take_along_axis(contributed, top, axis=1).ravel() if part.model.adds_log_odds else np.nan,
    )
    return table[table["share"] != 0].reset_index(drop=True)


def drivers_of_map(part: Part, blocks: Iterable[tuple[pd.DataFrame, Samples]], n_top: int) -> pd.DataFrame:
    """Rows and columns of `cell_drivers`, some cells at a time: each block is asked for when it is explained.

    A block is keys ``cell_id year`` and samples (n); there is one at least. Rows are indexed from 0.
    """
    return pd.concat([cell_drivers(part, keys, samples, n_top) for keys, samples in blocks], ignore_index=True)


def contributions(part: Part, samples: Samples) -> FloatArray:
    """What each feature of the whole model adds to the decision on each row (n, n_feature).

    Columns are in the order of its features. The submodel that predicts the row says so; a feature that it does not see
    adds 0, and so do all of a row that no submodel predicts, or of a model that does not say. The unit is the model's:
    log-odds where it adds these, of eSPA the margin in its own squared distance.
    """
    return np.concatenate([_contributions_of_piece(part, piece) for piece in samples.pieces()])


def _contributions_of_piece(part: Part, samples: Samples) -> FloatArray:
    found = np.zeros((len(samples.features), len(part.feature_names)))
    column_of = {name: column for column, name in enumerate(part.feature_names)}
    for unknown, is_here in samples.patterns():
        fitted = part.for_pattern(unknown)
        # Asked of the fit that draws the row: the whole model would explain a prediction that the map does not show.
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
